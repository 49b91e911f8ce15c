//! The canonical samples: `fixtures/events/<type>.json`, sealed with fixed bytes in place of secrets.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::LazyLock;

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::{Clear, Exchange, Sealed};
use guanxi_projections::id::{Actor, Alias, PersonId};
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::text::{FreeText, SealedText};
use guanxi_projections::wire::{self, Draft};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::log::record::{EncodedBody, Place, encode};

/// Seals with nothing: a person becomes the beginning of a hash of the alias, a text the hash of its field.
pub(super) struct Dummy;

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl Exchange<Clear, Sealed> for Dummy {
    type Error = Infallible;

    fn person(&mut self, _field: &'static str, person: Alias) -> Result<PersonId, Infallible> {
        Ok(PersonId(digest(person.as_str())[..16].try_into().unwrap()))
    }

    fn note(&mut self, field: &'static str, _text: FreeText) -> Result<SealedText, Infallible> {
        Ok(SealedText::new(digest(field).to_vec()))
    }

    fn particular(&mut self, field: &'static str, _text: FreeText) -> Result<SealedText, Infallible> {
        Ok(SealedText::new(digest(field).to_vec()))
    }

    /// The sample of `event.corrected` corrects that of `order.placed`.
    fn replacement(&mut self, _field: &'static str, data: Value) -> Result<Box<Event<Sealed>>, Infallible> {
        let event = wire::data(EventType::OrderPlaced, &data, "/data/data").unwrap();
        Ok(Box::new(seal(event)))
    }
}

pub(super) fn seal(event: Event<Clear>) -> Event<Sealed> {
    event.reform(&mut Dummy).unwrap_or_else(|never| match never {})
}

/// The same with empty texts in place of the sealed ones.
pub(super) fn without_sealed_texts(event: Event<Sealed>) -> Event<Sealed> {
    let Ok(event) = event.reform(&mut Emptied);
    event
}

struct Emptied;

impl Exchange<Sealed, Sealed> for Emptied {
    type Error = Infallible;
    fn person(&mut self, _field: &'static str, person: PersonId) -> Result<PersonId, Infallible> {
        Ok(person)
    }
    fn note(&mut self, _field: &'static str, _text: SealedText) -> Result<SealedText, Infallible> {
        Ok(SealedText::new(Vec::new()))
    }
    fn particular(&mut self, _field: &'static str, _text: SealedText) -> Result<SealedText, Infallible> {
        Ok(SealedText::new(Vec::new()))
    }
    fn replacement(
        &mut self,
        _field: &'static str,
        data: Box<Event<Sealed>>,
    ) -> Result<Box<Event<Sealed>>, Infallible> {
        Ok(Box::new(without_sealed_texts(*data)))
    }
}

pub(super) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

static SAMPLES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let json = |event_type: &EventType| {
        let file = fixtures().join(format!("events/{}.json", event_type.as_str()));
        let text = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        wire::read(&text, wire::TEXT_BYTES_MAX).unwrap()
    };
    EventType::ALL.iter().map(json).collect()
});

/// The canonical `CloudEvent` of a type.
pub(super) fn json(event_type: EventType) -> &'static Value {
    let index = EventType::ALL.iter().position(|known| *known == event_type).unwrap();
    &SAMPLES[index]
}

pub(super) fn draft(event_type: EventType) -> Draft {
    wire::parse(json(event_type)).unwrap()
}

pub(super) fn place() -> Place {
    Place {
        position: Position(1_000_000),
        sequence: Sequence(300),
        recorded_at: "2026-03-03T01:02:04.000789Z".parse().unwrap(),
        prev: digest("the event before"),
    }
}

pub(super) fn actor() -> Actor {
    Actor::new("token:crm").unwrap()
}

/// The record of a draft, sealed.
pub(super) fn record(draft: &Draft) -> Vec<u8> {
    let body = EncodedBody::of(&seal(draft.event.clone())).unwrap();
    record_with(draft, &body)
}

/// A record around any body.
pub(super) fn record_with(draft: &Draft, body: &EncodedBody) -> Vec<u8> {
    let mut frame = Vec::new();
    encode(&mut frame, &place(), &actor(), &draft.heading, body).unwrap();
    frame
}
