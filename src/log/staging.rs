//! Staging: what a commit is about to record. Decides, for each event of each submission, whether it is new, a
//! duplicate or refused, and assigns places; touches neither the store nor the state.

use std::cell::OnceCell;

use std::sync::Arc;

use guanxi_projections::envelope::Heading;
use guanxi_projections::id::Actor;
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::time::Timestamp;
use hashbrown::{HashMap, HashTable};
use redb::{ReadOnlyTable, ReadableTable};

use super::error::{Damage, Doing as _, ReadError, Refusal};
use super::group::Group;
use super::load::{State, head_at};
use super::record::{self, EncodedBody, Head, Place, RECORD_BYTES_MAX, RecordError, leaf_hash};
use super::segment::Entry;
use super::store::{RECORDS, Store};
use super::tree::Hash;
use super::value::{self, DIGEST_BYTES, Value, frame_of};

/// What the submitter knows of the stream; decided inside the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// The stream has no events yet.
    Absent,
    /// The stream has at least one event.
    Present,
    /// The stream has exactly so many events.
    Count(u64),
}

/// An event ready to be recorded: sealed, encoded and digested outside the writer.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What the source said about it.
    pub heading: Heading,
    /// Who appends it.
    pub actor: Actor,
    /// The encoded body.
    pub body: EncodedBody,
    /// Keyed digest of what the source said, to tell a duplicate from a conflict.
    pub digest: [u8; DIGEST_BYTES],
    /// What is expected of the stream.
    pub expect: Expect,
}

/// Whether the events of a submission stand or fall together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// All are recorded (or were before), or none.
    Whole,
    /// Each for itself.
    Each,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Recorded now.
    Recorded {
        /// Place in the log.
        position: Position,
        /// Place in the stream.
        sequence: Sequence,
        /// When.
        recorded_at: Timestamp,
    },
    /// Recorded before, with the same content.
    Duplicate {
        /// Where.
        position: Position,
    },
    /// Refused; only in a submission of [`Unit::Each`].
    Refused(Refusal),
}

#[derive(Debug, Clone, Copy)]
struct Tip {
    count: u64,
    head: Hash,
}

/// The staged events of one commit, over the committed state.
pub(super) struct Staging<'a> {
    state: &'a State,
    store: &'a Store,
    /// The records as committed, opened for the first event that has to be compared with one of them.
    committed: OnceCell<ReadOnlyTable<u64, &'static [u8]>>,
    now: Timestamp,
    first: u64,
    last_recorded_at: Option<Timestamp>,
    staged: Group,
    /// (hash of source and id, index into `staged`).
    names: HashTable<(u64, usize)>,
    tips: HashMap<Arc<str>, Tip>,
}

/// The tips that a submission replaced, oldest first.
type Undo = Vec<(Arc<str>, Option<Tip>)>;

impl<'a> Staging<'a> {
    /// Nothing staged yet, of about `events` to come; their values go into `spare`.
    pub(super) fn new(
        state: &'a State,
        store: &'a Store,
        now: Timestamp,
        events: usize,
        spare: Vec<u8>,
    ) -> Self {
        Self {
            state,
            store,
            committed: OnceCell::new(),
            now,
            first: state.count(),
            last_recorded_at: state.last_recorded_at,
            staged: Group::new(spare),
            names: HashTable::with_capacity(events),
            tips: HashMap::new(),
        }
    }

    /// Everything staged so far, in the order of positions.
    pub(super) fn into_staged(self) -> Group {
        self.staged
    }

