mod anomalies;

use serde_json::{Value, json};

use super::*;
use crate::directives::KeyAccountView;
use crate::epoch::Epoch;
use crate::event::EventType;
use crate::policy::Policy;
use crate::projection::fold;
use crate::rates::Rates;
use crate::state_hash::state_hash;
use crate::story::{Story, at, person};
use crate::time::Zone;

fn view(story: &Story, as_of: &str) -> AccountView {
    let policy = Policy::default_policy();
    let rates = Rates::none();
    let account = AccountId::new("acme").unwrap();
    let as_of = at(as_of);
    let (image, epoch) = (story.image(), Epoch::default());
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
    fold(AccountState::new(account, setting), &image, as_of, Timestamp::MAX)
}

fn told(events: &[(&str, EventType, Value)]) -> Story {
    let mut story = Story::default();
    for (time, event_type, data) in events {
        story.tell(at(time), *event_type, data.clone());
    }
    story
}

#[test]
fn the_view_has_the_fields_that_callers_rely_on() {
    let (li, wang) = (person(1), person(2));
    let mut story = told(&[
        ("2026-01-01", EventType::AccountOpened, json!({ "name": "Acme", "industry": "steel" })),
        ("2026-01-01", EventType::TeamAssigned, json!({ "person": li, "role": "owner" })),
        ("2026-01-02", EventType::TeamAssigned, json!({ "person": wang, "role": "delivery" })),
    ]);
    story.met(at("2026-01-10T09:00"), "visit").met(at("2026-01-11"), "broadcast");
    story.order(at("2026-01-01"), "a", "100").order(at("2026-02-01"), "b", "100");
    let shown = serde_json::to_value(view(&story, "2026-03-05")).unwrap();
    let expected = json!({
        "account": "acme", "name": "Acme", "industry": "steel", "region": null, "segment": null, "size": null,
        "parent": null, "traits": {}, "events": 7,
        "stage": {
            "name": "maturity", "since": "2026-03-02T00:00:00Z",
            "cause": { "kind": "age", "days": 60.0, "orders": 2 },
            "flags": [],
            "next": { "name": "decline", "at": "2026-10-07T05:03:52.866605Z", "cause": "silence" },
            "transitions": [{
                "from": "acquisition", "to": "maturity", "at": "2026-03-02T00:00:00Z",
                "cause": { "kind": "age", "days": 60.0, "orders": 2 },
            }],
        },
        "key_account": { "member": false, "since": null, "rank": null, "review": null },
        "quadrant": "watch", "exposure": 0.0,
        "closed_at": null, "merged_into": null, "owner": li.to_string(),
        "last_contact": "2026-01-11T00:00:00Z", "anomalies": [],
    });
    let figures = ["health", "score", "outlook"];
    let mut names: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    names.retain(|name| !figures.contains(name));
    assert_eq!(names, expected.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>());
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(shown.get(name), Some(value), "{name}");
    }
    for (whole, dimensions) in [
        ("health", &["engagement", "coverage", "integrity", "benefit", "reciprocity", "service"][..]),
        ("score", &["sales", "potential", "demonstration", "winnability"]),
    ] {
        let fields = ["value", "confidence", "low", "high"];
        assert!(fields.iter().all(|field| shown[whole][field].is_f64()), "{whole}");
        let shown = shown[whole]["dimensions"].as_object().unwrap();
        assert_eq!(shown.len(), dimensions.len());
        for dimension in dimensions {
            let fields = ["value", "weight", "confidence", "low", "high"];
            assert!(fields.iter().all(|field| shown[*dimension][field].is_f64()), "{dimension}");
        }
    }
    assert_eq!(shown["outlook"]["horizon_days"], 90);
    assert_eq!(shown["outlook"]["calibrated"], false);
    assert!(shown["outlook"]["active_probability"].is_f64());
    assert_eq!(shown["health"]["colour"], "grey");
}

#[test]
fn an_update_changes_what_it_names() {
    let story = told(&[
        (
            "2026-01-01",
            EventType::AccountOpened,
            json!({ "name": "Acme", "region": "east", "size": "10-99", "traits": { "tier": "a", "fleet": "own" } }),
        ),
        (
            "2026-02-01",
            EventType::AccountUpdated,
            json!({ "name": "Acme Steel", "region": "north", "parent": "group", "traits": { "tier": "b" } }),
        ),
    ]);
    assert_eq!(view(&story, "2026-01-31").profile.name.unwrap().as_str(), "Acme");
    let facts = serde_json::to_value(view(&story, "2026-02-01").profile).unwrap();
    let expected = json!({
        "name": "Acme Steel", "industry": null, "region": "north", "segment": null, "size": "10-99",
        "parent": "group", "traits": { "fleet": "own", "tier": "b" },
    });
    assert_eq!(facts, expected);
}

