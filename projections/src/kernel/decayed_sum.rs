//! K1, the decayed sum.

use super::decay;
use crate::time::Timestamp;

/// A sum whose terms fade with a half-life.
///
/// `Formula:` D(T) = sum of `m_i d_h(T - t_i)`. `Source:` model specification, section 2, K1.
///
/// Terms may come in any order, and may be negative (to take one back). Constant memory and time.
///
/// Worked example, h = 90 d: 100 on day 0 and 40 on day 90 make 100/2 + 40 = 90 on day 90, and 45 on day 180.
/// A late 80 of day 0, heard after that, adds 80/2 = 40 to the first and 20 to the second:
///
/// ```
/// use guanxi_projections::{kernel::DecayedSum, time::Timestamp};
/// let day = |n: i32| Timestamp::from_micros(0).plus_days(f64::from(n));
/// let mut sum = DecayedSum::new(90.0);
/// sum.add(day(0), 100.0);
/// sum.add(day(90), 40.0);
/// assert_eq!((sum.at(day(90)), sum.at(day(180))), (90.0, 45.0));
/// sum.add(day(0), 80.0);
/// assert_eq!((sum.at(day(90)), sum.at(day(180))), (130.0, 65.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecayedSum {
    half_life_days: f64,
    value: f64,
    /// The time of the newest term, at which `value` stands.
    stands_at: Timestamp,
}

impl DecayedSum {
    /// An empty sum.
    pub fn new(half_life_days: f64) -> Self {
        Self { half_life_days, value: 0.0, stands_at: Timestamp::MIN }
    }

    /// The half-life, in days.
    pub fn half_life_days(&self) -> f64 {
        self.half_life_days
    }

    /// Adds a term `mass` of the instant `at`, which may lie before terms added earlier.
    pub fn add(&mut self, at: Timestamp, mass: f64) {
        if at > self.stands_at {
            self.value = self.at(at) + mass;
            self.stands_at = at;
        } else {
            self.value += mass * self.decay_between(at, self.stands_at);
        }
    }

    /// The sum at an instant not before its newest term; an earlier one reads as that of the newest term.
    pub fn at(&self, at: Timestamp) -> f64 {
        if self.value == 0.0 || at <= self.stands_at {
            self.value
        } else {
            self.value * self.decay_between(self.stands_at, at)
        }
    }

    fn decay_between(&self, earlier: Timestamp, later: Timestamp) -> f64 {
        decay(self.half_life_days, later.days_since(earlier))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn any_order_of_terms_gives_the_sum_by_definition(
            terms in prop::collection::vec((0_i32..4000, 0.0..1e9_f64), 0..30),
            after in 0_i32..4000,
        ) {
            let day = |n: i32| Timestamp::from_micros(0).plus_days(f64::from(n));
            let mut sum = DecayedSum::new(180.0);
            for (n, mass) in &terms {
                sum.add(day(*n), *mass);
            }
            let last = terms.iter().map(|(n, _)| *n).max().unwrap_or(0);
            let by_definition: f64 =
                terms.iter().map(|(n, mass)| mass * decay(180.0, f64::from(last + after - n))).sum();
            prop_assert!((sum.at(day(last + after)) - by_definition).abs() <= 1e-12 * by_definition);
        }
    }

    #[test]
    fn the_ends_of_time_are_finite() {
        let mut sum = DecayedSum::new(1.0);
        sum.add(Timestamp::MIN, 1e15);
        assert!((sum.at(Timestamp::MIN) - 1e15).abs() < 1e-3);
        sum.add(Timestamp::MAX, 1.0);
        sum.add(Timestamp::MIN, 1e15);
        for at in [Timestamp::MIN, Timestamp::MAX] {
            assert!((sum.at(at) - 1.0).abs() < 1e-15);
        }
    }
}
