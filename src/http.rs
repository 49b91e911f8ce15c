//! The HTTP interface: what the command line can ask, a program can ask, in the same words and the same JSON.
//!
//! One file per resource. A handler reads the request into the ledger's words, asks the ledger on a thread that may
//! block (`pool`), and writes the answer; every failure becomes a `problem` by the single table in `error`. This
//! room knows no file of the ledger and not how the log keeps its bytes.
//!
//! Every request passes `frame` (its id, its line in the log, its measurement) and then `gate` (who asks, and
//! whether this one may), in this order, before it reaches a handler.

mod account;
mod accounts;
mod alerts;
mod answer;
mod asked;
mod body;
mod caller;
mod diff;
mod error;
mod events;
mod explain;
mod filter;
mod frame;
mod gate;
mod health;
mod jobs;
mod kept;
mod metrics;
mod openapi;
mod page;
mod permission;
mod policies;
mod pool;
mod portfolio;
mod problem;
mod problems;
mod query;
mod rate;
mod reviews;
mod schema;
mod server;
mod tls;
mod whatif;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use guanxi_projections::time::Timestamp;
use tokio::sync::watch;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ledger::{Ledger, ReadNote};
use caller::{Caller, Sights};
use events::Growth;
use jobs::Jobs;
use kept::Kept;
use metrics::Metrics;
use openapi::Document;
use pool::Pool;
use problem::{Kind, Outcome, Problem};
use rate::Rates;

pub use rate::Rate;
pub use server::{Listening, ServeError, Server, Way};
pub use tls::TlsFiles;

#[cfg(test)]
mod tests;

/// How much may be asked at once, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Questions that are answered at once.
    pub queries: usize,
    /// How long a question may take.
    pub query_time: Duration,
    /// Appends that wait for the writer at once.
    pub appends: usize,
    /// Readers that follow the log at once.
    pub streams: usize,
    /// Jobs that run at once.
    pub jobs: usize,
    /// Bytes of a body of one event or a batch.
    pub body_bytes: usize,
    /// Requests of each token.
    pub rate: Rate,
    /// How long the headers of a request may take to come, and how long its body may pause.
    pub header_time: Duration,
    /// How long a connection that shall be closed may go on.
    pub grace: Duration,
}

/// How long a question or an append waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an append may take: longer than any disk takes, so that whoever sent it hears what became of it.
const APPEND_TIME: Duration = Duration::from_mins(2);

/// What every handler works with.
#[derive(Debug, Clone)]
struct Api(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    ledger: Arc<Ledger>,
    limits: Limits,
    queries: Pool,
    appends: Pool,
    parsing: Pool,
    notes: Pool,
    sights: Sights,
    rates: Rates,
    kept: Kept,
    metrics: Metrics,
    growth: Growth,
    jobs: Arc<Jobs>,
    document: Document,
}

impl Api {
    /// Asks the ledger on a thread that may block.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Ledger, &Sights) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let shared = Arc::clone(&self.0);
        self.0.queries.run(move || ask(&shared.ledger, &shared.sights)).await?
    }

    /// Asks about one account, which the caller has to see.
    async fn ask_about<T: Send + 'static>(
        &self,
        caller: Caller,
        account: guanxi_projections::id::AccountId,
        ask: impl FnOnce(&Ledger, &guanxi_projections::id::AccountId) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.ask(move |ledger, sights| {
            sights.of(&caller, ledger)?.must_see(&account)?;
            ask(ledger, &account)
        })
        .await
    }

    /// Records on a thread that may block.
    async fn record<T: Send + 'static>(
        &self,
        record: impl FnOnce(&Ledger, &Sights) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let shared = Arc::clone(&self.0);
        self.0.appends.run(move || record(&shared.ledger, &shared.sights)).await?
    }

    /// Works on a thread that may block, without the ledger.
    async fn parse<T: Send + 'static>(&self, parse: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
        self.0.parsing.run(parse).await
    }

    /// Notes a read, and waits when too many wait to be noted.
    async fn note(&self, note: ReadNote) -> Outcome<()> {
        let shared = Arc::clone(&self.0);
        match shared.ledger.try_note_read(note)? {
            None => Ok(()),
            Some(note) => Ok(self.0.notes.run(move || shared.ledger.note_read(note)).await??),
        }
    }

    fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    fn rates(&self) -> &Rates {
        &self.0.rates
    }

    fn limits(&self) -> &Limits {
        &self.0.limits
    }

    fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    fn kept(&self) -> &Kept {
        &self.0.kept
    }

    fn growth(&self) -> &Growth {
        &self.0.growth
    }

    fn jobs(&self) -> &Arc<Jobs> {
        &self.0.jobs
    }

    fn document(&self) -> &Document {
        &self.0.document
    }

    fn now(&self) -> Timestamp {
        self.0.ledger.now()
    }
}

