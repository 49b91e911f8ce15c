//! The log: all events in order, recorded once, for ever. The only room that knows redb.
//!
//! It takes sealed, encoded events and gives records back; it does not know who is asking, what a figure is, or
//! how an event looks on the wire. Ten lines of use:
//!
//! 1. [`Log::create`] or [`Log::open`] a [`Storage`];
//! 2. [`Log::append`] a submission of [`Prepared`] events and wait: the reply comes after the commit returned,
//!    never before, and says for each event where it stands or why it was refused;
//! 3. read by stream, by position or by name; [`Log::subscribe`] and wait for more; [`Log::verify`] it all.
//!
//! Invariants: positions and sequences are gapless; recorded times ascend strictly; what was acknowledged is
//! there after any crash; readers see only what is committed and admitted, in whole commits.
//!
//! Decisions. One writer thread and no lock shared with submitters: the order of the log is the order of the
//! queue. Random-keyed indexes live in memory and are flushed as [segments](self), since an index written with
//! every commit costs several times the records themselves. The file of redb is a means, not the archive format.

mod append;
mod commits;
mod error;
mod gather;
mod group;
mod identity;
mod index;
mod load;
mod names;
mod read;
pub(crate) mod record;
mod restore;
mod segment;
mod staging;
mod store;
mod ticket;
mod tree;
mod value;
mod varint;
mod verify;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;

use guanxi_projections::time::{Timestamp, Zone};

use crate::clock::Clock;
use append::{Command, Submission, Writer};
use commits::Commits;
use load::State;
use restore::RestoreCommand;
use store::{META, MetaKey, RECORDS, SEGMENTS, Store, TREE, guarded};

pub use commits::{COMMIT_SIZES, CommitCounts};
pub use error::{AppendError, Damage, OpenError, ReadError, Refusal, RestoreError, StoreError};
pub use gather::{Gathered, Gleaned, HEAPS, Heap, heap_of};
pub use identity::{FORMAT, Identity};
pub use load::Restored;
pub use read::{LogHead, StoredRecord, Subscription};
pub use record::{EncodedBody, Reason, RecordError};
pub use staging::{Expect, Outcome, Prepared, Unit};
pub use store::{Storage, panic_is_guarded};
pub use ticket::Ticket;
pub use tree::{Hash, empty_root};
pub use verify::Verified;

#[cfg(test)]
mod tests;

use error::Doing as _;

/// The most events a submission may have.
pub const SUBMISSION_EVENTS_MAX: usize = 10_000;
/// Events that one commit drains from the queue.
const GROUP_EVENTS: usize = 1_024;
/// Submissions that may wait.
const QUEUE_SUBMISSIONS: usize = 1_024;
/// Events that may wait.
const QUEUE_EVENTS: usize = 4 * SUBMISSION_EVENTS_MAX;

/// What is asked of the clock before anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockCheck {
    /// Neither far behind the last record, nor, at the first append after opening, far ahead of it.
    FirstAppend,
    /// Not far behind the last record: the state after the first append.
    Running,
    /// Nothing: the operator said that the clock is right.
    Overruled,
}

/// As long as there is one, an open log takes the clock to be right.
#[derive(Debug)]
pub struct ClockTrusted {
    shared: Arc<Shared>,
}

