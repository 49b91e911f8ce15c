//! Concessions 让步 by either side, and hospitality.

use super::payload::{Side, payloads, words};
use crate::form::Person;
use crate::id::{BidId, ConcessionId};
use crate::money::Money;
use crate::text::Label;

words! {
    /// What was conceded.
    ConcessionForm {
        /// A lower price.
        Price = "price",
        /// Better terms.
        Terms = "terms",
        /// More for the same price.
        Scope = "scope",
        /// Service for nothing.
        Service = "service",
        /// Later or softer payment.
        Payment = "payment",
        /// Anything else.
        Other = "other",
    }
}

payloads! {
    /// Payload of `concession.granted`.
    interaction ConcessionGranted {
        /// Which concession.
        concession: ConcessionId,
        /// Who gave way.
        by: Side,
        /// In what.
        form: ConcessionForm,
        /// What it cost whoever gave way.
        cost: Option<Money>,
        /// Why.
        reason: Label,
        /// The bid it was made in.
        bid: Option<BidId>,
    }

    /// Payload of `hospitality.given`.
    interaction HospitalityGiven {
        /// What it was worth.
        value: Money,
        /// To whom.
        persons: Vec<Person<F>>,
        /// Who or what approved it.
        approval: Option<Label>,
    }
}
