//! Pins: people keep an account on the key list or off it, with a reason and until a date. The next review hears it.

use guanxi_projections::event::Event;
use guanxi_projections::event::own::{AccountPinned, AccountUnpinned, IndustryRated};
use guanxi_projections::id::{AccountId, Actor};
use guanxi_projections::position::Position;
use guanxi_projections::text::Label;
use guanxi_projections::time::{Timestamp, When};

use super::{Asked, Ledger, LedgerError, SubmitError};

impl Ledger {
    /// Keeps an account on the key list from the next review on, in reviews up to `until`.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`], [`LedgerError::Over`] when `until` is in the past; [`SubmitError`].
    pub fn pin(
        &self,
        actor: &Actor,
        account: &AccountId,
        until: When,
        reason: Label,
    ) -> Result<Position, SubmitError> {
        let now = self.decidable(account, Some(until))?;
        let event = Event::AccountPinned(AccountPinned { account: account.clone(), until, reason });
        self.record_own(actor, &self.next_id("pin"), now, &event)
    }

    /// Keeps an account off the key list in reviews up to `until`; without one, merely lifts what was decided before.
    ///
    /// # Errors
    /// As [`Ledger::pin`].
    pub fn unpin(
        &self,
        actor: &Actor,
        account: &AccountId,
        until: Option<When>,
        reason: Label,
    ) -> Result<Position, SubmitError> {
        let now = self.decidable(account, until)?;
        // Over before it begins: no review finds it in force.
        let until = until.unwrap_or(When::At(now.plus_micros(-1)));
        let event = Event::AccountUnpinned(AccountUnpinned { account: account.clone(), until, reason });
        self.record_own(actor, &self.next_id("pin"), now, &event)
    }

    /// Adds good accounts and others to what experience says of an industry.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub fn rate_industry(&self, actor: &Actor, rated: IndustryRated) -> Result<Position, SubmitError> {
        self.record_own(actor, &self.next_id("industry"), self.this_second(), &Event::IndustryRated(rated))
    }

    /// Now, if something may be decided about the account until then.
    fn decidable(&self, account: &AccountId, until: Option<When>) -> Result<Timestamp, LedgerError> {
        let now = self.this_second();
        self.account(account, &Asked::default())?;
        match until.map(|until| until.instant(self.zone())).filter(|until| *until < now) {
            Some(until) => Err(LedgerError::Over(until)),
            None => Ok(now),
        }
    }

    /// A name that no event of the ledger's own has yet: its stream only grows.
    fn next_id(&self, what: &str) -> String {
        format!("{what}:{}", self.log.stream_len(&AccountId::ledger()))
    }
}
