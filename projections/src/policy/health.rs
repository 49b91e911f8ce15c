//! Policy of relationship health: weights and colours; each dimension has a file of its own.

mod benefit;
mod coverage;
mod engagement;
mod integrity;
mod issues;
mod reciprocity;

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, DAYS_MIN, InvalidPolicy, Table};
pub use benefit::BenefitPolicy;
pub use coverage::{CoveragePolicy, RoleWeights};
pub use engagement::{ChannelWeights, EngagementPolicy};
pub use integrity::IntegrityPolicy;
pub use issues::ServicePolicy;
pub use reciprocity::{GainWeights, ReciprocityPolicy};

/// Relationship health. `Source:` model specification, section 5.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthPolicy {
    /// How long an account must have been looked at for half the confidence in a volume.
    pub looked_half_life_days: f64,
    /// What the dimensions weigh.
    pub weights: HealthWeights,
    /// What the colours mean.
    pub colour: ColourPolicy,
    /// 互动.
    pub engagement: EngagementPolicy,
    /// 覆盖.
    pub coverage: CoveragePolicy,
    /// 守正.
    pub integrity: IntegrityPolicy,
    /// 惠人达己.
    pub benefit: BenefitPolicy,
    /// 先舍后得.
    pub reciprocity: ReciprocityPolicy,
    /// 客户服务.
    pub service: ServicePolicy,
}

/// What the dimensions weigh; together 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthWeights {
    /// A share.
    pub engagement: f64,
    /// A share.
    pub coverage: f64,
    /// A share.
    pub integrity: f64,
    /// A share.
    pub benefit: f64,
    /// A share.
    pub reciprocity: f64,
    /// A share.
    pub service: f64,
}

/// What the colours mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColourPolicy {
    /// Grey below this confidence.
    pub confidence_min: f64,
    /// Green from this health on, of 100.
    pub green_from: f64,
    /// Red below this health, of 100.
    pub red_below: f64,
}

impl HealthPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health");
        table.within("looked_half_life_days", self.looked_half_life_days, DAYS_MIN, DAYS_MAX)?;
        self.weights.validate()?;
        self.colour.validate()?;
        self.engagement.validate()?;
        self.coverage.validate()?;
        self.integrity.validate()?;
        self.benefit.validate()?;
        self.reciprocity.validate()?;
        self.service.validate()
    }
}

impl HealthWeights {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let Self { engagement, coverage, integrity, benefit, reciprocity, service } = *self;
        Table("health.weights").weights(&[
            ("engagement", engagement),
            ("coverage", coverage),
            ("integrity", integrity),
            ("benefit", benefit),
            ("reciprocity", reciprocity),
            ("service", service),
        ])
    }
}

impl ColourPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.colour");
        table.within("confidence_min", self.confidence_min, 0.0, 1.0)?;
        table.within("green_from", self.green_from, 0.0, 100.0)?;
        table.within("red_below", self.red_below, 0.0, 100.0)?;
        table.not_below("green_from", self.green_from, "health.colour.red_below", self.red_below)
    }
}
