//! Things that events bring about, and events that name them.
//!
//! Feeds arrive out of order, so a reference to something unknown is a fact like any other. It is an anomaly
//! until the thing appears, at whatever time, earlier or later.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::anomaly::Anomaly;
use crate::event::Event;
use crate::event::meeting::{MeetingHeld, MeetingPlanned};
use crate::form::{Person, Sealed};
use crate::id::PersonId;
use crate::position::Position;

/// A kind of thing that events may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Brought about by `bid.submitted`.
    Bid,
    /// Brought about by `opportunity.opened`.
    Opportunity,
    /// Brought about by `project.opened`.
    Project,
    /// Brought about by `contract.signed`.
    Contract,
    /// Brought about by `order.placed`.
    Order,
    /// Brought about by `invoice.issued`.
    Invoice,
    /// Brought about by `commitment.made`.
    Commitment,
    /// Brought about by `issue.raised`.
    Issue,
    /// Brought about by `plan.set`.
    Objective,
    /// Brought about by `contact.added`.
    Contact,
    /// Brought about by `team.assigned`.
    Colleague,
}

impl Kind {
    /// The word in answers, such as `bid`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bid => "bid",
            Self::Opportunity => "opportunity",
            Self::Project => "project",
            Self::Contract => "contract",
            Self::Order => "order",
            Self::Invoice => "invoice",
            Self::Commitment => "commitment",
            Self::Issue => "issue",
            Self::Objective => "objective",
            Self::Contact => "contact",
            Self::Colleague => "colleague",
        }
    }
}

/// What is known and what is missing.
#[derive(Debug, Clone, Default)]
pub(super) struct References {
    things: BTreeMap<Kind, Register<String>>,
    contacts: Register<PersonId>,
    colleagues: Register<PersonId>,
}

/// The things of one kind.
#[derive(Debug, Clone)]
struct Register<K> {
    known: BTreeSet<K>,
    missing: BTreeMap<K, Vec<Position>>,
}

impl References {
    /// The references that nothing resolved, by kind, identifier and position.
    pub(super) fn unknown(&self) -> impl Iterator<Item = Anomaly> + '_ {
        let things = self.things.iter().flat_map(|(kind, register)| register.unknown(*kind));
        things.chain(self.contacts.unknown(Kind::Contact)).chain(self.colleagues.unknown(Kind::Colleague))
    }

    fn add(&mut self, kind: Kind, id: &(impl ToString + ?Sized)) {
        self.things.entry(kind).or_default().add(id.to_string());
    }

    fn name(&mut self, kind: Kind, id: &str, position: Position) {
        self.things.entry(kind).or_default().name(id, position);
    }

    /// Takes an event: what it names first, then what it brings about.
    pub(super) fn apply(&mut self, position: Position, event: &Event<Sealed>) {
        self.apply_names(position, event);
        self.apply_persons(position, event);
        self.apply_things(event);
    }

    /// Takes what an event brings about, persons apart.
    fn apply_things(&mut self, event: &Event<Sealed>) {
        if let Event::BidSubmitted(bid) = event {
            self.add(Kind::Bid, &bid.bid);
        } else if let Event::OpportunityOpened(opportunity) = event {
            self.add(Kind::Opportunity, &opportunity.opportunity);
        } else if let Event::ProjectOpened(project) = event {
            self.add(Kind::Project, &project.project);
        } else if let Event::ContractSigned(contract) = event {
            self.add(Kind::Contract, &contract.contract);
        } else if let Event::OrderPlaced(order) = event {
            self.add(Kind::Order, &order.order);
        } else if let Event::InvoiceIssued(invoice) = event {
            self.add(Kind::Invoice, &invoice.invoice);
        } else if let Event::CommitmentMade(commitment) = event {
            self.add(Kind::Commitment, &commitment.commitment);
        } else if let Event::IssueRaised(issue) = event {
            self.add(Kind::Issue, &issue.issue);
        } else if let Event::PlanSet(plan) = event {
            for objective in &plan.objectives {
                self.add(Kind::Objective, &objective.objective);
            }
        }
    }

    /// Takes the things that an event names, persons apart. Every event type stands here, so that a new one
    /// cannot be forgotten.
    fn apply_names(&mut self, position: Position, event: &Event<Sealed>) {
        for (kind, id) in names(event).into_iter().flatten() {
            self.name(kind, id, position);
        }
    }

    /// Takes the persons that an event brings about or names.
    fn apply_persons(&mut self, position: Position, event: &Event<Sealed>) {
        if let Event::ContactAdded(contact) = event {
            self.contacts.add(contact.contact.0);
        } else if let Event::TeamAssigned(colleague) = event {
            self.colleagues.add(colleague.person.0);
        } else if let Event::TeamReleased(colleague) = event {
            self.colleagues.name(&colleague.person.0, position);
        }
        for person in contacts(event) {
            self.contacts.name(&person.0, position);
        }
    }
}

type Named<'a> = Option<(Kind, &'a str)>;

macro_rules! optional {
    ($kind:ident, $id:expr) => {
        $id.as_ref().map(|id| (Kind::$kind, id.as_str()))
    };
}

macro_rules! required {
    ($kind:ident, $id:expr) => {
        [Some((Kind::$kind, $id.as_str())), None, None]
    };
}

