//! Loading: from what is stored to the state in memory. Opening, recovery after a failed commit and crash
//! recovery are this one path.

use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;
use redb::{ReadTransaction, ReadableTable as _, ReadableTableMetadata as _, TableError};

use super::error::{Damage, Doing as _, OpenError, ReadError};
use super::identity::Identity;
use super::index::Index;
use super::record::{Glance, Head, RecordError, leaf_hash};
use super::segment::{self, Entry};
use super::store::{META, MetaKey, RECORDS, SEGMENTS, Store, TREE};
use super::tree::{Frontier, Hash, node_number};
use super::value::frame_of;

/// What is committed, in memory.
#[derive(Debug)]
pub(super) struct State {
    pub(super) index: Index,
    pub(super) frontier: Frontier,
    /// When the last event was recorded; `None` in an empty log.
    pub(super) last_recorded_at: Option<Timestamp>,
    /// Whether, and how far, an archive was restored into this log.
    pub(super) restored: Restored,
}

/// Whether the log was restored from an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// Its events were recorded here.
    No,
    /// A restore was begun and is not finished: nothing else may be written.
    Unfinished,
    /// It was restored from an archive.
    Yes,
}

/// What loading found.
pub(super) struct Loaded {
    pub(super) identity: Identity,
    pub(super) state: State,
    /// The segments on disk were not usable, and the index was rebuilt from the records.
    pub(super) index_rebuilt: bool,
}

impl State {
    /// How many events are committed.
    pub(super) fn count(&self) -> u64 {
        self.frontier.leaves()
    }
}

/// Reads a store. Checks the events since the index was last flushed against the tree; `verify` checks all.
pub(super) fn load(store: &Store) -> Result<Loaded, OpenError> {
    let transaction = store.begin_read()?;
    let identity = read_identity(&transaction)?;
    let reader = Reader { transaction: &transaction, identity: &identity };
    let count = reader.count()?;
    let (mut index, index_rebuilt) = match reader.flushed_index(count)? {
        Some(index) => (index, false),
        None => (Index::default(), true),
    };
    let (frontier, last_recorded_at) = reader.replay(&mut index, count)?;
    let restored = match reader.meta(MetaKey::Restored)?.as_deref() {
        None => Restored::No,
        Some([2]) => Restored::Yes,
        Some(_) => Restored::Unfinished,
    };
    let state = State { index, frontier, last_recorded_at, restored };
    Ok(Loaded { identity, state, index_rebuilt })
}

fn read_identity(transaction: &ReadTransaction) -> Result<Identity, OpenError> {
    let table = match transaction.open_table(META) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => return Err(OpenError::NotALog),
        Err(other) => return Err(other).doing("read the identity of the log").map_err(OpenError::Store),
    };
    let identity = table.get(MetaKey::Identity as u32).doing("read the identity of the log")?;
    Identity::decode(identity.ok_or(OpenError::NotALog)?.value())
}

/// The reading half of loading.
struct Reader<'a> {
    transaction: &'a ReadTransaction,
    identity: &'a Identity,
}

