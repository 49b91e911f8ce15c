//! Random events go to bytes and back without loss.

use guanxi_projections::envelope::Body;
use guanxi_projections::event::EventType;
use guanxi_projections::wire::{self, Draft};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::sample::{json as sample, record, seal};
use crate::log::record::{decode, leaf_hash};

/// What a leaf of a sample may become.
#[derive(Debug, Clone)]
enum Change {
    Leave,
    Remove,
    Put(Value),
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => Just(Change::Leave),
        2 => Just(Change::Remove),
        2 => "[a-z0-9关系é🏭 .-]{1,80}".prop_map(|text| Change::Put(json!(text))),
        1 => "[0-9]{1,15}(\\.[0-9]{1,8})?".prop_map(|text| Change::Put(json!(text))),
        1 => "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])".prop_map(|text| Change::Put(json!(text))),
        1 => (-62_167_219_200_000_000i64..253_402_300_800_000_000).prop_map(|micros| {
            let instant = guanxi_projections::time::Timestamp::from_micros(micros);
            Change::Put(json!(instant.to_string()))
        }),
        1 => any::<u32>().prop_map(|number| Change::Put(json!(number))),
        1 => any::<u64>().prop_map(|number| Change::Put(json!(number))),
        1 => (0u8..=10).prop_map(|number| Change::Put(json!(number))),
        1 => (-1e15..1e15).prop_map(|number| Change::Put(json!(number))),
        1 => (0.0..=1.0).prop_map(|number| Change::Put(json!(number))),
        1 => any::<bool>().prop_map(|truth| Change::Put(json!(truth))),
    ]
}

/// Every leaf and every field below `base`.
fn pointers(value: &Value, base: &str, into: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(values) => values.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, child) in children {
        let pointer = format!("{base}/{name}");
        pointers(child, &pointer, into);
        into.push(pointer);
    }
}

/// Applies each change that leaves an event; a draft that differs from its sample in any way there is.
fn changed(event_type: EventType, changes: &[Change]) -> Draft {
    let mut value = sample(event_type).clone();
    let mut places = Vec::new();
    pointers(&value, "", &mut places);
    for (place, change) in places.iter().zip(changes.iter().cycle()) {
        let mut next = value.clone();
        let Some(slot) = next.pointer_mut(place) else { continue };
        match change {
            Change::Leave => continue,
            Change::Remove => *slot = Value::Null,
            Change::Put(new) => *slot = new.clone(),
        }
        let whole = wire::parse(&next).is_ok_and(|draft| draft.event.event_type() == event_type);
        if whole && !place.starts_with("/data/data") {
            value = next;
        }
    }
    wire::parse(&value).unwrap()
}

proptest! {
    #[test]
    fn random_events_survive(
        which in 0..EventType::ALL.len(),
        changes in prop::collection::vec(any_change(), 1..40),
    ) {
        let draft = changed(EventType::ALL[which], &changes);
        let bytes = record(&draft);
        let recorded = decode(&bytes).unwrap();
        prop_assert_eq!(&recorded.envelope.heading, &draft.heading);
        prop_assert_eq!(recorded.body, Body::Known(Box::new(seal(draft.event.clone()))));
        prop_assert_eq!(leaf_hash(&bytes), leaf_hash(&record(&draft)));
    }
}
