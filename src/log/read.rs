//! Reading: by position, by stream, by name; and waiting for more.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use guanxi_projections::envelope::Recorded;
use guanxi_projections::id::{AccountId, EventId, Source};
use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;

use super::error::{Damage, Doing as _, ReadError};
use super::load::{Restored, head_at};
use super::record;
use super::store::{RECORDS, Store, TREE};
use super::tree::{Frontier, Hash, node_number};
use super::value::{self, DIGEST_BYTES, Value};
use super::{Log, Shared};

/// Records read in one read transaction: short ones keep the store from growing while others write.
pub(super) const READ_RECORDS: usize = 4_096;

/// The log's newest state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// How many events are recorded.
    pub count: u64,
    /// When the last one was; `None` in an empty log.
    pub last_recorded_at: Option<Timestamp>,
    /// Root of the Merkle tree over all of them.
    pub root: Hash,
    /// How many streams there are.
    pub streams: u64,
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its place.
    pub position: Position,
    /// Keyed digest of what the source said.
    pub digest: [u8; DIGEST_BYTES],
    /// The bytes that the tree hashes.
    pub frame: Vec<u8>,
}

impl StoredRecord {
    fn new(position: u64, value: &[u8]) -> Result<Self, Damage> {
        let Value { digest, frame } = value::read(position, value)?;
        Ok(Self { position: Position(position), digest: *digest, frame: frame.to_vec() })
    }

    /// Decodes the record.
    ///
    /// # Errors
    /// [`Damage`] when it cannot be read or stands elsewhere than it says.
    pub fn decode(&self) -> Result<Recorded, Damage> {
        decode(self.position.0, &self.frame)
    }
}

fn decode(position: u64, frame: &[u8]) -> Result<Recorded, Damage> {
    let head = head_at(position, frame)?;
    record::decode_body(&head).map_err(|source| Damage::Record { position: Position(position), source })
}

impl Log {
    /// Count, time and root of what is recorded. Cost: O(log n) hashes.
    pub fn head(&self) -> LogHead {
        let state = self.shared.state();
        LogHead {
            count: state.count(),
            last_recorded_at: state.last_recorded_at,
            root: state.frontier.root(),
            streams: state.index.streams_len() as u64,
        }
    }

    /// How many events are recorded.
    pub fn count(&self) -> u64 {
        self.shared.state().count()
    }

    /// Root of the Merkle tree over the first `count` events; `None` when there are fewer. Cost: O(log n).
    ///
    /// # Errors
    /// [`ReadError`] when the tree cannot be read.
    pub fn root_at(&self, count: u64) -> Result<Option<Hash>, ReadError> {
        if count > self.count() {
            return Ok(None);
        }
        self.shared.with_store(|store| {
            let transaction = store.begin_read()?;
            let tree = transaction.open_table(TREE).doing("read the tree")?;
            let frontier = Frontier::load(count, |level, at| {
                if level == 0 {
                    let value = value_at(store, at)?;
                    return Ok(record::leaf_hash(value::frame_of(at, &value)?));
                }
                let number = node_number(level, at);
                let node = tree.get(number).doing("read the tree")?;
                let position = Position(((at + 1) << level) - 1);
                Ok::<Hash, ReadError>(*node.ok_or(Damage::Tree { node: number, position })?.value())
            })?;
            Ok(Some(frontier.root()))
        })
    }

    /// Whether the log was restored from an archive.
    pub fn restored(&self) -> Restored {
        self.shared.state().restored
    }

    /// Every account that has a stream, sorted; the ledger's own stream included.
    pub fn accounts(&self) -> Vec<AccountId> {
        let accounts = self.shared.state().index.accounts();
        accounts.iter().filter_map(|account| AccountId::new(account.as_ref()).ok()).collect()
    }

    /// How many events a stream has; 0 when there is none.
    pub fn stream_len(&self, account: &AccountId) -> u64 {
        self.shared.state().index.stream(account.as_str()).map_or(0, |stream| stream.count)
    }

    /// The events of one stream, in the order of their positions. Cost: O(events in the stream).
    ///
    /// # Errors
    /// [`ReadError`] when a record cannot be read.
    pub fn stream(&self, account: &AccountId) -> Result<Vec<Recorded>, ReadError> {
        let positions = {
            let state = self.shared.state();
            state.index.stream(account.as_str()).map(super::index::Stream::positions).unwrap_or_default()
        };
        let mut recorded = Vec::with_capacity(positions.len());
        for chunk in positions.chunks(READ_RECORDS) {
            self.shared.with_store(|store| {
                let transaction = store.begin_read()?;
                let records = transaction.open_table(RECORDS).doing("read the records")?;
                for position in chunk {
                    let value = records.get(*position).doing("read a record")?;
                    let value = value.ok_or_else(|| missing(*position))?;
                    recorded.push(decode(*position, value::frame_of(*position, value.value())?)?);
                }
                Ok(())
            })?;
        }
        Ok(recorded)
    }

