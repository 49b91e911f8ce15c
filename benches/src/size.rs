//! How many bytes importing writes, and how many it keeps.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::bare::Bare;
use crate::contest::IMPORT_BATCH;
use crate::counted::{self, Count};
use crate::events::Events;
use crate::ledger_log;
use crate::report::{Row, Target};
use crate::timing::fresh;

/// Events of the one import whose bytes are counted.
const COUNTED_EVENTS: usize = 200_000;

/// What one import writes and keeps, against the bytes of its records alone: frames, without digests.
pub fn measure(folder: &Path) -> Vec<Row> {
    let mut written =
        Row::new("bytes written, 1 000 at a time", "bytes of records", "MB", Target::AtMost(1.8));
    let mut kept = Row::new("file without growth slack", "bytes of records", "MB", Target::AtMost(1.4));
    fresh(folder, |folder| {
        let mut events = Events::new(2);
        let count = Arc::new(Count::default());
        let log = ledger_log::create_in(counted::storage(folder.join("log.redb"), &count));
        ledger_log::import(&log, &events.openings(), IMPORT_BATCH);
        let before = count.bytes.load(Ordering::Relaxed);
        for _ in 0..COUNTED_EVENTS / 20_000 {
            ledger_log::import(&log, &events.take(20_000), IMPORT_BATCH);
        }
        let bytes = count.bytes.load(Ordering::Relaxed) - before;
        let mut records = 0;
        ledger_log::scan(&log, |record| records += record.frame.len());
        drop(log);
        let megabytes = |bytes: f64| bytes / 1e6;
        written.add(megabytes(bytes as f64), megabytes(records as f64));
        let bare = Bare::open(folder, "log.redb");
        kept.add(megabytes(bare.bytes_in_use() as f64), megabytes(records as f64));
    });
    vec![written, kept]
}
