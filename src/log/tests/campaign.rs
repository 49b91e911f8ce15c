//! The crash campaign: random work, a fault at a random sync, restart (often with another fault while
//! recovering), and then everything that the log promised is checked.

use super::disk::{Disk, Fault};
use super::{Dice, event, open_sabotaged};
use crate::log::{AppendError, Expect, Log, OpenError, Outcome, Prepared, Sabotage, Unit};

/// Crashes in one run of `cargo test`, unless `GUANXI_CRASHES` says otherwise.
const CRASHES_DEFAULT: u64 = 300;

/// What is put wrong on purpose.
#[derive(Debug, Clone, Copy)]
enum Mistake {
    None,
    InTheWriter(Sabotage),
    SyncSkipped,
}

/// An event that was acknowledged, and where.
struct Acknowledged {
    event: Prepared,
    position: u64,
}

struct Case {
    dice: Dice,
    disk: Disk,
    mistake: Mistake,
    acknowledged: Vec<Acknowledged>,
    /// Submitted, fate unknown to the submitter.
    open: Vec<Prepared>,
    next_id: u64,
}

impl Case {
    fn new(seed: u64, image: &[u8], mistake: Mistake) -> Self {
        let disk = Disk::with_bytes(image.to_vec());
        if matches!(mistake, Mistake::SyncSkipped) {
            disk.lie();
        }
        Self { dice: Dice(seed), disk, mistake, acknowledged: Vec::new(), open: Vec::new(), next_id: 0 }
    }

    fn sabotage(&self) -> Sabotage {
        match self.mistake {
            Mistake::InTheWriter(sabotage) => sabotage,
            Mistake::None | Mistake::SyncSkipped => Sabotage::None,
        }
    }

    fn run(mut self) -> Result<(), String> {
        let log =
            open_sabotaged(self.disk.storage(), self.sabotage()).map_err(|e| format!("opening: {e}"))?;
        let fault = match self.dice.below(10) {
            0 => Fault::FailedNotPersisted,
            1 => Fault::FailedPersisted,
            _ => Fault::PowerLoss,
        };
        self.disk.plan(self.dice.below(16), fault, self.dice.roll());
        self.work(&log);
        drop(log);
        if !self.disk.is_dead() {
            self.disk.cut_power(self.dice.roll());
        }
        let log = self.restart()?;
        self.check(&log)
    }

    fn work(&mut self, log: &Log) {
        for _ in 0..=self.dice.below(8) {
            let mut waiting = Vec::new();
            for _ in 0..=self.dice.below(3) {
                let events = self.submission();
                if let Ok(ticket) = log.submit(events.clone(), Unit::Whole) {
                    waiting.push((events, ticket));
                }
            }
            for (events, ticket) in waiting {
                match ticket.wait() {
                    Ok(outcomes) => self.acknowledge(events, &outcomes),
                    Err(AppendError::NotRecorded(_) | AppendError::Unknown(_) | AppendError::Stopped(_)) => {
                        self.open.extend(events);
                    }
                    Err(other) => panic!("unexpected answer: {other}"),
                }
            }
        }
    }

    fn submission(&mut self) -> Vec<Prepared> {
        let mut events = Vec::new();
        for _ in 0..=self.dice.below(12) {
            let account = format!("account-{}", self.dice.below(5));
            let repeat = self.dice.chance(10).then(|| self.acknowledged.last()).flatten();
            events.push(if let Some(known) = repeat {
                known.event.clone()
            } else {
                self.next_id += 1;
                let content = self.dice.roll();
                self.made(&account, content)
            });
        }
        events
    }

    fn made(&self, account: &str, content: u64) -> Prepared {
        let known = |event: &Prepared| event.heading.account.as_str() == account;
        let seen = self.acknowledged.iter().any(|known_event| known(&known_event.event));
        let mut made = event(account, &format!("e{}", self.next_id), content, Expect::Present);
        if !seen {
            // Whether the account exists is open while submissions wait: expect nothing in particular.
            made.heading.account =
                guanxi_projections::id::AccountId::new(format!("fresh-{}", self.next_id)).unwrap();
            made.expect = Expect::Absent;
        }
        made
    }

