//! Reviews and the key list: proposed from the figures, recorded as a fact, and read as of any date.
//!
//! To propose is a question and has an address of its own, so that the table of permissions tells it from recording.

use std::str::FromStr;

use axum::extract::State;
use axum::http::StatusCode;
use guanxi_projections::money::Amount;
use guanxi_projections::time::When;
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{Answer, Posted, posted};
use super::asked::AskedQuery;
use super::body::{self, Json};
use super::caller::Caller;
use super::error::of_own;
use super::problem::Outcome;
use super::query::{self, Query};
use super::schema::has_schema;
use super::{Api, schema, wire};
use crate::ledger::{ReviewAsked, Sight};

/// Percent of the accounts that are key accounts.
#[derive(Debug, Clone, Copy)]
struct Percent(Amount);

has_schema!(Percent, percents());

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ReviewAsked::percent(text).map(Self)
    }
}

pub(super) fn percents() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    schema::json(
        serde_json::json!({"type": "string", "pattern": "^(0[.][0-9]{0,3}[1-9]|[1-9][0-9]?([.][0-9]{1,4})?|100)$"}),
    )
}

/// The reviews that were held
///
/// In the order of their instants, in numbers. Whom a review put on the list, `/v1/key-accounts` says as of its instant.
#[utoipa::path(get, path = "/v1/reviews", tag = "reviews", params(AskedQuery),
    responses((status = 200, description = "The reviews", body = wire::Reviews)))]
pub(super) async fn list(State(api): State<Api>, Query(query): Query<AskedQuery>) -> Outcome<Answer> {
    api.ask(move |ledger, _| Answer::json(&ledger.reviews(&query.asked())?)).await
}

/// What is proposed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ProposalQuery {
    /// Percent of the eligible accounts that are key accounts, above 0 and at most 100. Default: as the policy says.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(inline, example = "20")]
    percent: Option<Percent>,
}

/// Propose a review
///
/// Who would become, stay and cease to be a key account, each by its rule, and whose agreed adjustments are overdue. Nothing
/// is recorded: `POST /v1/reviews` does that.
///
/// For a token with a scope the lines are those of accounts in the scope; seats and ranks are among all accounts.
#[utoipa::path(get, path = "/v1/reviews/proposal", tag = "reviews", params(AskedQuery, ProposalQuery),
    responses((status = 200, description = "The proposal", body = wire::Review)))]
pub(super) async fn propose(
    State(api): State<Api>,
    caller: Caller,
    Query((asked, query)): Query<(AskedQuery, ProposalQuery)>,
) -> Outcome<Answer> {
    api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        let review = ReviewAsked { asked: asked.asked(), percent: query.percent.map(|percent| percent.0) };
        let mut answer = ledger.review(&review, |_, _| ())?;
        if sight != Sight::All {
            answer.members.retain(|line| sight.sees(&line.account));
            answer.exits.retain(|line| sight.sees(&line.account));
            answer.overdue.retain(|line| sight.sees(&line.account));
        }
        Answer::json(&answer)
    })
    .await
}

/// What is to be recorded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holding {
    #[serde(default, deserialize_with = "body::text")]
    as_of: Option<When>,
    #[serde(default, deserialize_with = "body::text")]
    percent: Option<Percent>,
}

/// Hold a review
///
/// Records the review: what it proposes is the key list from its instant on, until the next review. It sees everything that
/// is recorded, under the current policy. It is for managers and admins, and for no token with a scope.
#[utoipa::path(post, path = "/v1/reviews", tag = "reviews",
    request_body(description = "What to record; an empty object for now, as the policy says", content((wire::Holding = "application/json"))),
    responses((status = 201, description = "The review as it was recorded, durably", body = wire::Review,
        headers(("location" = String, description = "The event that it was recorded in, the first of them")))))]
pub(super) async fn hold(
    State(api): State<Api>,
    caller: Caller,
    Json(holding): Json<Holding>,
) -> Outcome<Posted> {
    api.record(move |ledger, sights| {
        sights.of(&caller, ledger)?.must_see_all()?;
        let percent = holding.percent.map(|percent| percent.0);
        let answer = ledger.hold_review(&caller.actor, holding.as_of, percent, |_, _| ()).map_err(of_own)?;
        let first = answer.recorded.first().map_or_else(String::new, ToString::to_string);
        Ok(posted(StatusCode::CREATED, &answer)?.at(&format!("/v1/events/{first}")))
    })
    .await
}

/// The key accounts
///
/// The key list at any point in time, with every entry and exit up to then by its rule, and the pins that count then. It
/// follows from the reviews held: between two of them it does not move.
///
/// For a token with a scope the lines are those of accounts in the scope; ranks and seats are among all accounts.
#[utoipa::path(get, path = "/v1/key-accounts", tag = "reviews", params(AskedQuery),
    responses((status = 200, description = "The key list", body = wire::KeyList)))]
pub(super) async fn key_accounts(
    State(api): State<Api>,
    caller: Caller,
    Query(query): Query<AskedQuery>,
) -> Outcome<Answer> {
    api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        let mut answer = ledger.key_list(&query.asked())?;
        if sight != Sight::All {
            answer.members.retain(|line| sight.sees(&line.account));
            answer.changes.retain(|line| sight.sees(&line.change.account));
            answer.pins.retain(|line| sight.sees(&line.account));
        }
        Answer::json(&answer)
    })
    .await
}
