//! Work shared among the processor's cores, with an answer that does not show it.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// At most so many items are taken at a time, so that no core waits long for another at the end; fewer when there
/// are few.
const TAKEN_AT_ONCE_MAX: usize = 16;

/// How many cores there are to work on.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Maps every item, on every core; the results stand in the order of the items. `done` hears from this thread
/// alone how many are done.
pub(super) fn map<'i, T: Sync, R: Send>(
    items: &'i [T],
    map: impl Fn(&'i T) -> R + Sync,
    mut done: impl FnMut(usize),
) -> Vec<R> {
    let cores = cores();
    let taken_at_once = (items.len() / (8 * cores)).clamp(1, TAKEN_AT_ONCE_MAX);
    let next = AtomicUsize::new(0);
    let work = |report: &mut dyn FnMut(usize)| {
        let mut results = Vec::new();
        loop {
            let from = next.fetch_add(taken_at_once, Ordering::Relaxed);
            let until = from.saturating_add(taken_at_once).min(items.len());
            let Some(taken) = items.get(from..until).filter(|taken| !taken.is_empty()) else { break };
            results.push((from, taken.iter().map(&map).collect::<Vec<R>>()));
            report(until);
        }
        results
    };
    let mut results = thread::scope(|scope| {
        let helpers: Vec<_> = (1..cores.min(items.len().div_ceil(taken_at_once)))
            .map(|_| scope.spawn(|| work(&mut |_| ())))
            .collect();
        let mut results = work(&mut done);
        for helper in helpers {
            match helper.join() {
                Ok(more) => results.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    results.sort_by_key(|(from, _)| *from);
    results.into_iter().flat_map(|(_, results)| results).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, 15, 16, 17, 1000] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(map(&items, |item| item * 2, |_| ()), items.iter().map(|i| i * 2).collect::<Vec<_>>());
        }
    }
}
