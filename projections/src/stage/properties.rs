//! What must hold of the stage for any history.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{Cause, Stage, StageState, StageView, Transition};
use crate::policy::Policy;
use crate::projection::{Projection as _, fold};
use crate::rates::Rates;
use crate::state_hash::state_hash;
use crate::story::{Story, at};
use crate::time::{DAY_US, Timestamp, Zone};

/// What happens next in a random history.
#[derive(Debug, Clone)]
enum Step {
    Order(u32),
    Return { named: Option<u8>, amount: u32 },
    Met,
    Closed,
    Reopened,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0_u32..100_000).prop_map(Step::Order),
        2 => (prop::option::of(0_u8..30), 0_u32..200_000)
            .prop_map(|(named, amount)| Step::Return { named, amount }),
        2 => Just(Step::Met),
        1 => Just(Step::Closed),
        1 => Just(Step::Reopened),
    ]
}

/// Microseconds to the next step: none, within a day, or days such as the silences and dwells are made of.
fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![
        1 => Just(0_i64),
        2 => 1..DAY_US,
        8 => (1_i64..45).prop_map(|days| days * DAY_US),
        2 => (45_i64..700).prop_map(|days| days * DAY_US),
        1 => 1..700 * DAY_US,
    ]
}

fn history() -> impl Strategy<Value = Story> {
    prop::collection::vec((pause(), step()), 1..60).prop_map(|steps| {
        let mut story = Story::default();
        let mut now = at("2020-01-01");
        story.opened(now);
        for (number, (pause, step)) in steps.into_iter().enumerate() {
            now = now.plus_micros(pause);
            tell(&mut story, now, number, &step);
        }
        story
    })
}

fn tell(story: &mut Story, now: Timestamp, number: usize, step: &Step) {
    match step {
        Step::Order(amount) => story.order(now, &format!("o{number}"), &amount.to_string()),
        Step::Return { named, amount } => {
            let order = named.map(|number| format!("o{number}"));
            story.give_back(now, order.as_deref(), &amount.to_string())
        }
        Step::Met => story.met(now, "visit"),
        Step::Closed => story.closed(now),
        Step::Reopened => story.reopened(now),
    };
}

fn shanghai<'p>(policy: &'p Policy, rates: &'p Rates) -> StageState<'p> {
    StageState::new(policy, Zone::default(), rates)
}

fn view_at(story: &Story, as_of: Timestamp) -> StageView {
    let (policy, rates) = (Policy::default_policy(), Rates::none());
    fold(shanghai(&policy, &rates), &story.image(), as_of, Timestamp::MAX).unwrap()
}

fn last_event(story: &Story) -> Timestamp {
    story.effective(Timestamp::MAX).last().unwrap().occurred_at
}

fn finite(cause: &Cause) -> bool {
    match cause {
        Cause::Event { .. } => true,
        Cause::Silence { p, median_gap_days, silent_days, .. } => {
            (0.0..=1.0).contains(p) && median_gap_days.is_none_or(f64::is_finite) && silent_days.is_finite()
        }
        Cause::Trend { g, .. } => g.is_finite(),
        Cause::Age { days, .. } => days.is_finite(),
    }
}

