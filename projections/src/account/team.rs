//! Who answers for an account.

use crate::event::people::TeamRole;
use crate::fact::{Matter, Number};
use crate::id::PersonId;

/// The owners not released, the one assigned last at the end.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Owners {
    standing: Vec<Number<PersonId>>,
}

impl Owners {
    pub(super) fn apply(&mut self, matter: &Matter) {
        if let Matter::TeamAssigned { person, role: TeamRole::Owner } = matter {
            self.release(*person);
            self.standing.push(*person);
        } else if let Matter::TeamReleased { person, role: TeamRole::Owner } = matter {
            self.release(*person);
        }
    }

    fn release(&mut self, person: Number<PersonId>) {
        self.standing.retain(|standing| *standing != person);
    }

    /// The owner: the one assigned last who was not released.
    pub(super) fn current(&self) -> Option<Number<PersonId>> {
        self.standing.last().copied()
    }
}
