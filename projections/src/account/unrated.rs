//! Amounts without a rate, those of orders and returns apart, which the order book knows.

use crate::fact::{Fact, Matter};
use crate::figures::Figures;
use crate::money::{Currency, Money};
use crate::setting::Setting;

use super::anomaly::{Anomaly, Oddity, Shown};

/// The events whose amount is left out for want of a rate.
#[derive(Debug, Clone, Default)]
pub(super) struct Unrated {
    found: Shown<Currency>,
}

/// The amount of an event that is converted by the rate of its own time.
fn converted(matter: &Matter) -> Option<Money> {
    if let Matter::ConcessionGranted { cost, .. } | Matter::EffortSpent { cost, .. } = matter {
        *cost
    } else if let Matter::OpportunityOpened(opened) = matter {
        opened.amount
    } else if let Matter::AssessmentMade { wallet, .. } = matter {
        *wallet
    } else if let Matter::BenefitConfirmed { value, .. } = matter {
        *value
    } else if let Matter::PaymentReceived { amount, .. } = matter {
        Some(*amount)
    } else {
        None
    }
}

impl Unrated {
    pub(super) fn apply(&mut self, fact: &Fact, setting: &Setting<'_>) {
        let Some(money) = converted(&fact.matter) else { return };
        if !setting.converts(money, fact.occurred_at) {
            self.found.add(money.currency, fact.position);
        }
    }

    /// For each currency, together with the orders and returns that `figures` left out.
    pub(super) fn anomalies(&self, figures: &Figures<'_>, setting: &Setting<'_>) -> Vec<Anomaly> {
        let mut found = self.found.clone();
        figures.stage().unrated().for_each(|(position, currency)| found.add(currency, position));
        let to = setting.policy.money.reporting_currency;
        found.anomalies(|from| Some(Oddity::NoRate { from, to }))
    }
}
