//! Sums of money over orders and returns.

use crate::kernel::{FadingSum, Quantity, decay};
use crate::position::Position;
use crate::time::Timestamp;

/// Below this share of what was ordered, the difference of orders and returns is a rounding residue, not money.
/// (Ten thousand roundings of f64 stay below 1e-11.)
const RESIDUE: f64 = 1e-9;

/// What was ordered and what was returned, faded apart, so that a full return leaves exactly nothing.
#[derive(Debug, Clone)]
pub(crate) struct Amounts<Q: Quantity = f64> {
    ordered: Q::Sum,
    returned: Q::Sum,
}

impl Amounts {
    pub(crate) fn order(&mut self, at: Timestamp, amount: f64) {
        self.ordered.add(at, amount);
    }

    /// Adds a return; a negative amount takes one back.
    pub(crate) fn give_back(&mut self, at: Timestamp, amount: f64) {
        self.returned.add(at, amount);
    }
}

impl<Q: Quantity> Amounts<Q> {
    pub(crate) fn new(half_life_days: f64) -> Self {
        Self { ordered: Q::Sum::new(half_life_days), returned: Q::Sum::new(half_life_days) }
    }

    /// The same as [`Amounts::order`], with the event that brought it about.
    pub(crate) fn order_of(&mut self, by: Position, at: Timestamp, amount: f64) {
        self.ordered.take(by, at, amount);
    }

    /// The same as [`Amounts::give_back`], with the event that brought it about.
    pub(crate) fn give_back_of(&mut self, by: Position, at: Timestamp, amount: f64) {
        self.returned.take(by, at, amount);
    }

    /// What was ordered, faded to an instant, returns apart.
    pub(crate) fn ordered(&self, at: Timestamp) -> Q {
        self.ordered.read(at)
    }

    /// What was returned, faded to an instant.
    pub(crate) fn returned(&self, at: Timestamp) -> Q {
        self.returned.read(at)
    }

    /// M: what was ordered less what was returned, faded to an instant, at least 0.
    pub(crate) fn standing(&self, at: Timestamp) -> Q {
        self.without(at, Q::default(), Q::default())
    }

    /// The same, with so much of the (faded) orders and returns left out.
    pub(crate) fn without(&self, at: Timestamp, ordered_less: Q, returned_less: Q) -> Q {
        let ordered = self.ordered.read(at).minus(ordered_less);
        let returned = self.returned.read(at).minus(returned_less);
        let residue = RESIDUE * ordered.value();
        let standing = ordered.minus(returned.through(|returned| returned.max(0.0)));
        standing.through(|standing| if standing <= residue { 0.0 } else { standing })
    }

    /// The days that a faded sum has watched, of `age_days` in all.
    ///
    /// `Formula:` (h/ln 2)(1 - `d_h`(age)). `Source:` model specification, section 4.
    pub(crate) fn watched_days(&self, age_days: f64) -> f64 {
        let half_life_days = self.ordered.half_life_days();
        half_life_days / std::f64::consts::LN_2 * (1.0 - decay(half_life_days, age_days))
    }
}
