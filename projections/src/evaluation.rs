//! The review clock 动态评估: when an account is evaluated next, and the yardstick that accounts are held against.
//!
//! What is measured over the whole portfolio freezes at the quarter's start, here as for every figure: other
//! accounts cannot move an account's next evaluation, or its alerts, inside an epoch.
//!
//! Readings of the model where it leaves a choice: the quarter of the accounts with the highest scores is read with
//! the first of the three spans, the lowest quarter with the last, the two between with the middle one. A change
//! of stage by silence or age since the last evaluation was predicted: the evaluation was due when it came. Effort is
//! faded like amounts, and its share is the mean of the shares of hours and of cost, of those that anybody spent.

use serde::Serialize;

use crate::epoch::percentile;
use crate::policy::{EvaluationPolicy, Policy};
use crate::stage::{CauseKind, StageView};
use crate::time::Timestamp;

/// What the eligible accounts come to at the quarter's start.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Yardstick {
    /// A quarter of the scores lie below.
    pub score_low: f64,
    /// A quarter of the scores lie above.
    pub score_high: f64,
    /// All of it.
    pub total: Weight,
}

/// What one account adds to the yardstick.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Weight {
    /// The composite score: importance.
    pub score: f64,
    /// Hours that we worked for it, faded.
    pub hours: f64,
    /// What that cost, faded.
    pub cost: f64,
}

/// What the review clock reads of an account.
#[derive(Debug, Clone, Copy)]
pub struct Clocked<'a> {
    /// The last evaluation, else the opening.
    pub last: Timestamp,
    /// Whether it is a key account.
    pub member: bool,
    /// Relationship health, 0 to 100.
    pub health: f64,
    /// Its coverage, 0 to 100.
    pub coverage: f64,
    /// The composite score, 0 to 100.
    pub score: f64,
    /// The stage.
    pub stage: Option<&'a StageView>,
}

impl Yardstick {
    /// What the accounts, given in the order of their ids, come to; `None` without any that has a score above 0.
    pub fn measure(weights: &[Weight]) -> Option<Self> {
        let scores = || weights.iter().map(|weight| weight.score);
        let total = weights.iter().fold(Weight::default(), |sum, weight| Weight {
            score: sum.score + weight.score,
            hours: sum.hours + weight.hours,
            cost: sum.cost + weight.cost,
        });
        Some(Self { score_low: percentile(scores(), 0.25)?, score_high: percentile(scores(), 0.75)?, total })
    }

    /// The share of our effort that an account takes, against its share of importance; `None` while no effort is
    /// recorded anywhere.
    ///
    /// ```
    /// use guanxi_projections::evaluation::{Weight, Yardstick};
    /// let weight = |score, hours, cost| Weight { score, hours, cost };
    /// let yardstick = Yardstick::measure(&[weight(60.0, 30.0, 0.0), weight(20.0, 10.0, 0.0)]).unwrap();
    /// // 30 of 40 hours against 60 of 80 points.
    /// assert_eq!(yardstick.effort_ratio(&weight(60.0, 30.0, 0.0)), Some(1.0));
    /// assert_eq!(yardstick.effort_ratio(&weight(20.0, 30.0, 0.0)), Some(3.0));
    /// ```
    pub fn effort_ratio(&self, account: &Weight) -> Option<f64> {
        let importance = share(account.score, self.total.score).filter(|share| *share > 0.0)?;
        Some(self.effort_share(account)? / importance)
    }

    /// The share of our effort that an account takes; `None` while no effort is recorded anywhere.
    pub fn effort_share(&self, account: &Weight) -> Option<f64> {
        let shares = [share(account.hours, self.total.hours), share(account.cost, self.total.cost)];
        let known: Vec<f64> = shares.into_iter().flatten().collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }

    /// The share of importance that an account has; `None` while no account has any.
    pub fn importance_share(&self, account: &Weight) -> Option<f64> {
        share(account.score, self.total.score)
    }
}

/// A part of a whole; `None` of nothing.
fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// When an account is to be evaluated next.
///
/// `Formula:` last + clamp(B (.5 + health/200) (coverage < 60 ? .75 : 1), 7, 180), pulled forward to a predicted
/// transition. `Source:` model specification, section 9.
///
/// Worked example: a key account of health 60 that is not covered, evaluated on day 0: 30 (.5 + .3) .75 = 18 d.
pub fn next_evaluation(account: &Clocked<'_>, policy: &Policy, yardstick: Option<&Yardstick>) -> Timestamp {
    let clock = &policy.evaluation;
    let base = base_days(account, clock, yardstick);
    let factor = clock.factor_min + (clock.factor_max - clock.factor_min) * account.health / 100.0;
    let covered = account.coverage >= policy.portfolio.coverage_min;
    let covered = if covered { 1.0 } else { clock.uncovered_factor };
    let days = (base * factor * covered).clamp(clock.days_min, clock.days_max);
    let by_clock = account.last.plus_days(days);
    account.stage.and_then(|stage| predicted(stage, account.last)).map_or(by_clock, |at| at.min(by_clock))
}

fn base_days(account: &Clocked<'_>, clock: &EvaluationPolicy, yardstick: Option<&Yardstick>) -> f64 {
    match yardstick {
        _ if account.member => clock.key_days,
        Some(yardstick) if account.score >= yardstick.score_high => clock.top_days,
        Some(yardstick) if account.score < yardstick.score_low => clock.bottom_days,
        Some(_) | None => clock.middle_days,
    }
}

/// The first change of stage after the last evaluation that could be foreseen, whether it has come or not.
fn predicted(stage: &StageView, last: Timestamp) -> Option<Timestamp> {
    let foreseen = |kind| matches!(kind, CauseKind::Silence | CauseKind::Age);
    let mut come = stage.transitions.iter().filter(|come| come.at > last && foreseen(come.cause.kind()));
    come.next().map(|come| come.at).or_else(|| stage.next.map(|next| next.at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::at;

    fn other(score: f64) -> Clocked<'static> {
        Clocked { last: at("2026-01-01"), member: false, health: 60.0, coverage: 50.0, score, stage: None }
    }

    fn key(score: f64) -> Clocked<'static> {
        Clocked { member: true, ..other(score) }
    }

    #[track_caller]
    fn due(account: &Clocked<'_>, days: f64) {
        let policy = Policy::default_policy();
        let weights: Vec<_> =
            [10.0, 20.0, 30.0, 40.0, 50.0].map(|score| Weight { score, ..Weight::default() }).into();
        let yardstick = Yardstick::measure(&weights).unwrap();
        assert_eq!((yardstick.score_low, yardstick.score_high), (20.0, 40.0));
        assert_eq!(next_evaluation(account, &policy, Some(&yardstick)), at("2026-01-01").plus_days(days));
    }

    /// By hand: (.5 + 60/200) .75 = .6 of 30, 60, 90 and 180 days.
    #[test]
    fn the_clock_follows_importance_health_and_coverage() {
        due(&key(10.0), 18.0);
        due(&other(40.0), 36.0);
        due(&other(39.0), 54.0);
        due(&other(20.0), 54.0);
        due(&other(19.9), 108.0);
        due(&Clocked { coverage: 60.0, ..key(10.0) }, 24.0);
        due(&Clocked { health: 100.0, coverage: 60.0, ..other(10.0) }, 180.0);
    }
}
