//! The published shapes: what callers may rely on. Answers are written by the ledger's own types; tests read them back
//! as these, so that the two cannot part.

#![expect(dead_code, reason = "the shapes are documented from these types, and read by tests alone")]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::schema;

mod jobs;
mod portfolio;
mod reasons;
mod reviews;

pub(super) use jobs::{Backtest, Calibration, Job};
pub(super) use portfolio::{Alerts, Movement, Portfolio, PortfolioTrend};
pub(super) use reasons::{Difference, Explained, Imagined, WhatIf};
pub(super) use reviews::{Adopted, Holding, KeyList, Policies, PolicyEffect, Review, Reviews};

/// An object whose fields are described elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct AnyObject {
    #[serde(flatten)]
    #[schema(value_type = Object)]
    fields: BTreeMap<String, Value>,
}

/// The server is well.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
pub(super) struct Health {
    /// Always `ok`: everything else is a problem.
    status: String,
}

/// A failure, after RFC 9457.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ProblemShape {
    /// The kind of problem: the address of a page about it. Stable; callers may match on it.
    #[serde(rename = "type")]
    #[schema(example = "/problems/account-unknown")]
    kind: String,
    /// The kind in words.
    title: String,
    /// The status of the response.
    status: u16,
    /// What is special about this occurrence, for people.
    detail: String,
    /// The id under which the server's log knows the request.
    request_id: String,
}

/// An event in the form of CloudEvents 1.0. What `data` holds depends on `type`.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"specversion": "1.0", "id": "crm-88214", "source": "crm/emea", "type": "meeting.held", "subject": "acme", "time": "2026-03-02T09:00:00Z", "data": {"channel": "visit", "scene": "presales", "ours": ["li.wei"], "customer": ["acme-cto"], "minutes": 60, "topic": "pilot scope"}}))]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    /// The version of CloudEvents.
    #[schema(schema_with = spec_version)]
    specversion: String,
    /// The source's name for the event. Together with `source` it identifies the event for ever.
    #[schema(schema_with = schema::id)]
    id: String,
    /// Who says so, such as `crm/emea`.
    #[schema(schema_with = schema::id)]
    source: String,
    /// What kind of event.
    #[serde(rename = "type")]
    #[schema(schema_with = submitted_types)]
    event_type: String,
    /// The account.
    #[schema(schema_with = schema::id)]
    subject: String,
    /// When it happened.
    #[schema(schema_with = instant)]
    time: String,
    /// The type of `data`.
    #[schema(schema_with = content_type)]
    datacontenttype: Option<String>,
    /// What happened, in the fields of the type.
    #[schema(value_type = Object)]
    data: Value,
    /// Ties events of one business exchange together.
    #[schema(schema_with = schema::id_or_null)]
    correlationid: Option<String>,
    /// The event that brought it about, by id.
    #[schema(schema_with = schema::id_or_null)]
    causationid: Option<String>,
    /// How exactly `time` is known.
    #[schema(schema_with = precision)]
    timeprecision: Option<String>,
    /// When the source says it recorded the event: kept as a claim.
    #[schema(schema_with = instant_or_null)]
    sourcerecordedtime: Option<String>,
}

type OneSchema = utoipa::openapi::RefOr<utoipa::openapi::Schema>;

fn spec_version() -> OneSchema {
    schema::word(["1.0"])
}

fn content_type() -> OneSchema {
    schema::or_null(schema::word(["application/json"]))
}

fn precision() -> OneSchema {
    schema::or_null(schema::word(["instant", "day", "month"]))
}

fn instant() -> OneSchema {
    schema::json(serde_json::json!({"type": "string", "format": "date-time"}))
}

fn instant_or_null() -> OneSchema {
    schema::or_null(instant())
}

fn submitted_types() -> OneSchema {
    use guanxi_projections::event::EventType;
    schema::word(
        EventType::ALL.iter().filter(|event_type| !event_type.is_own()).map(|event_type| event_type.as_str()),
    )
}

/// Events that are recorded together or not at all.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Batch(Vec<Event>);

/// An event, or a batch.
#[expect(clippy::large_enum_variant, reason = "only its documentation is ever made")]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum EventOrBatch {
    /// One.
    One(Event),
    /// Several.
    Batch(Batch),
}

/// What was recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"events": [{"source": "crm/emea", "id": "crm-88213", "position": 0, "sequence": 0, "recorded_at": "2026-03-02T09:00:01.000001Z", "duplicate": false}]}))]
pub(super) struct Recorded {
    /// Where each event stands, in the order in which they were sent.
    events: Vec<Accepted>,
}

/// Where an event stands.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Accepted {
    /// Who submitted it.
    source: String,
    /// The source's name for it.
    id: String,
    /// Place in the log.
    position: u64,
    /// Place in the account's stream; absent for a duplicate.
    sequence: Option<u64>,
    /// When it was recorded; absent for a duplicate.
    recorded_at: Option<String>,
    /// Whether it was recorded before, with the same content.
    duplicate: bool,
}

/// An event as it was recorded: a CloudEvent with what the ledger adds to it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"specversion": "1.0", "id": "crm-88213", "source": "crm/emea", "type": "account.opened", "subject": "acme", "time": "2026-03-02T09:00:00Z", "position": 0, "sequence": 0, "recordedtime": "2026-03-02T09:00:01.000001Z", "actor": "local:unauthenticated", "data": {"name": "Acme"}}))]
pub(super) struct RecordedEvent {
    specversion: String,
    id: String,
    source: String,
    #[serde(rename = "type")]
    event_type: String,
    subject: String,
    time: String,
    /// Place in the log.
    position: u64,
    /// Place in the account's stream.
    sequence: u64,
    /// When the ledger recorded it.
    recordedtime: String,
    /// Who appended it.
    actor: String,
    #[schema(value_type = Object)]
    data: Value,
}

