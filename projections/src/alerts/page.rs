//! A lean [`Watch`](super::Watch): what one account's page shows, and nothing that alerts read beside.

use crate::account::{AccountState, AccountView};
use crate::evaluation::Yardstick;
use crate::fact::Fact;
use crate::figures::Figures;
use crate::id::AccountId;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

use super::clock::Clock;

/// Folds one account with its review clock.
#[derive(Debug, Clone)]
pub struct Page<'p> {
    account: AccountState<'p>,
    setting: Setting<'p>,
    clock: Clock,
}

impl<'p> Page<'p> {
    /// The state before the first event.
    pub fn new(account: AccountId, setting: Setting<'p>) -> Self {
        Self { account: AccountState::new(account, setting), setting, clock: Clock::default() }
    }

    pub(super) fn figures(&self) -> &Figures<'p> {
        self.account.figures()
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Whether the account may be a key account: it is opened, and neither closed nor merged away.
    pub(super) fn is_eligible(&self) -> bool {
        self.account.is_eligible()
    }

    /// When the account is to be evaluated next; `None` while it is closed or merged away.
    pub fn next_evaluation(&self, view: &AccountView, yardstick: Option<&Yardstick>) -> Option<Timestamp> {
        let (figures, began) = (&view.figures, self.figures().began_at());
        let read = (&figures.health, figures.score.value, figures.stage.as_ref());
        let next = || self.clock.next(began, read, &self.setting, yardstick);
        self.is_eligible().then(next).flatten()
    }
}

impl Projection for Page<'_> {
    type View = AccountView;

    fn apply(&mut self, fact: &Fact) {
        self.account.apply(fact);
        self.clock.apply(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> AccountView {
        self.account.evaluate(as_of)
    }
}
