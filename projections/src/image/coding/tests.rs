//! The form is read back as it was written, and from other bytes comes nothing but `None` or a sound image.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{ENCODING, Reader, write_number, write_signed};
use crate::event::EventType;
use crate::image::Image;
use crate::image::coding::{Coded, FIRST};
use crate::money::Money;
use crate::story::{Story, at, person};
use crate::time::{Timestamp, When};

/// One event of every type that an account can have, most with every field, and all kinds of revisions.
fn everything() -> Image {
    let mut story = Story::default();
    for (place, (event_type, data)) in (0_i32..).zip(samples()) {
        story.tell(at("2026-03-01").plus_days(f64::from(place % 7)), event_type, data);
    }
    story.met(at("2026-02-01"), "call");
    let target = |place: u64| json!({ "position": place });
    let order = json!({ "type": "order.placed", "data": { "order": "o9", "amount": { "amount": "1.50", "currency": "EUR" } } });
    let orders =
        samples().iter().position(|(event_type, _)| *event_type == EventType::OrderPlaced).unwrap() as u64;
    story
        .tell(
            at("2026-05-01"),
            EventType::EventCorrected,
            json!({ "target": target(orders), "reason": "r", "data": order }),
        )
        .tell(
            at("2026-05-02"),
            EventType::EventCorrected,
            json!({ "target": target(3), "reason": "r", "time": "2026-01-05T10:00:00Z" }),
        )
        .tell(at("2026-05-03"), EventType::EventRetracted, json!({ "target": target(5), "reason": "r" }));
    story.image()
}

#[rustfmt::skip]
fn samples() -> Vec<(EventType, Value)> {
    let (ours, theirs) = (person(1).to_string(), person(2).to_string());
    let money = json!({ "amount": "12500.00", "currency": "CNY" });
    let sealed = "AAAA";
    let meeting = json!({ "channel": "visit", "ours": [ours], "customer": [theirs, person(3).to_string()],
        "third_party": [person(4).to_string()], "minutes": 60, "topic": sealed, "scene": "bidding", "line": "support",
        "task": "incubate", "note": sealed });
    let described = json!({ "name": "关系 Works", "industry": "steel", "region": "华东", "segment": "a", "size": "50-99",
        "parent": "holding", "traits": { "grade": "A", "type": "group" }, "criteria": { "price": 0.4, "service": 0.6 } });
    [
        ("account.opened", described.clone()), ("account.updated", described),
        ("account.merged", json!({ "into": "other" })), ("account.closed", json!({ "reason": "r" })),
        ("account.reopened", json!({ "reason": "r" })),
        ("contact.added", json!({ "contact": theirs, "name": sealed, "side": "third_party", "role": "champion" })),
        ("contact.changed", json!({ "contact": theirs, "role": "user", "side": "customer" })),
        ("contact.left", json!({ "contact": theirs })),
        ("team.assigned", json!({ "person": ours, "role": "sponsor" })),
        ("team.released", json!({ "person": ours, "role": "owner" })),
        ("meeting.held", meeting.clone()), ("meeting.planned", meeting),
        ("need.stated", json!({ "need": "n", "text": sealed })), ("project.opened", json!({ "project": "p" })),
        ("project.closed", json!({ "project": "p", "outcome": "partial" })),
        ("opportunity.opened", json!({ "opportunity": "c", "amount": money, "expected_close": "2026-09-01", "project": "p" })),
        ("opportunity.dropped", json!({ "opportunity": "c", "reason": "r" })),
        ("bid.submitted", json!({ "bid": "b", "opportunity": "c", "amount": money, "project": "p" })),
        ("bid.won", json!({ "bid": "b", "amount": money })), ("bid.lost", json!({ "bid": "b" })),
        ("contract.signed", json!({ "contract": "k", "amount": money, "starts": "2026-01-01", "bid": "b",
            "expires": "2027-01-01T00:00:00.000001Z" })),
        ("order.placed", json!({ "order": "o", "amount": money, "bid": "b", "contract": "k", "project": "p" })),
        ("order.returned", json!({ "order": "o", "amount": { "amount": "999999999999999.99999999", "currency": "USD" } })),
        ("invoice.issued", json!({ "invoice": "i", "amount": money, "due": "2026-04-01", "order": "o" })),
        ("payment.received", json!({ "invoice": "i", "amount": { "amount": "0", "currency": "CNY" }, "due": "2026-04-01" })),
        ("delivery.completed", json!({ "delivery": "d", "order": "o", "due": "2026-04-01", "outcome": "defects", "project": "p" })),
        ("concession.granted", json!({ "concession": "x", "by": "us", "form": "terms", "cost": money, "reason": "r", "bid": "b" })),
        ("hospitality.given", json!({ "value": money, "persons": [theirs], "approval": "board" })),
        ("commitment.made", json!({ "commitment": "v", "by": "customer", "due": "2026-04-01", "critical": true, "text": sealed })),
        ("commitment.moved", json!({ "commitment": "v", "due": "2026-05-01T08:00:00Z" })),
        ("commitment.kept", json!({ "commitment": "v" })), ("commitment.broken", json!({ "commitment": "v" })),
        ("benefit.confirmed", json!({ "value": money, "contact": theirs })),
        ("feedback.given", json!({ "csat": 5, "nps": 10, "contact": theirs })),
        ("favour.received", json!({ "form": "market_information" })),
        ("issue.raised", json!({ "issue": "s", "severity": "critical", "due": "2026-04-01", "project": "p" })),
        ("issue.resolved", json!({ "issue": "s" })), ("issue.reopened", json!({ "issue": "s" })),
        ("reference.given", json!({ "form": "industry_leader", "led_to": "friend" })),
        ("effort.spent", json!({ "person": ours, "hours": 7.25, "cost": money })),
        ("plan.set", json!({ "plan": "a", "budget": money, "horizon": "2026-12-31", "objectives": [
            { "objective": "share", "measure": "share of wallet", "target": 0.35, "due": "2026-12-31" }] })),
        ("plan.progressed", json!({ "objective": "share", "value": -0.25 })),
        ("assessment.made", json!({ "dimension": "winnability", "value": 0.125, "wallet": money, "reason": sealed })),
        ("strength.rated", json!({ "criterion": "price", "value": 1.0 })),
        ("account.evaluated", json!({ "findings": sealed, "adjustments": [{ "text": "meet", "owner": ours, "due": "2026-06-01" }] })),
        ("note.taken", json!({ "text": sealed })),
    ]
    .map(|(name, data)| (EventType::named(name).unwrap(), data))
    .into()
}