/// The routes, and their description.
fn described() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(openapi::bare())
        .routes(routes!(events::append, events::list))
        .routes(routes!(events::stream))
        .routes(routes!(events::show))
        .routes(routes!(accounts::list))
        .routes(routes!(account::show))
        .routes(routes!(account::history))
        .routes(routes!(account::trend))
        .routes(routes!(account::list))
        .routes(routes!(explain::explain))
        .routes(routes!(diff::diff))
        .routes(routes!(whatif::what_if))
        .routes(routes!(portfolio::show))
        .routes(routes!(portfolio::trend))
        .routes(routes!(portfolio::movement))
        .routes(routes!(alerts::list))
        .routes(routes!(reviews::list, reviews::hold))
        .routes(routes!(reviews::propose))
        .routes(routes!(reviews::key_accounts))
        .routes(routes!(policies::list, policies::adopt))
        .routes(routes!(policies::show))
        .routes(routes!(jobs::backtest))
        .routes(routes!(jobs::calibrate))
        .routes(routes!(jobs::show))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(metrics::show))
}

/// Everything that is served of a ledger, and the jobs that were started by it. `stopping` turns true when the server
/// stops: streams and jobs end then.
fn router(ledger: &Arc<Ledger>, limits: Limits, stopping: watch::Receiver<bool>) -> (Router, Arc<Jobs>) {
    let (routes, mut document) = described().split_for_parts();
    openapi::complete(&mut document);
    let jobs = Arc::new(Jobs::new(limits.jobs, stopping.clone()));
    let api = Api(Arc::new(Shared {
        ledger: Arc::clone(ledger),
        limits,
        queries: Pool::new(limits.queries, PATIENCE, limits.query_time),
        appends: Pool::new(limits.appends, PATIENCE, APPEND_TIME),
        parsing: Pool::new(limits.queries, APPEND_TIME, APPEND_TIME),
        notes: Pool::new(limits.queries, APPEND_TIME, APPEND_TIME),
        sights: Sights::default(),
        rates: Rates::new(limits.rate),
        kept: Kept::default(),
        metrics: Metrics::default(),
        growth: Growth::watch(ledger, stopping, limits.streams),
        jobs: Arc::clone(&jobs),
        document: Document::of(document),
    }));
    let served = routes
        .route("/", get(openapi::root))
        .route("/openapi.json", get(openapi::document))
        .route("/docs", get(openapi::to_pages))
        .route("/docs/", get(openapi::pages))
        .route("/docs/{*path}", get(openapi::pages))
        .route("/problems", get(problems::all))
        .route("/problems/{name}", get(problems::one))
        .fallback(nothing_there)
        .method_not_allowed_fallback(not_that_way)
        .layer(from_fn_with_state(api.clone(), gate::pass))
        .layer(from_fn_with_state(api.clone(), frame::around))
        .with_state(api);
    (served, jobs)
}

async fn nothing_there() -> Problem {
    Problem::new(Kind::NotFound, "there is nothing at this path")
}

async fn not_that_way() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "the path does not take this method")
}
