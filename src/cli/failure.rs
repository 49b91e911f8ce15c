//! How a command fails: an exit code, what went wrong with its causes, and what to do.

use std::error::Error;
use std::io;

use super::output;
use crate::ledger::{
    AppendError, ArchiveError, BackupError, ErrorKind, LedgerError, OpenError, Refused, RestoreError,
    SubmitError,
};

/// All is well.
pub(super) const OK: u8 = 0;
/// The request failed.
pub(super) const USER: u8 = 1;
/// One id with two contents, or a count that was not the expected one.
pub(super) const CONFLICT: u8 = 3;
/// Wrong usage, as clap has it.
pub(super) const USAGE: u8 = 2;
/// What is stored contradicts itself.
pub(super) const INTEGRITY: u8 = 4;
/// The program is wrong.
pub(super) const BUG: u8 = 70;

/// Why a command failed.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
}

impl Failure {
    /// A failure of the request.
    pub(super) fn user(message: impl Into<String>) -> Self {
        Self { code: USER, message: message.into(), causes: Vec::new(), hint: None }
    }

    /// The same failure with a word on what to do.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A failure of the request, with its causes.
    pub(super) fn caused(error: &(dyn Error + 'static)) -> Self {
        Self::of(error, ErrorKind::User)
    }

    fn of(error: &(dyn Error + 'static), kind: ErrorKind) -> Self {
        let code = match kind {
            ErrorKind::User => USER,
            ErrorKind::Conflict => CONFLICT,
            ErrorKind::Integrity => INTEGRITY,
        };
        let mut causes = Vec::new();
        let mut cause = error.source();
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        Self { code, message: error.to_string(), causes, hint: None }
    }

    /// Tells the person and gives the exit code. A reader that went away is no failure.
    pub(super) fn report(&self) -> u8 {
        if self.message.is_empty() {
            return OK;
        }
        output::error(&self.message, &self.causes, self.hint.as_deref());
        self.code
    }
}

impl From<LedgerError> for Failure {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most errors say everything themselves")]
    fn from(error: LedgerError) -> Self {
        let failure = Self::of(&error, error.kind());
        match &error {
            LedgerError::Missing(_) => {
                failure.hint("create one with `guanxi init`, or name another with --ledger or GUANXI_LEDGER")
            }
            LedgerError::Held { .. } => failure.hint("wait until it is done, or stop it"),
            LedgerError::AccountUnknown(_) => failure
                .hint("`guanxi accounts` lists them; it may not have had any event at these coordinates"),
            LedgerError::Open(OpenError::Damaged(_)) => failure.hint(DAMAGED),
            LedgerError::Restore(RestoreError::NotEmpty) => {
                failure.hint("restore into a new one: `guanxi init` without --currency or --policy, which are in the archive")
            }
            _ if failure.code == INTEGRITY => failure.hint(DAMAGED),
            _ => failure,
        }
    }
}

const DAMAGED: &str = "keep a copy of the directory as it is, then restore an archive made by `guanxi export \
                       --archive` into a new ledger";

impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Self {
        let failure = Self::of(&error, error.kind());
        match &error {
            SubmitError::Append(AppendError::ClockBehind { .. } | AppendError::ClockAhead { .. }) => {
                failure.hint("set the clock right, or say --accept-clock if it is")
            }
            SubmitError::Refused { refused: Refused::Conflict { .. }, .. } => {
                failure.hint("an event is never changed: give the new one an id of its own, or append an `event.corrected`")
            }
            SubmitError::Ledger(_) | SubmitError::Append(_) | SubmitError::Refused { .. } => failure,
        }
    }
}

impl From<ArchiveError> for Failure {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most errors say everything themselves")]
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Ledger(error) => error.into(),
            other => Self::of(&other, ErrorKind::User),
        }
    }
}

impl From<BackupError> for Failure {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most errors say everything themselves")]
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Ledger(error) => error.into(),
            other => Self::of(&other, other.kind()),
        }
    }
}

/// What the terminal or the file at the other end says.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::user("");
        }
        Self::user(format!("could not write the answer: {error}"))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
