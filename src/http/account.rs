//! One account: the whole of it, its history, its trend and its lists.

use std::ops::ControlFlow;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use guanxi_projections::account::AccountView;
use guanxi_projections::id::AccountId;
use guanxi_projections::list::List;
use guanxi_projections::measure::Measure;
use guanxi_projections::time::{Day, When};
use guanxi_projections::trend::Every;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Api;
use super::answer::{Answer, Keeping};
use super::asked::{AccountPath, AskedQuery, KnownQuery, keeping, kept_as_known};
use super::caller::Caller;
use super::kept::{Key, Written};
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, Query, Word};
use super::schema::has_schema;
use super::{schema, wire};
use crate::ledger::{Asked, Ledger, Seen, Sight, TrendAsked};

/// Show one account
///
/// Stage, health, score, outlook and everything beside them, at any point in time, as known at any point in time. The
/// header `Stream-Length` says how many events the account has now, for `If-Match` on an append.
#[utoipa::path(get, path = "/v1/accounts/{account}", tag = "accounts",
    params(("account" = String, Path, description = "The account", example = "acme"), AskedQuery),
    responses((status = 200, description = "The account", body = wire::Account,
        headers(("stream-length" = u64, description = "How many events the account has now")))))]
pub(super) async fn show(
    State(api): State<Api>,
    caller: Caller,
    AccountPath(account): AccountPath,
    Query(query): Query<AskedQuery>,
) -> Outcome<Answer> {
    let asked = query.asked();
    // Counted before K is clamped: an answer with what came between is not kept under the number of what came before.
    let events = api.ledger().head().count;
    let (as_of, known_at) = api.ledger().instants(&asked);
    let at = Asked {
        as_of: Some(When::At(as_of)),
        known_at: Some(When::At(known_at)),
        policy: asked.policy.clone(),
    };
    let named = account.clone();
    let sees_all = caller.sees_all();
    let write = api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        sight.must_see(&named)?;
        written(ledger, &named, &at, &sight)
    });
    let written = if sees_all {
        let key = Key { account, as_of, known_at, policy: query.policy() };
        api.kept().get(events, key, write).await?
    } else {
        write.await?
    };
    let keeping =
        if written.nameless { kept_as_known(api.ledger(), &asked, known_at) } else { Keeping::Revalidate };
    Ok(written.answer.kept(keeping))
}

/// The answer about an account to whoever has this sight.
fn written(ledger: &Ledger, account: &AccountId, asked: &Asked, sight: &Sight) -> Outcome<Written> {
    let mut answer = ledger.account(account, asked)?;
    hide_others(&mut answer.view, sight);
    let nameless = answer.owner.is_none() && answer.view.anomalies.is_empty();
    let length = ledger.stream_length(account);
    Ok(Written { answer: Answer::text(ledger.to_json(&answer)?).with_stream_length(length), nameless })
}

/// Takes out the ids of accounts that this one names and the caller may not see.
fn hide_others(view: &mut AccountView, sight: &Sight) {
    for named in [&mut view.profile.parent, &mut view.merged_into] {
        *named = named.take().filter(|account| sight.sees(account));
    }
}

/// What happened to an account
///
/// Its events in the order in which they happened, what was corrected or retracted visibly so.
#[utoipa::path(get, path = "/v1/accounts/{account}/history", tag = "accounts",
    params(("account" = String, Path, description = "The account", example = "acme"), AskedQuery),
    responses((status = 200, description = "Its history", body = wire::History)))]
pub(super) async fn history(
    State(api): State<Api>,
    caller: Caller,
    AccountPath(account): AccountPath,
    Query(query): Query<AskedQuery>,
) -> Outcome<Answer> {
    api.ask_about(caller, account, move |ledger, account| {
        Answer::json(&ledger.history(account, &query.asked())?)
    })
    .await
}

/// The list named by the path.
#[derive(Debug, Clone)]
pub(super) struct ListPath {
    account: AccountId,
    list: List,
}

impl<S: Send + Sync> FromRequestParts<S> for ListPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await;
        let axum::extract::Path((account, list)) =
            path.map_err(|rejection| Problem::new(Kind::BadRequest, rejection.body_text()))?;
        let known = List::ALL.into_iter().find(|known| known.as_str() == list);
        let list = known.ok_or_else(|| {
            let names = List::ALL.map(List::as_str).join(", ");
            Problem::new(Kind::NotFound, format!("there is no such list; those there are: {names}"))
        })?;
        let account = AccountId::customer(account).map_err(|error| {
            Problem::new(Kind::AccountUnknown, format!("there is no such account: the id {error}"))
        })?;
        Ok(Self { account, list })
    }
}

