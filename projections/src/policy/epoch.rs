//! Policy of what is measured over the whole portfolio.

use serde::{Deserialize, Serialize};

use super::{InvalidPolicy, MASS_MAX, POSITIVE_MIN, Table};

/// How the scales of money are taken. `Source:` model specification, section 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochPolicy {
    /// Over how many quarter starts the scales are smoothed.
    pub quarters: u32,
    /// Share of accounts with sales below v0.
    pub v0_percentile: f64,
    /// Share of accounts with sales below v1.
    pub v1_percentile: f64,
    /// What a concession of weight 1 costs, as a share of v0.
    pub concession_unit: f64,
}

/// How earlier accounts speak for a new one. `Source:` model specification, section 8.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExperiencePolicy {
    /// Fewer good or other accounts than this say nothing.
    pub cases_min: u32,
    /// The fit then.
    pub fit_unknown: f64,
    /// How many cases the share over all accounts weighs.
    pub smoothing_cases: f64,
    /// So many traits beside industry count in full.
    pub traits_full: f64,
}

impl EpochPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("epoch");
        table.count("quarters", self.quarters, 1)?;
        table.within("v0_percentile", self.v0_percentile, 0.0, 1.0)?;
        table.within("v1_percentile", self.v1_percentile, 0.0, 1.0)?;
        table.within("concession_unit", self.concession_unit, POSITIVE_MIN, MASS_MAX)?;
        table.not_below("v1_percentile", self.v1_percentile, "epoch.v0_percentile", self.v0_percentile)
    }
}

impl ExperiencePolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("experience");
        table.count("cases_min", self.cases_min, 1)?;
        table.share("fit_unknown", self.fit_unknown)?;
        table.within("smoothing_cases", self.smoothing_cases, POSITIVE_MIN, MASS_MAX)?;
        table.within("traits_full", self.traits_full, POSITIVE_MIN, MASS_MAX)
    }
}
