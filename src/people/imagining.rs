//! Events that will not be recorded: persons whom nobody knows get a pseudonym for the occasion, texts are left out.

use std::collections::BTreeMap;

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::{Clear, Exchange, Sealed};
use guanxi_projections::id::{Alias, PersonId};
use guanxi_projections::text::{FreeText, SealedText};

use super::People;
use super::error::Error;
use super::sealing::typed;

/// Turns events into what folds read, and remembers the strangers among their persons. Nothing is kept.
#[derive(Debug)]
pub struct Imagining<'a> {
    people: &'a People,
    strangers: BTreeMap<Alias, PersonId>,
    /// The type of the event corrected by the one in hand.
    target: Option<EventType>,
}

impl People {
    /// Nobody is imagined yet.
    pub fn imagining(&self) -> Imagining<'_> {
        Imagining { people: self, strangers: BTreeMap::new(), target: None }
    }
}

impl Imagining<'_> {
    /// An event as folds read it; `corrects` is the type of the event that it corrects.
    ///
    /// # Errors
    /// [`Error::Replacement`] when the data of a correction does not fit.
    pub fn imagine(
        &mut self,
        event: Event<Clear>,
        corrects: Option<EventType>,
    ) -> Result<Event<Sealed>, Error> {
        self.target = corrects;
        event.reform(self)
    }
}

impl Exchange<Clear, Sealed> for Imagining<'_> {
    type Error = Error;

    fn person(&mut self, _field: &'static str, alias: Alias) -> Result<PersonId, Error> {
        if let Some(person) = self.people.person(&alias) {
            return Ok(person);
        }
        // Only a random id out of 2^128 could be one of these.
        let next = u128::MAX - self.strangers.len() as u128;
        Ok(*self.strangers.entry(alias).or_insert(PersonId(next.to_be_bytes())))
    }

    fn note(&mut self, _field: &'static str, _text: FreeText) -> Result<SealedText, Error> {
        Ok(SealedText::new(Vec::new()))
    }

    fn particular(&mut self, _field: &'static str, _text: FreeText) -> Result<SealedText, Error> {
        Ok(SealedText::new(Vec::new()))
    }

    fn replacement(
        &mut self,
        field: &'static str,
        data: serde_json::Value,
    ) -> Result<Box<Event<Sealed>>, Error> {
        let target = self.target.take().ok_or_else(|| Error::Replacement {
            field: field.to_owned(),
            says: "the type of the corrected event is not known".to_owned(),
        })?;
        typed(field, target, data)?.reform(self).map(Box::new)
    }
}
