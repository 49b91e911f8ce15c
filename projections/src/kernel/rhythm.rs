//! K3, the own rhythm of a stream of occasions.

use crate::policy::RhythmPolicy;
use crate::time::{Day, Timestamp};

use super::decay;

/// How regularly something happens, learnt from its own past: when it last did, how often it came again, and
/// the faded number `N` and sum `G` of the gaps between.
///
/// An occasion is a calendar day and stands at its first event. Occasions come in the order of time.
/// `Source:` model specification, section 2, K3.
///
/// Worked example with the policy for orders (r = .75, alpha = 60, h = 365): order days at 0 and 365.
/// The gap is 365 d, so N = 0 `d_h(365)` + 1 = 1, G = 0 + 365 = 365, x = 1. A third at 730 gives
/// N = 1/2 + 1 = 1.5, G = 365/2 + 365 = 547.5, a mean gap of 365 d. After a silence of s = 607.5 = 60 + 547.5
/// days, S = (1/2)^(.75 + 1.5) = .21022, and that same s is the silence after which S has that value.
///
/// ```
/// use guanxi_projections::{kernel::Rhythm, policy::Policy, time::{Timestamp, Zone}};
/// let policy = Policy::default_policy().rhythm.orders;
/// let zone = Zone::named("UTC").unwrap();
/// let day = |n: f64| Timestamp::from_micros(0).plus_days(n);
/// let mut rhythm = None;
/// for at in [day(0.0), day(365.0), day(730.0)] {
///     assert!(Rhythm::occur(&mut rhythm, zone.day_of(at), at, &policy));
/// }
/// let rhythm = rhythm.unwrap();
/// assert_eq!((rhythm.repeats(), rhythm.mean_gap_days()), (2, Some(365.0)));
/// let survival = rhythm.survival(607.5, &policy);
/// assert!((survival - 0.210_224).abs() < 1e-6);
/// assert!((rhythm.silence_days(survival, &policy) - 607.5).abs() < 1e-9);
/// // alive: 1 / (1 + [.05 / (5 + 2)] / S) = .967139
/// assert!((rhythm.alive(607.5, &policy) - 0.967_139).abs() < 1e-6);
/// // active within 1215 d: .967139 (1 - (1215/2430)^2.25) = .763823
/// assert!((rhythm.active_within(1215.0, 607.5, &policy) - 0.763_823).abs() < 1e-6);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rhythm {
    first: Timestamp,
    last: Timestamp,
    last_day: Day,
    repeats: u32,
    /// N: faded number of gaps.
    gaps: f64,
    /// G: faded sum of gaps, in days.
    gap_days: f64,
}

impl Rhythm {
    /// Takes an event of the stream at the instant `at`, which falls on `day`. Returns whether it makes a new
    /// occasion: an event on the day of the last occasion changes nothing.
    pub fn occur(rhythm: &mut Option<Self>, day: Day, at: Timestamp, policy: &RhythmPolicy) -> bool {
        match rhythm {
            None => *rhythm = Some(Self::begin(day, at)),
            Some(known) if day > known.last_day => known.repeat(day, at, policy),
            Some(_) => return false,
        }
        true
    }

    fn begin(day: Day, at: Timestamp) -> Self {
        Self { first: at, last: at, last_day: day, repeats: 0, gaps: 0.0, gap_days: 0.0 }
    }

    fn repeat(&mut self, day: Day, at: Timestamp, policy: &RhythmPolicy) {
        let gap = at.days_since(self.last).max(policy.gap_days_min);
        let faded = decay(policy.half_life_days, gap);
        self.gaps = self.gaps * faded + 1.0;
        self.gap_days = self.gap_days * faded + gap;
        self.repeats = self.repeats.saturating_add(1);
        self.last = at;
        self.last_day = day;
    }

    /// The first occasion.
    pub fn first(&self) -> Timestamp {
        self.first
    }

    /// The last occasion: the first event of its day.
    pub fn last(&self) -> Timestamp {
        self.last
    }

    /// The day of the last occasion.
    pub fn last_day(&self) -> Day {
        self.last_day
    }

    /// x: occasions after the first.
    pub fn repeats(&self) -> u32 {
        self.repeats
    }

    /// G/N: the faded mean gap, in days; `None` before the first repeat.
    pub fn mean_gap_days(&self) -> Option<f64> {
        (self.gaps > 0.0).then(|| self.gap_days / self.gaps)
    }

