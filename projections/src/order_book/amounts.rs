//! Sums of money over orders and returns.

use crate::kernel::{DecayedSum, decay};
use crate::time::Timestamp;

/// Below this share of what was ordered, the difference of orders and returns is a rounding residue, not money.
/// (Ten thousand roundings of f64 stay below 1e-11.)
const RESIDUE: f64 = 1e-9;

/// What was ordered and what was returned, faded apart, so that a full return leaves exactly nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Amounts {
    ordered: DecayedSum,
    returned: DecayedSum,
}

impl Amounts {
    pub(crate) fn new(half_life_days: f64) -> Self {
        Self { ordered: DecayedSum::new(half_life_days), returned: DecayedSum::new(half_life_days) }
    }

    pub(crate) fn order(&mut self, at: Timestamp, amount: f64) {
        self.ordered.add(at, amount);
    }

    /// Adds a return; a negative amount takes one back.
    pub(crate) fn give_back(&mut self, at: Timestamp, amount: f64) {
        self.returned.add(at, amount);
    }

    /// What was ordered, faded to an instant, returns apart.
    pub(crate) fn ordered(&self, at: Timestamp) -> f64 {
        self.ordered.at(at)
    }

    /// What was returned, faded to an instant.
    pub(crate) fn returned(&self, at: Timestamp) -> f64 {
        self.returned.at(at)
    }

    /// M: what was ordered less what was returned, faded to an instant, at least 0.
    pub(crate) fn standing(&self, at: Timestamp) -> f64 {
        self.without(at, 0.0, 0.0)
    }

    /// The same, with so much of the (faded) orders and returns left out.
    pub(crate) fn without(&self, at: Timestamp, ordered_less: f64, returned_less: f64) -> f64 {
        let ordered = self.ordered.at(at) - ordered_less;
        let returned = self.returned.at(at) - returned_less;
        let standing = ordered - returned.max(0.0);
        if standing <= RESIDUE * ordered { 0.0 } else { standing }
    }

    /// The days that a faded sum has watched, of `age_days` in all.
    ///
    /// `Formula:` (h/ln 2)(1 - `d_h`(age)). `Source:` model specification, section 4.
    pub(crate) fn watched_days(&self, age_days: f64) -> f64 {
        let half_life_days = self.ordered.half_life_days();
        half_life_days / std::f64::consts::LN_2 * (1.0 - decay(half_life_days, age_days))
    }
}
