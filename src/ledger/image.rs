//! The image of the whole ledger: every account's facts in memory, and the ledger's own stream.
//!
//! Questions fold from here and touch the log only to catch up with it. The image can be made again from the log
//! at any time; nothing is in it that is not there.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::envelope::Recorded;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;

use super::LedgerError;
use crate::log::Log;

/// The image, and how far it has read.
#[derive(Debug, Default)]
pub(super) struct LedgerImage {
    facts: RwLock<Facts>,
}

/// Everything up to a watermark.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// How many of the log's first events were read.
    read: u64,
    /// When the last of them was recorded; `None` in an empty log.
    last_recorded_at: Option<Timestamp>,
    accounts: BTreeMap<AccountId, Image>,
    own: Vec<Recorded>,
}

impl LedgerImage {
    /// The image up to what is visible now. Cost: that of decoding what was recorded since the last question.
    ///
    /// # Errors
    /// What the log reports; the image stays as far as it came.
    pub(super) fn current(&self, log: &Log) -> Result<RwLockReadGuard<'_, Facts>, LedgerError> {
        let count = log.head().count;
        let facts = self.facts.read().unwrap_or_else(PoisonError::into_inner);
        if facts.read >= count {
            return Ok(facts);
        }
        drop(facts);
        self.facts.write().unwrap_or_else(PoisonError::into_inner).catch_up(log)?;
        Ok(self.facts.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Facts {
    fn catch_up(&mut self, log: &Log) -> Result<(), LedgerError> {
        log.scan(Position(self.read), |stored| self.admit(stored.decode()?, log))
    }

    fn admit(&mut self, recorded: Recorded, log: &Log) -> Result<(), LedgerError> {
        let account = &recorded.envelope.heading.account;
        let (position, recorded_at) = (recorded.envelope.position, recorded.envelope.recorded_at);
        if account.is_ledger() {
            self.own.push(recorded);
        } else {
            let mut failed = None;
            let find = |source: &_, id: &_| {
                log.find(source, id).unwrap_or_else(|error| {
                    failed = Some(error);
                    None
                })
            };
            let image = match self.accounts.get_mut(account) {
                Some(image) => image,
                None => self.accounts.entry(account.clone()).or_default(),
            };
            let admitted = image.admit(&recorded, find);
            if let Some(error) = failed {
                return Err(error.into());
            }
            admitted.map_err(|source| LedgerError::Image { account: account.clone(), source })?;
        }
        (self.read, self.last_recorded_at) = (position.next().0, Some(recorded_at));
        Ok(())
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
}