impl Drop for ClockTrusted {
    fn drop(&mut self) {
        self.shared.clock_trusted.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Mistakes put into the commit path on purpose, to show that the campaigns find them.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sabotage {
    None,
    AcknowledgeEarly,
    WatermarkAhead,
    SegmentLost,
}

/// An open log. Dropping it lets the writer finish what was submitted, then closes the store.
pub struct Log {
    shared: Arc<Shared>,
    queue: Option<SyncSender<Command>>,
    queued: Arc<AtomicUsize>,
    writer: Option<JoinHandle<()>>,
    index_rebuilt: bool,
}

/// What the writer and the readers share. Whoever takes both locks takes the store's first, or lets go of the
/// state's before; only the writer ever takes either for writing.
pub(crate) struct Shared {
    storage: Storage,
    identity: Identity,
    /// `None` while it is being reopened, and after that failed.
    store: RwLock<Option<Store>>,
    state: RwLock<State>,
    /// How many events are visible, for those who wait for more.
    visible: Mutex<u64>,
    grown: Condvar,
    commits: Commits,
    /// How many hold that the clock is right.
    clock_trusted: AtomicUsize,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("storage", &self.shared.storage).finish_non_exhaustive()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("storage", &self.storage).finish_non_exhaustive()
    }
}

impl Log {
    /// Creates an empty log. `random` is 32 bytes that nobody can guess.
    ///
    /// # Errors
    /// [`OpenError::Exists`] when there is one already; nothing is changed then.
    pub fn create(
        storage: &Storage,
        created_at: Timestamp,
        zone: Zone,
        random: [u8; 32],
    ) -> Result<(), OpenError> {
        let store = Store::open(storage)?;
        match load::load(&store) {
            Err(OpenError::NotALog) => {}
            Ok(_) => return Err(OpenError::Exists),
            Err(other) => return Err(other),
        }
        let identity = Identity::new(created_at, zone, random).encode()?;
        let transaction = append::begin(&store)?;
        {
            transaction.open_table(RECORDS).doing("create the records")?;
            transaction.open_table(TREE).doing("create the tree")?;
            transaction.open_table(SEGMENTS).doing("create the index")?;
            let mut meta = transaction.open_table(META).doing("create the log's own facts")?;
            meta.insert(MetaKey::Identity as u32, identity.as_slice()).doing("write the identity")?;
        }
        Ok(append::commit(transaction, 1)?)
    }

    /// Opens a log for reading and writing and starts its writer. A file left by a crash is repaired. Cost:
    /// O(events) for the index, without decoding more than the last few thousand records.
    ///
    /// # Errors
    /// [`OpenError`]; nothing is changed but what the store repaired.
    pub fn open(storage: Storage, clock: Arc<dyn Clock>, check: ClockCheck) -> Result<Self, OpenError> {
        let store = Store::open(&storage)?;
        let mut log = Self::with_store(storage, store)?;
        log.start(
            clock,
            check,
            #[cfg(test)]
            Sabotage::None,
        )?;
        Ok(log)
    }

    /// Opens a log for reading alone; several processes may do so at once.
    ///
    /// # Errors
    /// [`OpenError`]; a file left by a crash is refused, since it wants repair.
    pub fn open_read_only(storage: Storage) -> Result<Self, OpenError> {
        let store = Store::open_read_only(&storage)?;
        Self::with_store(storage, store)
    }

    fn with_store(storage: Storage, store: Store) -> Result<Self, OpenError> {
        let loaded = guarded("load the log", || load::load(&store))??;
        let count = loaded.state.count();
        let shared = Shared {
            storage,
            identity: loaded.identity,
            store: RwLock::new(Some(store)),
            state: RwLock::new(loaded.state),
            visible: Mutex::new(count),
            grown: Condvar::new(),
            commits: Commits::default(),
            clock_trusted: AtomicUsize::new(0),
        };
        Ok(Self {
            shared: Arc::new(shared),
            queue: None,
            queued: Arc::new(AtomicUsize::new(0)),
            writer: None,
            index_rebuilt: loaded.index_rebuilt,
        })
    }

    fn start(
        &mut self,
        clock: Arc<dyn Clock>,
        clock_check: ClockCheck,
        #[cfg(test)] sabotage: Sabotage,
    ) -> Result<(), OpenError> {
        let (sender, receiver) = sync_channel(QUEUE_SUBMISSIONS);
        let writer = Writer {
            shared: Arc::clone(&self.shared),
            clock,
            clock_check,
            queued: Arc::clone(&self.queued),
            stopped: None,
            spare: Vec::new(),
            #[cfg(test)]
            sabotage,
        };
        let thread = std::thread::Builder::new().name("log-writer".to_owned());
        self.writer = Some(thread.spawn(move || writer.run(&receiver)).map_err(OpenError::Thread)?);
        self.queue = Some(sender);
        Ok(())
    }

