//! Recording events: one, a batch that stands or falls as a whole, or any number of lines each for itself.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use guanxi_projections::wire::{self as events, Draft};
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::super::body;
use super::super::caller::Caller;
use super::super::problem::{Kind, Outcome, Problem};
use super::super::{Api, schema, wire};
use super::lines;
use crate::ledger::{Accepted, Receipt, SUBMISSION_EVENTS_MAX, Submission, SubmitError, Unit};

/// The media types of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// One event.
    One,
    /// A list of events.
    Batch,
    /// One or the other.
    Either,
    /// One event per line.
    Lines,
}

/// What a request to append asks for, apart from its events.
struct Asked {
    shape: Shape,
    expected_count: Option<u64>,
}

impl Asked {
    fn of(headers: &HeaderMap) -> Outcome<Self> {
        let shape = shape(headers)?;
        let expected_count = headers.get(header::IF_MATCH).map(count).transpose()?;
        if shape == Shape::Lines && expected_count.is_some() {
            let detail = "`If-Match` goes with one event or a batch: lines stand each for itself";
            return Err(Problem::new(Kind::BadRequest, detail));
        }
        Ok(Self { shape, expected_count })
    }
}

fn shape(headers: &HeaderMap) -> Outcome<Shape> {
    let media_type = body::media_type(headers)?;
    match media_type.as_str() {
        "application/json" => Ok(Shape::Either),
        "application/cloudevents+json" => Ok(Shape::One),
        "application/cloudevents-batch+json" => Ok(Shape::Batch),
        "application/x-ndjson" => Ok(Shape::Lines),
        _ => Err(body::not_taken(&media_type)),
    }
}

/// Reads `"12"`: how many events the account of the first event must have.
fn count(value: &HeaderValue) -> Outcome<u64> {
    let text = value.to_str().unwrap_or_default().trim();
    let digits = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| number).ok_or_else(|| {
        let detail = "`If-Match` is the number of events that the account must have, as in \"12\"";
        Problem::new(Kind::BadRequest, detail)
    })
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it documents what Asked and the lines read")]
struct AppendHeaders {
    /// How many events the account of the first event must have.
    #[param(rename = "if-match", value_type = schema::Count, inline, required = false, example = "\"12\"")]
    if_match: Option<String>,
    /// For lines: `return=minimal` tells only of what was refused.
    #[param(value_type = schema::Preference, inline, required = false, example = "return=minimal")]
    prefer: Option<String>,
}

/// Record events
///
/// One CloudEvent, a batch of which all are recorded or none (a JSON list), or any number of events, one per line, each
/// standing for itself. The reply comes when they are durable.
///
/// Sending the same event again (same source and id, same content) changes nothing and succeeds, with `duplicate`; the
/// same source and id with other content is a conflict. With `If-Match: "COUNT"` events are recorded only if the account of
/// the first one has exactly so many.
///
/// For lines the answer is one line per line, in the same order, while they come, and a last line that counts them, with
/// the `problem` that ended them early, if one did. A client has to read it while it sends, or ask for
/// `Prefer: return=minimal`: then there is a line only for what was refused.
#[utoipa::path(post, path = "/v1/events", tag = "events",
    params(AppendHeaders),
    request_body(description = "The event or events", content(
        (wire::EventOrBatch = "application/json", example = json!({"specversion": "1.0", "id": "crm-88213", "source": "crm/emea", "type": "account.opened", "subject": "acme", "time": "2026-03-02T09:00:00Z", "data": {"name": "Acme"}})),
        (wire::Event = "application/cloudevents+json"),
        (wire::Batch = "application/cloudevents-batch+json"),
        (String = "application/x-ndjson"))),
    responses(
        (status = 200, description = "All of it was recorded before; or, for lines, what became of each", content(
            (wire::Recorded = "application/json"), (String = "application/x-ndjson"))),
        (status = 201, description = "Recorded, durably", body = wire::Recorded)))]
