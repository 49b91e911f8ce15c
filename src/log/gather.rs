//! What happened in a stretch of the log, gathered by stream: for a reader that wants the events of few accounts after
//! each other, while what it knows of them is at hand. In the log they stand as they came, far apart.
//!
//! Streams are dealt to heaps, and each heap is written and read from its beginning to its end. Rejected: sorting a
//! stretch by stream, which copies each event a second time and fetches it from afar to do so.

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Recording;
use guanxi_projections::position::Position;

use super::Log;
use super::error::{Damage, ReadError};
use super::load::glance_at;
use super::read::READ_RECORDS;
use super::record::{self, Glance, RecordError};
use super::value;

/// So many heaps there are: what is known of the accounts of one is to fit into a core's own cache.
pub const HEAPS: usize = 128;

/// So many bytes of records are read before they are dealt: few enough to stay in a core's own cache. The store counts
/// who holds its pages, record by record, and to count it would wait each time until what was dealt far apart is written.
const TRAY_BYTES: usize = 1 << 17;

/// The events of a stretch of the log. What it takes of memory serves the next stretch that is gathered into it.
#[derive(Debug, Default)]
pub struct Gathered {
    heaps: Vec<Heap>,
    tray: Tray,
}

/// Records as they were read, one after the other, before they are dealt to heaps.
#[derive(Debug, Default)]
struct Tray {
    /// The position of the first.
    first: u64,
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

/// The events of some streams, in the order of their positions.
#[derive(Debug, Default)]
pub struct Heap {
    happened: Vec<Happened>,
    /// For each event the account and the body.
    bytes: Vec<u8>,
}

/// An event of which the front of the envelope was read and the body was not.
#[derive(Debug, Clone, Copy)]
struct Happened {
    recording: Recording,
    /// Where its bytes begin.
    begins: usize,
    /// How many there are of each: no record has more.
    account_bytes: u16,
    body_bytes: u16,
    version: u16,
    /// `None` for one that this program does not know.
    event_type: Option<EventType>,
}

/// An event of a heap, which is read when somebody asks.
#[derive(Debug, Clone, Copy)]
pub struct Gleaned<'g> {
    happened: &'g Happened,
    account: &'g [u8],
    body: &'g [u8],
}

/// The number of the heap that an account's events are in, in whatever stretch.
pub fn heap_of(account: &AccountId) -> usize {
    heap_of_text(account.as_str().as_bytes())
}

fn heap_of_text(account: &[u8]) -> usize {
    crc32fast::hash(account) as usize % HEAPS
}

impl Log {
    /// Gathers up to `limit` events from a position on, in place of those that were gathered before. Memory: their
    /// bodies, and about fifty bytes for each.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read; what is gathered then has no meaning.
    pub fn gather(&self, from: Position, limit: usize, into: &mut Gathered) -> Result<(), ReadError> {
        let left = usize::try_from(self.count().saturating_sub(from.0)).unwrap_or(usize::MAX);
        let limit = limit.min(left);
        into.begin(from);
        for taken in (0..limit).step_by(READ_RECORDS) {
            let from = Position(from.0.saturating_add(taken as u64));
            self.shared.read(from, READ_RECORDS.min(limit - taken), |_, value| into.take(value))?;
        }
        Ok(into.deal()?)
    }
}

impl Gathered {
    fn begin(&mut self, from: Position) {
        self.tray.empty(from.0);
        self.heaps.resize_with(HEAPS, Heap::default);
        for heap in &mut self.heaps {
            heap.happened.clear();
            heap.bytes.clear();
        }
    }

    /// Takes the next record.
    fn take(&mut self, value: &[u8]) -> Result<(), Damage> {
        self.tray.put(value);
        if self.tray.bytes.len() < TRAY_BYTES { Ok(()) } else { self.deal() }
    }

    /// Deals what is on the tray. All of it is read before any is written, so that the writes, each to another place,
    /// come together and are waited for together.
    fn deal(&mut self) -> Result<(), Damage> {
        let Self { heaps, tray } = self;
        let mut read = Vec::with_capacity(tray.ends.len());
        for (value, position) in tray.values() {
            let glance = glance_at(position, value::frame_of(position, value)?)?;
            read.push((Happened::of(&glance), glance.account(), glance.body()));
        }
        for (happened, account, body) in read {
            if let Some(heap) = heaps.get_mut(heap_of_text(account)) {
                heap.push(happened, account, body);
            }
        }
        tray.empty(tray.first + tray.ends.len() as u64);
        Ok(())
    }

