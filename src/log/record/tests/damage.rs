//! What is wrong with bytes is said; nothing panics.

use guanxi_projections::event::EventType;
use proptest::prelude::*;

use super::sample::{draft, record, record_with};
use crate::log::record::pack::Writer;
use crate::log::record::{EncodedBody, Head, Reason, RecordError, decode, frame, leaf_hash};

/// A frame that is whole around any payload.
fn framed(payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    frame::begin(&mut bytes);
    bytes.extend_from_slice(payload);
    frame::end(&mut bytes, 0).unwrap();
    bytes
}

/// The record of a sample whose body is replaced.
fn with_body(event_type: EventType, write: impl Fn(&mut Writer)) -> Vec<u8> {
    let mut body = Writer::after(Vec::new());
    write(&mut body);
    let name = event_type.as_str().into();
    record_with(&draft(event_type), &EncodedBody { event_type: name, version: 1, bytes: body.into_bytes() })
}

#[track_caller]
fn body_error(bytes: &[u8], field: &str, reason: &Reason) {
    match decode(bytes) {
        Err(RecordError::Body { field: at, reason: why, .. }) => {
            assert_eq!((at.as_str(), &why), (field, reason));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_single_bit_counts() {
    for event_type in [EventType::MeetingHeld, EventType::EventCorrected] {
        let bytes = record(&draft(event_type));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&damaged).is_err(), "bit {bit}");
            assert_ne!(leaf_hash(&damaged), leaf_hash(&bytes));
        }
    }
}

#[test]
fn every_length_counts() {
    let bytes = record(&draft(EventType::OrderPlaced));
    for len in 0..bytes.len() {
        assert!(decode(&bytes[..len]).is_err(), "{len} bytes");
    }
    assert_eq!(decode(&bytes[..8]), Err(RecordError::Short(8)));
    assert!(decode(&[&bytes[..], &[0]].concat()).is_err());
    assert_eq!(decode(&vec![0; 65_536]), Err(RecordError::TooLarge(65_536)));
}

#[test]
fn the_frame_is_judged_before_its_payload() {
    let bytes = record(&draft(EventType::OrderPlaced));
    let changed = |at: usize, to: u8| {
        let mut prefix = bytes.clone();
        prefix[at] = to;
        // Made whole again, as a newer program would write it.
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&prefix[..5]);
        hasher.update(&prefix[9..]);
        prefix[5..9].copy_from_slice(&hasher.finalize().to_le_bytes());
        decode(&prefix).unwrap_err()
    };
    assert_eq!(changed(0, b'g'), RecordError::NotARecord);
    assert_eq!(changed(2, 2), RecordError::FrameVersion(2));
    assert_eq!(changed(3, 7), RecordError::Codec(7));
    assert_eq!(changed(4, 0x80), RecordError::Flags(0x80));
    let mut damaged = bytes.clone();
    damaged[5] ^= 0xff;
    assert!(matches!(decode(&damaged), Err(RecordError::Checksum { .. })));
}

#[test]
fn a_record_ends_where_its_envelope_ends() {
    let bytes = record(&draft(EventType::OrderPlaced));
    let longer = framed(&[&bytes[9..], &[0xc0]].concat());
    let error = Head::parse(&longer).unwrap_err();
    assert_eq!(error, RecordError::Envelope { field: "envelope", reason: Reason::Trailing(1) });
}

#[test]
fn a_body_names_the_field_that_is_wrong() {
    let kept = |write: &dyn Fn(&mut Writer)| with_body(EventType::CommitmentMoved, write);
    let whole = |into: &mut Writer| {
        into.map(2);
        into.text("commitment");
        into.text("W-1");
        into.text("due");
    };
    body_error(&kept(&|into| into.map(0)), "commitment", &Reason::Missing);
    let wrong_kind = kept(&|into| {
        whole(into);
        into.bool(true);
    });
    body_error(&wrong_kind, "due", &Reason::NotA("a date or an instant"));
    let error = decode(&wrong_kind).unwrap_err();
    assert_eq!(error.to_string(), "the field `due` of a `commitment.moved` of version 1 is wrong");
    let twice = kept(&|into| {
        into.map(2);
        for _ in 0..2 {
            into.text("commitment");
            into.text("W-1");
        }
    });
    body_error(&twice, "commitment", &Reason::Twice);
    let trailing = kept(&|into| {
        whole(into);
        into.int(0);
        into.nil();
    });
    body_error(&trailing, "", &Reason::Trailing(1));
}

