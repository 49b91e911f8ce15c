//! Policy of the composite score 综合积分法.

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, DAYS_MIN, InvalidPolicy, MASS_MAX, POSITIVE_MIN, Table};
use crate::kernel::Prior;

/// The composite score. `Source:` model specification, section 6.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScorePolicy {
    /// Half-life of judgements on its dimensions.
    pub judgement_half_life_days: f64,
    /// What the dimensions weigh.
    pub weights: ScoreWeights,
    /// 销售额.
    pub sales: SalesPolicy,
    /// 潜力.
    pub potential: PotentialPolicy,
    /// 示范作用.
    pub demonstration: DemonstrationPolicy,
    /// 能赢能做.
    pub winnability: WinnabilityPolicy,
}

/// What the dimensions weigh; together 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreWeights {
    /// A share.
    pub sales: f64,
    /// A share.
    pub potential: f64,
    /// A share.
    pub demonstration: f64,
    /// A share.
    pub winnability: f64,
}

/// How the annual rate is taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SalesPolicy {
    /// Rates never assume a shorter past.
    pub age_days_min: f64,
    /// What the newest day of orders counts of its amount.
    pub newest_weight: f64,
}

/// How wallet and opportunities are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PotentialPolicy {
    /// Half-life of the evidence.
    pub half_life_days: f64,
    /// So much evidence weighs as much as experience.
    pub strength: f64,
    /// What an assessed wallet weighs.
    pub wallet_mass: f64,
    /// What an open opportunity weighs.
    pub opportunity_mass: f64,
}

/// How references are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemonstrationPolicy {
    /// Half-life of references.
    pub half_life_days: f64,
    /// So much counts half.
    pub saturation: f64,
    /// A mass.
    pub call: f64,
    /// A mass.
    pub case_study: f64,
    /// A mass.
    pub benchmark: f64,
    /// A mass.
    pub award: f64,
    /// A mass.
    pub referral: f64,
    /// A mass.
    pub industry_leader: f64,
}

/// How winning and doing are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WinnabilityPolicy {
    /// The share of winning; the rest is doing.
    pub can_win_share: f64,
    /// Decided bids.
    pub can_win: CanWinPolicy,
    /// Deliveries.
    pub can_do: CanDoPolicy,
}

/// How decided bids are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanWinPolicy {
    /// Half-life of decisions.
    pub half_life_days: f64,
    /// So many bids weigh as much as the portfolio's win rate.
    pub strength: f64,
    /// The win rate while the portfolio has none.
    pub win_rate_unknown: f64,
}

/// How deliveries are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanDoPolicy {
    /// Half-life of deliveries.
    pub half_life_days: f64,
    /// What is believed without deliveries.
    pub prior: Prior,
}

impl ScorePolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("score");
        table.within("judgement_half_life_days", self.judgement_half_life_days, DAYS_MIN, DAYS_MAX)?;
        self.weights.validate()?;
        self.sales.validate()?;
        self.potential.validate()?;
        self.demonstration.validate()?;
        self.winnability.validate()
    }
}

impl ScoreWeights {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let Self { sales, potential, demonstration, winnability } = *self;
        Table("score.weights").weights(&[
            ("sales", sales),
            ("potential", potential),
            ("demonstration", demonstration),
            ("winnability", winnability),
        ])
    }
}

impl SalesPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("score.sales");
        table.within("age_days_min", self.age_days_min, DAYS_MIN, DAYS_MAX)?;
        table.within("newest_weight", self.newest_weight, 0.0, 1.0)
    }
}

impl PotentialPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("score.potential");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("strength", self.strength, POSITIVE_MIN, MASS_MAX)?;
        table.within("wallet_mass", self.wallet_mass, 0.0, MASS_MAX)?;
        table.within("opportunity_mass", self.opportunity_mass, 0.0, MASS_MAX)
    }
}

impl DemonstrationPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("score.demonstration");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("saturation", self.saturation, POSITIVE_MIN, MASS_MAX)?;
        table.within("call", self.call, 0.0, MASS_MAX)?;
        table.within("case_study", self.case_study, 0.0, MASS_MAX)?;
        table.within("benchmark", self.benchmark, 0.0, MASS_MAX)?;
        table.within("award", self.award, 0.0, MASS_MAX)?;
        table.within("referral", self.referral, 0.0, MASS_MAX)?;
        table.within("industry_leader", self.industry_leader, 0.0, MASS_MAX)
    }
}

impl WinnabilityPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("score.winnability");
        table.within("can_win_share", self.can_win_share, 0.0, 1.0)?;
        self.can_win.validate()?;
        self.can_do.validate()
    }
}

impl CanWinPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("score.winnability.can_win");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("strength", self.strength, POSITIVE_MIN, MASS_MAX)?;
        table.share("win_rate_unknown", self.win_rate_unknown)
    }
}

impl CanDoPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("score.winnability.can_do");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.prior("prior", self.prior)
    }
}
