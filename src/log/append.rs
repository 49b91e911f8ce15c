//! The writer: one thread, one bounded queue, one commit for everything that waits (group commit).
//!
//! # The commit protocol
//!
//! After each step, what a crash leaves behind:
//!
//! 1. Drain the queue, up to [`GROUP_EVENTS`] events; no timer. *Crash: nothing happened.*
//! 2. Stage: duplicates and refusals are decided, places and times assigned, records encoded and hashed.
//!    *Crash: nothing happened.*
//! 3. Write records, tree nodes and, when due, an index segment with its watermark into one transaction.
//!    *Crash: nothing happened; the transaction is not in force.*
//! 4. Commit, durably and in two phases. *Crash: all of it happened or none; opening sees which.*
//! 5. Admit the staged events to the state in memory. *Crash: opening rebuilds the same state.*
//! 6. Reply. *Crash: the submitter does not know; submitting again finds duplicates.*
//!
//! When step 3 or 4 fails, the store is closed and opened again by the same path that opening a ledger takes,
//! and what is found decides the reply: recorded, not recorded, or, if it cannot be opened, unknown. In the last
//! case the writer stops for good.

use std::ops::Bound;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, PoisonError};

use guanxi_projections::time::{SECOND_US, Timestamp};
use redb::WriteTransaction;

use super::error::{AppendError, Damage, Doing as _, OpenError, ReadError, StoreError};
use super::group::{Group, Staged};
use super::load::{Restored, State};
use super::restore::{RestoreCommand, RestoreReply};
use super::segment::{CHUNK_BYTES, Entry, SEGMENT_EVENTS, encode};
use super::staging::{Prepared, Staging, Unit};
use super::store::{META, MetaKey, RECORDS, SEGMENTS, Store, TREE, guarded};
use super::ticket::{Promise, Reply};
use super::tree::{Frontier, completed_before};
use super::{ClockCheck, GROUP_EVENTS, Shared};
use crate::clock::Clock;

/// Batches from which on the store also notes its free space, so that opening after a crash is quick.
const QUICK_REPAIR_EVENTS: usize = 100;
/// How far behind the last record the clock may be.
const CLOCK_BEHIND_US_MAX: i64 = 5 * 60 * SECOND_US;
/// How far ahead of the last record the clock may be at the first append after opening: 366 days.
const CLOCK_AHEAD_US_MAX: i64 = 366 * 86_400 * SECOND_US;

/// What the writer is asked to do.
pub(super) enum Command {
    Append(Submission),
    Restore { command: RestoreCommand, reply: SyncSender<RestoreReply> },
}

/// Events that were submitted together, with the hashes of their names.
pub(super) struct Submission {
    pub(super) events: Vec<Prepared>,
    pub(super) names: Vec<u64>,
    pub(super) unit: Unit,
    pub(super) promise: Promise,
}

/// The writer's own state.
pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) clock_check: ClockCheck,
    pub(super) queued: Arc<AtomicUsize>,
    /// Why nothing can be written any more.
    pub(super) stopped: Option<String>,
    /// A buffer for the values of the next commit.
    pub(super) spare: Vec<u8>,
    #[cfg(test)]
    pub(super) sabotage: super::Sabotage,
}

/// Whether a commit flushed the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Segment {
    Written,
    NotDue,
}

impl Writer {
    /// Works until every sender of the queue is gone.
    pub(super) fn run(mut self, queue: &Receiver<Command>) {
        while let Ok(first) = queue.recv() {
            let mut next = Some(first);
            while let Some(command) = next.take() {
                match command {
                    Command::Restore { command, reply } => {
                        let _ = reply.send(self.restore(command));
                    }
                    Command::Append(first) => {
                        let (group, after) = Self::drain(first, queue);
                        self.commit_group(group);
                        next = after;
                    }
                }
            }
        }
    }

