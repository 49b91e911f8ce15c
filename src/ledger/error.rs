//! What can go wrong with a ledger, and what kind of failure it is.
//!
//! Messages are whole sentences for people who operate a ledger; causes stand in `source()`.

use std::path::{Path, PathBuf};

use guanxi_projections::backtest::InvalidCutoffs;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::TooMany;
use guanxi_projections::position::Position;
use guanxi_projections::rejection::Rejection;
use guanxi_projections::time::Timestamp;

use crate::log::{AppendError, Damage, OpenError, ReadError, RestoreError};
use crate::people;

/// Opening, reading or restoring a ledger failed.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// There is no ledger in the directory.
    #[error("there is no ledger in {}", .0.display())]
    Missing(PathBuf),
    /// There is one already. Nothing was changed.
    #[error("there already is a ledger in {}", .0.display())]
    Exists(PathBuf),
    /// Another process has it.
    #[error("the ledger in {} is held by {by}", ledger.display())]
    Held {
        /// Which ledger.
        ledger: PathBuf,
        /// By whom, since when.
        by: String,
    },
    /// A file could not be handled.
    #[error("could not {doing} {}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The log could not be opened.
    #[error("could not open the log")]
    Open(#[source] OpenError),
    /// The log could not be read.
    #[error("could not read the log")]
    Read(#[from] ReadError),
    /// The store of persons failed.
    #[error("the store of persons failed")]
    People(#[from] people::Error),
    /// An archive could not be restored.
    #[error("could not restore the archive")]
    Restore(#[from] RestoreError),
    /// No such account.
    #[error("there is no account `{0}`")]
    AccountUnknown(AccountId),
    /// Two coordinates in the wrong order.
    #[error("the first coordinates come after the second")]
    Backwards,
    /// An event that is not one of the account.
    #[error("the account `{account}` has no event {event}")]
    EventUnknown {
        /// Which account.
        account: AccountId,
        /// How the event was named.
        event: String,
    },
    /// A trend of too many points.
    #[error("a trend has at most {0} points: ask for a shorter time or wider steps")]
    TooManyPoints(usize),
    /// An account has outgrown what can be kept of it in memory.
    #[error("could not keep the event at position {position} in memory")]
    Image {
        /// The event that was too many.
        position: Position,
        /// Why.
        #[source]
        source: TooMany,
    },
    /// Whoever took the events stopped taking them.
    #[error("the export was interrupted")]
    Interrupted,
    /// Whoever asked wants no answer any more. Nothing was recorded.
    #[error("the work was stopped before its end")]
    Stopped,
    /// An event of the ledger's own could not be made.
    #[error("could not record an event of the ledger's own: {0}")]
    OwnEvent(String),
    /// A view could not be written as JSON.
    #[error("could not write the answer as JSON")]
    NotJson(#[source] serde_json::Error),
    /// The policy asked for cannot be used.
    #[error(transparent)]
    Policy(#[from] super::PolicyError),
    /// The history has no such cut-offs.
    #[error(transparent)]
    Backtest(#[from] InvalidCutoffs),
    /// A policy that says nothing new.
    #[error("the policy says what version {0} says, in every field")]
    PolicyUnchanged(u32),
    /// Reviews are recorded in the order of their instants.
    #[error("a review of {last} was recorded already, so that none of {as_of} can be")]
    ReviewOutOfOrder {
        /// The instant asked for.
        as_of: Timestamp,
        /// That of the last review.
        last: Timestamp,
    },
    /// Something is to be recorded of an instant that has not come.
    #[error("{0} has not come yet")]
    NotYet(Timestamp),
    /// Something is to hold up to an instant that is over.
    #[error("{0} is over already")]
    Over(Timestamp),
    /// An adjustment is said to be done that did not stand.
    #[error("no adjustment of `{0}` that is to be done reads `{1}`")]
    AdjustmentUnknown(AccountId, String),
    /// The record of who read what was changed.
    #[error("line {line} of the record of reads does not follow the one before it")]
    Access {
        /// Which, from 1.
        line: u64,
    },
    /// No random numbers could be had.
    #[error("the machine gives no random numbers")]
    Randomness(#[source] getrandom::Error),
}

/// What kind of failure an error is, for exit codes and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Something about the request or the surroundings.
    User,
    /// One id, two contents; or a count that was not the expected one.
    Conflict,
    /// What is stored contradicts itself.
    Integrity,
}

impl LedgerError {
    pub(super) fn file(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::File { doing, path: path.to_owned(), source }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        let unreadable = matches!(
            self,
            Self::Open(OpenError::Store(error)) | Self::Read(ReadError::Store(error)) if error.is_damage()
        );
        let contradicted = matches!(
            self,
            Self::Access { .. }
                | Self::Open(OpenError::Damaged(_))
                | Self::Read(ReadError::Damaged(_))
                | Self::Restore(RestoreError::Damaged(_))
                | Self::People(
                    people::Error::Damaged { .. }
                        | people::Error::TextDamaged { .. }
                        | people::Error::KeyMalformed { .. },
                )
        );
        if unreadable || contradicted { ErrorKind::Integrity } else { ErrorKind::User }
    }
}

impl From<Damage> for LedgerError {
    fn from(damage: Damage) -> Self {
        Self::Read(ReadError::Damaged(damage))
    }
}

/// Why one submitted event was not recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It broke a rule.
    #[error("{0}")]
    Rejected(Rejection),
    /// Its source and id stand at `position` with other content.
    #[error(
        "an event of the same source and id, but with other content, was recorded at position {position}"
    )]
    Conflict {
        /// Where.
        position: Position,
    },
    /// The stream does not have the expected number of events.
    #[error("the stream has {actual} events, not {expected}")]
    PreconditionFailed {
        /// How many were expected.
        expected: u64,
        /// How many there are.
        actual: u64,
    },
}

/// Submitting failed; each variant says what was recorded. "Nothing" is, of events each for itself, nothing more
/// than may have been recorded before: submitting the same again finds duplicates.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Nothing was recorded: an event of an all-or-nothing submission was refused.
    #[error("event {} of the submission was refused", index + 1)]
    Refused {
        /// Which, counted from 0.
        index: usize,
        /// Why.
        #[source]
        refused: Refused,
    },
    /// The log took nothing, or does not know whether it did: the cause says which.
    #[error("could not record")]
    Append(#[source] AppendError),
    /// Nothing was recorded: the ledger could not be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl SubmitError {
    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused { refused: Refused::Rejected(_), .. } | Self::Append(_) => ErrorKind::User,
            Self::Refused { .. } => ErrorKind::Conflict,
            Self::Ledger(error) => error.kind(),
        }
    }
}

impl From<ReadError> for SubmitError {
    fn from(error: ReadError) -> Self {
        Self::Ledger(error.into())
    }
}

impl From<people::Error> for SubmitError {
    fn from(error: people::Error) -> Self {
        Self::Ledger(error.into())
    }
}
