//! The `data` of an event, drawn as a nested TOML table whose texts are templates.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};
use toml::Spanned;

use super::row::{Problem, Scope};
use super::template::Template;

const SEPARATOR: &str = ";";

/// A value to be made of a row, and where in the mapping it stands.
#[derive(Debug, Clone)]
pub(crate) struct Shape(Spanned<Kind>);

#[derive(Debug, Clone)]
enum Kind {
    /// The same for every row: a number or a boolean.
    Constant(Value),
    Text(Template),
    Typed {
        template: Template,
        cast: Cast,
    },
    List(Vec<Shape>),
    Table(BTreeMap<String, Shape>),
}

/// What a rendered text is turned into.
#[derive(Debug, Clone)]
enum Cast {
    Number,
    Bool,
    List { separator: String },
}

/// What a shape became.
struct Made {
    /// `None`: nothing was rendered, and the field is left out.
    value: Option<Value>,
    /// Whether a hole was filled anywhere inside.
    filled: bool,
}

impl Shape {
    /// Makes the fields. Inside, a table that has holes of which none is filled is left out with its constants,
    /// as is an empty text; a list stays, without its empty elements.
    ///
    /// # Errors
    /// What a filter says of the value it met, or that a text is no number or boolean.
    pub(crate) fn make(&self, scope: &Scope<'_>) -> Result<Map<String, Value>, Problem> {
        match self.0.get_ref() {
            Kind::Table(fields) => Ok(object(fields, scope)?.0),
            Kind::Constant(_) | Kind::Text(_) | Kind::Typed { .. } | Kind::List(_) => Ok(Map::new()),
        }
    }

    /// Whether it is a table.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.0.get_ref(), Kind::Table(_))
    }

    /// Where it begins in the mapping's text.
    pub(crate) fn start(&self) -> usize {
        self.0.span().start
    }

    fn made(&self, scope: &Scope<'_>) -> Result<Made, Problem> {
        match self.0.get_ref() {
            Kind::Constant(value) => Ok(Made { value: Some(value.clone()), filled: false }),
            Kind::Text(template) => {
                let text = template.render(scope)?;
                Ok(made(template, (!text.is_empty()).then_some(Value::String(text))))
            }
            Kind::Typed { template, cast } => {
                let text = template.render(scope)?;
                let problem = |reason| Problem { field: template.column().map(str::to_owned), reason };
                Ok(made(template, cast.apply(&text).map_err(problem)?))
            }
            Kind::List(elements) => list(elements, scope),
            Kind::Table(fields) => {
                let (object, filled) = object(fields, scope)?;
                let value = (filled || !self.has_holes()).then_some(Value::Object(object));
                Ok(Made { value, filled })
            }
        }
    }

    fn has_holes(&self) -> bool {
        match self.0.get_ref() {
            Kind::Constant(_) => false,
            Kind::Text(template) | Kind::Typed { template, .. } => template.holes().next().is_some(),
            Kind::List(elements) => elements.iter().any(Self::has_holes),
            Kind::Table(fields) => fields.values().any(Self::has_holes),
        }
    }

    /// Shows every template inside, with its path below `path` and its place in the mapping's text.
    pub(crate) fn visit<E>(
        &self,
        path: &str,
        look: &mut impl FnMut(&str, usize, &Template) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.0.get_ref() {
            Kind::Constant(_) => Ok(()),
            Kind::Text(template) | Kind::Typed { template, .. } => look(path, self.0.span().start, template),
            Kind::List(elements) => elements.iter().try_for_each(|element| element.visit(path, look)),
            Kind::Table(fields) => {
                fields.iter().try_for_each(|(name, field)| field.visit(&format!("{path}.{name}"), look))
            }
        }
    }
}

fn made(template: &Template, value: Option<Value>) -> Made {
    Made { filled: value.is_some() && template.holes().next().is_some(), value }
}

fn list(elements: &[Shape], scope: &Scope<'_>) -> Result<Made, Problem> {
    let mut values = Vec::with_capacity(elements.len());
    let mut filled = false;
    for element in elements {
        let made = element.made(scope)?;
        filled |= made.filled;
        values.extend(made.value);
    }
    Ok(Made { value: Some(Value::Array(values)), filled })
}

/// The fields of a table, and whether a hole was filled in any.
fn object(
    fields: &BTreeMap<String, Shape>,
    scope: &Scope<'_>,
) -> Result<(Map<String, Value>, bool), Problem> {
    let mut object = Map::new();
    let mut filled = false;
    for (name, field) in fields {
        let made = field.made(scope)?;
        filled |= made.filled;
        object.extend(made.value.map(|value| (name.clone(), value)));
    }
    Ok((object, filled))
}

impl Cast {
    fn named(name: &str, separator: Option<String>) -> Result<Self, String> {
        match (name, separator) {
            ("list", separator) => {
                Ok(Self::List { separator: separator.unwrap_or_else(|| SEPARATOR.to_owned()) })
            }
            (_, Some(_)) => Err("`separator` goes with `as = \"list\"` alone".to_owned()),
            ("number", None) => Ok(Self::Number),
            ("bool", None) => Ok(Self::Bool),
            (other, None) => Err(format!("`as` is number, bool or list, not `{other}`")),
        }
    }

    fn apply(&self, text: &str) -> Result<Option<Value>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match self {
            Self::Number => number(text).map(Some),
            Self::Bool => boolean(text).map(Some),
            Self::List { separator } => {
                let elements = text.split(separator.as_str()).map(str::trim).filter(|part| !part.is_empty());
                let values: Vec<Value> = elements.map(Value::from).collect();
                Ok((!values.is_empty()).then_some(Value::Array(values)))
            }
        }
    }
}