    /// Step 1: what waits now, and the command that ended the draining, if it was not an append.
    ///
    /// Those who were just answered are often about to submit again, so the queue is empty only when it still is
    /// after every runnable thread had its turn: a whole group more per commit for the price of a system call.
    fn drain(first: Submission, queue: &Receiver<Command>) -> (Vec<Submission>, Option<Command>) {
        let mut events = first.events.len();
        let mut group = vec![first];
        let mut yielded_at = 0;
        while events < GROUP_EVENTS {
            match queue.try_recv() {
                Ok(Command::Append(more)) => {
                    events += more.events.len();
                    group.push(more);
                }
                Ok(other @ Command::Restore { .. }) => return (group, Some(other)),
                Err(_) if yielded_at == group.len() => break,
                Err(_) => {
                    yielded_at = group.len();
                    std::thread::yield_now();
                }
            }
        }
        (group, None)
    }

    fn commit_group(&mut self, group: Vec<Submission>) {
        let Ok(now) = self.ready() else { return self.refuse(group) };
        let (replies, staged) = match self.stage_group(&group, now) {
            Ok(done) => done,
            Err(error) => {
                self.stopped = Some(error.to_string());
                return self.refuse(group);
            }
        };
        #[cfg(test)]
        if self.sabotage == super::Sabotage::AcknowledgeEarly {
            for (submission, reply) in group.iter().zip(&replies) {
                if let Ok(outcomes) = reply {
                    submission.promise.reply(Ok(outcomes.clone()), Vec::new());
                }
            }
        }
        let committed = if staged.is_empty() { Ok(()) } else { self.record(staged) };
        for (submission, reply) in group.into_iter().zip(replies) {
            let reply = match (&committed, reply) {
                (_, Err(refused)) => Err(refused),
                (Ok(()), Ok(outcomes)) => Ok(outcomes),
                (Err(failure), Ok(_)) => Err(failure.to_error()),
            };
            self.answer(submission, reply);
        }
    }

    /// Step 6. The events leave the queue before the reply, so that whoever has one does not find them waiting still.
    fn answer(&self, submission: Submission, reply: Reply) {
        self.queued.fetch_sub(submission.events.len(), Ordering::Relaxed);
        submission.promise.reply(reply, submission.events);
    }

    /// Whether anything may be written, and at what time.
    fn ready(&mut self) -> Result<Timestamp, AppendError> {
        if let Some(reason) = &self.stopped {
            return Err(AppendError::Stopped(reason.clone()));
        }
        let state = self.shared.state();
        if state.restored == Restored::Unfinished {
            return Err(AppendError::Stopped(
                "a restore into this ledger is not finished; run it again to the end".to_owned(),
            ));
        }
        let now = self.clock.now();
        let Some(last) = state.last_recorded_at else { return Ok(now) };
        drop(state);
        let trusted = self.shared.clock_trusted.load(Ordering::Relaxed) > 0;
        let check = if trusted { ClockCheck::Overruled } else { self.clock_check };
        let lag = last.micros() - now.micros();
        if lag > CLOCK_BEHIND_US_MAX && check != ClockCheck::Overruled {
            return Err(AppendError::ClockBehind { now, last });
        }
        if -lag > CLOCK_AHEAD_US_MAX && check == ClockCheck::FirstAppend {
            return Err(AppendError::ClockAhead { now, last });
        }
        Ok(now)
    }

    fn refuse(&mut self, group: Vec<Submission>) {
        for submission in group {
            let error = self.ready().err().unwrap_or(AppendError::Busy);
            self.answer(submission, Err(error));
        }
    }

    /// Step 2.
    fn stage_group(
        &mut self,
        group: &[Submission],
        now: Timestamp,
    ) -> Result<(Vec<Reply>, Group), ReadError> {
        let spare = std::mem::take(&mut self.spare);
        let events = group.iter().map(|submission| submission.events.len()).sum();
        let state = self.shared.state();
        self.shared.with_store(|store| {
            let mut staging = Staging::new(&state, store, now, events, spare);
            let mut replies = Vec::with_capacity(group.len());
            for submission in group {
                let named = submission.events.iter().zip(&submission.names);
                let reply = staging.submit(named, submission.unit)?;
                replies.push(reply.map_err(|(index, refusal)| AppendError::Refused { index, refusal }));
            }
            Ok((replies, staging.into_staged()))
        })
    }

