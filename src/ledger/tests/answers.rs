//! The same coordinates give the same bytes, whatever happened since.

use guanxi_projections::money::{Amount, Currency};
use serde_json::json;

use super::super::{ArchiveError, ArchiveLine};
use super::*;

const AS_OF: &str = "2026-05-01T00:00:00Z";

/// Two accounts with a person, a correction and a retraction.
fn told() -> Stage {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(assigned("t", "acme", "li.wei"));
    stage.tell(april("a", "acme"));
    stage.tell(april("b", "acme"));
    stage.tell(opened("p", "beta"));
    stage.tell(correct("c", "acme", &named("a")));
    stage.tell(retract("r", "acme", &named("b")));
    stage
}

/// Everything that could disturb an earlier answer.
fn disturb(stage: &Stage) {
    stage.tell(order("late", "acme", "2026-02-15T00:00:00Z"));
    stage.tell(order("after", "acme", "2026-05-20T00:00:00Z"));
    stage.tell(retract("rc", "acme", &named("c")));
    stage.tell(retract("rr", "acme", &named("r")));
    stage.tell(correct("c2", "acme", &named("b")));
    stage.tell(event("rel", "acme", "account.updated", AS_OF, &json!({ "name": "Akme" })));
    let currency = |code| Currency::new(code).unwrap();
    let actor = Actor::new("tester").unwrap();
    let day = "2026-01-01".parse().unwrap();
    let rate = Amount::new("7.1").unwrap();
    stage.ledger().set_rate(&actor, (currency("USD"), currency("CNY")), rate, day).unwrap();
}

#[test]
fn what_is_recorded_later_changes_no_byte() {
    let mut stage = told();
    let known = stage.ledger().head().last_recorded_at.unwrap().to_string();
    let before = stage.answer("acme", AS_OF, &known);
    assert!(before.contains("li.wei"), "{before}");
    disturb(&stage);
    assert_eq!(stage.answer("acme", AS_OF, &known), before);
    stage.reopen();
    assert_eq!(stage.answer("acme", AS_OF, &known), before);
    let now = stage.ledger().head().last_recorded_at.unwrap().to_string();
    assert_ne!(stage.answer("acme", AS_OF, &now), before);
}

#[test]
fn what_happens_later_changes_no_byte_of_the_view() {
    let stage = told();
    let account = AccountId::new("acme").unwrap();
    let hash =
        |stage: &Stage| stage.ledger().account(&account, &asked(AS_OF, "2099-01-01")).unwrap().state_hash;
    let before = hash(&stage);
    stage.tell(order("after", "acme", "2026-05-01T00:00:00.000001Z"));
    stage.tell(correct("c3", "acme", &named("after")));
    stage.tell(retract("r3", "acme", &named("c3")));
    assert_eq!(hash(&stage), before);
}

#[test]
fn known_at_is_clamped_to_the_last_commit() {
    let stage = told();
    let last = stage.ledger().head().last_recorded_at.unwrap();
    let account = AccountId::new("acme").unwrap();
    for known_at in ["2026-12-31", "9999-12-31", "9999-12-31T23:59:59.999999Z"] {
        let answer = stage.ledger().account(&account, &asked(AS_OF, known_at)).unwrap();
        assert_eq!(answer.coordinates.known_at, last);
    }
    let answer = stage.ledger().account(&account, &Asked::default()).unwrap();
    assert_eq!(answer.coordinates.known_at, last);
    assert_eq!(answer.coordinates.as_of, at(&last.to_string()).truncated_to_second());
}

#[test]
fn the_ends_of_time_are_coordinates() {
    let stage = told();
    let first = "0000-01-01T00:00:00Z";
    let last = "9999-12-31T23:59:59.999999Z";
    for (as_of, known_at) in [(first, last), (last, first), (first, first), ("0000-01-01", "0000-01-01")] {
        assert_eq!(stage.answer("acme", as_of, known_at), "there is no account `acme`");
    }
    assert!(stage.answer("acme", last, last).contains("\"events\":3"));
    assert!(stage.answer("acme", "9999-12-31", "9999-12-31").contains("\"events\":3"));
    let account = AccountId::new("acme").unwrap();
    stage.ledger().history(&account, &asked(last, last)).unwrap();
    stage.ledger().all_accounts(&asked(last, last), |_, _| ()).unwrap();
}

#[test]
fn a_history_shows_what_was_revised() {
    let stage = told();
    let history = stage.ledger().history(&AccountId::new("acme").unwrap(), &Asked::default()).unwrap();
    let standing = |entry: &super::super::HistoryEntry| {
        let json = serde_json::to_value(entry).unwrap();
        format!("{} {}", entry.position, json["standing"].as_str().unwrap())
    };
    let lines: Vec<String> = history.entries.iter().map(standing).collect();
    let expected = ["0 stands", "1 stands", "2 corrected", "3 retracted", "5 revision", "6 revision"];
    assert_eq!(lines, expected);
}

/// A revision used to be listed by its own time, which does not matter: in a history before that time a corrected
/// event named a correction that was not there.
#[test]
fn a_history_lists_a_revision_with_its_target() {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(april("a", "acme"));
    stage.tell(correct("fix", "acme", &named("a")));
    stage.tell(order("later", "acme", "2026-05-01T00:00:00Z"));
    stage.tell(retract("gone", "acme", &named("later")));
    let history = |as_of| {
        let account = AccountId::new("acme").unwrap();
        let answer = stage.ledger().history(&account, &asked(as_of, "2099-01-01")).unwrap();
        answer.entries.iter().map(|entry| entry.position.0).collect::<Vec<_>>()
    };
    assert_eq!(history("2026-02-01"), [0]);
    assert_eq!(history("2026-03-15"), [0, 1, 2]);
    assert_eq!(history("2026-05-15"), [0, 1, 3, 2, 4]);
}

#[test]
fn a_restored_ledger_answers_alike() {
    let stage = told();
    let copy = Stage::new();
    let mut lines = Vec::new();
    stage
        .ledger()
        .export_archive(|line| {
            lines.push(line.clone());
            Ok(())
        })
        .unwrap();
    let lines = (1..)
        .zip(lines)
        .map(|(number, line)| Ok::<_, ArchiveError>(ArchiveLine::parse(number, line).unwrap()));
    copy.ledger().restore(lines, |_| ()).unwrap();
    assert_eq!(copy.ledger().head(), stage.ledger().head());
    for account in stage.ledger().accounts() {
        let asked = asked(AS_OF, "2099-01-01");
        let there = stage.ledger().account(&account, &asked).unwrap();
        let here = copy.ledger().account(&account, &asked).unwrap();
        assert_eq!(here.state_hash, there.state_hash);
        let view = |view| serde_json::to_string(view).unwrap();
        assert_eq!((view(&here.view), here.coordinates), (view(&there.view), there.coordinates));
    }
}
