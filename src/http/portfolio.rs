//! All accounts as a whole: at a time, over time, and between two times. Whoever has a scope sees the portfolio of the
//! accounts in it, as if there were no others.

use std::ops::ControlFlow;

use axum::extract::State;
use guanxi_projections::health::Colour;
use guanxi_projections::quadrant::Quadrant;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::When;
use guanxi_projections::trend::points;
use serde::Deserialize;
use utoipa::IntoParams;

use super::account::TrendQuery;
use super::accounts::{colours, quadrants, stages};
use super::answer::Answer;
use super::asked::{PolicyWord, asked};
use super::caller::Caller;
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, AliasName, Query, Word};
use super::{Api, schema, wire};
use crate::ledger::{AccountFilter, Ledger, MovementAsked, Seen, Sight, TrendAsked};

/// The most points of a trend: three years of days.
const POINTS_MAX: usize = 1_100;
/// The same where each is read as it was known then, and so folds everything anew: ten years of months.
const POINTS_THEN_MAX: usize = 120;
/// Seconds of a day.
const DAY_S: f64 = 86_400.0;

/// What is asked of the portfolio.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PortfolioQuery {
    /// What was the case at this time: a date (its end, in the ledger's zone) or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::when, example = "2026-06-30")]
    as_of: Option<When>,
    /// As far as it was recorded by this time: a date or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::when, example = "2026-07-01T08:00:00Z")]
    known_at: Option<When>,
    /// Which policy the figures follow: `current`, `then` or the number of an adopted one. Default: `current`.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::policy, example = "current")]
    policy: Option<PolicyWord>,
    /// Only accounts in these stages.
    #[serde(default, deserialize_with = "query::many")]
    #[param(schema_with = stages, example = json!(["growth"]))]
    stage: Vec<Word<Stage>>,
    /// Only accounts whose health has these colours.
    #[serde(default, deserialize_with = "query::many")]
    #[param(schema_with = colours, example = json!(["red"]))]
    colour: Vec<Word<Colour>>,
    /// Only accounts in these quadrants.
    #[serde(default, deserialize_with = "query::many")]
    #[param(schema_with = quadrants)]
    quadrant: Vec<Word<Quadrant>>,
    /// Only accounts that this person answers for.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::id)]
    owner: Option<AliasName>,
    /// Only accounts that nobody answers for.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    no_owner: bool,
    /// Only key accounts.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    key: bool,
    /// Only accounts with at least this score.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<f64>, minimum = 0, maximum = 100)]
    min_score: Option<f64>,
}

impl PortfolioQuery {
    fn check(&self) -> Outcome<()> {
        if self.owner.is_some() && self.no_owner {
            return Err(Problem::parameter("no_owner", "it cannot be given together with `owner`"));
        }
        if self.min_score.is_some_and(|score| !(0.0..=100.0).contains(&score)) {
            return Err(Problem::parameter("min_score", "expected 0 to 100"));
        }
        Ok(())
    }

    fn filter(self, within: Sight) -> AccountFilter {
        AccountFilter {
            within,
            stages: self.stage.iter().map(|word| word.0).collect(),
            colours: self.colour.iter().map(|word| word.0).collect(),
            quadrants: self.quadrant.iter().map(|word| word.0).collect(),
            owner: self.owner.map(|name| name.0),
            unowned: self.no_owner,
            key: self.key,
            score_min: self.min_score,
        }
    }
}

/// The portfolio
///
/// Stages, importance against coverage, the whole ranking, who is at risk, who carries what, and what effort brings, at any
/// point in time. With filters the counts are of the accounts that they leave; ranks, percentiles and shares stay those
/// among all.
///
/// For a token with a scope the portfolio is that of the accounts in the scope, as if there were no others: all counts,
/// totals, ranks, percentiles and shares are among these, and groups end where the scope does.
#[utoipa::path(get, path = "/v1/portfolio", tag = "portfolio", params(PortfolioQuery),
    responses((status = 200, description = "The portfolio", body = wire::Portfolio)))]
pub(super) async fn show(
    State(api): State<Api>,
    caller: Caller,
    Query(query): Query<PortfolioQuery>,
) -> Outcome<Answer> {
    query.check()?;
    api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        let asked = asked(query.as_of, query.known_at, query.policy);
        Answer::json(&ledger.portfolio(&asked, &query.filter(sight), |_, _| ())?.json)
    })
    .await
}

/// The portfolio over time
///
/// How many accounts there were in each stage, colour and quadrant, and the means of the measures asked for, at the end of
/// each day, week or month: at most 1,100 points, or 120 of which each is read as it was known then.
///
/// For a token with a scope the counts and means are those of the accounts in the scope.
#[utoipa::path(get, path = "/v1/portfolio/trend", tag = "portfolio", params(TrendQuery),
    responses((status = 200, description = "Its trend", body = wire::PortfolioTrend)))]
pub(super) async fn trend(
    State(api): State<Api>,
    caller: Caller,
    Query(query): Query<TrendQuery>,
) -> Outcome<Answer> {
    let time = api.limits().query_time;
    api.ask(move |ledger, sights| {
        let sight = sights.of(&caller, ledger)?;
        let asked = asked(None, query.known_at, query.policy);
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
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MovementQuery {
    /// The first time: a date (its end, in the ledger's zone) or a timestamp.
    #[serde(deserialize_with = "query::one")]
    #[param(value_type = schema::WhenText, inline, example = "2026-03-31")]
    from: When,
    /// The second. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::when, example = "2026-06-30")]
    to: Option<When>,
    /// Read each time as it was known then, rather than as known at `known_at`.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    as_seen_then: bool,
    /// As far as it was recorded by this time: a date or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::when, example = "2026-07-01T08:00:00Z")]
    known_at: Option<When>,
    /// Which policy the figures follow: `current`, `then` or the number of an adopted one. Default: `current`.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(schema_with = schema::policy, example = "current")]
    policy: Option<PolicyWord>,
}

/// Who moved
///
/// The accounts that stand elsewhere at the second time than at the first: stage, colour, quadrant, rank and key list, each
/// with what moved it.
///
/// For a token with a scope these are accounts in the scope, and ranks are among them.
#[utoipa::path(get, path = "/v1/portfolio/movement", tag = "portfolio", params(MovementQuery),
    responses((status = 200, description = "The accounts that moved", body = wire::Movement)))]
pub(super) async fn movement(
    State(api): State<Api>,
    caller: Caller,
    Query(query): Query<MovementQuery>,
) -> Outcome<Answer> {
    api.ask(move |ledger, sights| {
        let movement = MovementAsked {
            from: query.from,
            to: query.to.unwrap_or_else(|| When::At(ledger.now())),
            seen: if query.as_seen_then { Seen::Then } else { Seen::Now },
            within: sights.of(&caller, ledger)?,
        };
        let asked = asked(None, query.known_at, query.policy);
        Answer::json(&ledger.movement(&movement, &asked)?.json)
    })
    .await
}
