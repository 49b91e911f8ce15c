//! The coordinates of a question: both time axes, the policy and the model. The same coordinates give the same
//! bytes, on any machine, for ever.

use serde::{Serialize, Serializer};

use crate::time::Timestamp;

/// The version of the formulas. A changed formula is a new number.
pub const MODEL: u32 = 1;

/// Which policy an answer follows. In JSON the number of the version, or `"file"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyName {
    /// An adopted policy, or version 1 when none was adopted yet.
    Version(u32),
    /// One that was brought along for this question alone.
    File,
}

impl Serialize for PolicyName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Version(version) => serializer.serialize_u32(*version),
            Self::File => serializer.serialize_str("file"),
        }
    }
}

/// What a question is about, as resolved: defaults filled in, T cut to the second, K clamped to the last visible
/// commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Coordinates {
    /// T: what was true at this instant, this instant included.
    pub as_of: Timestamp,
    /// K: as far as it was recorded by this instant, this instant included.
    pub known_at: Timestamp,
    /// Which policy the figures follow.
    pub policy: PolicyName,
    /// The version of the formulas.
    pub model: u32,
}

impl Coordinates {
    /// Resolves what was asked. `now` is the ledger's clock; `last_recorded_at` is when the last visible event was
    /// recorded, or when the ledger was created if there is none.
    pub fn resolve(
        as_of: Option<Timestamp>,
        known_at: Option<Timestamp>,
        now: Timestamp,
        last_recorded_at: Timestamp,
        policy: PolicyName,
    ) -> Self {
        Self {
            as_of: as_of.unwrap_or(now).truncated_to_second(),
            known_at: known_at.unwrap_or(last_recorded_at).min(last_recorded_at),
            policy,
            model: MODEL,
        }
    }
}
