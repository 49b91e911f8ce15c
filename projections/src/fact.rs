//! Facts: what a fold reads of an event, and nothing else.
//!
//! A record has names, sealed texts and reasons; no figure reads them. A [`Fact`] has what figures and lists do
//! read, in few bytes: things and persons appear as [`Number`]s that count up from 0 within one account, so that
//! a fold finds what it knows of them by place. What was written in words stays in the record, which the fact's
//! position leads to.
//!
//! Rejected: folding the records themselves. Decoding costs ten times what folding does, and a question about
//! the whole portfolio would decode everything again.

mod by_number;
mod facet;
mod names;
mod number;
mod reading;
mod trail;

use serde::{Deserialize, Serialize};

use crate::event::account::{AccountOpened, AccountUpdated};
use crate::event::assessment::Dimension;
use crate::event::concession::ConcessionForm;
use crate::event::delivery::DeliveryOutcome;
use crate::event::feedback::{FavourForm, ReferenceForm};
use crate::event::issue::Severity;
use crate::event::meeting::Channel;
use crate::event::opportunity::ProjectOutcome;
use crate::event::payload::Side;
use crate::event::people::{ContactRole, ContactSide, TeamRole};
use crate::event::plan::PlanSet;
use crate::event::{EventType, Line, Scene};
use crate::id::{
    AccountId, BidId, CommitmentId, ConcessionId, ContractId, Criterion, DeliveryId, InvoiceId, IssueId,
    NeedId, ObjectiveId, OpportunityId, OrderId, PersonId, PlanId, ProjectId, TaskId,
};
use crate::money::Money;
use crate::position::Position;
use crate::text::Label;
use crate::time::{Timestamp, When};

pub(crate) use by_number::ByNumber;
pub use names::{Kind, Named, Names};
pub use number::Number;
pub(crate) use trail::Trail;

/// What a fold reads of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Place of the original event in the log.
    pub position: Position,
    /// When it happened, as corrected.
    pub occurred_at: Timestamp,
    /// When the original was recorded.
    pub recorded_at: Timestamp,
    /// The scene that it names itself; `None`: the policy's default for the type.
    pub scene: Option<Scene>,
    /// The main line that it names itself; `None`: the policy's default for the type.
    pub line: Option<Line>,
    /// The task that it names itself; `None`: the policy's default for the type.
    pub task: Option<Number<TaskId>>,
    /// What happened.
    pub matter: Matter,
}

