//! The review clock of one account.

use crate::evaluation::{Clocked, Yardstick, next_evaluation};
use crate::fact::{EventRef, Fact, Matter};
use crate::health::HealthView;
use crate::setting::Setting;
use crate::stage::StageView;
use crate::time::Timestamp;

/// What the clock runs from.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    opened: Option<EventRef>,
    evaluated: Option<EventRef>,
}

impl Clock {
    pub(super) fn apply(&mut self, fact: &Fact) {
        if let Matter::AccountOpened(_) = fact.matter {
            self.opened.get_or_insert(fact.event());
        } else if let Matter::AccountEvaluated { .. } = fact.matter {
            self.evaluated = Some(fact.event());
        }
    }

    /// The last evaluation, else the opening.
    pub(super) fn set_by(&self) -> Option<EventRef> {
        self.evaluated.or(self.opened)
    }

    /// The last evaluation.
    pub(super) fn evaluated(&self) -> Option<EventRef> {
        self.evaluated
    }

    /// When it was set; the account's first event sets it where nothing else did.
    pub(super) fn set_at(&self, began: Option<Timestamp>) -> Option<Timestamp> {
        self.set_by().map(|event| event.occurred_at).or(began)
    }

    /// When the account is to be evaluated next; `None` before its first event.
    pub(super) fn next(
        &self,
        began: Option<Timestamp>,
        (health, score, stage): (&HealthView, f64, Option<&StageView>),
        setting: &Setting<'_>,
        yardstick: Option<&Yardstick>,
    ) -> Option<Timestamp> {
        let clocked = Clocked {
            last: self.set_at(began)?,
            member: setting.key_account.member,
            health: health.value,
            coverage: health.dimensions.coverage.value,
            score,
            stage,
        };
        Some(next_evaluation(&clocked, setting.policy, yardstick))
    }
}