    /// Steps 3 to 5, and what follows when one of them fails.
    pub(super) fn record(&mut self, staged: Group) -> Result<(), Failure> {
        match self.write_and_commit(&staged) {
            Ok((segment, frontier)) => {
                self.shared.commits.note(staged.len());
                let (records, spare) = staged.into_parts();
                self.spare = spare;
                self.shared.admit(records, frontier, segment);
                if self.clock_check == ClockCheck::FirstAppend {
                    self.clock_check = ClockCheck::Running;
                }
                Ok(())
            }
            Err(cause) => self.recover(&staged, cause),
        }
    }

    /// Steps 3 and 4. Says whether the index was flushed with it, and what the tree has become.
    fn write_and_commit(&self, staged: &Group) -> Result<(Segment, Frontier), StoreError> {
        let state = self.shared.state();
        let written = self.shared.with_store(|store| {
            let transaction = begin(store)?;
            write_records(&transaction, state.count(), staged)?;
            let frontier = write_tree(&transaction, state.frontier.clone(), staged.records())?;
            let segment = self.flush_index(&transaction, &state, staged.records())?;
            commit(transaction, staged.len())?;
            Ok((segment, frontier))
        });
        written.map_err(|error| match error {
            ReadError::Store(error) => error,
            ReadError::Damaged(_) | ReadError::Closed => {
                StoreError::new("write", redb::Error::DatabaseClosed)
            }
        })
    }

    /// Writes a segment when enough events wait for one. Segment and watermark stand in the same transaction as
    /// the records that they cover.
    fn flush_index(
        &self,
        transaction: &WriteTransaction,
        state: &State,
        staged: &[Staged],
    ) -> Result<Segment, StoreError> {
        let (first, waiting) = state.index.unflushed();
        if waiting.len() + staged.len() < SEGMENT_EVENTS {
            return Ok(Segment::NotDue);
        }
        let entries: Vec<Entry> =
            waiting.iter().cloned().chain(staged.iter().map(|staged| staged.entry.clone())).collect();
        self.write_watermark(transaction, first + entries.len() as u64)?;
        self.write_segment(transaction, first, &entries)?;
        Ok(Segment::Written)
    }

    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "tests put mistakes here"))]
    fn write_watermark(&self, transaction: &WriteTransaction, watermark: u64) -> Result<(), StoreError> {
        #[cfg(test)]
        let watermark = watermark + u64::from(self.sabotage == super::Sabotage::WatermarkAhead);
        let mut meta = transaction.open_table(META).doing("open the log's own facts")?;
        meta.insert(MetaKey::Watermark as u32, watermark.to_be_bytes().as_slice())
            .doing("write the watermark")?;
        Ok(())
    }

    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "tests put mistakes here"))]
    fn write_segment(
        &self,
        transaction: &WriteTransaction,
        first: u64,
        entries: &[Entry],
    ) -> Result<(), StoreError> {
        #[cfg(test)]
        if self.sabotage == super::Sabotage::SegmentLost {
            return Ok(());
        }
        let mut segments = transaction.open_table(SEGMENTS).doing("open the index")?;
        for (chunk, number) in encode(first, entries).chunks(CHUNK_BYTES).zip(0_u32..) {
            segments.insert((first, number), chunk).doing("write the index")?;
        }
        Ok(())
    }

    /// The commit failed or its fate is unknown: open the store again and look.
    fn recover(&mut self, staged: &Group, cause: StoreError) -> Result<(), Failure> {
        let first = self.shared.state().count();
        if let Err(error) = self.shared.reopen() {
            self.stopped = Some(format!(
                "a commit failed ({cause}: {}) and the ledger could not be opened again ({error})",
                cause.source
            ));
            return Err(Failure::Unknown(Arc::new(cause)));
        }
        match self.recorded(first, staged) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::NotRecorded(Arc::new(cause))),
            Err(error) => {
                self.stopped = Some(error.to_string());
                Err(Failure::Unknown(Arc::new(cause)))
            }
        }
    }

    /// Whether the staged records stand in the log from position `first` on.
    fn recorded(&self, first: u64, staged: &Group) -> Result<bool, ReadError> {
        let count = self.shared.state().count();
        if count == first {
            return Ok(false);
        }
        let whole = count == first + staged.len() as u64;
        let last = staged.values().next_back().filter(|_| whole);
        let stored = self.shared.with_store(|store| super::read::value_at(store, count - 1))?;
        if last == Some(stored.as_slice()) {
            Ok(true)
        } else {
            Err(Damage::Store("after a failed commit the log holds something else".to_owned()).into())
        }
    }
}

