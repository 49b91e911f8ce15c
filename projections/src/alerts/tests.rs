//! Scenarios of alerts: when each begins, when it ends, and that it does not flap in between. Days in UTC.

use serde_json::json;

use super::*;
use crate::directives::KeyAccountView;
use crate::epoch::Epoch;
use crate::evaluation::{Weight, Yardstick};
use crate::event::EventType;
use crate::id::AccountId;
use crate::policy::Policy;
use crate::position::Position;
use crate::rates::Rates;
use crate::setting::Setting;
use crate::story::{Story, at, person};
use crate::time::Zone;

/// What holds beside a story.
struct World {
    story: Story,
    policy: Policy,
    member: bool,
    yardstick: Option<Yardstick>,
    news: Option<ListNews>,
}

impl World {
    fn new(story: Story) -> Self {
        Self { story, policy: Policy::default_policy(), member: false, yardstick: None, news: None }
    }

    fn key(story: Story) -> Self {
        Self { member: true, ..Self::new(story) }
    }

    fn alerts(&self, as_of: &str) -> Vec<Alert> {
        self.alerts_known(as_of, Timestamp::MAX)
    }

    fn alerts_known(&self, as_of: &str, known_at: Timestamp) -> Vec<Alert> {
        let (image, epoch, rates) = (self.story.image(), Epoch::default(), Rates::none());
        let zone = Zone::named("UTC").unwrap();
        let key_account = KeyAccountView { member: self.member, ..KeyAccountView::default() };
        let setting = Setting {
            policy: &self.policy,
            zone,
            rates: &rates,
            names: image.names(),
            epoch: &epoch,
            own: None,
            fit: None,
            key_account,
        };
        let as_of = at(as_of);
        let midnights = Midnights::before(as_of, zone, &self.policy.alerts);
        let spans = [Span { first: 0, setting, yardstick: self.yardstick.as_ref() }];
        let account = AccountId::new("acme").unwrap();
        let found = alerts_of(&account, &image, (&midnights, &spans), self.news.as_ref(), (as_of, known_at));
        found.map(|(_, alerts)| alerts).unwrap_or_default()
    }

    fn find(&self, kind: AlertKind, as_of: &str) -> Option<Alert> {
        self.alerts(as_of).into_iter().find(|alert| alert.why.kind() == kind)
    }

    /// Checks since when an alert stands at each of some instants; `-` where it does not.
    #[track_caller]
    fn check(&self, kind: AlertKind, expected: &[(&str, &str)]) {
        for (as_of, since) in expected {
            let found = self.find(kind, as_of).map_or("-".to_owned(), |alert| alert.since.to_string());
            let since = if *since == "-" { "-".to_owned() } else { at(since).to_string() };
            assert_eq!(found, since, "{} at {as_of}", kind.as_str());
        }
    }
}

fn opened() -> Story {
    let mut story = Story::default();
    story.opened(at("2026-01-01T08:00"));
    story
}

fn promise(story: &mut Story, made: &str, id: &str, due: &str, weight: &str) {
    let data = json!({ "commitment": id, "by": "us", "due": due, "critical": weight == "critical" });
    story.tell(at(made), EventType::CommitmentMade, data);
}

/// A visit with somebody who decides.
fn visit(story: &mut Story, when: &str) {
    let data = json!({ "channel": "visit", "ours": [person(1)], "customer": [person(10)] });
    story.tell(at(when), EventType::MeetingHeld, data);
}

fn decides(story: &mut Story) {
    let data = json!({ "contact": person(10), "name": "AAAA", "side": "customer", "role": "decision" });
    story.tell(at("2026-01-01T08:00"), EventType::ContactAdded, data);
}

