//! Problems: the shape of every failure (RFC 9457), and the single table of their kinds.
//!
//! A handler returns a [`Problem`]; it becomes bytes in one place, [`super::frame`], which knows the request's id.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// Where the pages of the kinds are; with the name of a kind it is the `type` of a problem.
pub(super) const PAGES: &str = "/problems/";
/// The media type of problems.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! kinds {
    ($($variant:ident = $name:literal, $status:ident, $title:literal, $cause:literal, $remedy:literal;)+) => {
        /// A kind of problem. The names are stable: callers may match on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind {
            $(#[doc = $title] $variant,)+
        }

        impl Kind {
            /// Every kind, in the order of the documentation.
            pub(super) const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name, such as `account-unknown`.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The status that answers it.
            pub(super) fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// What it is, in a few words that do not change from one occurrence to another.
            pub(super) fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// What brings it about.
            pub(super) fn cause(self) -> &'static str {
                match self { $(Self::$variant => $cause,)+ }
            }

            /// What to do about it.
            pub(super) fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)+ }
            }
        }
    };
}

kinds! {
    BadRequest = "bad-request", BAD_REQUEST, "The request cannot be read",
        "A path, a header or a body is not what HTTP or this interface says it is.",
        "Read `detail`, and compare the request with the one described at /docs.";
    InvalidParameter = "invalid-parameter", BAD_REQUEST, "A parameter of the query is wrong",
        "A parameter of the query is unknown, stands there twice, or has a value that is none of those taken.",
        "`parameter` names it and `detail` says what is taken. Unknown parameters are refused rather than ignored, since a misspelt filter would answer another question.";
    InvalidCursor = "invalid-cursor", BAD_REQUEST, "The cursor is not one of this question",
        "A cursor was changed, or comes with other filters than those of the page that gave it.",
        "Send the cursor as it was given, with the same filters; or begin again without one.";
    Malformed = "malformed", BAD_REQUEST, "The body is not JSON",
        "The body is not JSON in UTF-8, a key stands twice in one object, or lists and objects are nested more than 32 deep.",
        "Send JSON; `pointer` says where a duplicate key or too deep a nesting stands.";
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "No valid token",
        "This ledger has tokens, and the request has none, or one that is unknown, expired or revoked.",
        "Send `Authorization: Bearer TOKEN`. `guanxi token create` makes a token, and shows it once.";
    Forbidden = "forbidden", FORBIDDEN, "The token's role does not allow this",
        "What the role of the token may do does not include this request.",
        "Use a token with another role; `needs` says what is missing.";
    OutOfScope = "out-of-scope", FORBIDDEN, "The token's scope does not allow this",
        "The token is limited to some accounts or owners, and this request is about others, or about all of them.",
        "Ask about accounts in the scope, or use a token without one.";
    SourceForeign = "source-foreign", FORBIDDEN, "The token may not write as this source",
        "A token is bound to the sources it may write as, and the event names another one as its `source`.",
        "Send the event with the token of its source.";
    OriginForbidden = "origin-forbidden", FORBIDDEN, "The request comes from somewhere else",
        "Without tokens only this machine may ask. The `Host` is not a name of this machine, or a web page of another origin sent the request.",
        "Ask as http://127.0.0.1 or http://localhost; or create a token, which then every request needs.";
    NotFound = "not-found", NOT_FOUND, "There is nothing at this path",
        "The path is none of this interface.",
        "See /docs for those there are.";
    AccountUnknown = "account-unknown", NOT_FOUND, "There is no such account",
        "No account of this id has any event at these coordinates.",
        "GET /v1/accounts lists those there are. At an earlier `as_of` or `known_at` it may not have begun yet.";
    EventUnknown = "event-unknown", NOT_FOUND, "There is no such event",
        "The position lies beyond the end of the log; or the event named is none of the account asked about.",
        "Positions begin at 0 and have no gaps; GET /v1/events gives them.";
    PolicyUnknown = "policy-unknown", NOT_FOUND, "There is no such policy",
        "The policy asked for was not adopted by then, or is one that this version of the program cannot read.",
        "GET /v1/policies lists those adopted.";
    JobUnknown = "job-unknown", NOT_FOUND, "There is no such job",
        "No job of this id was started since the server was, or another caller started it.",
        "The header `Location` of the answer that a job has begun says where it is. A server that was started anew knows no jobs.";
    JobGone = "job-gone", GONE, "The job is kept no longer",
        "Of each caller only the last jobs that have ended are kept, and newer ones took the place of this one.",
        "Start it again, and fetch what comes of it sooner.";
    MethodNotAllowed = "method-not-allowed", METHOD_NOT_ALLOWED, "The path does not take this method",
        "The path exists, but not with this method.",
        "The header `Allow` lists the methods it takes.";
    NotAcceptable = "not-acceptable", NOT_ACCEPTABLE, "The answer has none of the media types asked for",
        "The header `Accept` names only media types that this path does not answer with.",
        "Leave `Accept` out, or name `application/json` (or what /docs says) in it.";
    BodyTooSlow = "body-too-slow", REQUEST_TIMEOUT, "The body does not come",
        "The body paused for longer than bodies may, or was not whole in time. Nothing of the request was done, but for the lines that the answer counts.",
        "Send the request again, as fast as the line allows. `application/x-ndjson` may take its time, without such pauses; lines that were recorded are duplicates then.";
    Conflict = "conflict", CONFLICT, "The same source and id, with other content",
        "An event of this source and id stands in the log already, at `position`, and says something else. An event is never changed.",
        "Give the new event an id of its own, or correct the old one by an `event.corrected`.";
    Overtaken = "overtaken", CONFLICT, "Something else was recorded meanwhile",
        "While this was decided, somebody else recorded something that the ledger says of itself. Nothing of the request was recorded.",
        "Look at what was recorded, and send the request again if it still holds.";
    PolicyUnchanged = "policy-unchanged", CONFLICT, "The policy says nothing new",
        "Every field of the policy says what the current one says. Perhaps it was adopted by an earlier request whose answer was lost.",
        "GET /v1/policies lists those adopted.";
    ReviewOutOfOrder = "review-out-of-order", CONFLICT, "A later review was recorded already",
        "Reviews are recorded in the order of their instants, so that none can change an earlier key list.",
        "GET /v1/reviews lists those held. Ask for an instant after the last of them.";
    PreconditionFailed = "precondition-failed", PRECONDITION_FAILED, "The account has another number of events than expected",
        "`If-Match` named a number of events that the account of the first event does not have: somebody else wrote meanwhile. `actual` is how many there are.",
        "Read the account again, decide again, and send the new number.";
    TooLarge = "too-large", PAYLOAD_TOO_LARGE, "The body is too large",
        "The body, or one line of it, has more bytes than are taken at once; for compressed bodies the limit is on what they unpack to.",
        "Send less at once. `application/x-ndjson` takes any number of events, one per line.";
    BatchTooLarge = "batch-too-large", PAYLOAD_TOO_LARGE, "The batch has too many events",
        "A batch is recorded whole or not at all, and so may not be of any length.",
        "Send several batches, or `application/x-ndjson`, where each line stands for itself.";
    UriTooLong = "uri-too-long", URI_TOO_LONG, "The address is too long",
        "Path and query together have more bytes than are taken.",
        "Ask for less at once.";
    UnsupportedMediaType = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "The body is of a type that is not taken",
        "`Content-Type` (or `Content-Encoding`) is missing or none of those taken. Types that a web page can send without asking are refused on purpose.",
        "Send `application/json`, `application/cloudevents+json`, `application/cloudevents-batch+json` or `application/x-ndjson`, uncompressed.";
    InvalidBody = "invalid-body", UNPROCESSABLE_ENTITY, "A field of the body is wrong",
        "A field of the body is unknown, missing, or has a value that is none of those taken.",
        "`pointer` says where, and `detail` what is taken.";
    Rejected = "rejected", UNPROCESSABLE_ENTITY, "The event breaks a rule",
        "The event was understood and is not one that the ledger can take; `rule` names the rule, `pointer` the place in the event.",
        "Correct the event. The rules stand in /docs.";
    InvalidPolicy = "invalid-policy", UNPROCESSABLE_ENTITY, "The policy cannot be used",
        "The policy is not TOML, a field of it is unknown or missing, or has a value without meaning.",
        "`field` names it, `reason` says what is wrong with it, and `line` where it stands in the text. A policy is always whole: begin with GET /v1/policies/current.";
    NotRecordable = "not-recordable", UNPROCESSABLE_ENTITY, "There is nothing that could be recorded",
        "What the ledger was to say of itself lies in the future, is too long, or cannot be computed from what it has.",
        "Read `detail`. Nothing was recorded.";
    BacktestImpossible = "backtest-impossible", UNPROCESSABLE_ENTITY, "The history allows no such backtest",
        "There is nothing in the history to foretell, or the days after a cut-off are not over.",
        "Read `detail`; ask for a shorter horizon, other cut-offs or another occasion. It is the problem of a job, not of a request.";
    TooManyPoints = "too-many-points", UNPROCESSABLE_ENTITY, "The span asked for is too long",
        "A trend would have more points than anybody can look at.",
        "Ask for a shorter time or wider steps.";
    RateLimited = "rate-limited", TOO_MANY_REQUESTS, "Too many requests",
        "The token sends more requests than its share.",
        "Wait as long as `Retry-After` says.";
    HeadersTooLarge = "headers-too-large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large",
        "The headers of the request have more bytes than the 32 KiB taken, or there are more than 100 of them. Of more than 100, or of about 64 KiB, the connection says so by itself: with the same status and an empty body.",
        "Send fewer headers, or shorter ones.";
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong inside",
        "This is a fault of the program, of the disk, or of the ledger. Nothing that was acknowledged is lost.",
        "The log of the server has the whole chain of causes under `request_id`. `guanxi verify` checks the ledger.";
    Busy = "busy", SERVICE_UNAVAILABLE, "Too much is being done already",
        "The queue of the writer, or that of the questions, is full. Nothing of the request was done.",
        "Wait as long as `Retry-After` says and send it again.";
    TooManyJobs = "too-many-jobs", TOO_MANY_REQUESTS, "Too many jobs are running",
        "So many backtests and calibrations are running as may at once. Nothing was begun.",
        "Wait as long as `Retry-After` says, or for another job to end, and send the request again.";
    QueryTooLong = "query-too-long", SERVICE_UNAVAILABLE, "The question takes too long",
        "The question took longer than questions may.",
        "Ask for less: a shorter time, wider steps, fewer accounts.";
    Unwritable = "unwritable", SERVICE_UNAVAILABLE, "The ledger takes no events",
        "The clock is wrong, the disk failed, or a restore is not finished; `detail` says which.",
        "The operator has to see to it. Sending the same events again later is safe: those that were recorded are recognised.";
}

