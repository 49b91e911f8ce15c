//! The ledger's directory: where its files are, and who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use guanxi_projections::time::Timestamp;

use super::error::LedgerError;
use crate::log::Storage;
use crate::people;

/// Where the files of one ledger are.
#[derive(Debug, Clone)]
pub struct Directory {
    ledger: PathBuf,
    keys: PathBuf,
}

impl Directory {
    /// The ledger in `ledger`, with the keys in `keys` or, by default, beside it in `<ledger>.keys`.
    ///
    /// # Errors
    /// [`LedgerError::People`] when there is no "beside", as for `/`.
    pub fn new(ledger: &Path, keys: Option<&Path>) -> Result<Self, LedgerError> {
        let keys = match keys {
            Some(keys) => keys.to_owned(),
            None => people::keys_dir_beside(ledger)?,
        };
        Ok(Self { ledger: ledger.to_owned(), keys })
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.ledger
    }

    /// The directory of the keys.
    pub fn keys(&self) -> &Path {
        &self.keys
    }

    pub(super) fn log(&self) -> PathBuf {
        self.ledger.join("log.redb")
    }

    pub(super) fn storage(&self) -> Storage {
        Storage::File(self.log())
    }

    pub(super) fn cache(&self) -> PathBuf {
        self.ledger.join("cache")
    }

    pub(super) fn tokens(&self) -> PathBuf {
        self.ledger.join("tokens")
    }

    pub(super) fn access(&self) -> PathBuf {
        self.ledger.join("access")
    }

    /// The socket through which others work on the ledger while it is served.
    pub fn socket(&self) -> PathBuf {
        self.ledger.join("socket")
    }

    fn holder(&self) -> PathBuf {
        self.ledger.join("holder")
    }

    /// Takes the ledger for writing, until the hold is dropped.
    pub(super) fn hold(&self, purpose: &str, now: Timestamp) -> Result<Hold, LedgerError> {
        let path = self.holder();
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(|source| LedgerError::file("open", &path, source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(self.held()),
            Err(TryLockError::Error(source)) => return Err(LedgerError::file("lock", &path, source)),
        }
        let says = format!("process {} (`{purpose}`, since {now})\n", std::process::id());
        let written =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(says.as_bytes()));
        written.map_err(|source| LedgerError::file("write", &path, source))?;
        Ok(Hold { _file: file })
    }

    /// The error that says who holds the ledger.
    pub(super) fn held(&self) -> LedgerError {
        let mut says = String::new();
        let read = File::open(self.holder()).and_then(|file| file.take(500).read_to_string(&mut says));
        let by = match read {
            Ok(length) if length > 0 => says.trim_end().to_owned(),
            _ => "another process".to_owned(),
        };
        LedgerError::Held { ledger: self.ledger.clone(), by }
    }
}

/// The right to write to a ledger: one process at a time.
#[derive(Debug)]
pub(super) struct Hold {
    _file: File,
}
