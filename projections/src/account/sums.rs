//! Sums of money that cannot be: more paid than was asked for, more returned than was ordered.
//!
//! Amounts are compared exactly and in their own currency; no rate is applied, since a rate is not the customer's.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::anomaly::Anomaly;
use crate::fact::{ByNumber, Fact, Matter, Names};
use crate::id::{InvoiceId, OrderId};
use crate::money::{Currency, Money};
use crate::position::Position;

#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    invoices: ByNumber<InvoiceId, Claim>,
    orders: ByNumber<OrderId, Claim>,
    turnovers: BTreeMap<Currency, Turnover>,
}

/// An amount, and what is set against it.
#[derive(Debug, Clone, Default)]
struct Claim {
    /// That of the first event of its name.
    amount: Option<Money>,
    against: Vec<(Position, Money)>,
}

/// Everything ordered and returned in one currency.
#[derive(Debug, Clone, Default)]
struct Turnover {
    ordered: Decimal,
    returned: Decimal,
    last_return: Option<Position>,
}

impl Sums {
    pub(super) fn apply(&mut self, fact: &Fact) {
        let at = fact.position;
        if let Matter::OrderPlaced { order, amount, .. } = fact.matter {
            self.orders.entry(order).amount.get_or_insert(amount);
            let turnover = self.turnovers.entry(amount.currency).or_default();
            turnover.ordered = turnover.ordered.saturating_add(amount.amount.decimal());
        } else if let Matter::OrderReturned { order, amount } = fact.matter {
            if let Some(order) = order {
                self.orders.entry(order).against.push((at, amount));
            }
            let turnover = self.turnovers.entry(amount.currency).or_default();
            turnover.returned = turnover.returned.saturating_add(amount.amount.decimal());
            turnover.last_return = Some(at);
        } else if let Matter::InvoiceIssued { invoice, amount, .. } = fact.matter {
            self.invoices.entry(invoice).amount.get_or_insert(amount);
        } else if let Matter::PaymentReceived { invoice: Some(invoice), amount, .. } = fact.matter {
            self.invoices.entry(invoice).against.push((at, amount));
        }
    }

    /// What is above what it is set against, as far as is known.
    pub(super) fn anomalies(&self, names: &Names) -> Vec<Anomaly> {
        let mut found = Vec::new();
        for (invoice, claim) in self.invoices.iter() {
            let id = || names.text(invoice).to_owned();
            found.extend(claim.exceeded().map(|position| Anomaly::PaidAboveInvoice { position, id: id() }));
        }
        for (order, claim) in self.orders.iter() {
            let id = || names.text(order).to_owned();
            found.extend(claim.exceeded().map(|position| Anomaly::ReturnedAboveOrder { position, id: id() }));
        }
        for (currency, turnover) in &self.turnovers {
            let above = turnover.last_return.filter(|_| turnover.returned > turnover.ordered);
            found
                .extend(above.map(|position| Anomaly::ReturnedAboveOrders { position, currency: *currency }));
        }
        found
    }
}

impl Claim {
    /// The event with which the sum against the amount went above it.
    fn exceeded(&self) -> Option<Position> {
        let amount = self.amount?;
        let mut sum = Decimal::ZERO;
        let same = self.against.iter().filter(|(_, money)| money.currency == amount.currency);
        same.into_iter().find_map(|(position, money)| {
            sum = sum.saturating_add(money.amount.decimal());
            (sum > amount.amount.decimal()).then_some(*position)
        })
    }
}
