use std::collections::BTreeSet;

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::{Clear, Sealed};
use guanxi_projections::id::{AccountId, PersonId};
use guanxi_projections::text::SealedText;
use serde_json::{Value, json};

use super::super::{Access, ERASED, Error, People, Place, SEALED};
use super::{Dirs, Names, alias, contact, event, meeting};

fn data(event: &Event<Clear>) -> Value {
    event.serialize_payload(serde_json::value::Serializer).unwrap()
}

fn correction(data: &Value) -> Event<Clear> {
    let data = json!({"target": {"position": 3}, "reason": "typo", "time": null, "data": data});
    event(EventType::EventCorrected, data)
}

#[test]
fn what_was_sealed_is_shown_again_also_after_reopening() {
    let dirs = Dirs::new();
    let names = Names::new("1");
    let people = dirs.create();
    let sealed = [contact(), meeting()].map(|event| people.seal(names.place(), event).unwrap());
    people.sync().unwrap();
    let shown = sealed.clone().map(|event| people.show(names.place(), event).unwrap());
    assert_eq!(shown, [contact(), meeting()]);
    drop(people);
    for access in [Access::Read, Access::Write] {
        let people = dirs.open(access).unwrap();
        assert_eq!(people.notices(), []);
        let shown = sealed.clone().map(|event| people.show(names.place(), event).unwrap());
        assert_eq!(shown, [contact(), meeting()]);
        assert_eq!(people.alias(people.person(&alias("li.wei")).unwrap()), alias("li.wei"));
    }
}

#[test]
fn an_alias_is_one_person_in_every_event() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let seal = |id: &str, event| people.seal(Names::new(id).place(), event).unwrap();
    let (first, second) = (seal("1", contact()), seal("2", meeting()));
    assert_eq!(first.persons()[0], second.persons()[1]);
    assert_ne!(second.persons()[0], second.persons()[1]);
    assert_eq!(people.person(&alias("nobody")), None);
}

#[test]
fn every_note_has_a_key_of_its_own_and_every_particular_that_of_its_person() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let Event::MeetingHeld(met) = people.seal(Names::new("1").place(), meeting()).unwrap() else { panic!() };
    let Event::ContactAdded(added) = people.seal(Names::new("2").place(), contact()).unwrap() else {
        panic!()
    };
    let key_id = |text: &SealedText| text.bytes()[1..17].to_vec();
    let person = added.contact.0.0.to_vec();
    let (topic, note) = (key_id(&met.topic.unwrap().0), key_id(&met.note.unwrap().0));
    assert_eq!(BTreeSet::from([topic, note, person.clone()]).len(), 3);
    assert_eq!([key_id(&added.name.0), key_id(&added.title.unwrap().0)], [person.clone(), person]);
}

#[test]
fn without_keys_everything_shows_as_pseudonym_or_marker() {
    let dirs = Dirs::new();
    let names = Names::new("1");
    let people = dirs.create();
    let sealed = people.seal(names.place(), contact()).unwrap();
    let person = people.person(&alias("acme-cto")).unwrap();
    people.sync().unwrap();
    drop(people);
    std::fs::remove_dir_all(&dirs.keys).unwrap();
    let people = dirs.open(Access::Keyless).unwrap();
    assert!(people.is_keyless());
    let shown = data(&people.show(names.place(), sealed).unwrap());
    assert_eq!(shown["contact"], person.to_string());
    assert_eq!([&shown["name"], &shown["email"]], [SEALED, SEALED]);
    assert!(matches!(people.seal(names.place(), contact()), Err(Error::CannotSeal { .. })));
    assert!(matches!(people.digest(b"x"), Err(Error::CannotSeal { .. })));
    assert!(matches!(people.sync(), Err(Error::CannotSeal { .. })));
}

#[test]
fn a_store_open_for_reading_seals_nothing() {
    let dirs = Dirs::new();
    let writer = dirs.create();
    writer.seal(Names::new("1").place(), contact()).unwrap();
    writer.sync().unwrap();
    let people = dirs.open(Access::Read).unwrap();
    assert!(matches!(people.seal(Names::new("2").place(), contact()), Err(Error::CannotSeal { .. })));
    assert_eq!(people.digest(b"x").unwrap(), writer.digest(b"x").unwrap());
}

#[test]
fn a_key_that_is_gone_shows_as_erased_and_its_person_as_pseudonym() {
    let (dirs, other) = (Dirs::new(), Dirs::new());
    let names = Names::new("1");
    let sealed = dirs.create().seal(names.place(), contact()).unwrap();
    let people = People::create(&other.ledger, &other.keys).unwrap();
    let shown = people.show(names.place(), sealed.clone()).unwrap();
    assert_eq!(data(&shown)["name"], ERASED);
    assert_eq!(shown.persons()[0].as_str(), sealed.persons()[0].to_string());
}

#[test]
fn a_pseudonym_given_back_is_the_same_person() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let names = Names::new("1");
    people.seal(names.place(), contact()).unwrap();
    let (known, unknown) = (people.person(&alias("acme-cto")).unwrap(), PersonId([9; 16]));
    for person in [known, unknown] {
        let left = event(EventType::ContactLeft, json!({"contact": person.to_string()}));
        assert_eq!(people.seal(names.place(), left).unwrap().persons(), [&person]);
    }
    let promoted =
        |contact: String| event(EventType::ContactChanged, json!({"contact": contact, "title": "CEO"}));
    people.seal(names.place(), promoted(known.to_string())).unwrap();
    let error = people.seal(names.place(), promoted(unknown.to_string())).unwrap_err();
    assert!(matches!(error, Error::PersonUnknown { field, person } if field == "title" && person == unknown));
    // An alias that only resembles a pseudonym is an alias.
    let left = event(EventType::ContactLeft, json!({"contact": "~tilde"}));
    let sealed = people.seal(names.place(), left.clone()).unwrap();
    assert_eq!(people.show(names.place(), sealed).unwrap(), left);
}