/// What happened, by type of event. The fields mean what those of the payload mean, which see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is that of the payload of the same name, and documented there")]
pub enum Matter {
    AccountOpened(Box<AccountOpened>),
    AccountUpdated(Box<AccountUpdated>),
    AccountMerged {
        into: Box<AccountId>,
    },
    AccountClosed,
    AccountReopened,
    ContactAdded {
        contact: Number<PersonId>,
        side: ContactSide,
        role: ContactRole,
    },
    ContactChanged {
        contact: Number<PersonId>,
        side: Option<ContactSide>,
        role: Option<ContactRole>,
    },
    ContactLeft {
        contact: Number<PersonId>,
    },
    TeamAssigned {
        person: Number<PersonId>,
        role: TeamRole,
    },
    TeamReleased {
        person: Number<PersonId>,
        role: TeamRole,
    },
    MeetingHeld(Meeting),
    MeetingPlanned(Meeting),
    NeedStated {
        need: Number<NeedId>,
    },
    ProjectOpened {
        project: Number<ProjectId>,
    },
    ProjectClosed {
        project: Number<ProjectId>,
        outcome: ProjectOutcome,
    },
    OpportunityOpened(Box<Opportunity>),
    OpportunityDropped {
        opportunity: Number<OpportunityId>,
    },
    BidSubmitted {
        bid: Number<BidId>,
        opportunity: Option<Number<OpportunityId>>,
        amount: Option<Money>,
        project: Option<Number<ProjectId>>,
    },
    BidWon {
        bid: Number<BidId>,
        amount: Option<Money>,
    },
    BidLost {
        bid: Number<BidId>,
    },
    ContractSigned(Box<Contract>),
    OrderPlaced {
        order: Number<OrderId>,
        amount: Money,
        bid: Option<Number<BidId>>,
        contract: Option<Number<ContractId>>,
        project: Option<Number<ProjectId>>,
    },
    OrderReturned {
        order: Option<Number<OrderId>>,
        amount: Money,
    },
    InvoiceIssued {
        invoice: Number<InvoiceId>,
        amount: Money,
        due: Option<When>,
        order: Option<Number<OrderId>>,
    },
    PaymentReceived {
        invoice: Option<Number<InvoiceId>>,
        amount: Money,
        due: Option<When>,
    },
    DeliveryCompleted {
        delivery: Number<DeliveryId>,
        order: Option<Number<OrderId>>,
        due: Option<When>,
        outcome: DeliveryOutcome,
        project: Option<Number<ProjectId>>,
    },
    ConcessionGranted {
        concession: Number<ConcessionId>,
        by: Side,
        form: ConcessionForm,
        cost: Option<Money>,
        bid: Option<Number<BidId>>,
    },
    HospitalityGiven(Box<Hospitality>),
    CommitmentMade {
        commitment: Number<CommitmentId>,
        by: Side,
        due: When,
        critical: bool,
    },
    CommitmentMoved {
        commitment: Number<CommitmentId>,
        due: When,
    },
    CommitmentKept {
        commitment: Number<CommitmentId>,
    },
    CommitmentBroken {
        commitment: Number<CommitmentId>,
    },
    BenefitConfirmed {
        value: Option<Money>,
        contact: Option<Number<PersonId>>,
    },
    FeedbackGiven {
        csat: Option<u8>,
        nps: Option<u8>,
        contact: Option<Number<PersonId>>,
    },
    FavourReceived {
        form: FavourForm,
    },
    IssueRaised {
        issue: Number<IssueId>,
        severity: Severity,
        due: Option<When>,
        project: Option<Number<ProjectId>>,
    },
    IssueResolved {
        issue: Number<IssueId>,
    },
    IssueReopened {
        issue: Number<IssueId>,
    },
    ReferenceGiven {
        form: ReferenceForm,
        led_to: Option<Box<AccountId>>,
    },
    EffortSpent {
        person: Option<Number<PersonId>>,
        hours: Option<f64>,
        cost: Option<Money>,
    },
    PlanSet(Box<Plan>),
    PlanProgressed {
        objective: Number<ObjectiveId>,
        value: f64,
    },
    AssessmentMade {
        dimension: Dimension,
        value: Option<f64>,
        wallet: Option<Money>,
    },
    StrengthRated {
        criterion: Number<Criterion>,
        value: f64,
    },
    AccountEvaluated {
        adjustments: Box<[Adjustment]>,
    },
    NoteTaken,
}

/// An event as an answer names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EventRef {
    /// Place in the log.
    pub position: Position,
    /// Its type.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it happened, as corrected.
    pub occurred_at: Timestamp,
}

impl Fact {
    /// The event, as an answer names it.
    pub fn event(&self) -> EventRef {
        EventRef { position: self.position, event_type: self.event_type(), occurred_at: self.occurred_at }
    }

    /// The type of the event.
    pub fn event_type(&self) -> EventType {
        self.matter.event_type()
    }

    /// Whether it comes first in the order (occurred at, position).
    pub(crate) fn stands_before(&self, other: &Self) -> bool {
        (self.occurred_at, self.position) < (other.occurred_at, other.position)
    }
}

impl Matter {
    /// Whether the event says which account is the parent.
    pub(crate) fn names_parent(&self) -> bool {
        if let Self::AccountOpened(opened) = self {
            opened.parent.is_some()
        } else if let Self::AccountUpdated(updated) = self {
            updated.parent.is_some()
        } else {
            false
        }
    }

