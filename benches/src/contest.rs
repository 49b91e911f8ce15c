//! The comparisons in which every contestant records the same events.
//!
//! A disk and a machine that others use change from one second to the next, so contestants take turns in slices of
//! some hundredths of a second, each slice is compared with its neighbours alone, and the median of those ratios
//! counts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use guanxi::log::Log;

use crate::bare::Bare;
use crate::events::{Draft, Events};
use crate::report::{Row, Target, median};
use crate::timing::{WRITERS, concurrent, fresh, seconds, slices};
use crate::{ledger_log, raw, sqlite};

/// Events imported at a time.
pub const IMPORT_BATCH: usize = 1_000;
/// Events that a contestant holds before many writers append to it: nobody's ledger is empty for long.
const FILLED_EVENTS: usize = 100_000;
/// Events of a turn of many writers, and turns in a round; one more turn before them warms up.
const CONCURRENT_SLICE: usize = 20 * WRITERS;
const CONCURRENT_SLICES: usize = 20;
/// Events that one writer appends in a round, and before that, to warm up.
const SINGLE_EVENTS: usize = 500;
const SINGLE_WARM_UP: usize = 50;
/// Events of a turn of importing, and turns in a round; one more turn before them warms up.
const IMPORT_SLICE: usize = 20 * IMPORT_BATCH;
const IMPORT_SLICES: usize = 5;

/// The same events for every contestant, as drafts and as the bytes that the log makes of them.
#[derive(Debug)]
pub struct Contest {
    folder: PathBuf,
    openings: Vec<Draft>,
    drafts: Arc<Vec<Draft>>,
    values: Arc<Vec<Vec<u8>>>,
}

impl Contest {
    /// Makes the events; rounds will be held in folders under `folder`.
    pub fn new(folder: &Path) -> Self {
        let mut events = Events::new(1);
        let openings = events.openings();
        let drafts = events.take(FILLED_EVENTS + (CONCURRENT_SLICES + 1) * CONCURRENT_SLICE);
        let values = fresh(folder, |fresh| {
            let log = ledger_log::create(fresh);
            ledger_log::import(&log, &openings, IMPORT_BATCH);
            ledger_log::import(&log, &drafts, IMPORT_BATCH);
            ledger_log::values(&log, openings.len() as u64)
        });
        Self { folder: folder.to_owned(), openings, drafts: Arc::new(drafts), values: Arc::new(values) }
    }

    /// How long a stored value is on average.
    pub fn mean_bytes(&self) -> f64 {
        self.values.iter().map(Vec::len).sum::<usize>() as f64 / self.values.len() as f64
    }

    fn log(&self, folder: &Path) -> Log {
        std::fs::create_dir_all(folder).unwrap();
        let log = ledger_log::create(folder);
        ledger_log::import(&log, &self.openings, IMPORT_BATCH);
        log
    }

    /// One event per submission, many submitters.
    pub fn append(&self, rounds: usize) -> Vec<Row> {
        let what = "durable append, 64 writers";
        let mut raw_row = Row::new(what, "file + fdatasync", "events/s", Target::AtLeast(0.45));
        let mut sqlite_row = Row::new(what, "SQLite WAL, FULL", "events/s", Target::AtLeast(1.2));
        for _ in 0..rounds {
            fresh(&self.folder, |folder| {
                let log = self.log(folder);
                ledger_log::import(&log, &self.drafts[..FILLED_EVENTS], IMPORT_BATCH);
                let raw = raw::start(folder, FILLED_EVENTS, Arc::clone(&self.values));
                let (drafts, values) = (Arc::clone(&self.drafts), Arc::clone(&self.values));
                let sqlite = sqlite::start(folder, FILLED_EVENTS, drafts, values);
                for (turn, slice) in
                    slices(FILLED_EVENTS, CONCURRENT_SLICE, CONCURRENT_SLICES + 1).enumerate()
                {
                    let ours =
                        concurrent(&slice, |item| ledger_log::append(&log, self.drafts[item].prepare()));
                    let theirs = concurrent(&slice, |item| raw.append(item));
                    let sqlites = concurrent(&slice, |item| sqlite.append(item));
                    if turn > 0 {
                        raw_row.add(ours, theirs);
                        sqlite_row.add(ours, sqlites);
                    }
                }
            });
        }
        vec![raw_row, sqlite_row]
    }

    /// One event at a time, one submitter; the contestants take turns at every event.
    pub fn acknowledge(&self, rounds: usize) -> Vec<Row> {
        let mut row = Row::new("single event, ack p50", "append + fdatasync p50", "ms", Target::AtMost(2.5));
        for _ in 0..rounds {
            fresh(&self.folder, |folder| {
                let log = self.log(folder);
                let mut file = raw::create(folder);
                let (mut ours, mut theirs) = (Vec::new(), Vec::new());
                for item in 0..SINGLE_WARM_UP + SINGLE_EVENTS {
                    ours.push(seconds(|| ledger_log::append(&log, self.drafts[item].prepare())));
                    theirs.push(seconds(|| raw::append(&mut file, &self.values[item])));
                }
                row.add(median(&ours[SINGLE_WARM_UP..]) * 1e3, median(&theirs[SINGLE_WARM_UP..]) * 1e3);
            });
        }
        vec![row]
    }

    /// Batches of a thousand, with the events encoded inside the time and before it.
    pub fn import(&self, rounds: usize) -> Vec<Row> {
        let row = |what| Row::new(what, "bare redb, no index", "events/s", Target::AtLeast(0.7));
        let mut whole = row("import, 1 000 at a time");
        let mut prepared = row("import, events encoded before");
        let rate = |seconds: f64| IMPORT_SLICE as f64 / seconds;
        for _ in 0..rounds {
            fresh(&self.folder, |folder| {
                let (log, ready_log) = (self.log(folder), self.log(&folder.join("ready")));
                let bare = Bare::open(folder, "bare");
                for (turn, slice) in slices(0, IMPORT_SLICE, IMPORT_SLICES + 1).enumerate() {
                    let drafts = &self.drafts[slice.clone()];
                    let ours = seconds(|| ledger_log::import(&log, drafts, IMPORT_BATCH));
                    let theirs = seconds(|| bare.insert_all(&self.values, slice, IMPORT_BATCH));
                    let prepare = |drafts: &[Draft]| drafts.iter().map(Draft::prepare).collect();
                    let batches = drafts.chunks(IMPORT_BATCH).map(prepare).collect();
                    let ready = seconds(|| ledger_log::import_prepared(&ready_log, batches));
                    if turn > 0 {
                        whole.add(rate(ours), rate(theirs));
                        prepared.add(rate(ready), rate(theirs));
                    }
                }
            });
        }
        vec![whole, prepared]
    }
}