fn encoded(image: &Image) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.encode(&mut bytes);
    bytes
}

#[track_caller]
fn assert_same(image: &Image, other: &Image) {
    for known_at in [0, 1, 20, 40, 46, 47, 48, 200] {
        let known_at = Timestamp::MIN.plus_micros(known_at);
        for as_of in [at("2026-03-04"), Timestamp::MAX] {
            assert_eq!(image.effective(as_of, known_at), other.effective(as_of, known_at));
        }
    }
}

#[test]
fn every_type_of_event_is_among_the_samples() {
    let told: Vec<_> = samples().iter().map(|(event_type, _)| *event_type).collect();
    let missing = EventType::ALL.iter().filter(|kind| !kind.is_own() && !kind.is_revision());
    assert_eq!(missing.filter(|kind| !told.contains(kind)).collect::<Vec<_>>(), Vec::<&EventType>::new());
}

#[test]
fn an_image_is_read_back_as_it_was_written() {
    let image = everything();
    let bytes = encoded(&image);
    let mut rest = bytes.as_slice();
    let read = Image::decode(&mut rest).unwrap();
    assert!(rest.is_empty());
    assert_same(&image, &read);
    assert_eq!(encoded(&read), bytes);
}

#[test]
fn an_image_that_was_read_grows_like_the_one_that_was_written() {
    let mut story = Story::default();
    story.opened(at("2026-01-01")).order(at("2026-02-01"), "o1", "100").met(at("2026-01-15"), "visit");
    let mut read = Image::decode(&mut encoded(&story.image()).as_slice()).unwrap();
    story.order(at("2026-03-01"), "o1", "5").order(at("2026-01-20"), "o2", "7");
    for recorded in story.recorded().iter().skip(3) {
        read.admit(recorded, |_, _| None).unwrap();
    }
    assert_same(&story.image(), &read);
    assert_eq!(encoded(&read), encoded(&story.image()));
}

/// When this fails, the compact form or what is read of an event has changed: raise [`ENCODING`] with the digest.
#[test]
fn the_form_is_that_of_its_number() {
    let digest = Sha256::digest(encoded(&everything()));
    let digest = digest.iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!((ENCODING, digest.as_str()), (1, "66a3e3023ed142a7"));
}

#[test]
fn bytes_cut_short_are_no_image() {
    let bytes = encoded(&everything());
    for len in 0..bytes.len() {
        assert!(Image::decode(&mut &bytes[..len]).is_none(), "{len}");
    }
}

#[test]
fn flipped_bits_give_no_image_or_one_that_can_be_read() {
    let bytes = encoded(&everything());
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            if let Some(image) = Image::decode(&mut flipped.as_slice()) {
                image.visit(Timestamp::MAX, Timestamp::MAX, |_| ());
                let mut again = image.clone();
                let mut story = Story::default();
                story.order(at("2027-01-01"), "new", "1");
                let _ = again.admit(&story.recorded()[0], |_, _| None);
            }
        }
    }
}

#[test]
fn numbers_are_read_back_at_their_ends() {
    for number in [0, 1, 127, 128, 16_383, 16_384, u64::MAX - 1, u64::MAX] {
        let mut bytes = Vec::new();
        write_number(number, &mut bytes);
        assert_eq!(reader(&bytes).number(), Some(number));
    }
    for number in [0, -1, 1, 63, -64, 64, i64::MAX, i64::MIN] {
        let mut bytes = Vec::new();
        write_signed(number, &mut bytes);
        assert_eq!(reader(&bytes).signed(), Some(number));
    }
    assert_eq!(reader(&[0xff; 9]).number(), None, "cut short");
    assert_eq!(reader(&[0xff; 11]).number(), None, "more than 64 bits");
}

#[test]
fn amounts_and_dates_keep_how_they_were_written() {
    for text in
        ["0 CNY", "0.00 CNY", "12500.00 CNY", "999999999999999.99999999 USD", "9223372036854.775808 JPY"]
    {
        let money: Money = text.parse().unwrap();
        let mut bytes = Vec::new();
        money.write(&mut bytes);
        assert_eq!(Money::read(&mut reader(&bytes)).unwrap().to_string(), text);
    }
    for text in ["0000-01-01", "9999-12-31", "2026-03-02T09:00:00.000001Z"] {
        let when: When = text.parse().unwrap();
        let mut bytes = Vec::new();
        when.write(&mut bytes);
        assert_eq!(When::read(&mut reader(&bytes)), Some(when));
    }
}

fn reader(bytes: &[u8]) -> Reader<'_> {
    Reader { bytes, named: [0; 16], before: FIRST }
}
