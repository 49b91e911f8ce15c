//! The cache changes no answer: whether it is there, stale, damaged, another ledger's or of another history.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::{Stage, april, asked, assigned, correct, event, opened, order, placed, retract};
use crate::ledger::Revising;
use crate::ledger::{Access, Asked, Follower, Ledger, Submission, Unit};
use guanxi_projections::id::{AccountId, Actor};

/// A ledger with two accounts, in which something was told late, corrected and taken back.
fn told() -> Stage {
    let stage = Stage::new();
    for account in ["acme", "关系"] {
        let id = |name: &str| format!("{account}-{name}");
        stage.tell(opened(&id("opened"), account));
        stage.tell(assigned(&id("owner"), account, "li.wei"));
        let wrong = stage.tell(april(&id("april"), account)).position;
        stage.tell(order(&id("may"), account, "2026-05-03T10:00:00Z"));
        let twice = stage.tell(order(&id("twice"), account, "2026-05-03T10:00:00Z")).position;
        stage.tell(order(&id("late"), account, "2026-01-20T10:00:00Z"));
        stage.tell(correct(&id("corrected"), account, &placed(wrong)));
        stage.tell(retract(&id("retracted"), account, &placed(twice)));
        let met = json!({ "channel": "visit", "ours": ["li.wei"], "customer": ["cto"], "topic": "scope" });
        stage.tell(event(&id("met"), account, "meeting.held", "2026-05-20T10:00:00Z", &met));
    }
    stage
}

fn path(stage: &Stage) -> PathBuf {
    stage.root.path().join("ledger/cache/image")
}

fn written(stage: &Stage) -> Vec<u8> {
    let ledger = stage.ledger();
    ledger.image.cache().store(&ledger.image.current(&ledger.log).unwrap()).unwrap();
    fs::read(path(stage)).unwrap()
}

fn is_used(ledger: &Ledger) -> bool {
    ledger.image.cache().load().is_some()
}

/// What both accounts and the portfolio are at several coordinates, as known at several.
fn answers(ledger: &Ledger) -> Vec<String> {
    let mut answers = Vec::new();
    for as_of in ["2026-02-01", "2026-05-03", "2026-06-30"] {
        for known_at in ["2026-06-01T12:04:30Z", "2026-06-01T12:08:30Z", "2026-12-31"] {
            let asked = asked(as_of, known_at);
            for account in ["acme", "关系"] {
                let answer = ledger.account(&AccountId::new(account).unwrap(), &asked);
                answers.push(
                    answer.map_or_else(|error| error.to_string(), |answer| ledger.to_json(&answer).unwrap()),
                );
            }
            let all = ledger.all_accounts(&asked, |_, _| ()).unwrap();
            answers.push(serde_json::to_string(&all).unwrap());
        }
    }
    answers
}

/// What becomes of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cached {
    Used,
    Ignored,
}

#[track_caller]
fn assert_answers(stage: &mut Stage, expected: &[String], cache: &str, becomes: Cached) {
    stage.reopen();
    assert_eq!(is_used(stage.ledger()), becomes == Cached::Used, "{cache}");
    assert_eq!(answers(stage.ledger()), expected, "{cache}");
}

#[test]
fn answers_are_the_same_with_a_cache_and_without() {
    let mut stage = told();
    let expected = answers(stage.ledger());
    written(&stage);
    assert_answers(&mut stage, &expected, "whole", Cached::Used);
    fs::remove_dir_all(stage.root.path().join("ledger/cache")).unwrap();
    assert_answers(&mut stage, &expected, "deleted", Cached::Ignored);
}

#[test]
fn a_stale_cache_is_caught_up_from_the_log() {
    let mut stage = told();
    written(&stage);
    stage.tell(order("june", "acme", "2026-06-01T08:00:00Z"));
    stage.tell(retract("again", "acme", &super::named("june")));
    stage.tell(order("earlier", "acme", "2026-01-03T08:00:00Z"));
    stage.tell(opened("new", "newcomer"));
    let expected = answers(stage.ledger());
    assert_answers(&mut stage, &expected, "stale", Cached::Used);
}

