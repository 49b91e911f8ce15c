//! Policy of the portfolio: how accounts are told apart.

use serde::{Deserialize, Serialize};

use super::{InvalidPolicy, Table};

/// How accounts are told apart. `Source:` model specification, section 9.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortfolioPolicy {
    /// Coverage is high from here on, of 100.
    pub coverage_min: f64,
}

impl PortfolioPolicy {
    pub(super) fn validate(self) -> Result<(), InvalidPolicy> {
        Table("portfolio").within("coverage_min", self.coverage_min, 0.0, 100.0)
    }
}
