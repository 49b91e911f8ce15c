//! Policy of the outlook.

use serde::{Deserialize, Serialize};

use super::{InvalidPolicy, Table};

/// How the outlook is computed while no fit is recorded. `Source:` model specification, section 3.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlookPolicy {
    /// How many days ahead.
    pub horizon_days: u32,
    /// Intercept.
    pub b0: f64,
    /// Slope of the order days, 0 or more.
    pub b_s: f64,
    /// Slope of the amounts, 0 or more.
    pub b_m: f64,
    /// Slope of the own rhythm, 0 or more.
    pub b_l: f64,
}

impl OutlookPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("outlook");
        table.count("horizon_days", self.horizon_days, 1)?;
        table.within("b0", self.b0, -100.0, 100.0)?;
        table.within("b_s", self.b_s, 0.0, 100.0)?;
        table.within("b_m", self.b_m, 0.0, 100.0)?;
        table.within("b_l", self.b_l, 0.0, 100.0)
    }
}