    /// How probable a silence at least as long is under the own rhythm.
    ///
    /// `Formula:` S = ((alpha + G)/(alpha + G + s))^(r + N), s the silence in days, 0 or more.
    pub fn survival(&self, silent_days: f64, policy: &RhythmPolicy) -> f64 {
        let known = policy.alpha_days + self.gap_days;
        libm::pow(known / (known + silent_days.max(0.0)), policy.r + self.gaps)
    }

    /// How probable it is that the stream goes on at all.
    ///
    /// `Formula:` P = 1/(1 + [a/(b + x)]/S).
    pub fn alive(&self, silent_days: f64, policy: &RhythmPolicy) -> f64 {
        let survival = self.survival(silent_days, policy);
        survival / (survival + policy.a / (policy.b + f64::from(self.repeats))).max(f64::MIN_POSITIVE)
    }

    /// How probable an occasion within the next `horizon_days` is.
    ///
    /// `Formula:` `P_act(H)` = P (1 - ((alpha + G + s)/(alpha + G + s + H))^(r + N)), kept within the policy's
    /// margin of 0 and 1.
    pub fn active_within(&self, horizon_days: f64, silent_days: f64, policy: &RhythmPolicy) -> f64 {
        let known = policy.alpha_days + self.gap_days + silent_days.max(0.0);
        let none = libm::pow(known / (known + horizon_days.max(0.0)), policy.r + self.gaps);
        let active = self.alive(silent_days, policy) * (1.0 - none);
        active.clamp(policy.probability_margin, 1.0 - policy.probability_margin)
    }

    /// The silence, in days, after which the survival is `theta` (0 < theta <= 1).
    ///
    /// `Formula:` `s_theta` = (alpha + G)(theta^(-1/(r + N)) - 1). Absurd parameters may make it infinite.
    pub fn silence_days(&self, theta: f64, policy: &RhythmPolicy) -> f64 {
        (policy.alpha_days + self.gap_days) * (libm::pow(theta, -1.0 / (policy.r + self.gaps)) - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::time::Zone;

    fn after(gaps: &[f64]) -> (Rhythm, RhythmPolicy) {
        let policy = Policy::default_policy().rhythm.orders;
        let mut at = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        let mut rhythm = None;
        Rhythm::occur(&mut rhythm, Zone::default().day_of(at), at, &policy);
        for gap in gaps {
            at = at.plus_days(*gap);
            Rhythm::occur(&mut rhythm, Zone::default().day_of(at), at, &policy);
        }
        (rhythm.unwrap(), policy)
    }

    #[test]
    fn one_occasion_knows_only_the_prior() {
        let (rhythm, policy) = after(&[]);
        assert_eq!(rhythm.mean_gap_days(), None);
        // 60 (.1^(-1/.75) - 1) = 60 (21.5443 - 1)
        assert!((rhythm.silence_days(0.1, &policy) - 1232.6608).abs() < 1e-3);
        assert!((rhythm.survival(0.0, &policy) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_second_event_of_a_day_is_no_occasion_and_a_gap_is_at_least_a_day() {
        // 08:00 in Shanghai; 13 h later is the same day, 17 h later the next, an hour after that the same again.
        let (rhythm, _) = after(&[13.0 / 24.0]);
        assert_eq!(rhythm.repeats(), 0);
        let (rhythm, _) = after(&[17.0 / 24.0, 1.0 / 24.0]);
        assert_eq!((rhythm.repeats(), rhythm.mean_gap_days()), (1, Some(1.0)));
    }

    #[test]
    fn nothing_is_beyond_the_range_of_a_probability() {
        let daily = vec![1.0; 4000];
        for gaps in [&[][..], &[3_000_000.0], &daily, &[1.0, 3_000_000.0]] {
            let (rhythm, policy) = after(gaps);
            for silent in [0.0, 1e-9, 500.0, 4e6, -1.0] {
                let alive = rhythm.alive(silent, &policy);
                assert!((0.0..=1.0).contains(&alive), "{alive}");
                let active = rhythm.active_within(90.0, silent, &policy);
                assert!((1e-9..=1.0 - 1e-9).contains(&active), "{active}");
            }
            assert!(rhythm.silence_days(0.02, &policy).is_finite());
        }
    }
}