impl Reader<'_> {
    fn meta(&self, key: MetaKey) -> Result<Option<Vec<u8>>, OpenError> {
        let table = self.transaction.open_table(META).doing("read the log's own facts")?;
        let value = table.get(key as u32).doing("read the log's own facts")?;
        Ok(value.map(|value| value.value().to_vec()))
    }

    /// How many records there are: positions are gapless, so the last says it too.
    fn count(&self) -> Result<u64, OpenError> {
        let records = self.transaction.open_table(RECORDS).doing("read the records")?;
        let count = records.len().doing("count the records")?;
        let last = records.last().doing("read the last record")?.map(|(key, _)| key.value());
        let expected = last.map_or(0, |last| last + 1);
        if expected == count {
            Ok(count)
        } else {
            Err(Damage::Gap { expected: Position(count), found: Position(expected) }.into())
        }
    }

    /// The index as flushed; `None` when the segments do not add up to the watermark.
    fn flushed_index(&self, count: u64) -> Result<Option<Index>, OpenError> {
        let watermark = match self.meta(MetaKey::Watermark)? {
            Some(bytes) => bytes.try_into().map_or(u64::MAX, u64::from_be_bytes),
            None => 0,
        };
        let mut index = Index::default();
        let mut next = 0;
        for blob in self.segments()? {
            let Some((first, entries)) = segment::decode(&blob) else { return Ok(None) };
            if first != next {
                return Ok(None);
            }
            for (position, entry) in (first..).zip(entries) {
                index.admit(position, entry, None);
                next = position + 1;
            }
            index.flushed();
        }
        Ok((next == watermark && watermark <= count).then_some(index))
    }

    fn segments(&self) -> Result<Vec<Vec<u8>>, OpenError> {
        let table = self.transaction.open_table(SEGMENTS).doing("read the index")?;
        let mut blobs: Vec<Vec<u8>> = Vec::new();
        for row in table.iter().doing("read the index")? {
            let (key, value) = row.doing("read the index")?;
            match blobs.last_mut() {
                Some(blob) if key.value().1 > 0 => blob.extend(value.value()),
                _ => blobs.push(value.value().to_vec()),
            }
        }
        Ok(blobs)
    }

    /// Takes in the records that the flushed index does not cover, and checks them against the tree.
    fn replay(&self, index: &mut Index, count: u64) -> Result<(Frontier, Option<Timestamp>), OpenError> {
        let watermark = index.unflushed().0;
        let mut frontier = Frontier::load(watermark, |level, at| self.node(level, at))?;
        let mut last = None;
        let records = self.transaction.open_table(RECORDS).doing("read the records")?;
        let tree = self.transaction.open_table(TREE).doing("read the tree")?;
        for (row, position) in records.range(watermark..).doing("read the records")?.zip(watermark..) {
            let (key, value) = row.doing("read a record")?;
            let frame = frame_of(key.value(), value.value())?;
            let head = head_at(position, frame)?;
            let entry = Entry {
                name: self.identity.name_hash(head.source(), head.id()),
                account: index.shared_name(head.account()),
            };
            last = Some(head.recorded_at());
            let leaf = leaf_hash(frame);
            check_nodes(&tree, &mut frontier, leaf)?;
            index.admit(position, entry, Some(leaf));
        }
        if last.is_none() && count > 0 {
            last = Some(self.recorded_at(count - 1)?);
        }
        Ok((frontier, last))
    }

    fn node(&self, level: u32, at: u64) -> Result<Hash, OpenError> {
        if level == 0 {
            return self.with_record(at, |frame| Ok(leaf_hash(frame)));
        }
        let number = node_number(level, at);
        let tree = self.transaction.open_table(TREE).doing("read the tree")?;
        let node = tree.get(number).doing("read the tree")?;
        let position = Position((at + 1) << level).0 - 1;
        Ok(*node.ok_or(Damage::Tree { node: number, position: Position(position) })?.value())
    }

    fn recorded_at(&self, position: u64) -> Result<Timestamp, OpenError> {
        self.with_record(position, |frame| Ok(head_at(position, frame)?.recorded_at()))
    }

    fn with_record<T>(
        &self,
        position: u64,
        read: impl FnOnce(&[u8]) -> Result<T, OpenError>,
    ) -> Result<T, OpenError> {
        let records = self.transaction.open_table(RECORDS).doing("read the records")?;
        let value = records.get(position).doing("read a record")?;
        let missing = Damage::Gap { expected: Position(position), found: Position(position + 1) };
        read(frame_of(position, value.ok_or(missing)?.value())?)
    }
}

/// Reads the head of a frame and checks that it says the place where it stands.
pub(super) fn head_at(position: u64, frame: &[u8]) -> Result<Head<'_>, Damage> {
    let head = in_place(position, Head::parse(frame))?;
    stands(position, head.position()).map(|()| head)
}

/// As [`head_at`], without what no fold reads.
pub(super) fn glance_at(position: u64, frame: &[u8]) -> Result<Glance<'_>, Damage> {
    let glance = in_place(position, Glance::parse(frame))?;
    stands(position, glance.recording().position).map(|()| glance)
}

fn in_place<T>(position: u64, read: Result<T, RecordError>) -> Result<T, Damage> {
    read.map_err(|source| Damage::Record { position: Position(position), source })
}

fn stands(position: u64, found: Position) -> Result<(), Damage> {
    let expected = Position(position);
    if found == expected { Ok(()) } else { Err(Damage::Gap { expected, found }) }
}

/// Appends a leaf to the frontier, comparing every node that it completes with the stored one.
pub(super) fn check_nodes(
    tree: &impl redb::ReadableTable<u64, &'static [u8; 32]>,
    frontier: &mut Frontier,
    leaf: Hash,
) -> Result<(), ReadError> {
    let position = frontier.leaves();
    let mut nodes = Vec::new();
    frontier.append(leaf, |node| nodes.push(node));
    for (number, node) in (super::tree::completed_before(position)..).zip(nodes) {
        let stored = tree.get(number).doing("read the tree")?;
        if stored.is_none_or(|stored| *stored.value() != node) {
            return Err(Damage::Tree { node: number, position: Position(position) }.into());
        }
    }
    Ok(())
}

impl From<ReadError> for OpenError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => Self::Store(error),
            ReadError::Damaged(damage) => Self::Damaged(damage),
            ReadError::Closed => Self::NotALog,
        }
    }
}