#[test]
fn a_text_opens_in_its_own_place_only() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let names = Names::new("1");
    let sealed = people.seal(names.place(), contact()).unwrap();
    let elsewhere = AccountId::new("acme2").unwrap();
    let moved = [
        Place { account: &elsewhere, ..names.place() },
        Place { id: &Names::new("2").id, ..names.place() },
        Place { source: &"crm".to_owned().try_into().unwrap(), ..names.place() },
    ];
    for place in moved {
        assert!(matches!(people.show(place, sealed.clone()), Err(Error::TextDamaged { .. })));
    }
    let Event::ContactAdded(mut swapped) = sealed else { panic!() };
    swapped.title = swapped.email.take();
    let error = people.show(names.place(), Event::ContactAdded(swapped)).unwrap_err();
    assert!(matches!(error, Error::TextDamaged { field, .. } if field == "title"));
}

#[test]
fn every_flipped_bit_and_every_cut_of_a_text_is_noticed() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let names = Names::new("1");
    let note = event(EventType::NoteTaken, json!({"text": "short"}));
    let Event::NoteTaken(sealed) = people.seal(names.place(), note).unwrap() else { panic!() };
    let show = |bytes: Vec<u8>| {
        let mut taken = sealed.clone();
        taken.text.0 = SealedText::new(bytes);
        people.show(names.place(), Event::NoteTaken(taken)).map(|event| data(&event)["text"].clone())
    };
    let whole = sealed.text.0.bytes();
    for bit in 0..8 * whole.len() {
        let mut bytes = whole.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        match show(bytes) {
            Err(Error::TextDamaged { .. }) => {}
            // Another key id names a key that there is not.
            Ok(shown) => assert!((8..136).contains(&bit) && shown == ERASED, "bit {bit}: {shown}"),
            Err(error) => panic!("bit {bit}: {error}"),
        }
    }
    for len in 0..whole.len() {
        assert!(matches!(show(whole[..len].to_vec()), Err(Error::TextDamaged { .. })), "{len} bytes");
    }
}

#[test]
fn a_corrections_data_are_sealed_as_its_targets_type() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let names = Names::new("1");
    let clear = correction(&data(&meeting()));
    let sealed = people.seal_correction(names.place(), clear.clone(), EventType::MeetingHeld).unwrap();
    assert_eq!(people.show(names.place(), sealed.clone()).unwrap(), clear);
    let Event::EventCorrected(sealed) = sealed else { panic!() };
    let replacement: Event<Sealed> = *sealed.data.unwrap();
    assert_eq!(people.show_replacement(names.place(), replacement.clone()).unwrap(), meeting());
    let as_own = people.show(names.place(), replacement).unwrap_err();
    assert!(matches!(as_own, Error::TextDamaged { field, .. } if field == "topic" || field == "note"));
}

#[test]
fn a_correction_with_wrong_data_says_where() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let names = Names::new("1");
    let says = |given: Value, target| match people.seal_correction(names.place(), correction(&given), target)
    {
        Err(Error::Replacement { field, says }) => format!("{field}: {says}"),
        other => panic!("{other:?}"),
    };
    let bad = json!({"channel": "visit", "ours": ["li.wei", " x"], "customer": []});
    assert!(says(bad, EventType::MeetingHeld).starts_with("data.ours[1]: "));
    assert!(says(json!(["acme-cto"]), EventType::ContactLeft).starts_with("data: it is not an object"));
    assert!(says(json!({}), EventType::ContactLeft).contains("missing field `contact`"));
    let nested = data(&correction(&json!({})));
    assert!(says(nested, EventType::EventCorrected).contains("not known"));
    let untyped = people.seal(names.place(), correction(&data(&meeting()))).unwrap_err();
    assert!(matches!(untyped, Error::Replacement { field, .. } if field == "data"));
    let time = json!({"target": {"position": 3}, "reason": "late", "time": "2026-03-02T09:00:00Z"});
    people.seal(names.place(), event(EventType::EventCorrected, time)).unwrap();
}

#[test]
fn digests_are_the_same_for_ever_and_differ_by_store_and_by_part() {
    let (dirs, other) = (Dirs::new(), Dirs::new());
    let people = dirs.create();
    let (plain, parts) = (people.digest(b"abc").unwrap(), people.digest_parts(&[b"ab", b"c"]).unwrap());
    assert_ne!(people.digest(b"abd").unwrap(), plain);
    assert_ne!(people.digest_parts(&[b"a", b"bc"]).unwrap(), parts);
    drop(people);
    let people = dirs.open(Access::Read).unwrap();
    assert_eq!(people.digest(b"abc").unwrap(), plain);
    assert_eq!(people.digest_parts(&[b"ab", b"c"]).unwrap(), parts);
    let other = People::create(&other.ledger, &other.keys).unwrap();
    assert_ne!(other.digest(b"abc").unwrap(), plain);
}
