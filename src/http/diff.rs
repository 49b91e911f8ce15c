//! Why an account's figures are not what they were, or not what they were known to be.

use axum::extract::State;
use guanxi_projections::measure::Measure;
use guanxi_projections::time::When;
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::Answer;
use super::asked::{AccountPath, KnownQuery};
use super::caller::Caller;
use super::explain::most;
use super::problem::{Outcome, Problem};
use super::query::{self, Query, Word};
use super::{Api, schema, wire};
use crate::ledger::{DiffAsked, LedgerError, Seen};

/// Which two coordinates are compared.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DiffQuery {
    /// The earlier time: a date (its end) or a timestamp. Needed, unless `known_from` is given.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-03-31")]
    from: Option<When>,
    /// The later time. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-06-30")]
    to: Option<When>,
    /// Take each time as it was known then, rather than as known at `known_at`.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    as_seen_then: bool,
    /// Restatement, instead of `from` and `to`: as known at this time.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-04-01")]
    known_from: Option<When>,
    /// Restatement: and as known at this later time. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-07-01T08:00:00Z")]
    known_to: Option<When>,
    /// Restatement: of this time. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-03-31")]
    as_of: Option<When>,
    /// Only these. Default: all.
    #[serde(default, deserialize_with = "query::many")]
    #[param(value_type = Vec<query::MeasureName>, inline, example = json!(["health"]))]
    measure: Vec<Word<Measure>>,
    /// List at most so many events of each part one by one; the others are summed. Default: all.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::Top, inline, example = 5)]
    top: Option<u32>,
}

impl DiffQuery {
    /// What goes together is as on the command line.
    fn diff(&self, known_at: Option<When>) -> Outcome<DiffAsked> {
        let Some(known_from) = self.known_from else {
            refuse(&[("known_to", self.known_to.is_some()), ("as_of", self.as_of.is_some())], "needs")?;
            let missing = || Problem::parameter("from", "a value is missing, unless `known_from` is given");
            let from = self.from.ok_or_else(missing)?;
            let seen = if self.as_seen_then { Seen::Then } else { Seen::Now };
            return Ok(DiffAsked::Moved { from, to: self.to, seen, known_at });
        };
        let others = [
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("as_seen_then", self.as_seen_then),
            ("known_at", known_at.is_some()),
        ];
        refuse(&others, "cannot be given together with")?;
        Ok(DiffAsked::Restated { as_of: self.as_of, known_from, known_to: self.known_to })
    }
}

/// Refuses parameters that were given beside, or without, `known_from`.
fn refuse(given: &[(&str, bool)], how: &str) -> Outcome<()> {
    match given.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(Problem::parameter(name, format!("it {how} `known_from`"))),
        None => Ok(()),
    }
}

/// Why figures changed
///
/// What is new, what faded, what was recorded late or corrected, and what policy, epoch and key list did; the parts sum to
/// the change. With `from` and `to`, how the account moved from one time to another, as known now or as seen then. With
/// `known_from` and `known_to`, how what is known of one time (`as_of`) was restated.
#[utoipa::path(get, path = "/v1/accounts/{account}/diff", tag = "accounts",
    params(("account" = String, Path, description = "The account", example = "acme"), KnownQuery, DiffQuery),
    responses((status = 200, description = "The change, and its reasons", body = wire::Difference)))]
pub(super) async fn diff(
    State(api): State<Api>,
    caller: Caller,
    AccountPath(account): AccountPath,
    Query((known, query)): Query<(KnownQuery, DiffQuery)>,
) -> Outcome<Answer> {
    let asked = known.asked();
    let diff = query.diff(asked.known_at)?;
    api.ask_about(caller, account, move |ledger, account| {
        let (from, to) = ledger.sides(&diff, &asked.policy);
        let measures: Vec<Measure> = query.measure.iter().map(|word| word.0).collect();
        match ledger.diff(account, (&from, &to), &measures, most(query.top)) {
            Err(error @ LedgerError::Backwards) => {
                let earlier = if query.known_from.is_some() { "known_from" } else { "from" };
                Err(Problem::parameter(earlier, error.to_string()))
            }
            answer => Answer::json(&answer?),
        }
    })
    .await
}
