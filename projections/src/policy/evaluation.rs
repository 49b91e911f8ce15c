//! Policy of the review clock: when an account is evaluated next.

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, InvalidPolicy, MASS_MAX, POSITIVE_MIN, Table};

/// How long until the next evaluation. `Source:` model specification, section 9.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluationPolicy {
    /// B of a key account.
    pub key_days: f64,
    /// B of another account in the quarter with the highest scores.
    pub top_days: f64,
    /// B in the two quarters between.
    pub middle_days: f64,
    /// B in the quarter with the lowest scores.
    pub bottom_days: f64,
    /// The factor of health 0 ...
    pub factor_min: f64,
    /// ... and that of health 100.
    pub factor_max: f64,
    /// A further factor while the account is not covered.
    pub uncovered_factor: f64,
    /// Never sooner than this ...
    pub days_min: f64,
    /// ... nor later than that.
    pub days_max: f64,
}

impl EvaluationPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("evaluation");
        for (field, days) in [
            ("key_days", self.key_days),
            ("top_days", self.top_days),
            ("middle_days", self.middle_days),
            ("bottom_days", self.bottom_days),
            ("days_min", self.days_min),
            ("days_max", self.days_max),
        ] {
            table.within(field, days, POSITIVE_MIN, DAYS_MAX)?;
        }
        for (field, factor) in [
            ("factor_min", self.factor_min),
            ("factor_max", self.factor_max),
            ("uncovered_factor", self.uncovered_factor),
        ] {
            table.within(field, factor, POSITIVE_MIN, MASS_MAX)?;
        }
        table.not_below("days_max", self.days_max, "evaluation.days_min", self.days_min)
    }
}