#[test]
fn the_owner_is_the_newest_who_was_not_released() {
    let (li, wang) = (person(1), person(2));
    let owner = |person, role: &str| json!({ "person": person, "role": role });
    let story = told(&[
        ("2026-01-01", EventType::TeamAssigned, owner(li, "owner")),
        ("2026-01-02", EventType::TeamAssigned, owner(wang, "owner")),
        ("2026-01-03", EventType::TeamReleased, owner(wang, "sponsor")),
        ("2026-01-04", EventType::TeamReleased, owner(wang, "owner")),
        ("2026-01-05", EventType::TeamReleased, owner(li, "owner")),
    ]);
    let owners = [("01", Some(li)), ("02", Some(wang)), ("03", Some(wang)), ("04", Some(li)), ("05", None)];
    for (day, owner) in owners {
        assert_eq!(view(&story, &format!("2026-01-{day}")).owner, owner, "{day}");
    }
}

#[test]
fn closing_stands_until_an_order_or_a_reopening() {
    let mut story = Story::default();
    story.opened(at("2026-01-01")).closed(at("2026-01-02")).reopened(at("2026-01-03"));
    story.closed(at("2026-01-04")).order(at("2026-01-05"), "a", "1");
    story.tell(at("2026-01-06"), EventType::AccountMerged, json!({ "into": "other" }));
    let closed = |day: &str| view(&story, day).closed_at;
    assert_eq!(closed("2026-01-02"), Some(at("2026-01-02")));
    assert_eq!(closed("2026-01-03"), None);
    assert_eq!(closed("2026-01-04"), Some(at("2026-01-04")));
    assert_eq!(closed("2026-01-05"), None);
    assert_eq!(view(&story, "2026-01-06").merged_into.unwrap().as_str(), "other");
}

#[test]
fn a_reference_is_an_anomaly_until_the_thing_appears() {
    let (jo, kim) = (person(3), person(4));
    let story = told(&[
        ("2026-01-01", EventType::AccountOpened, json!({ "name": "Acme" })),
        ("2026-01-02", EventType::BidWon, json!({ "bid": "b1" })),
        ("2026-01-03", EventType::CommitmentKept, json!({ "commitment": "c1" })),
        (
            "2026-01-04",
            EventType::MeetingHeld,
            json!({ "channel": "call", "ours": [], "customer": [jo, jo], "third_party": [kim] }),
        ),
        ("2026-01-05", EventType::BidSubmitted, json!({ "bid": "b1", "project": "p1" })),
        (
            "2026-01-06",
            EventType::ContactAdded,
            json!({ "contact": jo, "name": "AAAA", "side": "customer", "role": "user" }),
        ),
        (
            "2026-01-01T12:00",
            EventType::CommitmentMade,
            json!({ "commitment": "c1", "by": "us", "due": "2026-02-01" }),
        ),
    ]);
    let shown = |day: &str| serde_json::to_value(view(&story, day).anomalies).unwrap();
    let unknown = |position: u64, to: &str, id: &str| json!({ "kind": "unknown_reference", "positions": [position], "to": to, "id": id });
    let (jo, kim) = (jo.to_string(), kim.to_string());
    assert_eq!(
        shown("2026-01-04"),
        json!([unknown(1, "bid", "b1"), unknown(3, "contact", &jo), unknown(3, "contact", &kim)])
    );
    assert_eq!(shown("2026-01-06"), json!([unknown(3, "contact", &kim), unknown(4, "project", "p1")]));
}

#[test]
fn amounts_without_a_rate_and_events_before_the_opening_are_anomalies() {
    let mut story = Story::default();
    story.order(at("2026-01-01"), "a", "5 USD").give_back(at("2026-01-02"), Some("b"), "5 EUR");
    story.opened(at("2026-01-03")).order(at("2026-01-04"), "b", "5");
    let shown = serde_json::to_value(view(&story, "2026-01-04").anomalies).unwrap();
    let no_rate = |position: u64, from: &str| json!({ "kind": "no_rate", "positions": [position], "from": from, "to": "CNY" });
    let expected = json!([
        no_rate(0, "USD"),
        { "kind": "before_opening", "positions": [0], "events": 2 },
        no_rate(1, "EUR"),
        { "kind": "returned_above_orders", "positions": [1], "currency": "EUR" },
    ]);
    assert_eq!(shown, expected);
}

#[test]
fn what_comes_later_leaves_the_hash_alone() {
    let mut story = Story::default();
    story.opened(at("2026-01-01")).order(at("2026-01-02"), "a", "1");
    let before = state_hash(&view(&story, "2026-02-01")).unwrap();
    story.order(at("2026-02-02"), "b", "1").closed(at("2026-03-01"));
    assert_eq!(state_hash(&view(&story, "2026-02-01")).unwrap(), before);
    assert_ne!(state_hash(&view(&story, "2026-02-02")).unwrap(), before);
}

#[test]
fn an_account_that_nobody_opened_is_empty() {
    let view = view(&Story::default(), "2026-01-01");
    assert_eq!((view.figures.stage, view.events, view.anomalies), (None, 0, Vec::new()));
}
