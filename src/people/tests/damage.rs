use std::fs;
use std::ops::Range;

use guanxi_projections::event::Event;
use guanxi_projections::form::Sealed;

use super::super::{Access, Error, Notice, People};
use super::{Dirs, Names, alias, contact, meeting};

/// Two writes, then the mark of a clean end: the sealed events, and the file.
fn two_writes(dirs: &Dirs) -> (Vec<Event<Sealed>>, Vec<u8>) {
    let people = dirs.create();
    let mut sealed = Vec::new();
    for event in [contact(), meeting()] {
        sealed.push(people.seal(Names::new("1").place(), event).unwrap());
        people.sync().unwrap();
    }
    drop(people);
    (sealed, dirs.bytes())
}

/// The frames' places, by their length fields.
fn frames(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut frames = Vec::new();
    let mut at = 38;
    while at < bytes.len() {
        let len = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        frames.push(at..at + 40 + usize::try_from(len).unwrap());
        at += 40 + usize::try_from(len).unwrap();
    }
    frames
}

/// What is shown must be the truth or a marker.
fn assert_true_or_hidden(people: &People, sealed: &[Event<Sealed>]) {
    for (event, truth) in sealed.iter().zip([contact(), meeting()]) {
        let shown = people.show(Names::new("1").place(), event.clone()).unwrap();
        let shown = shown.serialize_payload(serde_json::value::Serializer).unwrap().to_string();
        let truth = truth.serialize_payload(serde_json::value::Serializer).unwrap().to_string();
        assert!(shown == truth || shown.contains("[erased]") || shown.contains('~'), "{shown}");
    }
}

#[test]
fn every_flipped_bit_is_an_error_or_in_the_torn_tail_cut_off() {
    let dirs = Dirs::new();
    let (sealed, whole) = two_writes(&dirs);
    let places = frames(&whole);
    // digest key | contact | li.wei, two texts | mark
    assert_eq!(places.len(), 6);
    let mark = places[5].clone();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        dirs.overwrite(&bytes);
        let opened = dirs.open(Access::Write);
        if mark.contains(&at) {
            let people = opened.unwrap();
            let torn =
                Notice::TornTail { path: dirs.store(), offset: mark.start as u64, bytes: mark.len() as u64 };
            assert_eq!(people.notices(), [torn]);
            assert_eq!(dirs.bytes(), whole[..mark.start]);
            assert_true_or_hidden(&people, &sealed);
        } else {
            let frame = places.iter().find(|place| place.contains(&at)).map_or(0, |place| place.start);
            let error = opened.unwrap_err();
            if let Error::Damaged { offset, .. } = error {
                assert_eq!(offset, frame as u64, "byte {at}");
            } else {
                assert!(matches!(error, Error::Newer { .. }) && (8..10).contains(&at), "byte {at}: {error}");
            }
            assert_eq!(dirs.bytes(), bytes, "an error must leave the file alone");
        }
    }
}

#[test]
fn without_the_mark_only_the_last_write_can_be_taken_for_torn() {
    let dirs = Dirs::new();
    let (sealed, whole) = two_writes(&dirs);
    let places = frames(&whole);
    let unmarked = &whole[..places[5].start];
    for at in 38..unmarked.len() {
        let mut bytes = unmarked.to_vec();
        bytes[at] ^= 1 << (at % 8);
        dirs.overwrite(&bytes);
        let frame = places.iter().find(|place| place.contains(&at)).unwrap();
        match dirs.open(Access::Write) {
            Ok(people) => {
                assert!(at >= places[2].start, "byte {at} was durable");
                assert_eq!(dirs.bytes(), whole[..frame.start]);
                assert_true_or_hidden(&people, &sealed);
            }
            Err(Error::Damaged { offset, .. }) => {
                assert!(at < places[2].start, "byte {at} may be torn");
                assert_eq!(offset, frame.start as u64);
            }
            Err(error) => panic!("byte {at}: {error}"),
        }
    }
}

#[test]
fn cut_at_every_length_the_whole_frames_remain() {
    let dirs = Dirs::new();
    let (sealed, whole) = two_writes(&dirs);
    let places = frames(&whole);
    for len in 0..whole.len() {
        dirs.overwrite(&whole[..len]);
        if len < places[0].end {
            assert!(matches!(dirs.open(Access::Write), Err(Error::Damaged { .. })), "{len} bytes");
            continue;
        }
        let kept = places.iter().map(|place| place.end).filter(|end| *end <= len).max().unwrap();
        let read = dirs.open(Access::Read).unwrap();
        assert_eq!(dirs.bytes().len(), len, "reading must not cut");
        let people = dirs.open(Access::Write).unwrap();
        assert_eq!(people.notices(), read.notices());
        assert_eq!(people.notices().is_empty(), kept == len, "{len} bytes");
        assert_eq!(dirs.bytes(), whole[..kept]);
        assert_true_or_hidden(&people, &sealed);
        // And it goes on from there.
        let again = people.seal(Names::new("2").place(), meeting()).unwrap();
        people.sync().unwrap();
        drop(people);
        let people = dirs.open(Access::Read).unwrap();
        assert_eq!(people.show(Names::new("2").place(), again).unwrap(), meeting());
    }
}

