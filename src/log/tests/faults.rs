//! Every sync of a commit fails once each way; the reply must tell the truth.

use std::sync::Arc;
use std::time::Duration;

use guanxi_projections::position::Position;
use guanxi_projections::time::SECOND_US;

use super::disk::Fault;
use super::{clock, event, fresh_disk, noon, open};
use crate::clock::FixedClock;
use crate::log::{AppendError, ClockCheck, Expect, Log, Outcome, Refusal, Unit};

#[test]
fn a_failed_commit_is_answered_by_what_reopening_finds() {
    for fault in [Fault::FailedNotPersisted, Fault::FailedPersisted] {
        for sync in 0..3 {
            let disk = fresh_disk();
            let log = open(disk.storage());
            log.append(vec![event("acme", "first", 1, Expect::Absent)], Unit::Whole).unwrap();
            disk.plan(sync, fault, 1);
            let answer = log.append(vec![event("acme", "second", 2, Expect::Present)], Unit::Whole);
            let there = log.head().count == 2;
            match &answer {
                Ok(_) => assert!(there, "{fault:?} at sync {sync}: acknowledged and not there"),
                Err(AppendError::NotRecorded(_)) => assert!(!there, "{fault:?} at sync {sync}"),
                Err(other) => panic!("{fault:?} at sync {sync}: {other}"),
            }
            // The log goes on either way, and the retry is recognised if it was there.
            let retry = log.append(vec![event("acme", "second", 2, Expect::Present)], Unit::Whole).unwrap();
            assert_eq!(matches!(retry[0], Outcome::Duplicate { .. }), there);
            log.verify(|_| ()).unwrap();
        }
    }
}

#[test]
fn after_a_power_loss_the_writer_stops_and_says_so() {
    let disk = fresh_disk();
    let log = open(disk.storage());
    disk.plan(0, Fault::PowerLoss, 3);
    let first = log.append(vec![event("acme", "a", 1, Expect::Absent)], Unit::Whole);
    assert!(matches!(first, Err(AppendError::Unknown(_))), "{first:?}");
    let second = log.append(vec![event("acme", "b", 1, Expect::Absent)], Unit::Whole);
    assert!(matches!(second, Err(AppendError::Stopped(_))), "{second:?}");
}

/// The count used to be lowered after the replies, so that whoever had one sometimes found its event still waiting.
#[test]
fn whoever_has_a_reply_waits_in_no_queue() {
    let disk = fresh_disk();
    let log = open(disk.storage());
    for n in 0..300 {
        let expect = if n == 0 { Expect::Absent } else { Expect::Present };
        log.append(vec![event("acme", &format!("e{n}"), n, expect)], Unit::Whole).unwrap();
        assert_eq!(log.queued(), 0, "after {n}");
    }
    disk.plan(0, Fault::PowerLoss, 3);
    for n in 0..100 {
        log.append(vec![event("acme", &format!("f{n}"), 1, Expect::Present)], Unit::Whole).unwrap_err();
        assert_eq!(log.queued(), 0, "after the loss and {n}");
    }
}

#[test]
fn a_commit_costs_two_syncs() {
    let disk = fresh_disk();
    let log = open(disk.storage());
    log.append(vec![event("acme", "a", 1, Expect::Absent)], Unit::Whole).unwrap();
    let before = disk.syncs();
    log.append(vec![event("acme", "b", 2, Expect::Present)], Unit::Whole).unwrap();
    assert_eq!(disk.syncs() - before, 2);
}

#[test]
fn a_clock_that_jumped_needs_an_operators_word() {
    let disk = fresh_disk();
    let log = open(disk.storage());
    log.append(vec![event("acme", "a", 1, Expect::Absent)], Unit::Whole).unwrap();
    drop(log);
    let day = 86_400 * SECOND_US;
    for (jump, check, allowed) in [
        (-4 * 60 * SECOND_US, ClockCheck::FirstAppend, true),
        (-6 * 60 * SECOND_US, ClockCheck::FirstAppend, false),
        (-6 * 60 * SECOND_US, ClockCheck::Overruled, true),
        (300 * day, ClockCheck::FirstAppend, true),
        (1_000 * day, ClockCheck::FirstAppend, false),
        (1_000 * day, ClockCheck::Overruled, true),
    ] {
        let image = super::disk::Disk::with_bytes(disk.bytes_after_restart());
        let now = noon().plus_micros(jump);
        let log = Log::open(image.storage(), Arc::new(FixedClock::at(now)), check).unwrap();
        let answer = log.append(vec![event("acme", "b", 1, Expect::Present)], Unit::Whole);
        assert_eq!(answer.is_ok(), allowed, "jump of {jump} us: {answer:?}");
        log.verify(|_| ()).unwrap();
    }
}

