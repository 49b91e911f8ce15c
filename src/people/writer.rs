//! Appending to the store: many threads queue entries, one write and one sync serve all who wait.
//!
//! Entries wait in memory until somebody asks for durability. The first who asks takes everything that waits,
//! numbers and seals it outside the lock, writes it at the end of the file and syncs once; whoever asks meanwhile
//! waits, and either was served by that sync or takes part in the next.
//!
//! What a crash leaves: before the write, nothing of the batch; during it or before the sync returned, any part
//! of it, which the next opening cuts off; after that, all of it. Nobody has been told otherwise.
//!
//! When a write or sync fails, the file is cut back to what was durable (so that a later opening does not take
//! pages for durable that the system failed to write), and the writer takes nothing more: a sync that failed
//! once says nothing when it succeeds afterwards.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::disk::Disk;
use super::entry::Entry;
use super::error::Error;
use super::file::{End, Wrapping};
use super::key::Randomness;

/// The end of the file, and what waits to be written there.
#[derive(Debug)]
pub(super) struct Writer {
    path: PathBuf,
    pub(super) disk: Disk,
    wrapping: Wrapping,
    queue: Mutex<Queue>,
    settled: Condvar,
}

#[derive(Debug)]
struct Queue {
    waiting: Vec<Entry>,
    /// Entries ever taken.
    appended: u64,
    /// Entries of those that are durable.
    durable: u64,
    /// Whether a thread is writing.
    writing: bool,
    /// Whether a write failed.
    failed: bool,
    end: End,
}

impl Writer {
    /// Writes on at `end`, up to where `disk` must be durable.
    pub(super) fn new(path: PathBuf, disk: Disk, wrapping: Wrapping, end: End) -> Self {
        let queue =
            Queue { waiting: Vec::new(), appended: 0, durable: 0, writing: false, failed: false, end };
        Self { path, disk, wrapping, queue: Mutex::new(queue), settled: Condvar::new() }
    }

    /// Queues an entry; it is durable when a later [`Writer::sync`] has returned.
    ///
    /// # Errors
    /// [`Error::Poisoned`].
    pub(super) fn append(&self, entry: Entry) -> Result<(), Error> {
        let mut queue = self.queue();
        if queue.failed {
            return Err(Error::Poisoned { path: self.path.clone() });
        }
        queue.waiting.push(entry);
        queue.appended += 1;
        Ok(())
    }

    /// Returns once everything that was appended before the call is durable.
    ///
    /// # Errors
    /// [`Error::Write`] or [`Error::Randomness`] to the one whose turn it was, [`Error::Poisoned`] to all others.
    pub(super) fn sync(&self, randomness: &Randomness) -> Result<(), Error> {
        let mut queue = self.queue();
        let goal = queue.appended;
        while queue.durable < goal {
            if queue.failed {
                return Err(Error::Poisoned { path: self.path.clone() });
            }
            queue = if queue.writing {
                self.settled.wait(queue).unwrap_or_else(PoisonError::into_inner)
            } else {
                self.write_waiting(queue, randomness)?
            };
        }
        Ok(())
    }

    /// Takes a turn: writes and syncs everything that waits, without the lock.
    fn write_waiting<'a>(
        &'a self,
        mut queue: MutexGuard<'a, Queue>,
        randomness: &Randomness,
    ) -> Result<MutexGuard<'a, Queue>, Error> {
        let (batch, end, appended) = (std::mem::take(&mut queue.waiting), queue.end, queue.appended);
        queue.writing = true;
        drop(queue);
        let written = self.write(&batch, end, randomness);
        let mut queue = self.queue();
        queue.writing = false;
        self.settled.notify_all();
        match written {
            Ok(end) => {
                queue.end = end;
                queue.durable = appended;
                Ok(queue)
            }
            Err(error) => {
                queue.failed = true;
                Err(error)
            }
        }
    }

    fn write(&self, batch: &[Entry], end: End, randomness: &Randomness) -> Result<End, Error> {
        let (bytes, new_end) = self.frames(batch, end, randomness)?;
        self.disk.write_at(&bytes, end.len).and_then(|()| self.disk.sync()).map_err(|source| {
            // If this fails too, the opening finds a torn tail, or whole entries that nothing uses.
            let _ = self.disk.cut(end.len);
            Error::Write { path: self.path.clone(), source }
        })?;
        Ok(new_end)
    }

    fn frames(&self, batch: &[Entry], end: End, randomness: &Randomness) -> Result<(Vec<u8>, End), Error> {
        let mut bytes = Vec::with_capacity(160 * batch.len());
        let mut number = end.number;
        for entry in batch {
            self.wrapping.frame(number, end.len, randomness.bytes()?, entry, &mut bytes)?;
            number += 1;
        }
        let len = end.len + bytes.len() as u64;
        Ok((bytes, End { len, number, marked: batch.last() == Some(&Entry::Mark), torn: 0 }))
    }

    /// Says at the end of the file that all before is durable, so that damage to it is never taken for a torn
    /// tail. It need not be durable itself: torn, it is cut off; lost, what it protects is as it was without.
    pub(super) fn close(&mut self, randomness: &Randomness) {
        let queue = self.queue.get_mut().unwrap_or_else(PoisonError::into_inner);
        let end = queue.end;
        if queue.failed || end.marked {
            return;
        }
        if let Ok((bytes, _)) = self.frames(&[Entry::Mark], end, randomness) {
            let _ = self.disk.write_at(&bytes, end.len);
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // The queue is whole after every statement, so a panic elsewhere does not spoil it.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn appended(&self) -> u64 {
        self.queue().appended
    }

    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.queue().waiting.len()
    }
}
