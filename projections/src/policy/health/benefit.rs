//! Policy of benefit 惠人达己.

use serde::{Deserialize, Serialize};

use crate::kernel::Prior;
use crate::policy::{DAYS_MAX, DAYS_MIN, InvalidPolicy, MASS_MAX, Table};

/// How outcomes are weighed. `Source:` model specification, section 5, rule 4.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenefitPolicy {
    /// Half-life of outcomes and of judgements.
    pub half_life_days: f64,
    /// What is believed without outcomes.
    pub prior: Prior,
    /// What a delivery weighs.
    pub delivery_mass: f64,
    /// What a rating by the customer weighs.
    pub feedback_mass: f64,
    /// What a confirmed benefit weighs.
    pub confirmed_mass: f64,
    /// What one with a stated value weighs.
    pub confirmed_with_value_mass: f64,
    /// What a closed project weighs.
    pub project_mass: f64,
    /// Value of a delivery with defects.
    pub delivery_with_defects: f64,
    /// Value of a project that succeeded in part.
    pub project_partial: f64,
}

impl BenefitPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.benefit");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.prior("prior", self.prior)?;
        table.within("delivery_mass", self.delivery_mass, 0.0, MASS_MAX)?;
        table.within("feedback_mass", self.feedback_mass, 0.0, MASS_MAX)?;
        table.within("confirmed_mass", self.confirmed_mass, 0.0, MASS_MAX)?;
        table.within("confirmed_with_value_mass", self.confirmed_with_value_mass, 0.0, MASS_MAX)?;
        table.within("project_mass", self.project_mass, 0.0, MASS_MAX)?;
        table.within("delivery_with_defects", self.delivery_with_defects, 0.0, 1.0)?;
        table.within("project_partial", self.project_partial, 0.0, 1.0)
    }
}
