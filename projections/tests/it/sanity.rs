//! What the figures must say of simple relationships, and what no history may bring about.

use guanxi_projections::account::{AccountState, AccountView};
use guanxi_projections::directives::KeyAccountView;
use guanxi_projections::epoch::Epoch;
use guanxi_projections::event::EventType;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::policy::Policy;
use guanxi_projections::projection::fold;
use guanxi_projections::rates::Rates;
use guanxi_projections::setting::Setting;
use guanxi_projections::stage::{Stage, StageView};
use guanxi_projections::time::{Timestamp, Zone};
use serde_json::json;

use super::figures::generate::{Chance, history};
use super::figures::told::Told;

fn start() -> Timestamp {
    "2023-01-01T00:00:00Z".parse().unwrap()
}

fn day(number: f64) -> Timestamp {
    start().plus_days(number)
}

fn opened() -> Told {
    let mut told = Told::default();
    told.tell(start(), EventType::AccountOpened, json!({ "name": "Acme" }));
    told
}

fn read(told: &Told, as_of: Timestamp) -> AccountView {
    let (policy, rates) = (Policy::default_policy(), Rates::none());
    let epoch = Epoch { m0: Some(20_000.0), v0: Some(20_000.0), v1: Some(300_000.0), ..Epoch::default() };
    let image = Image::of(told.recorded()).unwrap();
    let setting = Setting {
        policy: &policy,
        zone: Zone::default(),
        rates: &rates,
        names: image.names(),
        epoch: &epoch,
        own: None,
        fit: None,
        key_account: KeyAccountView::default(),
    };
    fold(AccountState::new(AccountId::new("acme").unwrap(), setting), &image, as_of, Timestamp::MAX)
}

fn stage(told: &Told, as_of: Timestamp) -> StageView {
    read(told, as_of).figures.stage.unwrap()
}

fn order(told: &mut Told, number: f64, amount: f64) {
    let data = json!({ "order": format!("o{number}"), "amount": { "amount": format!("{amount:.2}"), "currency": "CNY" } });
    told.tell(day(number), EventType::OrderPlaced, data);
}

#[test]
fn a_steady_buyer_makes_no_transition_after_maturity() {
    for (seed, gap, occasions, wobble) in
        [(1, 7.0, 250, 0.0), (2, 30.0, 60, 0.1), (3, 45.0, 40, 0.1), (4, 91.0, 20, 0.1), (5, 180.0, 10, 0.0)]
    {
        let mut chance = Chance::seeded(seed);
        let mut told = opened();
        for occasion in 0..occasions {
            let shift = wobble * gap * (chance.share() - 0.5);
            order(&mut told, f64::from(occasion) * gap + 1.0 + shift.max(0.0), 1_000.0);
        }
        let view = stage(&told, told.last());
        assert_eq!(view.name, Stage::Maturity, "every {gap} days: {view:?}");
        assert_eq!(view.transitions.len(), 1, "every {gap} days: {view:?}");
    }
}

