//! Alerts: what a manager should hear of, since when, why, and by which events.
//!
//! Two kinds of conditions. Those with a date of their own (a promise is overdue, the stage changed) begin at that
//! date. Those on continuous figures are tested at local midnights: an alert stands from the first midnight of an
//! unbroken row of midnights at which its condition holds until the first at which it does not. So the answer is the
//! same for a whole day, and cannot depend on who asked before. Each midnight is read with what held then: its
//! epoch, its key list, its fit, all as known at K.
//!
//! `Source:` model specification, section 9.
//!
//! Readings of the model where it leaves a choice:
//! - Conditions on figures concern eligible accounts: neither closed nor merged away.
//! - Coverage, and the silence of those who decide, are watched on key accounts. Where nobody who decides was ever
//!   spoken to, the silence counts from the account's first event.
//! - One colleague's share is watched while the contacts have not faded away.
//! - Too little effort is watched on key accounts, too much on all.
//! - A change of stage or of the key list is news for some days; of several changes the last one is.

mod clock;
mod dated;
mod lookout;
mod marks;
mod onset;
mod page;
mod severity;
mod sight;
mod watch;

use serde::Serialize;

use crate::event::own::ListRule;
use crate::event::payload::Side;
use crate::event::people::ContactRole;
use crate::fact::EventRef;
use crate::id::PersonId;
use crate::movement::DimensionMove;
use crate::stage::{Cause, CauseKind, Stage};
use crate::time::Timestamp;

pub use lookout::Lookout;
pub use onset::{Midnights, Span, alerts_of};
pub use page::Page;
pub use severity::Severity;
pub use watch::Watch;

/// Something that a manager should hear of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alert {
    /// How pressing it is.
    pub severity: Severity,
    /// Since when it stands.
    pub since: Timestamp,
    /// Whether it may have stood longer: it already did at the earliest midnight looked at.
    pub since_or_earlier: bool,
    /// Why; the fields stand beside `since`.
    #[serde(flatten)]
    pub why: Why,
    /// The events behind it.
    pub events: Vec<EventRef>,
}

/// Why an alert stands, by its kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields say what their names do; units stand in the names, money in CNY or as said"
)]
pub enum Why {
    /// The stage changed.
    StageChanged { from: Stage, to: Stage, cause: Cause },
    /// A key account will decline unless something happens.
    DeclinePredicted { at: Timestamp, because: CauseKind, silent_days: Option<f64> },
    /// A key account is silent for longer than its own rhythm explains.
    Silent { p: f64, silent_days: f64, next: Option<crate::stage::Next> },
    /// A promise is due soon.
    PromiseDue { commitment: String, by: Side, critical: bool, due: Timestamp },
    /// A promise is overdue.
    PromiseOverdue { commitment: String, by: Side, critical: bool, due: Timestamp, days_late: f64 },
    /// A key account's people are not spoken to; with the roles that nobody speaks to.
    CoverageLow { coverage: f64, roles_silent: Vec<ContactRole> },
    /// Those who decide in a key account were not spoken to for long.
    DecisionSilent { silent_days: f64, last_contact: Option<Timestamp> },
    /// An important account hangs by a thread.
    SingleThreaded { living_contacts: f64, score: f64 },
    /// One colleague carries nearly all of the contact.
    OneColleague { person: PersonId, share: f64 },
    /// Health has fallen.
    HealthFallen { from: f64, to: f64, days: u32, dimensions: Vec<DimensionMove> },
    /// We only give and gain nothing (只舍不得).
    Exposed { exposure: f64 },
    /// A key account gets less of our effort than its importance deserves.
    EffortTooLow { ratio: f64 },
    /// An account gets more of our effort than its importance deserves.
    EffortTooHigh { ratio: f64 },
    /// A contract expires soon.
    ContractExpiring { contract: String, expires: Timestamp, days_left: f64 },
    /// An invoice is not paid in time.
    ReceivableOverdue { invoice: String, open: String, currency: String, due: Timestamp, days_overdue: f64 },
    /// The account should have been evaluated.
    EvaluationOverdue { due: Timestamp, last: Option<Timestamp> },
    /// The account came onto the key list.
    KeyListEntered { rule: ListRule },
    /// The account left the key list.
    KeyListLeft { rule: ListRule },
    /// Too little is known of a key account.
    ConfidenceLow { confidence: f64 },
}

