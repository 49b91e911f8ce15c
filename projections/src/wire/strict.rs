//! JSON text to JSON value, without the two things that other readers let pass: a key that stands twice in one
//! object (which of the two did the source mean?), and nesting without end.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::rejection::{Rejection, Rule, step};

/// The most bytes of JSON text that one event may take: a record's 65,535 bytes, every one of them written as
/// `\u0000`, and its attributes.
pub const TEXT_BYTES_MAX: usize = 8 * 65_536;

/// The deepest nesting of lists and objects that is read.
const DEPTH_MAX: usize = 32;

/// Reads JSON text of at most `bytes_max` bytes.
///
/// # Errors
/// [`Rule::TooLarge`], [`Rule::Malformed`] (with line and column of the text), [`Rule::DuplicateKey`] (with a
/// pointer).
pub fn read(text: &[u8], bytes_max: usize) -> Result<Value, Rejection> {
    if text.len() > bytes_max {
        let message = format!("{} bytes of JSON are more than the {bytes_max} taken", text.len());
        return Err(Rejection::new(Rule::TooLarge, "", message));
    }
    let refused = RefCell::new(None);
    let mut from = serde_json::Deserializer::from_slice(text);
    let seed = Strict { place: &Place { outer: None, key: Key::Root, depth: 0 }, refused: &refused };
    let value = seed.deserialize(&mut from).and_then(|value| from.end().map(|()| value));
    value.map_err(|error| {
        let malformed = || Rejection::new(Rule::Malformed, "", format!("not JSON: {error}"));
        refused.take().unwrap_or_else(malformed)
    })
}

/// Where in the text the reader stands, as a list from the inside outwards on the stack.
struct Place<'a> {
    outer: Option<&'a Place<'a>>,
    key: Key<'a>,
    depth: usize,
}

enum Key<'a> {
    Root,
    Name(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    fn inside(&'a self, key: Key<'a>) -> Self {
        Place { outer: Some(self), key, depth: self.depth + 1 }
    }

    fn pointer(&self) -> String {
        let mut pointer = self.outer.map(Place::pointer).unwrap_or_default();
        match self.key {
            Key::Root => {}
            Key::Name(name) => step(&mut pointer, name),
            Key::Index(index) => step(&mut pointer, &index.to_string()),
        }
        pointer
    }
}

/// Reads one value. The first refusal is left in `refused`, since serde's errors carry no pointer.
struct Strict<'a> {
    place: &'a Place<'a>,
    refused: &'a RefCell<Option<Rejection>>,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(&self, place: &Place<'_>, rule: Rule, message: &str) -> E {
        *self.refused.borrow_mut() = Some(Rejection::new(rule, place.pointer(), message));
        E::custom(message)
    }

    fn not_too_deep<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.place.depth < DEPTH_MAX {
            Ok(())
        } else {
            Err(self.refuse(self.place, Rule::Malformed, "the JSON is nested too deeply"))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        self.not_too_deep()?;
        let mut values = Vec::new();
        loop {
            let place = self.place.inside(Key::Index(values.len()));
            match from.next_element_seed(Strict { place: &place, refused: self.refused })? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        self.not_too_deep()?;
        let mut object = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            let place = self.place.inside(Key::Name(&key));
            if object.contains_key(&key) {
                return Err(self.refuse(&place, Rule::DuplicateKey, "the key stands there twice"));
            }
            let value = from.next_value_seed(Strict { place: &place, refused: self.refused })?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
