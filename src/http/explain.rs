//! Why a figure of an account, or its stage, is what it is.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use guanxi_projections::id::AccountId;
use guanxi_projections::measure::Measure;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Api;
use super::answer::Answer;
use super::asked::AskedQuery;
use super::caller::Caller;
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, Query};
use super::schema::has_schema;
use super::{schema, wire};

/// How the stage is asked about, beside the measures.
const STAGE: &str = "stage";

/// What is to be explained.
#[derive(Debug, Clone, Copy)]
enum Subject {
    Stage,
    Figure(Measure),
}

/// The account and the measure named by the path.
#[derive(Debug, Clone)]
pub(super) struct ExplainPath {
    account: AccountId,
    subject: Subject,
}

fn subjects() -> impl Iterator<Item = &'static str> {
    std::iter::once(STAGE).chain(Measure::ALL.map(Measure::as_str))
}

impl<S: Send + Sync> FromRequestParts<S> for ExplainPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await;
        let axum::extract::Path((account, name)) =
            path.map_err(|rejection| Problem::new(Kind::BadRequest, rejection.body_text()))?;
        let measure = Measure::ALL.into_iter().find(|measure| measure.as_str() == name);
        let subject = match measure {
            Some(measure) => Subject::Figure(measure),
            None if name == STAGE => Subject::Stage,
            None => {
                let names: Vec<_> = subjects().collect();
                let detail = format!("there is no such measure; those there are: {}", names.join(", "));
                return Err(Problem::new(Kind::NotFound, detail));
            }
        };
        let account = AccountId::customer(account).map_err(|error| {
            Problem::new(Kind::AccountUnknown, format!("there is no such account: the id {error}"))
        })?;
        Ok(Self { account, subject })
    }
}

/// Stands for the schema of such a name.
struct SubjectName;

has_schema!(SubjectName, schema::word(subjects()));

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it documents what ExplainPath reads")]
struct ExplainParams {
    /// The account.
    #[param(example = "acme")]
    account: String,
    /// What to explain: the stage, health, score, outlook, a dimension, exposure or confidence.
    #[param(value_type = SubjectName, inline, example = "health")]
    measure: String,
}

/// How the reasons are asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExplainQuery {
    /// List at most so many events one by one, those that matter most; the others are summed. Default: all. The
    /// reasons for a stage are few, and listed all.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::Top, inline, example = 5)]
    top: Option<u32>,
}

/// The most events that are listed one by one, as an answer to `top`; `None` asks for all.
pub(super) fn most(top: Option<u32>) -> usize {
    top.and_then(|top| usize::try_from(top).ok()).unwrap_or(usize::MAX)
}

/// Why a figure is what it is
///
/// What each event adds to the figure or takes from it: the baseline, all points, those of the rest included, and the
/// residual sum to the value. Of the stage: every transition with the event behind it, and what decides now.
#[utoipa::path(get, path = "/v1/accounts/{account}/explain/{measure}", tag = "accounts",
    params(ExplainParams, AskedQuery, ExplainQuery),
    responses((status = 200, description = "The reasons", body = wire::Explained)))]
pub(super) async fn explain(
    State(api): State<Api>,
    caller: Caller,
    ExplainPath { account, subject }: ExplainPath,
    Query((asked, query)): Query<(AskedQuery, ExplainQuery)>,
) -> Outcome<Answer> {
    api.ask_about(caller, account, move |ledger, account| {
        let asked = asked.asked();
        match subject {
            Subject::Stage => Answer::json(&ledger.explain_stage(account, &asked)?),
            Subject::Figure(measure) => {
                Answer::json(&ledger.explain(account, measure, &asked, most(query.top))?)
            }
        }
    })
    .await
}
