//! All accounts as a whole: at a time, over time, and between two times. Whoever has a scope sees the portfolio of the
//! accounts in it, as if there were no others.

use std::ops::ControlFlow;

use axum::extract::State;
use guanxi_projections::time::When;
use guanxi_projections::trend::points;
use serde::Deserialize;
use utoipa::IntoParams;

use super::account::TrendQuery;
use super::answer::Answer;
use super::asked::{AskedQuery, KnownQuery};
use super::caller::Caller;
use super::filter::FilterQuery;
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, Query};
use super::{Api, schema, wire};
use crate::ledger::{AccountFilter, Ledger, MovementAsked, Seen, TrendAsked};

/// The most points of a trend: three years of days.
const POINTS_MAX: usize = 1_100;
/// The same where each is read as it was known then, and so folds everything anew: ten years of months.
const POINTS_THEN_MAX: usize = 120;
/// Seconds of a day.
const DAY_S: f64 = 86_400.0;

/// The portfolio
///
/// Stages, importance against coverage, the whole ranking, who is at risk, who carries what, and what effort brings, at any
/// point in time. With filters the counts are of the accounts that they leave; ranks, percentiles and shares stay those
/// among all.
///
/// For a token with a scope the portfolio is that of the accounts in the scope, as if there were no others: all counts,
/// totals, ranks, percentiles and shares are among these, and groups end where the scope does.
#[utoipa::path(get, path = "/v1/portfolio", tag = "portfolio", params(AskedQuery, FilterQuery),
    responses((status = 200, description = "The portfolio", body = wire::Portfolio)))]
pub(super) async fn show(
    State(api): State<Api>,
    caller: Caller,
    Query((asked, filter)): Query<(AskedQuery, FilterQuery)>,
) -> Outcome<Answer> {
    let filter = filter.filter()?;
    api.ask(move |ledger, sights| {
        let filter = AccountFilter { within: sights.of(&caller, ledger)?, ..filter };
        Ok(Answer::text(ledger.to_json(&ledger.portfolio(&asked.asked(), &filter, |_, _| ())?)?))
    })
    .await
}

/// The portfolio over time
///
/// How many accounts there were in each stage, colour and quadrant, and the means of the measures asked for, at the end of
/// each day, week or month: at most 1,100 points, or 120 of which each is read as it was known then.
///
/// For a token with a scope the counts and means are those of the accounts in the scope.
#[utoipa::path(get, path = "/v1/portfolio/trend", tag = "portfolio", params(KnownQuery, TrendQuery),
    responses((status = 200, description = "Its trend", body = wire::PortfolioTrend)))]
pub(super) async fn trend(
    State(api): State<Api>,
    caller: Caller,
    Query((known, query)): Query<(KnownQuery, TrendQuery)>,
) -> Outcome<Answer> {
    let time = api.limits().query_time;
    api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        let asked = known.asked();
        let trend = query.trend(ledger)?;
        check_points(&trend, ledger)?;
        // Nobody waits for it longer, and others wait for its turn.
        let end = ledger.now().plus_days(time.as_secs_f64() / DAY_S);
        let hear = |_, _| if ledger.now() < end { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        Answer::json(&ledger.portfolio_trend(&trend, &sight, &asked, hear)?)
    })
    .await
}

/// Each point is about every account, so that there may be fewer of them than of the trend of one.
fn check_points(trend: &TrendAsked, ledger: &Ledger) -> Outcome<()> {
    let most = match trend.seen {
        Seen::Now => POINTS_MAX,
        Seen::Then => POINTS_THEN_MAX,
    };
    if points(trend.from, trend.to, trend.every, ledger.zone()).take(most + 1).count() <= most {
        return Ok(());
    }
    let detail = format!("the trend has at most {most} points: ask for a shorter time or wider steps");
    Err(Problem::new(Kind::TooManyPoints, detail).with("points_max", most))
}

/// Between which two times accounts are compared.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MovementQuery {
    /// The first time: a date (its end, in the ledger's zone) or a timestamp.
    #[serde(deserialize_with = "query::one")]
    #[param(value_type = schema::When, inline, example = "2026-03-31")]
    from: When,
    /// The second. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-06-30")]
    to: Option<When>,
    /// Read each time as it was known then, rather than as known at `known_at`.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    as_seen_then: bool,
}

/// Who moved
///
/// The accounts that stand elsewhere at the second time than at the first: stage, colour, quadrant, rank and key list, each
/// with what moved it.
///
/// For a token with a scope these are accounts in the scope, and ranks are among them.
#[utoipa::path(get, path = "/v1/portfolio/movement", tag = "portfolio", params(KnownQuery, MovementQuery),
    responses((status = 200, description = "The accounts that moved", body = wire::Movement)))]
pub(super) async fn movement(
    State(api): State<Api>,
    caller: Caller,
    Query((known, query)): Query<(KnownQuery, MovementQuery)>,
) -> Outcome<Answer> {
    api.ask(move |ledger, sights| {
        let movement = MovementAsked {
            from: query.from,
            to: query.to.unwrap_or_else(|| When::At(ledger.now())),
            seen: if query.as_seen_then { Seen::Then } else { Seen::Now },
            within: sights.of(&caller, ledger)?,
        };
        let answer = ledger.movement(&movement, &known.asked(), |_, _| ControlFlow::Continue(()))?;
        Ok(Answer::text(ledger.to_json(&answer)?))
    })
    .await
}