    /// Asks nothing of the clock any more, as under [`ClockCheck::Overruled`], until what this returns is dropped.
    pub fn trust_clock(&self) -> ClockTrusted {
        self.shared.clock_trusted.fetch_add(1, Ordering::Relaxed);
        ClockTrusted { shared: Arc::clone(&self.shared) }
    }

    /// What was fixed when the log was created.
    pub fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    /// How many events wait for the writer now.
    pub fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    /// How many events the commits had since it was opened.
    pub fn commits(&self) -> CommitCounts {
        self.shared.commits.counts()
    }

    /// Whether opening had to rebuild the index from the records, since its segments were damaged.
    pub fn index_rebuilt(&self) -> bool {
        self.index_rebuilt
    }

    /// Submits events and waits until the commit returned: what is acknowledged is durable.
    ///
    /// # Errors
    /// [`AppendError`]; each variant says whether it happened.
    pub fn append(&self, events: Vec<Prepared>, unit: Unit) -> Result<Vec<Outcome>, AppendError> {
        self.submit(events, unit)?.wait()
    }

    /// Submits events without waiting. Submissions are recorded in the order in which they were submitted.
    ///
    /// # Errors
    /// [`AppendError::Busy`] when too much waits already, [`AppendError::TooMany`], [`AppendError::Stopped`].
    pub fn submit(&self, events: Vec<Prepared>, unit: Unit) -> Result<Ticket, AppendError> {
        if events.len() > SUBMISSION_EVENTS_MAX {
            return Err(AppendError::TooMany(events.len()));
        }
        let Some(queue) = &self.queue else {
            return Err(AppendError::Stopped("the ledger is open for reading alone".to_owned()));
        };
        let count = events.len();
        if self.queued.fetch_add(count, Ordering::Relaxed) + count > QUEUE_EVENTS {
            self.queued.fetch_sub(count, Ordering::Relaxed);
            return Err(AppendError::Busy);
        }
        let identity = &self.shared.identity;
        let name = |event: &Prepared| identity.name_of(&event.heading.source, &event.heading.id);
        let names = events.iter().map(name).collect();
        let (promise, ticket) = Ticket::new();
        match queue.try_send(Command::Append(Submission { events, names, unit, promise })) {
            Ok(()) => Ok(ticket),
            Err(error) => {
                self.queued.fetch_sub(count, Ordering::Relaxed);
                Err(match error {
                    TrySendError::Full(_) => AppendError::Busy,
                    TrySendError::Disconnected(_) => AppendError::Stopped("the writer is gone".to_owned()),
                })
            }
        }
    }

    /// Takes over the next records of an archive; says how many were not there yet.
    ///
    /// # Errors
    /// [`RestoreError`]; what was restored before stays, marked as unfinished.
    pub fn restore(&self, records: Vec<StoredRecord>) -> Result<u64, RestoreError> {
        self.send_restore(RestoreCommand::Records(records))
    }

    /// Ends a restore: from now on the log takes events.
    ///
    /// # Errors
    /// [`RestoreError`] when the mark could not be written.
    pub fn finish_restore(&self) -> Result<(), RestoreError> {
        self.send_restore(RestoreCommand::Finish).map(|_| ())
    }

    fn send_restore(&self, command: RestoreCommand) -> Result<u64, RestoreError> {
        let stopped = || AppendError::Stopped("the ledger is open for reading alone".to_owned());
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        let (reply, receiver) = sync_channel(1);
        queue.send(Command::Restore { command, reply }).map_err(|_| stopped())?;
        receiver.recv().map_err(|_| stopped())?
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Shared {
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_store<T>(&self, with: impl FnOnce(&Store) -> Result<T, ReadError>) -> Result<T, ReadError> {
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let store = store.as_ref().ok_or(ReadError::Closed)?;
        guarded("use the store", || with(store))?
    }

    /// Wakes those who wait for more.
    fn announce(&self) {
        let count = self.state().count();
        *self.visible.lock().unwrap_or_else(PoisonError::into_inner) = count;
        self.grown.notify_all();
    }
}
