//! Following the log: server-sent events from any position, without gaps across reconnects.
//!
//! A reader holds a position and nothing else. Each chunk is read from the log when the connection takes more bytes,
//! so that a slow reader holds nothing up and grows nothing.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use guanxi_projections::position::Position;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use utoipa::IntoParams;

use super::super::Api;
use super::super::caller::Caller;
use super::super::error::busy;
use super::super::problem::{Kind, Outcome, Problem};
use super::super::query::{self, Query};
use super::super::schema;
use crate::ledger::{Ledger, ShownEvent, Sight};

/// Events read at once for one reader.
const CHUNK: usize = 64;
/// After so long without an event a comment keeps the connection open, and finds out whether anybody is there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long the watcher of the log waits before it looks whether it is still wanted.
const WATCH: Duration = Duration::from_millis(500);
/// Milliseconds that a client shall wait before it connects again.
const RETRY_MS: u32 = 1_000;

/// Tells the readers that the log has grown, and that the server stops.
#[derive(Debug, Clone)]
pub(in super::super) struct Growth {
    /// How many events are visible; `None` once the server stops.
    count: watch::Receiver<Option<u64>>,
    readers: Arc<Semaphore>,
}

impl Growth {
    /// Watches the log on a thread of its own, as long as the ledger and any reader are there. `stopping` ends every
    /// stream.
    pub(in super::super) fn watch(
        ledger: &Arc<Ledger>,
        stopping: watch::Receiver<bool>,
        readers: usize,
    ) -> Self {
        let (sender, count) = watch::channel(Some(ledger.head().count));
        let ledger = Arc::downgrade(ledger);
        let watcher = move || {
            while let Some(ledger) = ledger.upgrade() {
                let seen = sender.borrow().unwrap_or_default();
                let now = ledger.wait_beyond(seen, WATCH);
                drop(ledger);
                let stopped = *stopping.borrow() || stopping.has_changed().is_err();
                let told = if stopped { None } else { Some(now) };
                sender.send_if_modified(|count| std::mem::replace(count, told) != told);
                if stopped || sender.is_closed() {
                    return;
                }
            }
        };
        // Without a thread there are no streams: each ends at once, and the rest goes on.
        if let Err(error) = std::thread::Builder::new().name("log-watcher".to_owned()).spawn(watcher) {
            tracing::error!(%error, "the log cannot be watched");
        }
        Self { count, readers: Arc::new(Semaphore::new(readers)) }
    }
}

/// Where a stream begins.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in super::super) struct StreamQuery {
    /// Begin behind this position. Default: from the beginning. `Last-Event-ID` goes before it.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::Place, inline, example = 99)]
    after: Option<u64>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it documents what last_event_id reads")]
struct StreamHeaders {
    /// The position of the last event that was received.
    #[param(rename = "last-event-id", value_type = schema::Place, inline, required = false, example = 99)]
    last_event_id: Option<u64>,
}

/// Follow the log
///
/// Every event from a position on, as server-sent events: `id` is the position, `data` the event in JSON. The stream goes
/// on as events are recorded. A client that lost its connection sends `Last-Event-ID`, as browsers do by themselves, and
/// misses nothing and gets nothing twice.
#[utoipa::path(get, path = "/v1/events/stream", tag = "events",
    params(StreamQuery, StreamHeaders),
    responses((status = 200, description = "Events as they are recorded", body = String, content_type = "text/event-stream")))]
pub(in super::super) async fn stream(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<StreamQuery>,
) -> Outcome<Response> {
    let after = last_event_id(&headers)?.or(query.after);
    let next = after.map_or(Position(0), |after| Position(after).next());
    let growth = api.growth().clone();
    let Ok(place) = Arc::clone(&growth.readers).try_acquire_owned() else {
        return Err(busy("too many streams are open already"));
    };
    let reader = Reader { api, caller, growth, next, begun: false, _place: place };
    let body = Body::from_stream(unfold(reader, |mut reader| async move {
        let chunk = reader.chunk().await?;
        Some((Ok::<_, Infallible>(chunk), reader))
    }));
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::OK, headers, body).into_response())
}

fn last_event_id(headers: &HeaderMap) -> Outcome<Option<u64>> {
    let Some(given) = headers.get("last-event-id") else { return Ok(None) };
    let text = given.to_str().unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let position = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    position
        .map(Some)
        .ok_or_else(|| Problem::new(Kind::BadRequest, "`Last-Event-ID` is the position of an event"))
}

/// One reader's place.
struct Reader {
    api: Api,
    caller: Caller,
    growth: Growth,
    next: Position,
    begun: bool,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// What is sent next: events, or a comment when there are none for a while. `None` ends the stream; the client
    /// connects again and goes on where it was.
    async fn chunk(&mut self) -> Option<Bytes> {
        if !self.begun {
            self.begun = true;
            return Some(format!("retry: {RETRY_MS}\n\n").into());
        }
        let next = self.next.0;
        let grown = self.growth.count.wait_for(|count| count.is_none_or(|count| count > next));
        let Ok(grown) = timeout(KEEP_ALIVE, grown).await else { return Some(": nothing new\n\n".into()) };
        (*grown.ok()?)?;
        self.read().await
    }

    async fn read(&mut self) -> Option<Bytes> {
        let (caller, from) = (self.caller.clone(), self.next);
        let read = self.api.ask(move |ledger, sights| {
            let mut follower = ledger.follow(from);
            let events = ledger.next_events(&mut follower, CHUNK, Duration::ZERO)?;
            let sight = sights.of(&caller, ledger)?;
            let texts: Vec<String> = events.iter().map(|event| text(event, &sight)).collect();
            Ok((texts.concat(), follower.position()))
        });
        let (text, next) = match read.await {
            Ok(read) => read,
            // Another try, a little later.
            Err(problem) if problem.kind() == Kind::Busy => return Some(": busy\n\n".into()),
            Err(_) => return None,
        };
        self.next = next;
        Some(text.into())
    }
}

/// An event as it is sent; of one that the caller may not see, its position alone, so that a reconnect goes on
/// behind it.
fn text(event: &ShownEvent, sight: &Sight) -> String {
    let position = event.position;
    if sight.sees(&event.account) {
        format!("id: {position}\ndata: {}\n\n", event.json)
    } else {
        format!("id: {position}\n\n")
    }
}
