//! Old programs and new ones: what is unknown is kept, and old shapes become today's events.

use guanxi_projections::envelope::{Body, Recorded};
use guanxi_projections::event::bid::BidWon;
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::id::BidId;
use guanxi_projections::money::Money;
use guanxi_projections::text::Label;
use serde_json::json;

use super::sample::{draft, record_with};
use crate::log::record::pack::{Reader, Writer};
use crate::log::record::v1::shape::{frozen, whole};
use crate::log::record::{EncodedBody, Head, RecordError, decode, decode_by, upcast};

fn body(name: &'static str, version: u16, write: impl Fn(&mut Writer)) -> EncodedBody {
    let mut into = Writer::after(Vec::new());
    write(&mut into);
    EncodedBody { event_type: name.into(), version, bytes: into.into_bytes() }
}

fn later_bid(version: u16) -> Vec<u8> {
    let later = body("bid.won", version, |into| {
        into.map(3);
        into.text("bid");
        into.text("B-1");
        into.text("price");
        into.text("12500.00 CNY");
        into.text("margin");
        into.bytes(&[1, 2, 3]);
    });
    record_with(&draft(EventType::BidWon), &later)
}

#[test]
fn a_newer_version_is_kept_and_shown() {
    let Body::Unknown { event_type, version, data } = decode(&later_bid(2)).unwrap().body else {
        panic!("version 2 is not known here")
    };
    assert_eq!((event_type.as_str(), version), ("bid.won", 2));
    assert_eq!(data, json!({"bid": "B-1", "price": "12500.00 CNY", "margin": "AQID"}));
}

#[test]
fn an_unknown_type_is_kept_and_shown() {
    let unknown = body("moon.phased", 1, |into| {
        into.map(3);
        into.text("phase");
        into.float(0.5);
        into.int(-7);
        into.uint(u64::MAX);
        into.text("seen");
        into.list(2);
        into.nil();
        into.bool(true);
    });
    let recorded = decode(&record_with(&draft(EventType::NoteTaken), &unknown)).unwrap();
    assert_eq!(recorded.type_name(), "moon.phased");
    assert_eq!(recorded.event_type(), None);
    let Body::Unknown { data, .. } = recorded.body else { panic!("unknown") };
    assert_eq!(data, json!({"phase": 0.5, "-7": u64::MAX, "seen": [null, true]}));
}

#[test]
fn a_field_of_a_newer_writer_is_passed_over() {
    let newer = body("commitment.kept", 1, |into| {
        into.map(3);
        into.text("mood");
        into.list(1);
        into.map(1);
        into.text("deep");
        into.nil();
        into.text("commitment");
        into.text("W-1");
        into.text("note");
        into.nil();
    });
    let recorded = decode(&record_with(&draft(EventType::CommitmentKept), &newer)).unwrap();
    let Some(Event::CommitmentKept(kept)) = recorded.event() else { panic!("{recorded:?}") };
    // `scene`, `line` and `task`, which an older writer may not have known, are absent.
    assert_eq!((kept.commitment.as_str(), kept.scene, kept.note.clone()), ("W-1", None, None));
}

#[test]
fn a_correction_with_newer_data_is_kept_whole() {
    let correction = |data_type: &'static str, version: u64| {
        let newer = body("event.corrected", 1, |into| {
            into.map(5);
            into.text("target_position");
            into.uint(3);
            into.text("reason");
            into.text("typo");
            into.text("data_type");
            into.text(data_type);
            into.text("data_version");
            into.uint(version);
            into.text("data");
            into.bytes(&[0x80]);
        });
        decode(&record_with(&draft(EventType::EventCorrected), &newer))
    };
    for (data_type, version) in [("bid.won", 2), ("moon.phased", 1), ("event.corrected", 1)] {
        assert!(matches!(correction(data_type, version).unwrap().body, Body::Unknown { .. }), "{data_type}");
    }
    let wrong = correction("bid.won", 1).unwrap_err();
    assert!(matches!(&wrong, RecordError::Body { field, .. } if field == "data/bid"), "{wrong:?}");
}

#[test]
fn a_correction_of_a_revision_is_not_encoded() {
    let sealed = super::sample::seal(draft(EventType::EventCorrected).event);
    let Event::EventCorrected(mut outer) = sealed.clone() else { panic!("a correction") };
    outer.data = Some(Box::new(sealed));
    let error = EncodedBody::of(&Event::EventCorrected(outer)).unwrap_err();
    assert_eq!(error, RecordError::RevisionCorrected("event.corrected"));
}

mod v2 {
    use super::{BidId, Label, Money, frozen};

    /// What a later payload might look like: `amount` was renamed, `margin` came in.
    #[derive(Debug)]
    pub(in crate::log::record) struct Later {
        pub(in crate::log::record) bid: BidId,
        pub(in crate::log::record) price: Option<Money>,
        pub(in crate::log::record) margin: Option<Label>,
        pub(in crate::log::record) public: bool,
    }

    frozen! {
        /// `bid.won`, version 2, which this test makes up; `public` came after it.
        plain BidWon of Later {
            bid: BidId,
            price: Option<Money>,
            margin: Option<Label>,
        } => { public: true }
    }
}

/// Reads the made-up version 2 as today's event.
fn upcast_bid(from: Reader<'_>) -> Result<Event<Sealed>, crate::log::record::pack::Fault> {
    whole::<v2::BidWon>(from, |later| {
        let v2::Later { bid, price, margin, public } = later;
        let reason = margin.filter(|_| public);
        Event::BidWon(BidWon { bid, amount: price, reason, scene: None, line: None, task: None, note: None })
    })
}

fn with_version_2(event_type: EventType, version: u16) -> Option<upcast::Shape> {
    match (event_type, version) {
        (EventType::BidWon, 2) => Some(upcast_bid),
        _ => upcast::shape(event_type, version),
    }
}

fn decode_with_version_2(frame: &[u8]) -> Result<Recorded, RecordError> {
    decode_by(&Head::parse(frame)?, with_version_2)
}

#[test]
fn the_seam_takes_another_version() {
    let later = body("bid.won", 2, |into| {
        into.map(3);
        into.text("bid");
        into.text("B-1");
        into.text("price");
        into.text("12500.00 CNY");
        into.text("margin");
        into.text("thin");
    });
    let bytes = record_with(&draft(EventType::BidWon), &later);
    let recorded = decode_with_version_2(&bytes).unwrap();
    let Some(Event::BidWon(won)) = recorded.event() else { panic!("{recorded:?}") };
    assert_eq!(won.amount.map(|money| money.to_string()).as_deref(), Some("12500.00 CNY"));
    assert_eq!(won.reason.as_ref().map(Label::as_str), Some("thin"));
    // Version 1 reads on as before, and version 3 is still unknown.
    let old = super::sample::record(&draft(EventType::BidWon));
    assert_eq!(decode_with_version_2(&old), decode(&old));
    assert!(matches!(decode_with_version_2(&later_bid(3)).unwrap().body, Body::Unknown { .. }));
}
