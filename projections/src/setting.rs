//! What a fold reads beside the events, the same from its first event to its last.

use crate::directives::KeyAccountView;
use crate::epoch::{Epoch, Fit, Sample};
use crate::fact::Names;
use crate::money::Money;
use crate::policy::Policy;
use crate::rates::Rates;
use crate::time::{Timestamp, When, Zone};

/// What holds at the coordinates of a question, for one account.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'p> {
    /// The policy asked for.
    pub policy: &'p Policy,
    /// The ledger's zone.
    pub zone: Zone,
    /// The rates of exchange.
    pub rates: &'p Rates,
    /// The account's identifiers.
    pub names: &'p Names,
    /// What is measured over the whole portfolio.
    pub epoch: &'p Epoch,
    /// What the account itself added to the epoch, so that it can be left out.
    pub own: Option<&'p Sample>,
    /// The fit of the outlook; `None`: the policy's uncalibrated defaults.
    pub fit: Option<&'p Fit>,
    /// Whether the account is on the key list of the last review.
    pub key_account: KeyAccountView,
}

impl Setting<'_> {
    /// An amount in the reporting currency by the rate of `at`; `None` without a rate.
    pub fn convert(&self, money: Money, at: Timestamp) -> Option<f64> {
        self.rates.convert(money, self.policy.money.reporting_currency, at)
    }

    /// Whether [`Setting::convert`] gives a figure.
    pub(crate) fn converts(&self, money: Money, at: Timestamp) -> bool {
        self.rates.serve(money.currency, self.policy.money.reporting_currency, at)
    }

    /// The instant of a date: the end of its day in the ledger's zone.
    pub fn instant(&self, when: When) -> Timestamp {
        when.instant(self.zone)
    }
}
