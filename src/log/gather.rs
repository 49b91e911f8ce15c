//! What happened in a stretch of the log, gathered by stream: for a reader that wants the events of one account after
//! each other, while what it knows of the account is at hand. In the log they stand as they came, far apart.

use std::ops::Range;

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Recording;
use guanxi_projections::position::Position;
use hashbrown::HashMap;

use super::Log;
use super::error::{Damage, ReadError};
use super::load::glance_at;
use super::read::READ_RECORDS;
use super::record::{self, Glance, RecordError};
use super::value;

/// The events of a stretch of the log. What it takes of memory serves the next stretch that is gathered into it.
#[derive(Debug, Default)]
pub struct Gathered {
    /// In the order of the positions.
    read: Happenings,
    /// By stream, and in it in the order of the positions.
    sorted: Happenings,
    /// Places in `read`, in the order of `sorted`.
    order: Vec<usize>,
    /// By their numbers.
    streams: Vec<Stream>,
    /// The number of each stream, by the bytes of its account.
    numbers: HashMap<Box<[u8]>, u32>,
}

/// A stream that this or an earlier stretch has events of.
#[derive(Debug)]
struct Stream {
    account: AccountId,
    /// Which of the sorted events are its own.
    range: Range<usize>,
}

#[derive(Debug, Default)]
struct Happenings {
    happened: Vec<Happened>,
    bodies: Vec<u8>,
}

/// An event of which the envelope was read and the body was not.
#[derive(Debug, Clone, Copy)]
struct Happened {
    recording: Recording,
    /// Where in the bodies its own begins.
    body: usize,
    /// How long that is: no record is longer.
    body_bytes: u16,
    version: u16,
    /// The number of its stream.
    stream: u32,
    /// `None` for one that this program does not know.
    event_type: Option<EventType>,
}

/// The events of one stream that a stretch has.
#[derive(Debug, Clone, Copy)]
pub struct Part<'g> {
    happened: &'g [Happened],
    bodies: &'g [u8],
}

impl Log {
    /// Gathers up to `limit` events from a position on, in place of those that were gathered before. Memory: twice
    /// their bodies, and about a hundred bytes for each.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read; what is gathered then has no meaning.
    pub fn gather(&self, from: Position, limit: usize, into: &mut Gathered) -> Result<(), ReadError> {
        let left = usize::try_from(self.count().saturating_sub(from.0)).unwrap_or(usize::MAX);
        let limit = limit.min(left);
        into.begin(limit);
        for taken in (0..limit).step_by(READ_RECORDS) {
            let from = Position(from.0.saturating_add(taken as u64));
            self.shared.read(from, READ_RECORDS.min(limit - taken), |position, value| {
                into.admit(&glance_at(position, value::frame_of(position, value)?)?)
            })?;
        }
        into.sort();
        Ok(())
    }
}

impl Happenings {
    fn begin(&mut self, events: usize) {
        self.happened.clear();
        self.happened.reserve(events);
        self.bodies.clear();
    }

    fn push(&mut self, happened: Happened, body: &[u8]) {
        self.happened.push(Happened { body: self.bodies.len(), ..happened });
        self.bodies.extend_from_slice(body);
    }
}

impl Gathered {
    fn begin(&mut self, events: usize) {
        self.read.begin(events);
        self.sorted.begin(events);
        for stream in &mut self.streams {
            stream.range = 0..0;
        }
    }

    fn admit(&mut self, glance: &Glance<'_>) -> Result<(), Damage> {
        let recording = glance.recording();
        let number = match self.numbers.get(glance.account()) {
            Some(number) => *number,
            None => self.number(glance).map_err(|source| damage(&recording, source))?,
        };
        if let Some(stream) = self.streams.get_mut(number as usize) {
            stream.range.end += 1;
        }
        let body = glance.body();
        let happened = Happened {
            recording,
            body: 0,
            body_bytes: u16::try_from(body.len()).unwrap_or(u16::MAX),
            version: glance.version(),
            stream: number,
            event_type: glance.event_type(),
        };
        self.read.push(happened, body);
        Ok(())
    }

