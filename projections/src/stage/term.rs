//! What a walk through the stages counts: since the latest entry into acquisition, and at the instant in hand.

use crate::policy::Policy;
use crate::time::{Day, Timestamp};

use super::EventRef;
use super::trend::{Newest, Trend};

/// What is counted since the latest entry into acquisition.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) entered_at: Timestamp,
    /// Whether an order ended churn.
    pub(super) won_back: bool,
    /// n: order days.
    pub(super) orders: u32,
    pub(super) last_day: Option<Day>,
    pub(super) trend: Trend,
    /// The trend at the last order day, and the order at which it was taken.
    pub(super) g: f64,
    pub(super) g_taken_at: Option<EventRef>,
    /// How many order days in a row, the last included, had a growing trend.
    pub(super) growing: u32,
}

/// The events of the instant in hand.
#[derive(Debug, Clone)]
pub(super) struct Instant {
    pub(super) at: Timestamp,
    pub(super) newest: Newest,
    /// The first order of the instant.
    pub(super) order: Option<EventRef>,
    /// Whether it is the first of its day since the entry.
    pub(super) is_occasion: bool,
    pub(super) reopened: Option<EventRef>,
}

impl Term {
    pub(super) fn new(entered_at: Timestamp, policy: &Policy) -> Self {
        Self {
            entered_at,
            won_back: false,
            orders: 0,
            last_day: None,
            trend: Trend::new(&policy.stage.trend),
            g: 0.0,
            g_taken_at: None,
            growing: 0,
        }
    }

    /// Takes a return that stands at `at`, unless that was before the entry.
    pub(super) fn add_return(&mut self, at: Timestamp, amount: f64) {
        if at >= self.entered_at {
            self.trend.add_return(at, amount);
        }
    }
}

impl Instant {
    pub(super) fn new(at: Timestamp) -> Self {
        Self { at, newest: Newest::default(), order: None, is_occasion: false, reopened: None }
    }
}
