//! Reasons over HTTP: what the ledger says of a figure, of a change and of what would be.

use guanxi_projections::event::revision::Target;
use guanxi_projections::measure::Measure;
use guanxi_projections::position::Position;
use guanxi_projections::time::When;

use super::*;
use crate::http::wire;
use crate::ledger::{Asked, DiffAsked, PolicyChoice, Seen};

fn asked(as_of: &str) -> Asked {
    Asked { as_of: Some(as_of.parse().unwrap()), ..Asked::default() }
}

#[test]
fn reasons_are_what_the_ledger_says() {
    let site = Site::with_events();
    let (acme, asked) = (account("acme"), asked("2026-03-01"));
    for measure in Measure::ALL {
        let path = format!("/v1/accounts/acme/explain/{}?as_of=2026-03-01", measure.as_str());
        let expected = told(&site.ledger.explain(&acme, measure, &asked, usize::MAX).unwrap());
        has_shape::<wire::Explained>(&expected);
        site.check_answer(&path, &expected);
    }
    let expected = told(&site.ledger.explain_stage(&acme, &asked).unwrap());
    has_shape::<wire::Explained>(&expected);
    site.check_answer("/v1/accounts/acme/explain/stage?as_of=2026-03-01", &expected);
    let top = told(&site.ledger.explain(&acme, Measure::Score, &asked, 0).unwrap());
    assert!(top["rest"].is_object(), "{top}");
    site.check_answer("/v1/accounts/acme/explain/score?as_of=2026-03-01&top=0", &top);
}

#[test]
fn reasons_for_what_is_not_there_are_refused() {
    let site = Site::with_events();
    let problem = site.get("/v1/accounts/acme/explain/nonsense").problem(404, "not-found");
    assert!(problem["detail"].as_str().unwrap().contains("stage, "), "{problem}");
    site.get("/v1/accounts/nobody/explain/health").problem(404, "account-unknown");
    site.get("/v1/accounts/acme/explain/health?policy=9").problem(404, "policy-unknown");
    site.get("/v1/accounts/acme/explain/health?top=x").problem(400, "invalid-parameter");
    site.get_with("/v1/accounts/acme/explain/health", &[("accept", "text/html")])
        .problem(406, "not-acceptable");
    site.post_json("/v1/accounts/acme/explain/health", &json!({})).problem(405, "method-not-allowed");
}

#[test]
fn a_difference_is_what_the_ledger_says() {
    let site = Site::with_events();
    let when = |text: &str| text.parse::<When>().unwrap();
    let moved = DiffAsked::Moved {
        from: when("2026-01-02"),
        to: Some(when("2026-05-01")),
        seen: Seen::Now,
        known_at: None,
    };
    let (from, to) = site.ledger.sides(&moved, &PolicyChoice::Current);
    let expected = told(&site.ledger.diff(&account("acme"), (&from, &to), &[], usize::MAX).unwrap());
    has_shape::<wire::Difference>(&expected);
    assert!(!expected["measures"].as_array().unwrap().is_empty(), "{expected}");
    site.check_answer("/v1/accounts/acme/diff?from=2026-01-02&to=2026-05-01", &expected);

    let score = [Measure::Score];
    let expected = told(&site.ledger.diff(&account("acme"), (&from, &to), &score, 1).unwrap());
    site.check_answer("/v1/accounts/acme/diff?from=2026-01-02&to=2026-05-01&measure=score&top=1", &expected);
}

/// What was recorded later restates the past; what was seen then does not know of it.
#[test]
fn a_restatement_tells_what_was_recorded_since() {
    let site = Site::with_events();
    let known = site.get("/v1/accounts/acme").ok()["known_at"].as_str().unwrap().to_owned();
    site.clock.advance_micros(60_000_000);
    let order = json!({"order": "o2", "amount": {"amount": "900.00", "currency": "CNY"}});
    assert_eq!(site.post_json("/v1/events", &event(9, "order.placed", "acme", 9, order)).status, 201);
    let path = format!("/v1/accounts/acme/diff?known_from={known}&as_of=2026-03-01");
    let restated = site.get(&path).ok();
    assert_eq!(
        (&restated["from"]["as_of"], &restated["from"]["known_at"]),
        (&restated["to"]["as_of"], &json!(known))
    );
    let classes: Vec<_> = restated["measures"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|m| m["classes"].as_array().unwrap())
        .collect();
    assert!(classes.iter().any(|class| class["class"] == "late"), "{restated}");
    let nothing = site.get(&format!("{path}&known_to={known}")).ok();
    assert!(
        nothing["measures"].as_array().unwrap().iter().all(|change| change["change"] == 0.0),
        "{nothing}"
    );
}

