//! The fold that alerts are read from.

use crate::account::AccountView;
use crate::evaluation::{Weight, Yardstick};
use crate::event::assessment::Dimension;
use crate::event::people::ContactRole;
use crate::fact::{EventRef, Fact};
use crate::id::AccountId;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

use super::marks::Marks;
use super::page::Page;
use super::sight::{Sight, Subject};

/// Folds one account with what alerts and the portfolio read beside its page.
#[derive(Debug, Clone)]
pub struct Watch<'p> {
    page: Page<'p>,
    marks: Marks<'p>,
}

impl<'p> Watch<'p> {
    /// The state before the first event.
    pub fn new(account: AccountId, setting: Setting<'p>) -> Self {
        Self { page: Page::new(account, setting), marks: Marks::new(setting) }
    }

    /// Whether the account may be a key account: it is opened, and neither closed nor merged away.
    pub fn is_eligible(&self) -> bool {
        self.page.is_eligible()
    }

    /// What the account adds to the yardstick with a score already read.
    pub fn weight_with(&self, score: f64, at: Timestamp) -> Weight {
        self.marks.weight(score, at)
    }

    /// When the account is to be evaluated next; `None` while it is not eligible.
    pub fn next_evaluation(&self, view: &AccountView, yardstick: Option<&Yardstick>) -> Option<Timestamp> {
        self.page.next_evaluation(view, yardstick)
    }

    /// M365: the faded amount that was ordered and not returned.
    pub fn money(&self, at: Timestamp) -> f64 {
        self.page.figures().demand().amounts(at)
    }

    /// What we gained from the account, faded.
    pub fn gain(&self, at: Timestamp) -> f64 {
        self.page.figures().health().gain(at)
    }

    /// What the conditions on continuous figures read at an instant.
    pub(super) fn sight<'a>(&'a self, at: Timestamp, yardstick: Option<&'a Yardstick>) -> Sight<'a, 'p> {
        let (figures, clock, eligible) = (self.page.figures(), self.page.clock(), self.is_eligible());
        Sight::of(Subject { figures, clock, marks: &self.marks, eligible }, at, yardstick)
    }

    /// Which roles on the customer's side were never spoken to, or not for as long as makes those who decide silent.
    pub(super) fn roles_silent(&self, at: Timestamp) -> Vec<ContactRole> {
        let contacts = self.page.figures().health().contacts();
        let days = self.marks.setting.policy.alerts.decision_silent_days;
        let roles = [
            ContactRole::Decision,
            ContactRole::Technical,
            ContactRole::Champion,
            ContactRole::User,
            ContactRole::Purchasing,
        ];
        let silent =
            |role: &ContactRole| contacts.last_with(*role).is_none_or(|last| at.days_since(last.at) > days);
        roles.into_iter().filter(silent).collect()
    }

    pub(crate) fn last_order(&self) -> Option<EventRef> {
        self.marks.ordered
    }

    pub(crate) fn last_effort(&self) -> Option<EventRef> {
        self.marks.worked
    }

    /// The last evaluation.
    pub(super) fn last_evaluation(&self) -> Option<EventRef> {
        self.page.clock().evaluated()
    }

    /// The last evaluation, else the opening.
    pub(super) fn clock_started(&self) -> Option<EventRef> {
        self.page.clock().set_by()
    }

    /// The last event that a dimension of health read.
    pub(crate) fn last_heard(&self, dimension: Dimension) -> Option<EventRef> {
        self.marks.last_heard(dimension)
    }

    pub(super) fn last_with_decision(&self) -> Option<EventRef> {
        self.page.figures().health().contacts().last_event_with(ContactRole::Decision)
    }
}

impl Projection for Watch<'_> {
    type View = AccountView;

    fn apply(&mut self, fact: &Fact) {
        self.page.apply(fact);
        self.marks.apply(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> AccountView {
        self.page.evaluate(as_of)
    }
}
