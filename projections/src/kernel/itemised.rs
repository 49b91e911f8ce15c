//! Itemised quantities: a number with what each event contributes to it.

use std::collections::BTreeMap;

use super::{DecayedSum, FadingSum, Quantity, decay};
use crate::position::Position;
use crate::time::Timestamp;

/// A number, the part of it that no event brought about, and the points that each event did.
///
/// Invariant: `value` is what the same formula gives over `f64`, to the bit; it is the baseline and all points,
/// but for rounding.
///
/// Worked example, the mean of two events shrunk towards .5 with strength 1: masses 1 and 2, values 1 and 0 give
/// W = 3, Y = 1, q = (.5 + 1)/4 = .375; the first contributes 1 (1 - .5)/4 = .125, the second 2 (0 - .5)/4 = -.25:
///
/// ```
/// use guanxi_projections::kernel::{Itemised, Quantity as _};
/// use guanxi_projections::position::Position;
/// let (first, second) = (Position(0), Position(1));
/// let good = Itemised::of_event(first, 1.0);
/// let mass = good.clone().plus(Itemised::of_event(second, 2.0));
/// let mean = Itemised::shrunk(Itemised::bare(0.5), 1.0, &mass, &good);
/// assert_eq!((mean.value(), mean.baseline()), (0.375, 0.5));
/// assert_eq!(mean.points(), &[(first, 0.125), (second, -0.25)].into());
/// // As a share of a whole, f(S) = S/(S + 1) with S = 3: .75, of which a third and two thirds.
/// let volume = mass.through(|mass| mass / (mass + 1.0));
/// assert_eq!(volume.points(), &[(first, 0.25), (second, 0.5)].into());
/// // Given 3, gained 1: 3/2, of which 3 ln 2 = 2.079442 by giving and the rest by gaining.
/// let exposure = Itemised::of_event(first, 3.0).against(&Itemised::of_event(second, 1.0));
/// assert_eq!(exposure.value(), 1.5);
/// assert!((exposure.points()[&first] - 2.079_442).abs() < 1e-6);
/// assert!((exposure.points()[&second] + 0.579_442).abs() < 1e-6);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Itemised {
    value: f64,
    baseline: f64,
    points: BTreeMap<Position, f64>,
}

/// A sum whose terms fade, each kept with its event.
#[derive(Debug, Clone)]
pub struct ItemisedSum {
    /// The sum as it is without items, so that it has the same bits.
    whole: DecayedSum,
    terms: Vec<(Position, Timestamp, f64)>,
}

impl Itemised {
    /// The part that no event brought about.
    pub fn baseline(&self) -> f64 {
        self.baseline
    }

    /// What each event contributes.
    pub fn points(&self) -> &BTreeMap<Position, f64> {
        &self.points
    }

    /// Every part times its own kind of factor; the value is known already.
    fn scaled(mut self, value: f64, baseline: f64, factor: f64) -> Self {
        self.points.values_mut().for_each(|points| *points *= factor);
        Self { value, baseline, points: self.points }
    }

    /// Adds a multiple of another one's parts; the value is known already.
    fn with(mut self, value: f64, other: &Self, factor: f64) -> Self {
        for (by, points) in &other.points {
            *self.points.entry(*by).or_default() += points * factor;
        }
        Self { value, baseline: self.baseline + other.baseline * factor, points: self.points }
    }
}

impl Quantity for Itemised {
    type Sum = ItemisedSum;

    fn bare(value: f64) -> Self {
        Self { value, baseline: value, points: BTreeMap::new() }
    }

    fn of_event(by: Position, value: f64) -> Self {
        Self { value, baseline: 0.0, points: BTreeMap::from([(by, value)]) }
    }

    fn value(&self) -> f64 {
        self.value
    }

    fn plus(self, other: Self) -> Self {
        let value = self.value.plus(other.value);
        self.with(value, &other, 1.0)
    }

    fn minus(self, other: Self) -> Self {
        let value = self.value.minus(other.value);
        self.with(value, &other, -1.0)
    }

    fn times(self, factor: f64) -> Self {
        let (value, baseline) = (self.value.times(factor), self.baseline * factor);
        self.scaled(value, baseline, factor)
    }

    fn over(self, divisor: f64) -> Self {
        let (value, baseline) = (self.value.over(divisor), self.baseline / divisor);
        self.scaled(value, baseline, 1.0 / divisor)
    }

    /// What is nothing in all, such as an order and its whole return, contributes nothing in its parts.
    fn through(self, function: impl Fn(f64) -> f64) -> Self {
        let way = self.value - self.baseline;
        let (value, baseline) = (function(self.value), function(self.baseline));
        let factor = if way == 0.0 { 0.0 } else { (value - baseline) / way };
        self.scaled(value, baseline, factor)
    }

    fn shrunk(prior: Self, strength: f64, mass: &Self, good: &Self) -> Self {
        let value = f64::shrunk(prior.value, strength, &mass.value, &good.value);
        let (mean, whole) = (prior.value, strength + mass.value);
        prior.with(value, good, 1.0 / whole).with(value, mass, -mean / whole)
    }

    fn against(self, gained: &Self) -> Self {
        let (given, value) = (self.value, self.value.against(&gained.value));
        let by_giving = if gained.value > 0.0 { libm::log1p(gained.value) / gained.value } else { 1.0 };
        let by_gaining = if gained.value > 0.0 { (value - given * by_giving) / gained.value } else { 0.0 };
        let baseline = self.baseline * by_giving;
        self.scaled(value, baseline, by_giving).with(value, gained, by_gaining)
    }
}

impl FadingSum for ItemisedSum {
    type Of = Itemised;

    fn new(half_life_days: f64) -> Self {
        Self { whole: DecayedSum::new(half_life_days), terms: Vec::new() }
    }

    fn half_life_days(&self) -> f64 {
        self.whole.half_life_days()
    }

    fn take(&mut self, by: Position, at: Timestamp, mass: f64) {
        self.whole.add(at, mass);
        self.terms.push((by, at, mass));
    }

    fn read(&self, at: Timestamp) -> Itemised {
        let mut points = BTreeMap::new();
        for (by, stands_at, mass) in &self.terms {
            let faded = mass * decay(self.half_life_days(), at.days_since(*stands_at));
            *points.entry(*by).or_default() += faded;
        }
        Itemised { value: self.whole.at(at), baseline: 0.0, points }
    }
}
