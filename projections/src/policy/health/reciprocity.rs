//! Policy of reciprocity 先舍后得.

use serde::{Deserialize, Serialize};

use crate::kernel::Prior;
use crate::policy::{DAYS_MAX, DAYS_MIN, InvalidPolicy, MASS_MAX, Table};

/// How giving and gaining are weighed. `Source:` model specification, section 5, rule 5.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReciprocityPolicy {
    /// Half-life of claims and gains.
    pub half_life_days: f64,
    /// A claim grows in with this half-life.
    pub grace_half_life_days: f64,
    /// Half-life of goodwill.
    pub goodwill_half_life_days: f64,
    /// Half-life of judgements.
    pub judgement_half_life_days: f64,
    /// The share of the balance; the rest is goodwill.
    pub balance_share: f64,
    /// The balance without claims and gains.
    pub balance_prior: Prior,
    /// Goodwill without concessions.
    pub goodwill_prior: Prior,
    /// What gains weigh.
    pub gains: GainWeights,
}

/// What gains weigh.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GainWeights {
    /// A mass.
    pub reference: f64,
    /// A mass.
    pub referral: f64,
    /// A mass.
    pub upsell: f64,
    /// A mass.
    pub renewal: f64,
    /// A mass.
    pub preferred_supplier: f64,
    /// A mass.
    pub market_information: f64,
    /// A mass.
    pub payment_in_time: f64,
    /// A mass.
    pub concession: f64,
}

impl ReciprocityPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.reciprocity");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("grace_half_life_days", self.grace_half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("goodwill_half_life_days", self.goodwill_half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("judgement_half_life_days", self.judgement_half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("balance_share", self.balance_share, 0.0, 1.0)?;
        table.prior("balance_prior", self.balance_prior)?;
        table.prior("goodwill_prior", self.goodwill_prior)?;
        self.gains.validate()
    }
}

impl GainWeights {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.reciprocity.gains");
        table.within("reference", self.reference, 0.0, MASS_MAX)?;
        table.within("referral", self.referral, 0.0, MASS_MAX)?;
        table.within("upsell", self.upsell, 0.0, MASS_MAX)?;
        table.within("renewal", self.renewal, 0.0, MASS_MAX)?;
        table.within("preferred_supplier", self.preferred_supplier, 0.0, MASS_MAX)?;
        table.within("market_information", self.market_information, 0.0, MASS_MAX)?;
        table.within("payment_in_time", self.payment_in_time, 0.0, MASS_MAX)?;
        table.within("concession", self.concession, 0.0, MASS_MAX)
    }
}
