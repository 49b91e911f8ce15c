//! What the ledger's own stream says of the portfolio, and what it cannot change.

use guanxi_projections::event::Event;
use guanxi_projections::event::own::{
    AccountPinned, AnchorsFrozen, CalibrationFitted, IndustryRated, ListRule, PolicyAdopted, ReviewHeld,
    ReviewMember,
};
use guanxi_projections::event::payload::Ratio;
use guanxi_projections::form::Sealed;
use guanxi_projections::money::{Amount, Currency};
use guanxi_projections::policy::DEFAULT_TOML;
use guanxi_projections::text::{Label, PolicyText};

use super::*;

const AS_OF: &str = "2026-05-01T00:00:00Z";

fn record(stage: &Stage, id: &str, time: &str, event: &Event<Sealed>) {
    stage.clock.advance_micros(60_000_000);
    stage.ledger().record_own(&Actor::new("tester").unwrap(), id, at(time), event).unwrap();
}

/// The anchors of T's quarter as they are measured.
fn measured(stage: &Stage) -> AnchorsFrozen {
    let facts = stage.ledger().image.current(&stage.ledger().log).unwrap();
    let ground = stage.ledger().ground(&asked("2026-04-01T00:00:00Z", "2099-01-01"), &facts).unwrap();
    let epoch = stage.ledger().epoch(&facts, &ground).epoch.clone();
    AnchorsFrozen {
        quarter: Label::new("2026Q2").unwrap(),
        m0: epoch.m0,
        v0: epoch.v0,
        v1: epoch.v1,
        gap: epoch.gap_days,
        win_rate: epoch.win_rate.map(|rate| Ratio::try_from(rate).unwrap()),
        traits: epoch.traits,
        totals: epoch.totals,
    }
}

fn hashes(stage: &Stage) -> Vec<String> {
    let hash = |account: &AccountId| {
        stage.ledger().account(account, &asked(AS_OF, "2099-01-01")).unwrap().state_hash
    };
    stage.ledger().accounts().iter().map(hash).collect()
}

/// Anchors that lack a value, since no account had one by then, used to keep it from being taken at T itself.
#[test]
fn freezing_what_is_measured_changes_no_figure() {
    for first in ["2025-01-10T00:00:00Z", "2026-04-10T00:00:00Z"] {
        let stage = Stage::new();
        for account in ["acme", "beta"] {
            stage.tell(event(account, account, "account.opened", first, &json!({ "name": account })));
            for (order, time) in [("1", first), ("2", "2026-04-20T00:00:00Z")] {
                let id = format!("{account}{order}");
                stage.tell(super::order(&id, account, time));
            }
        }
        let before = hashes(&stage);
        let anchors = measured(&stage);
        assert_eq!(anchors.v0.is_some(), first.starts_with("2025"));
        record(&stage, "anchors", "2026-04-01T00:00:00Z", &Event::AnchorsFrozen(anchors.clone()));
        assert_eq!(hashes(&stage), before, "since {first}");
        let other = AnchorsFrozen { v0: Some(1e6), v1: Some(2e6), ..anchors };
        record(&stage, "others", "2026-04-01T00:00:00Z", &Event::AnchorsFrozen(other));
        assert_ne!(hashes(&stage), before, "since {first}");
    }
}

/// An account with orders in two currencies, a referral and a few contacts.
fn told() -> Stage {
    let stage = Stage::new();
    stage.tell(opened("o", "acme"));
    stage.tell(assigned("t", "acme", "li.wei"));
    for month in 1..=4 {
        stage.tell(order(&format!("o{month}"), "acme", &format!("2026-0{month}-10T00:00:00Z")));
        let dollars =
            json!({ "order": format!("d{month}"), "amount": { "amount": "50", "currency": "USD" } });
        let time = format!("2026-0{month}-20T00:00:00Z");
        stage.tell(event(&format!("d{month}"), "acme", "order.placed", &time, &dollars));
        let met = json!({ "channel": "visit", "ours": ["li.wei"], "customer": ["jo"] });
        stage.tell(event(&format!("m{month}"), "acme", "meeting.held", &time, &met));
    }
    let opportunity = json!({ "opportunity": "c", "amount": { "amount": "900", "currency": "CNY" } });
    stage.tell(event("c", "acme", "opportunity.opened", "2026-03-01T00:00:00Z", &opportunity));
    stage
}

fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