#[test]
fn a_promise_is_due_soon_then_overdue_then_over() {
    let mut story = opened();
    promise(&mut story, "2026-01-05", "v", "2026-02-10T12:00:00Z", "critical");
    story.tell(at("2026-02-20"), EventType::CommitmentKept, json!({ "commitment": "v" }));
    let world = World::new(story);
    let soon = [
        ("2026-02-07T11:59", "-"),
        ("2026-02-07T12:00", "2026-02-07T12:00"),
        ("2026-02-10T12:00", "2026-02-07T12:00"),
        ("2026-02-10T12:01", "-"),
    ];
    world.check(AlertKind::PromiseDue, &soon);
    let late = [
        ("2026-02-10T12:00", "-"),
        ("2026-02-10T12:01", "2026-02-10T12:00"),
        ("2026-02-19", "2026-02-10T12:00"),
        ("2026-02-20", "-"),
    ];
    world.check(AlertKind::PromiseOverdue, &late);
    let alert = world.find(AlertKind::PromiseOverdue, "2026-02-19").unwrap();
    assert_eq!((alert.severity, alert.events.len()), (Severity::High, 1));
}

#[test]
fn a_promise_made_late_is_due_from_its_making_on() {
    let mut story = opened();
    promise(&mut story, "2026-02-09", "v", "2026-02-10T12:00:00Z", "ordinary");
    let world = World::new(story);
    world.check(AlertKind::PromiseDue, &[("2026-02-08", "-"), ("2026-02-09T01:00", "2026-02-09")]);
    let alert = world.find(AlertKind::PromiseOverdue, "2026-02-19").unwrap();
    assert_eq!(alert.severity, Severity::Medium);
}

#[test]
fn a_contract_expires_and_an_invoice_is_not_paid() {
    let mut story = opened();
    let data = json!({ "contract": "c", "expires": "2026-06-30T00:00:00Z" });
    story.tell(at("2026-01-02"), EventType::ContractSigned, data);
    let amount = json!({ "amount": "100", "currency": "CNY" });
    let data = json!({ "invoice": "i", "amount": amount, "due": "2026-03-01T00:00:00Z" });
    story.tell(at("2026-02-01"), EventType::InvoiceIssued, data);
    story.tell(at("2026-03-20"), EventType::PaymentReceived, json!({ "invoice": "i", "amount": amount }));
    let world = World::new(story);
    let expiring = [
        ("2026-04-30", "-"),
        ("2026-05-01", "2026-05-01"),
        ("2026-06-30", "2026-05-01"),
        ("2026-07-01", "-"),
    ];
    world.check(AlertKind::ContractExpiring, &expiring);
    let unpaid = [
        ("2026-03-01", "-"),
        ("2026-03-02", "2026-03-01"),
        ("2026-03-19", "2026-03-01"),
        ("2026-03-20", "-"),
    ];
    world.check(AlertKind::ReceivableOverdue, &unpaid);
}

/// Closed on 10 January: news for 30 days; nothing else is asked of a closed account.
#[test]
fn a_change_of_stage_is_news() {
    let mut story = opened();
    story.closed(at("2026-01-10T10:00"));
    let world = World::key(story);
    let news = [
        ("2026-01-10T09:59", "-"),
        ("2026-01-10T10:00", "2026-01-10T10:00"),
        ("2026-02-09T09:59", "2026-01-10T10:00"),
        ("2026-02-09T10:00", "-"),
    ];
    world.check(AlertKind::StageChanged, &news);
    let alert = world.find(AlertKind::StageChanged, "2026-01-11").unwrap();
    assert_eq!(alert.events.iter().map(|event| event.position).collect::<Vec<_>>(), [Position(1)]);
    assert_eq!(world.alerts("2026-06-01"), []);
}

#[test]
fn the_key_list_is_news() {
    let mut world = World::key(opened());
    let review =
        EventRef { position: Position(7), event_type: EventType::ReviewHeld, occurred_at: at("2026-02-01") };
    world.news = Some(ListNews { change: ListChange::Entered, rule: ListRule::Filled, review });
    let news = [
        ("2026-01-31", "-"),
        ("2026-02-02", "2026-02-01"),
        ("2026-03-02", "2026-02-01"),
        ("2026-03-03", "-"),
    ];
    world.check(AlertKind::KeyListEntered, &news);
    world.news = Some(ListNews { change: ListChange::Left, rule: ListRule::FellOut, review });
    world.check(AlertKind::KeyListLeft, &news);
}

