//! What can happen to an account: a closed set of event types, one family per file.
//!
//! Each payload stands here once, with the meaning of every field; the names are those of the wire. The frozen
//! shapes on disk are separate and live with the log, so that a payload can grow without touching a record.

pub mod account;
pub mod assessment;
pub mod bid;
pub mod commitment;
pub mod concession;
pub mod delivery;
pub mod feedback;
pub mod issue;
pub mod meeting;
pub mod opportunity;
pub mod order;
pub mod own;
pub mod payload;
pub mod people;
pub mod plan;
pub mod revision;

use std::hash::BuildHasher as _;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::form::{Exchange, Form, Reform};

pub use payload::{Line, Scene};

/// Every type, found by its name: every record that is read asks.
static BY_NAME: LazyLock<HashTable<EventType>> = LazyLock::new(|| {
    let mut by_name = HashTable::new();
    for event_type in EventType::ALL {
        by_name.insert_unique(hash_of(event_type.as_str().as_bytes()), *event_type, |other| {
            hash_of(other.as_str().as_bytes())
        });
    }
    by_name
});

fn hash_of(name: &[u8]) -> u64 {
    FixedState::default().hash_one(name)
}

macro_rules! events {
    ($($(#[$doc:meta])* $name:literal $variant:ident($payload:ty),)+) => {
        /// The kind of an event: which payload it has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            $($(#[$doc])* $variant,)+
        }

        impl EventType {
            /// Every type, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name on the wire, such as `meeting.held`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The type of that name; `None` when there is none. Cost: O(1).
            pub fn named(name: &str) -> Option<Self> {
                Self::spelt(name.as_bytes())
            }

            /// The same, of a name in UTF-8 that nobody has judged.
            pub fn spelt(name: &[u8]) -> Option<Self> {
                BY_NAME.find(hash_of(name), |event_type| event_type.as_str().as_bytes() == name).copied()
            }
        }

        /// What happened, with its payload.
        ///
        /// As JSON `{"type":..,"data":..}`; a record has its own, frozen shapes.
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(bound = "", tag = "type", content = "data")]
        pub enum Event<F: Form> {
            $($(#[$doc])* #[serde(rename = $name)] $variant($payload),)+
        }

        impl<F: Form> Event<F> {
            /// The kind of this event.
            pub fn event_type(&self) -> EventType {
                match self {
                    $(Self::$variant(_) => EventType::$variant,)+
                }
            }

            /// Reads the payload of an event of this type, as `serde` has it.
            ///
            /// # Errors
            /// What the deserializer says of a missing, unknown or malformed field.
            pub fn deserialize<'de, D: serde::Deserializer<'de>>(
                event_type: EventType,
                deserializer: D,
            ) -> Result<Self, D::Error> {
                use serde::Deserialize as _;
                match event_type {
                    $(EventType::$variant => <$payload>::deserialize(deserializer).map(Self::$variant),)+
                }
            }

            /// Writes the payload alone, as `serde` has it.
            ///
            /// # Errors
            /// What the serializer says.
            pub fn serialize_payload<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::Serialize as _;
                match self {
                    $(Self::$variant(payload) => payload.serialize(serializer),)+
                }
            }

            /// Turns the event into another form.
            ///
            /// # Errors
            /// The first one that the exchange reports.
            pub fn reform<G: Form, X: Exchange<F, G>>(self, exchange: &mut X) -> Result<Event<G>, X::Error> {
                Ok(match self {
                    $(Self::$variant(payload) => Event::$variant(payload.reform("data", exchange)?),)+
                })
            }

            /// The persons that the event refers to, in the order of its fields, repeated ones included.
            pub fn persons(&self) -> Vec<&F::Person> {
                let mut persons = Vec::new();
                match self {
                    $(Self::$variant(payload) => Reform::<F, F>::persons(payload, &mut persons),)+
                }
                persons
            }
        }
    };
}

events! {
    /// An account came into the ledger: the first event of every stream.
    "account.opened" AccountOpened(account::AccountOpened),
    /// Facts about an account changed.
    "account.updated" AccountUpdated(account::AccountUpdated),
    /// An account became part of another.
    "account.merged" AccountMerged(account::AccountMerged),
    /// The relationship was ended.
    "account.closed" AccountClosed(account::AccountClosed),
    /// An ended relationship was taken up again.
    "account.reopened" AccountReopened(account::AccountReopened),
    /// A person of the customer's or of a third party became known.
    "contact.added" ContactAdded(people::ContactAdded<F>),
    /// Facts about such a person changed.
    "contact.changed" ContactChanged(people::ContactChanged<F>),
    /// Such a person left.
    "contact.left" ContactLeft(people::ContactLeft<F>),
    /// One of ours took a role for the account.
    "team.assigned" TeamAssigned(people::TeamAssigned<F>),
    /// One of ours gave a role up.
    "team.released" TeamReleased(people::TeamReleased<F>),
    /// People met, called or wrote.
    "meeting.held" MeetingHeld(meeting::MeetingHeld<F>),
    /// A meeting was arranged; it may lie in the future.
    "meeting.planned" MeetingPlanned(meeting::MeetingPlanned<F>),
    /// The customer said what it needs.
    "need.stated" NeedStated(opportunity::NeedStated<F>),
    /// A project with the customer began.
    "project.opened" ProjectOpened(opportunity::ProjectOpened<F>),
    /// A project ended.
    "project.closed" ProjectClosed(opportunity::ProjectClosed<F>),
    /// A chance of business appeared.
    "opportunity.opened" OpportunityOpened(opportunity::OpportunityOpened<F>),
    /// A chance of business was given up.
    "opportunity.dropped" OpportunityDropped(opportunity::OpportunityDropped<F>),
    /// We made an offer.
    "bid.submitted" BidSubmitted(bid::BidSubmitted<F>),
    /// The customer took our offer.
    "bid.won" BidWon(bid::BidWon<F>),
    /// The customer took another offer, or none.
    "bid.lost" BidLost(bid::BidLost<F>),
    /// A contract was signed.
    "contract.signed" ContractSigned(order::ContractSigned<F>),
    /// The customer ordered.
    "order.placed" OrderPlaced(order::OrderPlaced<F>),
    /// The customer gave an order back, wholly or in part.
    "order.returned" OrderReturned(order::OrderReturned<F>),
    /// We sent an invoice.
    "invoice.issued" InvoiceIssued(order::InvoiceIssued<F>),
    /// The customer paid.
    "payment.received" PaymentReceived(order::PaymentReceived<F>),
    /// We delivered.
    "delivery.completed" DeliveryCompleted(delivery::DeliveryCompleted<F>),
    /// One side gave way.
    "concession.granted" ConcessionGranted(concession::ConcessionGranted<F>),
    /// We treated somebody: listed for auditors, never scored.
    "hospitality.given" HospitalityGiven(concession::HospitalityGiven<F>),
    /// One side promised something.
    "commitment.made" CommitmentMade(commitment::CommitmentMade<F>),
    /// A promise was put off.
    "commitment.moved" CommitmentMoved(commitment::CommitmentMoved<F>),
    /// A promise was kept.
    "commitment.kept" CommitmentKept(commitment::CommitmentKept<F>),
    /// A promise was broken.
    "commitment.broken" CommitmentBroken(commitment::CommitmentBroken<F>),
    /// The customer confirmed that it gained something.
    "benefit.confirmed" BenefitConfirmed(feedback::BenefitConfirmed<F>),
    /// The customer judged us.
    "feedback.given" FeedbackGiven(feedback::FeedbackGiven<F>),
    /// The customer did us a good turn.
    "favour.received" FavourReceived(feedback::FavourReceived<F>),
    /// The customer spoke for us to others.
    "reference.given" ReferenceGiven(feedback::ReferenceGiven<F>),
    /// Something went wrong for the customer.
    "issue.raised" IssueRaised(issue::IssueRaised<F>),
    /// It was put right.
    "issue.resolved" IssueResolved(issue::IssueResolved<F>),
    /// It was not right after all.
    "issue.reopened" IssueReopened(issue::IssueReopened<F>),
    /// We spent time or money on the account.
    "effort.spent" EffortSpent(plan::EffortSpent<F>),
    /// An account plan was set.
    "plan.set" PlanSet(plan::PlanSet),
    /// An objective of a plan moved.
    "plan.progressed" PlanProgressed(plan::PlanProgressed),
    /// Somebody judged a dimension of the relationship.
    "assessment.made" AssessmentMade(assessment::AssessmentMade<F>),
    /// Somebody rated our strength by one of the customer's criteria.
    "strength.rated" StrengthRated(assessment::StrengthRated),
    /// The account was evaluated, and adjustments agreed on.
    "account.evaluated" AccountEvaluated(assessment::AccountEvaluated<F>),
    /// Somebody wrote something down.
    "note.taken" NoteTaken(assessment::NoteTaken<F>),
    /// An earlier event was told wrongly: here is the right time or data.
    "event.corrected" EventCorrected(revision::EventCorrected<F>),
    /// An earlier event did not happen.
    "event.retracted" EventRetracted(revision::EventRetracted),
    /// The ledger's own: a policy came into force.
    "policy.adopted" PolicyAdopted(own::PolicyAdopted),
    /// The ledger's own: a rate of exchange.
    "rate.set" RateSet(own::RateSet),
    /// The ledger's own: a fit of the outlook.
    "calibration.fitted" CalibrationFitted(own::CalibrationFitted),
    /// The ledger's own: a quarter's portfolio measures.
    "anchors.frozen" AnchorsFrozen(own::AnchorsFrozen),
    /// The ledger's own: a dynamic evaluation of the portfolio.
    "review.held" ReviewHeld(own::ReviewHeld),
    /// The ledger's own: an account was put on the key list by hand.
    "account.pinned" AccountPinned(own::AccountPinned),
    /// The ledger's own: an account was taken off the key list by hand.
    "account.unpinned" AccountUnpinned(own::AccountUnpinned),
    /// The ledger's own: an expert's word on an industry.
    "industry.rated" IndustryRated(own::IndustryRated),
    /// The ledger's own: a period was closed.
    "period.closed" PeriodClosed(own::PeriodClosed),
    /// The ledger's own: the heads of all streams were sealed.
    "heads.sealed" HeadsSealed(own::HeadsSealed),
    /// The ledger's own: a signing key gave way to another.
    "key.rotated" KeyRotated(own::KeyRotated),
    /// The ledger's own: a person was erased.
    "subject.erased" SubjectErased(own::SubjectErased<F>),
    /// The ledger's own: an erased person came back.
    "subject.readmitted" SubjectReadmitted(own::SubjectReadmitted<F>),
}

impl serde::Serialize for EventType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl EventType {
    /// Whether the type belongs to the ledger's own stream, and so to a command of its own.
    pub fn is_own(self) -> bool {
        Self::PolicyAdopted <= self
    }

    /// Whether events of the type are interactions, which take a scene, a main line and a task.
    pub fn is_interaction(self) -> bool {
        let between = |first, last| first <= self && self <= last;
        let judged = matches!(self, Self::PlanSet | Self::PlanProgressed);
        between(Self::MeetingHeld, Self::EffortSpent) && !judged
    }

    /// Whether the type revises another event rather than telling of one.
    pub fn is_revision(self) -> bool {
        matches!(self, Self::EventCorrected | Self::EventRetracted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_found_by_its_name() {
        for event_type in EventType::ALL {
            assert_eq!(EventType::named(event_type.as_str()), Some(*event_type));
        }
        assert_eq!(EventType::named("meeting.imagined"), None);
    }

    #[test]
    fn the_ledgers_own_types_stand_last() {
        let own: Vec<_> = EventType::ALL.iter().filter(|t| t.is_own()).collect();
        assert_eq!(own.len(), 13);
        assert!(!EventType::EventRetracted.is_own());
    }
}
