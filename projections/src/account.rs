//! The account: its facts, who answers for it, its stage, and what is odd about its history.
//!
//! Persons appear by their pseudonyms; whoever shows the view resolves names.

mod anomaly;
mod facts;
mod references;
mod team;

use serde::Serialize;

use crate::event::{Event, EventType};
use crate::history::EffectiveEvent;
use crate::id::{AccountId, PersonId};
use crate::policy::Policy;
use crate::position::Position;
use crate::projection::Projection;
use crate::rates::Rates;
use crate::stage::{StageState, StageView};
use crate::time::{Timestamp, Zone};

pub use anomaly::Anomaly;
pub use facts::Facts;
pub use references::Kind;
use references::References;
use team::Owners;

/// Folds one account's effective history into everything that is shown of it.
///
/// Cost: O(log n) per event that names or brings about a thing, else O(1). Memory: one entry per thing named.
#[derive(Debug, Clone)]
pub struct AccountState<'p> {
    account: AccountId,
    policy: &'p Policy,
    events: u64,
    opening: Opening,
    facts: Facts,
    closed_at: Option<Timestamp>,
    merged_into: Option<AccountId>,
    owners: Owners,
    last_contact: Option<Timestamp>,
    references: References,
    stage: StageState<'p>,
}

/// Whether `account.opened` was heard, and what came before it.
#[derive(Debug, Clone, Copy, Default)]
struct Opening {
    heard: bool,
    /// The first event before the opening.
    preceded_by: Option<Position>,
    /// How many events came before it.
    events: u64,
}

/// What is shown of an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountView {
    /// The account.
    pub account: AccountId,
    /// What is known about it; the fields stand beside `account`.
    #[serde(flatten)]
    pub facts: Facts,
    /// Events folded.
    pub events: u64,
    /// The lifecycle stage; `None` before the first event.
    pub stage: Option<StageView>,
    /// When the account was closed, while it stands so: an order or a reopening ends that.
    pub closed_at: Option<Timestamp>,
    /// The account that it became part of.
    pub merged_into: Option<AccountId>,
    /// Who answers for it: the one assigned last as owner who was not released.
    pub owner: Option<PersonId>,
    /// When the last meeting was held, of whatever channel, two-way or not.
    pub last_contact: Option<Timestamp>,
    /// What is odd about the history, in the order of positions.
    pub anomalies: Vec<Anomaly>,
}

impl<'p> AccountState<'p> {
    /// The state before the first event. `rates` are those of the ledger's own stream at the same coordinates.
    pub fn new(account: AccountId, policy: &'p Policy, zone: Zone, rates: &'p Rates) -> Self {
        Self {
            account,
            policy,
            events: 0,
            opening: Opening::default(),
            facts: Facts::default(),
            closed_at: None,
            merged_into: None,
            owners: Owners::default(),
            last_contact: None,
            references: References::default(),
            stage: StageState::new(policy, zone, rates),
        }
    }

    fn anomalies(&self) -> Vec<Anomaly> {
        let reporting = self.policy.money.reporting_currency;
        let unrated = self.stage.unrated();
        let mut anomalies: Vec<_> = self
            .references
            .unknown()
            .chain(unrated.map(|(position, from)| Anomaly::NoRate { position, from, to: reporting }))
            .chain(self.opening.anomaly())
            .collect();
        anomalies.sort_by_key(Anomaly::position);
        anomalies
    }

    fn apply_standing(&mut self, at: Timestamp, event: &Event<crate::form::Sealed>) {
        if let Event::AccountClosed(_) = event {
            self.closed_at = Some(at);
        } else if let Event::AccountReopened(_) | Event::OrderPlaced(_) = event {
            self.closed_at = None;
        } else if let Event::AccountMerged(merged) = event {
            self.merged_into = Some(merged.into.clone());
        } else if let Event::MeetingHeld(_) = event {
            self.last_contact = Some(at);
        }
    }
}

impl Projection for AccountState<'_> {
    type View = AccountView;

    fn apply(&mut self, event: &EffectiveEvent<'_>) {
        self.events = self.events.saturating_add(1);
        self.opening.apply(event);
        self.facts.apply(event.event);
        self.apply_standing(event.occurred_at, event.event);
        self.owners.apply(event.event);
        self.references.apply(event.position, event.event);
        self.stage.apply(event);
    }

    fn evaluate(&self, as_of: Timestamp) -> AccountView {
        AccountView {
            account: self.account.clone(),
            facts: self.facts.clone(),
            events: self.events,
            stage: self.stage.evaluate(as_of),
            closed_at: self.closed_at,
            merged_into: self.merged_into.clone(),
            owner: self.owners.current(),
            last_contact: self.last_contact,
            anomalies: self.anomalies(),
        }
    }
}

impl Opening {
    fn apply(&mut self, event: &EffectiveEvent<'_>) {
        if self.heard {
            return;
        }
        if event.event.event_type() == EventType::AccountOpened {
            self.heard = true;
        } else {
            self.preceded_by.get_or_insert(event.position);
            self.events = self.events.saturating_add(1);
        }
    }

    fn anomaly(&self) -> Option<Anomaly> {
        self.preceded_by.map(|position| Anomaly::BeforeOpening { position, events: self.events })
    }
}

#[cfg(test)]
mod tests;
