//! The contestant: the ledger's log, through its public face.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use guanxi::clock::{Clock as _, SystemClock};
use guanxi::log::{ClockCheck, Log, Outcome, Prepared, ReadError, Storage, Ticket, Unit};
use guanxi_projections::position::Position;
use guanxi_projections::time::Zone;

use crate::events::Draft;

/// Submissions under way at once when importing.
const PIPELINE: usize = 2;

/// A new log in the folder.
pub fn create(folder: &Path) -> Log {
    create_in(Storage::File(folder.join("log.redb")))
}

/// A new log in a storage.
pub fn create_in(storage: Storage) -> Log {
    Log::create(&storage, SystemClock.now(), Zone::default(), [7; 32]).unwrap();
    Log::open(storage, Arc::new(SystemClock), ClockCheck::FirstAppend).unwrap()
}

/// The log in the folder, for reading.
pub fn open(folder: &Path) -> Log {
    Log::open_read_only(Storage::File(folder.join("log.redb"))).unwrap()
}

/// Appends one event as a submission of its own.
pub fn append(log: &Log, event: Prepared) {
    check(&log.append(vec![event], Unit::Each).unwrap());
}

/// Imports as the command does: batches are prepared on this thread while the writer commits earlier ones.
pub fn import(log: &Log, drafts: &[Draft], batch: usize) {
    let prepare = |drafts: &[Draft]| drafts.iter().map(Draft::prepare).collect();
    pipeline(log, drafts.chunks(batch).map(prepare));
}

/// Imports batches that are ready.
pub fn import_prepared(log: &Log, batches: Vec<Vec<Prepared>>) {
    pipeline(log, batches.into_iter());
}

/// Imports batches as they come.
pub fn pipeline(log: &Log, batches: impl Iterator<Item = Vec<Prepared>>) {
    let mut under_way: VecDeque<Ticket> = VecDeque::new();
    for batch in batches {
        if under_way.len() == PIPELINE {
            check(&under_way.pop_front().unwrap().wait().unwrap());
        }
        under_way.push_back(log.submit(batch, Unit::Each).unwrap());
    }
    for ticket in under_way {
        check(&ticket.wait().unwrap());
    }
}

fn check(outcomes: &[Outcome]) {
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Recorded { .. })));
}

/// Every value from a position on, as long as it is stored: digest, four bytes for its checksum, frame.
pub fn values(log: &Log, from: u64) -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    log.scan::<ReadError>(Position(from), |record| {
        values.push([record.digest.as_slice(), &[0; 4], &record.frame].concat());
        Ok(())
    })
    .unwrap();
    values
}

/// Reads every record; and hands each to `visit`. Gives how many there are.
pub fn scan(log: &Log, mut visit: impl FnMut(&guanxi::log::StoredRecord)) -> u64 {
    let mut count = 0;
    log.scan::<ReadError>(Position(0), |record| {
        visit(&record);
        count += 1;
        Ok(())
    })
    .unwrap();
    count
}
