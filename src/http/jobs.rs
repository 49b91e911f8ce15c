//! Jobs: work that takes longer than a question may. One request starts it, it goes on by itself, and others fetch what
//! came of it.
//!
//! So many run at once, and of each caller so many are kept that have ended; older ones make room. A job runs on a
//! thread of its own rather than on one of the runtime's, which would be waited for when the server stops: it hears of
//! the stop where it reports its progress. Jobs are in memory alone, and their ids begin with a word of this run, so
//! that none of an earlier one is taken for another.

mod starting;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use guanxi_projections::id::Actor;
use guanxi_projections::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::answer::Answer;
use super::caller::Caller;
use super::error::of_own;
use super::problem::{Kind, Outcome, Problem};
use super::query::{Nothing, Query};
use super::{Api, wire};
use crate::ledger::{Ledger, LedgerError, Role, SubmitError};

pub(super) use starting::{__path_backtest, __path_calibrate, CUTOFFS_MAX, backtest, calibrate};

/// Jobs that have ended and are kept, of each caller.
const KEPT: usize = 16;
/// Seconds after which a job may be tried again when there are too many.
const RETRY_S: u32 = 5;

/// Hears how much of the work is done, and of how much, and says whether to go on.
pub(super) type Hear<'a> = &'a mut dyn FnMut(usize, usize) -> ControlFlow<()>;

/// What is to be done, and for whom.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// What sort of work, as callers see it.
    pub(super) kind: &'static str,
    /// Who may fetch what comes of it.
    pub(super) owner: Actor,
    /// The request under which the trace knows it.
    pub(super) request: String,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    Running,
    Done,
    Failed,
    /// The server stopped before the end.
    Stopped,
}

/// A job as callers see it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Job {
    job: String,
    kind: &'static str,
    state: Standing,
    started_at: Timestamp,
    ended_at: Option<Timestamp>,
    progress: Progress,
    /// What the command line would answer.
    result: Option<Value>,
    /// Why it failed.
    problem: Option<Value>,
}

/// How much is done, and of how much; of nothing, before that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Progress {
    done: usize,
    total: usize,
}

impl Job {
    /// Where it is fetched.
    pub(super) fn path(&self) -> String {
        format!("/v1/jobs/{}", self.job)
    }
}

/// What a running job has done.
#[derive(Debug, Default)]
struct Counts {
    done: AtomicUsize,
    total: AtomicUsize,
}

#[derive(Debug)]
struct Entry {
    order: Order,
    started_at: Timestamp,
    counts: Arc<Counts>,
    ended: Option<Ended>,
}

#[derive(Debug)]
struct Ended {
    at: Timestamp,
    state: Standing,
    result: Option<Value>,
    problem: Option<Value>,
}

/// The jobs of this run, by number.
#[derive(Debug, Default)]
struct Kept {
    begun: u64,
    entries: BTreeMap<u64, Entry>,
}

impl Kept {
    /// Drops the oldest jobs of a caller that have ended, down to so many as are kept.
    fn make_room(&mut self, owner: &Actor) {
        let ended = |entry: &Entry| entry.order.owner == *owner && entry.ended.is_some();
        let own: Vec<u64> =
            self.entries.iter().filter(|(_, entry)| ended(entry)).map(|(number, _)| *number).collect();
        for number in own.iter().take(own.len().saturating_sub(KEPT)) {
            self.entries.remove(number);
        }
    }
}

/// Runs jobs and keeps what came of them.
#[derive(Debug)]
pub(super) struct Jobs {
    /// What the ids of this run begin with.
    run: String,
    turns: Arc<Semaphore>,
    at_once: usize,
    stopping: watch::Receiver<bool>,
    kept: Mutex<Kept>,
}

