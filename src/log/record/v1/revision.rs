//! Shapes of corrections and retractions, version 1.
//!
//! A target is stored flat, as `target_position` or as `target_source` and `target_id`; a correction's new data
//! as the body of its own type and version.

use guanxi_projections::event::revision::{EventCorrected, EventRetracted as LiveRetracted, Target};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{EventId, Source};
use guanxi_projections::position::Position;
use guanxi_projections::text::Label;
use guanxi_projections::time::Timestamp;

use super::shape::{Frozen, frozen};
use crate::log::record::pack::{Fault, Reader, Reason, Writer};
use crate::log::record::stored::Stored;
use crate::log::record::{EncodedBody, RecordError, upcast};

/// The body of a correction's new data.
#[derive(Debug)]
struct Body(Vec<u8>);

impl Stored for Body {
    fn write(&self, into: &mut Writer) {
        into.bytes(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        Ok(Self(from.bytes()?.to_vec()))
    }
}

/// A target as it is stored.
#[derive(Debug)]
struct Fields {
    position: Option<u64>,
    source: Option<Source>,
    id: Option<EventId>,
}

impl From<&Target> for Fields {
    fn from(target: &Target) -> Self {
        match target {
            Target::Position(position) => Self { position: Some(position.0), source: None, id: None },
            Target::Named { source, id } => {
                Self { position: None, source: Some(source.clone()), id: Some(id.clone()) }
            }
        }
    }
}

impl TryFrom<Fields> for Target {
    type Error = Fault;
    fn try_from(fields: Fields) -> Result<Self, Fault> {
        match (fields.position, fields.source, fields.id) {
            (Some(position), None, None) => Ok(Self::Position(Position(position))),
            (None, Some(source), Some(id)) => Ok(Self::Named { source, id }),
            _ => Err(Fault::from(Reason::NotA("either a position or a source with an id")).inside("target")),
        }
    }
}

frozen! {
    /// `event.corrected`.
    flat Correction of Correction {
        target_position: Option<u64>,
        target_source: Option<Source>,
        target_id: Option<EventId>,
        reason: Label,
        time: Option<Timestamp>,
        data_type: Option<String>,
        data_version: Option<u16>,
        data: Option<Body>,
    }

    /// `event.retracted`.
    flat Retraction of Retraction {
        target_position: Option<u64>,
        target_source: Option<Source>,
        target_id: Option<EventId>,
        reason: Label,
    }
}

/// `event.retracted`, as the table of shapes names it.
#[derive(Debug)]
pub(super) enum EventRetracted {}

impl Frozen for EventRetracted {
    type Live = LiveRetracted;

    fn write(live: &LiveRetracted, into: &mut Writer) {
        let Fields { position, source, id } = Fields::from(&live.target);
        let flat = Retraction {
            target_position: position,
            target_source: source,
            target_id: id,
            reason: live.reason.clone(),
        };
        Retraction::write(&flat, into);
    }

    fn read(from: &mut Reader<'_>) -> Result<LiveRetracted, Fault> {
        let flat = Retraction::read(from)?;
        let fields =
            Fields { position: flat.target_position, source: flat.target_source, id: flat.target_id };
        Ok(LiveRetracted { target: fields.try_into()?, reason: flat.reason })
    }
}

/// Appends `event.corrected`.
pub(super) fn write_correction(live: &EventCorrected<Sealed>, into: &mut Writer) -> Result<(), RecordError> {
    let data = live.data.as_deref().map(replacement).transpose()?;
    let Fields { position, source, id } = Fields::from(&live.target);
    let flat = Correction {
        target_position: position,
        target_source: source,
        target_id: id,
        reason: live.reason.clone(),
        time: live.time,
        data_type: data.as_ref().map(|data| data.event_type.to_string()),
        data_version: data.as_ref().map(|data| data.version),
        data: data.map(|data| Body(data.bytes)),
    };
    Correction::write(&flat, into);
    Ok(())
}

fn replacement(event: &Event<Sealed>) -> Result<EncodedBody, RecordError> {
    if event.event_type().is_revision() {
        return Err(RecordError::RevisionCorrected(event.event_type().as_str()));
    }
    EncodedBody::of(event)
}

/// Reads `event.corrected`. New data of a shape that this program does not know makes the whole unknown.
pub(super) fn read_correction(mut from: Reader<'_>) -> Result<Event<Sealed>, Fault> {
    let flat = Correction::read(&mut from)?;
    from.end()?;
    let data = match (flat.data_type, flat.data_version, flat.data) {
        (None, None, None) => None,
        (Some(name), Some(version), Some(data)) => {
            Some(Box::new(read_data(&name, version, from.of(&data.0))?))
        }
        _ => return Err(Fault::from(Reason::NotA("there together with its type and version")).inside("data")),
    };
    let fields = Fields { position: flat.target_position, source: flat.target_source, id: flat.target_id };
    let correction =
        EventCorrected { target: fields.try_into()?, reason: flat.reason, time: flat.time, data };
    Ok(Event::EventCorrected(correction))
}

fn read_data(name: &str, version: u16, data: Reader<'_>) -> Result<Event<Sealed>, Fault> {
    let shape = EventType::named(name).and_then(|known| match known {
        // Without this a correction inside a correction could nest as deeply as its bytes allow.
        revision if revision.is_revision() => None,
        known => upcast::shape(known, version),
    });
    let shape = shape.ok_or(Reason::NewerShape)?;
    shape(data).map_err(|fault| fault.inside("data"))
}
