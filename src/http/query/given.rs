//! What a query gives, and how each struct of parameters takes its own out of it.
//!
//! Several structs may share a query, as a tuple: each takes the parameters that it has fields for, and the last one
//! finds nothing left, or an unknown parameter. So routes write down once what they have in common. Rejected: serde's
//! `flatten`, which does not go together with refusing unknown fields.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::super::problem::Problem;

/// What is wrong with a query, and with which parameter.
#[derive(Debug)]
pub(super) struct Wrong {
    parameter: String,
    detail: String,
}

impl Wrong {
    /// The same, of this parameter.
    fn of(self, parameter: &str) -> Self {
        Self { parameter: parameter.to_owned(), ..self }
    }
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        Self::parameter(&wrong.parameter, wrong.detail)
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.parameter, self.detail)
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: Display>(detail: T) -> Self {
        Self { parameter: String::new(), detail: detail.to_string() }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom("a value is missing").of(field)
    }
}

/// The parameters that nobody took yet, each with its values; and those that were looked for so far.
#[derive(Debug, Default)]
pub(super) struct Given {
    values: BTreeMap<String, Vec<String>>,
    known: Vec<&'static str>,
}

impl Given {
    pub(super) fn read(query: &str) -> Result<Self, Wrong> {
        let mut given = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // Bytes that are no text would ask another question.
            if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
                return Err(Wrong::custom("the query is not text in UTF-8").of(&name));
            }
            given.values.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Ok(given)
    }

    /// All of it, to be taken.
    pub(super) fn whole(&mut self) -> Part<'_> {
        Part { given: self, last: true }
    }

    fn take(&mut self, names: &'static [&'static str]) -> Own {
        self.known.extend(names);
        let taken = names.iter().filter_map(|name| Some((*name, self.values.remove(*name)?)));
        Own { left: taken.collect::<Vec<_>>().into_iter(), value: None }
    }

    fn nothing_left(&self) -> Result<(), Wrong> {
        let Some(unknown) = self.values.keys().next() else { return Ok(()) };
        let detail = match self.known.as_slice() {
            [] => "no parameters are taken here".to_owned(),
            known => format!("there is no such parameter; those there are: {}", known.join(", ")),
        };
        Err(Wrong::custom(detail).of(unknown))
    }
}

/// A struct of parameters on its way, or a tuple of them.
pub(super) struct Part<'g> {
    given: &'g mut Given,
    /// Whether nobody takes anything after it.
    last: bool,
}

impl<'de> Deserializer<'de> for Part<'_> {
    type Error = Wrong;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let own = self.given.take(fields);
        // First of all: a parameter may seem to be missing because its name is misspelt.
        if self.last {
            self.given.nothing_left()?;
        }
        visitor.visit_map(own)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(Parts { whole: self, left: len })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Wrong> {
        Err(Wrong::custom("a query is read as structs of parameters"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq map enum identifier ignored_any
    }
}

/// The parts of a tuple that have not taken theirs yet.
struct Parts<'g> {
    whole: Part<'g>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Parts<'_> {
    type Error = Wrong;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let part = Part { given: &mut *self.whole.given, last: self.whole.last && left == 0 };
        seed.deserialize(part).map(Some)
    }
}

/// What a struct has taken.
struct Own {
    left: std::vec::IntoIter<(&'static str, Vec<String>)>,
    value: Option<(&'static str, Vec<String>)>,
}

impl<'de> MapAccess<'de> for Own {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        self.value = self.left.next();
        let name = self.value.as_ref().map(|(name, _)| name.into_deserializer());
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, texts) = self.value.take().unwrap_or_default();
        seed.deserialize(texts.into_deserializer()).map_err(|wrong: Wrong| wrong.of(name))
    }
}