#[test]
fn coordinates_that_do_not_go_together_are_refused() {
    let site = Site::with_events();
    let check = |query: &str, parameter: &str| {
        let problem = site.get(&format!("/v1/accounts/acme/diff?{query}")).problem(400, "invalid-parameter");
        assert_eq!(problem["parameter"], parameter, "{query}");
    };
    check("", "from");
    check("to=2026-02-01", "from");
    check("from=2026-03-01&to=2026-02-01", "from");
    check("from=2026-03-01&known_to=2026-04-01", "known_to");
    check("from=2026-03-01&as_of=2026-04-01", "as_of");
    check("known_from=2026-03-01&from=2026-01-01", "from");
    check("known_from=2026-03-01&as_seen_then=true", "as_seen_then");
    check("from=2026-01-02&measure=nonsense", "measure");
    site.get("/v1/accounts/nobody/diff?from=2026-01-01").problem(404, "account-unknown");
}

fn order(id: u32, account: &str) -> Value {
    let data = json!({"order": format!("o{id}"), "amount": {"amount": "100.00", "currency": "CNY"}});
    event(id, "order.placed", account, 20, data)
}

#[test]
fn what_would_be_is_what_the_ledger_says_and_is_not_recorded() {
    let site = Site::with_events();
    let with = order(50, "acme");
    let what_if = crate::ledger::WhatIf {
        without: vec![Target::Position(Position(2))],
        with: vec![guanxi_projections::wire::parse(&with).unwrap()],
        actor: guanxi_projections::id::Actor::new("local:unauthenticated").unwrap(),
    };
    let expected = told(&site.ledger.what_if(&account("acme"), &what_if, &asked("2026-05-01")).unwrap());
    has_shape::<wire::WhatIf>(&expected);
    let body = json!({"without": [{"source": "crm", "id": "e3"}], "with": [with]});
    has_shape::<wire::Imagined>(&body);
    let head = site.ledger.head();
    let reply = site.post_json("/v1/accounts/acme/whatif?as_of=2026-05-01", &body);
    assert_eq!(reply.ok(), expected);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(site.ledger.head().count, head.count);
}

#[test]
fn what_cannot_be_imagined_is_refused_as_if_it_were_appended() {
    let site = Site::with_events();
    let check = |body: &Value, status: u16, kind: &str| {
        site.post_json("/v1/accounts/acme/whatif", body).problem(status, kind)
    };
    check(&json!({}), 422, "invalid-body");
    check(&json!({"with": null, "without": null}), 422, "invalid-body");
    assert_eq!(check(&json!({"within": []}), 422, "invalid-body")["pointer"], "/within");
    assert_eq!(check(&json!({"without": [{}]}), 422, "invalid-body")["pointer"], "/without/0");
    assert_eq!(check(&json!({"without": [[1]]}), 422, "invalid-body")["pointer"], "/without/0");
    check(&json!([[], []]), 422, "invalid-body");
    check(&json!({"without": [{"position": 99}]}), 404, "event-unknown");
    // An event of another account is none of this one.
    check(&json!({"without": [{"position": 1}]}), 404, "event-unknown");
    check(&json!({"with": [order(3, "acme")]}), 409, "conflict");
    let foreign = check(&json!({"with": [order(50, "acme"), order(51, "bolt")]}), 422, "rejected");
    assert_eq!((&foreign["pointer"], &foreign["index"]), (&json!("/with/1/subject"), &json!(1)));
    let malformed = check(&json!({"with": [{"specversion": "1.0"}]}), 422, "rejected");
    assert_eq!(malformed["pointer"], "/with/0/type");
    check(&json!({"without": vec![json!({"position": 1}); 1_001]}), 413, "batch-too-large");
    let path = "/v1/accounts/acme/whatif";
    site.post(path, "text/plain", "{}").problem(415, "unsupported-media-type");
    site.post(path, "application/json", "{").problem(400, "malformed");
    site.post(path, "application/json", &" ".repeat(100_001)).problem(413, "too-large");
    site.post_json("/v1/accounts/nobody/whatif", &json!({"with": [order(50, "nobody")]}))
        .problem(404, "account-unknown");
    site.post_json(&format!("{path}?policy=9"), &json!({"without": [{"position": 2}]}))
        .problem(404, "policy-unknown");
    site.post_json(&format!("{path}?as-of=x"), &json!({})).problem(400, "invalid-parameter");
    site.get(path).problem(405, "method-not-allowed");
}
