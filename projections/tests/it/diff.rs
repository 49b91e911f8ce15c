//! Differences sum to the change, and what-ifs are refolds, on random histories with late and corrected events.

use std::collections::BTreeSet;

use guanxi_projections::diff::{Class, Difference, Side};
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::position::Position;
use guanxi_projections::setting::Setting;
use guanxi_projections::time::Timestamp;
use guanxi_projections::whatif::Comparison;

use crate::figures::beside::Beside;
use crate::figures::generate::{Chance, history};
use crate::figures::told::Told;

const SEEDS: u64 = 600;

fn some_knowledge(told: &Told, chance: &mut Chance) -> Timestamp {
    told.recorded()[chance.below(told.recorded().len())].envelope.recorded_at
}

fn sorted<T: PartialOrd>(pair: [T; 2]) -> [T; 2] {
    let [a, b] = pair;
    if a <= b { [a, b] } else { [b, a] }
}

#[track_caller]
fn check(which: &str, difference: &Difference) {
    for change in &difference.measures {
        let explained: f64 = change.classes.iter().map(|class| class.points).sum();
        assert!((change.change - explained).abs() < 1e-9, "{which}: {change:?}");
        assert!(change.residual.abs() < 1e-9, "{which}: {change:?}");
        for class in &change.classes {
            let parts: f64 = class.parts.iter().map(|part| part.points).sum();
            let events: f64 = class.events.iter().map(|event| event.points).sum();
            let inside = match class.class {
                Class::Policy | Class::KeyList => continue,
                Class::Epoch => parts,
                Class::Faded | Class::Corrected | Class::Late | Class::New => events,
            };
            assert!((class.points - inside).abs() < 1e-9, "{which}: {} {class:?}", change.measure.as_str());
        }
    }
}

#[test]
fn the_classes_of_a_difference_sum_to_the_change_and_each_to_its_events() {
    let mut seen = BTreeSet::new();
    for seed in 0..SEEDS {
        let mut chance = Chance::seeded(seed ^ 0xd1);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let (earlier, mut later) = (Beside::usual(&mut chance), Beside::usual(&mut chance));
        if chance.once_in(2) {
            later.policy.health.weights.engagement = 0.05;
            later.policy.health.weights.service = 0.30;
        }
        let [from, to] = sorted([told.some_time(&mut chance), told.some_time(&mut chance).plus_days(30.0)]);
        let known = sorted([some_knowledge(&told, &mut chance), some_knowledge(&told, &mut chance)]);
        let from = Side { as_of: from, known_at: known[0], setting: earlier.setting(&image) };
        let setting = Setting { ..later.setting(&image) };
        let to = Side { as_of: to, known_at: known[1], setting };
        let difference = Difference::between(&AccountId::new("acme").unwrap(), &image, &from, &to);
        check(&format!("seed {seed}"), &difference);
        for (place, change) in difference.measures.iter().enumerate() {
            let ends = [(&earlier, &from, change.from), (&later, &to, change.to)];
            for (beside, side, value) in ends {
                let view = beside.fold(&image, side.as_of, side.known_at);
                let read = change.measure.read(&view).unwrap_or(0.0);
                let value = value.unwrap_or(0.0);
                assert!((value - read).abs() < 1e-12, "seed {seed}: measure {place}");
            }
            seen.extend(change.classes.iter().map(|class| class.class));
        }
        let top = difference.top(2);
        assert!(top.measures.iter().flat_map(|change| &change.classes).all(|class| class.events.len() <= 2));
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
}

#[test]
fn a_side_is_no_different_from_itself() {
    for seed in 0..SEEDS / 10 {
        let mut chance = Chance::seeded(seed ^ 0xd2);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::usual(&mut chance);
        let side = Side {
            as_of: told.some_time(&mut chance),
            known_at: Timestamp::MAX,
            setting: beside.setting(&image),
        };
        let difference = Difference::between(&AccountId::new("acme").unwrap(), &image, &side, &side);
        assert!(difference.measures.iter().all(|change| change.classes.is_empty()), "seed {seed}");
        assert!(difference.stage.is_none() && difference.transitions.is_empty(), "seed {seed}");
    }
}

/// Without an event, and added again: what is left, and what there was.
#[test]
fn a_history_without_an_event_folds_as_one_that_never_had_it() {
    for seed in 0..SEEDS {
        let mut chance = Chance::seeded(seed ^ 0xd3);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::usual(&mut chance);
        let (as_of, known_at) = (told.some_time(&mut chance), some_knowledge(&told, &mut chance));
        let masked: BTreeSet<Position> =
            (0..=chance.below(3)).map(|_| Position(chance.below(told.recorded().len()) as u64)).collect();
        let imagined = image.imagined(known_at, &masked).unwrap();
        let left: Vec<_> = told
            .recorded()
            .iter()
            .filter(|event| !masked.contains(&event.envelope.position))
            .cloned()
            .collect();
        let never = Image::of(&left).unwrap();
        let after = beside.fold(&imagined, as_of, known_at);
        assert_eq!(after, beside.fold(&never, as_of, known_at), "seed {seed}");
        let before = beside.fold(&image, as_of, known_at);
        for compared in Comparison::of(&before, &after).measures {
            assert_eq!(compared.before, compared.measure.read(&before), "seed {seed}");
            assert_eq!(compared.after, compared.measure.read(&after), "seed {seed}");
        }
        let nothing = image.imagined(known_at, &BTreeSet::new()).unwrap();
        assert_eq!(beside.fold(&nothing, as_of, known_at), before, "seed {seed}");
    }
}

/// Adding events to what was known folds as if they had been recorded.
#[test]
fn added_events_fold_as_recorded_ones() {
    for seed in 0..SEEDS / 4 {
        let mut chance = Chance::seeded(seed ^ 0xd4);
        let told = history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::usual(&mut chance);
        let (as_of, cut) = (told.some_time(&mut chance), chance.below(told.recorded().len()));
        let known_at = told.recorded()[cut].envelope.recorded_at;
        let mut imagined = image.imagined(known_at, &BTreeSet::new()).unwrap();
        for recorded in &told.recorded()[cut + 1..] {
            let mut added = recorded.clone();
            added.envelope.recorded_at = known_at;
            imagined.admit(&added, |_, _| None).unwrap();
        }
        let all = beside.fold(&image, as_of, Timestamp::MAX);
        assert_eq!(beside.fold(&imagined, as_of, known_at), all, "seed {seed}");
    }
}
