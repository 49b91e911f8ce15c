//! Jobs: what they are asked, and how they stand.

use serde::Deserialize;
use utoipa::{PartialSchema as _, ToSchema};

use super::AnyObject;
use crate::http::query::OccasionName;
use crate::http::schema;

type OneSchema = utoipa::openapi::RefOr<utoipa::openapi::Schema>;

fn occasions() -> OneSchema {
    schema::or_null(OccasionName::schema())
}

fn cutoffs() -> OneSchema {
    schema::json(serde_json::json!({
        "type": ["array", "null"], "minItems": 1, "maxItems": crate::http::jobs::CUTOFFS_MAX,
        "items": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    }))
}

/// What to test.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"horizon": 90, "cutoffs": [0.4, 0.55, 0.7], "occasion": "order"}))]
pub(in crate::http) struct Backtest {
    /// How many days ahead. Default: the policy's.
    #[schema(minimum = 1, maximum = 3650)]
    horizon: Option<u32>,
    /// The cut-offs, as shares of the span from the first occasion to the last. Default: 0.4, 0.55 and 0.7.
    #[schema(schema_with = cutoffs)]
    cutoffs: Option<Vec<f64>>,
    /// What is foretold. Default: `order`.
    #[schema(schema_with = occasions)]
    occasion: Option<String>,
    /// Know at each cut-off only what had been recorded by then, rather than all that had occurred.
    #[serde(default)]
    #[schema(default = false)]
    as_known_then: bool,
    /// What was the case at this time: a date (its end, in the ledger's zone) or a timestamp. Default: now.
    #[schema(schema_with = schema::when_or_null)]
    as_of: Option<String>,
    /// As far as it was recorded by this time: a date or a timestamp. Default: now.
    #[schema(schema_with = schema::when_or_null)]
    known_at: Option<String>,
    /// Which policy is followed: `current`, `then` or the number of an adopted one. Default: `current`.
    #[schema(schema_with = schema::policy_or_null)]
    policy: Option<String>,
}

/// What to fit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"horizon": 90}))]
pub(in crate::http) struct Calibration {
    /// How many days ahead. Default: the policy's.
    #[schema(minimum = 1, maximum = 3650)]
    horizon: Option<u32>,
    /// Record the fit. It then sees everything that is recorded, under the current policy.
    #[serde(default)]
    #[schema(default = false)]
    record: bool,
    /// What was the case at this time: a date (its end, in the ledger's zone) or a timestamp. Default: now.
    #[schema(schema_with = schema::when_or_null)]
    as_of: Option<String>,
    /// As far as it was recorded by this time: a date or a timestamp. Default: now. Not together with `record`.
    #[schema(schema_with = schema::when_or_null)]
    known_at: Option<String>,
    /// Which policy is followed: `current`, `then` or the number of an adopted one. Default: `current`. Not together with
    /// `record`.
    #[schema(schema_with = schema::policy_or_null)]
    policy: Option<String>,
}

/// A job.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"job": "9f86d081-1", "kind": "backtest", "state": "running", "started_at": "2026-07-01T08:00:00Z", "ended_at": null, "progress": {"done": 4000, "total": 30000}, "result": null, "problem": null}))]
pub(in crate::http) struct Job {
    /// Its id.
    job: String,
    /// `backtest` or `calibration`.
    kind: String,
    /// `running`, `done`, `failed`, or `stopped` by the end of the server.
    state: String,
    started_at: String,
    /// Null while it is running.
    ended_at: Option<String>,
    progress: Progress,
    /// What the command line answers; null unless it is done.
    result: Option<AnyObject>,
    /// Why it failed, as a problem; null unless it did.
    problem: Option<AnyObject>,
}

/// How much of the work is done.
#[derive(Debug, Deserialize, ToSchema)]
pub(in crate::http) struct Progress {
    done: u64,
    /// Of how much; 0 before that is known.
    total: u64,
}
