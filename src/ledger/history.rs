//! The history of an account, with everything that was corrected or taken back visibly so.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::envelope::{Body, Envelope, Recorded};
use guanxi_projections::event::revision::{EventCorrected, EventRetracted, Target};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::history::{EffectiveEvent, Standing, Stream};
use guanxi_projections::id::{AccountId, EventId, Source};
use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;
use guanxi_projections::wire;
use serde::Serialize;
use serde_json::Value;

use super::{Asked, Ledger, LedgerError};
use crate::people::Place;

/// How an event of a history stands at (T, K).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum EntryStanding {
    /// It counts, as it was recorded.
    Stands,
    /// It counts, as corrected by the events at these positions.
    Corrected {
        /// The corrections in force, in the order they were recorded.
        corrected_by: Vec<Position>,
    },
    /// It does not count: it was taken back.
    Retracted {
        /// By which event.
        retracted_by: Position,
    },
    /// It does not count at T: as corrected, it happened later.
    Later,
    /// It is itself a correction or retraction, in force.
    Revision,
}

/// One event of a history.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryEntry {
    /// Its place in the log.
    pub position: Position,
    /// When it happened, as it stands.
    pub occurred_at: Timestamp,
    /// How it stands.
    #[serde(flatten)]
    pub standing: EntryStanding,
    /// As it was recorded, with names.
    pub event: Value,
    /// Its data as corrected; `None` when no correction brought other data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_in_force: Option<Value>,
}

/// The history of an account.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryAnswer {
    /// The account.
    pub account: AccountId,
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// What was recorded by K and happened by T, in the order (occurred at, position).
    pub entries: Vec<HistoryEntry>,
}

/// The events listed so far, by both ways to name them.
#[derive(Default)]
struct Listed<'a> {
    positions: BTreeSet<Position>,
    names: BTreeSet<(&'a Source, &'a EventId)>,
}

impl<'a> Listed<'a> {
    /// Whether an event is listed. A revision is when its target is: its own time does not matter, and one of
    /// an event after T must not show.
    fn takes(&mut self, recorded: &'a Recorded, entry: &HistoryEntry, as_of: Timestamp) -> bool {
        let takes = match recorded.event() {
            Some(
                Event::EventCorrected(EventCorrected { target, .. })
                | Event::EventRetracted(EventRetracted { target, .. }),
            ) => match target {
                Target::Position(position) => self.positions.contains(position),
                Target::Named { source, id } => self.names.contains(&(source, id)),
            },
            _ => entry.occurred_at <= as_of || entry.standing == EntryStanding::Later,
        };
        if takes {
            let Envelope { position, heading, .. } = &recorded.envelope;
            self.positions.insert(*position);
            self.names.insert((&heading.source, &heading.id));
        }
        takes
    }
}

impl Ledger {
    /// What is known at K to have happened to an account by T, what was corrected or retracted included.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`] when nothing was recorded of it by K.
    pub fn history(&self, account: &AccountId, asked: &Asked) -> Result<HistoryAnswer, LedgerError> {
        let coordinates = self.ground_alone(asked)?.coordinates;
        let recorded = self.log.stream(account)?;
        let stream = Stream::known_at(&recorded, coordinates.known_at);
        let effective = stream.effective(Timestamp::MAX);
        let versions: BTreeMap<_, _> = effective.iter().map(|version| (version.position, version)).collect();
        let mut entries = Vec::new();
        let mut listed = Listed::default();
        for (recorded, standing) in stream.standings() {
            let version = versions.get(&recorded.envelope.position).copied();
            let entry = self.entry(recorded, &standing, version, coordinates.as_of)?;
            if listed.takes(recorded, &entry, coordinates.as_of) {
                entries.push(entry);
            }
        }
        if entries.is_empty() {
            return Err(LedgerError::AccountUnknown(account.clone()));
        }
        entries.sort_by_key(|entry| (entry.occurred_at, entry.position));
        Ok(HistoryAnswer { account: account.clone(), coordinates, entries })
    }

    fn entry(
        &self,
        recorded: &Recorded,
        standing: &Standing,
        version: Option<&EffectiveEvent<'_>>,
        as_of: Timestamp,
    ) -> Result<HistoryEntry, LedgerError> {
        let said_at = recorded.envelope.heading.occurred_at;
        let occurred_at = version.map_or(said_at, |version| version.occurred_at);
        let standing = match (standing, version) {
            (Standing::Retracted(by), _) => EntryStanding::Retracted { retracted_by: *by },
            (Standing::Stands, Some(version)) if said_at <= as_of && version.occurred_at > as_of => {
                EntryStanding::Later
            }
            (Standing::Stands, Some(version)) if !version.corrections.is_empty() => {
                EntryStanding::Corrected { corrected_by: version.corrections.clone() }
            }
            (Standing::Stands, _) if recorded.event_type().is_some_and(EventType::is_revision) => {
                EntryStanding::Revision
            }
            (Standing::Stands, _) => EntryStanding::Stands,
        };
        Ok(HistoryEntry {
            position: recorded.envelope.position,
            occurred_at,
            standing,
            event: self.shown(recorded)?,
            data_in_force: self.data_in_force(recorded, version)?,
        })
    }

    /// A record as a `CloudEvent`, with names.
    pub(super) fn shown(&self, recorded: &Recorded) -> Result<Value, LedgerError> {
        match &recorded.body {
            Body::Known(event) => {
                let clear = self.people.show(place(&recorded.envelope), event.as_ref().clone())?;
                Ok(wire::render_clear(&recorded.envelope, &clear))
            }
            Body::Unknown { .. } => Ok(wire::render_recorded(recorded)),
        }
    }

    pub(super) fn data_in_force(
        &self,
        recorded: &Recorded,
        version: Option<&EffectiveEvent<'_>>,
    ) -> Result<Option<Value>, LedgerError> {
        let Some(version) = version else { return Ok(None) };
        if version.data_from.envelope.position == recorded.envelope.position {
            return Ok(None);
        }
        let replacement: Event<Sealed> = version.event.clone();
        let clear = self.people.show_replacement(place(&version.data_from.envelope), replacement)?;
        Ok(wire::render_clear(&recorded.envelope, &clear).get_mut("data").map(Value::take))
    }
}

fn place(envelope: &Envelope) -> Place<'_> {
    Place::from(&envelope.heading)
}