/// That the view holds together, and that all of it can be hashed.
fn is_sound(view: &StageView) {
    let mut stage = Stage::Acquisition;
    let mut since = None;
    for step in &view.transitions {
        assert_eq!(step.from, stage);
        assert_ne!(step.from, step.to);
        assert!(since <= Some(step.at), "{view:?}");
        assert!(finite(&step.cause), "{view:?}");
        (stage, since) = (step.to, Some(step.at));
    }
    assert_eq!(view.name, stage);
    assert!(since.is_none_or(|since| since == view.since));
    assert_eq!(state_hash(view).unwrap().len(), 64);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// What was said at T is what a later reader finds before T: whoever asked, and whatever came after.
    #[test]
    fn the_past_does_not_depend_on_what_came_after(story in history(), after in 0_i64..1200 * DAY_US) {
        let end = last_event(&story).plus_micros(after);
        let whole = view_at(&story, end);
        is_sound(&whole);
        for event in story.effective(end) {
            let then = event.occurred_at.plus_micros(after / 3).min(end);
            let until_then: Vec<Transition> =
                whole.transitions.iter().filter(|step| step.at <= then).copied().collect();
            prop_assert_eq!(view_at(&story, then).transitions, until_then);
        }
    }

    #[test]
    fn reading_changes_nothing_and_a_copy_goes_on_like_the_original(story in history(), split in 0_usize..60) {
        let (policy, rates) = (Policy::default_policy(), Rates::none());
        let history = story.image().effective(Timestamp::MAX, Timestamp::MAX);
        let end = last_event(&story).plus_days(400.0);
        let mut read = shanghai(&policy, &rates);
        let mut copy = None;
        for (index, event) in history.iter().enumerate() {
            if index == split.min(history.len() - 1) {
                copy = Some((index, read.clone()));
            }
            read.apply(event);
            let next = history.get(index + 1).map_or(end, |next| next.occurred_at);
            read.evaluate(event.occurred_at);
            read.evaluate(next);
        }
        let (index, mut copy) = copy.unwrap();
        for event in &history[index..] {
            copy.apply(event);
        }
        let expected = fold(shanghai(&policy, &rates), &story.image(), end, Timestamp::MAX);
        prop_assert_eq!(&read.evaluate(end), &expected);
        prop_assert_eq!(&copy.evaluate(end), &expected);
    }

    #[test]
    fn what_is_predicted_happens_then_and_not_a_microsecond_earlier(story in history()) {
        let mut now = last_event(&story);
        loop {
            let view = view_at(&story, now);
            let Some(next) = view.next else { break };
            prop_assert!(next.at > now);
            let before = view_at(&story, next.at.plus_micros(-1));
            prop_assert_eq!(&before.transitions, &view.transitions);
            prop_assert_eq!(before.next, view.next);
            let then = view_at(&story, next.at);
            let step = then.transitions[view.transitions.len()];
            prop_assert_eq!((step.to, step.at, step.cause.kind()), (next.name, next.at, next.cause));
            now = next.at;
        }
        let end = view_at(&story, Timestamp::MAX);
        prop_assert_eq!(end.transitions, view_at(&story, now).transitions);
    }

    #[test]
    fn growth_and_maturity_do_not_swing_within_the_dwell(story in history()) {
        let view = view_at(&story, last_event(&story).plus_days(800.0));
        for pair in view.transitions.windows(2) {
            let swing = matches!(
                (pair[1].from, pair[1].to),
                (Stage::Growth, Stage::Maturity) | (Stage::Maturity, Stage::Growth)
            );
            prop_assert!(!swing || pair[1].at.days_since(pair[0].at) >= 14.0);
        }
    }

    /// The same amount every `gap` days: maturity, and nothing after it.
    #[test]
    fn a_steady_buyer_matures_and_stays(gap in 1_i64..200, amount in 1_u32..1_000_000, hour in 0_i64..24) {
        let mut story = Story::default();
        let first = at("2020-01-01").plus_micros(hour * DAY_US / 24);
        story.opened(first);
        let orders = 3 * 365 / gap + 3;
        for number in 0..orders {
            story.order(first.plus_micros(number * gap * DAY_US), &number.to_string(), &amount.to_string());
        }
        let view = view_at(&story, last_event(&story));
        let stages: Vec<_> = view.transitions.iter().map(|step| step.to).collect();
        prop_assert_eq!(stages, [Stage::Maturity]);
    }
}

#[test]
fn absurd_histories_give_sound_views() {
    let ends = [Timestamp::MIN, at("2026-01-01"), Timestamp::MAX];
    for first in ends {
        let mut story = Story::default();
        story.opened(first).order(first, "a", "0").give_back(first, Some("a"), "999999999999999");
        story.give_back(first, None, "999999999999999").give_back(first, Some("later"), "1");
        story.order(first, "later", "999999999999999").met(first, "call");
        for then in ends.into_iter().filter(|then| *then >= first) {
            story.order(then, "c", "999999999999999.99999999");
            is_sound(&view_at(&story, then));
            is_sound(&view_at(&story, Timestamp::MAX));
        }
    }
}

#[test]
fn a_date_beyond_the_last_instant_never_comes() {
    let mut story = Story::default();
    story.order(at("9999-01-01"), "a", "1").order(at("9999-12-01"), "b", "1");
    let view = view_at(&story, Timestamp::MAX);
    assert_eq!((view.name, view.next), (Stage::Maturity, None));
}

#[test]
fn ten_thousand_orders_are_no_matter() {
    let mut story = Story::default();
    let mut now = at("1999-01-01");
    for number in 0..10_000_i64 {
        now = now.plus_micros(number % 7 * DAY_US / 5);
        story.order(now, &(number % 900).to_string(), "999999999999999");
    }
    is_sound(&view_at(&story, now));
    let view = view_at(&story, now.plus_days(4000.0));
    is_sound(&view);
    assert_eq!(view.name, Stage::Churn);
}

/// Orders given back by name leave exactly nothing to have a trend, however often sums were rounded on the way.
#[test]
fn orders_given_back_leave_no_residue() {
    let mut story = Story::default();
    let mut now = at("2024-01-01");
    for number in 0..200 {
        let id = number.to_string();
        now = now.plus_days(3.3);
        story.order(now, &id, "123456789.07").give_back(now.plus_days(1.1), Some(&id), "123456789.07");
    }
    story.order(now.plus_days(20.0), "nothing", "0");
    let view = view_at(&story, last_event(&story));
    assert_eq!(view.name, Stage::Maturity);
    assert!(matches!(view.cause, Cause::Trend { g, .. } if g.to_bits() == 0), "{view:?}");
}
