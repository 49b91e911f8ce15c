//! An event together with the facts of its recording.

use crate::event::{Event, EventType};
use crate::form::Sealed;
use crate::id::{AccountId, Actor, CorrelationId, EventId, Source};
use crate::position::{Position, Sequence};
use crate::time::{Precision, Timestamp};

/// What a source said about an event, beside what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Who submitted the event.
    pub source: Source,
    /// The source's name for it. With `source` it identifies the event for ever.
    pub id: EventId,
    /// Whose stream it belongs to.
    pub account: AccountId,
    /// When it was true in the world.
    pub occurred_at: Timestamp,
    /// How exactly `occurred_at` is known.
    pub precision: Precision,
    /// The business exchange it belongs to.
    pub correlation: Option<CorrelationId>,
    /// The event that brought it about, as the source names it.
    pub causation: Option<EventId>,
    /// When the source says it recorded the event: a claim, never used as `recorded_at`.
    pub source_recorded_at: Option<Timestamp>,
}

/// The heading and the facts of the recording, all assigned by the ledger inside the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Place in the log.
    pub position: Position,
    /// Place in the stream.
    pub sequence: Sequence,
    /// When the ledger recorded it; strictly increasing with the position.
    pub recorded_at: Timestamp,
    /// Who appended it.
    pub actor: Actor,
    /// What the source said.
    pub heading: Heading,
}

/// What a record holds: an event of a known type, or one that a newer program wrote.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// An event that this program understands.
    Known(Box<Event<Sealed>>),
    /// An event of a type or version that this program does not know. It is kept, shown and exported; no
    /// figure reads it.
    Unknown {
        /// The name of its type.
        event_type: String,
        /// The version of its shape.
        version: u16,
        /// Its payload as far as it can be shown as JSON.
        data: serde_json::Value,
    },
}

/// An event as the log gives it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The facts around it.
    pub envelope: Envelope,
    /// What happened.
    pub body: Body,
}

impl Recorded {
    /// The event, if this program knows its type.
    pub fn event(&self) -> Option<&Event<Sealed>> {
        match &self.body {
            Body::Known(event) => Some(event),
            Body::Unknown { .. } => None,
        }
    }

    /// The name of its type.
    pub fn type_name(&self) -> &str {
        match &self.body {
            Body::Known(event) => event.event_type().as_str(),
            Body::Unknown { event_type, .. } => event_type,
        }
    }

    /// The kind of event, if this program knows it.
    pub fn event_type(&self) -> Option<EventType> {
        self.event().map(Event::event_type)
    }
}
