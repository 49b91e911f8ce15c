//! Shapes of what the customer says and does for us, version 1.

use guanxi_projections::event::feedback as live;
use guanxi_projections::event::payload::{Csat, Nps};
use guanxi_projections::form::{Person, Sealed};
use guanxi_projections::id::AccountId;
use guanxi_projections::money::Money;

use super::shape::frozen;

frozen! {
    /// `benefit.confirmed`.
    interaction BenefitConfirmed of live::BenefitConfirmed<Sealed> {
        value: Option<Money>,
        contact: Option<Person<Sealed>>,
    }

    /// `feedback.given`.
    interaction FeedbackGiven of live::FeedbackGiven<Sealed> {
        csat: Option<Csat>,
        nps: Option<Nps>,
        contact: Option<Person<Sealed>>,
    }

    /// `favour.received`.
    interaction FavourReceived of live::FavourReceived<Sealed> {
        form: live::FavourForm,
    }

    /// `reference.given`.
    interaction ReferenceGiven of live::ReferenceGiven<Sealed> {
        form: live::ReferenceForm,
        led_to: Option<AccountId>,
    }
}
