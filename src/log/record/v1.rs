//! Version 1 of every type: frozen shapes, one family per file.
//!
//! Nothing in here may change what it reads or writes once it was released: the golden fixtures hold it to
//! that.

mod account;
mod assessment;
mod bid;
mod commitment;
mod concession;
mod delivery;
mod feedback;
mod issue;
mod meeting;
mod opportunity;
mod order;
mod own;
mod people;
mod plan;
mod revision;
pub(super) mod shape;

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;

use super::RecordError;
use super::pack::Writer;
use super::upcast::Shape;
use shape::{Frozen as _, whole};

/// The version that these shapes are recorded as.
pub(super) const VERSION: u16 = 1;

macro_rules! shapes {
    ($($variant:ident: $shape:ty,)+) => {
        /// How a body of a type is read.
        pub(super) fn shape_of(event_type: EventType) -> Shape {
            match event_type {
                $(EventType::$variant => |from| whole::<$shape>(from, Event::$variant),)+
                EventType::EventCorrected => revision::read_correction,
            }
        }

        /// Appends a payload in the shape of its type.
        pub(super) fn write(event: &Event<Sealed>, into: &mut Writer) -> Result<(), RecordError> {
            match event {
                $(Event::$variant(payload) => <$shape>::write(payload, into),)+
                Event::EventCorrected(correction) => revision::write_correction(correction, into)?,
            }
            Ok(())
        }
    };
}

shapes! {
    AccountOpened: account::AccountOpened,
    AccountUpdated: account::AccountUpdated,
    AccountMerged: account::AccountMerged,
    AccountClosed: account::AccountClosed,
    AccountReopened: account::AccountReopened,
    ContactAdded: people::ContactAdded,
    ContactChanged: people::ContactChanged,
    ContactLeft: people::ContactLeft,
    TeamAssigned: people::TeamAssigned,
    TeamReleased: people::TeamReleased,
    MeetingHeld: meeting::MeetingHeld,
    MeetingPlanned: meeting::MeetingPlanned,
    NeedStated: opportunity::NeedStated,
    ProjectOpened: opportunity::ProjectOpened,
    ProjectClosed: opportunity::ProjectClosed,
    OpportunityOpened: opportunity::OpportunityOpened,
    OpportunityDropped: opportunity::OpportunityDropped,
    BidSubmitted: bid::BidSubmitted,
    BidWon: bid::BidWon,
    BidLost: bid::BidLost,
    ContractSigned: order::ContractSigned,
    OrderPlaced: order::OrderPlaced,
    OrderReturned: order::OrderReturned,
    InvoiceIssued: order::InvoiceIssued,
    PaymentReceived: order::PaymentReceived,
    DeliveryCompleted: delivery::DeliveryCompleted,
    ConcessionGranted: concession::ConcessionGranted,
    HospitalityGiven: concession::HospitalityGiven,
    CommitmentMade: commitment::CommitmentMade,
    CommitmentMoved: commitment::CommitmentMoved,
    CommitmentKept: commitment::CommitmentKept,
    CommitmentBroken: commitment::CommitmentBroken,
    BenefitConfirmed: feedback::BenefitConfirmed,
    FeedbackGiven: feedback::FeedbackGiven,
    FavourReceived: feedback::FavourReceived,
    ReferenceGiven: feedback::ReferenceGiven,
    IssueRaised: issue::IssueRaised,
    IssueResolved: issue::IssueResolved,
    IssueReopened: issue::IssueReopened,
    EffortSpent: plan::EffortSpent,
    PlanSet: plan::PlanSet,
    PlanProgressed: plan::PlanProgressed,
    AssessmentMade: assessment::AssessmentMade,
    StrengthRated: assessment::StrengthRated,
    AccountEvaluated: assessment::AccountEvaluated,
    NoteTaken: assessment::NoteTaken,
    EventRetracted: revision::EventRetracted,
    PolicyAdopted: own::PolicyAdopted,
    RateSet: own::RateSet,
    CalibrationFitted: own::CalibrationFitted,
    AnchorsFrozen: own::AnchorsFrozen,
    ReviewHeld: own::ReviewHeld,
    AccountPinned: own::AccountPinned,
    AccountUnpinned: own::AccountUnpinned,
    IndustryRated: own::IndustryRated,
    PeriodClosed: own::PeriodClosed,
    HeadsSealed: own::HeadsSealed,
    KeyRotated: own::KeyRotated,
    SubjectErased: own::SubjectErased,
    SubjectReadmitted: own::SubjectReadmitted,
}
