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
}

impl PortfolioPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("portfolio");
        table.within("coverage_min", self.coverage_min, 0.0, 100.0)?;
        table.within("contract_expiring_days", self.contract_expiring_days, 0.0, DAYS_MAX)
    }
}