#[test]
fn an_operators_word_holds_for_a_log_that_is_open_already() {
    let disk = fresh_disk();
    let clock = Arc::new(FixedClock::at(noon()));
    let log = Log::open(disk.storage(), clock.clone(), ClockCheck::FirstAppend).unwrap();
    let first = log.append(vec![event("acme", "first", 1, Expect::Absent)], Unit::Whole);
    first.unwrap();
    let append = |id: &str| log.append(vec![event("acme", id, 1, Expect::Present)], Unit::Whole);
    clock.advance_micros(-6 * 60 * SECOND_US);
    assert!(matches!(append("second"), Err(AppendError::ClockBehind { .. })));
    let (trusted, again) = (log.trust_clock(), log.trust_clock());
    append("second").unwrap();
    drop(trusted);
    append("third").unwrap();
    drop(again);
    assert!(matches!(append("fourth"), Err(AppendError::ClockBehind { .. })));
}

#[test]
fn recorded_times_ascend_though_the_clock_stands() {
    let log = open(fresh_disk().storage());
    for n in 0..5 {
        let expect = if n == 0 { Expect::Absent } else { Expect::Present };
        log.append(vec![event("acme", &format!("e{n}"), n, expect)], Unit::Whole).unwrap();
    }
    assert_eq!(log.head().last_recorded_at, Some(noon().plus_micros(4)));
}

#[test]
fn a_subscription_sees_every_position_once() {
    let log = Arc::new(open(fresh_disk().storage()));
    let mut subscription = log.subscribe(Position(0));
    let writer = {
        let log = Arc::clone(&log);
        std::thread::spawn(move || {
            for n in 0..200 {
                let expect = if n == 0 { Expect::Absent } else { Expect::Present };
                log.append(vec![event("acme", &format!("e{n}"), n, expect)], Unit::Whole).unwrap();
            }
        })
    };
    let mut seen = Vec::new();
    while seen.len() < 200 {
        for record in subscription.next(7, Duration::from_secs(5)).unwrap() {
            seen.push(record.position.0);
        }
    }
    writer.join().unwrap();
    assert_eq!(seen, (0..200).collect::<Vec<_>>());
    assert!(subscription.next(7, Duration::ZERO).unwrap().is_empty());
}

#[test]
fn a_store_opened_for_reading_takes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let storage = crate::log::Storage::File(dir.path().join("log.redb"));
    Log::create(&storage, noon(), guanxi_projections::time::Zone::default(), [1; 32]).unwrap();
    drop(Log::open(storage.clone(), clock(), ClockCheck::FirstAppend).unwrap());
    let reader = Log::open_read_only(storage.clone()).unwrap();
    let other = Log::open_read_only(storage).unwrap();
    let answer = reader.append(vec![event("acme", "a", 1, Expect::Absent)], Unit::Whole);
    assert!(matches!(answer, Err(AppendError::Stopped(_))), "{answer:?}");
    assert_eq!(other.head().count, 0);
}

#[test]
fn a_record_that_is_too_large_is_refused_and_nothing_of_its_batch_stays() {
    let log = open(fresh_disk().storage());
    let mut large = event("acme", "large", 1, Expect::Present);
    large.body.bytes = vec![0xC0; 66_000];
    let batch = vec![event("acme", "small", 1, Expect::Absent), large];
    match log.append(batch, Unit::Whole) {
        Err(AppendError::Refused { index: 1, refusal: Refusal::TooLarge { .. } }) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(log.head().count, 0);
}
