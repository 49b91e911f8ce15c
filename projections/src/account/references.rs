//! Things that events bring about, and events that name them.
//!
//! Feeds arrive out of order, so a reference to something unknown is a fact like any other. It is an anomaly
//! until the thing appears, at whatever time, earlier or later. An identifier used for a second thing is one too,
//! since folds take both for one.

use compact_str::CompactString;
use serde::Serialize;

use super::anomaly::{Anomaly, Oddity, ShownOf};
use crate::fact::{ByNumber, Fact, Kind, Matter, Named, NamedAs, Names, Number};
use crate::id::{
    BidId, CommitmentId, ConcessionId, ContractId, DeliveryId, InvoiceId, IssueId, NeedId, ObjectiveId,
    OpportunityId, OrderId, PersonId, ProjectId,
};
use crate::position::Position;

/// What an event may name without its being known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum Referent {
    /// A thing.
    Thing(Kind),
    /// A person.
    Person(PersonKind),
}

/// As whom an event names a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Brought about by `contact.added`.
    Contact,
    /// Brought about by `team.assigned`.
    Colleague,
}

impl Referent {
    /// The word in answers, such as `bid`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Thing(kind) => kind.as_str(),
            Self::Person(PersonKind::Contact) => "contact",
            Self::Person(PersonKind::Colleague) => "colleague",
        }
    }
}

/// What is known and what is missing.
#[derive(Debug, Clone, Default)]
pub(super) struct References {
    bids: Register<BidId>,
    opportunities: Register<OpportunityId>,
    projects: Register<ProjectId>,
    contracts: Register<ContractId>,
    orders: Register<OrderId>,
    invoices: Register<InvoiceId>,
    commitments: Register<CommitmentId>,
    issues: Register<IssueId>,
    objectives: Register<ObjectiveId>,
    contacts: Register<PersonId>,
    colleagues: Register<PersonId>,
    deliveries: Register<DeliveryId>,
    concessions: Register<ConcessionId>,
    needs: Register<NeedId>,
}

/// The things of one kind.
#[derive(Debug, Clone)]
struct Register<T> {
    /// Whether each is known.
    known: ByNumber<T, bool>,
    /// Where things were named that were not known by then.
    missing: ShownOf<T>,
    /// Where things that were known already were brought about again.
    again: ShownOf<T>,
}

impl References {
    /// The references that nothing resolved, and the identifiers used twice.
    pub(super) fn anomalies(&self, names: &Names) -> Vec<Anomaly> {
        let mut found = Vec::new();
        self.bids.list(names, &mut found);
        self.opportunities.list(names, &mut found);
        self.projects.list(names, &mut found);
        self.contracts.list(names, &mut found);
        self.orders.list(names, &mut found);
        self.invoices.list(names, &mut found);
        self.commitments.list(names, &mut found);
        self.issues.list(names, &mut found);
        self.objectives.list(names, &mut found);
        self.deliveries.list(names, &mut found);
        self.concessions.list(names, &mut found);
        self.needs.list(names, &mut found);
        self.contacts.list_persons(PersonKind::Contact, names, &mut found);
        self.colleagues.list_persons(PersonKind::Colleague, names, &mut found);
        found
    }

