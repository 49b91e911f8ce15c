//! The description of the interface, `OpenAPI` 3.1, made from the handlers; what every operation has in common is put
//! in here once.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::json;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Info, License, OpenApi, OpenApiBuilder, Ref, RefOr, Tag};
use utoipa_swagger_ui::Config;

use super::Api;
use super::permission::{Need, need};
use super::problem::{Kind, MEDIA_TYPE, Outcome, PAGES, Problem};

const DESCRIPTION: &str = "An event-sourced ledger of account relationships. Whatever happens between a company and its \
    customers is appended as an event that nobody can change; what an account was is folded from its events, at any time \
    (`as_of`), as known at any time (`known_at`). Every failure is a problem after RFC 9457; its `type` is a page under \
    [/problems](/problems).";

/// The document before there are any operations.
pub(super) fn bare() -> OpenApi {
    let mut info = Info::new("guanxi", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    info.license = Some(License::new("MIT OR Apache-2.0"));
    let tags = [
        ("events", "Recording, reading and following events"),
        ("accounts", "What accounts are, at any point in time"),
        ("portfolio", "All accounts as a whole, and what needs attention"),
        ("reviews", "Who is a key account, and by which rule"),
        ("policies", "Every weight, half-life and threshold"),
        ("jobs", "Work that takes longer than a question may"),
        ("operation", "For whoever runs the server"),
    ];
    let tags = tags.map(|(name, about)| {
        let mut tag = Tag::new(name);
        tag.description = Some(about.to_owned());
        tag
    });
    OpenApiBuilder::new().info(info).tags(Some(tags)).build()
}

/// Adds to every operation what all have in common: the problems it may answer with. What a token is, is said as well;
/// who needs one, see [`guard`].
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    let (name, schema) = ("Problem", <super::wire::ProblemShape as utoipa::PartialSchema>::schema());
    components.schemas.insert(name.to_owned(), schema);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            describe(path, method, operation);
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [("get", item.get.as_mut()), ("post", item.post.as_mut())]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation?)))
}

fn describe(path: &str, method: &str, operation: &mut Operation) {
    let mut statuses: Vec<_> =
        Kind::ALL.iter().filter(|kind| may_answer(**kind, path, method)).map(|kind| kind.status()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    for status in statuses {
        let kinds: Vec<_> = Kind::ALL
            .iter()
            .copied()
            .filter(|kind| kind.status() == status && may_answer(*kind, path, method))
            .collect();
        operation.responses.responses.insert(status.as_str().to_owned(), response(&kinds));
    }
    if path.starts_with("/v1/") {
        let unchanged =
            ResponseBuilder::new().description("The answer that `If-None-Match` names is still right");
        if method == "get" && !path.ends_with("/stream") {
            operation.responses.responses.insert("304".to_owned(), RefOr::T(unchanged.build()));
        }
    }
}

/// Whether an operation may answer with a kind of problem.
fn may_answer(kind: Kind, path: &str, method: &str) -> bool {
    let asks = path.starts_with("/v1/");
    let posts = method == "post";
    let appends = posts && path == "/v1/events";
    let imagines = path.ends_with("/whatif");
    let starts = matches!(path, "/v1/backtests" | "/v1/calibrations");
    let (adopts, holds) = (posts && path == "/v1/policies", posts && path == "/v1/reviews");
    match kind {
        Kind::NotFound => path.contains("{list}") || path.contains("{measure}"),
        Kind::AccountUnknown => path.contains("{account}") || path == "/v1/alerts",
        Kind::EventUnknown => path.contains("{position}") || imagines,
        Kind::PolicyUnknown => names_policy(path, method) || starts,
        Kind::JobUnknown | Kind::JobGone => path.contains("{job}"),
        Kind::TooManyJobs => starts,
        Kind::TooManyPoints => path.ends_with("/trend"),
        Kind::InvalidCursor => path == "/v1/accounts",
        Kind::InvalidParameter => asks && (!posts || imagines || adopts),
        Kind::NotAcceptable => asks && !posts,
        Kind::Malformed | Kind::TooLarge | Kind::UnsupportedMediaType | Kind::BodyTooSlow => posts,
        Kind::InvalidBody => posts && !appends && !adopts,
        Kind::Conflict | Kind::BatchTooLarge | Kind::Rejected => appends || imagines,
        Kind::SourceForeign | Kind::PreconditionFailed => appends,
        Kind::Unwritable => appends || adopts || holds,
        Kind::Overtaken | Kind::NotRecordable => adopts || holds,
        Kind::PolicyUnchanged | Kind::InvalidPolicy => adopts,
        Kind::ReviewOutOfOrder => holds,
        // Of the one every path may say so, with methods that are not described; the other a job ends with.
        Kind::MethodNotAllowed | Kind::BacktestImpossible => false,
        Kind::BadRequest
        | Kind::Unauthenticated
        | Kind::Forbidden
        | Kind::OutOfScope
        | Kind::OriginForbidden
        | Kind::UriTooLong
        | Kind::RateLimited
        | Kind::HeadersTooLarge
        | Kind::Internal
        | Kind::Busy
        | Kind::QueryTooLong => true,
    }
}

/// Whether a question to a path may be put under a policy of its own.
fn names_policy(path: &str, method: &str) -> bool {
    let parts =
        ["{policy}", "/v1/accounts", "/v1/portfolio", "/v1/alerts", "/v1/reviews", "/v1/key-accounts"];
    method == "get" && parts.iter().any(|part| path.contains(part)) || path.ends_with("/whatif")
}

/// One response for all kinds of problems of a status, with an example of each.
fn response(kinds: &[Kind]) -> RefOr<utoipa::openapi::Response> {
    let words: Vec<_> = kinds
        .iter()
        .map(|kind| format!("[{}]({PAGES}{}): {}", kind.name(), kind.name(), kind.title()))
        .collect();
    let examples = kinds.iter().map(|kind| {
        let example = Problem::new(*kind, kind.cause()).json("9f86d081884c7d65");
        let value =
            utoipa::openapi::example::ExampleBuilder::new().summary(kind.title()).value(Some(example));
        (kind.name(), RefOr::T(value.build()))
    });
    let content =
        ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).examples_from_iter(examples);
    RefOr::T(
        ResponseBuilder::new().description(words.join("; ")).content(MEDIA_TYPE, content.build()).build(),
    )
}