/// [`Why`] by its kind alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the variant of the same name of Why, and documented there")]
pub enum AlertKind {
    StageChanged,
    DeclinePredicted,
    Silent,
    PromiseDue,
    PromiseOverdue,
    CoverageLow,
    DecisionSilent,
    SingleThreaded,
    OneColleague,
    HealthFallen,
    Exposed,
    EffortTooLow,
    EffortTooHigh,
    ContractExpiring,
    ReceivableOverdue,
    EvaluationOverdue,
    KeyListEntered,
    KeyListLeft,
    ConfidenceLow,
}

impl AlertKind {
    /// Every kind.
    pub const ALL: [Self; 19] = [
        Self::StageChanged,
        Self::DeclinePredicted,
        Self::Silent,
        Self::PromiseDue,
        Self::PromiseOverdue,
        Self::CoverageLow,
        Self::DecisionSilent,
        Self::SingleThreaded,
        Self::OneColleague,
        Self::HealthFallen,
        Self::Exposed,
        Self::EffortTooLow,
        Self::EffortTooHigh,
        Self::ContractExpiring,
        Self::ReceivableOverdue,
        Self::EvaluationOverdue,
        Self::KeyListEntered,
        Self::KeyListLeft,
        Self::ConfidenceLow,
    ];

    /// Those on continuous figures, tested at local midnights.
    pub(crate) const CONTINUOUS: [Self; 12] = [
        Self::DeclinePredicted,
        Self::Silent,
        Self::CoverageLow,
        Self::DecisionSilent,
        Self::SingleThreaded,
        Self::OneColleague,
        Self::HealthFallen,
        Self::Exposed,
        Self::EffortTooLow,
        Self::EffortTooHigh,
        Self::EvaluationOverdue,
        Self::ConfidenceLow,
    ];

    /// The word in questions and answers, such as `promise_overdue`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StageChanged => "stage_changed",
            Self::DeclinePredicted => "decline_predicted",
            Self::Silent => "silent",
            Self::PromiseDue => "promise_due",
            Self::PromiseOverdue => "promise_overdue",
            Self::CoverageLow => "coverage_low",
            Self::DecisionSilent => "decision_silent",
            Self::SingleThreaded => "single_threaded",
            Self::OneColleague => "one_colleague",
            Self::HealthFallen => "health_fallen",
            Self::Exposed => "exposed",
            Self::EffortTooLow => "effort_too_low",
            Self::EffortTooHigh => "effort_too_high",
            Self::ContractExpiring => "contract_expiring",
            Self::ReceivableOverdue => "receivable_overdue",
            Self::EvaluationOverdue => "evaluation_overdue",
            Self::KeyListEntered => "key_list_entered",
            Self::KeyListLeft => "key_list_left",
            Self::ConfidenceLow => "confidence_low",
        }
    }
}

impl Why {
    /// The kind.
    pub fn kind(&self) -> AlertKind {
        match self {
            Self::StageChanged { .. } => AlertKind::StageChanged,
            Self::DeclinePredicted { .. } => AlertKind::DeclinePredicted,
            Self::Silent { .. } => AlertKind::Silent,
            Self::PromiseDue { .. } => AlertKind::PromiseDue,
            Self::PromiseOverdue { .. } => AlertKind::PromiseOverdue,
            Self::CoverageLow { .. } => AlertKind::CoverageLow,
            Self::DecisionSilent { .. } => AlertKind::DecisionSilent,
            Self::SingleThreaded { .. } => AlertKind::SingleThreaded,
            Self::OneColleague { .. } => AlertKind::OneColleague,
            Self::HealthFallen { .. } => AlertKind::HealthFallen,
            Self::Exposed { .. } => AlertKind::Exposed,
            Self::EffortTooLow { .. } => AlertKind::EffortTooLow,
            Self::EffortTooHigh { .. } => AlertKind::EffortTooHigh,
            Self::ContractExpiring { .. } => AlertKind::ContractExpiring,
            Self::ReceivableOverdue { .. } => AlertKind::ReceivableOverdue,
            Self::EvaluationOverdue { .. } => AlertKind::EvaluationOverdue,
            Self::KeyListEntered { .. } => AlertKind::KeyListEntered,
            Self::KeyListLeft { .. } => AlertKind::KeyListLeft,
            Self::ConfidenceLow { .. } => AlertKind::ConfidenceLow,
        }
    }
}

/// A change of the key list by the last review, for one account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ListNews {
    /// Whether it came onto the list or left it.
    pub change: ListChange,
    /// By which rule.
    pub rule: ListRule,
    /// The review.
    pub review: EventRef,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListChange {
    /// Onto the list.
    Entered,
    /// Off it.
    Left,
}

#[cfg(test)]
mod tests;