    /// The type of the event.
    pub fn event_type(&self) -> EventType {
        match self {
            Self::AccountOpened(_) => EventType::AccountOpened,
            Self::AccountUpdated(_) => EventType::AccountUpdated,
            Self::AccountMerged { .. } => EventType::AccountMerged,
            Self::AccountClosed => EventType::AccountClosed,
            Self::AccountReopened => EventType::AccountReopened,
            Self::ContactAdded { .. } => EventType::ContactAdded,
            Self::ContactChanged { .. } => EventType::ContactChanged,
            Self::ContactLeft { .. } => EventType::ContactLeft,
            Self::TeamAssigned { .. } => EventType::TeamAssigned,
            Self::TeamReleased { .. } => EventType::TeamReleased,
            Self::MeetingHeld(_) => EventType::MeetingHeld,
            Self::MeetingPlanned(_) => EventType::MeetingPlanned,
            Self::NeedStated { .. } => EventType::NeedStated,
            Self::ProjectOpened { .. } => EventType::ProjectOpened,
            Self::ProjectClosed { .. } => EventType::ProjectClosed,
            Self::OpportunityOpened(_) => EventType::OpportunityOpened,
            Self::OpportunityDropped { .. } => EventType::OpportunityDropped,
            Self::BidSubmitted { .. } => EventType::BidSubmitted,
            Self::BidWon { .. } => EventType::BidWon,
            Self::BidLost { .. } => EventType::BidLost,
            Self::ContractSigned(_) => EventType::ContractSigned,
            Self::OrderPlaced { .. } => EventType::OrderPlaced,
            Self::OrderReturned { .. } => EventType::OrderReturned,
            Self::InvoiceIssued { .. } => EventType::InvoiceIssued,
            Self::PaymentReceived { .. } => EventType::PaymentReceived,
            Self::DeliveryCompleted { .. } => EventType::DeliveryCompleted,
            Self::ConcessionGranted { .. } => EventType::ConcessionGranted,
            Self::HospitalityGiven(_) => EventType::HospitalityGiven,
            Self::CommitmentMade { .. } => EventType::CommitmentMade,
            Self::CommitmentMoved { .. } => EventType::CommitmentMoved,
            Self::CommitmentKept { .. } => EventType::CommitmentKept,
            Self::CommitmentBroken { .. } => EventType::CommitmentBroken,
            Self::BenefitConfirmed { .. } => EventType::BenefitConfirmed,
            Self::FeedbackGiven { .. } => EventType::FeedbackGiven,
            Self::FavourReceived { .. } => EventType::FavourReceived,
            Self::IssueRaised { .. } => EventType::IssueRaised,
            Self::IssueResolved { .. } => EventType::IssueResolved,
            Self::IssueReopened { .. } => EventType::IssueReopened,
            Self::ReferenceGiven { .. } => EventType::ReferenceGiven,
            Self::EffortSpent { .. } => EventType::EffortSpent,
            Self::PlanSet(_) => EventType::PlanSet,
            Self::PlanProgressed { .. } => EventType::PlanProgressed,
            Self::AssessmentMade { .. } => EventType::AssessmentMade,
            Self::StrengthRated { .. } => EventType::StrengthRated,
            Self::AccountEvaluated { .. } => EventType::AccountEvaluated,
            Self::NoteTaken => EventType::NoteTaken,
        }
    }
}

/// People met, called or wrote, or mean to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// By what channel.
    pub channel: Channel,
    /// Whether both sides spoke, the channel's default filled in.
    pub two_way: bool,
    /// How long it took.
    pub minutes: Option<u32>,
    /// Who took part: ours, the customer's, third parties', each in the order of the event.
    pub parties: Box<[Party]>,
}

/// Someone who took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub person: Number<PersonId>,
    /// As whose person the event names them.
    pub named_as: NamedAs,
}

/// In which of the three lists of a meeting a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamedAs {
    /// One of ours.
    Ours,
    /// The customer's.
    Customer,
    /// A third party's.
    ThirdParty,
}

/// A chance of business.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is that of `opportunity.opened`, and documented there")]
pub struct Opportunity {
    pub opportunity: Number<OpportunityId>,
    pub amount: Option<Money>,
    pub expected_close: Option<When>,
    pub project: Option<Number<ProjectId>>,
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is that of `contract.signed`, and documented there")]
pub struct Contract {
    pub contract: Number<ContractId>,
    pub amount: Option<Money>,
    pub starts: Option<When>,
    pub expires: Option<When>,
    pub bid: Option<Number<BidId>>,
}

/// A hospitality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is that of `hospitality.given`, and documented there")]
pub struct Hospitality {
    pub value: Money,
    pub persons: Box<[Number<PersonId>]>,
    pub approval: Option<Label>,
}

/// A plan, with the numbers of its objectives in the order in which it names them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Which plan.
    pub plan: Number<PlanId>,
    /// Its objectives' numbers.
    pub objectives: Box<[Number<ObjectiveId>]>,
    /// What the event says.
    pub said: PlanSet,
}

/// What an evaluation decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is that of `account.evaluated`, and documented there")]
pub struct Adjustment {
    pub text: Label,
    pub owner: Number<PersonId>,
    pub due: When,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_has_tens_of_bytes() {
        assert!(size_of::<Fact>() <= 88, "{}", size_of::<Fact>());
    }
}