    /// The record at a position; `None` beyond the end.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn record(&self, position: Position) -> Result<Option<StoredRecord>, ReadError> {
        Ok(self.records(position, 1)?.pop())
    }

    /// Up to `limit` records from a position on.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read.
    pub fn records(&self, from: Position, limit: usize) -> Result<Vec<StoredRecord>, ReadError> {
        self.shared.records(from, limit)
    }

    /// Where the event of that source and id stands; `None` when there is none.
    ///
    /// # Errors
    /// [`ReadError`] when a record cannot be read.
    pub fn find(&self, source: &Source, id: &EventId) -> Result<Option<Position>, ReadError> {
        let name = self.shared.identity.name_of(source, id);
        let candidates: Vec<u64> = self.shared.state().index.named(name).collect();
        for position in candidates {
            if let Some(stored) = self.record(Position(position))? {
                let head = head_at(position, &stored.frame)?;
                if head.source() == source.as_str() && head.id() == id.as_str() {
                    return Ok(Some(Position(position)));
                }
            }
        }
        Ok(None)
    }

    /// Hands every record from `from` on to `visit`, in order, up to the count at the beginning. Memory: one
    /// chunk of records.
    ///
    /// # Errors
    /// The first that reading or `visit` reports.
    pub fn scan<E: From<ReadError>>(
        &self,
        from: Position,
        mut visit: impl FnMut(StoredRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        let until = self.head().count;
        let mut next = from.0;
        while next < until {
            let wanted = usize::try_from(until - next).unwrap_or(READ_RECORDS).min(READ_RECORDS);
            for record in self.records(Position(next), wanted)? {
                next = record.position.0 + 1;
                visit(record)?;
            }
        }
        Ok(())
    }

    /// Waits until more than `count` events are recorded, or `patience` is over; tells how many there are.
    pub fn wait_beyond(&self, count: u64, patience: Duration) -> u64 {
        self.shared.wait_beyond(count, patience);
        self.count()
    }

    /// A reader that goes on from `from` and can wait for more.
    pub fn subscribe(&self, from: Position) -> Subscription {
        Subscription { shared: Arc::clone(&self.shared), next: from }
    }
}

/// A place in the log from which somebody reads on. It holds nothing of the log back: a slow reader costs
/// nothing, since each step reads the log again from its own place.
#[derive(Debug)]
pub struct Subscription {
    shared: Arc<Shared>,
    next: Position,
}

impl Subscription {
    /// The position that the next record will have.
    pub fn position(&self) -> Position {
        self.next
    }

    /// The next records, up to `limit`: gapless, in order. Waits up to `patience` for the first one and returns
    /// none when it passed.
    ///
    /// # Errors
    /// [`ReadError`] when a record cannot be read.
    pub fn next(&mut self, limit: usize, patience: Duration) -> Result<Vec<StoredRecord>, ReadError> {
        self.shared.wait_beyond(self.next.0, patience);
        let records = self.shared.records(self.next, limit)?;
        if let Some(last) = records.last() {
            self.next = last.position.next();
        }
        Ok(records)
    }
}

impl Shared {
    fn records(&self, from: Position, limit: usize) -> Result<Vec<StoredRecord>, ReadError> {
        self.read(from, limit, StoredRecord::new)
    }

    /// Reads values. Only what the state admits is visible: a commit that returned but is not admitted yet is not.
    pub(super) fn read<T>(
        &self,
        from: Position,
        limit: usize,
        mut read_value: impl FnMut(u64, &[u8]) -> Result<T, Damage>,
    ) -> Result<Vec<T>, ReadError> {
        let until = self.state().count().min(from.0.saturating_add(limit as u64));
        if from.0 >= until {
            return Ok(Vec::new());
        }
        self.with_store(|store| {
            let transaction = store.begin_read()?;
            let records = transaction.open_table(RECORDS).doing("read the records")?;
            let mut read = Vec::new();
            for (row, position) in records.range(from.0..until).doing("read the records")?.zip(from.0..) {
                let (key, value) = row.doing("read a record")?;
                if key.value() != position {
                    return Err(missing(position).into());
                }
                read.push(read_value(position, value.value())?);
            }
            Ok(read)
        })
    }

    fn wait_beyond(&self, position: u64, patience: Duration) {
        let count = self.visible.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.grown.wait_timeout_while(count, patience, |count| *count <= position);
    }
}

/// The stored value at a position: digest and frame.
pub(super) fn value_at(store: &Store, position: u64) -> Result<Vec<u8>, ReadError> {
    let transaction = store.begin_read()?;
    let records = transaction.open_table(RECORDS).doing("read the records")?;
    let value = records.get(position).doing("read a record")?;
    Ok(value.ok_or_else(|| missing(position))?.value().to_vec())
}

fn missing(position: u64) -> Damage {
    Damage::Gap { expected: Position(position), found: Position(position + 1) }
}
