//! Who answers for an account.

use crate::event::Event;
use crate::event::people::TeamRole;
use crate::form::Sealed;
use crate::id::PersonId;

/// The owners not released, the one assigned last at the end.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Owners {
    standing: Vec<PersonId>,
}

impl Owners {
    pub(super) fn apply(&mut self, event: &Event<Sealed>) {
        if let Event::TeamAssigned(assigned) = event {
            if assigned.role == TeamRole::Owner {
                self.release(assigned.person.0);
                self.standing.push(assigned.person.0);
            }
        } else if let Event::TeamReleased(released) = event
            && released.role == TeamRole::Owner
        {
            self.release(released.person.0);
        }
    }

    fn release(&mut self, person: PersonId) {
        self.standing.retain(|standing| *standing != person);
    }

    /// The owner: the one assigned last who was not released.
    pub(super) fn current(&self) -> Option<PersonId> {
        self.standing.last().copied()
    }
}
