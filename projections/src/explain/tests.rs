//! The attribution of every kernel, with numbers worked out by hand.

use serde_json::{Value, json};

use super::*;
use crate::directives::KeyAccountView;
use crate::epoch::Epoch;
use crate::event::EventType;
use crate::policy::Policy;
use crate::projection::fold;
use crate::rates::Rates;
use crate::story::{Story, at};
use crate::time::Zone;

fn explained(story: &Story, measure: Measure, as_of: &str) -> Explanation {
    let (policy, rates, image) = (Policy::default_policy(), Rates::none(), story.image());
    let epoch = Epoch { m0: Some(500.0), v0: None, ..Epoch::default() };
    let setting = Setting {
        policy: &policy,
        zone: Zone::named("UTC").unwrap(),
        rates: &rates,
        names: image.names(),
        epoch: &epoch,
        own: None,
        fit: None,
        key_account: KeyAccountView::default(),
    };
    fold(Explainer::new(setting), &image, at(as_of), Timestamp::MAX).of(measure)
}

fn told(events: &[(&str, EventType, Value)]) -> Story {
    let mut story = Story::default();
    for (time, event_type, data) in events {
        story.tell(at(time), *event_type, data.clone());
    }
    story
}

/// Checks the baseline and the points by position; events without points are not listed.
#[track_caller]
fn check(explained: &Explanation, baseline: f64, expected: &[(u64, f64)]) {
    assert!((explained.baseline - baseline).abs() < 1e-4, "{explained:?}");
    let mut found: Vec<_> =
        explained.contributions.iter().map(|one| (one.event.position.0, one.points)).collect();
    found.sort_by_key(|(position, _)| *position);
    assert_eq!(found.len(), expected.len(), "{explained:?}");
    for ((found_at, found), (expected_at, expected)) in found.iter().zip(expected) {
        assert!(found_at == expected_at && (found - expected).abs() < 1e-4, "{explained:?}");
    }
    assert!(explained.residual.abs() < 1e-9, "{explained:?}");
}

#[test]
fn a_volume_is_shared_by_faded_mass() {
    let mut story = Story::default();
    // The visit's 2 have faded to 1: W = 1 + 1, W/(W + .75) = .727273, half of it each.
    story.met(at("2026-01-01"), "visit").met(at("2026-02-15"), "call");
    check(&explained(&story, Measure::Engagement, "2026-02-15"), 0.0, &[(0, 36.363_636), (1, 36.363_636)]);
}

#[test]
fn touches_beyond_the_most_of_a_day_contribute_nothing() {
    let mut story = Story::default();
    // 3 of the executive meeting leave 1 of the visit's 2, and nothing for the call: 4/4.75 = .842105.
    for channel in ["executive", "visit", "call"] {
        story.met(at("2026-01-01"), channel);
    }
    check(&explained(&story, Measure::Engagement, "2026-01-01"), 0.0, &[(0, 63.157_895), (1, 21.052_632)]);
}

#[test]
fn the_claim_is_shared_among_concessions_and_gains_stand_for_themselves() {
    let concession = |id| json!({ "concession": id, "by": "us", "form": "price", "reason": "r" });
    let story = told(&[
        ("2025-01-01", EventType::ConcessionGranted, concession("a")),
        ("2025-01-01", EventType::ConcessionGranted, concession("b")),
        ("2025-01-01", EventType::ReferenceGiven, json!({ "form": "call" })),
    ]);
    // After 365 d the claim is ln(1 + 2 (1/2 - .030070)) = .662616, the gain 1/2. Balance: the gain adds
    // .5 (.5)/2.162616, the claim takes .662615 (.5)/2.162616; times 85. Goodwill: ln(1 + 2 * .014747) adds
    // .029066 (.5)/2.029066; times 15.
    let expected = [(0, CONCESSION), (1, CONCESSION), (2, 9.826_067)];
    check(&explained(&story, Measure::Reciprocity, "2026-01-01"), 50.0, &expected);
    // Exposure .662615/1.5 = .441744: giving has .662615 ln(1.5)/.5 = .537329, gaining the rest.
    let expected = [(0, 0.268_668), (1, 0.268_668), (2, -0.095_591)];
    check(&explained(&story, Measure::Exposure, "2026-01-01"), 0.0, &expected);
}

const CONCESSION: f64 = -6.510_908 + 0.053_724;

#[test]
fn an_open_promise_that_is_overdue_takes_what_is_of_the_promise() {
    let due = json!({ "commitment": "a", "by": "us", "due": "2026-01-10T00:00:00Z" });
    let story = told(&[("2026-01-01", EventType::CommitmentMade, due)]);
    // Two weeks overdue: mass 1/2, (.5)(0 - .7)/4.5 = -.077778.
    check(&explained(&story, Measure::Integrity, "2026-01-24"), 70.0, &[(0, -7.777_778)]);
}

#[test]
fn a_kept_promise_counts_where_it_was_kept() {
    let story = told(&[
        (
            "2026-01-01",
            EventType::CommitmentMade,
            json!({ "commitment": "a", "by": "us", "due": "2026-02-01" }),
        ),
        ("2026-01-20", EventType::CommitmentKept, json!({ "commitment": "a" })),
    ]);
    check(&explained(&story, Measure::Integrity, "2026-01-20"), 70.0, &[(1, 6.0)]);
}