/// Why a group was not recorded, shared by all who waited for it.
#[derive(Debug)]
pub(super) enum Failure {
    NotRecorded(Arc<StoreError>),
    Unknown(Arc<StoreError>),
}

impl Failure {
    pub(super) fn to_error(&self) -> AppendError {
        match self {
            Self::NotRecorded(cause) => AppendError::NotRecorded(Arc::clone(cause)),
            Self::Unknown(cause) => AppendError::Unknown(Arc::clone(cause)),
        }
    }
}

/// Appends the records through a cursor at the table's end, which fills whole pages and never overwrites.
fn write_records(transaction: &WriteTransaction, first: u64, staged: &Group) -> Result<(), StoreError> {
    let mut records = transaction.open_table(RECORDS).doing("open the records")?;
    let mut end = records.upper_bound_mut(Bound::<u64>::Unbounded).doing("find the end of the records")?;
    for (value, position) in staged.values().zip(first..) {
        end.insert_before(position, value).doing("write a record")?;
    }
    end.close().doing("write the records")
}

/// Appends the nodes that the records complete; gives back the frontier that follows.
fn write_tree(
    transaction: &WriteTransaction,
    mut frontier: Frontier,
    staged: &[Staged],
) -> Result<Frontier, StoreError> {
    let first = completed_before(frontier.leaves());
    let mut nodes = Vec::with_capacity(staged.len() + 1);
    for staged in staged {
        frontier.append(staged.leaf, |node| nodes.push(node));
    }
    let mut tree = transaction.open_table(TREE).doing("open the tree")?;
    let mut end = tree.upper_bound_mut(Bound::<u64>::Unbounded).doing("find the end of the tree")?;
    for (number, node) in (first..).zip(&nodes) {
        end.insert_before(number, node).doing("write a node of the tree")?;
    }
    end.close().doing("write the tree")?;
    Ok(frontier)
}

pub(super) fn begin(store: &Store) -> Result<WriteTransaction, StoreError> {
    store
        .begin_write()?
        .ok_or_else(|| StoreError::new("write to a store opened for reading", redb::Error::DatabaseClosed))
}

pub(super) fn commit(mut transaction: WriteTransaction, events: usize) -> Result<(), StoreError> {
    transaction.set_quick_repair(events >= QUICK_REPAIR_EVENTS);
    transaction.commit().doing("commit")
}

impl Shared {
    /// Step 5.
    fn admit(&self, staged: Vec<Staged>, frontier: Frontier, segment: Segment) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        for (staged, position) in staged.into_iter().zip(state.count()..) {
            state.last_recorded_at = Some(staged.recorded_at);
            state.index.admit(position, staged.entry, Some(staged.leaf));
        }
        state.frontier = frontier;
        if segment == Segment::Written {
            state.index.flushed();
        }
        drop(state);
        self.announce();
    }

    /// Closes the store and opens it again, with everything checked as at any opening.
    fn reopen(&self) -> Result<(), OpenError> {
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        *store = None;
        let opened = Store::open(&self.storage)?;
        let loaded = guarded("load the log", || super::load::load(&opened))??;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = loaded.state;
        *store = Some(opened);
        drop(store);
        self.announce();
        Ok(())
    }
}
