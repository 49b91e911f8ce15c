//! What can go wrong in the log, and what state the data is in afterwards.
//!
//! Messages are fragments that follow "failed to ..."; the cause stands in `source()` and is not repeated.

use std::sync::Arc;

use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;

use super::record::RecordError;

/// The store refused an operation. Nothing was changed by the operation itself.
#[derive(Debug, thiserror::Error)]
#[error("{operation}")]
pub struct StoreError {
    /// What was being done, as a fragment: "read a record".
    pub operation: &'static str,
    /// What the store said.
    #[source]
    pub source: Box<redb::Error>,
}

impl StoreError {
    pub(super) fn new(operation: &'static str, source: impl Into<redb::Error>) -> Self {
        Self { operation, source: Box::new(source.into()) }
    }

    /// Whether another process holds the file.
    pub fn is_held_elsewhere(&self) -> bool {
        matches!(*self.source, redb::Error::DatabaseAlreadyOpen)
    }

    /// Whether the file is damaged.
    pub fn is_damage(&self) -> bool {
        if let redb::Error::Io(error) = &*self.source {
            matches!(error.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof)
        } else {
            matches!(*self.source, redb::Error::Corrupted(_) | redb::Error::UpgradeRequired(_))
        }
    }

    /// Whether the file was left by a crash and has to be opened for writing once.
    pub fn wants_repair(&self) -> bool {
        matches!(*self.source, redb::Error::RepairAborted)
    }
}

/// Names the operation on the way out of redb.
pub(super) trait Doing<T> {
    fn doing(self, operation: &'static str) -> Result<T, StoreError>;
}

impl<T, E: Into<redb::Error>> Doing<T> for Result<T, E> {
    fn doing(self, operation: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::new(operation, source))
    }
}

/// What is stored contradicts itself. Nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// A record cannot be read.
    #[error("the record at position {position} cannot be read")]
    Record {
        /// Which.
        position: Position,
        /// Why.
        #[source]
        source: RecordError,
    },
    /// A record is missing, or stands where another belongs.
    #[error("position {expected} is missing: the record found there says {found}")]
    Gap {
        /// The place looked at.
        expected: Position,
        /// What the record found says of its own place.
        found: Position,
    },
    /// The sequence of a stream has a gap.
    #[error("position {position}: stream `{account}` goes on with sequence {found} instead of {expected}")]
    Sequence {
        /// Where.
        position: Position,
        /// In which stream.
        account: String,
        /// The sequence that should follow.
        expected: u64,
        /// The one found.
        found: u64,
    },
    /// The hash that ties a record to the one before it in its stream is another.
    #[error("position {position}: the hash of the previous event of stream `{account}` does not match")]
    Chain {
        /// Where.
        position: Position,
        /// In which stream.
        account: String,
    },
    /// A record was not recorded after the one before it.
    #[error("position {0} was not recorded after the one before it")]
    Recorded(Position),
    /// A stored node of the tree is not the hash of what it covers.
    #[error("the tree does not match the records: node {node}, completed by position {position}")]
    Tree {
        /// The node's number.
        node: u64,
        /// The leaf that completed it.
        position: Position,
    },
    /// One source and id at two positions.
    #[error("positions {first} and {second} have the same source and id")]
    Repeated {
        /// The earlier.
        first: Position,
        /// The later.
        second: Position,
    },
    /// The index on disk does not match the records.
    #[error("the index flushed to position {0} does not match the records")]
    Index(Position),
    /// Something of the store's own is missing or malformed.
    #[error("{0}")]
    Store(String),
}

/// Opening failed. Nothing is changed but what the store itself repaired.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store could not be opened or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored contradicts itself.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// There is no log in the file.
    #[error("the file holds no guanxi log")]
    NotALog,
    /// There already is one.
    #[error("the file already holds a guanxi log")]
    Exists,
    /// A newer program wrote it.
    #[error("the log has format {found}; this program reads up to format {known}")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest known.
        known: u32,
    },
    /// The writer's thread could not be started.
    #[error("start the writer")]
    Thread(#[source] std::io::Error),
}

/// Reading failed. Nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored contradicts itself.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// The log is closed, or being reopened after a failed commit that it could not recover from.
    #[error("the log is not open")]
    Closed,
}

/// Why one event of a submission was refused. Nothing of it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The same source and id stand at `position` with other content.
    #[error("an event of this source and id with other content stands at position {position}")]
    Conflict {
        /// Where.
        position: Position,
    },
    /// The stream already has events, where none was expected.
    #[error("the stream already exists")]
    Exists,
    /// The stream has no events, where some were expected.
    #[error("the stream does not exist")]
    Missing,
    /// The stream has another number of events than expected.
    #[error("the stream has {actual} events, not {expected}")]
    Count {
        /// How many were expected.
        expected: u64,
        /// How many there are.
        actual: u64,
    },
    /// The record would be larger than a record may be.
    #[error("the record would have more than {max} bytes")]
    TooLarge {
        /// The most it may have.
        max: usize,
    },
}

/// Appending failed. Each variant says whether it happened.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Did not happen: the queue is full. Try again later.
    #[error("the queue is full")]
    Busy,
    /// Did not happen: a submission may not have that many events.
    #[error("a submission has {0} events; the most is {max}", max = super::SUBMISSION_EVENTS_MAX)]
    TooMany(usize),
    /// Did not happen, none of it: one event of an all-or-nothing submission was refused.
    #[error("event {index} of the submission was refused")]
    Refused {
        /// Which, counted from 0.
        index: usize,
        /// Why.
        #[source]
        refusal: Refusal,
    },
    /// Did not happen: the clock is far behind the last record.
    #[error("the clock says {now}, more than 5 minutes before the last record at {last}")]
    ClockBehind {
        /// What the clock says.
        now: Timestamp,
        /// When the last event was recorded.
        last: Timestamp,
    },
    /// Did not happen: after a restart the clock is far ahead of the last record.
    #[error("the clock says {now}, more than a year after the last record at {last}")]
    ClockAhead {
        /// What the clock says.
        now: Timestamp,
        /// When the last event was recorded.
        last: Timestamp,
    },
    /// Did not happen: the commit failed, and after reopening the log shows that nothing of it was recorded.
    #[error("commit (nothing was recorded)")]
    NotRecorded(#[source] Arc<StoreError>),
    /// Unknown: the commit failed and the log could not be reopened to see. Submit the same events again
    /// after opening; they are recognised if they were recorded.
    #[error("commit (whether it was recorded is unknown until the ledger is opened again)")]
    Unknown(#[source] Arc<StoreError>),
    /// Did not happen: the log takes no events, because of an earlier failure, a restore that is not finished,
    /// or since it was opened for reading.
    #[error("the log takes no events: {0}")]
    Stopped(String),
}

/// Restoring an archive failed. What was restored before stays, marked as unfinished.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The log has events of its own.
    #[error("the ledger is not empty: an archive is restored into an empty ledger only")]
    NotEmpty,
    /// A line's record does not follow the one before it.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// The commit failed.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
