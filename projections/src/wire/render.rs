//! Events out: the facts of the recording beside what the source said.

use serde_json::{Map, Value, json};

use super::SPEC_VERSION;
use crate::envelope::{Body, Envelope, Heading, Recorded};
use crate::event::Event;
use crate::form::{Clear, Form, Sealed};
use crate::id::{CorrelationId, EventId};
use crate::time::Precision;

/// Writes an event with payload `data`, in whatever form that is. Fields of `data` that are null are left out.
pub fn render(envelope: &Envelope, type_name: &str, data: Value) -> Value {
    let mut attributes = heading(&envelope.heading, type_name);
    attributes.insert("position".to_owned(), json!(envelope.position.0));
    attributes.insert("sequence".to_owned(), json!(envelope.sequence.0));
    attributes.insert("recordedtime".to_owned(), json!(envelope.recorded_at.to_string()));
    attributes.insert("actor".to_owned(), json!(envelope.actor.as_str()));
    attributes.insert("data".to_owned(), without_nulls(data));
    Value::Object(attributes)
}

/// Writes an event as callers see it who may see its persons.
pub fn render_clear(envelope: &Envelope, event: &Event<Clear>) -> Value {
    render(envelope, event.event_type().as_str(), payload(event))
}

/// Writes an event as it is recorded: pseudonyms for persons, base64 for sealed texts.
pub fn render_sealed(envelope: &Envelope, event: &Event<Sealed>) -> Value {
    render(envelope, event.event_type().as_str(), sealed_payload(event))
}

/// Writes an event as it is recorded, of an unknown type too. Such a one carries `bodyversion` beside its data,
/// which then has the names of the record rather than those of the wire.
pub fn render_recorded(recorded: &Recorded) -> Value {
    match &recorded.body {
        Body::Known(event) => render_sealed(&recorded.envelope, event),
        Body::Unknown { event_type, version, data } => {
            let mut rendered = render(&recorded.envelope, event_type, data.clone());
            if let Value::Object(attributes) = &mut rendered {
                attributes.insert("bodyversion".to_owned(), json!(version));
            }
            rendered
        }
    }
}

/// What the source said, without the data.
pub(super) fn heading(heading: &Heading, type_name: &str) -> Map<String, Value> {
    let precision = (heading.precision != Precision::Instant).then(|| heading.precision.as_str().to_owned());
    let fields = [
        ("specversion", Some(SPEC_VERSION.to_owned())),
        ("id", Some(heading.id.to_string())),
        ("source", Some(heading.source.to_string())),
        ("type", Some(type_name.to_owned())),
        ("subject", Some(heading.account.to_string())),
        ("time", Some(heading.occurred_at.to_string())),
        ("timeprecision", precision),
        ("correlationid", heading.correlation.clone().map(CorrelationId::into)),
        ("causationid", heading.causation.clone().map(EventId::into)),
        ("sourcerecordedtime", heading.source_recorded_at.map(|claimed| claimed.to_string())),
    ];
    let given = fields.into_iter().filter_map(|(name, text)| text.map(|text| (name.to_owned(), json!(text))));
    given.collect()
}

/// The payload as JSON, nulls included.
#[expect(
    clippy::expect_used,
    reason = "payloads are made of texts, numbers, lists and maps with texts as keys: JSON has all of them"
)]
pub(super) fn payload<F: Form>(event: &Event<F>) -> Value {
    event.serialize_payload(serde_json::value::Serializer).expect("a payload is JSON")
}

fn sealed_payload(event: &Event<Sealed>) -> Value {
    let mut data = payload(event);
    // The replacement says its own type within the ledger; on the wire its target does.
    if let Event::EventCorrected(correction) = event
        && let Some(replacement) = &correction.data
        && let Value::Object(fields) = &mut data
    {
        fields.insert("data".to_owned(), payload(replacement));
    }
    data
}

/// Leaves out the fields that are null, on every level.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(values) => values.into_iter().map(without_nulls).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}
