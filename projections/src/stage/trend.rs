//! The trend g: whether the newest orders come in at a higher rate than the account's longer past.

use crate::kernel::DecayedSum;
use crate::order_book::Amounts;
use crate::policy::stage::TrendPolicy;
use crate::time::Timestamp;

/// The decayed sums since the latest entry into acquisition that the trend is made of.
#[derive(Debug, Clone)]
pub(super) struct Trend {
    /// The first order since the entry.
    first: Option<Timestamp>,
    /// One per candidate for the fast half-life, ascending.
    scales: [Scale; 3],
}

/// The sums of one candidate f and its slow companion s.
#[derive(Debug, Clone)]
struct Scale {
    /// Order days at half-life f.
    days: DecayedSum,
    fast: Amounts,
    slow: Amounts,
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
            scale.fast.order(at, amount);
            scale.slow.order(at, amount);
        }
    }

    /// Adds a return; a negative amount takes one back.
    pub(super) fn add_return(&mut self, at: Timestamp, amount: f64) {
        for scale in &mut self.scales {
            scale.fast.give_back(at, amount);
            scale.slow.give_back(at, amount);
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
        let held_back = 1.0 - policy.newest_weight;
        let (ordered, returned) = (held_back * newest.ordered, held_back * newest.returned_by_name);
        let fast = scale.fast.without(at, ordered, returned) / scale.fast.watched_days(age_days);
        let slow = scale.slow.without(at, ordered, returned) / scale.slow.watched_days(age_days);
        let epsilon = policy.epsilon * slow;
        if fast <= 0.0 && slow <= 0.0 {
            return 0.0;
        }
        let extreme = (1.0 + policy.epsilon) / policy.epsilon;
        libm::log(((fast + epsilon) / (slow + epsilon)).clamp(1.0 / extreme, extreme))
    }
}
