//! The image of the whole ledger: every account's facts in memory, and the ledger's own stream.
//!
//! Questions fold from here and touch the log only to catch up with it. The image can be made again from the log
//! at any time; nothing is in it that is not there. A question holds the image as it was when it was asked, and no
//! lock: while one takes long, others are answered, and what is recorded meanwhile goes into the next image, which
//! shares with it the accounts that had nothing new.

mod replay;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::envelope::{Envelope, Recorded};
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::time::Timestamp;

use super::LedgerError;
use super::cache::Cache;
use super::reach::Reach;
use crate::log::Log;

/// The image, and what keeps it.
#[derive(Debug)]
pub(super) struct LedgerImage {
    /// The newest; an empty one while somebody makes it grow.
    newest: Mutex<Arc<Facts>>,
    /// Held by whoever makes it grow.
    growing: Mutex<()>,
    cache: Arc<Cache>,
    /// Writes the cache.
    writing: Mutex<Option<JoinHandle<()>>>,
}

/// Everything up to a watermark.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// How many of the log's first events were read.
    read: u64,
    /// When the last of them was recorded; `None` in an empty log.
    last_recorded_at: Option<Timestamp>,
    accounts: BTreeMap<AccountId, Image>,
    own: Arc<Vec<Recorded>>,
    reach: Reach,
}

impl LedgerImage {
    /// Nothing is read yet.
    pub(super) fn new(cache: Cache) -> Self {
        let (newest, growing, writing) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { newest, growing, cache: Arc::new(cache), writing }
    }

    /// The image of what is visible now. Cost: that of decoding what was recorded since the last question; the
    /// first time, of reading the cache.
    ///
    /// # Errors
    /// What the log reports; the image stays as far as it came.
    pub(super) fn current(&self, log: &Log) -> Result<Arc<Facts>, LedgerError> {
        let count = log.count();
        let newest = Arc::clone(&lock(&self.newest));
        if newest.read >= count {
            return Ok(newest);
        }
        drop(newest);
        let _turn = lock(&self.growing);
        let mut facts = std::mem::take(&mut *lock(&self.newest));
        let grown = if facts.read < count { self.grow(Arc::make_mut(&mut facts), log) } else { Ok(()) };
        *lock(&self.newest) = Arc::clone(&facts);
        grown?;
        if self.cache.pays(facts.read) {
            self.write_beside(Arc::clone(&facts));
        }
        Ok(facts)
    }

    fn grow(&self, facts: &mut Facts, log: &Log) -> Result<(), LedgerError> {
        if facts.read == 0
            && let Some(cached) = self.cache.load()
        {
            *facts = cached;
        }
        facts.catch_up(log)
    }

    /// Writes the cache while questions are answered. Best effort: a ledger that cannot be written to answers all
    /// the same.
    fn write_beside(&self, facts: Arc<Facts>) {
        let mut writing = lock(&self.writing);
        if writing.as_ref().is_some_and(|writer| !writer.is_finished()) {
            return;
        }
        let cache = Arc::clone(&self.cache);
        let write = move || {
            let _ = cache.store(&facts);
        };
        *writing = std::thread::Builder::new().name("image-cache".to_owned()).spawn(write).ok();
    }

    /// How many events the newest image has read.
    #[cfg(test)]
    pub(super) fn read(&self) -> u64 {
        lock(&self.newest).read
    }

    /// What the image is kept in.
    #[cfg(test)]
    pub(super) fn cache(&self) -> &Cache {
        &self.cache
    }
}

impl Drop for LedgerImage {
    /// A cache under way is finished, so that nobody uses the ledger any more when it is closed.
    fn drop(&mut self) {
        if let Some(writer) = lock(&self.writing).take() {
            let _ = writer.join();
        }
    }
}

/// What a lock guards is whole at every moment, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl LedgerImage {
    /// The image as far as it has read, once whoever makes it grow is done.
    pub(super) fn as_it_stands(&self) -> Arc<Facts> {
        let _turn = lock(&self.growing);
        Arc::clone(&lock(&self.newest))
    }
}

impl Facts {
    /// What a cache holds.
    pub(super) fn cached(
        read: u64,
        last_recorded_at: Timestamp,
        accounts: BTreeMap<AccountId, Image>,
        own: Vec<Recorded>,
        mut reaches: Vec<Reach>,
    ) -> Self {
        let mut own_reach = Reach::default();
        for recorded in &own {
            let Envelope { position, recorded_at, heading, .. } = &recorded.envelope;
            let is_fact = recorded.event_type().is_some_and(|event_type| !event_type.is_revision());
            own_reach.note(*position, *recorded_at, is_fact.then_some(heading.occurred_at));
        }
        reaches.push(own_reach);
        let reach = Reach::of(reaches);
        Self { read, last_recorded_at: Some(last_recorded_at), accounts, own: Arc::new(own), reach }
    }

    /// How many of the log's first events were read.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// The last instant of recording that it has read up to; no answer may claim to know more.
    pub(super) fn last_recorded_at(&self) -> Option<Timestamp> {
        self.last_recorded_at
    }

    /// Every customer's image, sorted by id.
    pub(super) fn accounts(&self) -> &BTreeMap<AccountId, Image> {
        &self.accounts
    }

    /// The image of an account that has an event at the coordinates.
    pub(super) fn known(&self, account: &AccountId, at: &Coordinates) -> Result<&Image, LedgerError> {
        let image = self.accounts.get(account).filter(|image| image.is_known(at.as_of, at.known_at));
        image.ok_or_else(|| LedgerError::AccountUnknown(account.clone()))
    }

    /// The ledger's own stream.
    pub(super) fn own(&self) -> &[Recorded] {
        &self.own
    }

    /// Which recordings reached back how far.
    pub(super) fn reach(&self) -> &Reach {
        &self.reach
    }
}
