//! The policies: every weight, half-life and threshold, and when each was adopted.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use guanxi_projections::time::When;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Api;
use super::answer::Answer;
use super::asked::{PolicyWord, asked};
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, Query};
use super::{schema, wire};

/// When a policy is asked about.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PolicyQuery {
    /// What was the case at this time: a date (its end, in the ledger's zone) or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::when, example = "2026-06-30")]
    as_of: Option<When>,
    /// As far as it was recorded by this time: a date or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::when, example = "2026-07-01T08:00:00Z")]
    known_at: Option<When>,
}

/// The policy named by the path.
#[derive(Debug, Clone, Copy)]
pub(super) struct PolicyPath(PolicyWord);

impl<S: Send + Sync> FromRequestParts<S> for PolicyPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let axum::extract::Path(text) =
            path.map_err(|rejection| Problem::new(Kind::BadRequest, rejection.body_text()))?;
        text.parse().map(Self).map_err(|error| Problem::new(Kind::PolicyUnknown, error))
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it documents what PolicyPath reads")]
struct PolicyParams {
    /// `current` (the latest recorded by `known_at`), `then` (in force at `as_of`) or the number of an adopted one.
    #[param(schema_with = schema::policy, example = "current")]
    policy: String,
}

/// The policies adopted
///
/// In the order in which they were recorded. Before the first adoption the program's own is in force, as version 1.
#[utoipa::path(get, path = "/v1/policies", tag = "policies", params(PolicyQuery),
    responses((status = 200, description = "What was adopted", body = wire::Policies)))]
pub(super) async fn list(State(api): State<Api>, Query(query): Query<PolicyQuery>) -> Outcome<Answer> {
    api.ask(move |ledger, _| Answer::json(&ledger.adoptions(&asked(query.as_of, query.known_at, None))?))
        .await
}

/// Show a policy
///
/// Every weight, half-life and threshold of it.
#[utoipa::path(get, path = "/v1/policies/{policy}", tag = "policies", params(PolicyParams, PolicyQuery),
    responses((status = 200, description = "The policy", body = wire::AnyObject)))]
pub(super) async fn show(
    State(api): State<Api>,
    PolicyPath(policy): PolicyPath,
    Query(query): Query<PolicyQuery>,
) -> Outcome<Answer> {
    api.ask(move |ledger, _| {
        Answer::json(&ledger.policy(&asked(query.as_of, query.known_at, Some(policy)))?)
    })
    .await
}