#[test]
fn one_huge_order_does_not_top_a_steady_buyer_of_the_same_yearly_amount() {
    let (mut steady, mut huge) = (opened(), opened());
    for month in 0..12 {
        order(&mut steady, 1.0 + 30.0 * f64::from(month), 10_000.0);
    }
    order(&mut huge, 1.0 + 30.0 * 11.0, 120_000.0);
    let as_of = day(340.0);
    let (steady, huge) = (read(&steady, as_of).figures, read(&huge, as_of).figures);
    assert!(huge.score.dimensions.sales.value < steady.score.dimensions.sales.value);
    assert!(huge.score.value < steady.score.value);
    assert!(huge.outlook.unwrap().active_probability < steady.outlook.unwrap().active_probability);
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Weight {
    Ordinary,
    Critical,
}

impl Weight {
    fn any(chance: &mut Chance) -> Self {
        if chance.once_in(2) { Self::Critical } else { Self::Ordinary }
    }
}

fn promise(told: &mut Told, id: &str, made: f64, due: f64, weight: Weight) {
    let data =
        json!({ "commitment": id, "by": "us", "due": day(due), "critical": weight == Weight::Critical });
    told.tell(day(made), EventType::CommitmentMade, data);
}

fn integrity(told: &Told, as_of: Timestamp) -> f64 {
    read(told, as_of).figures.health.dimensions.integrity.value
}

#[test]
fn trivial_kept_promises_do_not_hide_a_critical_broken_one() {
    let mut told = opened();
    promise(&mut told, "big", 1.0, 30.0, Weight::Critical);
    told.tell(day(30.0), EventType::CommitmentBroken, json!({ "commitment": "big" }));
    for number in 0..500 {
        let (id, at) = (format!("small{number}"), 31.0 + f64::from(number) / 10.0);
        promise(&mut told, &id, at, at + 1.0, Weight::Ordinary);
        told.tell(day(at + 0.5), EventType::CommitmentKept, json!({ "commitment": id }));
    }
    let with = integrity(&told, day(82.0));
    assert!(with < 70.0, "{with}, but the bare prior is 70");
}

/// A promise at random: moved again and again, each time before it is due.
fn postponed(chance: &mut Chance, moves: usize) -> (Told, Weight, Vec<(f64, f64)>) {
    let mut told = opened();
    let weight = Weight::any(chance);
    promise(&mut told, "c", 1.0, 20.0, weight);
    let (mut at, mut due, mut made) = (1.0, 20.0, Vec::new());
    for _ in 0..moves {
        at += chance.share() * (due - at);
        due = at + 1.0 + chance.share() * 60.0;
        told.tell(day(at), EventType::CommitmentMoved, json!({ "commitment": "c", "due": day(due) }));
        made.push((at, due));
    }
    (told, weight, made)
}

/// Postponing never pays: an open promise that was put off never stands above the bare prior, falls day by day while
/// nothing is told, falls with each further move, and ends at nothing, however it is moved; and kept in the end, it
/// is worth less than kept by its first date.
#[test]
fn postponing_never_pays() {
    for seed in 0..200 {
        let mut chance = Chance::seeded(seed);
        let moves = 1 + chance.below(8);
        let (told, weight, made) = postponed(&mut chance, moves);
        let (last, due) = made[moves - 1];
        let which = format!("seed {seed}: {made:?}");
        let mut before = 70.0_f64;
        for step in 0..120 {
            let as_of = day(last + f64::from(step) * 3.0);
            let now = integrity(&told, as_of);
            assert!(now <= before + 1e-9, "{which}: {before} then {now} after {step} steps");
            before = now;
        }
        // One move more, in time, at any instant before the due date.
        let mut again = told.clone();
        let at = last + 0.5 * (due - last);
        again.tell(day(at), EventType::CommitmentMoved, json!({ "commitment": "c", "due": day(due + 30.0) }));
        for share in [0.5, 0.75, 1.0] {
            let as_of = day(at + share * (due - at)).plus_micros(-1);
            assert!(integrity(&again, as_of) <= integrity(&told, as_of) + 1e-9, "{which}");
        }
        // Kept in the end, against kept by the first date.
        let (mut late, mut at_once) = (told.clone(), opened());
        late.tell(day(due), EventType::CommitmentKept, json!({ "commitment": "c" }));
        promise(&mut at_once, "c", 1.0, 20.0, weight);
        at_once.tell(day(20.0), EventType::CommitmentKept, json!({ "commitment": "c" }));
        assert!(integrity(&late, day(due)) < integrity(&at_once, day(20.0)), "{which}");
    }
}

#[test]
fn an_empty_account_is_grey() {
    let told = opened();
    for days in [0.0, 1.0, 89.0, 400.0, 4_000.0] {
        assert_eq!(read(&told, day(days)).figures.health.colour.as_str(), "grey", "after {days} days");
    }
}

/// No history flaps: growth and maturity do not turn into each other twice within the dwell, whatever is told; and no
/// stage is left and entered again within the dwell without an event at or between. (Stages of no length are no
/// flapping: an account may settle and decline at one instant.)
#[test]
fn no_history_flaps() {
    let dwell = Policy::default_policy().stage.growth.dwell_days;
    let mut swings = 0;
    for seed in 0..1_000 {
        let mut chance = Chance::seeded(seed ^ 0xf1);
        let mut told = if chance.once_in(2) { history(&mut chance) } else { opened() };
        let mut at = 0.0;
        for _ in 0..chance.below(60) {
            at += 1.0 + chance.share() * 40.0;
            order(&mut told, at, 100.0 * (1.0 + 9.0 * chance.share().powi(3)));
        }
        let view = stage(&told, told.last().plus_days(2_000.0));
        for pair in view.transitions.windows(2) {
            let [first, second] = pair else { continue };
            let days = second.at.days_since(first.at);
            let swung = |stage| matches!(stage, Stage::Growth | Stage::Maturity);
            if swung(first.from) && swung(first.to) && swung(second.to) {
                swings += 1;
                assert!(days >= dwell, "seed {seed}: {first:?} then {second:?}");
            }
            if second.to == first.from && days < dwell {
                let told = told.in_force(Timestamp::MAX, Timestamp::MAX);
                let between = told.iter().any(|event| event.at >= first.at && event.at <= second.at);
                assert!(between, "seed {seed}: {first:?} then {second:?}");
            }
        }
    }
    assert!(swings >= 20, "{swings}");
}

/// What is predicted happens when it is predicted, if nothing is told.
#[test]
fn predictions_come_true() {
    let mut predicted = 0;
    for seed in 0..300 {
        let mut chance = Chance::seeded(seed ^ 0x9e);
        let told = history(&mut chance);
        let mut view = stage(&told, told.last());
        while let Some(next) = view.next {
            let (before, then) = (stage(&told, next.at.plus_micros(-1)), stage(&told, next.at));
            assert_eq!(before.transitions, view.transitions, "seed {seed}");
            let came = then.transitions[view.transitions.len()];
            assert_eq!(
                (came.to, came.at, came.cause.kind()),
                (next.name, next.at, next.cause),
                "seed {seed}"
            );
            predicted += 1;
            view = then;
        }
    }
    assert!(predicted >= 200, "{predicted}");
}
