//! The way back from the writer to a submitter.
//!
//! A slot and an unparked thread instead of a channel: a commit answers up to a thousand submitters one after the
//! other, and what waking one of them costs is what all the later ones wait for. The events travel back with the
//! reply, so that the submitter's thread, not the writer, frees what the submitter's thread allocated.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;

use super::error::AppendError;
use super::staging::{Outcome, Prepared};

pub(super) type Reply = Result<Vec<Outcome>, AppendError>;

#[derive(Debug)]
enum Slot {
    /// No reply yet; who waits for it, if anybody does.
    Pending(Option<Thread>),
    Replied(Reply, Vec<Prepared>),
    /// The reply was taken, or will never come.
    Empty,
}

/// An append under way.
#[derive(Debug)]
pub struct Ticket(Arc<Mutex<Slot>>);

/// The writer's end. Dropped without a reply it tells the submitter that none will come.
#[derive(Debug)]
pub(super) struct Promise(Arc<Mutex<Slot>>);

impl Ticket {
    pub(super) fn new() -> (Promise, Self) {
        let slot = Arc::new(Mutex::new(Slot::Pending(None)));
        (Promise(Arc::clone(&slot)), Self(slot))
    }

    /// Waits until the commit returned.
    ///
    /// # Errors
    /// [`AppendError`]; each variant says whether it happened.
    pub fn wait(self) -> Reply {
        loop {
            let mut slot = lock(&self.0);
            match std::mem::replace(&mut *slot, Slot::Empty) {
                Slot::Replied(reply, _events) => return reply,
                Slot::Empty => return Err(AppendError::Stopped("the writer is gone".to_owned())),
                Slot::Pending(_) => *slot = Slot::Pending(Some(std::thread::current())),
            }
            drop(slot);
            std::thread::park();
        }
    }
}

impl Promise {
    /// Replies, once: later replies are ignored.
    pub(super) fn reply(&self, reply: Reply, events: Vec<Prepared>) {
        self.fill(Slot::Replied(reply, events));
    }

    fn fill(&self, with: Slot) {
        let mut slot = lock(&self.0);
        let waiting = match &mut *slot {
            Slot::Pending(waiting) => waiting.take(),
            Slot::Replied(..) | Slot::Empty => return,
        };
        *slot = with;
        drop(slot);
        if let Some(thread) = waiting {
            thread.unpark();
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        self.fill(Slot::Empty);
    }
}

fn lock(slot: &Mutex<Slot>) -> MutexGuard<'_, Slot> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_reaches_who_waits_before_it_and_who_asks_after_it() {
        let (promise, ticket) = Ticket::new();
        let waiting = std::thread::spawn(move || ticket.wait());
        promise.reply(Ok(Vec::new()), Vec::new());
        assert!(waiting.join().unwrap().is_ok());

        let (promise, ticket) = Ticket::new();
        promise.reply(Ok(Vec::new()), Vec::new());
        promise.reply(Err(AppendError::Busy), Vec::new());
        drop(promise);
        assert!(ticket.wait().is_ok());
    }

    #[test]
    fn a_promise_dropped_without_a_reply_is_heard() {
        let (promise, ticket) = Ticket::new();
        let waiting = std::thread::spawn(move || ticket.wait());
        drop(promise);
        assert!(matches!(waiting.join().unwrap(), Err(AppendError::Stopped(_))));
    }
}
