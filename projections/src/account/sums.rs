//! Sums of money that cannot be: more paid than was asked for, more returned than was ordered.
//!
//! Amounts are compared exactly and in their own currency; no rate is applied, since a rate is not the customer's.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::anomaly::{Anomaly, Oddity};
use crate::fact::{ByNumber, Fact, Matter, Names, Number};
use crate::id::{InvoiceId, OrderId};
use crate::money::{Currency, Money};
use crate::position::Position;

#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    invoices: Claims<InvoiceId>,
    orders: Claims<OrderId>,
    turnovers: BTreeMap<Currency, Turnover>,
}

/// Amounts, and what is set against them.
#[derive(Debug, Clone)]
struct Claims<T> {
    /// That of the first event of each name.
    amounts: ByNumber<T, Option<Money>>,
    /// In the order of time.
    against: Vec<(Number<T>, Position, Money)>,
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
            self.orders.amounts.entry(order).get_or_insert(amount);
            let turnover = self.turnovers.entry(amount.currency).or_default();
            turnover.ordered = turnover.ordered.saturating_add(amount.amount.decimal());
        } else if let Matter::OrderReturned { order, amount } = fact.matter {
            if let Some(order) = order {
                self.orders.against.push((order, at, amount));
            }
            let turnover = self.turnovers.entry(amount.currency).or_default();
            turnover.returned = turnover.returned.saturating_add(amount.amount.decimal());
            turnover.last_return = Some(at);
        } else if let Matter::InvoiceIssued { invoice, amount, .. } = fact.matter {
            self.invoices.amounts.entry(invoice).get_or_insert(amount);
        } else if let Matter::PaymentReceived { invoice: Some(invoice), amount, .. } = fact.matter {
            self.invoices.against.push((invoice, at, amount));
        }
    }

    /// What is above what it is set against, as far as is known.
    pub(super) fn anomalies(&self, names: &Names) -> Vec<Anomaly> {
        let mut found = Vec::new();
        for (invoice, position) in self.invoices.exceeded() {
            found.push(Oddity::PaidAboveInvoice { id: names.text(invoice).into() }.shown_by(position));
        }
        for (order, position) in self.orders.exceeded() {
            found.push(Oddity::ReturnedAboveOrder { id: names.text(order).into() }.shown_by(position));
        }
        for (currency, turnover) in &self.turnovers {
            let above = turnover.last_return.filter(|_| turnover.returned > turnover.ordered);
            let above_all = Oddity::ReturnedAboveOrders { currency: *currency };
            found.extend(above.map(|position| above_all.shown_by(position)));
        }
        found
    }
}

impl<T> Default for Claims<T> {
    fn default() -> Self {
        Self { amounts: ByNumber::default(), against: Vec::new() }
    }
}

impl<T> Claims<T> {
    /// What has more set against it than its amount, and the event with which that came about.
    fn exceeded(&self) -> Vec<(Number<T>, Position)> {
        let mut sums = ByNumber::<T, Decimal>::default();
        let mut exceeded = Vec::new();
        for (claim, position, money) in &self.against {
            let Some(Some(amount)) = self.amounts.get(*claim) else { continue };
            if money.currency != amount.currency {
                continue;
            }
            let (most, sum) = (amount.amount.decimal(), sums.entry(*claim));
            let before = *sum;
            *sum = before.saturating_add(money.amount.decimal());
            if before <= most && *sum > most {
                exceeded.push((*claim, *position));
            }
        }
        exceeded
    }
}