    /// Stages a submission. For [`Unit::Whole`] the first refusal takes the whole submission back.
    pub(super) fn submit<'e>(
        &mut self,
        named: impl ExactSizeIterator<Item = (&'e Prepared, &'e u64)>,
        unit: Unit,
    ) -> Result<Result<Vec<Outcome>, (usize, Refusal)>, ReadError> {
        let mark = self.staged.len();
        let mut undo = (unit == Unit::Whole).then(Undo::new);
        let mut outcomes = Vec::with_capacity(named.len());
        for (index, (event, name)) in named.enumerate() {
            match (self.stage(event, *name, undo.as_mut())?, unit) {
                (Ok(outcome), _) => outcomes.push(outcome),
                (Err(refusal), Unit::Each) => outcomes.push(Outcome::Refused(refusal)),
                (Err(refusal), Unit::Whole) => {
                    self.take_back(mark, undo.unwrap_or_default());
                    return Ok(Err((index, refusal)));
                }
            }
        }
        Ok(Ok(outcomes))
    }

    fn take_back(&mut self, mark: usize, undo: Undo) {
        self.names.retain(|(_, index)| *index < mark);
        self.staged.truncate(mark);
        for (account, tip) in undo.into_iter().rev() {
            match tip {
                Some(tip) => self.tips.insert(account, tip),
                None => self.tips.remove(&account),
            };
        }
    }

    fn stage(
        &mut self,
        event: &Prepared,
        name: u64,
        undo: Option<&mut Undo>,
    ) -> Result<Result<Outcome, Refusal>, ReadError> {
        if let Some(seen) = self.seen_before(name, event)? {
            return Ok(seen);
        }
        let (account, tip) = self.stream(event.heading.account.as_str())?;
        if let Err(refusal) = check(event.expect, tip.map_or(0, |tip| tip.count)) {
            return Ok(Err(refusal));
        }
        let place = self.next_place(tip);
        let value = self.staged.buffer();
        value::begin(value, event.digest);
        match record::encode(value, &place, &event.actor, &event.heading, &event.body) {
            Ok(()) => {}
            Err(RecordError::TooLarge(_)) => {
                self.staged.abandon();
                return Ok(Err(Refusal::TooLarge { max: RECORD_BYTES_MAX }));
            }
            Err(source) => return Err(Damage::Record { position: place.position, source }.into()),
        }
        let leaf = leaf_hash(frame_of(place.position.0, self.staged.unfinished())?);
        let next = Tip { count: place.sequence.0 + 1, head: leaf };
        let replaced = self.tips.insert(Arc::clone(&account), next);
        if let Some(undo) = undo {
            undo.push((Arc::clone(&account), replaced));
        }
        self.names.insert_unique(name, (name, self.staged.len()), |(name, _)| *name);
        let recorded_at = place.recorded_at;
        self.staged.push(Entry { name, account }, leaf, recorded_at);
        self.last_recorded_at = Some(recorded_at);
        Ok(Ok(Outcome::Recorded { position: place.position, sequence: place.sequence, recorded_at }))
    }

    /// Whether an event of this source and id is committed or staged: a duplicate, or a conflict.
    fn seen_before(
        &self,
        name: u64,
        event: &Prepared,
    ) -> Result<Option<Result<Outcome, Refusal>>, ReadError> {
        for (_, index) in self.names.iter_hash(name).filter(|(hash, _)| *hash == name) {
            if let Some(value) = self.staged.value(*index) {
                let position = self.first + *index as u64;
                if let Some(seen) = compare(position, value, event)? {
                    return Ok(Some(seen));
                }
            }
        }
        for position in self.state.index.named(name) {
            let seen = self.with_value(position, |value| compare(position, value, event))?;
            if seen.is_some() {
                return Ok(seen);
            }
        }
        Ok(None)
    }

    fn with_value<T>(
        &self,
        position: u64,
        read: impl FnOnce(&[u8]) -> Result<T, Damage>,
    ) -> Result<T, ReadError> {
        let records = if let Some(records) = self.committed.get() {
            records
        } else {
            let opened = self.store.begin_read()?.open_table(RECORDS).doing("read the records")?;
            self.committed.get_or_init(|| opened)
        };
        let value = ReadableTable::get(records, position).doing("read a record")?;
        let missing = Damage::Gap { expected: Position(position), found: Position(position + 1) };
        Ok(read(value.ok_or(missing)?.value())?)
    }

    /// The stream's shared name and its newest event, staged ones included; `None` when it has none.
    fn stream(&self, account: &str) -> Result<(Arc<str>, Option<Tip>), ReadError> {
        if let Some((name, tip)) = self.tips.get_key_value(account) {
            return Ok((Arc::clone(name), Some(*tip)));
        }
        let Some((name, stream)) = self.state.index.named_stream(account) else {
            return Ok((account.into(), None));
        };
        let last = stream.last().0;
        let head = match stream.head {
            Some(head) => head,
            None => self.with_value(last, |value| Ok(leaf_hash(frame_of(last, value)?)))?,
        };
        Ok((Arc::clone(name), Some(Tip { count: stream.count, head })))
    }

    fn next_place(&self, tip: Option<Tip>) -> Place {
        let next_instant = self.last_recorded_at.map_or(self.now, |last| last.plus_micros(1));
        Place {
            position: Position(self.first + self.staged.len() as u64),
            sequence: Sequence(tip.map_or(0, |tip| tip.count)),
            recorded_at: self.now.max(next_instant),
            prev: tip.map_or([0; 32], |tip| tip.head),
        }
    }
}

fn check(expect: Expect, actual: u64) -> Result<(), Refusal> {
    match expect {
        Expect::Absent if actual > 0 => Err(Refusal::Exists),
        Expect::Present if actual == 0 => Err(Refusal::Missing),
        Expect::Count(expected) if expected != actual => Err(Refusal::Count { expected, actual }),
        Expect::Absent | Expect::Present | Expect::Count(_) => Ok(()),
    }
}

/// `None` when the stored value only shares the hash of its name with the event.
fn compare(
    position: u64,
    value: &[u8],
    event: &Prepared,
) -> Result<Option<Result<Outcome, Refusal>>, Damage> {
    let Value { digest, frame } = value::read(position, value)?;
    let head: Head<'_> = head_at(position, frame)?;
    if head.source() != event.heading.source.as_str() || head.id() != event.heading.id.as_str() {
        return Ok(None);
    }
    let position = Position(position);
    Ok(Some(if *digest == event.digest {
        Ok(Outcome::Duplicate { position })
    } else {
        Err(Refusal::Conflict { position })
    }))
}
