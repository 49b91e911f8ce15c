//! Effort against importance, and the value produced against effort and concessions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{RankLine, Standing};
use crate::evaluation::{Weight, Yardstick};
use crate::id::AccountId;
use crate::text::Label;
use crate::value::ValueKind;

/// An account's effort, importance and value. Money is in the reporting currency; sums are of the whole history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EffortLine {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<Label>,
    /// Its share of the eligible accounts' scores, 0 to 1.
    pub importance_share: Option<f64>,
    /// Its share of our effort, 0 to 1; `None` while no effort is recorded anywhere.
    pub effort_share: Option<f64>,
    /// Effort share against importance share: 1 is fair.
    pub effort_ratio: Option<f64>,
    /// Hours that we worked.
    pub hours: f64,
    /// What effort cost.
    pub effort_cost: f64,
    /// What our concessions cost.
    pub concession_cost: f64,
    /// What was ordered, returns apart.
    pub ordered: f64,
    /// What was paid.
    pub paid: f64,
    /// What the customer said that it gained.
    pub benefit_confirmed: f64,
    /// Ordered for each unit that effort and concessions cost; `None` where they cost nothing.
    pub ordered_per_cost: Option<f64>,
    /// What our concessions still claim against what we gained: above 2 we only give.
    pub exposure: f64,
    /// What we gained, faded.
    pub gain: f64,
}

/// Sums over all accounts, closed ones included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "each field is the sum of that of the same name of EffortLine")]
pub struct ValueTotals {
    pub hours: f64,
    pub effort_cost: f64,
    pub concession_cost: f64,
    pub ordered: f64,
    pub paid: f64,
    pub benefit_confirmed: f64,
    pub ordered_per_cost: Option<f64>,
}

impl ValueTotals {
    pub(super) fn of(standings: &[&Standing]) -> Self {
        let sum = |kind| standings.iter().fold(0.0, |sum, standing| sum + standing.whole(kind));
        let (effort_cost, concession_cost) = (sum(ValueKind::EffortCost), sum(ValueKind::ConcessionCost));
        let ordered = sum(ValueKind::Ordered);
        Self {
            hours: sum(ValueKind::EffortHours),
            effort_cost,
            concession_cost,
            ordered,
            paid: sum(ValueKind::Paid),
            benefit_confirmed: sum(ValueKind::BenefitConfirmed),
            ordered_per_cost: per_cost(ordered, effort_cost + concession_cost),
        }
    }
}

fn per_cost(ordered: f64, cost: f64) -> Option<f64> {
    (cost > 0.0).then(|| ordered / cost)
}

/// The eligible ones of the chosen accounts, in the order of the ranking; shares are of what all eligible accounts
/// come to at T.
pub(super) fn lines(standings: &[Standing], chosen: &[&Standing], ranking: &[RankLine]) -> Vec<EffortLine> {
    let eligible = standings.iter().filter(|standing| standing.eligible);
    let weights: Vec<Weight> = eligible.map(|standing| standing.weight).collect();
    let yardstick = Yardstick::measure(&weights);
    let chosen: BTreeMap<&AccountId, &Standing> =
        chosen.iter().map(|standing| (&standing.view.account, *standing)).collect();
    let ranked = ranking.iter().filter_map(|line| chosen.get(&line.account));
    ranked.map(|standing| line(standing, yardstick.as_ref())).collect()
}

fn line(standing: &Standing, yardstick: Option<&Yardstick>) -> EffortLine {
    let weight = &standing.weight;
    let (effort_cost, concession_cost) =
        (standing.whole(ValueKind::EffortCost), standing.whole(ValueKind::ConcessionCost));
    let ordered = standing.whole(ValueKind::Ordered);
    EffortLine {
        account: standing.view.account.clone(),
        name: standing.view.profile.name.clone(),
        importance_share: yardstick.and_then(|yardstick| yardstick.importance_share(weight)),
        effort_share: yardstick.and_then(|yardstick| yardstick.effort_share(weight)),
        effort_ratio: yardstick.and_then(|yardstick| yardstick.effort_ratio(weight)),
        hours: standing.whole(ValueKind::EffortHours),
        effort_cost,
        concession_cost,
        ordered,
        paid: standing.whole(ValueKind::Paid),
        benefit_confirmed: standing.whole(ValueKind::BenefitConfirmed),
        ordered_per_cost: per_cost(ordered, effort_cost + concession_cost),
        exposure: standing.view.exposure,
        gain: standing.gain,
    }
}
