//! Policy of the sums over orders.

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, DAYS_MIN, InvalidPolicy, Table};

/// How past orders fade. `Source:` model specification, section 3.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemandPolicy {
    /// Half-life of past days of orders: that of S180.
    pub order_days_half_life_days: f64,
    /// Half-life of past amounts: that of M365.
    pub amounts_half_life_days: f64,
}

impl DemandPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("demand");
        table.within("order_days_half_life_days", self.order_days_half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("amounts_half_life_days", self.amounts_half_life_days, DAYS_MIN, DAYS_MAX)
    }
}
