//! How pressing an alert is: a judgement of ours.

use serde::Serialize;

use super::Why;
use crate::event::payload::Side;
use crate::stage::Stage;

/// How pressing an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something to know.
    Low,
    /// Something to do.
    Medium,
    /// Something to do now.
    High,
}

/// Whether the account is a key account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Importance {
    Key,
    Other,
}

impl Severity {
    /// Every severity, from the lowest.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word in questions and answers, such as `high`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    fn raised(self, importance: Importance) -> Self {
        match (self, importance) {
            (_, Importance::Other) => self,
            (Self::Low, Importance::Key) => Self::Medium,
            (Self::Medium | Self::High, Importance::Key) => Self::High,
        }
    }

    /// How pressing a reason is. What concerns key accounts alone is rated as it is; the rest weighs more on them.
    pub(super) fn of(why: &Why, importance: Importance) -> Self {
        match why {
            Why::DeclinePredicted { .. } | Why::PromiseOverdue { by: Side::Us, critical: true, .. } => {
                Self::High
            }
            Why::Silent { .. }
            | Why::Exposed { .. }
            | Why::ReceivableOverdue { .. }
            | Why::CoverageLow { .. }
            | Why::DecisionSilent { .. }
            | Why::EffortTooLow { .. }
            | Why::ConfidenceLow { .. }
            | Why::KeyListLeft { .. }
            | Why::SingleThreaded { .. }
            | Why::PromiseDue { by: Side::Us, critical: true, .. } => Self::Medium,
            Why::KeyListEntered { .. }
            | Why::PromiseDue { .. }
            | Why::PromiseOverdue { by: Side::Customer, .. }
            | Why::StageChanged { to: Stage::Acquisition | Stage::Growth | Stage::Maturity, .. } => Self::Low,
            Why::StageChanged { to: Stage::Decline | Stage::Churn, .. }
            | Why::HealthFallen { .. }
            | Why::ContractExpiring { .. }
            | Why::PromiseOverdue { by: Side::Us, critical: false, .. } => Self::Medium.raised(importance),
            Why::OneColleague { .. } | Why::EffortTooHigh { .. } | Why::EvaluationOverdue { .. } => {
                Self::Low.raised(importance)
            }
        }
    }
}
