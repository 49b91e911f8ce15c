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

/// The events of a stretch of the log.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Which of `happened` are a stream's.
    streams: HashMap<AccountId, Range<usize>>,
    /// By stream, and in it in the order of the positions.
    happened: Vec<Happened>,
    /// Their bodies, in the same order.
    bodies: Vec<u8>,
    /// In the order of the positions.
    recordings: Vec<(Recording, bool)>,
}

/// The events of one stream that a stretch has.
#[derive(Debug, Clone, Copy)]
pub struct Part<'g> {
    happened: &'g [Happened],
    bodies: &'g [u8],
}

/// An event of which the envelope was read and the body was not.
#[derive(Debug)]
struct Happened {
    /// The stream's number in the order of first events.
    stream: usize,
    recording: Recording,
    /// `None` for one that this program does not know.
    event_type: Option<EventType>,
    version: u16,
    body: Range<usize>,
}

/// What was read so far, in the order of the positions.
#[derive(Debug, Default)]
struct Reading {
    streams: HashMap<AccountId, usize>,
    happened: Vec<Happened>,
    bodies: Vec<u8>,
}

impl Log {
    /// Up to `limit` events from a position on. Memory: twice their bodies, and about a hundred bytes for each.
    ///
    /// # Errors
    /// [`ReadError`] when one cannot be read.
    pub fn gather(&self, from: Position, limit: usize) -> Result<Gathered, ReadError> {
        let mut reading = Reading { happened: Vec::with_capacity(limit), ..Reading::default() };
        for taken in (0..limit).step_by(READ_RECORDS) {
            let from = Position(from.0.saturating_add(taken as u64));
            self.shared.read(from, READ_RECORDS.min(limit - taken), |position, value| {
                reading.admit(&glance_at(position, value::frame_of(position, value)?)?)
            })?;
        }
        Ok(reading.gathered())
    }
}

impl Reading {
    fn admit(&mut self, glance: &Glance<'_>) -> Result<(), Damage> {
        let next = self.streams.len();
        let stream = match self.streams.get(glance.account()) {
            Some(stream) => *stream,
            None => *self
                .streams
                .entry(glance.account_id().map_err(|source| damage(&glance.recording(), source))?)
                .or_insert(next),
        };
        let start = self.bodies.len();
        self.bodies.extend_from_slice(glance.body());
        self.happened.push(Happened {
            stream,
            recording: glance.recording(),
            event_type: EventType::named(glance.event_type()),
            version: glance.version(),
            body: start..self.bodies.len(),
        });
        Ok(())
    }

    /// Sorts by stream. The bodies too: a reader goes through them as they stand in memory.
    fn gathered(mut self) -> Gathered {
        let recordings =
            self.happened.iter().map(|happened| (happened.recording, happened.is_fact())).collect();
        self.happened.sort_by_key(|happened| happened.stream);
        let mut bodies = Vec::with_capacity(self.bodies.len());
        for happened in &mut self.happened {
            let start = bodies.len();
            bodies.extend_from_slice(self.bodies.get(happened.body.clone()).unwrap_or_default());
            happened.body = start..bodies.len();
        }
        let mut accounts: Vec<_> = self.streams.into_iter().collect();
        accounts.sort_by_key(|(_, stream)| *stream);
        let parts = self.happened.chunk_by(|one, other| one.stream == other.stream);
        let ranges = parts.scan(0, |start, part| {
            let range = *start..*start + part.len();
            *start = range.end;
            Some(range)
        });
        let streams = accounts.into_iter().map(|(account, _)| account).zip(ranges).collect();
        Gathered { streams, happened: self.happened, bodies, recordings }
    }
}

impl Happened {
    fn is_fact(&self) -> bool {
        self.event_type.is_some_and(|event_type| !event_type.is_revision())
    }
}

impl Gathered {
    /// Every event's recording, in the order of the positions, and whether it says what happened rather than something
    /// about another event; an event of a type that this program does not know may do either.
    pub fn recordings(&self) -> &[(Recording, bool)] {
        &self.recordings
    }

    /// The accounts that have events in it, in any order; the ledger's own stream is one.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.streams.keys()
    }

    /// The events of an account; `None` when it has none here.
    pub fn part(&self, account: &AccountId) -> Option<Part<'_>> {
        let happened = self.happened.get(self.streams.get(account)?.clone())?;
        Some(Part { happened, bodies: &self.bodies })
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
        self.happened.iter().map(|Happened { recording, event_type, version, body, .. }| {
            let body = bodies.get(body.clone()).unwrap_or_default();
            let event = event_type.map(|event_type| record::event(event_type, *version, body)).transpose();
            let event = event.map_err(|source| damage(recording, source))?;
            Ok((*recording, event.flatten()))
        })
    }
}

fn damage(recording: &Recording, source: RecordError) -> Damage {
    Damage::Record { position: recording.position, source }
}