#[test]
fn a_fault_inside_a_list_is_named_from_the_outside_inwards() {
    let bytes = with_body(EventType::PlanSet, |into| {
        into.map(2);
        into.text("plan");
        into.text("A");
        into.text("objectives");
        into.list(1);
        into.map(1);
        into.text("target");
        into.int(4);
    });
    body_error(&bytes, "objectives/0/target", &Reason::NotA("a number with a point"));
}

#[test]
fn a_positional_body_is_refused() {
    let bytes = with_body(EventType::AccountClosed, |into| {
        into.list(1);
        into.text("went out of business");
    });
    body_error(&bytes, "", &Reason::NotA("a map with named fields"));
}

#[test]
fn bombs_do_not_go_off() {
    let unknown = |payload: &[u8]| {
        let body = EncodedBody { event_type: "moon.phased".into(), version: 1, bytes: payload.to_vec() };
        record_with(&draft(EventType::NoteTaken), &body)
    };
    body_error(&unknown(&vec![0x91; 60_000]), "", &Reason::TooDeep);
    for marker in [0xdd, 0xdf, 0xc6, 0xdb, 0xc9] {
        body_error(&unknown(&[marker, 0xff, 0xff, 0xff, 0xff, 0x00]), "", &Reason::Short);
    }
    let claims_much = with_body(EventType::PlanSet, |into| {
        into.map(1);
        into.text("objectives");
        into.list(4_000_000_000);
    });
    body_error(&claims_much, "objectives", &Reason::Short);
}

#[test]
fn what_is_too_large_is_refused_and_leaves_no_trace() {
    let sample = draft(EventType::NoteTaken);
    let mut into = b"before".to_vec();
    let fill = |bytes: usize| {
        let body = EncodedBody { event_type: "note.taken".into(), version: 1, bytes: vec![0; bytes] };
        super::sample::record_with(&sample, &body).len() - bytes
    };
    let room = 65_535 - fill(60_000);
    let body = |bytes| EncodedBody { event_type: "note.taken".into(), version: 1, bytes: vec![0; bytes] };
    let mut encode = |bytes| {
        let (place, actor) = (super::sample::place(), super::sample::actor());
        crate::log::record::encode(&mut into, &place, &actor, &sample.heading, &body(bytes))
            .map(|()| into.len())
            .map_err(|error| (error, into.clone()))
    };
    assert_eq!(encode(room + 1), Err((RecordError::TooLarge(65_536), b"before".to_vec())));
    assert_eq!(encode(room), Ok(6 + 65_535));
}

#[test]
fn the_leaf_is_the_hash_of_a_zero_byte_and_the_record() {
    // Source: RFC 6962, section 2.1: the leaf hash of the empty entry.
    let expected = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    let expected: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&expected[2 * at..2 * at + 2], 16).unwrap()).collect();
    assert_eq!(leaf_hash(b"").to_vec(), expected);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
        let _ = decode(&framed(&bytes));
    }

    /// Damage that the checksum does not see, since it is computed anew: an error, or an event like any other.
    #[test]
    fn no_payload_makes_it_panic(
        which in 0..EventType::ALL.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = record(&draft(EventType::ALL[which]));
        for (place, byte) in changes {
            let place = 9 + place.index(bytes.len() - 9);
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(9 + cut.index(bytes.len() - 9));
        }
        if let Ok(recorded) = decode(&framed(&bytes[9..]))
            && let Some(event) = recorded.event()
        {
            let again = EncodedBody::of(event).unwrap();
            let again = decode(&record_with(&draft(EventType::ALL[which]), &again)).unwrap();
            // As text, for a damaged float may be NaN, which equals nothing.
            prop_assert_eq!(format!("{:?}", again.body), format!("{:?}", recorded.body));
        }
    }

    #[test]
    fn no_body_makes_it_panic(
        which in 0..EventType::ALL.len(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let event_type = EventType::ALL[which];
        let body = EncodedBody { event_type: event_type.as_str().into(), version: 1, bytes };
        let _ = decode(&record_with(&draft(event_type), &body));
        let unknown = EncodedBody { version: 2, ..body };
        let _ = decode(&record_with(&draft(event_type), &unknown));
    }
}
