//! The wire: events as `CloudEvents` 1.0 JSON, in and out.
//!
//! What comes in is taken whole or not at all: an attribute or field that the ledger would not keep is refused,
//! never dropped (`dataschema` and `data_base64` are among those). The ledger's own attributes (`position`,
//! `sequence`, `recordedtime`, `actor`) are refused as well, so that nobody takes them for something they can
//! claim; restoring an exported archive is another path. `null` means absent, in and out.

mod canonical;
mod payload;
mod render;
mod strict;

use serde_json::{Map, Value};

pub use canonical::canonical;
pub use payload::data;
pub use render::{render, render_clear, render_recorded, render_sealed};
pub use strict::{TEXT_BYTES_MAX, read};

use crate::envelope::Heading;
use crate::event::{Event, EventType};
use crate::form::Clear;
use crate::id::{AccountId, CorrelationId, EventId, Source};
use crate::rejection::{Rejection, Rule, step};
use crate::time::{Precision, Timestamp};

/// The version of `CloudEvents` that is spoken.
const SPEC_VERSION: &str = "1.0";
/// What `datacontenttype` may say, when it says anything.
const CONTENT_TYPE: &str = "application/json";
/// Attributes that a source may give.
const ATTRIBUTES: [&str; 12] = [
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "data",
    "correlationid",
    "causationid",
    "timeprecision",
    "sourcerecordedtime",
];
/// Attributes that only the ledger gives.
const RESERVED: [&str; 5] = ["position", "sequence", "recordedtime", "actor", "bodyversion"];

/// An event as a source submits it: well formed, but not yet accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What the source says about the event.
    pub heading: Heading,
    /// What happened.
    pub event: Event<Clear>,
}

/// Reads one event from JSON text in UTF-8, at most [`TEXT_BYTES_MAX`] bytes.
///
/// # Errors
/// As [`read`] and [`parse`].
pub fn parse_text(text: &[u8]) -> Result<Draft, Rejection> {
    parse(&read(text, TEXT_BYTES_MAX)?)
}

/// Reads one event from JSON. A duplicate key is no longer visible here: [`read`] refuses it.
///
/// # Errors
/// The first thing wrong, with a pointer to it. The new data of a correction is not looked into: it has the
/// shape of its target, which only the ledger knows; see [`data`].
pub fn parse(value: &Value) -> Result<Draft, Rejection> {
    let Value::Object(attributes) = value else {
        return Err(Rejection::new(Rule::Malformed, "", "an event is a JSON object"));
    };
    let attributes = Attributes(attributes);
    attributes.all_known()?;
    attributes.spoken()?;
    let type_name = attributes.required("type")?;
    let event_type = EventType::named(type_name).ok_or_else(|| unknown_type(type_name))?;
    let heading = attributes.heading()?;
    let payload = attributes.get("data").ok_or_else(|| missing("data"))?;
    Ok(Draft { heading, event: data(event_type, payload, "/data")? })
}

/// The attributes of a `CloudEvent`.
struct Attributes<'a>(&'a Map<String, Value>);

impl<'a> Attributes<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn all_known(&self) -> Result<(), Rejection> {
        let unknown = self.0.keys().find(|name| !ATTRIBUTES.contains(&name.as_str()));
        match unknown {
            None => Ok(()),
            Some(name) if RESERVED.contains(&name.as_str()) => Err(at(
                Rule::ReservedAttribute,
                name,
                format!("`{name}` is given by the ledger and cannot be submitted"),
            )),
            Some(name) => Err(at(
                Rule::UnknownField,
                name,
                format!(
                    "unknown attribute `{name}`: it would be lost; expected one of {}",
                    listed(&ATTRIBUTES)
                ),
            )),
        }
    }

    /// Whether the event speaks the version and content type that are spoken here.
    fn spoken(&self) -> Result<(), Rejection> {
        match self.required("specversion")? {
            SPEC_VERSION => {}
            other => {
                return Err(at(
                    Rule::InvalidValue,
                    "specversion",
                    format!("`{}` is not the version spoken here: \"{SPEC_VERSION}\"", shown(other)),
                ));
            }
        }
        match self.text("datacontenttype")? {
            None | Some(CONTENT_TYPE) => Ok(()),
            Some(other) => Err(at(
                Rule::InvalidValue,
                "datacontenttype",
                format!("`{}` is not the content type taken here: \"{CONTENT_TYPE}\"", shown(other)),
            )),
        }
    }

    fn heading(&self) -> Result<Heading, Rejection> {
        Ok(Heading {
            source: self.given("source", Source::new)?,
            id: self.given("id", EventId::new)?,
            account: self.given("subject", AccountId::new)?,
            occurred_at: self.given("time", str::parse::<Timestamp>)?,
            precision: self.optional("timeprecision", precision)?.unwrap_or_default(),
            correlation: self.optional("correlationid", CorrelationId::new)?,
            causation: self.optional("causationid", EventId::new)?,
            source_recorded_at: self.optional("sourcerecordedtime", str::parse::<Timestamp>)?,
        })
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, Rejection> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(at(Rule::InvalidValue, name, format!("`{name}` must be a JSON string"))),
        }
    }

    fn required(&self, name: &str) -> Result<&'a str, Rejection> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    fn given<T, E: std::fmt::Display>(
        &self,
        name: &str,
        take: impl Fn(&'a str) -> Result<T, E>,
    ) -> Result<T, Rejection> {
        self.optional(name, take)?.ok_or_else(|| missing(name))
    }

    fn optional<T, E: std::fmt::Display>(
        &self,
        name: &str,
        take: impl Fn(&'a str) -> Result<T, E>,
    ) -> Result<Option<T>, Rejection> {
        let invalid = |reason: E| at(Rule::InvalidValue, name, format!("`{name}`: {reason}"));
        self.text(name)?.map(|text| take(text).map_err(invalid)).transpose()
    }
}

fn precision(word: &str) -> Result<Precision, String> {
    match word {
        "instant" => Ok(Precision::Instant),
        "day" => Ok(Precision::Day),
        "month" => Ok(Precision::Month),
        other => Err(format!("`{}` is none of instant, day, month", shown(other))),
    }
}

fn at(rule: Rule, name: &str, message: impl Into<String>) -> Rejection {
    let mut pointer = String::new();
    step(&mut pointer, name);
    Rejection::new(rule, pointer, message)
}

fn missing(name: &str) -> Rejection {
    at(Rule::MissingField, name, format!("the attribute `{name}` is missing"))
}

fn unknown_type(name: &str) -> Rejection {
    at(Rule::UnknownType, "type", format!("there is no event type `{}`", shown(name)))
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The beginning of a text that may be long.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests;
