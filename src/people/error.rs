//! What can go wrong with the keys of persons, and what state that leaves.

use std::io;
use std::path::PathBuf;

use guanxi_projections::id::PersonId;

/// Why something about persons failed. Reads on from "failed to ...: ".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or directory could not be read or written. Nothing that was durable before is touched.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// There already is a store of persons in this directory, or a wrapping key in this keys directory.
    /// Nothing was written.
    #[error("{} exists already; every ledger needs a keys directory of its own: name another with --keys or GUANXI_KEYS", path.display())]
    Exists {
        /// What exists.
        path: PathBuf,
    },
    /// The keys directory lies inside the ledger, where every copy of the ledger would take the key along.
    #[error("the keys directory {} lies inside the ledger directory {}: name one outside it with --keys or GUANXI_KEYS", keys.display(), ledger.display())]
    KeysInside {
        /// The keys directory.
        keys: PathBuf,
        /// The ledger directory.
        ledger: PathBuf,
    },
    /// The wrapping key is not where it was looked for.
    #[error("there is no wrapping key at {}: name the keys directory of this ledger with --keys or GUANXI_KEYS", path.display())]
    KeyMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The key file is not of the form that this program writes.
    #[error("{} is not a whole wrapping key: {says}; restore it from its backup", path.display())]
    KeyMalformed {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it.
        says: &'static str,
    },
    /// The wrapping key is that of another ledger, or an older or newer one of this ledger.
    #[error("{} holds wrapping key {found}, but {} needs {needed}: name the keys directory of this ledger with --keys or GUANXI_KEYS", key.display(), store.display())]
    KeyWrong {
        /// The key file.
        key: PathBuf,
        /// Short id of the key in it.
        found: String,
        /// The store of persons.
        store: PathBuf,
        /// Short id of the key that it is wrapped by.
        needed: String,
    },
    /// The store was written by a newer program. Nothing was read or written.
    #[error("{} has format version {version}; this program knows version 1 only: use a newer program", path.display())]
    Newer {
        /// The store.
        path: PathBuf,
        /// The version it has.
        version: u16,
    },
    /// Bytes of the store that were durable are not what was written. Nothing was written.
    #[error("{} is damaged at byte {offset}: {says}; restore it from a backup", path.display())]
    Damaged {
        /// The store.
        path: PathBuf,
        /// Where the damaged header or entry begins.
        offset: u64,
        /// What is wrong.
        says: &'static str,
    },
    /// Another process has the store open for writing.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The store.
        path: PathBuf,
    },
    /// New entries could not be made durable, and it is unknown which of them are on disk. Nothing that uses
    /// them may be committed. The store takes no more entries until it is opened again.
    #[error("cannot write the keys of persons to {}; the ledger must be opened again before anything is sealed", path.display())]
    Write {
        /// The store.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// An earlier write failed as in [`Error::Write`]. Nothing was done.
    #[error("an earlier write to {} failed; the ledger must be opened again before anything is sealed", path.display())]
    Poisoned {
        /// The store.
        path: PathBuf,
    },
    /// The store was opened without the right to write, or without its key. Nothing was done.
    #[error("{} is open without the right to seal", path.display())]
    CannotSeal {
        /// The store.
        path: PathBuf,
    },
    /// The system has no random bytes to give. Nothing was done.
    #[error("cannot get random bytes from the system: {0}")]
    Randomness(getrandom::Error),
    /// A text is longer than can be sealed.
    #[error("a text is too long to be sealed")]
    TooLong,
    /// A payload names more persons than the entry of a text's key can hold.
    #[error("`{field}`: a text may not speak of more than {} persons", u16::MAX)]
    TooManyPersons {
        /// The field of the text.
        field: String,
    },
    /// A particular belongs to a person who has no key: erased, or only known by pseudonym.
    #[error("`{field}`: {person} has no key here, so nothing can be sealed for that person")]
    PersonUnknown {
        /// The field of the particular.
        field: String,
        /// Whose it is.
        person: PersonId,
    },
    /// A particular stands in a payload that refers to no person.
    #[error("`{field}`: the event names no person whom this could belong to")]
    NoPerson {
        /// The field of the particular.
        field: String,
    },
    /// The new data of a correction do not have the shape of the corrected event.
    #[error("`{field}`: {says}")]
    Replacement {
        /// The place, such as `data.customer[0]`.
        field: String,
        /// What is wrong there.
        says: String,
    },
    /// A sealed text is not what was sealed at this place.
    #[error("the text `{field}` of event {source_name}/{id} is damaged: {says}")]
    TextDamaged {
        /// The field.
        field: String,
        /// Who submitted the event.
        source_name: String,
        /// The event.
        id: String,
        /// What is wrong.
        says: &'static str,
    },
}

impl Error {
    /// For `map_err`: what was being done, to what.
    pub(super) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}

/// Something about the store that is worth a warning, though it opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Others than the owner may read the wrapping key.
    KeyExposed {
        /// The key file or its directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The last write had been interrupted before it was durable; what it left was cut off, or passed over when
    /// opened for reading. Nothing committed can have used it.
    TornTail {
        /// The store.
        path: PathBuf,
        /// Where the torn bytes began.
        offset: u64,
        /// How many there were.
        bytes: u64,
    },
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::KeyExposed { path, mode } => {
                write!(f, "{} may be read by others (mode {mode:04o}): take that right away", path.display())
            }
            Self::TornTail { path, offset, bytes } => write!(
                f,
                "{}: the last write was interrupted; {bytes} bytes from byte {offset} on, never used, are left out",
                path.display()
            ),
        }
    }
}
