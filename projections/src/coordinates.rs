//! The coordinates of a question: both time axes, the policy and the model. The same coordinates give the same
//! bytes, on any machine, for ever.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The version of the formulas. A changed formula is a new number.
pub const MODEL: u32 = 1;

/// What a question is about, as resolved: defaults filled in, T cut to the second, K clamped to the last visible
/// commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coordinates {
    /// T: what was true at this instant, this instant included.
    pub as_of: Timestamp,
    /// K: as far as it was recorded by this instant, this instant included.
    pub known_at: Timestamp,
    /// The version of the policy.
    pub policy: u32,
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
        policy: u32,
    ) -> Self {
        Self {
            as_of: as_of.unwrap_or(now).truncated_to_second(),
            known_at: known_at.unwrap_or(last_recorded_at).min(last_recorded_at),
            policy,
            model: MODEL,
        }
    }
}
