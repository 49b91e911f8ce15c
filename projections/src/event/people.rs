//! People: contacts of the customer and of third parties, and our own team.

use super::payload::{payloads, words};
use crate::form::{Particular, Person};

words! {
    /// Which side a contact stands on.
    ContactSide {
        /// The customer's.
        Customer = "customer",
        /// A third party's: a consultant, a partner, an authority.
        ThirdParty = "third_party",
    }

    /// What a contact does in the customer's decisions.
    ContactRole {
        /// Decides.
        Decision = "decision",
        /// Judges the technology.
        Technical = "technical",
        /// Speaks for us inside.
        Champion = "champion",
        /// Works with what we deliver.
        User = "user",
        /// Buys; finance included.
        Purchasing = "purchasing",
        /// Anything else.
        Other = "other",
    }

    /// What one of ours does for the account.
    TeamRole {
        /// Answers for the account.
        Owner = "owner",
        /// 区域销售: regional sales.
        RegionalSales = "regional_sales",
        /// 解决方案销售: solution sales.
        SolutionSales = "solution_sales",
        /// Delivers.
        Delivery = "delivery",
        /// Serves.
        Service = "service",
        /// Stands behind it in management.
        Sponsor = "sponsor",
    }
}

payloads! {
    /// Payload of `contact.added`.
    personal ContactAdded {
        /// Who.
        contact: Person<F>,
        /// The name.
        name: Particular<F>,
        /// Which side.
        side: ContactSide,
        /// What the person does in decisions.
        role: ContactRole,
        /// The title on the card.
        title: Option<Particular<F>>,
        /// The e-mail address.
        email: Option<Particular<F>>,
        /// The telephone number.
        phone: Option<Particular<F>>,
    }

    /// Payload of `contact.changed`: only what changed.
    personal ContactChanged {
        /// Who.
        contact: Person<F>,
        /// As in `contact.added`.
        name: Option<Particular<F>>,
        /// As in `contact.added`.
        side: Option<ContactSide>,
        /// As in `contact.added`.
        role: Option<ContactRole>,
        /// As in `contact.added`.
        title: Option<Particular<F>>,
        /// As in `contact.added`.
        email: Option<Particular<F>>,
        /// As in `contact.added`.
        phone: Option<Particular<F>>,
    }

    /// Payload of `contact.left`.
    personal ContactLeft {
        /// Who.
        contact: Person<F>,
    }

    /// Payload of `team.assigned`.
    personal TeamAssigned {
        /// Who.
        person: Person<F>,
        /// In what role.
        role: TeamRole,
    }

    /// Payload of `team.released`.
    personal TeamReleased {
        /// Who.
        person: Person<F>,
        /// From what role.
        role: TeamRole,
    }
}
