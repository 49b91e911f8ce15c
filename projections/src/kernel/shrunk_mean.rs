//! K2, the shrunk mean of faded evidence, and what every figure is read as.

use serde::{Deserialize, Serialize};

use super::DecayedSum;
use crate::time::Timestamp;

/// A figure with how well it is known. All four lie in [0, 1], and `low <= q <= high`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure.
    pub q: f64,
    /// How much of it comes from evidence: 0 for the bare prior, towards 1 with more evidence.
    pub confidence: f64,
    /// What it would be if all that is not known were bad.
    pub low: f64,
    /// What it would be if all that is not known were good.
    pub high: f64,
}

/// Faded evidence: `W`, the sum of its masses, and `Y`, the sum of masses times values in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// W.
    pub mass: f64,
    /// Y, at most W.
    pub good: f64,
}

/// Evidence that fades with one half-life. Terms may come in any order of time.
///
/// Cost: O(1) per term.
#[derive(Debug, Clone, PartialEq)]
pub struct FadingEvidence {
    mass: DecayedSum,
    good: DecayedSum,
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

impl Evidence {
    /// Adds unfaded evidence of the given mass and value.
    #[must_use]
    pub fn and(self, mass: f64, value: f64) -> Self {
        Self { mass: self.mass + mass, good: self.good + mass * value }
    }

    /// Adds other evidence.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { mass: self.mass + other.mass, good: self.good + other.good }
    }

    /// Takes the mass down to `most` where it is above, the mean value kept.
    #[must_use]
    pub fn at_most(self, most: f64) -> Self {
        if self.mass > most { Self { mass: most, good: self.good * (most / self.mass) } } else { self }
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
    /// use guanxi_projections::time::Timestamp;
    /// let start = Timestamp::from_micros(0);
    /// let mut evidence = FadingEvidence::new(365.0);
    /// evidence.add(start, 1.0, 1.0);
    /// evidence.add(start, 4.0, 0.0);
    /// let estimate = evidence.at(start.plus_days(365.0)).shrunk(Prior { mu: 0.7, strength: 4.0 });
    /// assert!((estimate.q - 0.507_692).abs() < 1e-6);
    /// assert!((estimate.confidence - 0.384_615).abs() < 1e-6);
    /// assert!((estimate.low - 0.076_923).abs() < 1e-6 && (estimate.high - 0.692_308).abs() < 1e-6);
    /// ```
    pub fn shrunk(self, prior: Prior) -> Estimate {
        let Prior { mu, strength } = prior;
        let whole = strength + self.mass;
        Estimate {
            q: (strength * mu + self.good) / whole,
            confidence: self.mass / whole,
            low: self.good / whole,
            high: (strength + self.good) / whole,
        }
    }

    /// The estimate of a formula joined with people's judgements of the same dimension.
    ///
    /// `Formula:` q = (`q_f` + Y)/(1 + W), confidence (`c_f` + W)/(1 + W), low and high like q.
    /// `Source:` model specification, section 5, Judgement.
    pub fn judge(self, formula: Estimate) -> Estimate {
        let joined = |figure: f64| (figure + self.good) / (1.0 + self.mass);
        Estimate {
            q: joined(formula.q),
            confidence: (formula.confidence + self.mass) / (1.0 + self.mass),
            low: joined(formula.low),
            high: joined(formula.high),
        }
    }
}

impl FadingEvidence {
    /// No evidence yet; the half-life is positive.
    pub fn new(half_life_days: f64) -> Self {
        Self { mass: DecayedSum::new(half_life_days), good: DecayedSum::new(half_life_days) }
    }

    /// Adds evidence of the given mass, 0 or more, and value in [0, 1], that stands at `at`.
    pub fn add(&mut self, at: Timestamp, mass: f64, value: f64) {
        self.mass.add(at, mass);
        self.good.add(at, mass * value);
    }

    /// What is left of it at an instant not before its newest term.
    pub fn at(&self, at: Timestamp) -> Evidence {
        Evidence { mass: self.mass.at(at), good: self.good.at(at) }
    }
}

impl Estimate {
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
    pub fn volume(mass: f64, saturation: f64, confidence: f64) -> Self {
        Self::of_volume(mass / (mass + saturation), confidence)
    }

    /// A volume whose figure is known already.
    pub fn of_volume(q: f64, confidence: f64) -> Self {
        Self { q, confidence, low: q, high: q + (1.0 - confidence) * (1.0 - q) }
    }

    /// The weighted sum of parts; the weights sum to 1.
    pub fn sum(parts: impl IntoIterator<Item = (f64, Self)>) -> Self {
        let nothing = Self { q: 0.0, confidence: 0.0, low: 0.0, high: 0.0 };
        parts.into_iter().fold(nothing, |sum, (weight, part)| Self {
            q: sum.q + weight * part.q,
            confidence: sum.confidence + weight * part.confidence,
            low: sum.low + weight * part.low,
            high: sum.high + weight * part.high,
        })
    }
}