/// The things that an event names, persons apart. No event names more than three.
#[rustfmt::skip]
fn names(event: &Event<Sealed>) -> [Named<'_>; 3] {
    match event {
        Event::OpportunityOpened(e) => [optional!(Project, e.project), None, None],
        Event::OpportunityDropped(e) => required!(Opportunity, e.opportunity),
        Event::ProjectClosed(e) => required!(Project, e.project),
        Event::BidSubmitted(e) => [optional!(Opportunity, e.opportunity), optional!(Project, e.project), None],
        Event::BidWon(e) => required!(Bid, e.bid),
        Event::BidLost(e) => required!(Bid, e.bid),
        Event::ContractSigned(e) => [optional!(Bid, e.bid), None, None],
        Event::OrderPlaced(e) => {
            [optional!(Bid, e.bid), optional!(Contract, e.contract), optional!(Project, e.project)]
        }
        Event::OrderReturned(e) => [optional!(Order, e.order), None, None],
        Event::InvoiceIssued(e) => [optional!(Order, e.order), None, None],
        Event::PaymentReceived(e) => [optional!(Invoice, e.invoice), None, None],
        Event::DeliveryCompleted(e) => [optional!(Order, e.order), optional!(Project, e.project), None],
        Event::ConcessionGranted(e) => [optional!(Bid, e.bid), None, None],
        Event::CommitmentMoved(e) => required!(Commitment, e.commitment),
        Event::CommitmentKept(e) => required!(Commitment, e.commitment),
        Event::CommitmentBroken(e) => required!(Commitment, e.commitment),
        Event::IssueRaised(e) => [optional!(Project, e.project), None, None],
        Event::IssueResolved(e) => required!(Issue, e.issue),
        Event::IssueReopened(e) => required!(Issue, e.issue),
        Event::PlanProgressed(e) => required!(Objective, e.objective),
        Event::AccountOpened(_) | Event::AccountUpdated(_) | Event::AccountMerged(_) | Event::AccountClosed(_)
        | Event::AccountReopened(_) | Event::ContactAdded(_) | Event::ContactChanged(_) | Event::ContactLeft(_)
        | Event::TeamAssigned(_) | Event::TeamReleased(_) | Event::MeetingHeld(_) | Event::MeetingPlanned(_)
        | Event::NeedStated(_) | Event::ProjectOpened(_) | Event::HospitalityGiven(_) | Event::CommitmentMade(_)
        | Event::BenefitConfirmed(_) | Event::FeedbackGiven(_) | Event::FavourReceived(_)
        | Event::ReferenceGiven(_) | Event::EffortSpent(_) | Event::PlanSet(_) | Event::AssessmentMade(_)
        | Event::StrengthRated(_) | Event::AccountEvaluated(_) | Event::NoteTaken(_) | Event::EventCorrected(_)
        | Event::EventRetracted(_) | Event::PolicyAdopted(_) | Event::RateSet(_) | Event::CalibrationFitted(_)
        | Event::AnchorsFrozen(_) | Event::ReviewHeld(_) | Event::AccountPinned(_) | Event::AccountUnpinned(_)
        | Event::IndustryRated(_) | Event::PeriodClosed(_) | Event::HeadsSealed(_) | Event::KeyRotated(_)
        | Event::SubjectErased(_) | Event::SubjectReadmitted(_) => [None, None, None],
    }
}

/// The persons that an event names as contacts. Guests of a hospitality may be anyone and are not asked for.
fn contacts(event: &Event<Sealed>) -> Vec<&Person<Sealed>> {
    if let Event::ContactChanged(changed) = event {
        vec![&changed.contact]
    } else if let Event::ContactLeft(left) = event {
        vec![&left.contact]
    } else if let Event::MeetingHeld(MeetingHeld { customer, third_party, .. })
    | Event::MeetingPlanned(MeetingPlanned { customer, third_party, .. }) = event
    {
        customer.iter().chain(third_party.iter().flatten()).collect()
    } else if let Event::BenefitConfirmed(benefit) = event {
        benefit.contact.iter().collect()
    } else if let Event::FeedbackGiven(feedback) = event {
        feedback.contact.iter().collect()
    } else {
        Vec::new()
    }
}

impl<K> Default for Register<K> {
    fn default() -> Self {
        Self { known: BTreeSet::new(), missing: BTreeMap::new() }
    }
}

impl<K: Ord> Register<K> {
    fn add(&mut self, id: K) {
        self.missing.remove(&id);
        self.known.insert(id);
    }

    fn name<Q: Ord + ToOwned<Owned = K> + ?Sized>(&mut self, id: &Q, position: Position)
    where
        K: Borrow<Q>,
    {
        if self.known.contains(id) {
            return;
        }
        let positions = self.missing.entry(id.to_owned()).or_default();
        if positions.last() != Some(&position) {
            positions.push(position);
        }
    }
}

impl<K: Ord + ToString> Register<K> {
    fn unknown(&self, to: Kind) -> impl Iterator<Item = Anomaly> + '_ {
        self.missing.iter().flat_map(move |(id, positions)| {
            let anomaly = move |position: &Position| Anomaly::UnknownReference {
                position: *position,
                to,
                id: id.to_string(),
            };
            positions.iter().map(anomaly)
        })
    }
}
