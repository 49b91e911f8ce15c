//! How fast the image is there: replayed from the log, or read from the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guanxi::clock::{FixedClock, SystemClock};
use guanxi::ledger::{Access, Directory, Genesis, Ledger};
use guanxi::log::{ClockCheck, Gathered, Heap, Log, Storage};
use guanxi_projections::position::Position;
use guanxi_projections::time::{Timestamp, Zone};

use rustix::thread::{CpuSet, sched_setaffinity};

use crate::bare::Bare;
use crate::ledger_log;
use crate::portfolio::{BEGINS, DAYS, Portfolio};
use crate::report::{Row, Target};
use crate::timing::seconds;

/// Events gathered at a time.
const GATHERED: usize = 1 << 18;

/// A ledger with the portfolio in it.
#[derive(Debug)]
pub struct Filled {
    directory: Directory,
    folder: PathBuf,
    accounts: usize,
    events: u64,
}

/// Where the time of a replay on one core goes: each stage with those before it, in seconds.
#[derive(Debug, Default)]
pub struct Stages {
    /// Reading the records.
    pub read: Vec<f64>,
    /// And gathering them by account.
    pub gathered: Vec<f64>,
    /// And decoding them.
    pub decoded: Vec<f64>,
    /// Everything, up to the image.
    pub whole: Vec<f64>,
}

impl Filled {
    /// Makes the ledger, its times of recording spread over the years.
    pub fn new(folder: &Path, accounts: usize, events: u64) -> Self {
        let folder = folder.join("portfolio");
        let directory = Directory::new(&folder, None).unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp::from_micros(BEGINS)));
        let genesis = Genesis { zone: Zone::default(), policy: None };
        Ledger::create(&directory, clock.clone(), &genesis).unwrap();
        let storage = Storage::File(folder.join("log.redb"));
        let log = Log::open(storage, clock.clone(), ClockCheck::Overruled).unwrap();
        let mut portfolio = Portfolio::seeded(7, accounts, events);
        let batches = std::iter::from_fn(|| {
            let batch = portfolio.batch(1_000, &clock);
            (!batch.is_empty()).then_some(batch)
        });
        ledger_log::pipeline(&log, batches);
        Self { directory, folder, accounts, events }
    }

    /// Opens it for asking.
    pub fn open(&self) -> Ledger {
        Ledger::open(&self.directory, Arc::new(SystemClock), Access::Read, "benchmark").unwrap()
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> usize {
        self.accounts
    }

    /// A day of the history, by its number.
    pub fn day(&self, number: u64) -> Timestamp {
        let days = i64::try_from(number).unwrap() % DAYS;
        Timestamp::from_micros(BEGINS + days * guanxi_projections::time::DAY_US)
    }

    fn without_cache(&self) {
        let _ = fs::remove_dir_all(self.folder.join("cache"));
    }

    /// Opens without a cache and with one, in turns with the yardstick.
    pub fn measure(&self, rounds: usize, stages: &mut Stages) -> Vec<Row> {
        let replay = |what, than| Row::new(what, than, "events/s", Target::AtLeast(0.3));
        let mut one = replay("replay, 1 core", "bare redb scan, 1 thread");
        let mut lean =
            Row::new("replay, 1 core", "the same with the log's page cache", "events/s", Target::Told);
        let mut both = replay("replay, every core", "bare redb scan, as many");
        let mut cached = Row::new("image from the cache", "replay", "events/s", Target::AtLeast(5.0));
        let mut opening = Row::new("opening with the cache", "without", "ms", Target::Told);
        let rate = |seconds: f64| self.events as f64 / seconds;
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
        for _ in 0..rounds {
            // Each stands right beside what it is compared with, and on the same cores.
            let alone = on_one_core(|| self.scanned(&Bare::open(&self.folder, "log.redb")));
            self.without_cache();
            let whole = on_one_core(|| self.timed().1);
            one.add(rate(whole), rate(alone));
            let alone_lean = on_one_core(|| self.scanned(&Bare::open_lean(&self.folder, "log.redb")));
            lean.add(rate(whole), rate(alone_lean));
            let bare = Bare::open(&self.folder, "log.redb");
            let shared = seconds(|| assert_eq!(bare.scan_shared(cores), self.events));
            drop(bare);
            self.without_cache();
            let (opened, replayed) = self.timed();
            both.add(rate(replayed), rate(shared));
            let (opened_again, read) = self.timed();
            cached.add(rate(read), rate(replayed));
            opening.add((opened_again + read) * 1e3, (opened + replayed) * 1e3);
            stages.whole.push(whole);
            self.add_stages(stages);
        }
        vec![one, lean, both, cached, opening]
    }

    /// Seconds to open, and to have the image. Closing waits for the cache to be written.
    fn timed(&self) -> (f64, f64) {
        let mut ledger = None;
        let opened = seconds(|| ledger = Some(self.open()));
        let ledger = ledger.unwrap();
        let had = seconds(|| assert_eq!(ledger.refresh().unwrap(), self.events));
        (opened, had)
    }

    /// Seconds that a bare scan takes.
    fn scanned(&self, bare: &Bare) -> f64 {
        seconds(|| assert_eq!(bare.scan().0, self.events))
    }

    /// What of having the image on one core is reading, gathering by account and decoding.
    fn add_stages(&self, stages: &mut Stages) {
        let log = ledger_log::open(&self.folder);
        stages.read.push(seconds(|| {
            ledger_log::scan(&log, |_| ());
        }));
        let gather = |visit: &dyn Fn(&Heap)| {
            let mut gathered = Gathered::default();
            for from in (0..self.events).step_by(GATHERED) {
                log.gather(Position(from), GATHERED, &mut gathered).unwrap();
                gathered.heaps().iter().for_each(visit);
            }
        };
        stages.gathered.push(seconds(|| gather(&|_| ())));
        let decode = |heap: &Heap| heap.events().for_each(|gleaned| drop(gleaned.event().unwrap()));
        stages.decoded.push(seconds(|| gather(&decode)));
    }

    /// Bytes of memory that the image takes for an event: what the process grows by when it is read from the cache.
    pub fn bytes_per_event(&self) -> f64 {
        let ledger = self.open();
        let before = resident_bytes();
        ledger.refresh().unwrap();
        (resident_bytes() - before) / self.events as f64
    }

    /// Bytes of the cache file for an event.
    pub fn cache_bytes_per_event(&self) -> f64 {
        fs::metadata(self.folder.join("cache/image")).map_or(0, |file| file.len()) as f64 / self.events as f64
    }

    /// The folder and size of a ledger that another process made.
    pub fn found(folder: &Path, accounts: usize, events: u64) -> Self {
        let folder = folder.join("portfolio");
        Self { directory: Directory::new(&folder, None).unwrap(), folder, accounts, events }
    }
}

/// Does something on one core, which is then the only one that the program sees.
fn on_one_core<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pinned = move || {
        let mut first = CpuSet::new();
        first.set(0);
        sched_setaffinity(None, &first).unwrap();
        work()
    };
    std::thread::scope(|scope| scope.spawn(pinned).join().unwrap())
}

fn resident_bytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()).unwrap_or(f64::NAN)
        * 1024.0
}
