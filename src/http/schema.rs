//! Schemas that no Rust type says: texts of a certain form.

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

/// A date or a timestamp.
pub(super) fn when() -> RefOr<Schema> {
    let text = |format| {
        ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)))
    };
    OneOfBuilder::new().item(text(KnownFormat::Date)).item(text(KnownFormat::DateTime)).into()
}

/// A date or a timestamp, where the schema has to be that of a type: a parameter can be needed only then.
pub(super) struct WhenText;

impl utoipa::PartialSchema for WhenText {
    fn schema() -> RefOr<Schema> {
        when()
    }
}

impl utoipa::ToSchema for WhenText {}

/// A date.
pub(super) fn day() -> RefOr<Schema> {
    let date = SchemaFormat::KnownFormat(KnownFormat::Date);
    ObjectBuilder::new().schema_type(Type::String).format(Some(date)).into()
}

/// How a query names a policy.
pub(super) fn policy() -> RefOr<Schema> {
    text("^(current|then|[1-9][0-9]{0,8})$")
}

/// An identifier chosen outside the ledger.
pub(super) fn id() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(200)).into()
}

/// One of some words.
pub(super) fn word(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

/// Some of some words.
pub(super) fn words(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    list(word(words))
}

/// Any number of values of a schema.
pub(super) fn list(of: RefOr<Schema>) -> RefOr<Schema> {
    utoipa::openapi::schema::ArrayBuilder::new().items(of).into()
}

/// The same, or null, which says the same as leaving it out.
pub(super) fn or_null(of: RefOr<Schema>) -> RefOr<Schema> {
    OneOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Null)).item(of).into()
}

/// [`when`] in a body.
pub(super) fn when_or_null() -> RefOr<Schema> {
    or_null(when())
}

/// [`policy`] in a body.
pub(super) fn policy_or_null() -> RefOr<Schema> {
    or_null(policy())
}

fn text(pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
}

/// A schema written as JSON, where the builders say it at greater length.
pub(super) fn json(schema: serde_json::Value) -> RefOr<Schema> {
    serde_json::from_value(schema).unwrap_or_else(|_| ObjectBuilder::new().into())
}
