//! What is odd about a history. A ledger keeps such facts and says so, rather than losing them.

use serde::Serialize;

use crate::money::Currency;
use crate::position::Position;

use super::references::Referent;

/// Something odd, with the event that shows it.
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
    /// Place in the log of the event that shows it.
    pub fn position(&self) -> Position {
        match self {
            Self::UnknownReference { position, .. }
            | Self::NoRate { position, .. }
            | Self::BeforeOpening { position, .. } => *position,
        }
    }
}