#[test]
fn a_damaged_cache_is_as_good_as_none() {
    let mut stage = told();
    let expected = answers(stage.ledger());
    let whole = written(&stage);
    let put = |bytes: &[u8]| fs::write(path(&stage), bytes).unwrap();
    for place in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << (place % 8);
        put(&flipped);
        assert!(!is_used(stage.ledger()), "byte {place}");
    }
    for len in 0..whole.len() {
        put(&whole[..len]);
        assert!(!is_used(stage.ledger()), "cut at {len}");
    }
    put(&whole);
    assert!(is_used(stage.ledger()));
    let mut many = whole.clone();
    for byte in many.iter_mut().step_by(7) {
        *byte = !*byte;
    }
    put(&many);
    assert_answers(&mut stage, &expected, "every seventh byte", Cached::Ignored);
    fs::write(path(&stage), &whole[..whole.len() / 2]).unwrap();
    assert_answers(&mut stage, &expected, "half of it", Cached::Ignored);
}

#[test]
fn a_cache_of_another_version_is_not_used() {
    let mut stage = told();
    let expected = answers(stage.ledger());
    let whole = written(&stage);
    // The last byte of the magic is the layout's version, the next the encoding's.
    for place in [7, 8] {
        for version in [whole[place] - 1, whole[place] + 1] {
            let mut other = whole.clone();
            other[place] = version;
            fs::write(path(&stage), &other).unwrap();
            assert_answers(&mut stage, &expected, "another version", Cached::Ignored);
        }
    }
}

#[test]
fn a_cache_of_another_ledger_is_not_used() {
    let (mut stage, other) = (told(), told());
    let expected = answers(stage.ledger());
    let foreign = written(&other);
    fs::create_dir(stage.root.path().join("ledger/cache")).unwrap();
    fs::write(path(&stage), foreign).unwrap();
    assert_answers(&mut stage, &expected, "another ledger's", Cached::Ignored);
}

/// A restored backup knows less than the cache, or something else: the key is the same, the history is not.
#[test]
fn a_cache_of_another_history_of_the_same_ledger_is_not_used() {
    let mut stage = told();
    stage.ledger = None;
    let backup = stage.root.path().join("backup");
    copy(&stage.root.path().join("ledger"), &backup);
    stage.reopen();
    stage.tell(order("here", "acme", "2026-05-30T08:00:00Z"));
    let ahead = written(&stage);
    stage.ledger = None;
    fs::remove_dir_all(stage.root.path().join("ledger")).unwrap();
    copy(&backup, &stage.root.path().join("ledger"));
    stage.reopen();
    let before = answers(stage.ledger());
    fs::create_dir(stage.root.path().join("ledger/cache")).unwrap();
    fs::write(path(&stage), &ahead).unwrap();
    assert_answers(&mut stage, &before, "ahead of the log", Cached::Ignored);
    stage.tell(order("there", "acme", "2026-05-29T08:00:00Z"));
    let other = answers(stage.ledger());
    assert_ne!(other, before);
    assert_answers(&mut stage, &other, "as many events, others", Cached::Ignored);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn without_the_key_a_cache_is_neither_believed_nor_written() {
    let mut stage = told();
    written(&stage);
    stage.ledger = None;
    let keys = stage.directory().keys().to_owned();
    fs::rename(&keys, stage.root.path().join("elsewhere")).unwrap();
    let keyless = Ledger::open(&stage.directory(), stage.clock.clone(), Access::Read, "test").unwrap();
    assert!(!is_used(&keyless));
    let with_cache = answers(&keyless);
    drop(keyless);
    fs::remove_file(path(&stage)).unwrap();
    let keyless = Ledger::open(&stage.directory(), stage.clock.clone(), Access::Read, "test").unwrap();
    assert_eq!(answers(&keyless), with_cache);
    let facts = keyless.image.current(&keyless.log).unwrap();
    keyless.image.cache().store(&facts).unwrap();
    assert!(!path(&stage).exists());
}

#[test]
fn a_folder_that_cannot_be_written_to_fails_no_question() {
    let stage = told();
    fs::write(stage.root.path().join("ledger/cache"), "in the way").unwrap();
    let ledger = stage.ledger();
    let facts = ledger.image.current(&ledger.log).unwrap();
    assert!(ledger.image.cache().store(&facts).is_err());
    assert_eq!(answers(ledger).len(), 27);
}

#[test]
fn several_may_open_and_write_the_cache_at_once() {
    let mut stage = told();
    let expected = answers(stage.ledger());
    stage.ledger = None;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let clock = stage.clock.clone();
                    let ledger = Ledger::open(&stage.directory(), clock, Access::Read, "test").unwrap();
                    assert_eq!(answers(&ledger), expected);
                    let facts = ledger.image.current(&ledger.log).unwrap();
                    ledger.image.cache().store(&facts).unwrap();
                }
            });
        }
    });
    stage.reopen();
    assert!(is_used(stage.ledger()));
    let left = fs::read_dir(stage.root.path().join("ledger/cache")).unwrap().count();
    assert_eq!(left, 1, "nothing but the cache is left");
}

