//! Answers about accounts that were written lately: equal coordinates give equal bytes, so that whoever asks again is
//! given what was written for somebody else.
//!
//! Live questions are the common ones, and they change with every second and every event; so nothing is kept for
//! longer than until the next event is recorded. That keeps names right, too: one goes when a person is erased, and
//! that is recorded. Only answers to those who see everything are kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use guanxi_projections::id::AccountId;
use guanxi_projections::time::Timestamp;
use tokio::sync::OnceCell;

use super::answer::Answer;
use super::asked::PolicyWord;
use super::problem::Outcome;

/// Bytes of answers that are kept at most, and how many; then all are dropped.
const BYTES_MAX: usize = 64 << 20;
const ANSWERS_MAX: usize = 16 << 10;

/// What an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) account: AccountId,
    pub(super) as_of: Timestamp,
    pub(super) known_at: Timestamp,
    pub(super) policy: PolicyWord,
}

/// An answer with what its keeping depends on.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) answer: Answer,
    /// Whether it shows no name that may go.
    pub(super) nameless: bool,
}

/// Written once for all who wait for it.
type Cell = Arc<OnceCell<Written>>;

/// The answers of one number of events.
#[derive(Debug, Default)]
struct Shelf {
    events: u64,
    bytes: usize,
    cells: BTreeMap<Key, Cell>,
}

/// Keeps answers.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Shelf>);

impl Kept {
    /// The answer that is kept, or the one that `write` makes now. `events` is how many were recorded when the key was
    /// made. Of several who ask at once one writes and the others wait.
    ///
    /// # Errors
    /// Those of `write`; nothing is kept then.
    pub(super) async fn get(
        &self,
        events: u64,
        key: Key,
        write: impl Future<Output = Outcome<Written>>,
    ) -> Outcome<Written> {
        let cell = self.cell(events, key);
        let write = async {
            let written = write.await?;
            self.weigh(events, written.answer.len());
            Ok(written)
        };
        cell.get_or_try_init(|| write).await.cloned()
    }

    fn cell(&self, events: u64, key: Key) -> Cell {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.events > events {
            // Overtaken by an event: nobody will ask for it again.
            return Cell::default();
        }
        if newest.events < events || newest.bytes > BYTES_MAX || newest.cells.len() >= ANSWERS_MAX {
            *newest = Shelf { events, ..Shelf::default() };
        }
        Arc::clone(newest.cells.entry(key).or_default())
    }

    fn weigh(&self, events: u64, bytes: usize) {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.events == events {
            newest.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::problem::{Kind, Problem};
    use super::*;

    fn key(account: &str) -> Key {
        let account = AccountId::new(account).unwrap();
        Key { account, as_of: Timestamp::MAX, known_at: Timestamp::MAX, policy: PolicyWord::Current }
    }

    fn written(text: &str) -> Outcome<Written> {
        Ok(Written { answer: Answer::json(&json!(text))?, nameless: true })
    }

    /// How many bytes the answer has that is given for a key, when one of so many would be written.
    async fn check(kept: &Kept, events: u64, account: &str, text: &str, expected: &str) {
        let given = kept.get(events, key(account), async { written(text) }).await.unwrap();
        assert_eq!(given.answer.len(), expected.len() + 2, "{account} at {events}");
    }

    #[tokio::test]
    async fn an_answer_is_kept_until_the_next_event() {
        let kept = Kept::default();
        check(&kept, 7, "acme", "one", "one").await;
        check(&kept, 7, "acme", "three", "one").await;
        check(&kept, 7, "bolt", "three", "three").await;
        check(&kept, 8, "acme", "three", "three").await;
        // Whoever was overtaken is answered, and changes nothing.
        check(&kept, 7, "acme", "one", "one").await;
        check(&kept, 8, "acme", "one", "three").await;
    }

    #[tokio::test]
    async fn what_failed_is_tried_again() {
        let kept = Kept::default();
        let failed = kept.get(1, key("acme"), async { Err(Problem::new(Kind::Busy, "a test")) }).await;
        assert_eq!(failed.map_err(|problem| problem.kind()).err(), Some(Kind::Busy));
        check(&kept, 1, "acme", "one", "one").await;
    }

    #[tokio::test]
    async fn no_more_is_kept_than_fits() {
        let kept = Kept::default();
        let large = "x".repeat(BYTES_MAX);
        check(&kept, 1, "acme", &large, &large).await;
        check(&kept, 1, "bolt", "one", "one").await;
        check(&kept, 1, "acme", "one", "one").await;
    }
}
