//! The portfolio: every account of a ledger side by side, at one (T, K).
//!
//! What is computed here is information about the whole; no account's own figures follow from it. Everything is
//! computed from [`Standing`]s given in the order of the accounts' ids, so that sums have one order.

mod effort;
mod groups;
mod load;
mod points;
mod ranking;
mod risk;
mod shape;
mod standing;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::id::AccountId;
use crate::policy::Policy;
use crate::time::Timestamp;

pub use effort::{EffortLine, ValueTotals};
pub use groups::GroupTotal;
pub use load::{LoadLine, RoleCount};
pub use points::{Point, Pulse, read_points};
pub use ranking::{Place, RankLine, places};
pub use risk::{Risk, RiskLine, RiskReason};
pub use shape::{ColourCount, FunnelLine, MatrixLine, Means};
pub use standing::Standing;

/// The portfolio at an instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PortfolioView {
    /// How many accounts there are.
    pub accounts: usize,
    /// How many of them may be key accounts: neither closed nor merged away.
    pub eligible: usize,
    /// How many are on the key list.
    pub key_accounts: usize,
    /// Mean and median of health and score over the eligible ones; `None` of none.
    pub means: Option<Means>,
    /// Accounts by stage, in the order of the lifecycle.
    pub funnel: Vec<FunnelLine>,
    /// Accounts by colour of health.
    pub colours: Vec<ColourCount>,
    /// Importance against coverage.
    pub matrix: Vec<MatrixLine>,
    /// The eligible accounts by rank.
    pub ranking: Vec<RankLine>,
    /// Accounts at risk, key accounts first, then by score, highest first.
    pub at_risk: Vec<RiskLine>,
    /// Who carries what, by contacts, most first.
    pub load: Vec<LoadLine>,
    /// Eligible accounts that nobody answers for.
    pub unowned: Vec<AccountId>,
    /// Effort against importance and value, by account, in the order of the ranking.
    pub effort: Vec<EffortLine>,
    /// Groups of accounts under one head, whole.
    pub groups: Vec<GroupTotal>,
    /// What all of it comes to.
    pub value: ValueTotals,
}

impl PortfolioView {
    /// The portfolio of the accounts that are wanted. `standings` are those of all accounts, in the order of their
    /// ids: ranks, percentiles and shares of effort and importance are among all. Cost: O(n log n).
    pub fn of(
        standings: &[Standing],
        wanted: impl Fn(&Standing) -> bool,
        policy: &Policy,
        as_of: Timestamp,
    ) -> Self {
        let chosen: Vec<&Standing> = standings.iter().filter(|standing| wanted(standing)).collect();
        let all_ranked = ranking::ranking(standings);
        let eligible = || chosen.iter().copied().filter(|standing| standing.eligible);
        let unowned = eligible().filter(|standing| standing.view.owner.is_none());
        let effort = effort::lines(standings, &chosen, &all_ranked);
        let mut ranking = all_ranked;
        let accounts: BTreeSet<&AccountId> = chosen.iter().map(|standing| &standing.view.account).collect();
        ranking.retain(|line| accounts.contains(&line.account));
        Self {
            accounts: chosen.len(),
            eligible: eligible().count(),
            key_accounts: chosen.iter().filter(|standing| standing.view.key_account.member).count(),
            means: Means::of(eligible()),
            funnel: shape::funnel(&chosen),
            colours: shape::colours(&chosen),
            matrix: shape::matrix(&chosen),
            ranking,
            at_risk: risk::at_risk(&chosen, policy, as_of),
            load: load::load(&chosen),
            unowned: unowned.map(|standing| standing.view.account.clone()).collect(),
            effort,
            groups: groups::totals(standings, &chosen),
            value: ValueTotals::of(&chosen),
        }
    }
}

#[cfg(test)]
mod tests;
