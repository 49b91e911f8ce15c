//! The policy: every weight, half-life and threshold, typed and validated.
//!
//! A policy is TOML text, adopted by an event and so versioned like everything else. One table per area; an
//! unknown field, a missing one, or a value without meaning refuses the whole policy, naming the field. So a
//! [`Policy`] that exists is sound, and the formulas need no checks of their own.
//!
//! Rejected: defaults in code for missing fields. A policy says everything, or an old one would change its
//! meaning with the program.

pub mod alerts;
pub mod demand;
mod difference;
pub mod epoch;
pub mod evaluation;
pub mod health;
pub mod interaction;
mod outline;
pub mod outlook;
pub mod portfolio;
pub mod review;
pub mod rhythm;
pub mod score;
pub mod stage;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::kernel::Prior;
use crate::money::Currency;
pub use alerts::AlertsPolicy;
pub use demand::DemandPolicy;
pub use difference::Difference;
pub use epoch::{EpochPolicy, ExperiencePolicy};
pub use evaluation::EvaluationPolicy;
pub use health::HealthPolicy;
pub use interaction::InteractionPolicy;
pub use outline::{Outline, renumbered};
pub use outlook::OutlookPolicy;
pub use portfolio::PortfolioPolicy;
pub use review::ReviewPolicy;
pub use rhythm::{RhythmPolicies, RhythmPolicy};
pub use score::ScorePolicy;
pub use stage::StagePolicy;

/// The text of the policy that a new ledger starts with.
pub const DEFAULT_TOML: &str = include_str!("../policy/default.toml");

/// Everything that a company may decide about its figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Number of the policy, from 1.
    pub version: u32,
    /// How money becomes figures.
    pub money: MoneyPolicy,
    /// The two own rhythms.
    pub rhythm: RhythmPolicies,
    /// The lifecycle stage.
    pub stage: StagePolicy,
    /// Sums over orders.
    pub demand: DemandPolicy,
    /// The outlook.
    pub outlook: OutlookPolicy,
    /// What is measured over the whole portfolio.
    pub epoch: EpochPolicy,
    /// How earlier accounts speak for a new one.
    pub experience: ExperiencePolicy,
    /// Relationship health.
    pub health: HealthPolicy,
    /// The composite score.
    pub score: ScorePolicy,
    /// Who becomes and stays a key account.
    pub review: ReviewPolicy,
    /// How accounts are told apart.
    pub portfolio: PortfolioPolicy,
    /// What a manager hears of.
    pub alerts: AlertsPolicy,
    /// When an account is evaluated next.
    pub evaluation: EvaluationPolicy,
    /// Where interactions belong.
    pub interaction: InteractionPolicy,
}

/// How money becomes figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyPolicy {
    /// The currency of every figure.
    pub reporting_currency: Currency,
}

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPolicy {
    /// The text is not TOML.
    #[error("the policy is not TOML: {0}")]
    NotToml(String),
    /// A field is unknown, missing or of the wrong kind; the table is named when the field itself is absent.
    #[error("the policy's `{field}` cannot be read: {reason}")]
    Unreadable {
        /// Path of the field, such as `stage.trend.epsilon`.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A field has a value without meaning.
    #[error("the policy's `{field}` {reason}")]
    Refused {
        /// Path of the field.
        field: String,
        /// What is wrong with it, reading on from the field's name.
        reason: String,
    },
}

impl Policy {
    /// Reads and validates a policy.
    ///
    /// # Errors
    /// [`InvalidPolicy`], naming the field.
    pub fn from_toml(text: &str) -> Result<Self, InvalidPolicy> {
        let not_toml = |error: toml::de::Error| InvalidPolicy::NotToml(error.message().to_owned());
        let deserializer = toml::Deserializer::parse(text).map_err(not_toml)?;
        let policy: Self = serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let field = error.path().to_string();
            InvalidPolicy::Unreadable { field, reason: error.into_inner().message().to_owned() }
        })?;
        policy.validate()?;
        Ok(policy)
    }

    /// The policy that a new ledger starts with.
    ///
    /// # Panics
    /// Never: the text is part of the program, and a test reads it.
    #[expect(clippy::expect_used, reason = "the text is part of the program, and a test reads it")]
    pub fn default_policy() -> Self {
        static READ: OnceLock<Policy> = OnceLock::new();
        READ.get_or_init(|| Self::from_toml(DEFAULT_TOML).expect("the default policy is valid")).clone()
    }

    fn validate(&self) -> Result<(), InvalidPolicy> {
        if self.version == 0 {
            return Err(refused("version", "must be 1 or more"));
        }
        self.rhythm.validate()?;
        self.stage.validate()?;
        self.demand.validate()?;
        self.outlook.validate()?;
        self.epoch.validate()?;
        self.experience.validate()?;
        self.health.validate()?;
        self.score.validate()?;
        self.review.validate()?;
        self.portfolio.validate()?;
        self.alerts.validate()?;
        self.evaluation.validate()?;
        self.interaction.validate()
    }
}

