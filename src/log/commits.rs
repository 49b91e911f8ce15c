//! How many events the commits had: what group commit makes of the load.

use std::sync::atomic::{AtomicU64, Ordering};

/// Upper ends of the sizes that are counted apart; beyond the last one, one more.
pub const COMMIT_SIZES: [u64; 6] = [1, 4, 16, 64, 256, 1_024];

/// Counts of commits by size, since the log was opened.
#[derive(Debug, Default)]
pub(super) struct Commits {
    counts: [AtomicU64; COMMIT_SIZES.len() + 1],
    events: AtomicU64,
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitCounts {
    /// Commits of a size up to each of [`COMMIT_SIZES`] and above the one before it, then those of more.
    pub by_size: [u64; COMMIT_SIZES.len() + 1],
    /// Events of all of them.
    pub events: u64,
}

impl Commits {
    /// Counts a commit of so many events.
    pub(super) fn note(&self, events: usize) {
        let events = events as u64;
        let place = COMMIT_SIZES.iter().position(|end| events <= *end).unwrap_or(COMMIT_SIZES.len());
        if let Some(count) = self.counts.get(place) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.events.fetch_add(events, Ordering::Relaxed);
    }

    pub(super) fn counts(&self) -> CommitCounts {
        let by_size = std::array::from_fn(|n| self.counts.get(n).map_or(0, |c| c.load(Ordering::Relaxed)));
        CommitCounts { by_size, events: self.events.load(Ordering::Relaxed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_are_counted_by_size() {
        let commits = Commits::default();
        for events in [1, 2, 4, 5, 1_024, 1_025, 9_000] {
            commits.note(events);
        }
        let counts = commits.counts();
        assert_eq!(counts.by_size, [1, 2, 1, 0, 0, 1, 2]);
        assert_eq!(counts.events, 12_085 - 1_024);
    }
}
