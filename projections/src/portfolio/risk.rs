//! Which accounts are at risk, why, and by which events. Read at T itself.

use serde::Serialize;

use super::Standing;
use crate::commitments::{CommitmentLine, CommitmentState};
use crate::event::assessment::Dimension;
use crate::fact::EventRef;
use crate::health::{Colour, DimensionView};
use crate::id::{AccountId, PersonId};
use crate::policy::Policy;
use crate::stage::{CauseKind, Next, Stage, StageView};
use crate::text::Label;
use crate::time::Timestamp;

/// An account at risk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskLine {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<Label>,
    /// Whether it is a key account.
    pub key_account: bool,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// The composite score: what is at stake.
    pub score: f64,
    /// M365, in the reporting currency: what is at stake in money.
    pub money: f64,
    /// Why.
    pub reasons: Vec<Risk>,
}

/// A reason why an account is at risk, and the events behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Risk {
    /// The reason; its fields stand beside `reason`.
    #[serde(flatten)]
    pub reason: RiskReason,
    /// The events behind it.
    pub events: Vec<EventRef>,
}

/// Why an account is at risk.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields say what their names do")]
pub enum RiskReason {
    /// Health is red; with the dimensions that cost the most.
    ColourRed { health: f64, weakest: Vec<Dimension> },
    /// Business shrinks already.
    InDecline { since: Timestamp },
    /// Decline comes soon unless something happens.
    DeclinePredicted { at: Timestamp, because: CauseKind },
    /// Churn comes soon unless something happens.
    ChurnPredicted { at: Timestamp, because: CauseKind },
    /// A critical promise of ours is overdue.
    CriticalPromiseOverdue { commitment: String, due: Timestamp, days_late: f64 },
    /// We only give and gain nothing (只舍不得).
    Exposed { exposure: f64 },
    /// A key account's people are not spoken to.
    CoverageLow { coverage: f64 },
}

/// So many of the weakest dimensions are named.
const WEAKEST_NAMED: usize = 2;

/// The accounts at risk, key accounts first, then by score, highest first, then by id.
pub(super) fn at_risk(standings: &[&Standing], policy: &Policy, as_of: Timestamp) -> Vec<RiskLine> {
    let eligible = standings.iter().copied().filter(|standing| standing.eligible);
    let mut lines: Vec<RiskLine> = eligible.filter_map(|standing| line(standing, policy, as_of)).collect();
    lines.sort_by(|a, b| b.key_account.cmp(&a.key_account).then(b.score.total_cmp(&a.score)));
    lines
}

fn line(standing: &Standing, policy: &Policy, as_of: Timestamp) -> Option<RiskLine> {
    let view = &standing.view;
    let reasons = reasons(standing, policy, as_of);
    (!reasons.is_empty()).then(|| RiskLine {
        account: view.account.clone(),
        name: view.profile.name.clone(),
        key_account: view.key_account.member,
        owner: view.owner,
        score: view.figures.score.value,
        money: standing.money,
        reasons,
    })
}

fn reasons(standing: &Standing, policy: &Policy, as_of: Timestamp) -> Vec<Risk> {
    let view = &standing.view;
    let key = view.key_account.member;
    let one = |event: Option<EventRef>| event.into_iter().collect::<Vec<_>>();
    let mut reasons = Vec::new();
    let mut give = |reason, events| reasons.push(Risk { reason, events });
    if view.figures.health.colour == Colour::Red {
        let weakest = weakest(standing);
        let mut events: Vec<EventRef> =
            weakest.iter().filter_map(|dimension| standing.last_heard(*dimension)).collect();
        // One meeting feeds two dimensions.
        events.dedup();
        give(RiskReason::ColourRed { health: view.figures.health.value, weakest }, events);
    }
    if let Some(reason) = view.figures.stage.as_ref().and_then(|stage| falling(stage, policy, as_of)) {
        give(reason, one(standing.last_order));
    }
    for CommitmentLine { commitment, due, days_late, events, .. } in overdue(standing) {
        let (commitment, due, days_late) = (commitment.clone(), *due, *days_late);
        give(RiskReason::CriticalPromiseOverdue { commitment, due, days_late }, events.clone());
    }
    if view.exposure > policy.alerts.exposure_max {
        give(
            RiskReason::Exposed { exposure: view.exposure },
            one(standing.last_heard(Dimension::Reciprocity)),
        );
    }
    let coverage = view.figures.health.dimensions.coverage.value;
    if key && coverage < policy.alerts.coverage_min {
        give(RiskReason::CoverageLow { coverage }, one(standing.last_heard(Dimension::Coverage)));
    }
    reasons
}

/// Decline, or a decline or churn that comes soon.
fn falling(stage: &StageView, policy: &Policy, as_of: Timestamp) -> Option<RiskReason> {
    let soon = |next: &Next| next.at.days_since(as_of) <= policy.alerts.decline_days;
    match stage.next.filter(soon) {
        Some(Next { name: Stage::Churn, at, cause }) => {
            Some(RiskReason::ChurnPredicted { at, because: cause })
        }
        Some(Next { name: Stage::Decline, at, cause }) => {
            Some(RiskReason::DeclinePredicted { at, because: cause })
        }
        Some(_) | None => {
            (stage.name == Stage::Decline).then_some(RiskReason::InDecline { since: stage.since })
        }
    }
}

fn overdue(standing: &Standing) -> impl Iterator<Item = &CommitmentLine> {
    standing.promises.iter().filter(|line| line.critical && line.state == CommitmentState::Overdue)
}

/// The dimensions that take the most away from a full health.
fn weakest(standing: &Standing) -> Vec<Dimension> {
    let dimensions = &standing.view.figures.health.dimensions;
    let missing = |view: DimensionView| view.weight * (100.0 - view.value);
    let mut missing = [
        (Dimension::Engagement, missing(dimensions.engagement)),
        (Dimension::Coverage, missing(dimensions.coverage)),
        (Dimension::Integrity, missing(dimensions.integrity)),
        (Dimension::Benefit, missing(dimensions.benefit)),
        (Dimension::Reciprocity, missing(dimensions.reciprocity)),
        (Dimension::Service, missing(dimensions.service)),
    ];
    missing.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    missing.into_iter().take(WEAKEST_NAMED).map(|(dimension, _)| dimension).collect()
}

impl Standing {
    fn last_heard(&self, dimension: Dimension) -> Option<EventRef> {
        self.heard.get(dimension as usize).copied().flatten()
    }
}