pub(in super::super) async fn append(
    State(api): State<Api>,
    caller: Caller,
    request: Request,
) -> Outcome<Response> {
    let asked = Asked::of(request.headers())?;
    if asked.shape == Shape::Lines {
        return lines::append(api, caller, request).await;
    }
    let body = body::whole(request, api.limits().body_bytes, api.limits().header_time).await?;
    let accepted = api
        .record(move |ledger, sights| {
            let drafts = drafts(&body, asked.shape)?;
            let sight = sights.of(&caller, ledger)?;
            for draft in &drafts {
                caller.may_record(&sight, draft)?;
            }
            let submission = Submission {
                drafts,
                unit: Unit::Whole,
                revising: caller.revising(),
                actor: caller.actor,
                expected_count: asked.expected_count,
            };
            let receipts = ledger.submit(&submission).map_err(|error| of_whole(error, asked.shape))?;
            Ok(receipts
                .into_iter()
                .filter_map(|receipt| match receipt {
                    Receipt::Accepted(accepted) => Some(accepted),
                    Receipt::Refused(_) => None,
                })
                .collect::<Vec<Accepted>>())
        })
        .await?;
    let status =
        if accepted.iter().all(|event| event.duplicate) { StatusCode::OK } else { StatusCode::CREATED };
    let body = json!({ "events": accepted }).to_string();
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((status, headers, body).into_response())
}

/// The place within a body of one event alone is not that of a list.
fn of_whole(error: SubmitError, shape: Shape) -> Problem {
    match error {
        SubmitError::Refused { index: 0, refused } if shape == Shape::One => refused.into(),
        SubmitError::Refused { .. } | SubmitError::Append(_) | SubmitError::Ledger(_) => error.into(),
    }
}

fn drafts(body: &[u8], shape: Shape) -> Outcome<Vec<Draft>> {
    let read = events::read(body, body.len())?;
    match (read, shape) {
        (Value::Array(events), Shape::Batch | Shape::Either) if events.len() > SUBMISSION_EVENTS_MAX => {
            let detail = format!("a batch has at most {SUBMISSION_EVENTS_MAX} events, not {}", events.len());
            Err(Problem::new(Kind::BatchTooLarge, detail).with("events_max", SUBMISSION_EVENTS_MAX))
        }
        (Value::Array(events), Shape::Batch | Shape::Either) => {
            let one = |(n, event)| {
                let within = format!("/{n}");
                events::parse(event)
                    .map_err(|rejection| Problem::from(rejection.within(&within)).with("index", n))
            };
            events.iter().enumerate().map(one).collect()
        }
        (event @ Value::Object(_), Shape::One | Shape::Either) => Ok(vec![events::parse(&event)?]),
        (_, Shape::Batch) => Err(Problem::new(Kind::Malformed, "a batch is a JSON list")),
        _ => Err(Problem::new(Kind::Malformed, "an event is a JSON object")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content_type: &str, expected: Option<Shape>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        assert_eq!(shape(&headers).ok(), expected, "{content_type}");
    }

    #[test]
    fn types_that_a_web_page_sends_without_asking_are_not_taken() {
        check("application/json", Some(Shape::Either));
        check("Application/JSON; charset=UTF-8", Some(Shape::Either));
        check("application/cloudevents+json", Some(Shape::One));
        check("application/cloudevents-batch+json; charset=utf-8", Some(Shape::Batch));
        check("application/x-ndjson", Some(Shape::Lines));
        for simple in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
            check(simple, None);
        }
        check("application/json; charset=gbk", None);
    }

    #[test]
    fn a_count_is_read_with_and_without_quotes() {
        for (text, expected) in
            [("\"12\"", Some(12)), ("12", Some(12)), ("*", None), ("\"", None), ("+1", None)]
        {
            assert_eq!(count(&HeaderValue::from_static(text)).ok(), expected, "{text}");
        }
    }
}
