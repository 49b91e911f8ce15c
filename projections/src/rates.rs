//! Rates of exchange: how amounts of other currencies enter figures.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::event::Event;
use crate::history::EffectiveEvent;
use crate::money::{Currency, Money};
use crate::position::Position;
use crate::time::{Timestamp, When, Zone};

/// The rates in force over time, as the ledger's own stream has them.
///
/// Only a rate from the amount's currency to the reporting currency serves: neither inverse nor cross rates are
/// derived, since a ledger must not compute a rate that nobody set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rates {
    /// By (from, to); each list in the order (beginning, position).
    by_pair: BTreeMap<(Currency, Currency), Vec<Rate>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Rate {
    begins: Timestamp,
    position: Position,
    /// Units of the second currency for one of the first.
    rate: Decimal,
}

impl Rates {
    /// No rates: amounts in the reporting currency alone enter figures.
    pub fn none() -> Self {
        Self::default()
    }

    /// The rates of the ledger's own stream; events of other types are passed over. Cost: O(n log n).
    pub fn from_history(ledger_stream: &[EffectiveEvent<'_>], zone: Zone) -> Self {
        let mut rates = Self::default();
        for event in ledger_stream {
            if let Event::RateSet(set) = event.event {
                let begins = beginning(set.date, zone);
                let rate = Rate { begins, position: event.position, rate: set.rate.decimal() };
                rates.by_pair.entry((set.from, set.to)).or_default().push(rate);
            }
        }
        for list in rates.by_pair.values_mut() {
            list.sort_by_key(|rate| (rate.begins, rate.position));
        }
        rates
    }

    /// An amount in the reporting currency, by the newest rate whose date began at or before `at`; of two with
    /// the same beginning, the one recorded later. `None` when there is no such rate.
    pub fn convert(&self, money: Money, reporting: Currency, at: Timestamp) -> Option<f64> {
        let amount = money.amount.decimal();
        if money.currency == reporting {
            return Some(to_f64(amount));
        }
        let list = self.by_pair.get(&(money.currency, reporting))?;
        let begun = list.partition_point(|rate| rate.begins <= at);
        let rate = list.get(begun.checked_sub(1)?)?.rate;
        Some(amount.checked_mul(rate).map_or_else(|| to_f64(amount) * to_f64(rate), to_f64))
    }
}

/// A date begins at its first instant in the ledger's zone.
fn beginning(date: When, zone: Zone) -> Timestamp {
    match date {
        When::Day(day) => zone.start_of(day),
        When::At(instant) => instant,
    }
}

/// The nearest figure of a decimal: exact division of two exact numbers while the digits fit into 2^53.
fn to_f64(decimal: Decimal) -> f64 {
    decimal.mantissa() as f64 / libm::pow(10.0, f64::from(decimal.scale()))
}