/// Those who decide were last spoken to on 10 January at 09:00: 60 days are over on 11 March at 09:00, and the next
/// midnight is that of 12 March. A visit on 1 April ends it at the midnight after.
#[test]
fn those_who_decide_are_silent_from_a_midnight_to_a_midnight() {
    let mut story = opened();
    decides(&mut story);
    visit(&mut story, "2026-01-10T09:00");
    visit(&mut story, "2026-04-01T10:00");
    let world = World::key(story.clone());
    let silent = [
        ("2026-03-11T23:59", "-"),
        ("2026-03-12", "2026-03-12"),
        ("2026-03-12T18:00", "2026-03-12"),
        ("2026-03-25", "2026-03-12"),
        ("2026-04-01T12:00", "2026-03-12"),
        ("2026-04-02", "-"),
    ];
    world.check(AlertKind::DecisionSilent, &silent);
    let alert = world.find(AlertKind::DecisionSilent, "2026-03-25").unwrap();
    assert_eq!((alert.severity, alert.since_or_earlier), (Severity::Medium, false));
    assert_eq!(alert.events.iter().map(|event| event.position).collect::<Vec<_>>(), [Position(2)]);
    World::new(story).check(AlertKind::DecisionSilent, &[("2026-03-25", "-")]);
}

/// Beyond the midnights looked at nothing is claimed.
#[test]
fn an_old_alert_says_that_it_may_be_older() {
    let mut story = opened();
    decides(&mut story);
    visit(&mut story, "2026-01-10T09:00");
    let alert = World::key(story).find(AlertKind::DecisionSilent, "2029-01-01T12:00").unwrap();
    // 366 midnights, the last one that of 1 January 2029 itself.
    assert_eq!((alert.since, alert.since_or_earlier), (at("2028-01-02"), true));
}

/// Coverage of one visited person who decides, t days ago: 100 (.6 .3 d + .4 d/(d + 1.5)), d = 2^(-t/60). On the day
/// itself 34 of 100, so low at every midnight; never visited: 0.
#[test]
fn the_coverage_of_a_key_account_is_low() {
    let mut story = opened();
    decides(&mut story);
    let world = World::key(story);
    world.check(
        AlertKind::CoverageLow,
        &[("2026-01-01T12:00", "-"), ("2026-01-02", "2026-01-02"), ("2026-02-01", "2026-01-02")],
    );
    let alert = world.find(AlertKind::CoverageLow, "2026-02-01").unwrap();
    let Why::CoverageLow { coverage, roles_silent } = &alert.why else { panic!("{alert:?}") };
    assert_eq!((*coverage, roles_silent.len()), (0.0, 5));
}

/// One colleague holds the only visit; faded to half of itself after 90 days.
#[test]
fn one_colleague_carries_the_contact_while_there_is_any() {
    let mut story = opened();
    visit(&mut story, "2026-01-10");
    let world = World::new(story.clone());
    let alone = [
        ("2026-01-09", "-"),
        ("2026-01-10", "2026-01-10"),
        ("2026-04-10", "2026-01-10"),
        ("2026-04-11", "-"),
    ];
    world.check(AlertKind::OneColleague, &alone);
    let other = json!({ "channel": "call", "ours": [person(2)], "customer": [person(10)] });
    story.tell(at("2026-02-01T15:00"), EventType::MeetingHeld, other);
    World::new(story)
        .check(AlertKind::OneColleague, &[("2026-02-01T23:00", "2026-01-10"), ("2026-02-02", "-")]);
}

