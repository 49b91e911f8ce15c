//! The interface in process: requests go to the router, as they would after the connection.

mod access;
mod accounts;
mod documents;
mod events;
mod failures;
mod jobs;
mod matrix;
mod policies;
mod portfolio;
mod reasons;
mod reviews;
mod streams;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use guanxi_projections::id::AccountId;
use guanxi_projections::time::{Timestamp, Zone};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::jobs::Jobs;
use super::{Limits, Rate, router};
use crate::clock::FixedClock;
use crate::ledger::{Access, ClockCheck, Directory, Genesis, Ledger};

/// The clock's time when a test begins.
const NOW: &str = "2026-06-01T12:00:00Z";

fn limits() -> Limits {
    Limits {
        connections: 16,
        queries: 4,
        query_time: Duration::from_secs(20),
        appends: 8,
        streams: 2,
        jobs: 2,
        body_bytes: 100_000,
        rate: Rate { per_second: 1_000, burst: 1_000 },
        header_time: Duration::from_secs(2),
        grace: Duration::from_secs(2),
    }
}

/// A ledger with its router, gone at the end of the test.
struct Site {
    root: TempDir,
    clock: Arc<FixedClock>,
    ledger: Arc<Ledger>,
    router: Router,
    jobs: Arc<Jobs>,
    stopping: watch::Sender<bool>,
    runtime: Runtime,
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Site {
    fn new() -> Self {
        Self::with(limits())
    }

    fn with(limits: Limits) -> Self {
        let root = TempDir::new().unwrap();
        let now: Timestamp = NOW.parse().unwrap();
        let clock = Arc::new(FixedClock::at(now));
        let directory = Directory::new(&root.path().join("ledger"), None).unwrap();
        let genesis = Genesis { zone: Zone::named("UTC").unwrap(), policy: None };
        Ledger::create(&directory, clock.clone(), &genesis).unwrap();
        let access = Access::Write(ClockCheck::FirstAppend);
        let ledger = Arc::new(Ledger::open(&directory, clock.clone(), access, "test").unwrap());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (stopping, stopped) = watch::channel(false);
        let (router, jobs) = router(&ledger, limits, stopped);
        Self { root, clock, ledger, router, jobs, stopping, runtime }
    }

    /// A site with two accounts and a few events of each.
    fn with_events() -> Self {
        let site = Self::new();
        let events = [
            event(1, "account.opened", "acme", 1, json!({"name": "Acme"})),
            event(2, "account.opened", "bolt", 2, json!({"name": "Bolt"})),
            event(
                3,
                "order.placed",
                "acme",
                3,
                json!({"order": "o1", "amount": {"amount": "100.00", "currency": "CNY"}}),
            ),
            event(4, "note.taken", "bolt", 4, json!({"text": "quiet"})),
            event(
                5,
                "commitment.made",
                "acme",
                5,
                json!({"commitment": "c1", "by": "us", "due": "2026-07-01"}),
            ),
            event(6, "team.assigned", "acme", 6, json!({"person": "li.wei", "role": "owner"})),
        ];
        let reply = site.post("/v1/events", "application/cloudevents-batch+json", &json!(events).to_string());
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
        site
    }

    fn send(&self, request: Request<Body>) -> Reply {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let reply = self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            Reply { status: parts.status, headers: parts.headers, body }
        });
        if let Some(statuses) = described_statuses(&method, &path) {
            assert!(statuses.contains(&reply.status.as_str().to_owned()), "{method} {path}: {reply:?}");
        }
        reply
    }

    fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(request(Method::GET, path, headers, Body::empty()))
    }

    /// What the ledger says, as a program reads it.
    fn told(&self, answer: &impl serde::Serialize) -> Value {
        serde_json::from_str(&self.ledger.to_json(answer).unwrap()).unwrap()
    }

    /// Asserts that an answer is that of the ledger, and that it is not sent again to whoever has it.
    #[track_caller]
    fn check_answer(&self, path: &str, expected: &Value) {
        let reply = self.get(path);
        assert_eq!(reply.ok(), *expected, "{path}");
        let tag = reply.header("etag");
        let again = self.get_with(path, &[("if-none-match", tag)]);
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path} {tag}");
    }

    fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.post(path, "application/json", &body.to_string())
    }

    fn post(&self, path: &str, content_type: &str, body: &str) -> Reply {
        self.post_with(path, &[("content-type", content_type)], body)
    }

    /// A body that comes in pieces.
    fn post_pieces<const N: usize>(&self, path: &str, content_type: &str, pieces: [String; N]) -> Reply {
        let pieces = pieces.map(Ok::<_, std::convert::Infallible>);
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        self.send(request(Method::POST, path, &[("content-type", content_type)], body))
    }

    fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        self.send(request(Method::POST, path, headers, Body::from(body.to_owned())))
    }
}

/// The statuses that are described of an operation; `None` for a path or method that is none of those described.
fn described_statuses(method: &Method, path: &str) -> Option<Vec<String>> {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| {
        let mut document = super::described().split_for_parts().1;
        super::openapi::complete(&mut document);
        told(&document)
    });
    let given: Vec<_> = path.split('/').collect();
    let is_of = |template: &str| {
        let parts: Vec<_> = template.split('/').collect();
        let same = parts.iter().zip(&given).all(|(part, given)| part.starts_with('{') || part == given);
        same && parts.len() == given.len()
    };
    let paths = document["paths"].as_object().unwrap();
    // Of several the one that names most of the path, as the router does it.
    let (_, item) =
        paths.iter().filter(|(path, _)| is_of(path)).min_by_key(|(path, _)| path.matches('{').count())?;
    let responses = item.get(method.as_str().to_lowercase())?["responses"].as_object()?;
    Some(responses.keys().cloned().collect())
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

/// An event of the first days of 2026.
fn event(id: u32, event_type: &str, account: &str, day: u32, data: impl Into<Value>) -> Value {
    json!({
        "specversion": "1.0", "id": format!("e{id}"), "source": "crm", "type": event_type, "subject": account,
        "time": format!("2026-01-{day:02}T09:00:00Z"), "data": data.into(),
    })
}

/// Asserts that an answer is what was published of it.
#[track_caller]
fn has_shape<T: DeserializeOwned>(answer: &Value) {
    if let Err(error) = serde_json::from_value::<T>(answer.clone()) {
        panic!("{error}: {answer}");
    }
}

/// A ledger's answer as JSON.
fn told(answer: &impl serde::Serialize) -> Value {
    serde_json::to_value(answer).unwrap()
}

fn account(id: &str) -> AccountId {
    AccountId::new(id).unwrap()
}

impl Reply {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        assert_eq!(self.header("content-type"), "application/json");
        self.json()
    }

    #[track_caller]
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Asserts that the answer is a whole problem of a kind, and gives it.
    #[track_caller]
    fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/problems/{kind}"), "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert!(!problem["detail"].as_str().unwrap().is_empty() && problem["title"].is_string(), "{problem}");
        problem
    }
}
