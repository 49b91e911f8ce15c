use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Barrier, PoisonError};
use std::thread;

use guanxi_projections::event::EventType;
use serde_json::json;

use super::super::writer::Writer;
use super::super::{Access, Error, People};
use super::{Dirs, Names, alias, contact, event, meeting};

const THREADS: usize = 8;

fn writer(people: &People) -> &Writer {
    people.keys.as_ref().unwrap().writer.as_ref().unwrap()
}

#[test]
fn an_alias_first_used_by_many_threads_at_once_is_one_person() {
    let dirs = Dirs::new();
    let people = dirs.create();
    for round in 0..50 {
        let start = Barrier::new(THREADS);
        let left = event(EventType::ContactLeft, json!({"contact": format!("contact {round}")}));
        let persons: BTreeSet<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        *people.seal(Names::new("1").place(), left.clone()).unwrap().persons()[0]
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(persons.len(), 1);
    }
    people.sync().unwrap();
    drop(people);
    assert_eq!(dirs.open(Access::Write).unwrap().keys.as_ref().unwrap().ring().persons(), 50);
}

#[test]
fn one_sync_serves_all_who_wait() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let trial = &writer(&people).disk.trial;
    people.seal(Names::new("first").place(), contact()).unwrap();
    let gate = trial.gate.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        scope.spawn(|| people.sync().unwrap());
        // The first is inside its sync, which the gate holds up, once it has taken its entries.
        while writer(&people).waiting() > 0 {
            thread::yield_now();
        }
        let before = writer(&people).appended();
        for thread in 0..THREADS {
            let (people, dirs) = (&people, &dirs);
            scope.spawn(move || {
                let id = format!("{thread}");
                let names = Names::new(&id);
                let sealed = people.seal(names.place(), meeting()).unwrap();
                people.sync().unwrap();
                // Whatever the sync promised is there for somebody who opens the file now.
                let reader = dirs.open(Access::Read).unwrap();
                assert_eq!(reader.show(names.place(), sealed).unwrap(), meeting());
            });
        }
        // Two texts each, and li.wei once.
        while writer(&people).appended() < before + 2 * THREADS as u64 + 1 {
            thread::yield_now();
        }
        drop(gate);
    });
    assert_eq!(trial.syncs.load(Ordering::SeqCst), 2);
    people.sync().unwrap();
    assert_eq!(trial.syncs.load(Ordering::SeqCst), 2, "nothing new costs nothing");
}

#[test]
fn after_a_failed_sync_nothing_is_taken_until_reopened() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let trial = &writer(&people).disk.trial;
    people.seal(Names::new("1").place(), contact()).unwrap();
    people.sync().unwrap();
    let durable = dirs.bytes();
    let sealed = people.seal(Names::new("2").place(), meeting()).unwrap();
    trial.sync_fails.store(true, Ordering::SeqCst);
    assert!(matches!(people.sync(), Err(Error::Write { .. })));
    trial.sync_fails.store(false, Ordering::SeqCst);
    assert!(matches!(people.sync(), Err(Error::Poisoned { .. })));
    assert!(matches!(people.seal(Names::new("3").place(), meeting()), Err(Error::Poisoned { .. })));
    // What is in memory can still be shown.
    assert_eq!(people.show(Names::new("2").place(), sealed).unwrap(), meeting());
    drop(people);
    assert_eq!(dirs.bytes(), durable, "what may not be durable must not be found again");
    let people = dirs.open(Access::Write).unwrap();
    assert_eq!(people.notices(), []);
    assert!(people.person(&alias("acme-cto")).is_some() && people.person(&alias("li.wei")).is_none());
    people.seal(Names::new("3").place(), meeting()).unwrap();
    people.sync().unwrap();
}

#[test]
fn a_failed_sync_fails_everybody_who_waited_for_it() {
    let dirs = Dirs::new();
    let people = dirs.create();
    let trial = &writer(&people).disk.trial;
    trial.sync_fails.store(true, Ordering::SeqCst);
    let failed = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let people = &people;
                scope.spawn(move || {
                    let sealed = people.seal(Names::new(&format!("{thread}")).place(), meeting());
                    sealed.and_then(|_| people.sync()).is_err()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|failed| *failed).count()
    });
    assert_eq!(failed, THREADS);
}
