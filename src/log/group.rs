//! What one commit is about to record.
//!
//! The values stand one after the other in one buffer, which the writer uses again for the next commit: a buffer
//! per record, given back to the machine after each commit, costs as much as hashing it.

use std::ops::Range;

use guanxi_projections::time::Timestamp;

use super::segment::Entry;
use super::tree::Hash;

/// The most bytes that are kept for the next commit.
const SPARE_BYTES_MAX: usize = 4 << 20;

/// A record about to be written.
#[derive(Debug)]
pub(super) struct Staged {
    pub(super) entry: Entry,
    pub(super) leaf: Hash,
    pub(super) recorded_at: Timestamp,
    /// Where its value stands in the group's buffer.
    value: Range<usize>,
}

/// Records about to be written together, in the order of their positions.
#[derive(Debug, Default)]
pub(super) struct Group {
    records: Vec<Staged>,
    /// Digest and frame of each record, as stored; beyond the last record, one that is being made.
    bytes: Vec<u8>,
}

impl Group {
    /// An empty group that uses `spare` for its values.
    pub(super) fn new(spare: Vec<u8>) -> Self {
        Self { records: Vec::new(), bytes: spare }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The records, without their values.
    pub(super) fn records(&self) -> &[Staged] {
        &self.records
    }

    /// The values, in the order of the records.
    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.records.iter().map(|staged| self.bytes.get(staged.value.clone()).unwrap_or_default())
    }

    /// The value of one record.
    pub(super) fn value(&self, index: usize) -> Option<&[u8]> {
        self.bytes.get(self.records.get(index)?.value.clone())
    }

    /// Where the next value is appended.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// The value that is being made.
    pub(super) fn unfinished(&self) -> &[u8] {
        self.bytes.get(self.finished()..).unwrap_or_default()
    }

    /// Throws the value that is being made away.
    pub(super) fn abandon(&mut self) {
        self.bytes.truncate(self.finished());
    }

    /// Takes the value that is being made as that of the next record.
    pub(super) fn push(&mut self, entry: Entry, leaf: Hash, recorded_at: Timestamp) {
        let value = self.finished()..self.bytes.len();
        self.records.push(Staged { entry, leaf, recorded_at, value });
    }

    /// Keeps the first `len` records alone.
    pub(super) fn truncate(&mut self, len: usize) {
        self.records.truncate(len);
        self.abandon();
    }

    /// The records, and the buffer for the next group.
    pub(super) fn into_parts(self) -> (Vec<Staged>, Vec<u8>) {
        let Self { records, mut bytes } = self;
        bytes.clear();
        bytes.shrink_to(SPARE_BYTES_MAX);
        (records, bytes)
    }

    fn finished(&self) -> usize {
        self.records.last().map_or(0, |staged| staged.value.end)
    }
}
