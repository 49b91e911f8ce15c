//! What is odd about a history. A ledger keeps such facts and says so, rather than losing them.

use std::cmp::Ordering;

use compact_str::CompactString;
use serde::Serialize;

use crate::id::AccountId;
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
        id: CompactString,
    },
    /// An amount is left out of the figures, since no rate was in force for its currency. Only amounts that a
    /// figure or the list of values reads are listed.
    NoRate {
        /// The event's place in the log.
        position: Position,
        /// The currency of the amount.
        from: Currency,
        /// The currency of the figures.
        to: Currency,
    },
    /// Nothing is known of the parent that the account names.
    UnknownParent {
        /// The event that names it.
        position: Position,
        /// The parent.
        parent: AccountId,
    },
    /// The account is, through its parents, its own parent.
    ParentRing {
        /// The event that names its parent.
        position: Position,
        /// The parent.
        parent: AccountId,
    },
    /// Events happened before the account was opened, or it never was.
    BeforeOpening {
        /// The first of them.
        position: Position,
        /// How many they are.
        events: u64,
    },
    /// Events happened after the account became part of another one.
    AfterMerging {
        /// The first of them.
        position: Position,
        /// How many they are.
        events: u64,
    },
    /// An event names this account where another one belongs: as its parent, or as what it became part of.
    NamesItself {
        /// The event's place in the log.
        position: Position,
    },
    /// An event brings about a thing under an identifier that another event used already.
    Duplicate {
        /// The event's place in the log.
        position: Position,
        /// What kind of thing.
        to: Referent,
        /// Its identifier.
        id: CompactString,
    },
    /// An event decides, moves or ends what no longer stands open, or reopens what does: it changes nothing.
    WithoutEffect {
        /// The event's place in the log.
        position: Position,
        /// What kind of thing.
        to: Referent,
        /// Its identifier; a person's pseudonym.
        id: CompactString,
    },
    /// A thing is due, or ends, before it began.
    EndsBeforeStart {
        /// The event's place in the log.
        position: Position,
        /// What kind of thing.
        to: Referent,
        /// Its identifier.
        id: CompactString,
    },
    /// Somebody was met after having left.
    MetAfterLeaving {
        /// The event's place in the log.
        position: Position,
        /// The person's pseudonym.
        id: CompactString,
    },
    /// More was paid of an invoice than it asks for, in its own currency.
    PaidAboveInvoice {
        /// The payment that went above it.
        position: Position,
        /// The invoice.
        id: CompactString,
    },
    /// More was returned of an order than was ordered with it, in its own currency.
    ReturnedAboveOrder {
        /// The return that went above it.
        position: Position,
        /// The order.
        id: CompactString,
    },
    /// More was returned of a currency than was ever ordered in it.
    ReturnedAboveOrders {
        /// The last return.
        position: Position,
        /// The currency.
        currency: Currency,
    },
}

impl Anomaly {
    /// Tells anomalies of one position apart.
    fn rank(&self) -> (u8, Option<Referent>, &str) {
        match self {
            Self::UnknownReference { to, id, .. } => (0, Some(*to), id),
            Self::NoRate { from, .. } => (1, None, from.as_str()),
            Self::BeforeOpening { .. } => (2, None, ""),
            Self::AfterMerging { .. } => (3, None, ""),
            Self::NamesItself { .. } => (4, None, ""),
            Self::Duplicate { to, id, .. } => (5, Some(*to), id),
            Self::WithoutEffect { to, id, .. } => (6, Some(*to), id),
            Self::EndsBeforeStart { to, id, .. } => (7, Some(*to), id),
            Self::MetAfterLeaving { id, .. } => (8, None, id),
            Self::PaidAboveInvoice { id, .. } => (9, None, id),
            Self::ReturnedAboveOrder { id, .. } => (10, None, id),
            Self::ReturnedAboveOrders { currency, .. } => (11, None, currency.as_str()),
            Self::UnknownParent { parent, .. } => (12, None, parent.as_str()),
            Self::ParentRing { parent, .. } => (13, None, parent.as_str()),
        }
    }

    /// Place in the log of the event that shows it.
    pub fn position(&self) -> Position {
        match self {
            Self::UnknownReference { position, .. }
            | Self::NoRate { position, .. }
            | Self::BeforeOpening { position, .. }
            | Self::AfterMerging { position, .. }
            | Self::NamesItself { position }
            | Self::Duplicate { position, .. }
            | Self::WithoutEffect { position, .. }
            | Self::EndsBeforeStart { position, .. }
            | Self::MetAfterLeaving { position, .. }
            | Self::PaidAboveInvoice { position, .. }
            | Self::ReturnedAboveOrder { position, .. }
            | Self::ReturnedAboveOrders { position, .. }
            | Self::UnknownParent { position, .. }
            | Self::ParentRing { position, .. } => *position,
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
