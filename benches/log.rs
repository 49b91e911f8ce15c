//! How fast the log is, as ratios to yardsticks measured in the same run: see `README.md`.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Barrier};
use std::time::Instant;

use guanxi::log::Log;
use guanxi_benches::bare::Bare;
use guanxi_benches::counted::{self, Count};
use guanxi_benches::events::{Draft, Events};
use guanxi_benches::report::{Row, Target, median, print};
use guanxi_benches::{ledger_log, machine, raw, sqlite};

/// Threads that each submit one event, wait for it, and submit the next.
const WRITERS: usize = 64;
/// Events that a contestant holds before many writers append to it: nobody's ledger is empty for long.
const FILLED_EVENTS: usize = 100_000;
/// Events per contestant and round that many writers append, and before that, to warm up.
const CONCURRENT_EVENTS: usize = 12_800;
const CONCURRENT_WARM_UP: usize = 1_280;
/// Events per contestant and round that one writer appends, and before that, to warm up.
const SINGLE_EVENTS: usize = 300;
const SINGLE_WARM_UP: usize = 30;
/// Events per contestant and round that are imported, and how many at a time.
const IMPORT_EVENTS: usize = 100_000;
const IMPORT_BATCH: usize = 1_000;
/// Events of the one import whose bytes are counted.
const COUNTED_EVENTS: usize = 200_000;

struct Plan {
    rounds: usize,
    scanned: usize,
    only: Option<String>,
    folder: PathBuf,
}

