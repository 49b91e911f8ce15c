//! The conditions on continuous figures, and what they read.

use crate::health::HealthView;
use crate::id::PersonId;
use crate::policy::AlertsPolicy;
use crate::stage::{Next, Stage};
use crate::time::Timestamp;

use super::AlertKind;

/// What the conditions read at an instant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signs {
    pub(super) eligible: bool,
    pub(super) member: bool,
    pub(super) began_at: Option<Timestamp>,
    pub(super) health: HealthView,
    pub(super) score: f64,
    pub(super) next: Option<Next>,
    pub(super) next_evaluation: Option<Timestamp>,
    /// Since the last order; `None` before the first.
    pub(super) silence: Option<Silence>,
    pub(super) decision_last: Option<Timestamp>,
    pub(super) decision_silent_days: f64,
    pub(super) living_contacts: f64,
    pub(super) busiest: Option<Busiest>,
    pub(super) exposure: f64,
    pub(super) effort_ratio: Option<f64>,
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

impl Signs {
    /// Whether a condition holds at the instant `at` of these signs. `before` are those of the day that health is
    /// compared with; `None` when the account was not there yet.
    pub(super) fn hold(
        &self,
        kind: AlertKind,
        at: Timestamp,
        before: Option<&Self>,
        policy: &AlertsPolicy,
    ) -> bool {
        let key = self.member;
        let held = match kind {
            AlertKind::DeclinePredicted => {
                let soon = |next: Next| next.at.days_since(at) <= policy.decline_days;
                key && self.next.is_some_and(|next| next.name == Stage::Decline && soon(next))
            }
            AlertKind::Silent => {
                key && self.silence.is_some_and(|silence| silence.survival <= policy.silence_survival)
            }
            AlertKind::CoverageLow => key && self.health.dimensions.coverage.value < policy.coverage_min,
            AlertKind::DecisionSilent => key && self.decision_silent_days > policy.decision_silent_days,
            AlertKind::SingleThreaded => {
                self.living_contacts < policy.threads_min && self.score >= policy.threads_score_min
            }
            AlertKind::OneColleague => self.busiest.is_some_and(|busiest| {
                busiest.share > policy.colleague_share_max
                    && busiest.contacts >= policy.colleague_contacts_min
            }),
            AlertKind::HealthFallen => before.is_some_and(|before| {
                before.began_at.is_some() && before.health.value - self.health.value >= policy.health_drop
            }),
            AlertKind::Exposed => self.exposure > policy.exposure_max,
            AlertKind::EffortTooLow => {
                key && self.effort_ratio.is_some_and(|ratio| ratio < policy.effort_ratio_min)
            }
            AlertKind::EffortTooHigh => {
                self.effort_ratio.is_some_and(|ratio| ratio > policy.effort_ratio_max)
            }
            AlertKind::EvaluationOverdue => self.next_evaluation.is_some_and(|due| due <= at),
            AlertKind::ConfidenceLow => key && self.health.confidence < policy.confidence_min,
            AlertKind::StageChanged
            | AlertKind::PromiseDue
            | AlertKind::PromiseOverdue
            | AlertKind::ContractExpiring
            | AlertKind::ReceivableOverdue
            | AlertKind::KeyListEntered
            | AlertKind::KeyListLeft => false,
        };
        self.eligible && held
    }
}
