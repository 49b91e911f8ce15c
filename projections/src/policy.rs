//! The policy: every weight, half-life and threshold, typed and validated.
//!
//! A policy is TOML text, adopted by an event and so versioned like everything else. One table per area; an
//! unknown field, a missing one, or a value without meaning refuses the whole policy, naming the field. So a
//! [`Policy`] that exists is sound, and the formulas need no checks of their own.
//!
//! Rejected: defaults in code for missing fields. A policy says everything, or an old one would change its
//! meaning with the program.

pub mod rhythm;
pub mod stage;

use serde::{Deserialize, Serialize};

use crate::money::Currency;
pub use rhythm::{RhythmPolicies, RhythmPolicy};
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
        Self::from_toml(DEFAULT_TOML).expect("the default policy is valid")
    }

    fn validate(&self) -> Result<(), InvalidPolicy> {
        if self.version == 0 {
            return Err(refused("version", "must be 1 or more"));
        }
        self.rhythm.validate()?;
        self.stage.validate()
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

    fn refuse(&self, field: &str, reason: String) -> InvalidPolicy {
        refused(format!("{}.{field}", self.0), reason)
    }
}

/// The longest duration that a policy may name: a hundred years.
const DAYS_MAX: f64 = 36_525.0;
/// The highest count that a policy may name.
const COUNT_MAX: u32 = 1_000_000;

#[cfg(test)]
mod tests;
