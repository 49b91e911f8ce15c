//! A body as JSON, for eyes and exports, when this program does not know its shape.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmpv::ValueRef;
use serde_json::{Map, Value, json};

use super::pack::{DEPTH_MAX, Fault, Reader, Reason};

/// Shows a body as JSON: bytes as base64 text, an extension as its number and base64 text, a number that JSON
/// does not have as null. What cannot be shown in full is still whole in the record.
///
/// # Errors
/// When the bytes are not exactly one `MessagePack` value of bounded depth.
pub(super) fn json(body: &[u8]) -> Result<Value, Fault> {
    let mut check = Reader::new(body);
    check.skip()?;
    check.end()?;
    let mut rest = body;
    // One level more than was checked: `rmpv` counts the value itself.
    let value = rmpv::decode::read_value_ref_with_max_depth(&mut rest, usize::from(DEPTH_MAX) * 2)
        .map_err(|_| Reason::NotA("MessagePack"))?;
    Ok(shown(&value))
}

fn shown(value: &ValueRef<'_>) -> Value {
    match value {
        ValueRef::Nil => Value::Null,
        ValueRef::Boolean(truth) => json!(truth),
        ValueRef::Integer(number) => match number.as_i64() {
            Some(number) => json!(number),
            None => json!(number.as_u64()),
        },
        ValueRef::F32(number) => json!(number),
        ValueRef::F64(number) => json!(number),
        ValueRef::String(text) => json!(String::from_utf8_lossy(text.as_bytes())),
        ValueRef::Binary(bytes) => json!(STANDARD.encode(bytes)),
        ValueRef::Array(values) => values.iter().map(shown).collect(),
        ValueRef::Map(pairs) => Value::Object(pairs.iter().map(pair).collect::<Map<_, _>>()),
        ValueRef::Ext(kind, bytes) => json!({"extension": kind, "bytes": STANDARD.encode(bytes)}),
    }
}

fn pair((key, value): &(ValueRef<'_>, ValueRef<'_>)) -> (String, Value) {
    let key = shown(key);
    (key.as_str().map_or_else(|| key.to_string(), str::to_owned), shown(value))
}