/// Stands for the schema of the name of a list.
struct ListName;

has_schema!(ListName, schema::word(List::ALL.map(List::as_str)));

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it documents what ListPath reads")]
struct ListParams {
    /// The account.
    #[param(example = "acme")]
    account: String,
    /// Which list.
    #[param(value_type = ListName, inline, example = "commitments")]
    list: String,
}

/// A list of an account
///
/// What is kept of it line by line, each line with the events behind it: promises and concessions of both sides, bids,
/// opportunities, contracts, deliveries, issues, receivables, contacts, team, needs, projects, plan, adjustments, process,
/// balance, value and hospitality.
#[utoipa::path(get, path = "/v1/accounts/{account}/{list}", tag = "accounts", params(ListParams, AskedQuery),
    responses((status = 200, description = "The list", body = wire::Lines)))]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    ListPath { account, list }: ListPath,
    Query(query): Query<AskedQuery>,
) -> Outcome<Answer> {
    api.ask_about(caller, account, move |ledger, account| {
        Answer::json(&ledger.list(account, list, &query.asked())?)
    })
    .await
}

/// What a trend is asked over.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TrendQuery {
    /// The first day. Default: a year before `to`.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::Date, inline, example = "2025-12-31")]
    from: Option<Day>,
    /// The last day. Default: today.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::Date, inline, example = "2026-06-30")]
    to: Option<Day>,
    /// How far the points lie apart. Default: `month`.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<query::EveryName>, inline, example = "month")]
    every: Option<Word<Every>>,
    /// What to read. Default: health, score and outlook.
    #[serde(default, deserialize_with = "query::many")]
    #[param(value_type = Vec<query::MeasureName>, inline, example = json!(["health", "score"]))]
    measure: Vec<Word<Measure>>,
    /// Read each point as it was known at its own time, rather than as known at `known_at`.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    as_seen_then: bool,
}

impl TrendQuery {
    /// What it leaves out is as on the command line.
    pub(super) fn trend(&self, ledger: &Ledger) -> Outcome<TrendAsked> {
        let to = self.to.unwrap_or_else(|| ledger.zone().day_of(ledger.now()));
        let year_before = || to.date().checked_sub_months(chrono::Months::new(12)).map_or(to, Day::new);
        let from = self.from.unwrap_or_else(year_before);
        if from > to {
            return Err(Problem::parameter("from", format!("{from} comes after {to}")));
        }
        let mut measures: Vec<Measure> = self.measure.iter().map(|word| word.0).collect();
        if measures.is_empty() {
            measures = vec![Measure::Health, Measure::Score, Measure::Outlook];
        }
        Ok(TrendAsked {
            from,
            to,
            every: self.every.map_or(Every::Month, |word| word.0),
            measures,
            seen: if self.as_seen_then { Seen::Then } else { Seen::Now },
        })
    }
}

/// An account's figures over time
///
/// The stage and the measures asked for, at the end of each day, week or month.
#[utoipa::path(get, path = "/v1/accounts/{account}/trend", tag = "accounts",
    params(("account" = String, Path, description = "The account", example = "acme"), KnownQuery, TrendQuery),
    responses((status = 200, description = "Its trend", body = wire::Trend)))]
pub(super) async fn trend(
    State(api): State<Api>,
    caller: Caller,
    AccountPath(account): AccountPath,
    Query((known, query)): Query<(KnownQuery, TrendQuery)>,
) -> Outcome<Answer> {
    api.ask_about(caller, account, move |ledger, account| {
        let mut asked = known.asked();
        let goes_on = |_, _| ControlFlow::Continue(());
        let answer = ledger.trend(account, &query.trend(ledger)?, &asked, goes_on)?;
        let last = answer.points.last().map(|point| point.coordinates);
        asked.as_of = query.to.map(When::Day);
        let keeping = last.map_or(Keeping::Revalidate, |last| keeping(ledger, &asked, &last));
        Ok(Answer::json(&answer)?.kept(keeping))
    })
    .await
}
