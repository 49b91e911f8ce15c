//! The lifecycle stage found by brute force, as a check of the fold that computes it in closed form.
//!
//! The walk goes through time event by event and, between events, in steps of six hours, and bisects the step in
//! which something changes down to a microsecond. What the rules look at is summed anew over the whole list of
//! events at each event; silences are tested by their survival, never by solving for a date. Nothing here shares
//! code with the projections: sections 1, 2 and 4 of the specification are read a second time.

mod examples;
mod generate;
mod happening;
mod policy;
mod recorded;
mod sums;
mod walk;

use guanxi_projections::history::effective;
use guanxi_projections::image::Image;
use guanxi_projections::policy::Policy;
use guanxi_projections::projection::fold;
use guanxi_projections::rates::Rates;
use guanxi_projections::stage::{Flag, StageState, StageView};
use guanxi_projections::time::{Timestamp, Zone};

use generate::{Chance, history};
use happening::{DAY, Happened};
use walk::{Arrived, Stage, walk};

/// How many random histories are walked.
const SEEDS: u64 = 1_000;

#[test]
fn stage_dates_equal_a_brute_force_walk() {
    for seed in 0..SEEDS {
        let events = history(seed);
        for until in instants(seed, &events) {
            compare(seed, &events, until);
        }
    }
}

/// Instants to read a history at: after its end, at one of its events, just before another, and anywhere.
fn instants(seed: u64, events: &[Happened]) -> Vec<i64> {
    let mut chance = Chance::seeded(!seed);
    let (Some(first), Some(last)) =
        (events.iter().map(|event| event.at).min(), events.iter().map(|event| event.at).max())
    else {
        return vec![0];
    };
    let place = usize::try_from(chance.among(0, i64::try_from(events.len()).unwrap())).unwrap();
    let end = last + chance.among(0, 700 * DAY);
    vec![end, events[place].at, events[events.len() - 1 - place].at - 1, chance.among(first, end + 1)]
}

/// Compares what the projection says of a history at `until`, all of it known, with the walk.
#[track_caller]
fn compare(seed: u64, events: &[Happened], until: i64) {
    let recorded = recorded::recorded(events, seed);
    let effective = effective(&recorded, Timestamp::from_micros(until), Timestamp::MAX);
    recorded::assert_same(&effective, events, until);
    let image = Image::of(&recorded).unwrap();
    let rates = Rates::none();
    let policy = Policy::default_policy();
    let state = StageState::new(&policy, Zone::default(), &rates);
    let folded = fold(state, &image, Timestamp::from_micros(until), Timestamp::MAX);
    match (walk(events, until), folded) {
        (None, None) => {}
        (Some(walked), Some(folded)) => {
            assert_agree(&walked, &folded, &format!("seed {seed}, until {until}"));
        }
        (walked, folded) => panic!("seed {seed}, until {until}: {walked:?} but {folded:?}"),
    }
}

/// Dates found by bisection and in closed form may differ by a few microseconds.
const ROUNDING_US: u64 = 3;

#[track_caller]
fn assert_agree(walked: &Arrived, folded: &StageView, which: &str) {
    let says = || format!("{which}\n{walked:#?}\n{folded:#?}");
    assert_eq!(walked.transitions.len(), folded.transitions.len(), "{}", says());
    for (walked, folded) in walked.transitions.iter().zip(&folded.transitions) {
        assert_eq!(walked.from.name(), folded.from.as_str(), "{}", says());
        assert_eq!(walked.to.name(), folded.to.as_str(), "{}", says());
        assert!(walked.at.abs_diff(folded.at.micros()) <= ROUNDING_US, "{}", says());
    }
    assert_eq!(walked.stage.name(), folded.name.as_str(), "{}", says());
    for (flag, up) in
        [(Flag::Watch, walked.watch), (Flag::Stalled, walked.stalled), (Flag::WonBack, walked.won_back)]
    {
        assert_eq!(folded.flags.contains(&flag), up, "{flag:?}: {}", says());
    }
    match (&walked.next, &folded.next) {
        (None, None) => {}
        (Some(walked), Some(folded)) => {
            assert_eq!(walked.to.name(), folded.name.as_str(), "{}", says());
            assert!(walked.at.abs_diff(folded.at.micros()) <= ROUNDING_US, "{}", says());
        }
        _ => panic!("{}", says()),
    }
}

#[test]
fn what_was_found_before_stands_after() {
    for seed in 0..100 {
        let events = history(seed);
        let mut found: Vec<Arrived> = Vec::new();
        let mut instants = instants(seed, &events);
        instants.sort_unstable();
        for until in instants {
            found.extend(walk(&events, until));
        }
        for pair in found.windows(2) {
            assert!(pair[1].transitions.starts_with(&pair[0].transitions), "seed {seed}");
        }
    }
}

#[test]
fn what_was_predicted_comes_when_nothing_happens() {
    for seed in 0..100 {
        let events = history(seed);
        let Some(until) = events.iter().map(|event| event.at).max() else { continue };
        let before = walk(&events, until).unwrap();
        let Some(next) = before.next else { continue };
        assert_eq!(walk(&events, next.at - 1).unwrap().transitions, before.transitions, "seed {seed}");
        let after = walk(&events, next.at).unwrap();
        assert_eq!(after.transitions[before.transitions.len()], next, "seed {seed}");
    }
}

#[test]
fn the_random_histories_reach_every_corner() {
    let mut turns = std::collections::BTreeMap::new();
    let (mut watch, mut stalled, mut won_back, mut at_once) = (0, 0, 0, 0);
    for seed in 0..SEEDS {
        let events = history(seed);
        for until in instants(seed, &events) {
            let Some(arrived) = walk(&events, until) else { continue };
            watch += u32::from(arrived.watch);
            stalled += u32::from(arrived.stalled);
            won_back += u32::from(arrived.won_back);
            at_once += u32::from(arrived.transitions.windows(2).any(|pair| pair[0].at == pair[1].at));
            for turn in arrived.transitions {
                *turns.entry(format!("{:?} {:?}", turn.from, turn.to)).or_insert(0) += 1;
            }
        }
    }
    assert!([watch, stalled, won_back, at_once].iter().all(|count| *count >= 20));
    // Every line of the table: four to churn, one back, two settling, two declining, two between, two recovering.
    assert_eq!(turns.len(), 4 + 1 + 2 + 2 + 2 + 2, "{turns:?}");
    // Within 60 days the two rates cannot differ by ln 1.2 unless something was returned: growth from the start is rare.
    let settled_growing = turns.remove(&format!("{:?} {:?}", Stage::Acquisition, Stage::Growth));
    assert!(settled_growing.is_some_and(|count| count >= 3));
    assert!(turns.values().all(|count| *count >= 20), "{turns:?}");
}
