//! The trend g: whether the newest orders come in at a higher rate than the account's longer past.

use crate::kernel::{DecayedSum, decay};
use crate::policy::stage::TrendPolicy;
use crate::time::Timestamp;

/// Below this share of what was ordered, the difference of orders and returns is a rounding residue, not money.
/// (Ten thousand roundings of f64 stay below 1e-11.)
const RESIDUE: f64 = 1e-9;

/// The decayed sums since the latest entry into acquisition that the trend is made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trend {
    /// The first order since the entry.
    first: Option<Timestamp>,
    /// One per candidate for the fast half-life, ascending.
    scales: [Scale; 3],
}

/// The sums of one candidate f and its slow companion s.
#[derive(Debug, Clone, PartialEq)]
struct Scale {
    /// Order days at half-life f.
    days: DecayedSum,
    fast: Amounts,
    slow: Amounts,
}

/// What was ordered and what was returned, faded apart, so that a full return leaves exactly nothing.
#[derive(Debug, Clone, PartialEq)]
struct Amounts {
    ordered: DecayedSum,
    returned: DecayedSum,
}

/// What stands at the instant in hand: the newest occasion, which counts with less than its whole weight, and
/// the start of the sums if acquisition begins here.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Newest {
    /// Ordered at this instant.
    pub(super) ordered: f64,
    /// Returned, by name, of what was ordered at this instant.
    pub(super) returned_by_name: f64,
    /// Returned at this instant without a known order.
    pub(super) returned_unnamed: f64,
}

impl Trend {
    pub(super) fn new(policy: &TrendPolicy) -> Self {
        let scale = |fast: f64| Scale {
            days: DecayedSum::new(fast),
            fast: Amounts::new(fast),
            slow: Amounts::new(fast * policy.slow_factor),
        };
        Self { first: None, scales: policy.half_lives_days.map(scale) }
    }

    /// The first order since the entry.
    pub(super) fn first(&self) -> Option<Timestamp> {
        self.first
    }

    /// Counts a day of orders that stands at `at`.
    pub(super) fn add_day(&mut self, at: Timestamp) {
        self.first.get_or_insert(at);
        for scale in &mut self.scales {
            scale.days.add(at, 1.0);
        }
    }

    pub(super) fn add_order(&mut self, at: Timestamp, amount: f64) {
        for scale in &mut self.scales {
            scale.fast.ordered.add(at, amount);
            scale.slow.ordered.add(at, amount);
        }
    }

    /// Adds a return; a negative amount takes one back.
    pub(super) fn add_return(&mut self, at: Timestamp, amount: f64) {
        for scale in &mut self.scales {
            scale.fast.returned.add(at, amount);
            scale.slow.returned.add(at, amount);
        }
    }

    /// The trend at an occasion.
    ///
    /// `Formula:` f = the first half-life at which K1 of order days reaches the policy's number, s = 4f;
    /// `rate_h` = `M_h` / [(h/ln 2)(1 - `d_h`(max(age, 1)))]; e = .05 `rate_s`;
    /// g = ln[(`rate_f` + e)/(`rate_s` + e)]; 0 where no f qualifies or both rates are 0.
    /// `Source:` model specification, section 4.
    ///
    /// `rate_f` = 0 gives -ln 21, the least value. An old unnamed return may floor `rate_s` alone at 0; the
    /// formula is infinite there, so ln 21 is also the greatest value. No threshold lies beyond either.
    pub(super) fn at(&self, at: Timestamp, newest: &Newest, policy: &TrendPolicy) -> f64 {
        let qualifies = |scale: &&Scale| scale.days.at(at) >= policy.order_days_min;
        let (Some(first), Some(scale)) = (self.first, self.scales.iter().find(qualifies)) else { return 0.0 };
        let age_days = at.days_since(first).max(policy.age_days_min);
        let fast = scale.fast.rate(at, age_days, newest, policy.newest_weight);
        let slow = scale.slow.rate(at, age_days, newest, policy.newest_weight);
        let epsilon = policy.epsilon * slow;
        if fast <= 0.0 && slow <= 0.0 {
            return 0.0;
        }
        let extreme = (1.0 + policy.epsilon) / policy.epsilon;
        libm::log(((fast + epsilon) / (slow + epsilon)).clamp(1.0 / extreme, extreme))
    }
}

impl Amounts {
    fn new(half_life_days: f64) -> Self {
        Self { ordered: DecayedSum::new(half_life_days), returned: DecayedSum::new(half_life_days) }
    }

    /// The amount per day, the newest occasion at `newest_weight` of its own.
    fn rate(&self, at: Timestamp, age_days: f64, newest: &Newest, newest_weight: f64) -> f64 {
        let held_back = 1.0 - newest_weight;
        let ordered = self.ordered.at(at) - held_back * newest.ordered;
        let returned = self.returned.at(at) - held_back * newest.returned_by_name;
        let standing = ordered - returned.max(0.0);
        if standing <= RESIDUE * ordered {
            return 0.0;
        }
        let half_life_days = self.ordered.half_life_days();
        let watched_days = half_life_days / std::f64::consts::LN_2 * (1.0 - decay(half_life_days, age_days));
        standing / watched_days
    }
}
