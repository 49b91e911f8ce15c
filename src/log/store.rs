//! The redb database behind the log: how it is opened, its tables, and what it may hold.
//!
//! Tables are keyed by integers that only grow, so that every commit writes at the right edge of each tree:
//!
//! | table | key | value |
//! |---|---|---|
//! | `records` | position | keyed content digest with its checksum, then the record's frame: see `value` |
//! | `tree` | number of the node | 32 bytes: a complete interior node of the Merkle tree |
//! | `segments` | (first position, chunk) | a piece of a flushed index segment |
//! | `meta` | [`MetaKey`] | identity, watermark of the index, mark of a restore |
//!
//! The digest stands outside the frame, since the frame is what the tree hashes and a digest of personal data,
//! keyed or not, must not be sealed for ever.
//!
//! Types are integers, byte slices and fixed tuples of integers alone: redb has changed the encoding of
//! everything else between releases.

use std::cell::Cell;
use std::fmt;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use redb::{
    Builder, Database, ReadOnlyDatabase, ReadTransaction, ReadableDatabase, StorageBackend, TableDefinition,
    WriteTransaction,
};

use super::error::{Doing as _, StoreError};

pub(super) const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");
pub(super) const TREE: TableDefinition<'_, u64, &[u8; 32]> = TableDefinition::new("tree");
pub(super) const SEGMENTS: TableDefinition<'_, (u64, u32), &[u8]> = TableDefinition::new("segments");
pub(super) const META: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("meta");

/// Keys of the `meta` table.
#[derive(Debug, Clone, Copy)]
pub(super) enum MetaKey {
    /// Who this log is: see [`super::identity`].
    Identity = 0,
    /// Position up to which the index is flushed, 8 bytes big-endian.
    Watermark = 1,
    /// One byte: 1 while an archive is being restored, 2 when it was.
    Restored = 2,
}

/// Memory that redb may use to keep pages while it writes. The image, not this cache, serves questions.
const WRITER_CACHE_BYTES: usize = 64 << 20;

/// The same for reading alone. A reader passes over most pages once: few are kept, so that the next ones are read into
/// memory that a core has at hand still.
const READER_CACHE_BYTES: usize = 512 << 10;

/// Where the bytes live.
#[derive(Clone)]
pub enum Storage {
    /// A file.
    File(PathBuf),
    /// Anything that stores bytes, opened anew each time: the seam for faults.
    Backend(Arc<dyn Fn() -> Box<dyn StorageBackend> + Send + Sync>),
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Backend(_) => f.write_str("Backend"),
        }
    }
}

/// An open database, for writing or for reading alone.
pub(super) struct Store(Option<Handle>);

enum Handle {
    Writable(Database),
    ReadOnly(ReadOnlyDatabase),
}

impl Drop for Store {
    /// Closing writes, and so may meet damage; there is nobody left to tell, and opening will meet it again.
    fn drop(&mut self) {
        let handle = self.0.take();
        let _ = guarded("close the store", || drop(handle));
    }
}

impl Store {
    /// Opens for writing; creates the file if there is none.
    pub(super) fn open(storage: &Storage) -> Result<Self, StoreError> {
        let mut builder = Builder::new();
        builder.set_cache_size(WRITER_CACHE_BYTES);
        guarded("open the store", || {
            let database = match storage {
                Storage::File(path) => builder.create(path),
                Storage::Backend(open) => builder.create_with_backend(Boxed(open())),
            };
            database.map(Handle::Writable).doing("open the store")
        })?
        .map(|handle| Self(Some(handle)))
    }

    /// Opens for reading; several processes may at once. A file left by a crash is refused: it wants repair.
    pub(super) fn open_read_only(storage: &Storage) -> Result<Self, StoreError> {
        let mut builder = Builder::new();
        builder.set_cache_size(READER_CACHE_BYTES);
        guarded("open the store", || {
            let database = match storage {
                Storage::File(path) => builder.open_read_only(path),
                Storage::Backend(open) => builder.open_read_only_with_backend(Boxed(open())),
            };
            database.map(Handle::ReadOnly).doing("open the store")
        })?
        .map(|handle| Self(Some(handle)))
    }

    pub(super) fn begin_read(&self) -> Result<ReadTransaction, StoreError> {
        match &self.0 {
            Some(Handle::Writable(database)) => database.begin_read(),
            Some(Handle::ReadOnly(database)) => database.begin_read(),
            None => Err(redb::StorageError::DatabaseClosed.into()),
        }
        .doing("begin to read")
    }

    /// Begins a durable, two-phase transaction. `None` when the store is open for reading alone.
    pub(super) fn begin_write(&self) -> Result<Option<WriteTransaction>, StoreError> {
        let Some(Handle::Writable(database)) = &self.0 else { return Ok(None) };
        let mut transaction = database.begin_write().doing("begin to write")?;
        transaction.set_durability(redb::Durability::Immediate).doing("ask for durability")?;
        transaction.set_two_phase_commit(true);
        Ok(Some(transaction))
    }
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread, if one happens now, will become an error: nobody needs to hear of it
/// otherwise.
pub fn panic_is_guarded() -> bool {
    GUARDED.get()
}

/// Runs an operation of the store. redb 4.6 panics on some damaged pages (its map of free space is indexed
/// unchecked); here that becomes what it is, an error about a damaged file.
pub(super) fn guarded<T>(operation: &'static str, run: impl FnOnce() -> T) -> Result<T, StoreError> {
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(run));
    GUARDED.set(outer);
    result.map_err(|panic| {
        let says = panic.downcast_ref::<String>().map(String::as_str);
        let says = says.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        StoreError::new(operation, redb::Error::Corrupted(format!("the file is damaged: {says}")))
    })
}

/// redb takes a backend by value; this one is chosen at run time. Locks are delegated too, or they would be
/// lost silently.
struct Boxed(Box<dyn StorageBackend>);

impl fmt::Debug for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

type BackendResult<T> = std::io::Result<T>;

impl StorageBackend for Boxed {
    fn len(&self) -> BackendResult<u64> {
        self.0.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> BackendResult<()> {
        self.0.read(offset, out)
    }
    fn set_len(&self, len: u64) -> BackendResult<()> {
        self.0.set_len(len)
    }
    fn sync_data(&self) -> BackendResult<()> {
        self.0.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> BackendResult<()> {
        self.0.write(offset, data)
    }
    fn close(&self) -> BackendResult<()> {
        self.0.close()
    }
    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, redb::BackendError> {
        self.0.try_lock_range(start, end)
    }
    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, redb::BackendError> {
        self.0.try_lock_shared_range(start, end)
    }
    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), redb::BackendError> {
        self.0.lock_range(start, end)
    }
    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), redb::BackendError> {
        self.0.lock_shared_range(start, end)
    }
    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), redb::BackendError> {
        self.0.unlock_range(start, end)
    }
    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, redb::BackendError> {
        self.0.query_lock_range(start, end)
    }
}
