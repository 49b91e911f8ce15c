//! The conditions on continuous figures, and what they read: each figure when a condition first asks for it.

use std::cell::OnceCell;

use crate::evaluation::Yardstick;
use crate::event::people::ContactRole;
use crate::figures::Figures;
use crate::health::HealthView;
use crate::id::PersonId;
use crate::policy::AlertsPolicy;
use crate::stage::{Next, Stage, StageView};
use crate::time::Timestamp;

use super::AlertKind;
use super::clock::Clock;
use super::marks::Marks;

/// An account that is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a, 'p> {
    pub(super) figures: &'a Figures<'p>,
    pub(super) clock: &'a Clock,
    pub(super) marks: &'a Marks<'p>,
    /// Whether it may be a key account.
    pub(super) eligible: bool,
}

/// An account at an instant.
#[derive(Debug)]
pub(super) struct Sight<'a, 'p> {
    figures: &'a Figures<'p>,
    clock: &'a Clock,
    marks: &'a Marks<'p>,
    eligible: bool,
    at: Timestamp,
    yardstick: Option<&'a Yardstick>,
    health: OnceCell<HealthView>,
    score: OnceCell<f64>,
    stage: OnceCell<Option<StageView>>,
}

/// Health as it was on the day that it is compared with.
#[derive(Debug, Clone)]
pub(super) struct Before {
    /// Whether the account was there.
    pub(super) began: bool,
    pub(super) health: HealthView,
}

/// A silence since the last order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Silence {
    pub(super) days: f64,
    /// How probable a silence at least as long is under the own rhythm.
    pub(super) survival: f64,
}

/// The colleague with the most contacts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Busiest {
    pub(super) person: PersonId,
    /// Of all contacts.
    pub(super) share: f64,
    /// All contacts, faded.
    pub(super) contacts: f64,
}

impl<'a, 'p> Sight<'a, 'p> {
    pub(super) fn of(subject: Subject<'a, 'p>, at: Timestamp, yardstick: Option<&'a Yardstick>) -> Self {
        let Subject { figures, clock, marks, eligible } = subject;
        let (health, score, stage) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { figures, clock, marks, eligible, at, yardstick, health, score, stage }
    }

    fn is_member(&self) -> bool {
        self.marks.setting.key_account.member
    }

    /// Health; its colour may not be grey where the account is stalled, which no condition asks for.
    pub(super) fn health(&self) -> &HealthView {
        self.health.get_or_init(|| self.figures.health_at(self.at))
    }

    pub(super) fn score(&self) -> f64 {
        *self.score.get_or_init(|| self.figures.score_at(self.at).value)
    }

    fn stage(&self) -> Option<&StageView> {
        self.stage.get_or_init(|| self.figures.stage_at(self.at)).as_ref()
    }

    pub(super) fn next(&self) -> Option<Next> {
        self.stage().and_then(|stage| stage.next)
    }

    /// What the account was, for a later day to compare with.
    pub(super) fn before(&self) -> Before {
        Before { began: self.has_begun(), health: self.health().clone() }
    }

    pub(super) fn has_begun(&self) -> bool {
        self.figures.began_at().is_some()
    }

    pub(super) fn next_evaluation(&self) -> Option<Timestamp> {
        let read = (self.health(), self.score(), self.stage());
        self.clock.next(self.figures.began_at(), read, &self.marks.setting, self.yardstick)
    }

    /// Whether the account should have been evaluated by now. The clock never takes longer than its longest span,
    /// and never runs before it was set: between the two the figures decide.
    fn is_evaluation_overdue(&self) -> bool {
        let Some(last) = self.clock.set_at(self.figures.began_at()) else { return false };
        let longest = last.plus_days(self.marks.setting.policy.evaluation.days_max);
        longest <= self.at || self.at >= last && self.next_evaluation().is_some_and(|due| due <= self.at)
    }

    /// The silence since the last order; `None` before the first.
    pub(super) fn silence(&self) -> Option<Silence> {
        let rhythm = self.figures.demand().rhythm()?;
        let days = self.at.days_since(rhythm.last());
        let survival = rhythm.survival(days, &self.marks.setting.policy.rhythm.orders);
        Some(Silence { days, survival })
    }

    pub(super) fn decision_last(&self) -> Option<Timestamp> {
        self.figures.health().contacts().last_with(ContactRole::Decision).map(|talk| talk.at)
    }

    pub(super) fn decision_silent_days(&self) -> f64 {
        let silent_from = self.decision_last().or(self.figures.began_at());
        silent_from.map_or(0.0, |from| self.at.days_since(from))
    }

    pub(super) fn living_contacts(&self) -> f64 {
        self.figures.health().contacts().persons(self.at)
    }

    pub(super) fn busiest(&self) -> Option<Busiest> {
        self.marks.busiest(self.at)
    }

    pub(super) fn exposure(&self) -> f64 {
        self.figures.exposure(self.at)
    }

    pub(super) fn effort_ratio(&self) -> Option<f64> {
        self.yardstick?.effort_ratio(&self.marks.weight(self.score(), self.at))
    }

    /// Whether a condition holds. `before` is the day that health is compared with; `None` when the account was not
    /// there yet.
    pub(super) fn holds(&self, kind: AlertKind, before: Option<&Before>, policy: &AlertsPolicy) -> bool {
        let key = self.is_member();
        let holds = || match kind {
            AlertKind::DeclinePredicted => {
                let soon = |next: Next| next.at.days_since(self.at) <= policy.decline_days;
                key && self.next().is_some_and(|next| next.name == Stage::Decline && soon(next))
            }
            AlertKind::Silent => {
                key && self.silence().is_some_and(|silence| silence.survival <= policy.silence_survival)
            }
            AlertKind::CoverageLow => key && self.health().dimensions.coverage.value < policy.coverage_min,
            AlertKind::DecisionSilent => key && self.decision_silent_days() > policy.decision_silent_days,
            AlertKind::SingleThreaded => {
                self.living_contacts() < policy.threads_min && self.score() >= policy.threads_score_min
            }
            AlertKind::OneColleague => self.busiest().is_some_and(|busiest| {
                busiest.share > policy.colleague_share_max
                    && busiest.contacts >= policy.colleague_contacts_min
            }),
            AlertKind::HealthFallen => before.is_some_and(|before| {
                before.began && has_fallen(before.health.value, self.health().value, policy)
            }),
            AlertKind::Exposed => self.exposure() > policy.exposure_max,
            AlertKind::EffortTooLow => {
                key && self.effort_ratio().is_some_and(|ratio| ratio < policy.effort_ratio_min)
            }
            AlertKind::EffortTooHigh => {
                self.effort_ratio().is_some_and(|ratio| ratio > policy.effort_ratio_max)
            }
            AlertKind::EvaluationOverdue => self.is_evaluation_overdue(),
            AlertKind::ConfidenceLow => key && self.health().confidence < policy.confidence_min,
            AlertKind::StageChanged
            | AlertKind::PromiseDue
            | AlertKind::PromiseOverdue
            | AlertKind::ContractExpiring
            | AlertKind::ReceivableOverdue
            | AlertKind::KeyListEntered
            | AlertKind::KeyListLeft => false,
        };
        self.eligible && holds()
    }

    /// Whether the account may be watched at all.
    pub(super) fn is_eligible(&self) -> bool {
        self.eligible
    }
}

/// Whether health fell far enough.
pub(super) fn has_fallen(before: f64, now: f64, policy: &AlertsPolicy) -> bool {
    before - now >= policy.health_drop
}
