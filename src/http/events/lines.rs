//! Lines of events of any number, in bounded memory: a batch of lines is read and parsed while the one before it is
//! recorded, and no more is read until its results are on their way.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use guanxi_projections::wire::{self as events, Draft, TEXT_BYTES_MAX};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::super::caller::{Caller, Sights};
use super::super::problem::{Kind, Outcome, Problem};
use super::super::{Api, body};
use crate::ledger::{Ledger, Receipt, Sight, Submission, Unit};

/// Lines that are recorded together at most.
const LINES: usize = 1_000;
/// Bytes of lines that are recorded together, more or less.
const BYTES: usize = 2 << 20;
/// Whoever sends nothing for so long waits for an answer.
const LULL: Duration = Duration::from_millis(20);
/// How long a full queue is waited for before the lines are tried again.
const BUSY: Duration = Duration::from_millis(50);

/// What to tell about lines that were recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Telling {
    Everything,
    Refusals,
}

/// A line, read.
type Line = (u64, Outcome<Draft>);

/// A batch of lines, or what ended the body early.
type Batch = Outcome<Vec<Line>>;

/// Answers with a line per line, once the first have come. What goes wrong before is the whole answer; what does
/// afterwards stands in the last line of it.
pub(super) async fn append(api: Api, caller: Caller, request: Request) -> Outcome<Response> {
    let telling = telling(request.headers());
    let (sender, mut receiver) = mpsc::channel(1);
    let (parsing, pause) = (api.clone(), api.limits().header_time);
    tokio::spawn(async move {
        let mut reader = Reader { body: request.into_body(), pause, rest: Vec::new(), line: 0, ended: false };
        while !reader.ended {
            let batch = reader.batch(&parsing).await;
            let ended = batch.is_err();
            if sender.send(batch).await.is_err() || ended {
                break;
            }
        }
    });
    let first = receiver.recv().await.transpose()?;
    let recorder = Recorder { api, caller, telling, first, receiver, tally: Tally::default(), ended: false };
    let results = unfold(recorder, |mut recorder| async move {
        let results = recorder.next().await?;
        Some((Ok::<_, Infallible>(results), recorder))
    });
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if telling == Telling::Refusals {
        headers.insert("preference-applied", HeaderValue::from_static("return=minimal"));
    }
    Ok((StatusCode::OK, headers, Body::from_stream(results)).into_response())
}

fn telling(headers: &HeaderMap) -> Telling {
    let minimal = |value: &HeaderValue| {
        value.to_str().is_ok_and(|text| text.split([',', ';']).any(|word| word.trim() == "return=minimal"))
    };
    if headers.get_all("prefer").iter().any(minimal) { Telling::Refusals } else { Telling::Everything }
}

/// The body on its way to lines.
struct Reader {
    body: Body,
    /// How long it may pause.
    pause: Duration,
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    /// How many lines were read.
    line: u64,
    ended: bool,
}

impl Reader {
    /// The next lines, parsed. No batch is empty but the last.
    async fn batch(&mut self, api: &Api) -> Batch {
        let mut texts = Vec::new();
        let mut bytes = 0;
        while texts.len() < LINES && bytes < BYTES && !self.ended {
            let patience = if texts.is_empty() { self.pause } else { LULL };
            match timeout(patience, self.body.frame()).await {
                Err(pause) if texts.is_empty() => return Err(body::too_slow(pause)),
                Err(_) => break,
                Ok(None) => {
                    self.ended = true;
                    let last = std::mem::take(&mut self.rest);
                    self.take(last, &mut texts);
                }
                Ok(Some(Err(_))) => {
                    return Err(Problem::new(Kind::BadRequest, "the body ended before its end"));
                }
                Ok(Some(Ok(frame))) => {
                    let Ok(data) = frame.into_data() else { continue };
                    bytes += data.len();
                    self.split(&data, &mut texts)?;
                }
            }
        }
        api.parse(move || texts.into_iter().map(|(line, text)| (line, parse(&text))).collect()).await
    }

    fn split(&mut self, data: &Bytes, texts: &mut Vec<(u64, Vec<u8>)>) -> Outcome<()> {
        let mut pieces = data.split(|byte| *byte == b'\n');
        let Some(first) = pieces.next() else { return Ok(()) };
        self.rest.extend_from_slice(first);
        for piece in pieces {
            let whole = std::mem::replace(&mut self.rest, piece.to_vec());
            self.take(whole, texts);
        }
        if self.rest.len() > TEXT_BYTES_MAX {
            let detail = format!("line {} has more than the {TEXT_BYTES_MAX} bytes taken", self.line + 1);
            return Err(Problem::new(Kind::TooLarge, detail));
        }
        Ok(())
    }

    fn take(&mut self, mut text: Vec<u8>, texts: &mut Vec<(u64, Vec<u8>)>) {
        if text.last() == Some(&b'\r') {
            text.pop();
        }
        self.line += 1;
        if text.iter().any(|byte| !byte.is_ascii_whitespace()) {
            texts.push((self.line, text));
        }
    }
}

