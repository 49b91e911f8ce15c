//! The frame of every request: its id, its line in the log, its measurement, and the last touches of its response
//! (the body of a problem, validators, compression, the headers that keep browsers out of trouble).

use std::io::Write as _;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt as _;
use tracing::Instrument as _;

use super::Api;
use super::caller::Caller;
use super::problem::{Kind, Problem};

/// The header that carries the id of a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The most bytes that an address may have.
const URI_BYTES_MAX: usize = 8_192;
/// The most bytes that the headers may have together: half of what a connection holds, so that what is above it by
/// little is refused here, with a problem. Of what is above it by more, the connection sometimes takes in more than it
/// is told to, and this refuses that too.
const HEADERS_BYTES_MAX: usize = 32 << 10;
/// Bodies of fewer bytes are not worth compressing.
const GZIP_BYTES_MIN: usize = 1_024;
/// What the validator of a compressed answer ends in.
const GZIP_MARK: &str = "-gz\"";
/// What stands for the path of a request that no route takes.
const NO_ROUTE: &str = "-";

/// The id of a request.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// Frames a request.
pub(super) async fn around(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let begun = api.now();
    let id = request_id();
    request.extensions_mut().insert(RequestId(id.clone()));
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let wishes = Wishes::of(&request);
    let span = tracing::info_span!("request", id = %id);
    let response = match too_large(&request) {
        Some(problem) => finish(problem.into_response(), &id),
        None => finish(next.run(request).instrument(span.clone()).await, &id),
    };
    let actor = response.extensions().get::<Caller>().map(|caller| caller.actor.clone());
    let response = wishes.fulfil(response, &id).await;
    let seconds = (api.now().micros() - begun.micros()).max(0) as f64 / 1e6;
    let status = response.status().as_u16();
    api.metrics().request(&method, &route, status, seconds);
    let actor = actor.as_ref().map_or("", |actor| actor.as_str());
    span.in_scope(|| tracing::info!(%method, route, status, seconds, actor, "answered"));
    response
}

/// What is too large about a request before its body.
fn too_large(request: &Request) -> Option<Problem> {
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    let (kind, what, max) = if request.uri().to_string().len() > URI_BYTES_MAX {
        (Kind::UriTooLong, "the address has", URI_BYTES_MAX)
    } else if headers.sum::<usize>() > HEADERS_BYTES_MAX {
        (Kind::HeadersTooLarge, "the headers have", HEADERS_BYTES_MAX)
    } else {
        return None;
    };
    Some(Problem::new(kind, format!("{what} more than the {max} bytes taken")))
}

/// 16 random hexadecimal digits: enough to find the lines of a request again.
fn request_id() -> String {
    let mut random = [0; 8];
    // Without random numbers requests share an id; they are answered all the same.
    let _ = getrandom::fill(&mut random);
    format!("{:016x}", u64::from_be_bytes(random))
}

/// Gives a problem its body, and every response the headers that every response has.
fn finish(mut response: Response, id: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let allow = response.headers().get(header::ALLOW).cloned();
        let caller = response.extensions_mut().remove::<Caller>();
        response = problem.render(id);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        if let Some(caller) = caller {
            response.extensions_mut().insert(caller);
        }
    }
    let headers = response.headers_mut();
    let id = HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static("-"));
    headers.insert(REQUEST_ID, id);
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What the headers of a request wish of the response.
struct Wishes {
    safe: bool,
    if_none_match: Vec<String>,
    accept: Vec<String>,
    gzip: bool,
}

impl Wishes {
    fn of(request: &Request) -> Self {
        let safe = matches!(*request.method(), Method::GET | Method::HEAD);
        let headers = request.headers();
        Self {
            safe,
            if_none_match: listed(headers, header::IF_NONE_MATCH),
            accept: listed(headers, header::ACCEPT),
            gzip: takes_gzip(headers),
        }
    }

    async fn fulfil(self, mut response: Response, id: &str) -> Response {
        if !self.safe || response.status() != StatusCode::OK {
            return response;
        }
        let given = response.headers().get(header::CONTENT_TYPE).and_then(|given| given.to_str().ok());
        if !given
            .is_none_or(|given| self.accept.is_empty() || self.accept.iter().any(|range| takes(range, given)))
        {
            let detail = format!("the answer would be {}", given.unwrap_or_default());
            return finish(Problem::new(Kind::NotAcceptable, detail).into_response(), id);
        }
        let validator =
            response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        if let Some(validator) = &validator {
            let vary = HeaderValue::from_static("accept-encoding, authorization");
            response.headers_mut().insert(header::VARY, vary);
            if self.if_none_match.iter().any(|known| is_same(known, validator)) {
                return unchanged(response);
            }
        }
        if self.gzip && validator.is_some() { compressed(response).await } else { response }
    }
}

/// The values of a list header, trimmed.
fn listed(headers: &HeaderMap, name: HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|value| value.trim().to_owned()).collect()
}

/// Whether a range of media types, such as `text/*;q=0.5`, has the type of an answer in it.
fn takes(range: &str, given: &str) -> bool {
    let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (range, given) = (essence(range), essence(given));
    match range.strip_suffix('*') {
        Some("*/") => true,
        Some(family) => given.starts_with(family),
        None => range == given,
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    listed(headers, header::ACCEPT_ENCODING).iter().any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = matches!(parts.next(), Some("gzip" | "*"));
        let refused = parts
            .any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)));
        named && !refused
    })
}

/// Whether a validator that the client has is that of the answer, compressed or not.
fn is_same(known: &str, validator: &str) -> bool {
    let known = known.strip_prefix("W/").unwrap_or(known);
    let plain = known.strip_suffix(GZIP_MARK).map(|start| format!("{start}\""));
    known == "*" || plain.as_deref().unwrap_or(known) == validator
}

fn unchanged(response: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::empty())
}

/// Compresses an answer, which is whole in memory; its validator says so, since the bytes are others.
async fn compressed(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = match body.collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => return Response::from_parts(parts, Body::empty()),
    };
    if bytes.len() < GZIP_BYTES_MIN {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    let written = encoder.write_all(&bytes).and_then(|()| encoder.finish());
    let Ok(smaller) = written else { return Response::from_parts(parts, Body::from(bytes)) };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    let marked = parts
        .headers
        .get(header::ETAG)
        .and_then(|tag| tag.to_str().ok())
        .and_then(|tag| HeaderValue::try_from(format!("{}{GZIP_MARK}", tag.strip_suffix('"')?)).ok());
    if let Some(marked) = marked {
        parts.headers.insert(header::ETAG, marked);
    }
    Response::from_parts(parts, Body::from(smaller))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validators_match_whatever_the_coding() {
        assert!(is_same("\"a\"", "\"a\"") && is_same("\"a-gz\"", "\"a\"") && is_same("W/\"a\"", "\"a\""));
        assert!(is_same("*", "\"a\"") && !is_same("\"b\"", "\"a\"") && !is_same("a", "\"a\""));
    }

    #[test]
    fn gzip_is_for_those_who_take_it() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            takes_gzip(&headers)
        };
        assert!(takes("gzip") && takes("br, gzip;q=0.5") && takes("*"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("identity") && !takes("gzip;q=0.0"));
    }
}
