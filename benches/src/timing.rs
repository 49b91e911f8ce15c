//! How things are timed.

use std::ops::Range;
use std::path::Path;
use std::sync::Barrier;
use std::time::Instant;

/// Threads that each submit one event, wait for it, and submit the next.
pub const WRITERS: usize = 64;

/// Seconds that something takes.
pub fn seconds(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// Events a second that all writers together get acknowledged: from the first one's start to the last one's end.
pub fn concurrent(items: &Range<usize>, append: impl Fn(usize) + Sync) -> f64 {
    let barrier = Barrier::new(WRITERS);
    let work = |writer| {
        barrier.wait();
        let start = Instant::now();
        (items.start + writer..items.end).step_by(WRITERS).for_each(&append);
        (start, Instant::now())
    };
    let times: Vec<(Instant, Instant)> = std::thread::scope(|scope| {
        let work = &work;
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || work(writer))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let start = times.iter().map(|(start, _)| *start).min().unwrap();
    let end = times.iter().map(|(_, end)| *end).max().unwrap();
    items.len() as f64 / (end - start).as_secs_f64()
}

/// `count` ranges of `len` items each, from `from` on.
pub fn slices(from: usize, len: usize, count: usize) -> impl Iterator<Item = Range<usize>> {
    (0..count).map(move |slice| from + slice * len..from + (slice + 1) * len)
}

/// Runs in a folder of its own, which is removed afterwards.
pub fn fresh<T>(folder: &Path, run: impl FnOnce(&Path) -> T) -> T {
    let fresh = folder.join("round");
    std::fs::create_dir_all(&fresh).unwrap();
    let result = run(&fresh);
    std::fs::remove_dir_all(&fresh).unwrap();
    result
}