impl Jobs {
    /// So many at once; all end when `stopping` turns true.
    pub(super) fn new(at_once: usize, stopping: watch::Receiver<bool>) -> Self {
        let mut random = [0; 4];
        // Without random numbers an id of an earlier run may be taken for one of this; its owner is asked for all the same.
        let _ = getrandom::fill(&mut random);
        let run = format!("{:08x}", u32::from_be_bytes(random));
        Self { run, turns: Arc::new(Semaphore::new(at_once)), at_once, stopping, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a job.
    ///
    /// # Errors
    /// [`Kind::TooManyJobs`]; nothing was begun.
    pub(super) fn start(
        self: &Arc<Self>,
        ledger: &Arc<Ledger>,
        order: Order,
        work: impl FnOnce(&Ledger, Hear<'_>) -> Result<Value, SubmitError> + Send + 'static,
    ) -> Outcome<Job> {
        let too_many = || {
            let detail = format!("{} jobs are running, which is the most", self.at_once);
            Problem::new(Kind::TooManyJobs, detail).retry_after(RETRY_S)
        };
        let turn = Arc::clone(&self.turns).try_acquire_owned().map_err(|_| too_many())?;
        let (number, counts) = self.enter(order, ledger.now());
        let (jobs, ledger) = (Arc::clone(self), Arc::clone(ledger));
        let run = move || jobs.run(number, &counts, (ledger, turn), work);
        if let Err(error) = std::thread::Builder::new().name("job".to_owned()).spawn(run) {
            tracing::error!(%error, "a job has no thread");
            self.kept().entries.remove(&number);
            return Err(too_many());
        }
        self.show(number).ok_or_else(|| Problem::new(Kind::Internal, "the job is gone"))
    }

    fn enter(&self, order: Order, started_at: Timestamp) -> (u64, Arc<Counts>) {
        let mut kept = self.kept();
        kept.begun += 1;
        let (number, counts) = (kept.begun, Arc::default());
        kept.entries.insert(number, Entry { order, started_at, counts: Arc::clone(&counts), ended: None });
        (number, counts)
    }

    /// Does the work of a job, to its end or until the server stops.
    fn run(
        &self,
        number: u64,
        counts: &Counts,
        (ledger, turn): (Arc<Ledger>, OwnedSemaphorePermit),
        work: impl FnOnce(&Ledger, Hear<'_>) -> Result<Value, SubmitError>,
    ) {
        let mut hear = |done, total| {
            counts.done.store(done, Ordering::Relaxed);
            counts.total.store(total, Ordering::Relaxed);
            let stopped = *self.stopping.borrow() || self.stopping.has_changed().is_err();
            if stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&ledger, &mut hear)));
        self.end(number, ledger.now(), outcome.ok());
        // Whoever waits for the turns may close the ledger.
        drop(ledger);
        drop(turn);
    }

    /// Keeps what came of a job; `None` for one that panicked.
    fn end(&self, number: u64, at: Timestamp, outcome: Option<Result<Value, SubmitError>>) {
        let mut kept = self.kept();
        let Some(entry) = kept.entries.get_mut(&number) else { return };
        let (request, counts) = (&entry.order.request, &entry.counts);
        let (state, result, problem) = match outcome {
            Some(Ok(result)) => {
                // Not every work reports the last of it.
                counts.done.store(counts.total.load(Ordering::Relaxed), Ordering::Relaxed);
                (Standing::Done, Some(result), None)
            }
            Some(Err(SubmitError::Ledger(LedgerError::Stopped))) => (Standing::Stopped, None, None),
            Some(Err(error)) => (Standing::Failed, None, Some(of_own(error).json(request))),
            None => {
                tracing::error!(%request, "a bug: a job panicked");
                let bug =
                    Problem::new(Kind::Internal, "this is a bug; nothing that was acknowledged is lost");
                (Standing::Failed, None, Some(bug.json(request)))
            }
        };
        tracing::info!(%request, kind = entry.order.kind, state = ?state, "a job ended");
        entry.ended = Some(Ended { at, state, result, problem });
        let owner = entry.order.owner.clone();
        kept.make_room(&owner);
    }

    fn show(&self, number: u64) -> Option<Job> {
        let kept = self.kept();
        let Entry { order, started_at, counts, ended } = kept.entries.get(&number)?;
        let ended = ended.as_ref();
        Some(Job {
            job: format!("{}-{number}", self.run),
            kind: order.kind,
            state: ended.map_or(Standing::Running, |ended| ended.state),
            started_at: *started_at,
            ended_at: ended.map(|ended| ended.at),
            progress: Progress {
                done: counts.done.load(Ordering::Relaxed),
                total: counts.total.load(Ordering::Relaxed),
            },
            result: ended.and_then(|ended| ended.result.clone()),
            problem: ended.and_then(|ended| ended.problem.clone()),
        })
    }

    /// A job of a caller, by its id.
    ///
    /// # Errors
    /// [`Kind::JobUnknown`], also for one of somebody else; [`Kind::JobGone`] for one that has made room.
    pub(super) fn fetch(&self, id: &str, caller: &Caller) -> Outcome<Job> {
        let unknown =
            || Problem::new(Kind::JobUnknown, "there is no such job of yours in this run of the server");
        let (run, number) = id.rsplit_once('-').ok_or_else(unknown)?;
        let number: u64 = number.parse().map_err(|_| unknown())?;
        let kept = self.kept();
        if run != self.run || !(1..=kept.begun).contains(&number) {
            return Err(unknown());
        }
        let Some(entry) = kept.entries.get(&number) else {
            let detail = format!("of each caller the last {KEPT} jobs that have ended are kept");
            return Err(Problem::new(Kind::JobGone, detail));
        };
        let admin = caller.token.as_ref().is_some_and(|token| token.role == Role::Admin);
        if !admin && entry.order.owner != caller.actor {
            return Err(unknown());
        }
        drop(kept);
        self.show(number).ok_or_else(unknown)
    }

    /// How many are running.
    pub(super) fn running(&self) -> usize {
        self.at_once.saturating_sub(self.turns.available_permits())
    }

    /// Waits until no job runs.
    pub(super) async fn ended(&self) {
        let all = u32::try_from(self.at_once).unwrap_or(u32::MAX);
        // The semaphore is never closed.
        let _ = self.turns.acquire_many(all).await;
    }
}

/// The job named by the path.
#[derive(Debug, Clone)]
pub(super) struct JobPath(String);

impl<S: Send + Sync> FromRequestParts<S> for JobPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let axum::extract::Path(id) =
            path.map_err(|rejection| Problem::new(Kind::BadRequest, rejection.body_text()))?;
        Ok(Self(id))
    }
}

/// Show a job
///
/// How far it is, and once it is done the result, which is what the command line answers. Only whoever started it may see
/// it, and admins. The last 16 jobs of each caller that have ended are kept, until the server stops.
#[utoipa::path(get, path = "/v1/jobs/{job}", tag = "jobs",
    params(("job" = String, Path, description = "The job, as the request that started it was told", example = "9f86d081-1")),
    responses((status = 200, description = "The job", body = wire::Job)))]
pub(super) async fn show(
    State(api): State<Api>,
    caller: Caller,
    JobPath(id): JobPath,
    Query(Nothing {}): Query<Nothing>,
) -> Outcome<Answer> {
    let jobs = Arc::clone(api.jobs());
    api.ask(move |ledger, sights| {
        // A result is over all accounts, and a scope may have been narrowed meanwhile.
        sights.of(&caller, ledger)?.must_see_all()?;
        Answer::json(&jobs.fetch(&id, &caller)?)
    })
    .await
}
