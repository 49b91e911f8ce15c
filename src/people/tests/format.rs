//! The released format 1: fixtures made once, never again.

use std::fs;
use std::path::PathBuf;

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::{Clear, Sealed};
use serde_json::{Value, json};

use super::super::{Access, People};
use super::{Dirs, Names, contact, event, meeting};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/people/v1")).join(name)
}

fn events() -> [Event<Clear>; 3] {
    let data = json!({"contact": "acme-cto", "title": "CEO"});
    let data = json!({"target": {"source": "crm/emea", "id": "1"}, "reason": "promoted", "data": data});
    [contact(), meeting(), event(EventType::EventCorrected, data)]
}

fn seal(people: &People) -> Vec<Event<Sealed>> {
    let seal = |(number, event): (usize, Event<Clear>)| {
        let names = Names::new(&format!("{number}"));
        people.seal_correction(names.place(), event, EventType::ContactChanged).unwrap()
    };
    let sealed = events().into_iter().enumerate().map(seal).collect();
    people.sync().unwrap();
    sealed
}

fn sealed_fixture() -> Value {
    serde_json::from_slice(&fs::read(fixture("sealed.json")).unwrap()).unwrap()
}

#[test]
fn format_1_is_still_written() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let sealed = json!({"digest_of_abc": people.digest(b"abc").unwrap(), "events": seal(&people)});
    drop(people);
    assert_eq!(dirs.bytes(), fs::read(fixture("people")).unwrap());
    assert_eq!(fs::read(dirs.keys.join("wrap.key")).unwrap(), fs::read(fixture("keys/wrap.key")).unwrap());
    assert_eq!(sealed, sealed_fixture());
}

#[test]
fn format_1_is_still_read() {
    let dirs = Dirs::new();
    fs::copy(fixture("people"), dirs.store()).unwrap();
    let people = People::open(&dirs.ledger, &fixture("keys"), Access::Read).unwrap();
    let stored = sealed_fixture();
    assert_eq!(json!(people.digest(b"abc").unwrap()), stored["digest_of_abc"]);
    let sealed: Vec<Event<Sealed>> = serde_json::from_value(stored["events"].clone()).unwrap();
    let show = |(number, event)| people.show(Names::new(&format!("{number}")).place(), event).unwrap();
    let shown: Vec<_> = sealed.into_iter().enumerate().map(show).collect();
    let Event::EventCorrected(correction) = &shown[2] else { panic!() };
    assert_eq!(correction.data.as_ref().unwrap()["title"], "CEO");
    assert_eq!(shown[..2], events()[..2]);
}
