//! How two policies differ, field by field.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::Policy;

/// A field that two policies have different values for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Path of the field, such as `stage.trend.epsilon`.
    pub field: String,
    /// Its value in the first; `None` where the first does not have it.
    pub old: Option<Value>,
    /// Its value in the second; `None` where the second does not have it.
    pub new: Option<Value>,
}

impl Policy {
    /// The fields by which another policy differs from this one, by path. The number of a policy is its name and no
    /// difference.
    ///
    /// # Errors
    /// What the serializer says of a value that JSON cannot hold; a validated policy holds none.
    pub fn differences(&self, other: &Self) -> Result<Vec<Difference>, serde_json::Error> {
        let (mut old, mut new) = (fields(self)?, fields(other)?);
        let names: Vec<String> =
            old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))).cloned().collect();
        let mut differences: Vec<Difference> = names
            .into_iter()
            .map(|field| Difference { old: old.remove(&field), new: new.remove(&field), field })
            .filter(|difference| difference.old != difference.new)
            .collect();
        differences.sort_by(|a, b| a.field.cmp(&b.field));
        Ok(differences)
    }
}

/// Every value that is no table, by the path of its field.
fn fields(policy: &Policy) -> Result<BTreeMap<String, Value>, serde_json::Error> {
    let mut fields = BTreeMap::new();
    if let Value::Object(tables) = serde_json::to_value(policy)? {
        let beside_the_number = tables.into_iter().filter(|(name, _)| name != "version");
        beside_the_number.for_each(|(name, value)| flatten(name, value, &mut fields));
    }
    Ok(fields)
}

fn flatten(path: String, value: Value, into: &mut BTreeMap<String, Value>) {
    if let Value::Object(table) = value {
        for (name, value) in table {
            flatten(format!("{path}.{name}"), value, into);
        }
    } else {
        into.insert(path, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::policy::DEFAULT_TOML;

    #[test]
    fn fields_that_differ_are_named_with_both_values() {
        let old = Policy::default_policy();
        assert_eq!(old.differences(&old).unwrap(), []);
        let text = DEFAULT_TOML
            .replacen("version = 1", "version = 2", 1)
            .replacen("epsilon = 0.05", "epsilon = 0.06", 1)
            .replacen("mu = 0.7,", "mu = 0.75,", 1)
            .replacen("half_lives_days = [90, 180, 360]", "half_lives_days = [90, 180, 365]", 1);
        let new = Policy::from_toml(&text).unwrap();
        let found = old.differences(&new).unwrap();
        let said: Vec<_> = found.iter().map(|d| (d.field.as_str(), d.old.clone(), d.new.clone())).collect();
        assert_eq!(
            said,
            [
                ("health.integrity.prior.mu", Some(json!(0.7)), Some(json!(0.75))),
                ("stage.trend.epsilon", Some(json!(0.05)), Some(json!(0.06))),
                (
                    "stage.trend.half_lives_days",
                    Some(json!([90.0, 180.0, 360.0])),
                    Some(json!([90.0, 180.0, 365.0]))
                ),
            ]
        );
    }
}
