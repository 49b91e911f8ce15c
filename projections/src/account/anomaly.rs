//! What is odd about a history. A ledger keeps such facts and says so, rather than losing them.

use std::cmp::Ordering;

use compact_str::CompactString;
use serde::Serialize;

use crate::fact::Number;
use crate::id::AccountId;
use crate::money::Currency;
use crate::position::Position;

use super::references::Referent;

/// Something odd, with the events that show it.
///
/// Ordered by the first of the events; then by what is odd, so that a list of them has one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anomaly {
    /// What is odd; its fields stand beside `positions`.
    #[serde(flatten)]
    pub oddity: Oddity,
    /// The events' places in the log, ascending: at least one. Of those that are only counted, the first.
    pub positions: Vec<Position>,
}

/// What is odd.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Oddity {
    /// Events name a thing that nothing brought about so far.
    UnknownReference {
        /// What kind of thing.
        to: Referent,
        /// Its identifier; a person's pseudonym.
        id: CompactString,
    },
    /// Amounts are left out of the figures, since no rate was in force for their currency. Only amounts that a
    /// figure or the list of values reads are listed.
    NoRate {
        /// The currency of the amounts.
        from: Currency,
        /// The currency of the figures.
        to: Currency,
    },
    /// Events happened before the account was opened, or it never was.
    BeforeOpening {
        /// How many they are.
        events: u64,
    },
    /// Events happened after the account became part of another one.
    AfterMerging {
        /// How many they are.
        events: u64,
    },
    /// Events name this account where another one belongs: as its parent, or as what it became part of.
    NamesItself,
    /// Events bring about a thing under an identifier that another event used already.
    Duplicate {
        /// What kind of thing.
        to: Referent,
        /// Its identifier.
        id: CompactString,
    },
    /// Events decide, move or end what no longer stands open, or reopen what does: they change nothing.
    WithoutEffect {
        /// What kind of thing.
        to: Referent,
        /// Its identifier; a person's pseudonym.
        id: CompactString,
    },
    /// A thing is due, or ends, before it began.
    EndsBeforeStart {
        /// What kind of thing.
        to: Referent,
        /// Its identifier.
        id: CompactString,
    },
    /// Somebody was met after having left.
    MetAfterLeaving {
        /// The person's pseudonym.
        id: CompactString,
    },
    /// More was paid of an invoice than it asks for, in its own currency. Shown by the payment that went above it.
    PaidAboveInvoice {
        /// The invoice.
        id: CompactString,
    },
    /// More was returned of an order than was ordered with it, in its own currency. Shown by the return that went
    /// above it.
    ReturnedAboveOrder {
        /// The order.
        id: CompactString,
    },
    /// More was returned of a currency than was ever ordered in it. Shown by the last return.
    ReturnedAboveOrders {
        /// The currency.
        currency: Currency,
    },
    /// Nothing is known of the parent that the account names.
    UnknownParent {
        /// The parent.
        parent: AccountId,
    },
    /// The account is, through its parents, its own parent.
    ParentRing {
        /// The parent.
        parent: AccountId,
    },
}

impl Oddity {
    /// As one event shows it.
    pub(super) fn shown_by(self, position: Position) -> Anomaly {
        Anomaly { oddity: self, positions: vec![position] }
    }
}

impl Ord for Anomaly {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_first = self.positions.first().cmp(&other.positions.first());
        by_first.then_with(|| (&self.oddity, &self.positions).cmp(&(&other.oddity, &other.positions)))
    }
}

impl PartialOrd for Anomaly {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Events that show the same oddity, each of some thing, in whatever order.
#[derive(Debug, Clone)]
pub(super) struct Shown<T>(Vec<(T, Position)>);

/// The same of things that are kept as numbers.
pub(super) type ShownOf<T> = Shown<Number<T>>;

impl<T> Default for Shown<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + Ord> Shown<T> {
    /// Takes an event, which may show it of a thing twice.
    pub(super) fn add(&mut self, of: T, by: Position) {
        self.0.push((of, by));
    }

    /// An anomaly for each thing; none for one of which nothing is odd any more.
    pub(super) fn anomalies(&self, oddity: impl Fn(T) -> Option<Oddity>) -> Vec<Anomaly> {
        let mut shown = self.0.clone();
        shown.sort_unstable();
        shown.dedup();
        let anomaly = |events: &[(T, Position)]| {
            let (of, _) = events.first()?;
            let positions = events.iter().map(|(_, position)| *position).collect();
            Some(Anomaly { oddity: oddity(*of)?, positions })
        };
        shown.chunk_by(|(a, _), (b, _)| a == b).filter_map(anomaly).collect()
    }
}
