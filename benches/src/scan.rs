//! How fast everything is read.

use std::path::Path;

use crate::bare::Bare;
use crate::contest::IMPORT_BATCH;
use crate::events::Events;
use crate::ledger_log;
use crate::report::{Row, Target};
use crate::timing::{fresh, seconds};

/// Reading everything, on one thread.
pub fn measure(folder: &Path, rounds: usize, events: usize) -> Vec<Row> {
    let row = |what| Row::new(what, "bare redb scan", "events/s", Target::Told);
    let (mut plain, mut decoded) = (row("scan of all records"), row("scan and decode"));
    fresh(folder, |folder| {
        let mut source = Events::new(3);
        let log = ledger_log::create(folder);
        ledger_log::import(&log, &source.openings(), IMPORT_BATCH);
        for done in (0..events).step_by(50_000) {
            ledger_log::import(&log, &source.take((events - done).min(50_000)), 10_000);
        }
        drop(log);
        for _ in 0..rounds {
            let mut count = 0;
            let bare = Bare::open(folder, "log.redb");
            let yardstick = seconds(|| count = bare.scan().0);
            drop(bare);
            let log = ledger_log::open(folder);
            let ours = seconds(|| {
                ledger_log::scan(&log, |_| ());
            });
            let ours_decoded = seconds(|| {
                ledger_log::scan(&log, |record| drop(record.decode().unwrap()));
            });
            let rate = |seconds: f64| count as f64 / seconds;
            plain.add(rate(ours), rate(yardstick));
            decoded.add(rate(ours_decoded), rate(yardstick));
        }
    });
    vec![plain, decoded]
}
