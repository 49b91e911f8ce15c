use std::path::Path;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::envelope::Envelope;
use crate::id::Actor;
use crate::position::{Position, Sequence};

fn samples() -> Vec<(EventType, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/events");
    let sample = |event_type: &EventType| {
        let file = folder.join(format!("{}.json", event_type.as_str()));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        (*event_type, read(text.as_bytes(), TEXT_BYTES_MAX).unwrap())
    };
    EventType::ALL.iter().map(sample).collect()
}

fn envelope(heading: Heading) -> Envelope {
    Envelope {
        position: Position(12),
        sequence: Sequence(3),
        recorded_at: "2026-03-05T00:00:00.5Z".parse().unwrap(),
        actor: Actor::new("local:tester").unwrap(),
        heading,
    }
}

/// Renders a draft and takes the ledger's attributes away again.
fn rendered(draft: &Draft) -> Value {
    let mut value = render_clear(&envelope(draft.heading.clone()), &draft.event);
    let attributes = value.as_object_mut().unwrap();
    for name in ["position", "sequence", "recordedtime", "actor"] {
        assert!(attributes.remove(name).is_some(), "{name}");
    }
    value
}

fn meeting() -> Value {
    json!({"specversion":"1.0","id":"crm-88213","source":"crm/emea","type":"meeting.held","subject":"acme",
        "time":"2026-03-02T09:00:00Z",
        "data":{"channel":"visit","ours":["li.wei"],"customer":["acme-cto"],"minutes":60,"topic":"pilot scope"}})
}

fn bid(amount: &Value) -> Value {
    json!({"specversion":"1.0","id":"1","source":"crm","type":"bid.won","subject":"acme",
        "time":"2026-03-02T09:00:00Z","data":{"bid":"B-1","amount":amount}})
}

fn with(mut event: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    event.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(name.to_owned(), value);
    event
}

fn without(mut event: Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    event.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    event
}

#[track_caller]
fn refused(event: &Value, rule: Rule, pointer: &str) -> String {
    let rejection = parse(event).unwrap_err();
    assert_eq!((rejection.rule, rejection.pointer.as_str()), (rule, pointer), "{rejection}");
    rejection.message
}

#[test]
fn every_sample_is_read_and_written_as_it_stands() {
    for (event_type, value) in samples() {
        let draft = parse(&value).unwrap_or_else(|e| panic!("{}: {e}", event_type.as_str()));
        assert_eq!(draft.event.event_type(), event_type);
        assert_eq!(rendered(&draft), value, "{}", event_type.as_str());
        assert_eq!(parse(&rendered(&draft)).unwrap(), draft);
    }
}

#[test]
fn the_ledgers_attributes_are_written() {
    let draft = parse(&meeting()).unwrap();
    let value = render_clear(&envelope(draft.heading), &draft.event);
    assert_eq!(value["position"], 12);
    assert_eq!(value["sequence"], 3);
    assert_eq!(value["recordedtime"], "2026-03-05T00:00:00.500Z");
    assert_eq!(value["actor"], "local:tester");
    assert_eq!(value.get("timeprecision"), None);
    assert!(value["data"].get("third_party").is_none(), "null fields are left out");
}

#[test]
fn an_event_of_an_unknown_type_is_written_with_its_version() {
    let data = json!({"a": 1, "b": null, "c": [{"d": null}]});
    let body = crate::envelope::Body::Unknown { event_type: "moon.phased".to_owned(), version: 3, data };
    let envelope = envelope(parse(&meeting()).unwrap().heading);
    let value = render_recorded(&crate::envelope::Recorded { envelope, body });
    assert_eq!(value["type"], "moon.phased");
    assert_eq!(value["bodyversion"], 3);
    assert_eq!(value["data"], json!({"a": 1, "c": [{}]}));
}

#[test]
fn attributes_are_required_and_none_is_lost() {
    for name in ["specversion", "id", "source", "type", "subject", "time", "data"] {
        let pointer = format!("/{name}");
        refused(&without(meeting(), &pointer), Rule::MissingField, &pointer);
        refused(&with(meeting(), &pointer, Value::Null), Rule::MissingField, &pointer);
    }
    for name in ["id", "source", "type", "subject", "time", "correlationid", "timeprecision"] {
        let pointer = format!("/{name}");
        refused(&with(meeting(), &pointer, json!(7)), Rule::InvalidValue, &pointer);
    }
    for name in ["dataschema", "data_base64", "colour"] {
        let message = refused(
            &with(meeting(), &format!("/{name}"), json!("x")),
            Rule::UnknownField,
            &format!("/{name}"),
        );
        assert!(message.contains(name) && message.contains("`subject`"), "{message}");
    }
    for name in RESERVED {
        let pointer = format!("/{name}");
        refused(&with(meeting(), &pointer, json!("x")), Rule::ReservedAttribute, &pointer);
    }
    refused(&json!([meeting()]), Rule::Malformed, "");
}

