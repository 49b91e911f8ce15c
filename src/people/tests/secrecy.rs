use std::fs;

use super::super::People;
use super::{Dirs, Names, contact, meeting};

/// The text as files may hold it: UTF-8, and UTF-16 in both byte orders.
fn encodings(text: &str) -> [Vec<u8>; 3] {
    let units: Vec<u16> = text.encode_utf16().collect();
    [
        text.as_bytes().to_vec(),
        units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
    ]
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn nothing_personal_and_no_key_is_in_the_ledger_directory_or_in_a_sealed_event() {
    let dirs = Dirs::new();
    let people = People::create(&dirs.ledger, &dirs.keys).unwrap();
    let sealed = [contact(), meeting()].map(|event| people.seal(Names::new("1").place(), event).unwrap());
    people.sync().unwrap();
    let keys: Vec<_> = people.keys.as_ref().unwrap().ring().keys().map(|key| key.bytes().to_vec()).collect();
    assert_eq!(keys.len(), 2 + 2 + 1);
    let debug = format!("{sealed:?} {people:?}");
    drop(people);
    let texts = ["acme-cto", "li.wei", "Marguerite", "Öztürk", "m.o@acme", "pilot", "试点", "tired"];
    for file in fs::read_dir(&dirs.ledger).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let parts = texts.iter().flat_map(|text| encodings(text)).chain(keys.iter().cloned());
        for part in parts {
            assert!(!contains(&bytes, &part), "{part:?}");
        }
    }
    for text in &texts[2..] {
        assert!(!debug.contains(text), "{text}");
    }
}
