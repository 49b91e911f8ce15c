//! Damage to the file: a clear error, or proof that nothing of the log is affected.

use std::panic::{AssertUnwindSafe, catch_unwind};

use guanxi_projections::position::Position;

use super::disk::Disk;
use super::{Dice, clock, event, fresh_disk, open};
use crate::log::{ClockCheck, Expect, Log, Unit};

/// Bit flips in one run of `cargo test`, unless `GUANXI_FLIPS` says otherwise.
const FLIPS_DEFAULT: u64 = 150;

fn filled() -> (Vec<u8>, Vec<Vec<u8>>) {
    let disk = fresh_disk();
    let log = open(disk.storage());
    for n in 0..60_u64 {
        let account = format!("account-{}", n % 4);
        let expect = if n < 4 { Expect::Absent } else { Expect::Present };
        log.append(vec![event(&account, &format!("e{n}"), n, expect)], Unit::Whole).unwrap();
    }
    let frames = log.records(Position(0), 60).unwrap().into_iter().map(|record| record.frame).collect();
    drop(log);
    (disk.bytes_after_restart(), frames)
}

/// Opens and verifies; `Ok` only if every record is as it was.
fn inspect(bytes: Vec<u8>, frames: &[Vec<u8>]) -> Result<(), String> {
    let disk = Disk::with_bytes(bytes);
    let log = Log::open(disk.storage(), clock(), ClockCheck::FirstAppend).map_err(|e| e.to_string())?;
    log.verify(|_| ()).map_err(|error| error.to_string())?;
    let found: Vec<_> =
        log.records(Position(0), 100).map_err(|e| e.to_string())?.into_iter().map(|r| r.frame).collect();
    assert_eq!(found, frames, "silently another log");
    Ok(())
}

#[test]
fn a_flipped_bit_is_an_error_or_has_no_effect() {
    let (bytes, frames) = filled();
    let flips = std::env::var("GUANXI_FLIPS").ok().and_then(|n| n.parse().ok()).unwrap_or(FLIPS_DEFAULT);
    let mut dice = Dice(11);
    let mut noticed = 0;
    for flip in 0..flips {
        let mut damaged = bytes.clone();
        let at = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
        let bit = dice.below(8);
        damaged[at] ^= 1 << bit;
        let answer = catch_unwind(AssertUnwindSafe(|| inspect(damaged, &frames)));
        let answer =
            answer.unwrap_or_else(|_| panic!("flip {flip}: byte {at}, bit {bit}: a panic or another log"));
        noticed += u32::from(answer.is_err());
    }
    assert!(noticed > 0);
}

#[test]
fn a_truncated_file_is_an_error() {
    let (bytes, frames) = filled();
    for parts in 0..16 {
        let cut = bytes[..bytes.len() * parts / 16].to_vec();
        let answer = catch_unwind(AssertUnwindSafe(|| inspect(cut, &frames)));
        let answer = answer.unwrap_or_else(|_| panic!("cut to {parts}/16: a panic"));
        assert!(answer.is_err(), "cut to {parts}/16: unnoticed");
    }
}
