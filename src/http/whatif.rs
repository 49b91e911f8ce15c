//! What an account would be without some of its events, or with some that did not happen.

use axum::extract::State;
use axum::http::StatusCode;
use guanxi_projections::event::revision::Target;
use guanxi_projections::wire::{self as events, Draft};
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Posted, posted};
use super::asked::{AccountPath, AskedQuery};
use super::body::Json;
use super::caller::Caller;
use super::problem::{Kind, Outcome, Problem};
use super::query::Query;
use super::{Api, body, wire};
use crate::ledger::{Refused, SubmitError, WhatIf};

/// The most events that are done without, and the most that are added.
const EVENTS_MAX: usize = 1_000;

/// What is to be imagined.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Imagined {
    #[serde(default, deserialize_with = "body::list")]
    without: Vec<Value>,
    #[serde(default, deserialize_with = "body::list")]
    with: Vec<Value>,
}

impl Imagined {
    fn targets(&self) -> Outcome<Vec<Target>> {
        let target = |(n, named): (usize, &Value)| {
            let wrong = |detail: String| body::invalid(&format!("/without/{n}"), detail);
            if !named.is_object() {
                return Err(wrong("expected an object".to_owned()));
            }
            Target::deserialize(named).map_err(|error| wrong(error.to_string()))
        };
        self.without.iter().enumerate().map(target).collect()
    }

    fn drafts(&self) -> Outcome<Vec<Draft>> {
        if self.without.is_empty() && self.with.is_empty() {
            return Err(body::invalid("", "name events to do without, or events to add"));
        }
        if self.without.len().max(self.with.len()) > EVENTS_MAX {
            let detail = format!("at most {EVENTS_MAX} events are taken away, and at most as many added");
            return Err(Problem::new(Kind::BatchTooLarge, detail).with("events_max", EVENTS_MAX));
        }
        let draft = |(n, event)| {
            events::parse(event)
                .map_err(|rejection| Problem::from(rejection.within(&format!("/with/{n}"))).with("index", n))
        };
        self.with.iter().enumerate().map(draft).collect()
    }
}

/// What if
///
/// What the account would be without some of its events, or with some that did not happen (yet). Nothing is recorded.
/// Added events are judged like appended ones. One may lie in the future: the question is then about its time, unless
/// `as_of` says another.
#[utoipa::path(post, path = "/v1/accounts/{account}/whatif", tag = "accounts",
    params(("account" = String, Path, description = "The account", example = "acme"), AskedQuery),
    request_body(description = "What to imagine", content((wire::Imagined = "application/json"))),
    responses((status = 200, description = "The account as it is, and as it would be", body = wire::WhatIf)))]
pub(super) async fn what_if(
    State(api): State<Api>,
    caller: Caller,
    AccountPath(account): AccountPath,
    Query(query): Query<AskedQuery>,
    Json(imagined): Json<Imagined>,
) -> Outcome<Posted> {
    api.ask_about(caller.clone(), account, move |ledger, account| {
        let with = imagined.drafts()?;
        let what_if = WhatIf { without: imagined.targets()?, with, actor: caller.actor };
        let answer = ledger.what_if(account, &what_if, &query.asked()).map_err(within_body)?;
        posted(StatusCode::OK, &answer)
    })
    .await
}

/// The place of an event that was refused, within the body.
fn within_body(error: SubmitError) -> Problem {
    match error {
        SubmitError::Refused { index, refused: Refused::Rejected(rejection) } => {
            Problem::from(rejection.within(&format!("/with/{index}"))).with("index", index)
        }
        SubmitError::Refused { index, refused } => Problem::from(refused).with("index", index),
        SubmitError::Append(_) | SubmitError::Ledger(_) => error.into(),
    }
}
