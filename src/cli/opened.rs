//! A ledger as a command has it: opened by itself, or served by the process that the command runs in.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::console::{self, Console};
use super::failure::Failure;
use crate::ledger::{
    Access, AppendError, ClockCheck, ClockTrusted, Directory, Ledger, Receipt, Submission, SubmitError,
};

/// How long a command waits before it submits again what there was no room for, and how often.
const BUSY_REST: Duration = Duration::from_millis(20);
const BUSY_RESTS: u32 = 500;

/// A ledger, and for how long its clock is taken to be right.
#[derive(Debug)]
pub(super) struct Opened {
    ledger: Arc<Ledger>,
    _clock: Option<ClockTrusted>,
}

impl Opened {
    /// One that was just opened.
    pub(super) fn new(ledger: Ledger) -> Self {
        Self { ledger: Arc::new(ledger), _clock: None }
    }

    /// One that is being served, under the name by which somebody asks for it.
    pub(super) fn served(ledger: &Arc<Ledger>, asked: &Directory, access: Access) -> Result<Self, Failure> {
        let (ours, theirs) = (ledger.directory().keys(), asked.keys());
        let whole = std::fs::canonicalize(Console::current().place(theirs));
        if !whole.is_ok_and(|theirs| std::fs::canonicalize(ours).is_ok_and(|ours| ours == theirs)) {
            let message = format!("the ledger is served with other keys than those in {}", theirs.display());
            return Err(Failure::user(message).hint("leave out --keys and GUANXI_KEYS, or stop the server"));
        }
        let clock = match access {
            Access::Write(ClockCheck::Overruled) => Some(ledger.trust_clock()),
            Access::Write(ClockCheck::FirstAppend | ClockCheck::Running) | Access::Read | Access::Restore => {
                None
            }
        };
        Ok(Self { ledger: Arc::clone(ledger), _clock: clock })
    }

    /// The ledger, for several threads.
    pub(super) fn share(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger)
    }
}

/// Submits, and waits for room when others have filled the queue: alone, a command always has some.
pub(super) fn submit(ledger: &Ledger, submission: &Submission) -> Result<Vec<Receipt>, SubmitError> {
    for _ in 0..BUSY_RESTS {
        match ledger.submit(submission) {
            Err(SubmitError::Append(AppendError::Busy)) => std::thread::sleep(BUSY_REST),
            other => return other,
        }
        console::go_on();
    }
    ledger.submit(submission)
}

impl Deref for Opened {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        &self.ledger
    }
}
