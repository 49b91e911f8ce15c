//! Strategy: effort, and the value produced against it.

use serde::Serialize;

use crate::event::payload::Side;
use crate::fact::{EventRef, Fact, Matter};
use crate::kernel::DecayedSum;
use crate::money::Money;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds effort, concessions and value. Money is in the reporting currency; an amount without a rate is left out.
#[derive(Debug, Clone)]
pub struct Value<'p> {
    setting: Setting<'p>,
    sums: [Sum; 6],
}

#[derive(Debug, Clone)]
struct Sum {
    whole: f64,
    faded: DecayedSum,
    last: Option<EventRef>,
}

/// What is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Hours that we worked.
    EffortHours,
    /// What that cost.
    EffortCost,
    /// What our concessions cost.
    ConcessionCost,
    /// What the customer ordered, returns apart.
    Ordered,
    /// What the customer paid.
    Paid,
    /// What the customer said that it gained.
    BenefitConfirmed,
}

/// A line of effort and value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueLine {
    /// What is summed.
    pub kind: ValueKind,
    /// All of it; hours, or money in the reporting currency.
    pub whole: f64,
    /// Faded with the half-life of amounts: what counts of it at T.
    pub faded: f64,
    /// The last event that added to it.
    pub events: Vec<EventRef>,
}

const KINDS: [ValueKind; 6] = [
    ValueKind::EffortHours,
    ValueKind::EffortCost,
    ValueKind::ConcessionCost,
    ValueKind::Ordered,
    ValueKind::Paid,
    ValueKind::BenefitConfirmed,
];

impl<'p> Value<'p> {
    /// Nothing yet.
    pub fn new(setting: Setting<'p>) -> Self {
        let faded = DecayedSum::new(setting.policy.demand.amounts_half_life_days);
        let sum = Sum { whole: 0.0, faded, last: None };
        Self { setting, sums: std::array::from_fn(|_| sum.clone()) }
    }

    fn add(&mut self, kind: ValueKind, figure: f64, fact: &Fact) {
        if let Some(sum) = self.sums.get_mut(kind as usize) {
            sum.whole += figure;
            sum.faded.add(fact.occurred_at, figure);
            sum.last = Some(fact.event());
        }
    }

    fn add_money(&mut self, kind: ValueKind, money: Option<Money>, fact: &Fact) {
        let figure = money.and_then(|money| self.setting.convert(money, fact.occurred_at));
        if let Some(figure) = figure {
            self.add(kind, figure, fact);
        }
    }
}

impl Projection for Value<'_> {
    /// One line of each kind.
    type View = Vec<ValueLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::EffortSpent { hours, cost, .. } = fact.matter {
            if let Some(hours) = hours {
                self.add(ValueKind::EffortHours, hours, fact);
            }
            self.add_money(ValueKind::EffortCost, cost, fact);
        } else if let Matter::ConcessionGranted { by: Side::Us, cost, .. } = fact.matter {
            self.add_money(ValueKind::ConcessionCost, cost, fact);
        } else if let Matter::OrderPlaced { amount, .. } = fact.matter {
            self.add_money(ValueKind::Ordered, Some(amount), fact);
        } else if let Matter::PaymentReceived { amount, .. } = fact.matter {
            self.add_money(ValueKind::Paid, Some(amount), fact);
        } else if let Matter::BenefitConfirmed { value, .. } = fact.matter {
            self.add_money(ValueKind::BenefitConfirmed, value, fact);
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Self::View {
        let line = |(kind, sum): (ValueKind, &Sum)| ValueLine {
            kind,
            whole: sum.whole,
            faded: sum.faded.at(as_of),
            events: sum.last.into_iter().collect(),
        };
        KINDS.into_iter().zip(&self.sums).map(line).collect()
    }
}