#[test]
fn attributes_are_judged() {
    refused(&with(meeting(), "/specversion", json!("0.3")), Rule::InvalidValue, "/specversion");
    refused(&with(meeting(), "/datacontenttype", json!("text/csv")), Rule::InvalidValue, "/datacontenttype");
    assert!(parse(&with(meeting(), "/datacontenttype", json!("application/json"))).is_ok());
    assert!(parse(&with(meeting(), "/correlationid", Value::Null)).is_ok());
    refused(&with(meeting(), "/type", json!("meeting.imagined")), Rule::UnknownType, "/type");
    refused(&with(meeting(), "/time", json!("yesterday")), Rule::InvalidValue, "/time");
    refused(&with(meeting(), "/subject", json!(" acme")), Rule::InvalidValue, "/subject");
    refused(&with(meeting(), "/timeprecision", json!("hour")), Rule::InvalidValue, "/timeprecision");
    refused(&with(meeting(), "/sourcerecordedtime", json!("x")), Rule::InvalidValue, "/sourcerecordedtime");
}

#[test]
fn data_is_judged_field_by_field() {
    let message =
        refused(&bid(&json!({"amount":"1,5","currency":"CNY"})), Rule::InvalidValue, "/data/amount/amount");
    assert!(message.contains("1,5"), "{message}");
    refused(&bid(&json!({"amount":12.5,"currency":"CNY"})), Rule::InvalidValue, "/data/amount/amount");
    refused(&bid(&json!({"amount":"1"})), Rule::MissingField, "/data/amount/currency");
    refused(&bid(&json!(["1", "CNY"])), Rule::InvalidValue, "/data/amount");
    let message = refused(&with(meeting(), "/data/mood", json!("fine")), Rule::UnknownField, "/data/mood");
    assert!(message.contains("`mood`") && message.contains("`topic`"), "{message}");
    refused(&with(meeting(), "/data/mood", Value::Null), Rule::UnknownField, "/data/mood");
    refused(&without(meeting(), "/data/channel"), Rule::MissingField, "/data/channel");
    refused(&with(meeting(), "/data/channel", json!("telepathy")), Rule::InvalidValue, "/data/channel");
    refused(&with(meeting(), "/data/channel", json!({"visit":null})), Rule::InvalidValue, "/data/channel");
    refused(&with(meeting(), "/data/ours", json!(["li.wei", 7])), Rule::InvalidValue, "/data/ours/1");
    refused(&with(meeting(), "/data/minutes", json!(60.5)), Rule::InvalidValue, "/data/minutes");
    refused(&with(meeting(), "/data", json!([])), Rule::InvalidValue, "/data");
}

#[test]
fn a_map_key_with_a_slash_is_escaped_in_the_pointer() {
    let opened = json!({"specversion":"1.0","id":"1","source":"crm","type":"account.opened","subject":"acme",
        "time":"2026-03-02T09:00:00Z","data":{"name":"Acme","traits":{"a/b~c": 1}}});
    refused(&opened, Rule::InvalidValue, "/data/traits/a~1b~0c");
}

