//! Policy of the portfolio: how accounts are told apart.

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, InvalidPolicy, Table};

/// How accounts are told apart, and what is soon. `Source:` model specification, section 9.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortfolioPolicy {
    /// Coverage is high from here on, of 100.
    pub coverage_min: f64,
    /// A contract is expiring so many days before its end.
    pub contract_expiring_days: f64,
    /// Between two dates, a rank that moved by more than so many places is a movement.
    pub rank_moved_min: u32,
}

impl PortfolioPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("portfolio");
        table.within("coverage_min", self.coverage_min, 0.0, 100.0)?;
        table.within("contract_expiring_days", self.contract_expiring_days, 0.0, DAYS_MAX)?;
        table.count("rank_moved_min", self.rank_moved_min, 0)
    }
}
