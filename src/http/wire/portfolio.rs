//! All accounts as a whole, and what needs attention.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use super::reasons::Coordinates;
use super::{AnyObject, Next, PolicyName};

/// The portfolio.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Portfolio {
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// How many accounts there are.
    accounts: u64,
    /// How many of them may be key accounts: neither closed nor merged away.
    eligible: u64,
    /// How many are on the key list.
    key_accounts: u64,
    /// Of health and score, over the eligible ones; null of none.
    means: Option<Means>,
    /// By stage, in the order of the lifecycle.
    funnel: Vec<AnyObject>,
    /// By colour of health.
    colours: Vec<AnyObject>,
    /// Importance against coverage.
    matrix: Vec<AnyObject>,
    /// The eligible accounts by rank.
    ranking: Vec<RankLine>,
    /// Accounts at risk with the reasons, key accounts first, then by score.
    at_risk: Vec<AnyObject>,
    /// Who carries what, by contacts, most first.
    load: Vec<AnyObject>,
    /// Eligible accounts that nobody answers for.
    unowned: Vec<String>,
    /// Effort against importance and value, by account.
    effort: Vec<AnyObject>,
    /// Groups of accounts under one head.
    groups: Vec<AnyObject>,
    /// What all of it comes to.
    value: AnyObject,
}

/// Means and medians, 0 to 100.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Means {
    health_mean: f64,
    health_median: f64,
    score_mean: f64,
    score_median: f64,
}

/// An account by its rank.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct RankLine {
    account: String,
    name: Option<String>,
    /// Place by score, from 1.
    rank: u32,
    /// Share of the eligible accounts that it is ahead of, 0 to 100.
    percentile: f64,
    score: f64,
    sales: f64,
    health: f64,
    colour: String,
    stage: Option<String>,
    next: Option<Next>,
    quadrant: String,
    key_account: bool,
    owner: Option<String>,
    next_evaluation: Option<String>,
}

/// The portfolio over time.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct PortfolioTrend {
    /// In the order of time.
    points: Vec<PortfolioPoint>,
}

/// A point of it.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct PortfolioPoint {
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    accounts: u64,
    eligible: u64,
    key_accounts: u64,
    /// How many accounts in each.
    stages: BTreeMap<String, u64>,
    /// How many of each.
    colours: BTreeMap<String, u64>,
    /// How many in each.
    quadrants: BTreeMap<String, u64>,
    means: Option<Means>,
    /// The mean of each measure asked for; null where there is none.
    measures: BTreeMap<String, Option<f64>>,
}

/// Who moved.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Movement {
    /// The first coordinates, as resolved.
    from: Coordinates,
    /// The second.
    to: Coordinates,
    /// The accounts that stand elsewhere, by id.
    accounts: Vec<Moved>,
}

/// An account that stands elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Moved {
    account: String,
    name: Option<String>,
    owner: Option<String>,
    /// What changed: presence, stage, colour, quadrant, rank or `key_list`, from what to what, and by what.
    changes: Vec<AnyObject>,
}

/// What needs attention.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Alerts {
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// The most pressing first, then the oldest, then by account.
    alerts: Vec<Alert>,
}

/// An alert. What it says beside depends on its kind.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Alert {
    account: String,
    name: Option<String>,
    owner: Option<String>,
    key_account: bool,
    /// `low`, `medium` or `high`.
    severity: String,
    since: String,
    /// Whether it may have stood longer: it already did at the earliest midnight looked at.
    since_or_earlier: bool,
    /// Such as `promise_overdue`.
    kind: String,
    /// The events behind it.
    events: Vec<AnyObject>,
}
