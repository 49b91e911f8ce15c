//! Whether the server is there, and whether it can answer.

use axum::extract::State;
use serde_json::json;

use super::answer::Answer;
use super::problem::Outcome;
use super::{Api, wire};

/// Whether the server runs
///
/// Says yes as long as it can say anything.
#[utoipa::path(get, path = "/healthz", tag = "operation",
    responses((status = 200, description = "It runs", body = wire::Health)))]
pub(super) async fn alive() -> Outcome<Answer> {
    Answer::json(&json!({ "status": "ok" }))
}

/// Whether the server can answer
///
/// Says yes once the ledger is in memory.
#[utoipa::path(get, path = "/readyz", tag = "operation",
    responses((status = 200, description = "It can answer", body = wire::Health)))]
pub(super) async fn ready(State(api): State<Api>) -> Outcome<Answer> {
    api.ask(|ledger, _| {
        ledger.warm_up()?;
        Answer::json(&json!({ "status": "ok" }))
    })
    .await
}
