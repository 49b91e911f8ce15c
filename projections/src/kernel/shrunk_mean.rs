//! K2, the shrunk mean of faded evidence, and what every figure is read as.

use serde::{Deserialize, Serialize};

use super::{FadingSum, Quantity};
use crate::position::Position;
use crate::time::Timestamp;

/// A figure with how well it is known. All four lie in [0, 1], and `low <= q <= high`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate<Q = f64> {
    /// The figure.
    pub q: Q,
    /// How much of it comes from evidence: 0 for the bare prior, towards 1 with more evidence.
    pub confidence: Q,
    /// What it would be if all that is not known were bad.
    pub low: f64,
    /// What it would be if all that is not known were good.
    pub high: f64,
}

/// Faded evidence: `W`, the sum of its masses, and `Y`, the sum of masses times values in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence<Q = f64> {
    /// W.
    pub mass: Q,
    /// Y, at most W.
    pub good: Q,
}

/// Evidence that fades with one half-life. Terms may come in any order of time.
///
/// Cost: O(1) per term.
#[derive(Debug, Clone)]
pub struct FadingEvidence<Q: Quantity = f64> {
    mass: Q::Sum,
    good: Q::Sum,
}

/// What is believed without evidence, and how strongly: the policy's prior of a K2.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// mu, in [0, 1].
    pub mu: f64,
    /// k: so much mass of evidence weighs as much as the prior.
    pub strength: f64,
}

impl<Q: Quantity> Evidence<Q> {
    /// Adds unfaded evidence of the given mass and value.
    #[must_use]
    pub fn and(self, mass: Q, value: f64) -> Self {
        Self { good: self.good.plus(mass.clone().times(value)), mass: self.mass.plus(mass) }
    }

    /// Adds other evidence.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { mass: self.mass.plus(other.mass), good: self.good.plus(other.good) }
    }

    /// Takes the mass down to `most` where it is above, the mean value kept.
    #[must_use]
    pub fn at_most(self, most: f64) -> Self {
        let mass = self.mass.value();
        if mass > most {
            Self { mass: self.mass.through(|mass| mass.min(most)), good: self.good.times(most / mass) }
        } else {
            self
        }
    }

    /// K2, the mean of the evidence shrunk towards the prior.
    ///
    /// `Formula:` q = (k mu + Y)/(k + W), confidence W/(k + W), interval [Y/(k + W), (k + Y)/(k + W)].
    /// `Source:` model specification, section 2, K2.
    ///
    /// Worked example with mu = .7, k = 4: masses 1 and 4, faded to a half, with values 1 and 0 give W = 2.5,
    /// Y = .5, so q = (2.8 + .5)/6.5 = .507692, confidence 2.5/6.5 = .384615, interval [.076923, .692308].
    ///
    /// ```
    /// use guanxi_projections::kernel::{FadingEvidence, Prior};
    /// use guanxi_projections::{position::Position, time::Timestamp};
    /// let start = Timestamp::from_micros(0);
    /// let mut evidence = FadingEvidence::<f64>::new(365.0);
    /// evidence.add(Position(0), start, 1.0, 1.0);
    /// evidence.add(Position(1), start, 4.0, 0.0);
    /// let estimate = evidence.at(start.plus_days(365.0)).shrunk(Prior { mu: 0.7, strength: 4.0 });
    /// assert!((estimate.q - 0.507_692).abs() < 1e-6);
    /// assert!((estimate.confidence - 0.384_615).abs() < 1e-6);
    /// assert!((estimate.low - 0.076_923).abs() < 1e-6 && (estimate.high - 0.692_308).abs() < 1e-6);
    /// ```
    pub fn shrunk(self, prior: Prior) -> Estimate<Q> {
        let Prior { mu, strength } = prior;
        let (whole, good) = (strength + self.mass.value(), self.good.value());
        Estimate {
            q: Q::shrunk(Q::bare(mu), strength, &self.mass, &self.good),
            low: good / whole,
            high: (strength + good) / whole,
            confidence: self.mass.through(|mass| mass / (strength + mass)),
        }
    }

    /// The estimate of a formula joined with people's judgements of the same dimension.
    ///
    /// `Formula:` q = (`q_f` + Y)/(1 + W), confidence (`c_f` + W)/(1 + W), low and high like q.
    /// `Source:` model specification, section 5, Judgement.
    pub fn judge(self, formula: Estimate<Q>) -> Estimate<Q> {
        let (mass, good) = (self.mass.value(), self.good.value());
        let joined = |figure: f64| (figure + good) / (1.0 + mass);
        Estimate {
            q: Q::shrunk(formula.q, 1.0, &self.mass, &self.good),
            confidence: Q::shrunk(formula.confidence, 1.0, &self.mass, &self.mass),
            low: joined(formula.low),
            high: joined(formula.high),
        }
    }
}

