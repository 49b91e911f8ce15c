//! Quantities: the numbers that formulas compute with, bare or with what each event contributes to them.
//!
//! A formula is written once, over any [`Quantity`]. Over `f64` it gives the figure; over
//! [`Itemised`](super::Itemised) it gives the same figure, to the bit, and beside it how much of it each event
//! brought about. So a reason cannot drift away from the figure that it is the reason of.

use std::fmt::Debug;

use super::DecayedSum;
use crate::position::Position;
use crate::time::Timestamp;

/// A number that a formula computes.
pub trait Quantity: Clone + Debug + Default {
    /// A sum of such numbers that fade.
    type Sum: FadingSum<Of = Self>;

    /// A number that no event brought about: a prior, an intercept.
    fn bare(value: f64) -> Self;
    /// A number that one event brought about.
    fn of_event(by: Position, value: f64) -> Self;
    /// The number itself.
    fn value(&self) -> f64;
    /// The sum of two.
    #[must_use]
    fn plus(self, other: Self) -> Self;
    /// The difference of two.
    #[must_use]
    fn minus(self, other: Self) -> Self;
    /// A multiple.
    #[must_use]
    fn times(self, factor: f64) -> Self;
    /// A fraction.
    #[must_use]
    fn over(self, divisor: f64) -> Self;
    /// A function of it.
    ///
    /// `Formula:` each event keeps its share of the way from the part without events, b, to the whole, v: its
    /// points times (f(v) - f(b))/(v - b) (Aumann-Shapley on the ray). `Source:` model specification, section 11.
    #[must_use]
    fn through(self, function: impl Fn(f64) -> f64) -> Self;
    /// The mean of evidence, shrunk towards a prior of so much mass.
    ///
    /// `Formula:` q = (k mu + Y)/(k + W); events share q - mu as (`y_i` - mu `w_i`)/(k + W). `Source:` model
    /// specification, sections 2 and 11.
    #[must_use]
    fn shrunk(prior: Self, strength: f64, mass: &Self, good: &Self) -> Self;
    /// What was given against what was gained: C/(G + 1).
    ///
    /// `Formula:` on the ray to (C, G), giving has C ln(1 + G)/G of it and gaining the (negative) rest; within
    /// each by its shares. `Source:` model specification, sections 5, rule 5, and 11.
    #[must_use]
    fn against(self, gained: &Self) -> Self;
}

/// A sum whose terms fade with a half-life, each of an event.
pub trait FadingSum: Clone + Debug {
    /// What it is read as.
    type Of: Quantity;

    /// An empty sum.
    fn new(half_life_days: f64) -> Self;
    /// The half-life, in days.
    fn half_life_days(&self) -> f64;
    /// Takes a term that the event at `by` brought about and that stands at `at`, which may lie before terms taken
    /// earlier.
    fn take(&mut self, by: Position, at: Timestamp, mass: f64);
    /// The sum at an instant not before its newest term.
    fn read(&self, at: Timestamp) -> Self::Of;
}

impl Quantity for f64 {
    type Sum = DecayedSum;

    fn bare(value: f64) -> Self {
        value
    }

    fn of_event(_by: Position, value: f64) -> Self {
        value
    }

    fn value(&self) -> f64 {
        *self
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn minus(self, other: Self) -> Self {
        self - other
    }

    fn times(self, factor: f64) -> Self {
        self * factor
    }

    fn over(self, divisor: f64) -> Self {
        self / divisor
    }

    fn through(self, function: impl Fn(f64) -> f64) -> Self {
        function(self)
    }

    fn shrunk(prior: Self, strength: f64, mass: &Self, good: &Self) -> Self {
        (strength * prior + good) / (strength + mass)
    }

    fn against(self, gained: &Self) -> Self {
        self / (gained + 1.0)
    }
}

impl FadingSum for DecayedSum {
    type Of = f64;

    fn new(half_life_days: f64) -> Self {
        Self::new(half_life_days)
    }

    fn half_life_days(&self) -> f64 {
        self.half_life_days()
    }

    fn take(&mut self, _by: Position, at: Timestamp, mass: f64) {
        self.add(at, mass);
    }

    fn read(&self, at: Timestamp) -> f64 {
        self.at(at)
    }
}
