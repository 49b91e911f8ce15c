//! What can go wrong with a backup.

use std::io;
use std::path::{Path, PathBuf};

use super::super::{ArchiveError, ErrorKind, LedgerError};

/// Why a backup was not made or not restored: nothing is left that could be taken for one, or for a ledger.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something already.
    #[error("{0} is there already, and not empty")]
    Exists(PathBuf),
    /// The path has no last part.
    #[error("{0} has no name to be known by")]
    Nameless(PathBuf),
    /// There is no finished backup.
    #[error("{0} is not a finished backup: there is no backup.json")]
    NotOne(PathBuf),
    /// A newer program made it.
    #[error("{path} was made by a newer program (version {version} of the layout)")]
    Newer {
        /// The backup.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// A file is not what was written.
    #[error("the backup is damaged: {}: {says}", .path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Where in it, and how.
        says: String,
    },
    /// Another ledger's keys are where these would go.
    #[error("{0} is another ledger's: name another place with --keys")]
    OtherKeys(PathBuf),
    /// The archive in it cannot be restored.
    #[error("failed to restore {}", .path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// Why.
        source: ArchiveError,
    },
    /// The system refused.
    #[error("failed to {doing} {}", .path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The ledger itself refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl BackupError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }

    pub(super) fn damaged(path: &Path, says: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), says: says.into() }
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Damaged { .. } | Self::Archive { .. } => ErrorKind::Integrity,
            Self::Ledger(error) => error.kind(),
            Self::Exists(_)
            | Self::Nameless(_)
            | Self::NotOne(_)
            | Self::Newer { .. }
            | Self::OtherKeys(_)
            | Self::Io { .. } => ErrorKind::User,
        }
    }
}