fn main() {
    let Some(plan) = plan() else {
        eprintln!(
            "usage: cargo bench [-- [--rounds N] [--scanned EVENTS] [--only append|ack|import|size|scan] \
 [--folder PATH]]"
        );
        std::process::exit(2);
    };
    let folder = plan.folder.join(format!("log-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    println!("{}", machine::describe(&folder));
    let contest = Contest::new(&folder);
    println!(
        "records of {:.0} bytes on average, digest included; {} rounds, medians; ratio = ours / yardstick's, \
         the median of the rounds\n",
        contest.mean_bytes(),
        plan.rounds
    );
    let wanted = |name: &str| plan.only.as_deref().is_none_or(|only| only == name);
    let mut rows = Vec::new();
    if wanted("append") {
        rows.extend(contest.append(plan.rounds));
    }
    if wanted("ack") {
        rows.extend(contest.acknowledge(plan.rounds));
    }
    if wanted("import") {
        rows.extend(contest.import(plan.rounds));
    }
    if wanted("size") {
        rows.extend(size(&folder));
    }
    if wanted("scan") {
        rows.extend(scan(&folder, plan.rounds, plan.scanned));
    }
    print(&rows);
    let _ = std::fs::remove_dir_all(&folder);
}

fn plan() -> Option<Plan> {
    // Beside the build, on a disk: temporary folders are often memory.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut plan = Plan { rounds: 9, scanned: 1_000_000, only: None, folder };
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let value = arguments.next()?;
        match argument.as_str() {
            "--rounds" => plan.rounds = value.parse().ok().filter(|rounds| *rounds > 0)?,
            "--scanned" => plan.scanned = value.parse().ok().filter(|events| *events > 0)?,
            "--only" => plan.only = Some(value),
            "--folder" => plan.folder = PathBuf::from(value),
            _ => return None,
        }
    }
    Some(plan)
}

/// Runs in a folder of its own, which is removed afterwards.
fn fresh<T>(folder: &Path, run: impl FnOnce(&Path) -> T) -> T {
    let fresh = folder.join("round");
    std::fs::create_dir_all(&fresh).unwrap();
    let result = run(&fresh);
    std::fs::remove_dir_all(&fresh).unwrap();
    result
}

fn seconds(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// The same events for every contestant, as drafts and as the bytes that the log makes of them.
struct Contest {
    folder: PathBuf,
    openings: Vec<Draft>,
    drafts: Arc<Vec<Draft>>,
    values: Arc<Vec<Vec<u8>>>,
}

impl Contest {
    fn new(folder: &Path) -> Self {
        let mut events = Events::new(1);
        let openings = events.openings();
        let drafts = events.take(FILLED_EVENTS + CONCURRENT_WARM_UP + CONCURRENT_EVENTS);
        let values = fresh(folder, |fresh| {
            let log = ledger_log::create(fresh);
            ledger_log::import(&log, &openings, IMPORT_BATCH);
            ledger_log::import(&log, &drafts, IMPORT_BATCH);
            ledger_log::values(&log, openings.len() as u64)
        });
        Self { folder: folder.to_owned(), openings, drafts: Arc::new(drafts), values: Arc::new(values) }
    }

    fn mean_bytes(&self) -> f64 {
        self.values.iter().map(Vec::len).sum::<usize>() as f64 / self.values.len() as f64
    }

    fn log(&self, folder: &Path) -> Log {
        let log = ledger_log::create(folder);
        ledger_log::import(&log, &self.openings, IMPORT_BATCH);
        log
    }

    /// One event per submission, many submitters.
    fn append(&self, rounds: usize) -> Vec<Row> {
        let what = "durable append, 64 writers";
        let mut raw_row = Row::new(what, "file + fdatasync", "events/s", Target::AtLeast(0.45));
        let mut sqlite_row = Row::new(what, "SQLite WAL, FULL", "events/s", Target::AtLeast(1.2));
        for _ in 0..rounds {
            let ours = fresh(&self.folder, |folder| {
                let log = self.log(folder);
                ledger_log::import(&log, &self.drafts[..FILLED_EVENTS], IMPORT_BATCH);
                concurrent(|item| ledger_log::append(&log, self.drafts[item].prepare()))
            });
            let raw = fresh(&self.folder, |folder| {
                let group = raw::start(folder, FILLED_EVENTS, Arc::clone(&self.values));
                concurrent(|item| group.append(item))
            });
            let sqlite = fresh(&self.folder, |folder| {
                let (drafts, values) = (Arc::clone(&self.drafts), Arc::clone(&self.values));
                let group = sqlite::start(folder, FILLED_EVENTS, drafts, values);
                concurrent(|item| group.append(item))
            });
            raw_row.add(ours, raw);
            sqlite_row.add(ours, sqlite);
        }
        vec![raw_row, sqlite_row]
    }

    /// One event at a time, one submitter.
    fn acknowledge(&self, rounds: usize) -> Vec<Row> {
        let mut row = Row::new("single event, ack p50", "append + fdatasync p50", "ms", Target::AtMost(2.5));
        for _ in 0..rounds {
            let ours = fresh(&self.folder, |folder| {
                let log = self.log(folder);
                single(|item| ledger_log::append(&log, self.drafts[item].prepare()))
            });
            let raw = fresh(&self.folder, |folder| {
                let mut file = raw::create(folder);
                single(|item| raw::append(&mut file, &self.values[item]))
            });
            row.add(ours, raw);
        }
        vec![row]
    }

    /// Batches of a thousand, with the events encoded inside the time and before it.
    fn import(&self, rounds: usize) -> Vec<Row> {
        let row = |what| Row::new(what, "bare redb, no index", "events/s", Target::AtLeast(0.7));
        let mut whole = row("import, 1 000 at a time");
        let mut prepared = row("import, events encoded before");
        for _ in 0..rounds {
            let ours = fresh(&self.folder, |folder| {
                let log = self.log(folder);
                seconds(|| ledger_log::import(&log, &self.drafts[..IMPORT_EVENTS], IMPORT_BATCH))
            });
            let bare = fresh(&self.folder, |folder| {
                let bare = Bare::open(folder, "bare");
                let batches = self.values[..IMPORT_EVENTS].chunks(IMPORT_BATCH);
                seconds(|| {
                    (0..)
                        .step_by(IMPORT_BATCH)
                        .zip(batches)
                        .for_each(|(first, values)| bare.insert(first, values));
                })
            });
            let ready = fresh(&self.folder, |folder| {
                let log = self.log(folder);
                let prepare = |drafts: &[Draft]| drafts.iter().map(Draft::prepare).collect();
                let batches = self.drafts[..IMPORT_EVENTS].chunks(IMPORT_BATCH).map(prepare).collect();
                seconds(|| ledger_log::import_prepared(&log, batches))
            });
            let rate = |seconds: f64| IMPORT_EVENTS as f64 / seconds;
            whole.add(rate(ours), rate(bare));
            prepared.add(rate(ready), rate(bare));
        }
        vec![whole, prepared]
    }
}

/// Events a second that all writers together get acknowledged.
fn concurrent(append: impl Fn(usize) + Sync) -> f64 {
    let barrier = Barrier::new(WRITERS + 1);
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (append, barrier) = (&append, &barrier);
            scope.spawn(move || {
                let measured = FILLED_EVENTS + CONCURRENT_WARM_UP;
                (FILLED_EVENTS + writer..measured).step_by(WRITERS).for_each(append);
                barrier.wait();
                (measured + writer..measured + CONCURRENT_EVENTS).step_by(WRITERS).for_each(append);
                barrier.wait();
            });
        }
        barrier.wait();
        CONCURRENT_EVENTS as f64
            / seconds(|| {
                barrier.wait();
            })
    })
}

/// The median time to an acknowledgement, in milliseconds.
fn single(mut append: impl FnMut(usize)) -> f64 {
    (0..SINGLE_WARM_UP).for_each(&mut append);
    let times = (SINGLE_WARM_UP..SINGLE_WARM_UP + SINGLE_EVENTS).map(|item| seconds(|| append(item)) * 1e3);
    median(&times.collect::<Vec<_>>())
}

/// What one import writes and keeps, against the bytes of its records alone: frames, without digests.
fn size(folder: &Path) -> Vec<Row> {
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

/// Reading everything, on one thread.
fn scan(folder: &Path, rounds: usize, events: usize) -> Vec<Row> {
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
