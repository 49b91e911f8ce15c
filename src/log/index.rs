//! The index in memory: source and id to position, account to positions.
//!
//! Invariant: it holds exactly what is committed. The writer keeps what it is about to commit apart and admits
//! it here after the commit returned.

use std::sync::Arc;

use guanxi_projections::position::Position;
use hashbrown::HashMap;

use super::names::Names;
use super::segment::Entry;
use super::tree::Hash;
use super::varint;

/// One stream as the writer and the readers need it.
#[derive(Debug, Clone, Default)]
pub(super) struct Stream {
    /// Events in the stream.
    pub(super) count: u64,
    /// Position of the newest.
    last: u64,
    /// Leaf hash of the newest; `None` until somebody asks after opening.
    pub(super) head: Option<Hash>,
    /// Deltas of the positions, each as a varint.
    deltas: Vec<u8>,
}

impl Stream {
    fn admit(&mut self, position: u64, head: Option<Hash>) {
        varint::push(&mut self.deltas, position - self.last);
        self.count += 1;
        self.last = position;
        self.head = head;
    }

    /// Position of the newest event.
    pub(super) fn last(&self) -> Position {
        Position(self.last)
    }

    /// Every position, ascending.
    pub(super) fn positions(&self) -> Vec<u64> {
        let mut positions = Vec::with_capacity(usize::try_from(self.count).unwrap_or(0));
        let mut rest = self.deltas.as_slice();
        let mut position = 0;
        while let Some(delta) = varint::take(&mut rest) {
            position += delta;
            positions.push(position);
        }
        positions
    }
}

/// The index over all committed events.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: Names,
    streams: HashMap<Arc<str>, Stream>,
    /// Entries since the last flush.
    unflushed: Vec<Entry>,
    /// Position up to which the index is flushed.
    watermark: u64,
}

impl Index {
    /// Takes the next event in: positions come gapless and ascending.
    pub(super) fn admit(&mut self, position: u64, entry: Entry, head: Option<Hash>) {
        self.names.insert(entry.name, position);
        if let Some(stream) = self.streams.get_mut(&entry.account) {
            stream.admit(position, head);
        } else {
            self.streams.entry(Arc::clone(&entry.account)).or_default().admit(position, head);
        }
        self.unflushed.push(entry);
    }

    /// Notes that everything admitted is flushed.
    pub(super) fn flushed(&mut self) {
        self.watermark += self.unflushed.len() as u64;
        self.unflushed.clear();
    }

    /// Position up to which the index is flushed, and the entries from there on.
    pub(super) fn unflushed(&self) -> (u64, &[Entry]) {
        (self.watermark, &self.unflushed)
    }

    /// Positions of the events whose source and id may have this hash: nearly always none or one.
    pub(super) fn named(&self, hash: u64) -> impl Iterator<Item = u64> + '_ {
        self.names.find(hash)
    }

    pub(super) fn stream(&self, account: &str) -> Option<&Stream> {
        self.streams.get(account)
    }

    /// A stream with its account's shared name.
    pub(super) fn named_stream(&self, account: &str) -> Option<(&Arc<str>, &Stream)> {
        self.streams.get_key_value(account)
    }

    /// The account's shared name, so that an entry need not copy it.
    pub(super) fn shared_name(&self, account: &str) -> Arc<str> {
        self.streams.get_key_value(account).map_or_else(|| account.into(), |(name, _)| Arc::clone(name))
    }

    /// Every account with a stream, sorted.
    pub(super) fn accounts(&self) -> Vec<Arc<str>> {
        let mut accounts: Vec<_> = self.streams.keys().cloned().collect();
        accounts.sort_unstable();
        accounts
    }

    pub(super) fn streams_len(&self) -> usize {
        self.streams.len()
    }
}