/// Everything that the ledger's own stream can say of the figures.
fn directives(stage: &Stage) -> Vec<(&'static str, Event<Sealed>)> {
    let text = DEFAULT_TOML.replacen("version = 1", "version = 2", 1).replacen("b0 = -2.0", "b0 = -1.0", 1);
    let policy = PolicyText::new(text).unwrap();
    let acme = AccountId::new("acme").unwrap();
    let member = ReviewMember { account: acme.clone(), rank: 1, score: 50.0, rule: ListRule::Filled };
    let anchors = measured(stage);
    vec![
        (
            "2026-01-01T00:00:00Z",
            Event::PolicyAdopted(PolicyAdopted { version: 2, policy, reason: label("trial") }),
        ),
        (
            "2026-04-01T00:00:00Z",
            Event::AnchorsFrozen(AnchorsFrozen { v0: Some(7.0), v1: Some(90.0), m0: Some(9.0), ..anchors }),
        ),
        (
            "2026-04-02T00:00:00Z",
            Event::CalibrationFitted(CalibrationFitted {
                horizon: 90,
                b0: -0.5,
                b_s: 1.0,
                b_m: 0.3,
                b_l: 0.1,
                m0: 100.0,
                cutoffs: Vec::new(),
                rows: 60,
            }),
        ),
        (
            "2026-04-03T00:00:00Z",
            Event::ReviewHeld(ReviewHeld {
                as_of: "2026-04-03".parse().unwrap(),
                percent: Amount::new("20").unwrap(),
                seats: 1,
                members: vec![member],
                exits: Vec::new(),
            }),
        ),
        (
            "2026-04-04T00:00:00Z",
            Event::AccountPinned(AccountPinned {
                account: acme,
                until: "2027-01-01".parse().unwrap(),
                reason: label("promised"),
            }),
        ),
        (
            "2026-04-05T00:00:00Z",
            Event::IndustryRated(IndustryRated {
                industry: label("steel"),
                positives: 9,
                negatives: 1,
                reason: label("known"),
            }),
        ),
    ]
}

fn set_rate(stage: &Stage, rate: &str) {
    let currency = |code| Currency::new(code).unwrap();
    let (pair, rate) = ((currency("USD"), currency("CNY")), Amount::new(rate).unwrap());
    let day = "2026-01-01".parse().unwrap();
    stage.clock.advance_micros(60_000_000);
    stage.ledger().set_rate(&Actor::new("tester").unwrap(), pair, rate, day).unwrap();
}

fn last_recorded(stage: &Stage) -> String {
    stage.ledger().head().last_recorded_at.unwrap().to_string()
}

/// Policies, rates, anchors, fits, reviews and pins that are recorded later change no byte of an earlier answer,
/// neither at once nor after a restart; and each state of knowledge keeps its own answer.
#[test]
fn nothing_that_the_ledger_says_later_changes_an_answer() {
    let mut stage = told();
    let mut known: Vec<(String, String)> = Vec::new();
    let remember = |stage: &Stage, known: &mut Vec<(String, String)>| {
        let at = last_recorded(stage);
        let answer = stage.answer("acme", AS_OF, &at);
        known.push((at, answer));
    };
    remember(&stage, &mut known);
    set_rate(&stage, "7.1");
    remember(&stage, &mut known);
    for (place, (time, event)) in directives(&stage).into_iter().enumerate() {
        record(&stage, &format!("own{place}"), time, &event);
        remember(&stage, &mut known);
        for (at, answer) in &known {
            assert_eq!(&stage.answer("acme", AS_OF, at), answer, "after {}", event.event_type().as_str());
        }
    }
    let hash = |answer: &str| serde_json::from_str::<Value>(answer).unwrap()["state_hash"].clone();
    let hashes: Vec<Value> = known.iter().map(|(_, answer)| hash(answer)).collect();
    // A rate, a policy, anchors, a fit and a review change what is known from then on; a pin waits for a review,
    // and this account has no industry.
    for place in 1..=5 {
        assert_ne!(hashes[place - 1], hashes[place], "{place}");
    }
    assert_eq!(hashes[5..], [hashes[5].clone(), hashes[5].clone(), hashes[5].clone()]);
    stage.reopen();
    for (at, answer) in &known {
        assert_eq!(&stage.answer("acme", AS_OF, at), answer, "after a restart");
    }
}

/// The same while eight threads write, the account asked about included.
#[test]
fn an_answer_stands_while_eight_write() {
    let stage = told();
    let known = last_recorded(&stage);
    let before = stage.answer("acme", AS_OF, &known);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let stage = &stage;
            scope.spawn(move || {
                for number in 0..10 {
                    let id = format!("w{writer}-{number}");
                    let draft = match number % 3 {
                        0 => order(&id, "acme", "2026-02-15T00:00:00Z"),
                        1 => opened(&id, &id),
                        _ => order(&id, "acme", "2026-05-20T00:00:00Z"),
                    };
                    stage.submit(vec![draft], Unit::Whole).unwrap();
                }
            });
        }
        for _ in 0..30 {
            assert_eq!(stage.answer("acme", AS_OF, &known), before);
        }
    });
    assert_eq!(stage.answer("acme", AS_OF, &known), before);
    assert_ne!(stage.answer("acme", AS_OF, &last_recorded(&stage)), before);
}
