//! Tests of the log: against a plain vector, and against a disk that loses, tears and reorders what was not
//! synced.

mod campaign;
mod damage;
mod disk;
mod faults;
mod model;
mod restore;

use std::borrow::Cow;
use std::sync::Arc;

use guanxi_projections::envelope::Heading;
use guanxi_projections::id::{AccountId, Actor, EventId, Source};
use guanxi_projections::time::{Precision, Timestamp, Zone};

use super::{ClockCheck, EncodedBody, Expect, Log, Prepared, Sabotage, Storage};
use crate::clock::FixedClock;
use disk::Disk;

/// A small random number generator (splitmix64): the same seed gives the same run on every machine.
#[derive(Debug, Clone)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

fn noon() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(noon()))
}

/// An event of a type that no program knows: the log does not look inside.
fn event(account: &str, id: &str, content: u64, expect: Expect) -> Prepared {
    let mut digest = [0; 16];
    digest[..8].copy_from_slice(&content.to_be_bytes());
    Prepared {
        heading: Heading {
            source: Source::new("test").unwrap(),
            id: EventId::new(id).unwrap(),
            account: AccountId::new(account).unwrap(),
            occurred_at: noon(),
            precision: Precision::Instant,
            correlation: None,
            causation: None,
            source_recorded_at: None,
        },
        actor: Actor::new("tester").unwrap(),
        body: EncodedBody { event_type: Cow::Borrowed("test.made"), version: 1, bytes: body(content) },
        digest,
        expect,
    }
}

/// `MessagePack` of `{"content": n}`, with some weight.
fn body(content: u64) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Body {
        content: u64,
        weight: String,
    }
    let weight = "关系".repeat(usize::try_from(content % 40).unwrap());
    rmp_serde::to_vec_named(&Body { content, weight }).unwrap()
}

/// A disk with an empty log on it.
fn fresh_disk() -> Disk {
    let disk = Disk::default();
    Log::create(&disk.storage(), noon(), Zone::default(), [7; 32]).unwrap();
    disk
}

fn open(storage: Storage) -> Log {
    Log::open(storage, clock(), ClockCheck::FirstAppend).unwrap()
}

fn open_sabotaged(storage: Storage, sabotage: Sabotage) -> Result<Log, super::OpenError> {
    let store = super::Store::open(&storage)?;
    let mut log = Log::with_store(storage, store)?;
    log.start(clock(), ClockCheck::FirstAppend, sabotage)?;
    Ok(log)
}
