//! Policy of integrity 守正.

use serde::{Deserialize, Serialize};

use crate::kernel::Prior;
use crate::policy::{DAYS_MAX, DAYS_MIN, InvalidPolicy, MASS_MAX, Table};

/// How promises are weighed. `Source:` model specification, section 5, rule 3.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntegrityPolicy {
    /// Half-life of closed promises and of judgements.
    pub half_life_days: f64,
    /// What is believed without promises.
    pub prior: Prior,
    /// A promise kept late counts half for each so many days.
    pub lateness_half_life_days: f64,
    /// What is left of the value for each time it was put off.
    pub moved_factor: f64,
    /// What a critical promise weighs; others weigh 1.
    pub critical_mass: f64,
    /// Value of an open promise that was put off, before the factor.
    pub moved_value: f64,
    /// So many days after its earliest due date an open promise stands at 0.
    pub forgotten_days: f64,
    /// After so many days an open promise has half its weight.
    pub ripening_days: f64,
    /// What kept and put-off promises weigh at most together.
    pub mass_max: f64,
    /// The same for critical ones.
    pub critical_mass_max: f64,
}

impl IntegrityPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.integrity");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.prior("prior", self.prior)?;
        table.within("lateness_half_life_days", self.lateness_half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("moved_factor", self.moved_factor, 0.0, 1.0)?;
        table.within("critical_mass", self.critical_mass, 0.0, MASS_MAX)?;
        table.within("moved_value", self.moved_value, 0.0, 1.0)?;
        table.within("forgotten_days", self.forgotten_days, 0.0, DAYS_MAX)?;
        table.within("ripening_days", self.ripening_days, DAYS_MIN, DAYS_MAX)?;
        table.within("mass_max", self.mass_max, 0.0, MASS_MAX)?;
        table.within("critical_mass_max", self.critical_mass_max, 0.0, MASS_MAX)
    }
}
