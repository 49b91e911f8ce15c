//! A lean [`Watch`](super::Watch): what the conditions on continuous figures read, and nothing that an account's page
//! shows beside. Where many midnights of many accounts are read, the rest would cost more than the conditions.

use crate::evaluation::{Weight, Yardstick};
use crate::fact::{Fact, Matter};
use crate::figures::Figures;
use crate::projection::Projection as _;
use crate::setting::Setting;
use crate::time::Timestamp;

use super::clock::Clock;
use super::marks::Marks;
use super::sight::{Sight, Subject};

/// Folds one account's figures with what alerts remember beside them.
#[derive(Debug, Clone)]
pub struct Lookout<'p> {
    figures: Figures<'p>,
    clock: Clock,
    marks: Marks<'p>,
    merged: bool,
}

impl<'p> Lookout<'p> {
    /// The state before the first event.
    pub fn new(setting: Setting<'p>) -> Self {
        Self {
            figures: Figures::new(setting),
            clock: Clock::default(),
            marks: Marks::new(setting),
            merged: false,
        }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        self.figures.apply(fact);
        self.clock.apply(fact);
        self.marks.apply(fact);
        self.merged |= matches!(fact.matter, Matter::AccountMerged { .. });
    }

    fn is_eligible(&self) -> bool {
        self.figures.began_at().is_some() && !self.merged && self.figures.closed_at().is_none()
    }

    /// What the account adds to the yardstick; `None` while it may not be a key account.
    pub fn weight(&self, at: Timestamp) -> Option<Weight> {
        self.is_eligible().then(|| self.marks.weight(self.figures.score_at(at).value, at))
    }

    /// What the conditions on continuous figures read at an instant.
    pub(super) fn sight<'a>(&'a self, at: Timestamp, yardstick: Option<&'a Yardstick>) -> Sight<'a, 'p> {
        let Self { figures, clock, marks, .. } = self;
        Sight::of(Subject { figures, clock, marks, eligible: self.is_eligible() }, at, yardstick)
    }
}
