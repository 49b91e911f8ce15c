//! The two forms of an event: *clear*, as callers see it, and *sealed*, as it is recorded.
//!
//! Every payload is generic over its form, so that the compiler proves what no review can: a record is made of
//! `Event<Sealed>`, and an `Event<Sealed>` has no field that could hold a name. What turns one form into the
//! other is an [`Exchange`]; the room that keeps the keys of persons implements it.
//!
//! Rejected: one struct per form and type (twice the fields to keep equal), and sealing at the level of JSON
//! (a forgotten field would be stored in the clear, silently).

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::id::{Alias, PersonId};
use crate::text::{FreeText, SealedText};

/// How persons and personal texts appear in an event.
pub trait Form: Debug + Clone + PartialEq + Eq + Sized + Send + Sync + 'static {
    /// A person.
    type Person: Debug + Clone + PartialEq + Eq + Ord + Serialize + DeserializeOwned + Send + Sync;
    /// A personal text.
    type Text: Debug + Clone + PartialEq + Eq + Serialize + DeserializeOwned + Send + Sync;
    /// The new data of a correction, whose shape is that of the event it corrects.
    type Replacement: Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync;
}

/// As callers see it: aliases and plain text; a correction's data still untyped JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clear {}

impl Form for Clear {
    type Person = Alias;
    type Text = FreeText;
    type Replacement = serde_json::Value;
}

/// As it is recorded: pseudonyms and sealed text; a correction's data typed like its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sealed {}

impl Form for Sealed {
    type Person = PersonId;
    type Text = SealedText;
    type Replacement = Box<Event<Sealed>>;
}

/// A person referred to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Person<F: Form>(pub F::Person);

/// A free text that may speak of the persons in the same payload: sealed under a key of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Note<F: Form>(pub F::Text);

/// A particular of the one person that the payload is about (name, title, address): sealed under that
/// person's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Particular<F: Form>(pub F::Text);

/// Turns one form into another, field by field. `field` is the JSON name of the field, for error messages and
/// to bind a sealed text to its place.
pub trait Exchange<F: Form, G: Form> {
    /// Why a field could not be turned.
    type Error;
    /// Turns a reference to a person.
    fn person(&mut self, field: &'static str, person: F::Person) -> Result<G::Person, Self::Error>;
    /// Turns a free text.
    fn note(&mut self, field: &'static str, text: F::Text) -> Result<G::Text, Self::Error>;
    /// Turns a particular of the payload's person.
    fn particular(&mut self, field: &'static str, text: F::Text) -> Result<G::Text, Self::Error>;
    /// Turns a correction's data.
    fn replacement(
        &mut self,
        field: &'static str,
        data: F::Replacement,
    ) -> Result<G::Replacement, Self::Error>;
}

/// A value that has a form, or is the same in every form.
pub trait Reform<F: Form, G: Form> {
    /// The value in the other form.
    type Out;
    /// Turns the value into the other form.
    fn reform<X: Exchange<F, G>>(self, field: &'static str, exchange: &mut X) -> Result<Self::Out, X::Error>;
    /// Appends the persons that the value refers to.
    fn persons<'a>(&'a self, into: &mut Vec<&'a F::Person>);
}

impl<F: Form, G: Form> Reform<F, G> for Person<F> {
    type Out = Person<G>;
    fn reform<X: Exchange<F, G>>(self, field: &'static str, exchange: &mut X) -> Result<Person<G>, X::Error> {
        exchange.person(field, self.0).map(Person)
    }
    fn persons<'a>(&'a self, into: &mut Vec<&'a F::Person>) {
        into.push(&self.0);
    }
}

impl<F: Form, G: Form> Reform<F, G> for Note<F> {
    type Out = Note<G>;
    fn reform<X: Exchange<F, G>>(self, field: &'static str, exchange: &mut X) -> Result<Note<G>, X::Error> {
        exchange.note(field, self.0).map(Note)
    }
    fn persons<'a>(&'a self, _into: &mut Vec<&'a F::Person>) {}
}

impl<F: Form, G: Form> Reform<F, G> for Particular<F> {
    type Out = Particular<G>;
    fn reform<X: Exchange<F, G>>(
        self,
        field: &'static str,
        exchange: &mut X,
    ) -> Result<Particular<G>, X::Error> {
        exchange.particular(field, self.0).map(Particular)
    }
    fn persons<'a>(&'a self, _into: &mut Vec<&'a F::Person>) {}
}

impl<F: Form, G: Form, T: Reform<F, G>> Reform<F, G> for Option<T> {
    type Out = Option<T::Out>;
    fn reform<X: Exchange<F, G>>(self, field: &'static str, exchange: &mut X) -> Result<Self::Out, X::Error> {
        self.map(|value| value.reform(field, exchange)).transpose()
    }
    fn persons<'a>(&'a self, into: &mut Vec<&'a F::Person>) {
        if let Some(value) = self {
            value.persons(into);
        }
    }
}

impl<F: Form, G: Form, T: Reform<F, G>> Reform<F, G> for Vec<T> {
    type Out = Vec<T::Out>;
    fn reform<X: Exchange<F, G>>(self, field: &'static str, exchange: &mut X) -> Result<Self::Out, X::Error> {
        self.into_iter().map(|value| value.reform(field, exchange)).collect()
    }
    fn persons<'a>(&'a self, into: &mut Vec<&'a F::Person>) {
        for value in self {
            value.persons(into);
        }
    }
}

/// Declares types that are the same in every form.
macro_rules! formless {
    ($($type:ty),+ $(,)?) => {$(
        impl<F: $crate::form::Form, G: $crate::form::Form> $crate::form::Reform<F, G> for $type {
            type Out = $type;
            fn reform<X: $crate::form::Exchange<F, G>>(
                self,
                _field: &'static str,
                _exchange: &mut X,
            ) -> Result<$type, X::Error> {
                Ok(self)
            }
            fn persons<'a>(&'a self, _into: &mut Vec<&'a F::Person>) {}
        }
    )+};
}
pub(crate) use formless;

formless!(bool, u8, u32, u64, i64, f64, String);
formless!(crate::id::AccountId, crate::id::Source, crate::id::EventId, crate::id::PersonId);
formless!(crate::id::BidId, crate::id::OpportunityId, crate::id::ProjectId, crate::id::ContractId);
formless!(crate::id::OrderId, crate::id::InvoiceId, crate::id::DeliveryId, crate::id::ConcessionId);
formless!(crate::id::CommitmentId, crate::id::IssueId, crate::id::NeedId, crate::id::PlanId);
formless!(crate::id::ObjectiveId, crate::id::TaskId, crate::id::Criterion);
formless!(crate::money::Money, crate::money::Amount, crate::money::Currency);
formless!(crate::time::Timestamp, crate::time::When, crate::text::Label);
formless!(crate::text::PolicyText);
formless!(crate::position::Position);

impl<F: Form, G: Form, K, V> Reform<F, G> for std::collections::BTreeMap<K, V> {
    type Out = Self;
    fn reform<X: Exchange<F, G>>(self, _field: &'static str, _exchange: &mut X) -> Result<Self, X::Error> {
        Ok(self)
    }
    fn persons<'a>(&'a self, _into: &mut Vec<&'a F::Person>) {}
}