#[test]
fn duplicate_keys_are_refused_wherever_they_stand() {
    for (text, pointer) in
        [(r#"{"id":1,"id":2}"#, "/id"), (r#"{"data":[{"a/b":1},{"a/b":1,"a\u002fb":1}]}"#, "/data/1/a~1b")]
    {
        let rejection = parse_text(text.as_bytes()).unwrap_err();
        assert_eq!((rejection.rule, rejection.pointer.as_str()), (Rule::DuplicateKey, pointer));
    }
}

#[test]
fn text_is_bounded_in_length_and_depth() {
    let long = vec![b' '; TEXT_BYTES_MAX + 1];
    assert_eq!(parse_text(&long).unwrap_err().rule, Rule::TooLarge);
    let deep = "[".repeat(100_000);
    let rejection = parse_text(deep.as_bytes()).unwrap_err();
    assert_eq!((rejection.rule, rejection.pointer.len()), (Rule::Malformed, 2 * 32));
    for text in ["", "{", "{} {}", "{\"a\":1e999}", "\u{feff}{}", "nul"] {
        assert_eq!(parse_text(text.as_bytes()).unwrap_err().rule, Rule::Malformed, "{text:?}");
    }
    assert_eq!(parse_text(b"\"\xff\"").unwrap_err().rule, Rule::Malformed);
}

#[test]
fn content_is_equal_when_it_means_the_same() {
    let canonical_of = |value: &Value| canonical(&parse(value).unwrap());
    let same = canonical_of(&bid(&json!({"amount":"12.5","currency":"CNY"})));
    assert_eq!(same, canonical_of(&bid(&json!({"amount":"12.50","currency":"CNY"}))));
    let shanghai =
        with(bid(&json!({"amount":"12.5","currency":"CNY"})), "/time", json!("2026-03-02T17:00:00+08:00"));
    assert_eq!(same, canonical_of(&shanghai));
    let explicit = with(with(shanghai, "/data/reason", Value::Null), "/timeprecision", json!("instant"));
    assert_eq!(same, canonical_of(&explicit));
    for (amount, currency) in [("12.51", "CNY"), ("12.5", "USD")] {
        assert_ne!(same, canonical_of(&bid(&json!({"amount":amount,"currency":currency}))));
    }
    let corrected = |amount: &str| {
        json!({"specversion":"1.0","id":"1","source":"crm","type":"event.corrected","subject":"acme",
            "time":"2026-03-02T09:00:00Z","data":{"target":{"position":1},"reason":"typo",
            "data":{"bid":"B-1","amount":{"amount":amount,"currency":"CNY"},"reason":null}}})
    };
    assert_eq!(canonical_of(&corrected("12.5")), canonical_of(&corrected("12.500")));
}

#[test]
fn canonical_content_is_jcs() {
    let text =
        String::from_utf8(canonical(&parse(&bid(&json!({"amount":"5.00","currency":"CNY"}))).unwrap()))
            .unwrap();
    assert_eq!(
        text,
        r#"{"data":{"amount":{"amount":"5","currency":"CNY"},"bid":"B-1"},"id":"1","source":"crm","specversion":"1.0","subject":"acme","time":"2026-03-02T09:00:00Z","type":"bid.won"}"#
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9]{1,17}\\.[0-9]{1,9}".prop_map(Value::from),
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](Z|\\+08:00)".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,8}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every pointer into a value.
fn pointers(value: &Value, base: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let mut pointer = base.to_owned();
                step(&mut pointer, name);
                pointers(value, &pointer, into);
                into.push(pointer);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                pointers(value, &format!("{base}/{index}"), into);
                into.push(format!("{base}/{index}"));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

proptest! {
    /// A sample with some of its values replaced by anything: refused, or read and written without loss.
    #[test]
    fn what_is_read_is_written_back(
        which in 0..EventType::ALL.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 0..4),
    ) {
        static SAMPLES: std::sync::LazyLock<Vec<(EventType, Value)>> = std::sync::LazyLock::new(samples);
        let mut value = SAMPLES[which].1.clone();
        for (place, change) in changes {
            let mut places = Vec::new();
            pointers(&value, "", &mut places);
            *value.pointer_mut(place.get(places.as_slice()).as_str()).unwrap() = change;
        }
        match parse(&value) {
            Ok(draft) => {
                // A correction's new data is kept as it came, but nulls are not written.
                let once = parse(&rendered(&draft)).unwrap();
                prop_assert_eq!(canonical(&once), canonical(&draft));
                prop_assert_eq!(&parse(&rendered(&once)).unwrap(), &once);
                if draft.event.event_type() != EventType::EventCorrected {
                    prop_assert_eq!(once, draft);
                }
            }
            Err(rejection) => {
                let pointer = rejection.pointer.as_str();
                let at = value.pointer(pointer).is_some() || rejection.rule == Rule::MissingField;
                prop_assert!(at, "{} points nowhere in {}", rejection, value);
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_text(&bytes);
    }

    /// Figures to their last digit.
    #[test]
    fn the_strict_reader_reads_what_serde_writes(value in any_json()) {
        let text = serde_json::to_vec(&value).unwrap();
        prop_assert_eq!(read(&text, TEXT_BYTES_MAX).unwrap(), value);
    }
}