/// Says of every operation that needs a token that it does: so it is once there are any.
fn guard(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let method = if method == "post" { Method::POST } else { Method::GET };
            if need(&method, path) != Some(Need::Nothing) {
                operation.security = Some(vec![SecurityRequirement::new("token", [""; 0])]);
            }
        }
    }
}

/// The document, written once as it is without tokens, and once as it is with.
#[derive(Debug, Clone)]
pub(super) struct Document {
    open: Bytes,
    guarded: Bytes,
}

impl Document {
    pub(super) fn of(mut document: OpenApi) -> Self {
        let written = |document: &OpenApi| serde_json::to_vec(document).unwrap_or_default().into();
        let open = written(&document);
        guard(&mut document);
        Self { open, guarded: written(&document) }
    }
}

/// The document.
pub(super) async fn document(State(api): State<Api>) -> Response {
    let Document { open, guarded } = api.document().clone();
    let bytes = if api.ledger().has_tokens() { guarded } else { open };
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}

/// Where the pages begin.
pub(super) async fn to_pages() -> Redirect {
    Redirect::permanent("/docs/")
}

/// What the pages may load: their own files alone.
const PAGES_POLICY: &str =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// The pages on which the document can be read and tried.
pub(super) async fn pages(path: Option<Path<String>>) -> Outcome<Response> {
    let config = Config::from("/openapi.json").validator_url("none");
    let path = path.map_or_else(|| "index.html".to_owned(), |Path(path)| path);
    let missing = || Problem::new(Kind::NotFound, "there is no such page");
    let file =
        utoipa_swagger_ui::serve(&path, Arc::new(config)).map_err(|_| missing())?.ok_or_else(missing)?;
    let kind = HeaderValue::try_from(file.content_type).map_err(|_| missing())?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGES_POLICY)),
    ];
    Ok((headers, Bytes::from(file.bytes.into_owned())).into_response())
}

/// What a landing on the root is told.
pub(super) async fn root() -> Response {
    let places =
        json!({ "docs": "/docs/", "openapi": "/openapi.json", "problems": "/problems", "api": "/v1" });
    ([(header::CONTENT_TYPE, "application/json")], places.to_string()).into_response()
}
