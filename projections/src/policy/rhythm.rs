//! Policy of the own rhythm.

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, InvalidPolicy, Table};

/// The two streams whose rhythm is watched.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RhythmPolicies {
    /// Days on which the customer orders.
    pub orders: RhythmPolicy,
    /// Days of two-way contact.
    pub contacts: RhythmPolicy,
}

/// What is assumed of a stream of occasions before it is known. `Source:` model specification, section 2, K3.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RhythmPolicy {
    /// Shape of the prior of the rate, in occasions.
    pub r: f64,
    /// Scale of the prior of the rate, in days.
    pub alpha_days: f64,
    /// First parameter of the prior of leaving after an occasion.
    pub a: f64,
    /// Second parameter of it.
    pub b: f64,
    /// Half-life of past gaps, in days.
    pub half_life_days: f64,
    /// The shortest gap counted, in days.
    pub gap_days_min: f64,
    /// How far the probability of activity keeps from 0 and from 1.
    pub probability_margin: f64,
}

impl RhythmPolicies {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        self.orders.validate(&Table("rhythm.orders"))?;
        self.contacts.validate(&Table("rhythm.contacts"))
    }
}

impl RhythmPolicy {
    fn validate(&self, table: &Table<'_>) -> Result<(), InvalidPolicy> {
        table.within("r", self.r, 0.01, 1000.0)?;
        table.within("alpha_days", self.alpha_days, 0.01, DAYS_MAX)?;
        table.within("a", self.a, 0.0, 1000.0)?;
        table.within("b", self.b, 0.01, 1000.0)?;
        table.within("half_life_days", self.half_life_days, 1.0, DAYS_MAX)?;
        table.within("gap_days_min", self.gap_days_min, 0.01, DAYS_MAX)?;
        table.within("probability_margin", self.probability_margin, 1e-15, 0.1)
    }
}