    fn acknowledge(&mut self, events: Vec<Prepared>, outcomes: &[Outcome]) {
        for (event, outcome) in events.into_iter().zip(outcomes) {
            let position = match outcome {
                Outcome::Recorded { position, .. } | Outcome::Duplicate { position } => position.0,
                Outcome::Refused(refusal) => panic!("refused: {refusal}"),
            };
            self.acknowledged.push(Acknowledged { event, position });
        }
    }

    /// Starts again after the power came back; sometimes it fails again while recovering.
    fn restart(&mut self) -> Result<Log, String> {
        loop {
            let bytes = self.disk.bytes_after_restart();
            self.disk = Disk::with_bytes(bytes);
            if self.dice.chance(40) {
                self.disk.plan(self.dice.below(4), Fault::PowerLoss, self.dice.roll());
            }
            let opened = open_sabotaged(self.disk.storage(), Sabotage::None);
            match opened {
                Ok(log) if !self.disk.is_dead() => {
                    self.disk.forget_plan();
                    return Ok(log);
                }
                Ok(_) => {}
                Err(OpenError::Store(_)) if self.disk.is_dead() => {}
                Err(error) => return Err(format!("opening after the crash: {error}")),
            }
        }
    }

    fn check(&mut self, log: &Log) -> Result<(), String> {
        if log.index_rebuilt() {
            return Err("the index on disk did not match the records".to_owned());
        }
        self.check_acknowledged(log)?;
        // What was left open is submitted again: recorded now, or recognised.
        for event in std::mem::take(&mut self.open) {
            log.append(vec![event], Unit::Whole).map_err(|error| format!("submitting again: {error}"))?;
        }
        let before = log.head().count;
        for known in &self.acknowledged {
            match log.append(vec![known.event.clone()], Unit::Whole).as_deref() {
                Ok([Outcome::Duplicate { position }]) if position.0 == known.position => {}
                other => return Err(format!("position {}: not recognised: {other:?}", known.position)),
            }
        }
        if log.head().count != before {
            return Err("a duplicate was recorded".to_owned());
        }
        let verified = log.verify(|_| ()).map_err(|error| format!("verifying: {error}"))?;
        if verified.root == log.head().root { Ok(()) } else { Err("the roots differ".to_owned()) }
    }

    fn check_acknowledged(&self, log: &Log) -> Result<(), String> {
        log.verify(|_| ()).map_err(|error| format!("verifying: {error}"))?;
        for known in &self.acknowledged {
            let stored = log
                .record(guanxi_projections::position::Position(known.position))
                .map_err(|error| error.to_string())?
                .ok_or_else(|| format!("position {}: acknowledged and lost", known.position))?;
            if stored.digest != known.event.digest {
                return Err(format!("position {}: holds something else", known.position));
            }
        }
        Ok(())
    }
}

/// Runs cases until one fails.
fn campaign(seeds: std::ops::Range<u64>, mistake: Mistake) -> Result<(), String> {
    let image = super::fresh_disk().bytes_after_restart();
    for seed in seeds {
        Case::new(seed, &image, mistake).run().map_err(|finding| format!("seed {seed}: {finding}"))?;
    }
    Ok(())
}

fn crashes() -> u64 {
    std::env::var("GUANXI_CRASHES").ok().and_then(|n| n.parse().ok()).unwrap_or(CRASHES_DEFAULT)
}

#[test]
fn what_was_acknowledged_survives_every_crash() {
    campaign(0..crashes(), Mistake::None).unwrap();
}

#[track_caller]
fn is_found(mistake: Mistake) {
    let finding = campaign(0..2_000, mistake);
    assert!(finding.is_err(), "{mistake:?} went unnoticed");
}

#[test]
fn an_early_acknowledgement_is_found() {
    is_found(Mistake::InTheWriter(Sabotage::AcknowledgeEarly));
}

#[test]
fn a_skipped_sync_is_found() {
    is_found(Mistake::SyncSkipped);
}

#[test]
fn a_watermark_ahead_of_its_data_is_found() {
    is_found(Mistake::InTheWriter(Sabotage::WatermarkAhead));
}

#[test]
fn a_lost_segment_is_found() {
    is_found(Mistake::InTheWriter(Sabotage::SegmentLost));
}