fn refused(field: impl Into<String>, reason: impl Into<String>) -> InvalidPolicy {
    InvalidPolicy::Refused { field: field.into(), reason: reason.into() }
}

/// The fields of one table under validation: each refusal names the table and the field.
struct Table<'a>(&'a str);

impl Table<'_> {
    /// Refuses what is not a number from `least` to `most`, ends included.
    fn within(&self, field: &str, value: f64, least: f64, most: f64) -> Result<(), InvalidPolicy> {
        if value >= least && value <= most {
            Ok(())
        } else {
            Err(self.refuse(field, format!("is {value}, but must be a number from {least} to {most}")))
        }
    }

    /// Refuses what is not a number strictly between 0 and 1.
    fn share(&self, field: &str, value: f64) -> Result<(), InvalidPolicy> {
        if value > 0.0 && value < 1.0 {
            Ok(())
        } else {
            Err(self
                .refuse(field, format!("is {value}, but must be a number between 0 and 1, both excluded")))
        }
    }

    /// Refuses a number above `COUNT_MAX` or below `least`.
    fn count(&self, field: &str, value: u32, least: u32) -> Result<(), InvalidPolicy> {
        if (least..=COUNT_MAX).contains(&value) {
            Ok(())
        } else {
            Err(self.refuse(field, format!("is {value}, but must be a number from {least} to {COUNT_MAX}")))
        }
    }

    /// Refuses `value` unless it is at least `least`, the value of another field.
    fn not_below(&self, field: &str, value: f64, other: &str, least: f64) -> Result<(), InvalidPolicy> {
        if value >= least {
            Ok(())
        } else {
            Err(self.refuse(field, format!("is {value}, but must not be below `{other}`, which is {least}")))
        }
    }

    /// Refuses a prior outside [0, 1], or without strength.
    fn prior(&self, field: &str, prior: Prior) -> Result<(), InvalidPolicy> {
        self.within(&format!("{field}.mu"), prior.mu, 0.0, 1.0)?;
        self.within(&format!("{field}.strength"), prior.strength, POSITIVE_MIN, MASS_MAX)
    }

    /// Refuses weights that are no shares, or that are not 1 together.
    fn weights(&self, weights: &[(&str, f64)]) -> Result<(), InvalidPolicy> {
        for (field, weight) in weights {
            self.within(field, *weight, 0.0, 1.0)?;
        }
        let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
        if (sum - 1.0).abs() <= WEIGHTS_TOLERANCE {
            Ok(())
        } else {
            Err(refused(self.0, format!("has weights that sum to {sum}, but they must sum to 1")))
        }
    }

    fn refuse(&self, field: &str, reason: String) -> InvalidPolicy {
        refused(format!("{}.{field}", self.0), reason)
    }
}

/// The longest duration that a policy may name: a hundred years.
const DAYS_MAX: f64 = 36_525.0;
/// The shortest half-life that a policy may name: a little less than a quarter of an hour.
const DAYS_MIN: f64 = 0.01;
/// The highest mass that a policy may name.
const MASS_MAX: f64 = 1e6;
/// The least number that is as good as positive.
const POSITIVE_MIN: f64 = 1e-6;
/// How far the sum of decimal weights may be from 1.
const WEIGHTS_TOLERANCE: f64 = 1e-9;
/// The highest count that a policy may name.
const COUNT_MAX: u32 = 1_000_000;

#[cfg(test)]
mod tests;
