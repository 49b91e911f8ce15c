//! Effective history: what one account's stream says at (T, K), after corrections and retractions.
//!
//! The effective history at `as_of` T and `known_at` K holds the events recorded by K, after the corrections and
//! retractions recorded by K, whose (corrected) occurred-at is at or before T, in the order (occurred at,
//! position). What was recorded after K, or happened after T, does not exist.

pub(crate) mod settled;

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::{Body, Heading, Recorded};
use crate::event::revision::Target;
use crate::event::{Event, EventType};
use crate::form::Sealed;
use crate::id::{EventId, Source};
use crate::position::Position;
use crate::time::Timestamp;
use settled::{Action, Revising, Settled};

/// An original event as it stands after its revisions.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectiveEvent<'a> {
    /// Place of the original in the log.
    pub position: Position,
    /// When it happened, as corrected.
    pub occurred_at: Timestamp,
    /// What happened, as corrected.
    pub event: &'a Event<Sealed>,
    /// The original's record.
    pub original: &'a Recorded,
    /// The record that `event` was read from: the original, or the correction whose data is in force. Texts were
    /// sealed in its place.
    pub data_from: &'a Recorded,
    /// The corrections in force, in the order they were recorded.
    pub corrections: Vec<Position>,
}

/// How one recorded event stands at K.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// An original event, or a revision, that stands.
    Stands,
    /// Taken back by the retraction at this position (the first that stands).
    Retracted(Position),
}

/// A stream as known at some K: which events stand, and in which version.
#[derive(Debug)]
pub struct Stream<'a> {
    recorded: &'a [Recorded],
    settled: Settled,
}

impl<'a> Stream<'a> {
    /// Reads a stream as known at K. `recorded` holds one account's events in the order of their positions;
    /// those recorded after `known_at` are passed over. Cost: O(n log n).
    pub fn known_at(recorded: &'a [Recorded], known_at: Timestamp) -> Self {
        let known = recorded.partition_point(|event| event.envelope.recorded_at <= known_at);
        let recorded = recorded.get(..known).unwrap_or(recorded);
        let places = Places::of(recorded);
        let revisions: Vec<_> = recorded.iter().filter_map(|event| places.revising(event)).collect();
        Self { recorded, settled: Settled::of(revisions) }
    }

    /// Every event known at K with its standing, in the order of recording.
    pub fn standings(&self) -> impl Iterator<Item = (&'a Recorded, Standing)> + '_ {
        self.recorded.iter().map(|event| {
            let retraction = self.settled.retracted_by(event.envelope.position);
            (event, retraction.map_or(Standing::Stands, Standing::Retracted))
        })
    }

    /// The effective history at T: original events that stand, as corrected, with occurred-at at or before
    /// `as_of`, in the order (occurred at, position).
    pub fn effective(&self, as_of: Timestamp) -> Vec<EffectiveEvent<'a>> {
        let mut effective: Vec<_> = self
            .recorded
            .iter()
            .filter_map(|original| self.version_in_force(original))
            .filter(|event| event.occurred_at <= as_of)
            .collect();
        effective.sort_by_key(|event| (event.occurred_at, event.position));
        effective
    }

    /// The original with its corrections applied; `None` for a revision, an event that does not stand, or one of
    /// an unknown type.
    fn version_in_force(&self, original: &'a Recorded) -> Option<EffectiveEvent<'a>> {
        let position = original.envelope.position;
        let Body::Known(event) = &original.body else { return None };
        if event.event_type().is_revision() || self.settled.is_retracted(position) {
            return None;
        }
        let mut version = EffectiveEvent {
            position,
            occurred_at: original.envelope.heading.occurred_at,
            event,
            original,
            data_from: original,
            corrections: Vec::new(),
        };
        for correction in self.settled.corrections(position) {
            self.correct(&mut version, *correction);
        }
        Some(version)
    }

    fn correct(&self, version: &mut EffectiveEvent<'a>, position: Position) {
        let place = self.recorded.binary_search_by_key(&position, |event| event.envelope.position);
        let Some(recorded) = place.ok().and_then(|place| self.recorded.get(place)) else { return };
        let Some(Event::EventCorrected(correction)) = recorded.event() else { return };
        if let Some(time) = correction.time {
            version.occurred_at = time;
        }
        if let Some(data) = &correction.data {
            version.event = data;
            version.data_from = recorded;
        }
        version.corrections.push(recorded.envelope.position);
    }
}

/// The effective history of a stream at (T, K), in one step.
pub fn effective(recorded: &[Recorded], as_of: Timestamp, known_at: Timestamp) -> Vec<EffectiveEvent<'_>> {
    Stream::known_at(recorded, known_at).effective(as_of)
}

/// Where in the stream the events are that revisions name.
struct Places<'a> {
    known: BTreeSet<Position>,
    by_name: BTreeMap<(&'a Source, &'a EventId), Position>,
}

impl<'a> Places<'a> {
    fn of(recorded: &'a [Recorded]) -> Self {
        let mut places = Self { known: BTreeSet::new(), by_name: BTreeMap::new() };
        if recorded.iter().any(|event| event.event_type().is_some_and(EventType::is_revision)) {
            for event in recorded {
                let (position, Heading { source, id, .. }) =
                    (event.envelope.position, &event.envelope.heading);
                places.known.insert(position);
                places.by_name.insert((source, id), position);
            }
        }
        places
    }

    fn find(&self, target: &Target) -> Option<Position> {
        match target {
            Target::Position(position) => self.known.get(position).copied(),
            Target::Named { source, id } => self.by_name.get(&(source, id)).copied(),
        }
    }

    /// What a revision is about; `None` for other events and for a target that is not in the stream.
    fn revising(&self, event: &Recorded) -> Option<Revising> {
        let what = event.event()?;
        let (target, action) = if let Event::EventRetracted(retraction) = what {
            (&retraction.target, Action::Retract)
        } else if let Event::EventCorrected(correction) = what {
            (&correction.target, Action::Correct)
        } else {
            return None;
        };
        Some(Revising { position: event.envelope.position, target: self.find(target)?, action })
    }
}
