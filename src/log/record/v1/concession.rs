//! Shapes of concessions and hospitality, version 1.

use guanxi_projections::event::concession as live;
use guanxi_projections::event::payload::Side;
use guanxi_projections::form::{Person, Sealed};
use guanxi_projections::id::{BidId, ConcessionId};
use guanxi_projections::money::Money;
use guanxi_projections::text::Label;

use super::shape::frozen;

frozen! {
    /// `concession.granted`.
    interaction ConcessionGranted of live::ConcessionGranted<Sealed> {
        concession: ConcessionId,
        by: Side,
        form: live::ConcessionForm,
        cost: Option<Money>,
        reason: Label,
        bid: Option<BidId>,
    }

    /// `hospitality.given`.
    interaction HospitalityGiven of live::HospitalityGiven<Sealed> {
        value: Money,
        persons: Vec<Person<Sealed>>,
        approval: Option<Label>,
    }
}
