//! Effective history: what one account's stream says at (T, K), after corrections and retractions.
//!
//! The effective history at `as_of` T and `known_at` K holds the events recorded by K, after the corrections and
//! retractions recorded by K, whose (corrected) occurred-at is at or before T, in the order (occurred at,
//! position). What was recorded after K, or happened after T, does not exist.

use std::collections::BTreeMap;

use crate::envelope::{Body, Heading, Recorded};
use crate::event::Event;
use crate::event::revision::Target;
use crate::form::Sealed;
use crate::id::{EventId, Source};
use crate::position::Position;
use crate::time::Timestamp;

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
    /// First standing retraction of an event, by index into `recorded`.
    retracted_by: BTreeMap<usize, Position>,
    /// Standing corrections of an original, by index into `recorded`.
    corrected_by: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Stream<'a> {
    /// Reads a stream as known at K. `recorded` holds one account's events in the order of their positions;
    /// those recorded after `known_at` are passed over. Cost: O(n log n).
    pub fn known_at(recorded: &'a [Recorded], known_at: Timestamp) -> Self {
        let known = recorded.partition_point(|event| event.envelope.recorded_at <= known_at);
        let recorded = recorded.get(..known).unwrap_or(recorded);
        let places = Places::of(recorded);
        let mut stream = Self { recorded, retracted_by: BTreeMap::new(), corrected_by: BTreeMap::new() };
        // A revision is recorded after its target, so going backwards every revision's own standing is settled
        // before it is applied.
        for (index, event) in recorded.iter().enumerate().rev() {
            if !stream.retracted_by.contains_key(&index) {
                stream.revise(&places, index, event);
            }
        }
        stream
    }

    fn revise(&mut self, places: &Places<'_>, index: usize, revision: &Recorded) {
        match revision.event() {
            Some(Event::EventRetracted(retraction)) => {
                if let Some(target) = places.find(&retraction.target).filter(|target| *target < index) {
                    self.retracted_by.insert(target, revision.envelope.position);
                }
            }
            Some(Event::EventCorrected(correction)) => {
                if let Some(target) = places.find(&correction.target).filter(|target| *target < index) {
                    self.corrected_by.entry(target).or_default().insert(0, index);
                }
            }
            _ => {}
        }
    }

    /// Every event known at K with its standing, in the order of recording.
    pub fn standings(&self) -> impl Iterator<Item = (&'a Recorded, Standing)> + '_ {
        self.recorded.iter().enumerate().map(|(index, event)| {
            let standing = match self.retracted_by.get(&index) {
                Some(retraction) => Standing::Retracted(*retraction),
                None => Standing::Stands,
            };
            (event, standing)
        })
    }

    /// The effective history at T: original events that stand, as corrected, with occurred-at at or before
    /// `as_of`, in the order (occurred at, position).
    pub fn effective(&self, as_of: Timestamp) -> Vec<EffectiveEvent<'a>> {
        let mut effective: Vec<_> = (0..self.recorded.len())
            .filter_map(|index| self.version_in_force(index))
            .filter(|event| event.occurred_at <= as_of)
            .collect();
        effective.sort_by_key(|event| (event.occurred_at, event.position));
        effective
    }

    /// The original at `index` with its corrections applied; `None` for a revision, an event that does not
    /// stand, or one of an unknown type.
    fn version_in_force(&self, index: usize) -> Option<EffectiveEvent<'a>> {
        let original = self.recorded.get(index)?;
        let Body::Known(event) = &original.body else { return None };
        if event.event_type().is_revision() || self.retracted_by.contains_key(&index) {
            return None;
        }
        let mut version = EffectiveEvent {
            position: original.envelope.position,
            occurred_at: original.envelope.heading.occurred_at,
            event,
            original,
            data_from: original,
            corrections: Vec::new(),
        };
        for correction in self.corrected_by.get(&index).into_iter().flatten() {
            self.correct(&mut version, *correction);
        }
        Some(version)
    }

    fn correct(&self, version: &mut EffectiveEvent<'a>, index: usize) {
        let Some(recorded) = self.recorded.get(index) else { return };
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

/// Where in the stream a target is.
struct Places<'a> {
    by_position: BTreeMap<Position, usize>,
    by_name: BTreeMap<(&'a Source, &'a EventId), usize>,
}

impl<'a> Places<'a> {
    fn of(recorded: &'a [Recorded]) -> Self {
        let mut places = Self { by_position: BTreeMap::new(), by_name: BTreeMap::new() };
        if recorded.iter().any(|event| event.event_type().is_some_and(crate::event::EventType::is_revision)) {
            for (index, event) in recorded.iter().enumerate() {
                let Heading { source, id, .. } = &event.envelope.heading;
                places.by_position.insert(event.envelope.position, index);
                places.by_name.insert((source, id), index);
            }
        }
        places
    }

    fn find(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Position(position) => self.by_position.get(position).copied(),
            Target::Named { source, id } => self.by_name.get(&(source, id)).copied(),
        }
    }
}
