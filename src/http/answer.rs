//! Answers: JSON with a strong validator, and how long it may be kept; and what is told of something that was done.

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::problem::{Kind, Outcome, Problem};

/// Bytes of the hash that a validator shows.
const VALIDATOR_BYTES: usize = 16;

/// How long an answer may be kept by whoever got it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// For ever: its coordinates lie wholly in the past and it shows no names.
    Immutable,
    /// It has to be asked about each time.
    Revalidate,
}

fn written(answer: &impl Serialize) -> Outcome<Vec<u8>> {
    serde_json::to_vec(answer).map_err(|error| {
        tracing::error!(%error, "an answer is not JSON");
        Problem::new(Kind::Internal, "the answer could not be written")
    })
}

/// What is told of something that was done, or computed from what was sent. Nobody keeps it.
#[derive(Debug, Clone)]
pub(super) struct Posted {
    status: StatusCode,
    body: Bytes,
    location: Option<HeaderValue>,
}

/// Tells of something that was done.
pub(super) fn posted(status: StatusCode, answer: &impl Serialize) -> Outcome<Posted> {
    Ok(Posted { status, body: written(answer)?.into(), location: None })
}

impl Posted {
    /// The same, with where to find what came of it.
    pub(super) fn at(mut self, path: &str) -> Self {
        self.location = HeaderValue::from_str(path).ok();
        self
    }
}

impl IntoResponse for Posted {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let mut response = (self.status, headers, self.body).into_response();
        if let Some(location) = self.location {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

/// An answer in JSON.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    body: Bytes,
    validator: HeaderValue,
    keeping: Keeping,
    /// How many events the account's stream has, for `If-Match`.
    stream_length: Option<u64>,
}

impl Answer {
    /// An answer that has to be asked about each time.
    pub(super) fn json(answer: &impl Serialize) -> Outcome<Self> {
        Ok(Self::of(written(answer)?.into()))
    }

    /// An answer that is JSON already, to be asked about each time.
    pub(super) fn text(json: String) -> Self {
        Self::of(json.into())
    }

    fn of(body: Bytes) -> Self {
        let hash = Sha256::digest(&body);
        let mut validator = String::from("\"");
        for byte in hash.iter().take(VALIDATOR_BYTES) {
            use std::fmt::Write as _;
            let _ = write!(validator, "{byte:02x}");
        }
        validator.push('"');
        let validator = HeaderValue::try_from(validator).unwrap_or(HeaderValue::from_static("\"\""));
        Self { body, validator, keeping: Keeping::Revalidate, stream_length: None }
    }

    /// Bytes of the body.
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }

    /// The same answer, to be kept as said.
    pub(super) fn kept(mut self, keeping: Keeping) -> Self {
        self.keeping = keeping;
        self
    }

    /// The same answer with the number of events of the account's stream.
    pub(super) fn with_stream_length(mut self, events: u64) -> Self {
        self.stream_length = Some(events);
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let keep = match self.keeping {
            Keeping::Immutable => "private, max-age=31536000, immutable",
            Keeping::Revalidate => "private, no-cache",
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
            (header::ETAG, self.validator),
        ];
        let mut response = (StatusCode::OK, headers, self.body).into_response();
        if let Some(events) = self.stream_length {
            response.headers_mut().insert("stream-length", HeaderValue::from(events));
        }
        response
    }
}
