//! From the clear form to the sealed one: persons get pseudonyms, personal texts are sealed.

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::{Clear, Exchange, Sealed};
use guanxi_projections::id::{Alias, PersonId};
use guanxi_projections::text::{FreeText, SealedText};

use super::error::Error;
use super::key::NONCE_BYTES;
use super::text::{Kind, Place, Spot};
use super::{Keys, People};

/// Seals one payload.
struct Sealing<'a> {
    people: &'a People,
    keys: &'a Keys,
    spot: Spot<'a>,
    /// Everybody whom the payload names, once each, in the order of its fields.
    persons: Vec<PersonId>,
    /// The type of the event corrected, when that is known and this is not its data already.
    target: Option<EventType>,
}

/// Seals `event`; `target` is the type of the event that it corrects.
pub(super) fn seal(
    people: &People,
    place: Place<'_>,
    event: Event<Clear>,
    target: Option<EventType>,
) -> Result<Event<Sealed>, Error> {
    let keys = people.keys_to_seal()?;
    payload(people, keys, Spot { place, within: None }, event, target)
}

fn payload(
    people: &People,
    keys: &Keys,
    spot: Spot<'_>,
    event: Event<Clear>,
    target: Option<EventType>,
) -> Result<Event<Sealed>, Error> {
    let mut persons = Vec::new();
    for alias in event.persons() {
        let person = people.resolve(keys, alias)?;
        if !persons.contains(&person) {
            persons.push(person);
        }
    }
    event.reform(&mut Sealing { people, keys, spot, persons, target })
}

impl Exchange<Clear, Sealed> for Sealing<'_> {
    type Error = Error;

    fn person(&mut self, _field: &'static str, alias: Alias) -> Result<PersonId, Error> {
        self.people.resolve(self.keys, &alias)
    }

    fn note(&mut self, field: &'static str, text: FreeText) -> Result<SealedText, Error> {
        if self.persons.len() > usize::from(u16::MAX) {
            return Err(Error::TooManyPersons { field: self.spot.field(field).into_owned() });
        }
        let (id, key) = self.people.new_text_key(self.keys, self.persons.clone())?;
        let nonce = self.people.randomness.bytes::<NONCE_BYTES>()?;
        self.spot.seal(Kind::Note, field, (id, &key), nonce, &text)
    }

    fn particular(&mut self, field: &'static str, text: FreeText) -> Result<SealedText, Error> {
        let name = || self.spot.field(field).into_owned();
        let person = *self.persons.first().ok_or_else(|| Error::NoPerson { field: name() })?;
        let key = self.keys.ring().person_key(person).cloned();
        let key = key.ok_or_else(|| Error::PersonUnknown { field: name(), person })?;
        let nonce = self.people.randomness.bytes::<NONCE_BYTES>()?;
        self.spot.seal(Kind::Particular, field, (person.0, &key), nonce, &text)
    }

    fn replacement(
        &mut self,
        field: &'static str,
        data: serde_json::Value,
    ) -> Result<Box<Event<Sealed>>, Error> {
        let target = self.target.ok_or_else(|| Error::Replacement {
            field: self.spot.field(field).into_owned(),
            says: "the type of the corrected event is not known".to_owned(),
        })?;
        let event = typed(field, target, data)?;
        let spot = Spot { within: Some(field), ..self.spot };
        payload(self.people, self.keys, spot, event, None).map(Box::new)
    }
}

/// Reads a correction's data as the payload of its target's type.
pub(super) fn typed(
    field: &'static str,
    target: EventType,
    data: serde_json::Value,
) -> Result<Event<Clear>, Error> {
    if !data.is_object() {
        // A list would be read as the fields in their order.
        return Err(Error::Replacement { field: field.to_owned(), says: "it is not an object".to_owned() });
    }
    let mut track = serde_path_to_error::Track::new();
    Event::deserialize(target, serde_path_to_error::Deserializer::new(data, &mut track)).map_err(|error| {
        let path = track.path();
        let whole = path.iter().next().is_none();
        let field = if whole { field.to_owned() } else { format!("{field}.{path}") };
        Error::Replacement { field, says: error.to_string() }
    })
}
