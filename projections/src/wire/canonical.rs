//! What a source said, as bytes that are equal exactly when the content is: the ground of "same source and id,
//! same content".

use serde_json::Value;

use super::Draft;
use super::render::{heading, payload, without_nulls};
use crate::money::{Amount, Money};

/// The content of a draft in JCS form (RFC 8785): heading, type and data; nulls left out, times in UTC, amounts
/// by value (`12.50` is `12.5`).
///
/// Personal data is in it in the clear: digest it under a key, and do not keep it. The new data of a correction
/// is taken as it was written, but for amounts, since its shape is not known here: the same instant written
/// another way counts as other content.
///
/// # Panics
/// Never: JSON has no value without a canonical form.
#[expect(
    clippy::expect_used,
    reason = "every JSON value without NaN has a canonical form, and JSON has no NaN"
)]
pub fn canonical(draft: &Draft) -> Vec<u8> {
    let mut content = heading(&draft.heading, draft.event.event_type().as_str());
    content.insert("data".to_owned(), amounts_by_value(without_nulls(payload(&draft.event))));
    serde_json_canonicalizer::to_vec(&Value::Object(content)).expect("JSON has a canonical form")
}

/// Writes every amount of money without zeros at its end.
fn amounts_by_value(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => {
            if let Some(amount) = amount_of_money(&fields) {
                fields.insert("amount".to_owned(), Value::String(amount.decimal().normalize().to_string()));
                return Value::Object(fields);
            }
            Value::Object(fields.into_iter().map(|(name, value)| (name, amounts_by_value(value))).collect())
        }
        Value::Array(values) => values.into_iter().map(amounts_by_value).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// The amount, if the object is money and nothing else.
fn amount_of_money(fields: &serde_json::Map<String, Value>) -> Option<Amount> {
    let texts = ["amount", "currency"].map(|name| fields.get(name).and_then(Value::as_str));
    let [Some(amount), Some(currency)] = texts else { return None };
    let money: Money = format!("{amount} {currency}").parse().ok()?;
    (fields.len() == 2).then_some(money.amount)
}
