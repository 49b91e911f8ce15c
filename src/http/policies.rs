//! The policies: every weight, half-life and threshold, and when each was adopted.

use std::str::FromStr;

use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use guanxi_projections::policy::{DEFAULT_TOML, Policy};
use guanxi_projections::text::{Label, POLICY_TEXT_BYTES_MAX};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{Answer, Posted, posted};
use super::asked::{AsOf, KnownAt, PolicyWord, asked};
use super::caller::Caller;
use super::error::of_own;
use super::problem::{Kind, Outcome, Problem};
use super::query::{self, Query};
use super::schema::has_schema;
use super::{Api, body, schema, wire};

/// Bytes of a policy that is sent: those that can be kept, and room for the white space of JSON.
const BYTES_MAX: usize = 2 * POLICY_TEXT_BYTES_MAX;

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
    #[param(value_type = schema::PolicyName, inline, example = "current")]
    policy: String,
}

/// The policies
///
/// Who adopted which when and why, in the order in which they came into force. Before the first adoption the program's own
/// is in force, as version 1.
#[utoipa::path(get, path = "/v1/policies", tag = "policies", params(KnownAt),
    responses((status = 200, description = "What was adopted", body = wire::Policies)))]
pub(super) async fn list(
    State(api): State<Api>,
    Query(KnownAt { known_at }): Query<KnownAt>,
) -> Outcome<Answer> {
    api.ask(move |ledger, _| Answer::json(&ledger.policies(known_at)?)).await
}

/// Why a policy is adopted.
#[derive(Debug, Clone)]
struct Reason(Label);

has_schema!(Reason, schema::label());

impl FromStr for Reason {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Label::new(text).map(Self).map_err(|error| format!("the reason {error}"))
    }
}

/// How a policy is to be adopted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AdoptionQuery {
    /// Why. Needed, unless it is a dry run.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(inline, example = "a quarter of the accounts are key accounts from now on")]
    reason: Option<Reason>,
    /// Only tell what it would change; nothing is recorded.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    dry_run: bool,
}

/// A policy with its text.
#[derive(Debug)]
pub(super) struct PolicyBody {
    text: String,
    policy: Policy,
}

impl FromRequest<Api> for PolicyBody {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let media_type = body::media_type(request.headers())?;
        let is_json = match media_type.as_str() {
            "application/toml" => false,
            "application/json" => true,
            _ => return Err(body::not_taken(&media_type)),
        };
        let limits = api.limits();
        let bytes = body::whole(request, limits.body_bytes.min(BYTES_MAX), limits.header_time).await?;
        let text = if is_json {
            in_toml(&bytes)?
        } else {
            let not_utf8 = |_| Problem::new(Kind::InvalidPolicy, "the policy is not text in UTF-8");
            String::from_utf8(bytes.into()).map_err(not_utf8)?
        };
        match Policy::from_toml(&text) {
            Ok(policy) => Ok(Self { text, policy }),
            // Of a text that was made from JSON nobody has seen the lines.
            Err(error) => Err(match error.line(&text).filter(|_| !is_json) {
                Some(line) => Problem::from(error).with("line", line),
                None => error.into(),
            }),
        }
    }
}

/// The text of a policy that was sent as JSON.
fn in_toml(body: &[u8]) -> Outcome<String> {
    let given = guanxi_projections::wire::read(body, body.len())?;
    toml::to_string(&given).map_err(|error| {
        Problem::new(Kind::InvalidPolicy, format!("the policy is not one that TOML could say: {error}"))
    })
}

/// Adopt a policy
///
/// The policy is in force from now on, and takes the next number, whatever number it says. The body is the whole policy: its
/// TOML text, which is kept as it is, comments included; or JSON, as `GET /v1/policies/{policy}` gives it. It is for
/// managers and admins, and for no token with a scope.
#[utoipa::path(post, path = "/v1/policies", tag = "policies", params(AdoptionQuery),
    request_body(description = "The policy", content(
        (String = "application/toml", example = json!(DEFAULT_TOML)),
        (wire::AnyObject = "application/json", example = json!(Policy::default_policy())))),
    responses(
        (status = 200, description = "What adopting it would do, of a dry run", body = wire::PolicyEffect),
        (status = 201, description = "Adopted, durably", body = wire::Adopted,
            headers(("location" = String, description = "The policy")))))]
pub(super) async fn adopt(
    State(api): State<Api>,
    caller: Caller,
    Query(query): Query<AdoptionQuery>,
    PolicyBody { text, policy }: PolicyBody,
) -> Outcome<Posted> {
    if query.dry_run {
        return api
            .ask(move |ledger, sights| {
                sights.of(&caller, ledger)?.must_see_all()?;
                posted(StatusCode::OK, &ledger.preview_policy(&policy, |_, _| ())?)
            })
            .await;
    }
    let missing = || Problem::parameter("reason", "a value is missing, unless it is a dry run");
    let Reason(reason) = query.reason.ok_or_else(missing)?;
    api.record(move |ledger, sights| {
        sights.of(&caller, ledger)?.must_see_all()?;
        let adopted = ledger.adopt(&caller.actor, (&text, &policy), reason).map_err(of_own)?;
        Ok(posted(StatusCode::CREATED, &adopted)?.at(&format!("/v1/policies/{}", adopted.version)))
    })
    .await
}

/// Show a policy
///
/// Every weight, half-life and threshold of it.
#[utoipa::path(get, path = "/v1/policies/{policy}", tag = "policies", params(PolicyParams, AsOf, KnownAt),
    responses((status = 200, description = "The policy", body = wire::AnyObject)))]
pub(super) async fn show(
    State(api): State<Api>,
    PolicyPath(policy): PolicyPath,
    Query((AsOf { as_of }, KnownAt { known_at })): Query<(AsOf, KnownAt)>,
) -> Outcome<Answer> {
    api.ask(move |ledger, _| Answer::json(&ledger.policy(&asked(as_of, known_at, Some(policy)))?)).await
}
