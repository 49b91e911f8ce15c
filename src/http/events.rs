//! Events: recording them, reading them, following them.

mod append;
mod lines;
mod stream;

use std::str::FromStr;

use axum::extract::State;
use guanxi_projections::event::EventType;
use guanxi_projections::position::Position;
use guanxi_projections::time::When;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::Api;
use super::answer::Answer;
use super::asked::PositionPath;
use super::caller::Caller;
use super::page::PageLength;
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, AccountName, Nothing, Query};
use super::schema::has_schema;
use super::{schema, wire};
use crate::ledger::EventsAsked;

pub(super) use append::{__path_append, append};
pub(super) use stream::{__path_stream, Growth, stream};

/// Which events a page shall have.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// Only those behind this position: `after` of the page before. Default: from the beginning.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::Place, inline, example = 99)]
    after: Option<u64>,
    /// Only those of this account.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(inline, example = "acme")]
    account: Option<AccountName>,
    /// Only those of these types.
    #[serde(default, rename = "type", deserialize_with = "query::many")]
    #[param(inline, example = json!(["order.placed"]))]
    event_type: Vec<TypeName>,
    /// Only those that occurred at this time or later: a date (its beginning) or a timestamp.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-01-01")]
    from: Option<When>,
    /// Only those that occurred at this time or before: a date (its end) or a timestamp.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-03-31")]
    to: Option<When>,
}

/// An event type in a query.
#[derive(Debug, Clone, Copy)]
struct TypeName(EventType);

has_schema!(TypeName, schema::word(EventType::ALL.iter().map(|event_type| event_type.as_str())));

impl FromStr for TypeName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        EventType::named(text).map(Self).ok_or_else(|| "there is no such event type".to_owned())
    }
}

/// A page of events
///
/// In the order in which they were recorded, with names as far as there are keys. A page of rare events may have few of
/// them, or none, and `more` all the same: go on with `after`.
#[utoipa::path(get, path = "/v1/events", tag = "events", params(PageLength, EventsQuery),
    responses((status = 200, description = "A page of events", body = wire::Events)))]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Query((length, query)): Query<(PageLength, EventsQuery)>,
) -> Outcome<Answer> {
    let limit = length.limit()?;
    api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        if let Some(AccountName(account)) = &query.account {
            sight.must_see(account)?;
        }
        let zone = ledger.zone();
        let begins = |when| match when {
            When::Day(day) => zone.start_of(day),
            When::At(at) => at,
        };
        let asked = EventsAsked {
            from_position: query.after.map_or(Position(0), |after| Position(after).next()),
            limit,
            account: query.account.map(|name| name.0),
            types: query.event_type.iter().map(|name| name.0).collect(),
            from: query.from.map(begins),
            to: query.to.map(|to| to.instant(zone)),
        };
        let page = ledger.events(&asked)?;
        let seen = page.events.into_iter().filter(|event| sight.sees(&event.account));
        let events: Vec<_> = seen.map(|event| event.json).collect();
        let after = page.next.0.checked_sub(1);
        Answer::json(&json!({ "events": events, "after": after, "more": page.more }))
    })
    .await
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it documents what PositionPath reads")]
struct EventPath {
    /// Its place in the log.
    #[param(value_type = schema::Place, inline, example = 0)]
    position: u64,
}

/// Show one event
///
/// As it was recorded, with names as far as there are keys.
#[utoipa::path(get, path = "/v1/events/{position}", tag = "events",
    params(EventPath),
    responses((status = 200, description = "The event", body = wire::RecordedEvent)))]
pub(super) async fn show(
    State(api): State<Api>,
    caller: Caller,
    PositionPath(position): PositionPath,
    Query(Nothing {}): Query<Nothing>,
) -> Outcome<Answer> {
    api.ask(move |ledger, sights| {
        let event = ledger.event(position)?.ok_or_else(|| {
            Problem::new(Kind::EventUnknown, format!("there is no event at position {position}"))
        })?;
        sights.of(&caller, ledger)?.must_see(&event.account)?;
        Answer::json(&event.json)
    })
    .await
}
