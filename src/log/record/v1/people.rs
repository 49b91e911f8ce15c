//! Shapes of contacts and team, version 1.

use guanxi_projections::event::people as live;
use guanxi_projections::form::{Particular, Person, Sealed};

use super::shape::frozen;

frozen! {
    /// `contact.added`.
    plain ContactAdded of live::ContactAdded<Sealed> {
        contact: Person<Sealed>,
        name: Particular<Sealed>,
        side: live::ContactSide,
        role: live::ContactRole,
        title: Option<Particular<Sealed>>,
        email: Option<Particular<Sealed>>,
        phone: Option<Particular<Sealed>>,
    }

    /// `contact.changed`.
    plain ContactChanged of live::ContactChanged<Sealed> {
        contact: Person<Sealed>,
        name: Option<Particular<Sealed>>,
        side: Option<live::ContactSide>,
        role: Option<live::ContactRole>,
        title: Option<Particular<Sealed>>,
        email: Option<Particular<Sealed>>,
        phone: Option<Particular<Sealed>>,
    }

    /// `contact.left`.
    plain ContactLeft of live::ContactLeft<Sealed> {
        contact: Person<Sealed>,
    }

    /// `team.assigned`.
    plain TeamAssigned of live::TeamAssigned<Sealed> {
        person: Person<Sealed>,
        role: live::TeamRole,
    }

    /// `team.released`.
    plain TeamReleased of live::TeamReleased<Sealed> {
        person: Person<Sealed>,
        role: live::TeamRole,
    }
}
