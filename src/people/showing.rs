//! From the sealed form to the clear one, as far as there are keys.

use guanxi_projections::event::Event;
use guanxi_projections::form::{Clear, Exchange, Sealed};
use guanxi_projections::id::{Alias, PersonId};
use guanxi_projections::text::{FreeText, SealedText};

use super::error::Error;
use super::key::Key;
use super::text::{Kind, Spot};
use super::{Keys, People};

/// What stands for a text whose key was destroyed.
pub const ERASED: &str = "[erased]";
/// What stands for a text when the ledger was opened without keys.
pub const SEALED: &str = "[sealed]";

/// Shows one payload.
struct Showing<'a> {
    people: &'a People,
    spot: Spot<'a>,
}

/// Shows `event`, whose texts were sealed at `spot`.
pub(super) fn show(people: &People, spot: Spot<'_>, event: Event<Sealed>) -> Result<Event<Clear>, Error> {
    event.reform(&mut Showing { people, spot })
}

impl Showing<'_> {
    fn text(
        &self,
        kind: Kind,
        field: &'static str,
        sealed: &SealedText,
        key: impl FnOnce(&Keys, [u8; 16]) -> Option<Key>,
    ) -> Result<FreeText, Error> {
        let keys = self.people.keys.as_ref();
        let opened = self.spot.open(kind, field, sealed, |id| keys.and_then(|keys| key(keys, id)))?;
        Ok(opened.unwrap_or_else(|| marker(if keys.is_some() { ERASED } else { SEALED })))
    }
}

#[expect(clippy::expect_used, reason = "both markers are short and not blank")]
fn marker(text: &'static str) -> FreeText {
    FreeText::new(text).expect("a marker is a text")
}

impl Exchange<Sealed, Clear> for Showing<'_> {
    type Error = Error;

    fn person(&mut self, _field: &'static str, person: PersonId) -> Result<Alias, Error> {
        Ok(self.people.alias(person))
    }

    fn note(&mut self, field: &'static str, sealed: SealedText) -> Result<FreeText, Error> {
        self.text(Kind::Note, field, &sealed, |keys, id| keys.ring().text_key(id).cloned())
    }

    fn particular(&mut self, field: &'static str, sealed: SealedText) -> Result<FreeText, Error> {
        self.text(Kind::Particular, field, &sealed, |keys, id| keys.ring().person_key(PersonId(id)).cloned())
    }

    fn replacement(
        &mut self,
        field: &'static str,
        event: Box<Event<Sealed>>,
    ) -> Result<serde_json::Value, Error> {
        let spot = Spot { within: Some(field), ..self.spot };
        show(self.people, spot, *event)?
            .serialize_payload(serde_json::value::Serializer)
            .map_err(|_| self.spot.damaged(field, "it cannot be written as JSON"))
    }
}
