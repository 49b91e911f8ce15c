//! The core's effective history equals the naive one, and nothing later or recorded later changes it.

use guanxi_projections::history::{Standing, Stream, effective};
use guanxi_projections::time::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;

use super::naive;
use super::told::{Fact, Told, What, plain, recorded};

/// What is drawn for one event; what cannot be (a correction of nothing) becomes an original.
#[derive(Debug, Clone)]
struct Drawn {
    kind: u8,
    target: Index,
    by_name: bool,
    occurred: i64,
    new_time: Option<i64>,
    amount: u32,
    new_data: bool,
    /// Events of other accounts recorded just before.
    others: u64,
    /// Microseconds since the last recording.
    pause: i64,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let marks = (0_u8..10, any::<Index>(), any::<bool>(), any::<bool>());
    // Few instants, so that many events share one.
    let times = (0_i64..12, proptest::option::of(0_i64..12), 0_u32..1_000, 0_u64..3, 1_i64..4);
    (marks, times).prop_map(|((kind, target, by_name, new_data), times)| {
        let (occurred, new_time, amount, others, pause) = times;
        Drawn { kind, target, by_name, occurred, new_time, amount, new_data, others, pause }
    })
}

fn histories() -> impl Strategy<Value = Vec<Told>> {
    proptest::collection::vec(drawn(), 0..40).prop_map(|drawn| told(&drawn, 0))
}

/// Tells what was drawn, in order; `from` sets contents of one telling apart from those of another.
fn told(drawn: &[Drawn], from: u32) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    let (mut position, mut recorded) = (0, 0);
    for one in drawn {
        position += one.others;
        recorded += one.pause;
        let what = what(one, &told, from);
        let occurred = Timestamp::from_micros(one.occurred);
        told.push(Told { position, recorded: Timestamp::from_micros(recorded), occurred, what });
        position += 1;
    }
    told
}

fn what(one: &Drawn, told: &[Told], from: u32) -> What {
    let fact = || Fact::Ordered(format!("order-{}", from + one.amount), one.amount);
    let original = |place: &usize| matches!(told[*place].what, What::Original(_));
    let originals: Vec<usize> = (0..told.len()).filter(original).collect();
    match one.kind {
        4..7 if !originals.is_empty() => What::Correct {
            target: *one.target.get(&originals),
            by_name: one.by_name,
            time: one.new_time.map(Timestamp::from_micros),
            fact: (one.new_data || one.new_time.is_none()).then(fact),
        },
        7.. if !told.is_empty() => {
            What::Retract { target: one.target.index(told.len()), by_name: one.by_name }
        }
        _ => What::Original(fact()),
    }
}

/// At least 1,000 cases; more by `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    config.cases = config.cases.max(1_000);
    config.failure_persistence = None;
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn it_is_what_the_definition_says(told in histories(), as_of in -1_i64..13, known_at in -1_i64..100) {
        let (as_of, known_at) = (Timestamp::from_micros(as_of), Timestamp::from_micros(known_at));
        let recorded = recorded(&told);
        let effective = effective(&recorded, as_of, known_at);
        prop_assert_eq!(plain(&effective), naive::effective(&told, as_of, known_at));
    }

    #[test]
    fn an_event_stands_when_the_definition_says_so(told in histories(), known_at in -1_i64..100) {
        let known_at = Timestamp::from_micros(known_at);
        let recorded = recorded(&told);
        let stream = Stream::known_at(&recorded, known_at);
        let standings: Vec<bool> =
            stream.standings().map(|(_, standing)| standing == Standing::Stands).collect();
        let known = told.iter().filter(|one| one.recorded <= known_at).count();
        let naive: Vec<bool> = (0..known).map(|place| naive::stands(&told, place, known_at)).collect();
        prop_assert_eq!(standings, naive);
    }

    #[test]
    fn what_is_recorded_later_does_not_exist(
        told in histories(),
        garbage in proptest::collection::vec(drawn(), 0..40),
        as_of in -1_i64..13,
        known_at in -1_i64..100,
    ) {
        let (as_of, known_at) = (Timestamp::from_micros(as_of), Timestamp::from_micros(known_at));
        let known: Vec<Told> = told.iter().filter(|one| one.recorded <= known_at).cloned().collect();
        let mut poisoned = known.clone();
        for one in &garbage {
            let what = what(one, &poisoned, 1_000_000);
            let position = poisoned.last().map_or(0, |last| last.position + 1 + one.others);
            let recorded = poisoned.last().map_or(known_at, |last| last.recorded.max(known_at));
            let recorded = recorded.plus_micros(one.pause);
            let occurred = Timestamp::from_micros(one.occurred);
            poisoned.push(Told { position, recorded, occurred, what });
        }
        let (known, poisoned, told) = (recorded(&known), recorded(&poisoned), recorded(&told));
        let answer = plain(&effective(&known, as_of, known_at));
        prop_assert_eq!(&plain(&effective(&told, as_of, known_at)), &answer);
        prop_assert_eq!(&plain(&effective(&poisoned, as_of, known_at)), &answer);
    }

    #[test]
    fn what_happens_later_does_not_exist(
        told in histories(),
        as_of in -1_i64..13,
        known_at in -1_i64..100,
        shift in 1_i64..1_000_000,
    ) {
        let (as_of, known_at) = (Timestamp::from_micros(as_of), Timestamp::from_micros(known_at));
        let answer = plain(&effective(&recorded(&told), as_of, known_at));
        let mut poisoned = told.clone();
        for place in 0..told.len() {
            poison(&mut poisoned, place, as_of, shift);
        }
        let last = poisoned.last().map_or((0, Timestamp::MIN), |last| (last.position + 1, last.recorded));
        poisoned.push(Told {
            position: last.0,
            recorded: last.1,
            occurred: as_of.plus_micros(shift),
            what: What::Original(garbage()),
        });
        prop_assert_eq!(plain(&effective(&recorded(&poisoned), as_of, known_at)), answer);
    }
}

fn garbage() -> Fact {
    Fact::Ordered("garbage".to_owned(), 666)
}

/// Puts garbage in place of an original that no telling of it places at or before T.
fn poison(told: &mut [Told], place: usize, as_of: Timestamp, shift: i64) {
    let corrected_to_earlier = told.iter().any(|one| {
        matches!(&one.what, What::Correct { target, time: Some(time), .. } if *target == place && *time <= as_of)
    });
    let one = &mut told[place];
    if matches!(one.what, What::Original(_)) && one.occurred > as_of && !corrected_to_earlier {
        one.what = What::Original(garbage());
        one.occurred = as_of.plus_micros(shift);
    }
}
