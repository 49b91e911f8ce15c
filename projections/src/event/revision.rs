//! Revisions: events about other events. Nothing is ever changed; a later event says what should stand.

use serde::{Deserialize, Serialize};

use crate::form::{Exchange, Form, Reform, formless};
use crate::id::{EventId, Source};
use crate::position::Position;
use crate::text::Label;
use crate::time::Timestamp;

/// The event that a revision is about. On the wire `{"position":n}` or `{"source":..,"id":..}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "TargetFields", into = "TargetFields")]
pub enum Target {
    /// By its place in the log.
    Position(Position),
    /// By the name its source gave it.
    Named {
        /// Who named it.
        source: Source,
        /// The name.
        id: EventId,
    },
}
formless!(Target);

/// The wire's fields of a target: exactly one of the two ways to name an event.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetFields {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<EventId>,
}

impl TryFrom<TargetFields> for Target {
    type Error = &'static str;
    fn try_from(fields: TargetFields) -> Result<Self, &'static str> {
        match (fields.position, fields.source, fields.id) {
            (Some(position), None, None) => Ok(Self::Position(position)),
            (None, Some(source), Some(id)) => Ok(Self::Named { source, id }),
            _ => Err("a target is either {\"position\":n} or {\"source\":..,\"id\":..}"),
        }
    }
}

impl From<Target> for TargetFields {
    fn from(target: Target) -> Self {
        match target {
            Target::Position(position) => Self { position: Some(position), source: None, id: None },
            Target::Named { source, id } => Self { position: None, source: Some(source), id: Some(id) },
        }
    }
}

/// Payload of `event.corrected`: a new time, new data, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "", deny_unknown_fields)]
pub struct EventCorrected<F: Form> {
    /// The event corrected: an original one of the same account.
    pub target: Target,
    /// Why.
    pub reason: Label,
    /// When it really happened; `None`: as said before.
    pub time: Option<Timestamp>,
    /// What really happened, whole; `None`: as said before.
    pub data: Option<F::Replacement>,
}

impl<F: Form, G: Form> Reform<F, G> for EventCorrected<F> {
    type Out = EventCorrected<G>;
    fn reform<X: Exchange<F, G>>(
        self,
        _field: &'static str,
        exchange: &mut X,
    ) -> Result<EventCorrected<G>, X::Error> {
        Ok(EventCorrected {
            target: self.target,
            reason: self.reason,
            time: self.time,
            data: self.data.map(|data| exchange.replacement("data", data)).transpose()?,
        })
    }
    fn persons<'a>(&'a self, _into: &mut Vec<&'a F::Person>) {}
}

/// Payload of `event.retracted`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRetracted {
    /// The event taken back: an original one, a correction or a retraction of the same account.
    pub target: Target,
    /// Why.
    pub reason: Label,
}
formless!(EventRetracted);