/// A question that holds an image while others are recorded goes on with what it has.
#[test]
fn an_image_in_use_does_not_change() {
    let stage = told();
    let ledger = stage.ledger();
    let held = ledger.image.current(&ledger.log).unwrap();
    let before = held.accounts()[&AccountId::new("acme").unwrap()].len();
    stage.tell(order("june", "acme", "2026-06-01T08:00:00Z"));
    let newer = ledger.image.current(&ledger.log).unwrap();
    assert_eq!(held.accounts()[&AccountId::new("acme").unwrap()].len(), before);
    assert_eq!(newer.accounts()[&AccountId::new("acme").unwrap()].len(), before + 1);
    assert_eq!(newer.read(), held.read() + 1);
}

/// Enough events that a question writes the cache by itself, and the next opening reads it.
#[test]
fn a_question_about_many_events_leaves_a_cache_behind() {
    let mut stage = told();
    let drafts: Vec<_> =
        (0..5_000).map(|n| order(&format!("many-{n}"), "acme", "2026-05-01T00:00:00Z")).collect();
    for drafts in drafts.chunks(1_000) {
        stage.submit(drafts.to_vec(), Unit::Whole).unwrap();
    }
    assert!(!path(&stage).exists());
    let asked = Asked::default();
    let before = stage.ledger().all_accounts(&asked, |_, _| ()).unwrap();
    stage.reopen();
    assert!(is_used(stage.ledger()));
    let after = stage.ledger().all_accounts(&asked, |_, _| ()).unwrap();
    assert_eq!(serde_json::to_string(&after).unwrap(), serde_json::to_string(&before).unwrap());
}

#[test]
fn a_follower_reads_what_is_recorded_without_being_asked() {
    let mut stage = told();
    let ledger = Arc::new(stage.ledger.take().unwrap());
    let follower = Follower::start(&ledger).unwrap();
    let actor = Actor::new("tester").unwrap();
    for n in 0..20 {
        let drafts = vec![order(&format!("more-{n}"), "acme", "2026-05-01T00:00:00Z")];
        let submission = Submission {
            drafts,
            unit: Unit::Whole,
            actor: actor.clone(),
            revising: Revising::Any,
            expected_count: None,
        };
        ledger.submit(&submission).unwrap();
    }
    let recorded = ledger.head().count;
    let came = (0..60_000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(1));
        ledger.image.read() >= recorded
    });
    assert!(came, "nobody asked, and nobody read");
    drop(follower);
    assert_eq!(Arc::strong_count(&ledger), 1, "nobody uses the ledger any more");
}
