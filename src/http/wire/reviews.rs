//! Reviews, the key list, and policies.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{AnyObject, PolicyName};
use crate::http::schema;

fn percents() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    schema::or_null(crate::http::reviews::percents())
}

/// The reviews that were held.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Reviews {
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// In the order of their instants.
    reviews: Vec<HeldLine>,
}

/// A review that was held, in numbers.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"as_of": "2026-06-30T15:59:59Z", "percent": "20", "seats": 40, "recorded_at": "2026-07-01T08:00:00Z", "position": 90210, "members": 40, "entered": 4, "left": 3}))]
pub(in crate::http) struct HeldLine {
    as_of: String,
    /// Percent of the eligible accounts that are key accounts.
    percent: String,
    /// Seats on the list.
    seats: u32,
    recorded_at: String,
    /// The event that it was recorded in, the first of them.
    position: u64,
    /// How many accounts it put on the list.
    members: u64,
    /// How many of them entered by it.
    entered: u64,
    /// How many left the list by it.
    left: u64,
}

/// What was recorded of a review.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Held {
    as_of: String,
    percent: String,
    seats: u32,
    recorded_at: String,
    position: u64,
}

/// What to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"percent": "20"}))]
pub(in crate::http) struct Holding {
    /// The instant looked at: a date (its end, in the ledger's zone) or a timestamp, after the last review. Default: now.
    #[schema(schema_with = schema::when_or_null)]
    as_of: Option<String>,
    /// Percent of the eligible accounts that are key accounts, above 0 and at most 100. Default: as the policy says.
    #[schema(schema_with = percents)]
    percent: Option<String>,
}

/// A review, proposed or held.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Review {
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// The events that it was recorded in; empty for a proposal.
    recorded: Vec<u64>,
    percent: String,
    /// Accounts that are opened, and neither closed nor merged away.
    eligible: u64,
    seats: u32,
    /// The review before; null for the first.
    previous: Option<Held>,
    /// The day on which this review was due; null for the first.
    due: Option<String>,
    /// Who is on the list, by rank: by which rule, pinned by what, standing where now and at the review before.
    members: Vec<ReviewMember>,
    /// Who leaves it.
    exits: Vec<AnyObject>,
    /// Adjustments of evaluations that are overdue.
    overdue: Vec<AnyObject>,
}

/// A member of the list.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct ReviewMember {
    account: String,
    name: Option<String>,
    /// By which rule it is on the list.
    rule: String,
    /// Whether it enters by this review.
    enters: bool,
    pin: Option<AnyObject>,
    now: AnyObject,
    before: Option<AnyObject>,
}

/// The key list.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct KeyList {
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// The review that it stands by; null before the first.
    review: Option<Held>,
    /// The day on which the next review is due.
    next_due: Option<String>,
    /// Who is on it, by rank in that review.
    members: Vec<KeyAccountLine>,
    /// Every entry and exit up to then, in the order of the reviews.
    changes: Vec<AnyObject>,
    /// The pins that count then.
    pins: Vec<AnyObject>,
}

/// A key account.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct KeyAccountLine {
    account: String,
    name: Option<String>,
    /// The review since which it has been on the list without a break.
    since: String,
    /// By which rule it entered then.
    entered_by: String,
    /// Reviews since, that one included.
    reviews: u32,
    /// Its rank in the last review, from 1.
    rank: u32,
    /// Its score in the last review, 0 to 100.
    score: f64,
    /// By which rule it is on the list since the last review.
    rule: String,
}

/// The policies adopted.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Policies {
    known_at: String,
    /// In the order in which they came into force.
    policies: Vec<PolicyVersion>,
}

/// A policy, and who adopted it when and why.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct PolicyVersion {
    version: u32,
    /// From when on it is in force; null: from the beginning.
    from: Option<String>,
    /// Null for the program's own, which nobody adopted.
    recorded_at: Option<String>,
    actor: Option<String>,
    reason: Option<String>,
    position: Option<u64>,
    /// Whether answers follow it that ask for no other.
    current: bool,
}

/// What became of an adoption.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"version": 2, "renumbered_from": 1, "position": 90211, "differences": [{"field": "review.percent", "old": "20", "new": "25"}]}))]
pub(in crate::http) struct Adopted {
    /// The number that the policy has.
    version: u32,
    /// The number that its text had, if it was another.
    renumbered_from: Option<u32>,
    /// Where it stands in the log.
    position: u64,
    /// What it changed.
    differences: Vec<AnyObject>,
}

/// What adopting a policy would do to the figures of now.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct PolicyEffect {
    /// The number that it would have.
    version: u32,
    as_of: String,
    known_at: String,
    /// Its fields that differ from those of the current policy.
    differences: Vec<AnyObject>,
    /// Accounts looked at.
    accounts: u64,
    /// How many would have another colour of health.
    colour: u64,
    /// How many would be in another stage.
    stage: u64,
    /// How many would have another rank.
    rank: u64,
    /// The accounts that differ, by rank under the current policy.
    changes: Vec<AnyObject>,
}
