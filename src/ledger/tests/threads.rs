//! Many at once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;

#[test]
fn one_of_two_opens_an_account() {
    let stage = Stage::new();
    for round in 0..10 {
        let account = format!("acme-{round}");
        let barrier = Barrier::new(2);
        let open = |id: String| {
            barrier.wait();
            fates(&stage.submit(vec![opened(&id, &account)], Unit::Each).unwrap()).remove(0)
        };
        let mut fates = thread::scope(|scope| {
            let one = scope.spawn(|| open(format!("one-{round}")));
            let other = scope.spawn(|| open(format!("other-{round}")));
            [one.join().unwrap(), other.join().unwrap()]
        });
        fates.sort();
        assert_eq!(fates, [round.to_string(), "account-exists".to_owned()]);
    }
}

#[test]
fn one_event_submitted_by_two_is_recorded_once() {
    // The second to arrive could be told that the account is open already, instead of that its opening is known.
    let stage = Stage::new();
    for round in 0..10 {
        let name = format!("acme-{round}");
        let barrier = Barrier::new(2);
        let open = || {
            barrier.wait();
            fates(&stage.submit(vec![opened(&name, &name)], Unit::Each).unwrap()).remove(0)
        };
        let mut fates = thread::scope(|scope| {
            let (one, other) = (scope.spawn(open), scope.spawn(open));
            [one.join().unwrap(), other.join().unwrap()]
        });
        fates.sort();
        assert_eq!(fates, [round.to_string(), format!("duplicate {round}")]);
    }
}

#[test]
fn one_of_two_takes_an_account_up_again() {
    // The loser was told of a failed precondition that it had not asked for.
    let stage = Stage::new();
    for round in 0..5 {
        let account = format!("acme-{round}");
        stage.tell(opened(&format!("o-{round}"), &account));
        stage.tell(retract(&format!("r-{round}"), &account, &named(&format!("o-{round}"))));
        let barrier = Barrier::new(2);
        let open = |id: String| {
            barrier.wait();
            fates(&stage.submit(vec![opened(&id, &account)], Unit::Each).unwrap()).remove(0)
        };
        let mut fates = thread::scope(|scope| {
            let one = scope.spawn(|| open(format!("one-{round}")));
            let other = scope.spawn(|| open(format!("other-{round}")));
            [one.join().unwrap(), other.join().unwrap()]
        });
        fates.sort();
        assert_eq!(fates, [(round * 3 + 2).to_string(), "account-exists".to_owned()]);
    }
}

#[test]
fn an_answer_does_not_change_while_others_write() {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(april("a", "acme"));
    let known = stage.ledger().head().last_recorded_at.unwrap().to_string();
    let answer = stage.answer("acme", NOW, &known);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut times = 0;
            while !done.load(Ordering::Relaxed) || times == 0 {
                assert_eq!(stage.answer("acme", NOW, &known), answer);
                times += 1;
            }
        });
        let write = |writer: usize| {
            for number in 0..20 {
                let draft = april(&format!("{writer}-{number}"), "acme");
                stage.submit(vec![draft], Unit::Whole).unwrap();
            }
        };
        let writers: Vec<_> = (0..8).map(|writer| scope.spawn(move || write(writer))).collect();
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        asking.join().unwrap();
    });
    assert_eq!(stage.answer("acme", NOW, &known), answer);
    assert_eq!(stage.events("acme"), 162);
}