/// Ordered each 30 days to 1 May 2026; the own rhythm outlasts a silence of s days with (G' / (G' + s))^(r + N).
#[test]
fn a_silent_key_account_and_its_decline_are_foreseen() {
    let mut story = opened();
    for place in 0..5 {
        story.order(at("2026-01-01T09:00").plus_days(30.0 * f64::from(place)), &format!("o{place}"), "100");
    }
    let world = World::key(story.clone());
    let next = at("2026-05-01T09:00");
    let silent = world.find(AlertKind::Silent, "2026-12-01").unwrap();
    let Why::Silent { p, .. } = silent.why else { panic!("{silent:?}") };
    assert!(p <= 0.25);
    // The midnight before it was not silent yet.
    assert_eq!(world.find(AlertKind::Silent, &silent.since.plus_micros(-1).to_string()), None);
    world.check(AlertKind::Silent, &[(&silent.since.to_string(), &silent.since.to_string())]);
    assert!(silent.since > next);
    let predicted = world.alerts(&next.plus_days(40.0).to_string());
    let foreseen = |days: f64| world.find(AlertKind::DeclinePredicted, &next.plus_days(days).to_string());
    let declines = (0..400).find_map(|days| foreseen(f64::from(days)));
    let Some(Alert { why: Why::DeclinePredicted { at: decline, .. }, since, severity, events, .. }) =
        declines
    else {
        panic!("{predicted:?}")
    };
    assert!(decline.days_since(since) <= 14.0 && decline.days_since(since) > 13.0);
    assert_eq!((severity, events.len()), (Severity::High, 1));
    let just = |micros| world.find(AlertKind::DeclinePredicted, &decline.plus_micros(micros).to_string());
    assert_eq!(just(-1).map(|alert| alert.since), Some(since));
    assert_eq!(just(2 * crate::time::DAY_US), None, "the decline has come");
    World::new(story).check(AlertKind::DeclinePredicted, &[(&decline.to_string(), "-")]);
}

