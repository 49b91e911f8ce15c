//! Reviews and the key list over HTTP: proposed, recorded by those who may, and read as of any date.

use super::*;
use crate::http::wire;
use crate::ledger::{Asked, ReviewAsked};

fn asked(as_of: &str) -> Asked {
    Asked { as_of: Some(as_of.parse().unwrap()), ..Asked::default() }
}

#[test]
fn a_proposal_is_what_the_ledger_says_and_is_not_recorded() {
    let site = Site::with_events();
    let propose = |percent: Option<&str>| {
        let percent = percent.map(|text| ReviewAsked::percent(text).unwrap());
        told(&site.ledger.review(&ReviewAsked { asked: asked("2026-05-01"), percent }, |_, _| ()).unwrap())
    };
    let (by_policy, all) = (propose(None), propose(Some("100")));
    has_shape::<wire::Review>(&all);
    assert_eq!((all["members"].as_array().unwrap().len(), &all["percent"]), (2, &json!("100")));
    let head = site.ledger.head().count;
    site.check_answer("/v1/reviews/proposal?as_of=2026-05-01", &by_policy);
    site.check_answer("/v1/reviews/proposal?as_of=2026-05-01&percent=100", &all);
    assert_eq!(site.ledger.head().count, head);
    for percent in ["0", "101", "x", "-1"] {
        let path = format!("/v1/reviews/proposal?percent={percent}");
        assert_eq!(site.get(&path).problem(400, "invalid-parameter")["parameter"], "percent");
    }
    for path in ["/v1/reviews/proposal", "/v1/reviews", "/v1/key-accounts"] {
        site.get(&format!("{path}?policy=9")).problem(404, "policy-unknown");
        site.get_with(path, &[("accept", "text/html")]).problem(406, "not-acceptable");
    }
}

#[test]
fn a_review_that_is_held_is_recorded_and_is_the_key_list() {
    let site = Site::with_events();
    let none = site.get("/v1/reviews").ok();
    has_shape::<wire::Reviews>(&none);
    assert_eq!(none["reviews"], json!([]));
    let body = json!({"as_of": "2026-05-01", "percent": "100"});
    has_shape::<wire::Holding>(&body);
    let reply = site.post_json("/v1/reviews", &body);
    assert_eq!(reply.status, 201, "{reply:?}");
    let held = reply.json();
    has_shape::<wire::Review>(&held);
    assert_eq!((&held["recorded"], reply.header("location")), (&json!([6]), "/v1/events/6"));
    let event = site.get(reply.header("location")).ok();
    assert_eq!((&event["type"], &event["actor"]), (&json!("review.held"), &json!("local:unauthenticated")));

    let reviews = site.get("/v1/reviews").ok();
    has_shape::<wire::Reviews>(&reviews);
    assert_eq!(reviews, told(&site.ledger.reviews(&Asked::default()).unwrap()));
    let line = &reviews["reviews"][0];
    assert_eq!((&line["members"], &line["entered"], &line["left"]), (&json!(2), &json!(2), &json!(0)));
    assert_eq!((&line["position"], &line["as_of"]), (&json!(6), &json!("2026-05-01T23:59:59Z")));

    let list = told(&site.ledger.key_list(&asked("2026-05-02")).unwrap());
    has_shape::<wire::KeyList>(&list);
    assert_eq!(list["members"].as_array().unwrap().len(), 2);
    site.check_answer("/v1/key-accounts?as_of=2026-05-02", &list);
    let before = site.get("/v1/key-accounts?as_of=2026-04-30").ok();
    assert_eq!((&before["members"], &before["review"]), (&json!([]), &Value::Null));

    // A second one, of one account less.
    assert_eq!(site.post_json("/v1/reviews", &json!({"percent": "50"})).status, 201);
    let reviews = site.get("/v1/reviews").ok();
    assert_eq!((&reviews["reviews"][1]["members"], &reviews["reviews"][1]["left"]), (&json!(1), &json!(1)));
    assert_eq!(site.get("/v1/reviews?as_of=2026-05-03").ok()["reviews"].as_array().unwrap().len(), 1);
}

#[test]
fn a_review_that_cannot_be_held_is_refused() {
    let site = Site::with_events();
    site.post_json("/v1/reviews", &json!({"as_of": "2026-06-02"})).problem(422, "not-recordable");
    assert_eq!(site.post_json("/v1/reviews", &json!({"as_of": "2026-05-01"})).status, 201);
    site.post_json("/v1/reviews", &json!({"as_of": "2026-05-01"})).problem(409, "review-out-of-order");
    let pointed =
        |body: Value| site.post_json("/v1/reviews", &body).problem(422, "invalid-body")["pointer"].clone();
    assert_eq!(pointed(json!({"percent": 20})), "/percent");
    assert_eq!(pointed(json!({"percent": "0"})), "/percent");
    assert_eq!(pointed(json!({"as_of": "soon"})), "/as_of");
    assert_eq!(pointed(json!({"record": true})), "/record");
    assert_eq!(pointed(json!([])), "");
    site.post("/v1/reviews", "application/x-www-form-urlencoded", "").problem(415, "unsupported-media-type");
    site.post("/v1/reviews", "application/json", "").problem(400, "malformed");
    site.post("/v1/reviews", "application/json", &" ".repeat(100_001)).problem(413, "too-large");
    site.post_json("/v1/key-accounts", &json!({})).problem(405, "method-not-allowed");
}

/// A list that is too long for one record is one review all the same.
#[test]
fn a_long_list_is_one_review_in_several_events() {
    let site = Site::new();
    let opening = |n: u32| {
        let account = format!("a{n:03}-{}", "x".repeat(150));
        event(n, "account.opened", &account, 1, json!({"name": "x"}))
    };
    for hundred in 0..4 {
        let events: Vec<Value> = (100 * hundred..100 * (hundred + 1)).map(opening).collect();
        assert_eq!(site.post_json("/v1/events", &json!(events)).status, 201);
    }
    let held = site.post_json("/v1/reviews", &json!({"percent": "100"})).json();
    assert_eq!(held["recorded"], json!([400, 401]));
    let reviews = site.get("/v1/reviews").ok();
    let [line] = reviews["reviews"].as_array().unwrap().as_slice() else { panic!("{reviews}") };
    assert_eq!(
        (&line["members"], &line["entered"], &line["position"]),
        (&json!(400), &json!(400), &json!(400))
    );
    assert_eq!(site.post_json("/v1/reviews", &json!({"percent": "100"})).status, 409);
    site.clock.advance_micros(1_000_000);
    let second = site.post_json("/v1/reviews", &json!({"percent": "100"}));
    assert_eq!(second.status, 201, "{second:?}");
    let again = site.get("/v1/reviews").ok();
    assert_eq!((&again["reviews"][1]["members"], &again["reviews"][1]["entered"]), (&json!(400), &json!(0)));
}
