//! Golden records, one per (type, version): `fixtures/log/v1/<type>.hex`.
//!
//! With `GUANXI_BLESS=1` missing ones are written; one that is there is never touched, for it may have been
//! released.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use guanxi_projections::envelope::Body;
use guanxi_projections::event::EventType;
use serde_json::Value;

use super::sample::{actor, draft, fixtures, place, record, seal, without_sealed_texts};
use crate::log::record::{Head, decode, event_without_sealed_texts, frame, shown};

/// Bytes on a line of a fixture.
const LINE_BYTES: usize = 40;

fn file(event_type: EventType) -> PathBuf {
    fixtures().join(format!("log/v1/{}.hex", event_type.as_str()))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for line in bytes.chunks(LINE_BYTES) {
        for byte in line {
            write!(text, "{byte:02x}").unwrap();
        }
        text.push('\n');
    }
    text
}

fn golden(event_type: EventType) -> Vec<u8> {
    let file = file(event_type);
    if !file.exists() && std::env::var_os("GUANXI_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(&file, hex(&record(&draft(event_type)))).unwrap();
    }
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

#[test]
fn every_golden_record_is_its_sample_both_ways() {
    for event_type in EventType::ALL {
        let (bytes, sample) = (golden(*event_type), draft(*event_type));
        let recorded = decode(&bytes).unwrap_or_else(|error| panic!("{}: {error:?}", event_type.as_str()));
        let envelope = &recorded.envelope;
        assert_eq!((envelope.position, envelope.sequence), (place().position, place().sequence));
        assert_eq!((envelope.recorded_at, &envelope.actor), (place().recorded_at, &actor()));
        assert_eq!(envelope.heading, sample.heading);
        assert_eq!(recorded.body, Body::Known(Box::new(seal(sample.event.clone()))));
        assert_eq!(hex(&record(&sample)), hex(&bytes), "{}", event_type.as_str());
    }
}

#[test]
fn a_fold_reads_every_event_as_it_was_but_for_sealed_texts() {
    for event_type in EventType::ALL {
        let bytes = golden(*event_type);
        let head = Head::parse(&bytes).unwrap();
        let read = event_without_sealed_texts(*event_type, head.version(), head.body()).unwrap();
        let whole = seal(draft(*event_type).event);
        assert_eq!(read, Some(without_sealed_texts(whole)), "{}", event_type.as_str());
    }
}

#[test]
fn the_head_shows_what_decoding_gives() {
    for event_type in EventType::ALL {
        let bytes = golden(*event_type);
        let (head, envelope) = (Head::parse(&bytes).unwrap(), decode(&bytes).unwrap().envelope);
        assert_eq!((head.position(), head.sequence()), (envelope.position, envelope.sequence));
        assert_eq!(head.recorded_at(), envelope.recorded_at);
        assert_eq!(head.account(), envelope.heading.account.as_str());
        assert_eq!(head.source(), envelope.heading.source.as_str());
        assert_eq!(head.id(), envelope.heading.id.as_str());
        assert_eq!((head.event_type(), head.version()), (event_type.as_str(), 1));
        assert_eq!(head.prev(), &place().prev);
    }
}

#[test]
fn the_samples_leave_no_field_out() {
    // Fields that exclude each other cannot all be set.
    let excluded = ["value", "target_position", "target_source", "target_id"];
    for event_type in EventType::ALL {
        let bytes = golden(*event_type);
        let Value::Object(body) = shown::json(Head::parse(&bytes).unwrap().body()).unwrap() else {
            panic!("a body is a map")
        };
        let left_out: Vec<_> =
            body.iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name).collect();
        assert!(
            left_out.iter().all(|name| excluded.contains(&name.as_str())),
            "{event_type:?}: {left_out:?}"
        );
    }
}

#[test]
fn bodies_are_in_the_shortest_form() {
    for event_type in EventType::ALL {
        let bytes = golden(*event_type);
        let body = Head::parse(&bytes).unwrap().body();
        let value = rmpv::decode::read_value_ref(&mut &body[..]).unwrap();
        let mut again = Vec::new();
        rmpv::encode::write_value_ref(&mut again, &value).unwrap();
        assert_eq!(again, body, "{}", event_type.as_str());
    }
}

/// The values of an envelope in order, the body at their end, as JSON.
fn listed(bytes: &[u8]) -> Value {
    let mut values = shown::json(frame::open(bytes).unwrap()).unwrap();
    *values.as_array_mut().unwrap().last_mut().unwrap() =
        shown::json(Head::parse(bytes).unwrap().body()).unwrap();
    values
}

#[test]
fn another_program_reads_the_same() {
    let mut python = Command::new("python3");
    python.arg(fixtures().join("log/v1/decode.py")).args(EventType::ALL.iter().map(|known| file(*known)));
    python.env("PYTHONUTF8", "1");
    let Ok(output) = python.output() else {
        eprintln!("no python3 here: the golden records were not read by another program");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.lines().count(), EventType::ALL.len());
    for (event_type, line) in EventType::ALL.iter().zip(lines.lines()) {
        let theirs: Value = serde_json::from_str(line).unwrap();
        assert_eq!(theirs, listed(&golden(*event_type)), "{}", event_type.as_str());
    }
}
