//! Answers as JSON, with the names of persons.
//!
//! Views name persons by pseudonyms, so that a view depends on what happened alone. Only where an answer is written do
//! people's names take their place.

use guanxi_projections::id::{Alias, PersonId};
use hashbrown::HashMap;
use serde::Serialize;
use serde_json::Value;

use super::{Ledger, LedgerError};

/// How a string that is a pseudonym begins. Where JSON has a quote before a tilde, a string begins: after the end of
/// one comes a comma, a colon or a bracket. But a quote may be part of a string, with a backslash before it.
const BEGINS: &str = "\"~";

impl Ledger {
    /// An answer as compact JSON, with names in place of pseudonyms. Cost: O(bytes).
    ///
    /// # Errors
    /// [`LedgerError::NotJson`].
    pub fn to_json(&self, answer: &impl Serialize) -> Result<String, LedgerError> {
        let json = serde_json::to_string(answer).map_err(LedgerError::NotJson)?;
        Ok(with_names(&json, |person| self.alias(person)))
    }

    /// Puts names in place of the pseudonyms in a value.
    pub(super) fn name_persons(&self, json: &mut Value) {
        match json {
            Value::String(text) => {
                if let Some(person) = PersonId::of_pseudonym(text) {
                    *text = self.alias(person).into();
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.name_persons(value)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.name_persons(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// What a person is called; the pseudonym where the key is gone.
    pub fn alias(&self, person: PersonId) -> Alias {
        self.people.alias(person)
    }
}

/// Compact JSON with names in place of the pseudonyms among its values.
fn with_names(json: &str, alias: impl Fn(PersonId) -> Alias) -> String {
    let mut names = Names { known: HashMap::new(), alias };
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(quote) = rest.find(BEGINS) {
        let (before, string) = rest.split_at(quote);
        text.push_str(before);
        let value = value(string).filter(|_| !before.ends_with('\\'));
        if let Some((name, after)) = value.and_then(|(string, after)| Some((names.name(string)?, after))) {
            text.push_str(name);
            rest = after;
        } else {
            text.push_str(BEGINS);
            rest = string.strip_prefix(BEGINS).unwrap_or_default();
        }
    }
    text.push_str(rest);
    text
}

/// The string that JSON begins with, if it is a value and has no quotes in it, and what comes after it.
fn value(json: &str) -> Option<(&str, &str)> {
    let string = json.strip_prefix('"')?.split_once('"')?;
    Some(string).filter(|(_, after)| !after.starts_with(':'))
}

/// Names as JSON, by pseudonym: the same few persons come again and again.
struct Names<'j, A> {
    known: HashMap<&'j str, Option<String>>,
    alias: A,
}

impl<'j, A: Fn(PersonId) -> Alias> Names<'j, A> {
    /// `None` for a text that is no pseudonym.
    fn name(&mut self, text: &'j str) -> Option<&str> {
        let alias = |person| Value::from(String::from((self.alias)(person))).to_string();
        self.known.entry(text).or_insert_with(|| PersonId::of_pseudonym(text).map(alias)).as_deref()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_stand_where_pseudonyms_did() {
        let person = PersonId([7; 16]);
        let pseudonym = person.to_string();
        let cases = [
            (json!({ "owner": pseudonym }), json!({ "owner": "Lì \"Lee\"" })),
            (json!([pseudonym, pseudonym, "~"]), json!(["Lì \"Lee\"", "Lì \"Lee\"", "~"])),
            (json!(pseudonym), json!("Lì \"Lee\"")),
        ];
        let alias = |person: PersonId| {
            assert_eq!(person, PersonId([7; 16]));
            Alias::new("Lì \"Lee\"").unwrap()
        };
        for (shown, named) in cases {
            assert_eq!(with_names(&shown.to_string(), alias), named.to_string());
        }
        // Neither names of fields, nor what somebody wrote, nor what only begins like one.
        let quoted = format!("\"{pseudonym}\"");
        let left = [
            json!({ pseudonym.clone(): 1 }),
            json!(quoted),
            json!(format!("\\{quoted}")),
            json!([format!("{pseudonym} "), "~~~", "\"~", "a\\"]),
        ];
        for value in left {
            assert_eq!(with_names(&value.to_string(), alias), value.to_string());
        }
    }
}