#[test]
fn a_last_write_that_lost_any_of_its_parts_is_cut_off() {
    let dirs = Dirs::new();
    let (_, whole) = two_writes(&dirs);
    let places = frames(&whole);
    let unmarked = &whole[..places[5].start];
    for lost in &places[2..5] {
        let mut bytes = unmarked.to_vec();
        bytes[lost.clone()].fill(0);
        dirs.overwrite(&bytes);
        drop(dirs.open(Access::Write).unwrap());
        assert_eq!(dirs.bytes()[..lost.start], whole[..lost.start]);
        assert_eq!(dirs.open(Access::Write).unwrap().notices(), []);
    }
}

#[test]
fn frames_swapped_repeated_or_taken_out_are_noticed() {
    let dirs = Dirs::new();
    let (_, whole) = two_writes(&dirs);
    let places = frames(&whole);
    let rebuilt = |order: &[usize]| {
        let parts = order.iter().map(|frame| &whole[places[*frame].clone()]);
        std::iter::once(&whole[..38]).chain(parts).collect::<Vec<_>>().concat()
    };
    let orders: [&[usize]; 7] = [
        &[1, 0, 2, 3, 4, 5],
        &[0, 2, 1, 3, 4, 5],
        &[0, 1, 2, 4, 3, 5],
        &[0, 2, 3, 4, 5],
        &[0, 1, 2, 4, 5],
        &[0, 1, 1, 2, 3, 4, 5],
        &[1, 2, 3, 4, 5],
    ];
    for order in orders {
        dirs.overwrite(&rebuilt(order));
        assert!(matches!(dirs.open(Access::Write), Err(Error::Damaged { .. })), "{order:?}");
    }
}

#[test]
fn a_changed_frame_with_a_right_checksum_is_damage_even_at_the_end() {
    let dirs = Dirs::new();
    let (_, whole) = two_writes(&dirs);
    let last = frames(&whole)[5].clone();
    for at in last.start + 8..last.end {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x80;
        let crc = crc32fast::hash(&[&bytes[last.start..last.start + 4], &bytes[last.start + 8..]].concat());
        bytes[last.start + 4..last.start + 8].copy_from_slice(&crc.to_le_bytes());
        dirs.overwrite(&bytes);
        let Err(Error::Damaged { offset, .. }) = dirs.open(Access::Write) else { panic!("byte {at}") };
        assert_eq!(offset, last.start as u64);
    }
}

#[test]
fn a_frame_of_another_store_with_the_same_key_does_not_open() {
    let (dirs, other) = (Dirs::new(), Dirs::new());
    two_writes(&dirs);
    let mut bytes = dirs.bytes();
    // Another store id, with a right checksum.
    bytes[20] ^= 1;
    let crc = crc32fast::hash(&bytes[..34]);
    bytes[34..38].copy_from_slice(&crc.to_le_bytes());
    other.overwrite(&bytes);
    let error = People::open(&other.ledger, &dirs.keys, Access::Write).unwrap_err();
    assert!(matches!(error, Error::Damaged { offset: 38, .. }));
}

#[test]
fn a_newer_format_is_refused() {
    let dirs = Dirs::new();
    let (_, mut bytes) = two_writes(&dirs);
    bytes[8] = 2;
    dirs.overwrite(&bytes);
    for access in [Access::Write, Access::Read, Access::Keyless] {
        assert!(matches!(dirs.open(access), Err(Error::Newer { version: 2, .. })));
    }
}

#[test]
fn what_was_not_synced_is_not_there_after_the_end() {
    let dirs = Dirs::new();
    let people = dirs.create();
    people.seal(Names::new("1").place(), contact()).unwrap();
    drop(people);
    let people = dirs.open(Access::Write).unwrap();
    assert_eq!(people.person(&alias("acme-cto")), None);
    assert_eq!(people.notices(), []);
}

#[test]
fn opening_and_closing_adds_one_mark_at_most() {
    let dirs = Dirs::new();
    let (_, whole) = two_writes(&dirs);
    for _ in 0..3 {
        drop(dirs.open(Access::Write).unwrap());
    }
    assert_eq!(dirs.bytes(), whole);
    fs::write(dirs.store(), &whole[..frames(&whole)[5].start]).unwrap();
    drop(dirs.open(Access::Write).unwrap());
    assert_eq!(frames(&dirs.bytes()).len(), 6);
}