/// Four critical promises said to be broken on 1 March take integrity, a fifth of health, from .7 to 2.8/20.
#[test]
fn health_has_fallen_for_as_long_as_the_days_compared() {
    let mut story = opened();
    for id in ["a", "b", "c", "d"] {
        promise(&mut story, "2026-01-05", id, "2026-12-31", "critical");
        story.tell(at("2026-03-01T10:00"), EventType::CommitmentBroken, json!({ "commitment": id }));
    }
    let world = World::new(story);
    let fallen = [
        ("2026-03-01T20:00", "-"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-20", "2026-03-02"),
        ("2026-03-31T23:00", "2026-03-02"),
        ("2026-04-01", "-"),
    ];
    world.check(AlertKind::HealthFallen, &fallen);
    let alert = world.find(AlertKind::HealthFallen, "2026-03-20").unwrap();
    let Why::HealthFallen { from, to, dimensions, .. } = &alert.why else { panic!("{alert:?}") };
    assert!(from - to >= 10.0);
    assert_eq!(dimensions[0].dimension, crate::event::assessment::Dimension::Integrity);
    assert!(!alert.events.is_empty());
}

#[test]
fn what_we_give_without_return_exposes_us() {
    let mut story = opened();
    for place in 0..40 {
        let data = json!({ "concession": format!("x{place}"), "by": "us", "form": "price", "reason": "r" });
        story.tell(at("2026-01-05"), EventType::ConcessionGranted, data);
    }
    let world = World::new(story.clone());
    let alert = world.find(AlertKind::Exposed, "2026-06-01").unwrap();
    assert_eq!(alert.events.len(), 5);
    assert_eq!(world.find(AlertKind::Exposed, &alert.since.plus_micros(-1).to_string()), None);
    story.tell(at("2026-06-02T10:00"), EventType::FavourReceived, json!({ "form": "preferred_supplier" }));
    let world = World::new(story);
    world.check(AlertKind::Exposed, &[("2026-06-02T12:00", &alert.since.to_string()), ("2026-06-03", "-")]);
}

#[test]
fn effort_is_held_against_importance() {
    let mut story = opened();
    story.tell(at("2026-01-05"), EventType::EffortSpent, json!({ "hours": 30.0 }));
    let total = Weight { score: 1_000.0, hours: 100.0, cost: 0.0 };
    let yardstick = Yardstick { score_low: 10.0, score_high: 90.0, total };
    let world = World { yardstick: Some(yardstick), ..World::new(story.clone()) };
    world.check(
        AlertKind::EffortTooHigh,
        &[("2026-01-04", "-"), ("2026-01-05", "2026-01-05"), ("2026-02-01", "2026-01-05")],
    );
    let total = Weight { hours: 100_000.0, ..total };
    let world = World { yardstick: Some(Yardstick { total, ..yardstick }), ..World::key(story.clone()) };
    world.check(AlertKind::EffortTooLow, &[("2026-02-01", "2026-01-02")]);
    let world = World { yardstick: Some(Yardstick { total, ..yardstick }), ..World::new(story) };
    world.check(AlertKind::EffortTooLow, &[("2026-02-01", "-")]);
}

/// A key account of little confidence, never evaluated: due after 7 to 30 days; an evaluation ends it.
#[test]
fn an_evaluation_is_overdue_until_it_is_held() {
    let mut story = opened();
    let before = World::key(story.clone());
    let overdue = before.find(AlertKind::EvaluationOverdue, "2026-02-20").unwrap();
    let Why::EvaluationOverdue { due, last: None } = overdue.why else { panic!("{overdue:?}") };
    assert!(overdue.since >= due && overdue.since.days_since(due) < 1.0);
    story.tell(
        at("2026-02-20T10:00"),
        EventType::AccountEvaluated,
        json!({ "findings": "AAAA", "adjustments": [] }),
    );
    let after = World::key(story);
    let since = overdue.since.to_string();
    after.check(AlertKind::EvaluationOverdue, &[("2026-02-20T12:00", &since), ("2026-02-21", "-")]);
    before.check(AlertKind::ConfidenceLow, &[("2026-01-15", "2026-01-02")]);
}

/// An industry leader, judged high in everything, with nobody to speak to.
#[test]
fn an_important_account_hangs_by_a_thread() {
    let mut story = opened();
    for _ in 0..20 {
        for dimension in ["sales", "potential", "demonstration", "winnability"] {
            let data = json!({ "dimension": dimension, "value": 1.0, "reason": "AAAA" });
            story.tell(at("2026-01-10T10:00"), EventType::AssessmentMade, data);
        }
    }
    let world = World::new(story.clone());
    world.check(
        AlertKind::SingleThreaded,
        &[("2026-01-10T12:00", "-"), ("2026-01-11", "2026-01-11"), ("2026-02-01", "2026-01-11")],
    );
    let all = json!({ "channel": "meeting", "ours": [], "customer": [person(10), person(11), person(12)] });
    story.tell(at("2026-02-01T10:00"), EventType::MeetingHeld, all);
    World::new(story).check(AlertKind::SingleThreaded, &[("2026-02-02", "-")]);
}

/// What happened after T, or was recorded after K, does not matter.
#[test]
fn nothing_later_changes_an_alert() {
    let mut story = opened();
    decides(&mut story);
    visit(&mut story, "2026-01-10T09:00");
    promise(&mut story, "2026-01-11", "v", "2026-03-01", "ordinary");
    let known = i64::try_from(story.image().len()).unwrap() - 1;
    let known_at = Timestamp::MIN.plus_micros(known);
    let before = World::key(story.clone()).alerts_known("2026-04-01T15:00", known_at);
    assert!(before.len() >= 4, "{before:?}");
    story.order(at("2026-02-01"), "recorded late", "100");
    visit(&mut story, "2026-04-01T15:01");
    story.closed(at("2026-05-01"));
    assert_eq!(World::key(story).alerts_known("2026-04-01T15:00", known_at), before);
}
