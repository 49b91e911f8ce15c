//! Policy of service 客户服务.

use serde::{Deserialize, Serialize};

use crate::kernel::Prior;
use crate::policy::{DAYS_MAX, DAYS_MIN, InvalidPolicy, MASS_MAX, Table};

/// How issues are weighed. `Source:` model specification, section 5, rule 6.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePolicy {
    /// Half-life of resolved issues and of judgements.
    pub half_life_days: f64,
    /// What is believed without issues.
    pub prior: Prior,
    /// Time to resolve a minor issue that names no due date.
    pub minor_days: f64,
    /// The same for a major one.
    pub major_days: f64,
    /// The same for a critical one.
    pub critical_days: f64,
    /// Time to resolve is never less.
    pub due_days_min: f64,
    /// What a minor issue weighs.
    pub minor_mass: f64,
    /// What a major one weighs.
    pub major_mass: f64,
    /// What a critical one weighs.
    pub critical_mass: f64,
    /// What each reopening takes off.
    pub reopened_loss: f64,
    /// After so many days an overdue issue has half its weight.
    pub ripening_days: f64,
    /// What resolved minor issues weigh at most together.
    pub minor_mass_max: f64,
}

impl ServicePolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.service");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.prior("prior", self.prior)?;
        table.within("minor_days", self.minor_days, DAYS_MIN, DAYS_MAX)?;
        table.within("major_days", self.major_days, DAYS_MIN, DAYS_MAX)?;
        table.within("critical_days", self.critical_days, DAYS_MIN, DAYS_MAX)?;
        table.within("due_days_min", self.due_days_min, DAYS_MIN, DAYS_MAX)?;
        table.within("minor_mass", self.minor_mass, 0.0, MASS_MAX)?;
        table.within("major_mass", self.major_mass, 0.0, MASS_MAX)?;
        table.within("critical_mass", self.critical_mass, 0.0, MASS_MAX)?;
        table.within("reopened_loss", self.reopened_loss, 0.0, 1.0)?;
        table.within("ripening_days", self.ripening_days, DAYS_MIN, DAYS_MAX)?;
        table.within("minor_mass_max", self.minor_mass_max, 0.0, MASS_MAX)
    }
}