fn parse(text: &[u8]) -> Outcome<Draft> {
    Ok(events::parse_text(text)?)
}

/// How many lines met with what.
#[derive(Debug, Default)]
struct Tally {
    recorded: u64,
    duplicates: u64,
    refused: u64,
}

/// Lines on their way to results.
struct Recorder {
    api: Api,
    caller: Caller,
    telling: Telling,
    /// The first lines, which have come already.
    first: Option<Vec<Line>>,
    receiver: mpsc::Receiver<Batch>,
    tally: Tally,
    ended: bool,
}

impl Recorder {
    /// The results of the next batch; `None` after the last.
    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        let mut text = Vec::new();
        let batch = match self.first.take() {
            Some(lines) => Some(Ok(lines)),
            None => self.receiver.recv().await,
        };
        match batch {
            Some(Ok(lines)) => {
                if let Err(problem) = self.record(lines, &mut text).await {
                    self.end(Some(&problem), &mut text);
                }
            }
            Some(Err(problem)) => self.end(Some(&problem), &mut text),
            None => self.end(None, &mut text),
        }
        Some(text.into())
    }

    /// The last line: how many lines met with what, and what ended it early.
    fn end(&mut self, problem: Option<&Problem>, text: &mut Vec<u8>) {
        self.ended = true;
        let Tally { recorded, duplicates, refused } = self.tally;
        let mut last = json!({ "recorded": recorded, "duplicates": duplicates, "refused": refused });
        if let (Some(problem), Value::Object(fields)) = (problem, &mut last) {
            fields.insert("problem".to_owned(), problem.json(""));
        }
        write(text, &last);
    }

    async fn record(&mut self, lines: Vec<Line>, text: &mut Vec<u8>) -> Outcome<()> {
        let mut lines = Some(lines);
        loop {
            let caller = self.caller.clone();
            let Some(now) = lines.take() else { return Ok(()) };
            let submit = move |ledger: &Ledger, sights: &Sights| {
                let sight = sights.of(&caller, ledger)?;
                Ok(submit(ledger, caller, &sight, now))
            };
            let (back, results) = self.api.record(submit).await?;
            match results {
                Ok(results) => {
                    for (line, result) in results {
                        self.tell(line, result, text);
                    }
                    return Ok(());
                }
                // The queue of the writer is full: whoever sends has to wait, and nothing is lost.
                Err(problem) if problem.kind() == Kind::Busy => {
                    lines = Some(back);
                    tokio::time::sleep(BUSY).await;
                }
                Err(problem) => return Err(problem),
            }
        }
    }

    fn tell(&mut self, line: u64, result: Outcome<Receipt>, text: &mut Vec<u8>) {
        let told = match result {
            Ok(Receipt::Accepted(accepted)) => {
                let status = if accepted.duplicate { "duplicate" } else { "recorded" };
                let count =
                    if accepted.duplicate { &mut self.tally.duplicates } else { &mut self.tally.recorded };
                *count += 1;
                if self.telling == Telling::Refusals {
                    return;
                }
                json!({ "line": line, "status": status, "event": accepted })
            }
            Ok(Receipt::Refused(refused)) => self.refused(line, &refused.into()),
            Err(problem) => self.refused(line, &problem),
        };
        write(text, &told);
    }

    fn refused(&mut self, line: u64, problem: &Problem) -> Value {
        self.tally.refused += 1;
        json!({ "line": line, "status": "refused", "problem": problem.json("") })
    }
}

fn write(text: &mut Vec<u8>, value: &Value) {
    text.extend(value.to_string().into_bytes());
    text.push(b'\n');
}

type Results = Vec<(u64, Outcome<Receipt>)>;

/// Records what can be. The lines come back, for another try.
fn submit(ledger: &Ledger, caller: Caller, sight: &Sight, lines: Vec<Line>) -> (Vec<Line>, Outcome<Results>) {
    let mut places = Vec::with_capacity(lines.len());
    let mut drafts = Vec::with_capacity(lines.len());
    let mut results = Vec::with_capacity(lines.len());
    for (line, draft) in &lines {
        let permitted = draft.as_ref().map_err(Clone::clone).and_then(|draft| {
            caller.may_record(sight, draft)?;
            Ok(draft)
        });
        match permitted {
            Ok(draft) => {
                places.push(*line);
                drafts.push(draft.clone());
            }
            Err(problem) => results.push((*line, Err(problem))),
        }
    }
    let submission = Submission {
        drafts,
        unit: Unit::Each,
        revising: caller.revising(),
        actor: caller.actor,
        expected_count: None,
    };
    match ledger.submit(&submission) {
        Ok(receipts) => {
            results.extend(places.into_iter().zip(receipts.into_iter().map(Ok)));
            results.sort_by_key(|(line, _)| *line);
            (lines, Ok(results))
        }
        Err(error) => (lines, Err(error.into())),
    }
}
