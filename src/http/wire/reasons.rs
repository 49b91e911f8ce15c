//! Reasons: for a figure, for a stage, for a change; and what would be.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use super::{AnyObject, Event, Next, PolicyName};
use crate::http::schema;

/// The reasons for a figure, or for the stage.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(in crate::http) enum Explained {
    /// For a figure.
    Figure(Explanation),
    /// For the stage.
    Stage(StageExplanation),
}

/// The reasons for a figure: baseline, all points, those of the rest included, and residual sum to the value.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"account": "acme", "name": "Acme", "as_of": "2026-06-30T15:59:59Z", "known_at": "2026-07-01T08:00:00Z", "policy": 1, "model": 1, "measure": "engagement", "value": 61.2, "baseline": 50.0, "contributions": [{"position": 3, "type": "meeting.held", "occurred_at": "2026-06-02T01:00:00Z", "points": 11.2}], "residual": 0.0, "said": {"3": "pilot scope"}}))]
pub(in crate::http) struct Explanation {
    account: String,
    /// What people call it.
    name: String,
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// What is explained.
    measure: String,
    /// The figure, as it is shown; null for an outlook before the first order.
    value: Option<f64>,
    /// What priors and intercepts give by themselves.
    baseline: f64,
    /// What each event adds or takes, in the measure's own units; the greatest first.
    contributions: Vec<Contribution>,
    /// What the events that are not listed add or take together; absent when all are listed.
    rest: Option<Rest>,
    /// What rounding leaves.
    residual: f64,
    /// The dimensions that the measure is the weighted sum of; absent for one that is not.
    dimensions: Option<Vec<AnyObject>>,
    /// The log odds that the baseline comes from; absent while experience says nothing.
    terms: Option<Vec<AnyObject>>,
    /// What the listed events say in words, by position.
    said: BTreeMap<String, String>,
}

/// What one event adds to a figure or takes from it.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Contribution {
    position: u64,
    #[serde(rename = "type")]
    event_type: String,
    occurred_at: String,
    points: f64,
    /// How much of it through each dimension; absent for a measure that is not a sum of dimensions.
    dimensions: Option<BTreeMap<String, f64>>,
}

/// Events that are not listed one by one.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Rest {
    /// How many.
    events: u64,
    /// What they add or take together.
    points: f64,
}

/// The reasons for a stage.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct StageExplanation {
    account: String,
    /// What people call it.
    name: String,
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    stage: StageReasons,
}

/// Why a stage is what it is.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct StageReasons {
    name: String,
    since: String,
    cause: AnyObject,
    /// The event behind it.
    event: Option<AnyObject>,
    flags: Vec<String>,
    /// Every transition so far, with the event behind each.
    transitions: Vec<AnyObject>,
    /// What the stage is decided by, as it stands now.
    standing: AnyObject,
    next: Option<Next>,
}

/// A point in time, as known at a point in time.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Coordinates {
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
}

/// Why figures differ between two coordinates.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Difference {
    account: String,
    /// What people call it, at the later coordinates.
    name: String,
    /// The earlier coordinates, as resolved.
    from: Coordinates,
    /// The later ones.
    to: Coordinates,
    /// What each measure was and is, and the classes of reasons that its change is made of.
    measures: Vec<MeasureChange>,
    /// Null when the stage is the same.
    stage: Option<AnyObject>,
    /// The transitions between.
    transitions: Vec<AnyObject>,
    /// Null when the colour is the same.
    colour: Option<AnyObject>,
    /// Null when the quadrant is the same.
    quadrant: Option<AnyObject>,
    /// What the listed events say in words, by position.
    said: BTreeMap<String, String>,
}

/// The change of a measure.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct MeasureChange {
    measure: String,
    from: Option<f64>,
    to: Option<f64>,
    change: f64,
    /// What is new, faded, was recorded late, was corrected, and so on; with the events of each.
    classes: Vec<AnyObject>,
    /// What rounding leaves.
    residual: f64,
}

/// An event by its position, or by source and id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(in crate::http) enum EventName {
    /// By its place in the log.
    Position {
        /// Which place.
        #[schema(schema_with = schema::position)]
        position: u64,
    },
    /// As its source named it.
    Named {
        /// Who named it.
        #[schema(schema_with = schema::id)]
        source: String,
        /// The name.
        #[schema(schema_with = schema::id)]
        id: String,
    },
}

/// What to imagine: at least one event to do without, or to add.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"without": [{"position": 2}], "with": [{"specversion": "1.0", "id": "if-1", "source": "crm/emea", "type": "order.placed", "subject": "acme", "time": "2026-09-01T09:00:00Z", "data": {"order": "o-if", "amount": {"amount": "250000.00", "currency": "CNY"}}}]}))]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Imagined {
    /// Events of the account to do without: at most 1,000.
    without: Option<Vec<EventName>>,
    /// Events of the account to add, in the order in which they would be recorded: at most 1,000.
    with: Option<Vec<Event>>,
}

/// An account as it is, and as it would be.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct WhatIf {
    account: String,
    /// What people call it.
    name: String,
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// The positions of the events done without.
    without: Vec<u64>,
    /// The events added.
    with: Vec<Added>,
    /// Every measure before and after.
    measures: Vec<Compared>,
    before: Outline,
    after: Outline,
}

/// An event that was added.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Added {
    #[serde(rename = "type")]
    event_type: String,
    occurred_at: String,
}

/// A measure before and after.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Compared {
    measure: String,
    before: Option<f64>,
    after: Option<f64>,
    change: Option<f64>,
}

/// An account in outline.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Outline {
    events: u64,
    stage: Option<String>,
    since: Option<String>,
    flags: Vec<String>,
    next: Option<Next>,
    colour: String,
    quadrant: String,
}
