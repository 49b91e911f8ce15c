//! What is odd about a history. A ledger keeps such facts and says so, rather than losing them.

use std::cmp::Ordering;

use serde::Serialize;

use crate::money::Currency;
use crate::position::Position;

use super::references::Referent;

/// Something odd, with the event that shows it.
///
/// Ordered by position; then by what is odd, so that a list of them has one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Anomaly {
    /// An event names a thing that nothing brought about so far.
    UnknownReference {
        /// The event's place in the log.
        position: Position,
        /// What kind of thing.
        to: Referent,
        /// Its identifier; a person's pseudonym.
        id: String,
    },
    /// An amount is left out of the figures, since no rate was in force for its currency. Only amounts that a
    /// figure reads are listed: those of orders and returns.
    NoRate {
        /// The event's place in the log.
        position: Position,
        /// The currency of the amount.
        from: Currency,
        /// The currency of the figures.
        to: Currency,
    },
    /// Events happened before the account was opened, or it never was.
    BeforeOpening {
        /// The first of them.
        position: Position,
        /// How many they are.
        events: u64,
    },
}

impl Anomaly {
    /// Tells anomalies of one position apart.
    fn rank(&self) -> (u8, Option<Referent>, &str) {
        match self {
            Self::UnknownReference { to, id, .. } => (0, Some(*to), id),
            Self::NoRate { from, .. } => (1, None, from.as_str()),
            Self::BeforeOpening { .. } => (2, None, ""),
        }
    }

    /// Place in the log of the event that shows it.
    pub fn position(&self) -> Position {
        match self {
            Self::UnknownReference { position, .. }
            | Self::NoRate { position, .. }
            | Self::BeforeOpening { position, .. } => *position,
        }
    }
}

impl Ord for Anomaly {
    fn cmp(&self, other: &Self) -> Ordering {
        self.position().cmp(&other.position()).then_with(|| self.rank().cmp(&other.rank()))
    }
}

impl PartialOrd for Anomaly {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
