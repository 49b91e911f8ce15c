//! Verifying: everything that the log claims of itself, checked against the records.

use std::collections::HashMap;

use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;
use redb::{ReadTransaction, ReadableTable};

use super::Log;
use super::error::{Damage, Doing as _, ReadError};
use super::load::{check_nodes, head_at};
use super::record::{self, leaf_hash};
use super::store::{RECORDS, TREE};
use super::tree::{Frontier, Hash, completed_before};
use super::value::frame_of;

/// Records checked in one read transaction.
const CHUNK: u64 = 4_096;

/// What verifying found when everything was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Events checked.
    pub events: u64,
    /// Streams checked.
    pub streams: u64,
    /// Root of the tree, recomputed from the records.
    pub root: Hash,
    /// When the last event was recorded.
    pub last_recorded_at: Option<Timestamp>,
    /// Events of a type or version that this program does not know.
    pub unknown: u64,
}

struct StreamTip {
    count: u64,
    head: Hash,
}

/// The checks of one pass over the log.
struct Checker<'a> {
    log: &'a Log,
    frontier: Frontier,
    tips: HashMap<String, StreamTip>,
    last_recorded_at: Option<Timestamp>,
    unknown: u64,
}

impl Log {
    /// Checks every record: positions and sequences gapless, recorded times ascending, every record decodable
    /// and tied to the previous one of its stream, every node of the tree the hash of what it covers, every
    /// source and id found by the index where it stands. `progress` hears how many events are checked.
    /// Cost: O(events); memory: O(streams).
    ///
    /// # Errors
    /// [`ReadError::Damaged`] with the first contradiction.
    pub fn verify(&self, mut progress: impl FnMut(u64)) -> Result<Verified, ReadError> {
        let until = self.head().count;
        let mut checker = Checker {
            log: self,
            frontier: Frontier::default(),
            tips: HashMap::new(),
            last_recorded_at: None,
            unknown: 0,
        };
        while checker.frontier.leaves() < until {
            let from = checker.frontier.leaves();
            self.shared
                .with_store(|store| checker.chunk(&store.begin_read()?, from, until.min(from + CHUNK)))?;
            progress(checker.frontier.leaves());
        }
        checker.finish(until)
    }
}

impl Checker<'_> {
    fn chunk(&mut self, transaction: &ReadTransaction, from: u64, until: u64) -> Result<(), ReadError> {
        let records = transaction.open_table(RECORDS).doing("read the records")?;
        let tree = transaction.open_table(TREE).doing("read the tree")?;
        let mut next = from;
        for row in records.range(from..until).doing("read the records")? {
            let (key, value) = row.doing("read a record")?;
            if key.value() != next {
                return Err(gap(next, key.value()).into());
            }
            let frame = frame_of(next, value.value())?;
            self.record(next, frame)?;
            self.named(next, frame, &records)?;
            check_nodes(&tree, &mut self.frontier, leaf_hash(frame))?;
            next += 1;
        }
        if next < until { Err(gap(next, until).into()) } else { Ok(()) }
    }

    fn record(&mut self, position: u64, frame: &[u8]) -> Result<(), ReadError> {
        let head = head_at(position, frame)?;
        let place = Position(position);
        if self.last_recorded_at.is_some_and(|last| last >= head.recorded_at()) {
            return Err(Damage::Recorded(place).into());
        }
        self.last_recorded_at = Some(head.recorded_at());
        let decoded = record::decode(frame).map_err(|source| Damage::Record { position: place, source })?;
        self.unknown += u64::from(decoded.event().is_none());
        Ok(self.stream(place, &head, leaf_hash(frame))?)
    }

    fn stream(&mut self, position: Position, head: &record::Head<'_>, leaf: Hash) -> Result<(), Damage> {
        let tip = self.tips.get(head.account());
        let (expected, prev) = tip.map_or((0, [0; 32]), |tip| (tip.count, tip.head));
        let account = head.account().to_owned();
        if head.sequence().0 != expected {
            return Err(Damage::Sequence { position, account, expected, found: head.sequence().0 });
        }
        if *head.prev() != prev {
            return Err(Damage::Chain { position, account });
        }
        self.tips.insert(account, StreamTip { count: expected + 1, head: leaf });
        Ok(())
    }

    /// The index must find this event, and no other of its name.
    fn named(
        &self,
        position: u64,
        frame: &[u8],
        records: &impl ReadableTable<u64, &'static [u8]>,
    ) -> Result<(), ReadError> {
        let head = head_at(position, frame)?;
        let hash = self.log.shared.identity.name_hash(head.source(), head.id());
        let candidates: Vec<u64> = self.log.shared.state().index.named(hash).collect();
        if !candidates.contains(&position) {
            return Err(Damage::Index(Position(position)).into());
        }
        for other in candidates.into_iter().filter(|other| *other < position) {
            let Some(value) = records.get(other).doing("read a record")? else { continue };
            let earlier = head_at(other, frame_of(other, value.value())?)?;
            if earlier.source() == head.source() && earlier.id() == head.id() {
                return Err(Damage::Repeated { first: Position(other), second: Position(position) }.into());
            }
        }
        Ok(())
    }

    fn finish(self, until: u64) -> Result<Verified, ReadError> {
        let state = self.log.shared.state();
        for (account, tip) in &self.tips {
            let indexed = state.index.stream(account).map_or(0, |stream| stream.count);
            if indexed < tip.count {
                return Err(Damage::Index(Position(until)).into());
            }
        }
        if state.count() == until && state.frontier.root() != self.frontier.root() {
            let node = completed_before(until);
            return Err(Damage::Tree { node, position: Position(until) }.into());
        }
        Ok(Verified {
            events: until,
            streams: self.tips.len() as u64,
            root: self.frontier.root(),
            last_recorded_at: self.last_recorded_at,
            unknown: self.unknown,
        })
    }
}

fn gap(expected: u64, found: u64) -> Damage {
    Damage::Gap { expected: Position(expected), found: Position(found) }
}