    /// Every heap, by its number; none before anything was gathered.
    pub fn heaps(&self) -> &[Heap] {
        &self.heaps
    }

    /// Where the events of an account stand, in the order of the positions.
    pub fn positions(&self, account: &AccountId) -> impl Iterator<Item = Position> {
        let heap = self.heaps.get(heap_of(account));
        let events = heap.into_iter().flat_map(Heap::events);
        let its_own = events.filter(|gleaned| gleaned.account == account.as_str().as_bytes());
        its_own.map(|gleaned| gleaned.recording().position)
    }

    /// Every event's recording, in any order, and whether it says what happened rather than something about another
    /// event; an event of a type that this program does not know may do either.
    pub fn recordings(&self) -> impl Iterator<Item = (Recording, bool)> {
        self.heaps.iter().flat_map(|heap| &heap.happened).map(|happened| {
            let is_fact = happened.event_type.is_some_and(|event_type| !event_type.is_revision());
            (happened.recording, is_fact)
        })
    }
}

impl Happened {
    /// What the front of an envelope says; its bytes are nowhere yet.
    fn of(glance: &Glance<'_>) -> Self {
        let count = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap_or(u16::MAX);
        Self {
            recording: glance.recording(),
            begins: 0,
            account_bytes: count(glance.account()),
            body_bytes: count(glance.body()),
            version: glance.version(),
            event_type: glance.event_type(),
        }
    }
}

impl Tray {
    fn empty(&mut self, first: u64) {
        self.first = first;
        self.bytes.clear();
        self.ends.clear();
    }

    fn put(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len());
    }

    /// Each record, with its position.
    fn values(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let values =
            starts.zip(&self.ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default());
        values.zip(self.first..)
    }
}

impl Heap {
    fn push(&mut self, happened: Happened, account: &[u8], body: &[u8]) {
        self.happened.push(Happened { begins: self.bytes.len(), ..happened });
        self.bytes.extend_from_slice(account);
        self.bytes.extend_from_slice(body);
    }

    /// Whether it has no events.
    pub fn is_empty(&self) -> bool {
        self.happened.is_empty()
    }

    /// Its events, in the order of the positions.
    pub fn events(&self) -> impl Iterator<Item = Gleaned<'_>> {
        self.happened.iter().map(|happened| {
            let bytes = self.bytes.get(happened.begins..).unwrap_or_default();
            let (account, rest) = bytes.split_at_checked(happened.account_bytes.into()).unwrap_or_default();
            let body = rest.get(..happened.body_bytes.into()).unwrap_or_default();
            Gleaned { happened, account, body }
        })
    }
}

impl<'g> Gleaned<'g> {
    /// Where it stands and when it happened.
    pub fn recording(&self) -> Recording {
        self.happened.recording
    }

    /// Whose it is, in words that nobody has judged yet.
    ///
    /// # Errors
    /// [`Damage`] when that is no text.
    pub fn account(&self) -> Result<&'g str, Damage> {
        record::account(self.account).map_err(|source| self.damage(source))
    }

    /// Whose it is.
    ///
    /// # Errors
    /// [`Damage`] when that is no identifier.
    pub fn account_id(&self) -> Result<AccountId, Damage> {
        record::account_id(self.account).map_err(|source| self.damage(source))
    }

    /// What happened, with empty texts in place of the sealed ones, which no fold reads; `None` for a type or version
    /// that this program does not know.
    ///
    /// # Errors
    /// [`Damage`] when it cannot be read.
    pub fn event(&self) -> Result<Option<Event<Sealed>>, Damage> {
        let Happened { event_type, version, .. } = self.happened;
        let Some(event_type) = *event_type else { return Ok(None) };
        let event = record::event_without_sealed_texts(event_type, *version, self.body);
        event.map_err(|source| self.damage(source))
    }

    fn damage(&self, source: RecordError) -> Damage {
        Damage::Record { position: self.happened.recording.position, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_to_be_decoded_is_small() {
        assert!(size_of::<Happened>() <= 40, "{}", size_of::<Happened>());
    }
}