#[test]
fn kept_promises_beyond_the_most_share_what_is_left() {
    let mut story = Story::default();
    for place in 0..12 {
        let id = format!("v{place}");
        let due = json!({ "commitment": id, "by": "us", "due": "2026-02-01" });
        story.tell(at("2026-01-01"), EventType::CommitmentMade, due);
        story.tell(at("2026-01-20"), EventType::CommitmentKept, json!({ "commitment": id }));
    }
    // Twelve of mass 1 count as 6: 6 (.3)/10 = .18, a twelfth each.
    let expected: Vec<_> = (0..12).map(|place| (2 * place + 1, 1.5)).collect();
    check(&explained(&story, Measure::Integrity, "2026-01-20"), 70.0, &expected);
}

#[test]
fn the_outlook_is_shared_in_log_odds() {
    let mut story = Story::default();
    story.order(at("2026-01-01"), "a", "1000");
    // z - b0 = 1.6 ln 2 + .45 ln 3 + .2 logit(.492095) = 1.597088, all of the one order; 1/(1 + e^-z).
    check(&explained(&story, Measure::Outlook, "2026-01-01"), 0.119_203, &[(0, OUTLOOK - 0.119_203)]);
    story.closed(at("2026-01-01"));
    // Closed, it is 0: the closing takes all that there was.
    let expected = [(0, OUTLOOK - 0.119_203), (1, -OUTLOOK)];
    check(&explained(&story, Measure::Outlook, "2026-01-01"), 0.119_203, &expected);
}

const OUTLOOK: f64 = 0.400_615;

#[test]
fn the_own_rhythm_is_of_the_last_order_day_and_the_rest_of_each() {
    let mut story = Story::default();
    story.order(at("2026-01-01"), "a", "1000").order(at("2026-01-02"), "b", "1000");
    let explained = explained(&story, Measure::Outlook, "2026-01-02");
    let points = |position| {
        let found = explained.contributions.iter().find(|one| one.event.position == Position(position));
        found.map_or(0.0, |one| one.points)
    };
    // Of nearly the same mass; the second has the logit of P_act = .55, which is above 0, beside.
    assert!(points(1) > points(0) && points(0) > 0.1, "{explained:?}");
}

#[test]
fn a_return_has_what_it_takes_away() {
    let mut story = Story::default();
    story.order(at("2026-01-01"), "a", "1000").give_back(at("2026-01-01"), Some("a"), "1000");
    let explained = explained(&story, Measure::Outlook, "2026-01-01");
    // Nothing is left of the amounts; the day weighs nothing. Only the rhythm remains, the order's.
    assert_eq!(explained.contributions.len(), 1, "{explained:?}");
    story.order(at("2026-01-01"), "b", "1000").give_back(at("2026-01-01"), Some("b"), "500");
    let explained = self::explained(&story, Measure::Outlook, "2026-01-01");
    let of = |position| explained.contributions.iter().find(|one| one.event.position == Position(position));
    assert!(of(1).unwrap().points < of(3).unwrap().points && of(3).unwrap().points < 0.0, "{explained:?}");
}

#[test]
fn a_role_is_of_its_last_contact() {
    let person = crate::story::person(7);
    let met = |channel| json!({ "channel": channel, "ours": [], "customer": [person] });
    let story = told(&[
        (
            "2026-01-01",
            EventType::ContactAdded,
            json!({ "contact": person, "name": "AAAA", "side": "customer", "role": "decision" }),
        ),
        ("2026-01-02", EventType::MeetingHeld, met("visit")),
        ("2026-02-01", EventType::MeetingHeld, met("call")),
    ]);
    // .6 (.3) + .4 (1/2.5) = .34, all of the call.
    check(&explained(&story, Measure::Coverage, "2026-02-01"), 0.0, &[(2, 34.0)]);
}

#[test]
fn an_issue_is_of_what_set_its_due_date_and_then_of_its_resolution() {
    let raised = json!({ "issue": "a", "severity": "major", "due": "2026-01-10T00:00:00Z" });
    let mut story = told(&[("2026-01-01", EventType::IssueRaised, raised)]);
    // Mass 2, two weeks overdue: 1, (0 - .75)/4 = -.1875.
    check(&explained(&story, Measure::Service, "2026-01-24"), 75.0, &[(0, -18.75)]);
    // Resolved late by 14 d, of 9 allowed: 2^(-14/9) = .340197; 2 (.340197 - .75)/5 = -.163921.
    story.tell(at("2026-01-24"), EventType::IssueResolved, json!({ "issue": "a" }));
    check(&explained(&story, Measure::Service, "2026-01-24"), 75.0, &[(1, -16.392_100)]);
}

#[test]
fn a_judgement_is_evidence_beside_the_formula() {
    let says = json!({ "dimension": "integrity", "value": 1, "reason": "AAAA" });
    let story = told(&[("2026-01-01", EventType::AssessmentMade, says)]);
    // (.7 + 1)/2 = .85.
    check(&explained(&story, Measure::Integrity, "2026-01-01"), 70.0, &[(0, 15.0)]);
    let health = explained(&story, Measure::Health, "2026-01-01");
    // Integrity weighs .20; without any event .2 (70) + .15 (60) + .1 (50) + .1 (75) = 35.5.
    check(&health, 35.5, &[(0, 3.0)]);
    let through: Vec<_> = health.contributions[0].dimensions.keys().collect();
    assert_eq!(through, [&Measure::Integrity]);
}

#[test]
fn an_outlook_that_does_not_exist_has_no_reasons() {
    let mut story = Story::default();
    story.opened(at("2026-01-01"));
    let explained = explained(&story, Measure::Outlook, "2026-01-01");
    assert_eq!((explained.value, explained.contributions.len()), (None, 0));
}
