//! Whether an account is open for events: its `account.opened` stands.
//!
//! Nearly every account is, so the answer is kept per account after the first look at its stream. Events of open
//! accounts are submitted side by side; retracting an opening, or taking such a retraction back, excludes them for
//! the moment, so that no event slips in behind a retraction that was allowed because the opening stood alone.

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

    /// Keeps everybody else out while an opening is retracted or taken back.
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
        let open = stands(&log.stream(account)?);
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

fn stands(stream: &[Recorded]) -> bool {
    Stream::known_at(stream, Timestamp::MAX).standings().any(|(recorded, standing)| {
        recorded.event_type() == Some(EventType::AccountOpened) && standing == Standing::Stands
    })
}

/// Whether nothing but the opening stands in the stream.
pub(super) fn stands_alone(stream: &[Recorded]) -> bool {
    let effective = Stream::known_at(stream, Timestamp::MAX).effective(Timestamp::MAX);
    let unknown = stream.iter().any(|recorded| recorded.event().is_none());
    effective.len() <= 1 && !unknown
}