/// A page of events.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Events {
    /// The events, in the order of their positions.
    events: Vec<RecordedEvent>,
    /// Where the next page begins: the value of its `after`. Null while nothing is recorded.
    after: Option<u64>,
    /// Whether the log goes on there.
    more: bool,
}

/// Which policy an answer follows: the number of a version, or `file` for one that was brought along.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum PolicyName {
    /// An adopted one, or 1 when none was adopted yet.
    Version(u32),
    /// One that was brought along.
    File(String),
}

/// A page of the ranking.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Accounts {
    /// What was the case at this time, as resolved.
    as_of: String,
    /// As far as it was recorded by this time, as resolved.
    known_at: String,
    policy: PolicyName,
    /// The version of the formulas.
    model: u32,
    /// The accounts on this page.
    accounts: Vec<AccountRow>,
    /// How many there are on all pages.
    total: u64,
    /// The cursor of the next page; null on the last.
    next: Option<String>,
}

/// An account of the ranking.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct AccountRow {
    account: String,
    name: Option<String>,
    stage: String,
    since: String,
    next: Option<Next>,
    flags: Vec<String>,
    /// 0 to 100.
    health: f64,
    /// 0 to 1.
    confidence: f64,
    colour: String,
    /// 0 to 100.
    score: f64,
    /// 0 to 100.
    sales: f64,
    /// Place by score, from 1; null for accounts that are closed or merged away.
    rank: Option<u32>,
    /// The probability of an order within the horizon; null before the first order.
    outlook: Option<f64>,
    key_account: bool,
    quadrant: String,
    owner: Option<String>,
    last_contact: Option<String>,
    events: u64,
}

/// What comes next unless something happens.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Next {
    /// The stage.
    name: String,
    /// When.
    at: String,
    /// Why.
    cause: String,
}

/// One account.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Account {
    account: String,
    name: Option<String>,
    industry: Option<String>,
    region: Option<String>,
    segment: Option<String>,
    size: Option<String>,
    parent: Option<String>,
    /// What is said of it beside.
    traits: BTreeMap<String, String>,
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// Events folded.
    events: u64,
    /// SHA-256 of the view in JCS form, with pseudonyms for persons and without the coordinates.
    state_hash: String,
    stage: Option<Stage>,
    health: HealthFigure,
    score: ScoreFigure,
    outlook: Option<Outlook>,
    key_account: KeyAccount,
    quadrant: String,
    exposure: f64,
    closed_at: Option<String>,
    merged_into: Option<String>,
    owner: Option<String>,
    last_contact: Option<String>,
    /// What is odd about the history.
    anomalies: Vec<Anomaly>,
}

/// Something odd. Beside these fields are those of its kind: what it is odd about, or how many events there are.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Anomaly {
    kind: String,
    /// The events that show it, ascending; of those that are only counted, the first.
    positions: Vec<u64>,
}

/// The lifecycle stage.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Stage {
    name: String,
    since: String,
    cause: AnyObject,
    flags: Vec<String>,
    next: Option<Next>,
    transitions: Vec<AnyObject>,
}

/// A figure with its range.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Dimension {
    /// 0 to 100.
    value: f64,
    /// Its part in the whole.
    weight: f64,
    /// 0 to 1.
    confidence: f64,
    low: f64,
    high: f64,
}

/// Relationship health.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct HealthFigure {
    value: f64,
    confidence: f64,
    low: f64,
    high: f64,
    colour: String,
    dimensions: HealthDimensions,
}

/// What health is made of.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct HealthDimensions {
    engagement: Dimension,
    coverage: Dimension,
    integrity: Dimension,
    benefit: Dimension,
    reciprocity: Dimension,
    service: Dimension,
}

/// The composite score.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ScoreFigure {
    value: f64,
    confidence: f64,
    low: f64,
    high: f64,
    dimensions: ScoreDimensions,
}

/// What the score is made of.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ScoreDimensions {
    sales: Dimension,
    potential: Dimension,
    demonstration: Dimension,
    winnability: Dimension,
}

/// The outlook.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Outlook {
    horizon_days: u32,
    active_probability: f64,
    calibrated: bool,
}

/// Whether it is a key account, by the last review.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct KeyAccount {
    member: bool,
    since: Option<String>,
    rank: Option<u32>,
    review: Option<String>,
}

/// The history of an account.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct History {
    account: String,
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// In the order in which they happened.
    entries: Vec<HistoryEntry>,
}

/// An event of a history.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct HistoryEntry {
    position: u64,
    /// When it happened, as it stands.
    occurred_at: String,
    /// How it stands: stands, corrected, retracted, later or revision.
    standing: String,
    event: RecordedEvent,
}

/// A list of an account.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Lines {
    account: String,
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// Which list.
    list: String,
    /// Its lines, each with the events behind it, and what the first of them says in words.
    lines: Vec<AnyObject>,
}

/// A trend.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Trend {
    account: String,
    /// In the order of time; each has the measures asked for beside its coordinates.
    points: Vec<TrendPoint>,
}

/// A point of a trend.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct TrendPoint {
    as_of: String,
    known_at: String,
    policy: PolicyName,
    model: u32,
    /// Null before the account's first event.
    stage: Option<String>,
}
