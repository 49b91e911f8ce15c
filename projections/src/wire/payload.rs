//! The `data` of an event: JSON to typed payload, with a pointer to whatever is wrong.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use serde_path_to_error::{Path, Segment, Track};

use crate::event::{Event, EventType};
use crate::form::Clear;
use crate::rejection::{Rejection, Rule, step};

/// Reads the payload of a type. `pointer` is where it stands, `/data` in an event and `/data/data` in a
/// correction.
///
/// # Errors
/// The first thing wrong, with a pointer to it.
pub fn data(event_type: EventType, value: &Value, pointer: &str) -> Result<Event<Clear>, Rejection> {
    if !value.is_object() {
        return Err(Rejection::new(Rule::InvalidValue, pointer, "the data of an event is a JSON object"));
    }
    // Only what is refused pays for knowing where: the path is followed on a second reading.
    Event::deserialize(event_type, Plain(value)).or_else(|_| {
        let mut track = Track::new();
        let from = serde_path_to_error::Deserializer::new(Plain(value), &mut track);
        Event::deserialize(event_type, from)
            .map_err(|error| rejection(pointer, &track.path(), &error.to_string()))
    })
}

fn rejection(base: &str, path: &Path, message: &str) -> Rejection {
    let mut pointer = base.to_owned();
    for segment in path {
        match segment {
            Segment::Seq { index } => step(&mut pointer, &index.to_string()),
            Segment::Map { key } => step(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let named = |prefix| message.strip_prefix(prefix).and_then(|rest: &str| rest.split('`').next());
    if let Some(name) = named("missing field `") {
        step(&mut pointer, name);
        Rejection::new(Rule::MissingField, pointer, message)
    } else if named("unknown field `").is_some() {
        Rejection::new(Rule::UnknownField, pointer, message)
    } else {
        Rejection::new(Rule::InvalidValue, pointer, message)
    }
}

/// JSON read plainly: an object is an object and a word is a text. Serde's own reader would also take a list
/// for an object, by position, and `{"visit":null}` for a word.
struct Plain<'a>(&'a Value);

impl<'de> IntoDeserializer<'de, serde_json::Error> for Plain<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Plain<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Array(values) => visitor.visit_seq(SeqDeserializer::new(values.iter().map(Plain))),
            Value::Object(fields) => visitor.visit_map(MapDeserializer::new(
                fields.iter().map(|(key, value)| (key.as_str(), Plain(value))),
            )),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                self.0.deserialize_any(visitor)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if self.0.is_array() {
            Err(Self::Error::invalid_type(Unexpected::Seq, &"a JSON object"))
        } else {
            self.deserialize_any(visitor)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if self.0.is_string() {
            self.0.deserialize_enum(name, variants, visitor)
        } else {
            Err(Self::Error::custom(format!(
                "invalid type: expected one of the words {}",
                variants.join(", ")
            )))
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}
