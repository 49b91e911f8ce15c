//! What the customer says of us and does for us.

use super::payload::{Csat, Nps, payloads, words};
use crate::form::Person;
use crate::id::AccountId;
use crate::money::Money;

words! {
    /// A good turn that the customer did us.
    FavourForm {
        /// It bought more than it had asked for.
        Upsell = "upsell",
        /// It renewed.
        Renewal = "renewal",
        /// It made us a preferred supplier.
        PreferredSupplier = "preferred_supplier",
        /// It told us about the market.
        MarketInformation = "market_information",
        /// It sent somebody to us.
        Referral = "referral",
    }

    /// How the customer spoke for us.
    ReferenceForm {
        /// It took a call from a prospect.
        Call = "call",
        /// It let us publish its case.
        CaseStudy = "case_study",
        /// It serves as a benchmark.
        Benchmark = "benchmark",
        /// It gave us an award.
        Award = "award",
        /// It brought us another account.
        Referral = "referral",
        /// It leads its industry.
        IndustryLeader = "industry_leader",
    }
}

payloads! {
    /// Payload of `benefit.confirmed`.
    interaction BenefitConfirmed {
        /// What the customer says it gained.
        value: Option<Money>,
        /// Who says so.
        contact: Option<Person<F>>,
    }

    /// Payload of `feedback.given`.
    interaction FeedbackGiven {
        /// Satisfaction.
        csat: Option<Csat>,
        /// Willingness to recommend us.
        nps: Option<Nps>,
        /// Who says so.
        contact: Option<Person<F>>,
    }

    /// Payload of `favour.received`.
    interaction FavourReceived {
        /// What good turn.
        form: FavourForm,
    }

    /// Payload of `reference.given`.
    interaction ReferenceGiven {
        /// How.
        form: ReferenceForm,
        /// The account that it brought us.
        led_to: Option<AccountId>,
    }
}
