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
        let rate = self.in_force(money.currency, reporting, at)?;
        Some(amount.checked_mul(rate).map_or_else(|| to_f64(amount) * to_f64(rate), to_f64))
    }

    /// Whether [`Rates::convert`] gives a figure of an amount in this currency.
    pub fn serve(&self, currency: Currency, reporting: Currency, at: Timestamp) -> bool {
        currency == reporting || self.in_force(currency, reporting, at).is_some()
    }

    fn in_force(&self, from: Currency, to: Currency, at: Timestamp) -> Option<Decimal> {
        let list = self.by_pair.get(&(from, to))?;
        let begun = list.partition_point(|rate| rate.begins <= at);
        Some(list.get(begun.checked_sub(1)?)?.rate)
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
    let one = POWERS_OF_TEN.get(decimal.scale() as usize).copied().unwrap_or(f64::NAN);
    decimal.mantissa() as f64 / one
}

/// By exponent, as far as a decimal has digits after the point.
#[rustfmt::skip]
const POWERS_OF_TEN: [f64; 29] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28,
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::EventType;
    use crate::story::{Story, at};

    #[test]
    fn powers_of_ten_are_those_of_the_library() {
        for (exponent, power) in (0_u32..).zip(POWERS_OF_TEN) {
            assert_eq!(power.to_bits(), libm::pow(10.0, f64::from(exponent)).to_bits(), "{exponent}");
        }
    }

    fn converted(rates: &[(&str, &str)], money: &str, when: &str) -> Option<f64> {
        let mut ledger = Story::default();
        for (date, rate) in rates {
            let data = json!({ "from": "USD", "to": "CNY", "rate": rate, "date": date });
            ledger.tell(at("2026-01-01"), EventType::RateSet, data);
        }
        let rates = Rates::from_history(&ledger.effective(Timestamp::MAX), Zone::default());
        rates.convert(money.parse().unwrap(), Currency::new("CNY").unwrap(), at(when))
    }

    #[test]
    fn the_newest_rate_whose_date_began_is_in_force() {
        let rates = [("2026-02-01", "8"), ("2026-01-01", "7"), ("2026-03-01", "9"), ("2026-03-01", "9.5")];
        // A day begins at 16:00 UTC of the day before in Shanghai.
        assert_eq!(converted(&rates, "10 USD", "2025-12-31T15:59"), None);
        assert_eq!(converted(&rates, "10 USD", "2025-12-31T16:00"), Some(70.0));
        assert_eq!(converted(&rates, "10 USD", "2026-01-31T15:59"), Some(70.0));
        assert_eq!(converted(&rates, "10 USD", "2026-01-31T16:00"), Some(80.0));
        assert_eq!(converted(&rates, "10 USD", "2030-01-01"), Some(95.0), "the one recorded later");
        assert_eq!(converted(&[("2026-03-01T00:00:00Z", "2")], "1 USD", "2026-03-01"), Some(2.0));
    }

    #[test]
    fn the_reporting_currency_needs_no_rate_and_others_are_not_guessed() {
        assert_eq!(converted(&[], "12.34 CNY", "2026-01-01"), Some(12.34));
        assert_eq!(converted(&[("2026-01-01", "7")], "10 EUR", "2026-02-01"), None);
        let inverse = [("2026-01-01", "0.14")];
        assert_eq!(converted(&inverse, "100 CNY", "2026-02-01"), Some(100.0));
    }

    #[test]
    fn amounts_become_the_nearest_figures_and_never_overflow() {
        for text in ["0.1", "0.07", "123456.78", "99999999.99", "0.00000001"] {
            assert_eq!(converted(&[], &format!("{text} CNY"), "2026-01-01"), text.parse().ok(), "{text}");
        }
        let most = "999999999999999.99999999";
        let figure = converted(&[("2026-01-01", most)], &format!("{most} USD"), "2026-02-01").unwrap();
        assert!((figure / 1e30 - 1.0).abs() < 1e-12);
    }
}
