//! Whether an account is open for events: its `account.opened` stands.
//!
//! Nearly every account is, so the answer is kept per account after the first look at its stream. Events of open
//! accounts are submitted side by side; retractions, and openings of accounts that had one taken back, exclude them
//! for the moment, so that no event slips in behind a retraction that was allowed because the opening stood alone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use guanxi_projections::envelope::Recorded;
use guanxi_projections::event::EventType;
use guanxi_projections::history::{Standing, Stream};
use guanxi_projections::id::AccountId;
use guanxi_projections::time::Timestamp;

use crate::log::{Log, ReadError};

#[derive(Debug, Default)]
pub(super) struct Openings {
    known: Mutex<HashMap<AccountId, bool>>,
    change: RwLock<()>,
}

impl Openings {
    /// Holds openings as they are while events are submitted.
    pub(super) fn stable(&self) -> RwLockReadGuard<'_, ()> {
        self.change.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps everybody else out while an opening is retracted or an account is taken up again.
    pub(super) fn changing(&self) -> RwLockWriteGuard<'_, ()> {
        self.change.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the account's opening stands. Cost: O(1), the first time O(events in the stream).
    pub(super) fn is_open(&self, log: &Log, account: &AccountId) -> Result<bool, ReadError> {
        if let Some(open) = self.lock().get(account) {
            return Ok(*open);
        }
        if log.stream_len(account) == 0 {
            return Ok(false);
        }
        let open = Footing::of(&log.stream(account)?).openings > 0;
        self.lock().insert(account.clone(), open);
        Ok(open)
    }

    /// Forgets an account whose opening may have changed.
    pub(super) fn forget(&self, account: &AccountId) {
        self.lock().remove(account);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, bool>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stands in a stream, as far as all of it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Footing {
    /// Openings that stand.
    pub(super) openings: usize,
    /// Other events that stand, revisions apart; an event of an unknown type is one.
    pub(super) others: usize,
}

impl Footing {
    /// Counts what stands. Cost: O(n log n).
    pub(super) fn of(stream: &[Recorded]) -> Self {
        let mut footing = Self { openings: 0, others: 0 };
        for (recorded, standing) in Stream::known_at(stream, Timestamp::MAX).standings() {
            match recorded.event_type() {
                _ if standing != Standing::Stands => {}
                Some(EventType::AccountOpened) => footing.openings += 1,
                Some(other) if other.is_revision() => {}
                _ => footing.others += 1,
            }
        }
        footing
    }
}