impl<Q: Quantity> FadingEvidence<Q> {
    /// No evidence yet; the half-life is positive.
    pub fn new(half_life_days: f64) -> Self {
        Self { mass: Q::Sum::new(half_life_days), good: Q::Sum::new(half_life_days) }
    }

    /// Adds evidence of the given mass, 0 or more, and value in [0, 1], that the event at `by` brought about and
    /// that stands at `at`.
    pub fn add(&mut self, by: Position, at: Timestamp, mass: f64, value: f64) {
        self.mass.take(by, at, mass);
        self.good.take(by, at, mass * value);
    }

    /// What is left of it at an instant not before its newest term.
    pub fn at(&self, at: Timestamp) -> Evidence<Q> {
        Evidence { mass: self.mass.read(at), good: self.good.read(at) }
    }
}

impl<Q: Quantity> Estimate<Q> {
    /// A volume: how much there is of something, on a scale that saturates.
    ///
    /// `Formula:` q = W/(W + k); confidence c = 1 - `d_90`(T - start of the account) is how long one has looked, and
    /// comes with the account; interval [q, q + (1 - c)(1 - q)]. `Source:` model specification, section 2.
    ///
    /// ```
    /// use guanxi_projections::kernel::Estimate;
    /// let volume = Estimate::volume(2.3, 2.3, 0.75);
    /// assert_eq!((volume.q, volume.low, volume.high), (0.5, 0.5, 0.625));
    /// ```
    pub fn volume(mass: Q, saturation: f64, confidence: Q) -> Self {
        Self::of_volume(mass.through(|mass| mass / (mass + saturation)), confidence)
    }

    /// A volume whose figure is known already.
    pub fn of_volume(q: Q, confidence: Q) -> Self {
        let (low, known) = (q.value(), confidence.value());
        Self { q, confidence, low, high: low + (1.0 - known) * (1.0 - low) }
    }

    /// A figure that is known for certain.
    pub fn certain(q: Q) -> Self {
        let value = q.value();
        Self { q, confidence: Q::bare(1.0), low: value, high: value }
    }

    /// A figure of which nothing is known.
    pub fn unknown(q: Q) -> Self {
        Self { q, confidence: Q::default(), low: 0.0, high: 1.0 }
    }

    /// The weighted sum of parts; the weights sum to 1.
    pub fn sum(parts: impl IntoIterator<Item = (f64, Self)>) -> Self {
        let nothing = Self { q: Q::default(), confidence: Q::default(), low: 0.0, high: 0.0 };
        parts.into_iter().fold(nothing, |sum, (weight, part)| Self {
            q: sum.q.plus(part.q.times(weight)),
            confidence: sum.confidence.plus(part.confidence.times(weight)),
            low: sum.low + weight * part.low,
            high: sum.high + weight * part.high,
        })
    }

    /// The same without what each event contributed.
    pub fn bare(&self) -> Estimate {
        let Self { q, confidence, low, high } = self;
        Estimate { q: q.value(), confidence: confidence.value(), low: *low, high: *high }
    }
}
