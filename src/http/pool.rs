//! The bridge to the ledger, which blocks: so many calls at once, so much waiting for a turn, so much time for
//! each. What is over the limit is refused, and memory does not grow.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::error::busy;
use super::problem::{Kind, Outcome, Problem};

/// Calls of one sort.
#[derive(Debug)]
pub(super) struct Pool {
    turns: Arc<Semaphore>,
    patience: Duration,
    time: Duration,
}

impl Pool {
    /// So many at once; whoever waits longer than `patience` for a turn is refused, and so is whoever then takes
    /// longer than `time`.
    pub(super) fn new(at_once: usize, patience: Duration, time: Duration) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once)), patience, time }
    }

    /// Runs a call. One that takes too long goes on, and keeps its turn, but nobody waits for it any more.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Outcome<T> {
        let turn = timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(busy("too many questions are being answered already")) };
        let span = tracing::Span::current();
        let task = spawn_blocking(move || {
            let _turn = turn;
            span.in_scope(call)
        });
        match timeout(self.time, task).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(panicked)) => {
                tracing::error!(error = %panicked, "a bug: a request panicked");
                Err(Problem::new(Kind::Internal, "this is a bug; nothing that was acknowledged is lost"))
            }
            Err(_) => {
                let seconds = self.time.as_secs();
                Err(Problem::new(Kind::QueryTooLong, format!("it took longer than {seconds} s")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind<T>(outcome: Outcome<T>) -> Kind {
        outcome.err().map(|problem| problem.kind()).unwrap()
    }

    #[tokio::test]
    async fn what_is_over_a_limit_is_refused() {
        let pool = Pool::new(1, Duration::from_millis(20), Duration::from_millis(20));
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let slow = pool.run(move || wait.recv().is_ok()).await;
        assert_eq!(kind(slow), Kind::QueryTooLong);
        // Its turn is still taken.
        assert_eq!(kind(pool.run(|| ()).await), Kind::Busy);
        go.send(()).unwrap();
        let patient = Pool { turns: Arc::clone(&pool.turns), patience: Duration::from_secs(10), ..pool };
        assert_eq!(patient.run(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_panic_is_a_problem() {
        let pool = Pool::new(1, Duration::from_mins(1), Duration::from_mins(1));
        assert_eq!(kind(pool.run(|| panic!("a test")).await), Kind::Internal);
        assert_eq!(pool.run(|| 7).await.unwrap(), 7);
    }
}
