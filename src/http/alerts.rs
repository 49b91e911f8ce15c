//! What needs attention, since when and why.

use axum::extract::State;
use guanxi_projections::alerts::{AlertKind, Severity};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::Answer;
use super::asked::AskedQuery;
use super::caller::Caller;
use super::problem::{Outcome, Problem};
use super::query::{self, AccountName, AliasName, Query, Word};
use super::{Api, wire};
use crate::ledger::{AlertFilter, Sight};

/// The most alerts that can be asked for; without a limit there are all.
const LIMIT_MAX: usize = 10_000;

/// Which alerts are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AlertsQuery {
    /// Only about these accounts.
    #[serde(default, deserialize_with = "query::many")]
    #[param(inline, example = json!(["acme"]))]
    account: Vec<AccountName>,
    /// Only about accounts that this person answers for.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(inline, example = "anna")]
    owner: Option<AliasName>,
    /// Only about key accounts.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    key: bool,
    /// Only those at least this pressing.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<query::SeverityName>, inline, example = "medium")]
    severity: Option<Word<Severity>>,
    /// Only of these kinds.
    #[serde(default, deserialize_with = "query::many")]
    #[param(value_type = Vec<query::AlertKindName>, inline, example = json!(["promise_overdue"]))]
    kind: Vec<Word<AlertKind>>,
    /// At most so many. Default: all.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 10000, example = 20)]
    limit: Option<u32>,
}

impl AlertsQuery {
    fn limit(&self) -> Outcome<Option<usize>> {
        match self.limit.map(usize::try_from) {
            None => Ok(None),
            Some(Ok(limit @ 1..=LIMIT_MAX)) => Ok(Some(limit)),
            Some(_) => Err(Problem::parameter("limit", format!("expected 1 to {LIMIT_MAX}"))),
        }
    }

    fn filter(self, within: Sight, limit: Option<usize>) -> Outcome<AlertFilter> {
        let accounts: Vec<_> = self.account.into_iter().map(|name| name.0).collect();
        accounts.iter().try_for_each(|account| within.must_see(account))?;
        Ok(AlertFilter {
            within,
            accounts,
            owner: self.owner.map(|name| name.0),
            severity: self.severity.map(|word| word.0),
            kinds: self.kind.iter().map(|word| word.0).collect(),
            key: self.key,
            limit,
        })
    }
}

/// What needs attention
///
/// The most pressing first, then the oldest. Dated alerts (promises, contracts, receivables, changes of stage and of the
/// key list) stand from their date; alerts on figures that change from day to day are tested at midnight in the ledger's
/// zone.
///
/// For a token with a scope these are the alerts of the accounts in the scope.
#[utoipa::path(get, path = "/v1/alerts", tag = "portfolio", params(AskedQuery, AlertsQuery),
    responses((status = 200, description = "The alerts", body = wire::Alerts)))]
pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Query((asked, query)): Query<(AskedQuery, AlertsQuery)>,
) -> Outcome<Answer> {
    let limit = query.limit()?;
    api.ask(move |ledger, sights| {
        let filter = query.filter(sights.of(&caller, ledger)?, limit)?;
        Ok(Answer::text(ledger.to_json(&ledger.alerts(&asked.asked(), &filter, |_, _| ())?)?))
    })
    .await
}