fn number(text: &str) -> Result<Value, String> {
    let refused = || super::filter::not_number(text);
    super::filter::number(text).ok_or_else(refused)?;
    let whole = text.parse::<i64>().map(Value::from).ok();
    whole.or_else(|| text.parse().ok().and_then(Number::from_f64).map(Value::Number)).ok_or_else(refused)
}

fn boolean(text: &str) -> Result<Value, String> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Ok(Value::Bool(true)),
        "false" | "no" | "n" | "0" => Ok(Value::Bool(false)),
        _ => Err(format!("`{}` is neither true, yes or 1 nor false, no or 0", super::filter::shown(text))),
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::deserialize(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyKind)
    }
}

struct AnyKind;

impl<'de> Visitor<'de> for AnyKind {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a template, a number, a boolean, a list or a table")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Kind, E> {
        Template::parse(text).map(Kind::Text).map_err(E::custom)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Kind, E> {
        Ok(Kind::Constant(Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Kind, E> {
        Ok(Kind::Constant(Value::from(value)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Kind, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("a number must be finite"))?;
        Ok(Kind::Constant(Value::Number(number)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Kind, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Kind::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Kind, A::Error> {
        let mut fields: BTreeMap<String, Shape> = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if name.starts_with("$__toml") {
                return Err(A::Error::custom("write a date as text, in quotes"));
            }
            fields.insert(name, map.next_value()?);
        }
        if fields.contains_key("as") {
            typed(fields).map_err(A::Error::custom)
        } else {
            Ok(Kind::Table(fields))
        }
    }
}

/// A table with `as` is no table of the event but a template with a type.
fn typed(mut fields: BTreeMap<String, Shape>) -> Result<Kind, String> {
    let mut take = |name: &str| match fields.remove(name).map(|shape| shape.0.into_inner()) {
        None => Ok(None),
        Some(Kind::Text(template)) => Ok(Some(template)),
        Some(_) => Err(format!("`{name}` beside `as` must be a text")),
    };
    let template =
        take("value")?.ok_or("`as` goes with `value`, such as {value = \"{minutes}\", as = \"number\"}")?;
    let word = take("as")?.map(|template| template.plain()).unwrap_or_default();
    let separator = take("separator")?.map(|template| template.plain());
    if let Some(other) = fields.keys().next() {
        return Err(format!("`{other}` has no meaning beside `as`; known are value, as, separator"));
    }
    Cast::named(&word, separator).map(|cast| Kind::Typed { template, cast })
}

#[cfg(test)]
mod tests {
    use super::super::row::on_sample;
    use super::*;

    fn shape(toml: &str) -> Result<Shape, toml::de::Error> {
        #[derive(Deserialize)]
        struct Holder {
            data: Shape,
        }
        toml::from_str::<Holder>(toml).map(|holder| holder.data)
    }

    #[track_caller]
    fn check(toml: &str, json: &str) {
        let shape = shape(toml).unwrap();
        let made = on_sample(|row| shape.make(&Scope { row, account: "a", occurrence: None })).unwrap();
        assert_eq!(Value::Object(made).to_string(), json);
    }

    #[test]
    fn fields_that_render_empty_disappear() {
        check(
            "data = {a = '{name}', b = '{empty}', c = 'const', m = {amount = '{empty}', currency = 'USD'}}",
            r#"{"a":"Acme","c":"const"}"#,
        );
        check(
            "data.m = {amount = '{size|decimal(2)}', currency = 'USD'}",
            r#"{"m":{"amount":"250.00","currency":"USD"}}"#,
        );
        check(
            "data = {by = 'us', deep = {deeper = {value = '{empty}'}}, n = 1, t = true}",
            r#"{"by":"us","n":1,"t":true}"#,
        );
        check(
            "data = {people = ['{empty|slug}', '{name|slug}'], none = [], blank = ['{empty}']}",
            r#"{"blank":[],"none":[],"people":["acme"]}"#,
        );
        check("data = {a = '{empty}'}", "{}");
    }

    #[test]
    fn typed_leaves() {
        check("data.n = {value = '{size}', as = 'number'}", r#"{"n":250}"#);
        check("data.n = {value = '{third}', as = 'number'}", r#"{"n":0.333}"#);
        check("data = {k = '{name}', n = {value = '{empty}', as = 'number'}}", r#"{"k":"Acme"}"#);
        check("data.b = {value = '{empty|default(\"Yes\")}', as = 'bool'}", r#"{"b":true}"#);
        check("data.l = {value = '{day}', as = 'list', separator = '/'}", r#"{"l":["10","20","2016"]}"#);
        let shape = shape("data.n = {value = '{name}', as = 'number'}").unwrap();
        let problem =
            on_sample(|row| shape.make(&Scope { row, account: "a", occurrence: None })).unwrap_err();
        assert_eq!(problem.field.as_deref(), Some("name"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (toml, says) in [
            ("data = {value = '{a}', as = 'date'}", "number, bool or list"),
            ("data = {as = 'list'}", "goes with `value`"),
            ("data = {value = '{a}', as = 'bool', x = 1}", "`x` has no meaning"),
            ("data = {value = '{a}', as = 'bool', separator = ','}", "alone"),
            ("data.due = 2026-01-02", "in quotes"),
            ("data.a = '{x'", "not closed"),
            ("data.a = nan", "finite"),
        ] {
            let error = shape(toml).unwrap_err().to_string();
            assert!(error.contains(says), "{toml}: {error}");
        }
    }
}
