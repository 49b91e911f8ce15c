//! Amounts without a rate, those of orders and returns apart, which the order book knows.

use crate::fact::{Fact, Matter};
use crate::money::{Currency, Money};
use crate::position::Position;
use crate::setting::Setting;

/// The events whose amount is left out for want of a rate.
#[derive(Debug, Clone, Default)]
pub(super) struct Unrated {
    found: Vec<(Position, Currency)>,
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
            self.found.push((fact.position, money.currency));
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Position, Currency)> + '_ {
        self.found.iter().copied()
    }
}