    /// Takes a fact: what it names first, then what it brings about.
    #[rustfmt::skip]
    pub(super) fn apply(&mut self, fact: &Fact) {
        let at = fact.position;
        match &fact.matter {
            Matter::BidSubmitted { bid, opportunity, project, .. } => {
                self.opportunities.name_any(*opportunity, at);
                self.projects.name_any(*project, at);
                self.bids.add_once(*bid, at);
            }
            Matter::BidWon { bid, .. } | Matter::BidLost { bid } => self.bids.name(*bid, at),
            Matter::OpportunityOpened(opened) => {
                self.projects.name_any(opened.project, at);
                self.opportunities.add_once(opened.opportunity, at);
            }
            Matter::OpportunityDropped { opportunity } => self.opportunities.name(*opportunity, at),
            Matter::ProjectOpened { project } => self.projects.add_once(*project, at),
            Matter::ProjectClosed { project, .. } => self.projects.name(*project, at),
            Matter::ContractSigned(signed) => {
                self.bids.name_any(signed.bid, at);
                self.contracts.add_once(signed.contract, at);
            }
            Matter::OrderPlaced { order, bid, contract, project, .. } => {
                self.bids.name_any(*bid, at);
                self.contracts.name_any(*contract, at);
                self.projects.name_any(*project, at);
                self.orders.add_once(*order, at);
            }
            Matter::OrderReturned { order, .. } => self.orders.name_any(*order, at),
            Matter::InvoiceIssued { invoice, order, .. } => {
                self.orders.name_any(*order, at);
                self.invoices.add_once(*invoice, at);
            }
            Matter::PaymentReceived { invoice, .. } => self.invoices.name_any(*invoice, at),
            Matter::DeliveryCompleted { delivery, order, project, .. } => {
                self.deliveries.add_once(*delivery, at);
                self.orders.name_any(*order, at); self.projects.name_any(*project, at);
            }
            Matter::ConcessionGranted { concession, bid, .. } => {
                self.concessions.add_once(*concession, at); self.bids.name_any(*bid, at);
            }
            Matter::NeedStated { need } => self.needs.add_once(*need, at),
            Matter::CommitmentMade { commitment, .. } => self.commitments.add_once(*commitment, at),
            Matter::CommitmentMoved { commitment, .. }
            | Matter::CommitmentKept { commitment }
            | Matter::CommitmentBroken { commitment } => self.commitments.name(*commitment, at),
            Matter::IssueRaised { issue, project, .. } => {
                self.projects.name_any(*project, at);
                self.issues.add_once(*issue, at);
            }
            Matter::IssueResolved { issue } | Matter::IssueReopened { issue } => self.issues.name(*issue, at),
            Matter::PlanSet(plan) => plan.objectives.iter().for_each(|objective| self.objectives.add(*objective)),
            Matter::PlanProgressed { objective, .. } => self.objectives.name(*objective, at),
            Matter::ContactAdded { contact, .. } => self.contacts.add(*contact),
            Matter::ContactChanged { contact, .. } | Matter::ContactLeft { contact } => {
                self.contacts.name(*contact, at);
            }
            Matter::BenefitConfirmed { contact, .. } | Matter::FeedbackGiven { contact, .. } => {
                self.contacts.name_any(*contact, at);
            }
            Matter::MeetingHeld(meeting) | Matter::MeetingPlanned(meeting) => {
                let others = meeting.parties.iter().filter(|party| party.named_as != NamedAs::Ours);
                others.for_each(|party| self.contacts.name(party.person, at));
            }
            Matter::TeamAssigned { person, .. } => self.colleagues.add(*person),
            Matter::TeamReleased { person, .. } => self.colleagues.name(*person, at),
            // Guests of a hospitality may be anyone and are not asked for.
            Matter::AccountOpened(_) | Matter::AccountUpdated(_) | Matter::AccountMerged { .. }
            | Matter::AccountClosed | Matter::AccountReopened
            | Matter::HospitalityGiven(_) | Matter::FavourReceived { .. } | Matter::ReferenceGiven { .. }
            | Matter::EffortSpent { .. } | Matter::AssessmentMade { .. } | Matter::StrengthRated { .. }
            | Matter::AccountEvaluated { .. } | Matter::NoteTaken => {}
        }
    }
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self { known: ByNumber::default(), missing: ShownOf::default(), again: ShownOf::default() }
    }
}

impl<T> Register<T> {
    fn knows(&self, thing: Number<T>) -> bool {
        self.known.get(thing) == Some(&true)
    }

    /// Takes what may be brought about again.
    fn add(&mut self, thing: Number<T>) {
        *self.known.entry(thing) = true;
    }

    /// Takes what is brought about once.
    fn add_once(&mut self, thing: Number<T>, position: Position) {
        if self.knows(thing) {
            self.again.add(thing, position);
        }
        self.add(thing);
    }

    fn name(&mut self, thing: Number<T>, position: Position) {
        if !self.knows(thing) {
            self.missing.add(thing, position);
        }
    }

    fn name_any(&mut self, thing: Option<Number<T>>, position: Position) {
        if let Some(thing) = thing {
            self.name(thing, position);
        }
    }

    fn missing(&self, to: Referent, id: impl Fn(Number<T>) -> CompactString) -> Vec<Anomaly> {
        let unknown = |thing| Oddity::UnknownReference { to, id: id(thing) };
        self.missing.anomalies(|thing| (!self.knows(thing)).then(|| unknown(thing)))
    }
}

impl<T: Named> Register<T> {
    fn list(&self, names: &Names, found: &mut Vec<Anomaly>) {
        let (to, id) = (Referent::Thing(T::KIND), |thing| names.text(thing).into());
        found.extend(self.missing(to, id));
        found.extend(self.again.anomalies(|thing| Some(Oddity::Duplicate { to, id: id(thing) })));
    }
}

impl Register<PersonId> {
    fn list_persons(&self, kind: PersonKind, names: &Names, found: &mut Vec<Anomaly>) {
        let id = |person| names.person(person).map(PersonId::pseudonym).unwrap_or_default();
        found.extend(self.missing(Referent::Person(kind), id));
    }
}
