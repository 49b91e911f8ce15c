//! Work shared among the processor's cores, with an answer that does not show it.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// At most so many items are taken at a time, so that no core waits long for another at the end; fewer when there
/// are few.
const TAKEN_AT_ONCE_MAX: usize = 16;

/// How many cores there are to work on.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Maps every item, on every core; the results stand in the order of the items. `done` hears from this thread
/// alone how many are done, and at the end that all are.
pub(super) fn map<'i, T: Sync, R: Send>(
    items: &'i [T],
    map: impl Fn(&'i T) -> R + Sync,
    mut done: impl FnMut(usize),
) -> Vec<R> {
    let hear = |count| {
        done(count);
        ControlFlow::Continue(())
    };
    map_while(items, map, hear).unwrap_or_default()
}

/// The same, for as long as `done` says to go on; `None` when it did not to the end. What was begun then is finished.
/// It is asked at the end at the latest: helpers may have taken every item before this thread took one.
pub(super) fn map_while<'i, T: Sync, R: Send>(
    items: &'i [T],
    map: impl Fn(&'i T) -> R + Sync,
    mut done: impl FnMut(usize) -> ControlFlow<()>,
) -> Option<Vec<R>> {
    let cores = cores();
    let taken_at_once = (items.len() / (32 * cores)).clamp(1, TAKEN_AT_ONCE_MAX);
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = |report: &mut dyn FnMut(usize) -> ControlFlow<()>| {
        let mut results = Vec::new();
        while !stopped.load(Ordering::Relaxed) {
            let from = next.fetch_add(taken_at_once, Ordering::Relaxed);
            let until = from.saturating_add(taken_at_once).min(items.len());
            let Some(taken) = items.get(from..until).filter(|taken| !taken.is_empty()) else { break };
            results.push((from, taken.iter().map(&map).collect::<Vec<R>>()));
            if report(until).is_break() {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        results
    };
    let mut results = thread::scope(|scope| {
        let helpers: Vec<_> = (1..cores.min(items.len().div_ceil(taken_at_once)))
            .map(|_| scope.spawn(|| work(&mut |_| ControlFlow::Continue(()))))
            .collect();
        let _stop = StopWhenUnwinding(&stopped);
        let mut results = work(&mut done);
        for helper in helpers {
            match helper.join() {
                Ok(more) => results.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    if stopped.into_inner() || done(items.len()).is_break() {
        return None;
    }
    results.sort_by_key(|(from, _)| *from);
    Some(results.into_iter().flat_map(|(_, results)| results).collect())
}

/// Has helpers stop when whoever hears of the work gives it up by unwinding: they would be waited for to the end.
struct StopWhenUnwinding<'a>(&'a AtomicBool);

impl Drop for StopWhenUnwinding<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};
    use std::time::Duration;

    use super::*;

    /// Counts what is made. Helpers take their time, so that they have not made everything by themselves before this
    /// thread is heard.
    fn counted(made: &AtomicUsize) -> impl Fn(&usize) + Sync {
        let this = thread::current().id();
        move |_| {
            made.fetch_add(1, Ordering::Relaxed);
            if thread::current().id() != this {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    #[test]
    fn what_is_stopped_has_no_results_and_leaves_items_undone() {
        let items: Vec<usize> = (0..100_000).collect();
        let made = AtomicUsize::new(0);
        assert!(map_while(&items, counted(&made), |_| ControlFlow::Break(())).is_none());
        // Helpers may have begun a few more portions before they heard of it.
        assert!(made.into_inner() < items.len());
        assert_eq!(map_while(&items, |item| *item, |_| ControlFlow::Continue(())), Some(items));
    }

    #[test]
    fn whoever_hears_of_the_work_is_asked_at_the_end_also_when_helpers_did_the_last_of_it() {
        let (made, is_made) = mpsc::channel();
        let is_made = Mutex::new(is_made);
        // With a helper, this thread's item waits for the helper's: nothing is left to take afterwards.
        let work = |item: &usize| match item {
            0 if cores() > 1 => is_made.lock().unwrap().recv_timeout(Duration::from_mins(1)).unwrap(),
            0 => (),
            _ => made.send(()).unwrap(),
        };
        let all = |done| if done == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        assert!(map_while(&[0, 1], work, all).is_none());
        assert!(map_while(&[], |item: &usize| *item, |_| ControlFlow::Break(())).is_none());
    }

    #[test]
    fn work_that_is_given_up_by_unwinding_leaves_items_undone() {
        let items: Vec<usize> = (0..100_000).collect();
        let made = AtomicUsize::new(0);
        let give_up = |_| std::panic::resume_unwind(Box::new("nobody waits"));
        let give_up = || map(&items, counted(&made), give_up);
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(give_up)).is_err());
        assert!(made.into_inner() < items.len());
    }

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, 15, 16, 17, 1000] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(map(&items, |item| item * 2, |_| ()), items.iter().map(|i| i * 2).collect::<Vec<_>>());
        }
    }
}
