//! Policy of engagement 互动.

use serde::{Deserialize, Serialize};

use crate::policy::{DAYS_MAX, DAYS_MIN, InvalidPolicy, MASS_MAX, POSITIVE_MIN, Table};

/// How contact is weighed. `Source:` model specification, section 5, rule 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngagementPolicy {
    /// Half-life of contacts and of judgements.
    pub half_life_days: f64,
    /// With orders, the share of the outlook; the rest is contact.
    pub outlook_share: f64,
    /// So much contact of a key account counts half.
    pub saturation_key: f64,
    /// So much contact of another account counts half.
    pub saturation_other: f64,
    /// What contacts of one day weigh at most.
    pub day_mass_max: f64,
    /// What a contact weighs in which only one side spoke.
    pub one_way: f64,
    /// What a two-way contact weighs.
    pub channels: ChannelWeights,
}

/// What a two-way contact weighs, by channel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelWeights {
    /// A mass.
    pub executive: f64,
    /// A mass.
    pub visit: f64,
    /// A mass.
    pub meeting: f64,
    /// A mass.
    pub call: f64,
    /// A mass.
    pub message: f64,
    /// A mass.
    pub broadcast: f64,
}

impl EngagementPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.engagement");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("outlook_share", self.outlook_share, 0.0, 1.0)?;
        table.within("saturation_key", self.saturation_key, POSITIVE_MIN, MASS_MAX)?;
        table.within("saturation_other", self.saturation_other, POSITIVE_MIN, MASS_MAX)?;
        table.within("day_mass_max", self.day_mass_max, 0.0, MASS_MAX)?;
        table.within("one_way", self.one_way, 0.0, MASS_MAX)?;
        self.channels.validate()
    }
}

impl ChannelWeights {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.engagement.channels");
        table.within("executive", self.executive, 0.0, MASS_MAX)?;
        table.within("visit", self.visit, 0.0, MASS_MAX)?;
        table.within("meeting", self.meeting, 0.0, MASS_MAX)?;
        table.within("call", self.call, 0.0, MASS_MAX)?;
        table.within("message", self.message, 0.0, MASS_MAX)?;
        table.within("broadcast", self.broadcast, 0.0, MASS_MAX)
    }
}