/// One failure.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    kind: Kind,
    detail: String,
    members: Map<String, Value>,
    headers: Vec<(header::HeaderName, HeaderValue)>,
}

/// What is done with a problem is only ever to return it.
pub(super) type Outcome<T> = Result<T, Problem>;

impl Problem {
    /// A problem of a kind; `detail` says what is special about this one, for people.
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), members: Map::new(), headers: Vec::new() }
    }

    /// The same problem with one more member.
    pub(super) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// The same problem with one more header.
    pub(super) fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same problem, to be tried again after so many seconds.
    pub(super) fn retry_after(self, seconds: u32) -> Self {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// A parameter of the query that is not taken as it is.
    pub(super) fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self::new(Kind::InvalidParameter, detail).with("parameter", name)
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The problem as JSON.
    pub(super) fn json(&self, request_id: &str) -> Value {
        let mut fields = self.members.clone();
        fields.insert("type".to_owned(), format!("{PAGES}{}", self.kind.name()).into());
        fields.insert("title".to_owned(), self.kind.title().into());
        fields.insert("status".to_owned(), self.kind.status().as_u16().into());
        fields.insert("detail".to_owned(), self.detail.clone().into());
        fields.insert("request_id".to_owned(), request_id.into());
        Value::Object(fields)
    }

    /// The problem as a whole response.
    pub(super) fn render(&self, request_id: &str) -> Response {
        let body = self.json(request_id).to_string();
        let mut response = (self.kind.status(), [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        for (name, value) in &self.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response
    }
}

impl IntoResponse for Problem {
    /// Without a body yet: the frame of the request writes it.
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_every_kind_says_what_to_do() {
        let mut names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            assert!(kind.name().bytes().all(|b| b == b'-' || b.is_ascii_lowercase()), "{}", kind.name());
            for text in [kind.cause(), kind.remedy()] {
                assert!(text.ends_with('.') && text.len() > 20, "{}: {text}", kind.name());
            }
        }
    }
}
