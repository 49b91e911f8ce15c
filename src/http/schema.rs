//! Schemas that no Rust type says: texts of a certain form.

use guanxi_projections::text::LABEL_BYTES_MAX;
use serde_json::{Value, json};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

/// Gives a type a schema. A parameter keeps what is said of it, and its example, only if its schema is that of a type.
macro_rules! has_schema {
    ($of:ty, $schema:expr) => {
        impl utoipa::PartialSchema for $of {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $schema
            }
        }

        impl utoipa::ToSchema for $of {}
    };
}

pub(super) use has_schema;

/// Types that stand for a schema, where what is read has none.
macro_rules! stand_ins {
    ($($(#[$doc:meta])+ $name:ident, $schema:expr;)+) => {$(
        $(#[$doc])+
        pub(super) struct $name;

        has_schema!($name, $schema);
    )+};
}

stand_ins! {
    /// See [`when`].
    When, when();
    /// See [`day`].
    Date, day();
    /// See [`policy`].
    PolicyName, policy();
    /// See [`position`].
    Place, position();
    /// See [`count`].
    Count, count();
    /// See [`preference`].
    Preference, preference();
    /// See [`top`].
    Top, top();
}

/// A date or a timestamp.
pub(super) fn when() -> RefOr<Schema> {
    let text = |format| {
        ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)))
    };
    OneOfBuilder::new().item(text(KnownFormat::Date)).item(text(KnownFormat::DateTime)).into()
}

/// A date.
pub(super) fn day() -> RefOr<Schema> {
    let date = SchemaFormat::KnownFormat(KnownFormat::Date);
    ObjectBuilder::new().schema_type(Type::String).format(Some(date)).into()
}

/// How a query names a policy.
pub(super) fn policy() -> RefOr<Schema> {
    text("^(current|then|[1-9][0-9]{0,8})$")
}

/// An identifier chosen outside the ledger: no control characters, and no white space at its ends. No schema says that
/// the 200 are bytes.
pub(super) fn id() -> RefOr<Schema> {
    json(json!({"type": "string", "minLength": 1, "maxLength": 200, "pattern": TIDY}))
}

/// [`id`] in a body.
pub(super) fn id_or_null() -> RefOr<Schema> {
    json(json!({"type": ["string", "null"], "minLength": 1, "maxLength": 200, "pattern": TIDY}))
}

/// The ends, and what may stand between them.
const TIDY: &str = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$";

/// A short text on one line, not blank. No schema says that the 500 are bytes.
pub(super) fn label() -> RefOr<Schema> {
    json(json!({"type": "string", "minLength": 1, "maxLength": LABEL_BYTES_MAX, "pattern": ONE_LINE}))
}

/// Something that can be seen, and on both sides of it what may stand in a line.
const ONE_LINE: &str = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";

/// A place in the log: the name of the format of such integers stands for smaller ones.
pub(super) fn position() -> RefOr<Schema> {
    json(json!({"type": "integer", "minimum": 0, "maximum": u64::MAX}))
}

/// A number of events in a header: quoted, as validators are, or not.
pub(super) fn count() -> RefOr<Schema> {
    text("^(\"[0-9]{1,19}\"|[0-9]{1,19})$")
}

/// What a client prefers, after RFC 7240; what is not known is passed over.
pub(super) fn preference() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).into()
}

/// At most how many of something; as [`position`].
pub(super) fn top() -> RefOr<Schema> {
    json(json!({"type": "integer", "minimum": 0, "maximum": u32::MAX}))
}

/// One of some words.
pub(super) fn word(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
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
pub(super) fn json(schema: Value) -> RefOr<Schema> {
    serde_json::from_value(schema).unwrap_or_else(|_| ObjectBuilder::new().into())
}