    /// Gives a stream its number: it was not met before.
    fn number(&mut self, glance: &Glance<'_>) -> Result<u32, RecordError> {
        let number = u32::try_from(self.streams.len()).unwrap_or(u32::MAX);
        self.streams.push(Stream { account: glance.account_id()?, range: 0..0 });
        self.numbers.insert(glance.account().into(), number);
        Ok(number)
    }

    /// Sorts by stream. The bodies too: a reader goes through them as they stand in memory.
    fn sort(&mut self) {
        let Self { read, sorted, order, streams, .. } = self;
        let mut next = 0;
        for stream in &mut *streams {
            let events = stream.range.len();
            stream.range = next..next;
            next += events;
        }
        order.clear();
        order.resize(read.happened.len(), 0);
        for (place, happened) in read.happened.iter().enumerate() {
            if let Some(stream) = streams.get_mut(happened.stream as usize)
                && let Some(slot) = order.get_mut(stream.range.end)
            {
                *slot = place;
                stream.range.end += 1;
            }
        }
        for happened in order.iter().filter_map(|place| read.happened.get(*place)) {
            sorted.push(*happened, happened.body_in(&read.bodies));
        }
    }

    /// Every event's recording, in the order of the positions, and whether it says what happened rather than something
    /// about another event; an event of a type that this program does not know may do either.
    pub fn recordings(&self) -> impl ExactSizeIterator<Item = (Recording, bool)> + '_ {
        self.read.happened.iter().map(|happened| {
            let is_fact = happened.event_type.is_some_and(|event_type| !event_type.is_revision());
            (happened.recording, is_fact)
        })
    }

    /// The accounts that have events in it, in any order; the ledger's own stream is one.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.streams.iter().filter(|stream| !stream.range.is_empty()).map(|stream| &stream.account)
    }

    /// The events of an account; `None` when it has none here.
    pub fn part(&self, account: &AccountId) -> Option<Part<'_>> {
        let number = self.numbers.get(account.as_str().as_bytes())?;
        let happened = self.sorted.happened.get(self.streams.get(*number as usize)?.range.clone())?;
        (!happened.is_empty()).then_some(Part { happened, bodies: &self.sorted.bodies })
    }
}

impl Happened {
    fn body_in<'b>(&self, bodies: &'b [u8]) -> &'b [u8] {
        bodies.get(self.body..self.body + usize::from(self.body_bytes)).unwrap_or_default()
    }
}

impl<'g> Part<'g> {
    /// How many events it has.
    pub fn len(self) -> usize {
        self.happened.len()
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.happened.is_empty()
    }

    /// Where its events stand, in the order of the positions.
    pub fn positions(self) -> impl Iterator<Item = Position> + use<'g> {
        self.happened.iter().map(|happened| happened.recording.position)
    }

    /// Its events, in the order of the positions: the recording, and what it was; `None` for a type or version that
    /// this program does not know.
    pub fn events(
        self,
    ) -> impl Iterator<Item = Result<(Recording, Option<Event<Sealed>>), Damage>> + use<'g> {
        let bodies = self.bodies;
        self.happened.iter().map(|happened| {
            let Happened { recording, event_type, version, .. } = happened;
            let read = |event_type| record::event(event_type, *version, happened.body_in(bodies));
            let event = event_type.map(read).transpose().map_err(|source| damage(recording, source))?;
            Ok((*recording, event.flatten()))
        })
    }
}

fn damage(recording: &Recording, source: RecordError) -> Damage {
    Damage::Record { position: recording.position, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_to_be_decoded_is_small() {
        assert!(size_of::<Happened>() <= 48, "{}", size_of::<Happened>());
    }
}
