//! Policy of coverage 覆盖.

use serde::{Deserialize, Serialize};

use crate::policy::{DAYS_MAX, DAYS_MIN, InvalidPolicy, MASS_MAX, POSITIVE_MIN, Table};

/// How the people spoken to are weighed. `Source:` model specification, section 5, rule 2.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoveragePolicy {
    /// Half-life of contacts and of judgements.
    pub half_life_days: f64,
    /// The share of the roles; the rest is the number of persons.
    pub roles_share: f64,
    /// So many living contacts count half.
    pub persons_saturation: f64,
    /// What a third party's person counts.
    pub third_party: f64,
    /// What the roles weigh.
    pub roles: RoleWeights,
}

/// What the roles weigh; together 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleWeights {
    /// A share.
    pub decision: f64,
    /// A share.
    pub technical: f64,
    /// A share.
    pub champion: f64,
    /// A share.
    pub user: f64,
    /// A share.
    pub purchasing: f64,
}

impl CoveragePolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("health.coverage");
        table.within("half_life_days", self.half_life_days, DAYS_MIN, DAYS_MAX)?;
        table.within("roles_share", self.roles_share, 0.0, 1.0)?;
        table.within("persons_saturation", self.persons_saturation, POSITIVE_MIN, MASS_MAX)?;
        table.within("third_party", self.third_party, 0.0, 1.0)?;
        self.roles.validate()
    }
}

impl RoleWeights {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let Self { decision, technical, champion, user, purchasing } = *self;
        Table("health.coverage.roles").weights(&[
            ("decision", decision),
            ("technical", technical),
            ("champion", champion),
            ("user", user),
            ("purchasing", purchasing),
        ])
    }
}
