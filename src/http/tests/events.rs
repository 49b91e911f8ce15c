//! Events: recorded once, whole or each for itself; read by page and by position.

use super::*;
use crate::http::wire;

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

fn opening(id: u32, account: &str) -> Value {
    event(id, "account.opened", account, 1, json!({"name": "x"}))
}

fn note(id: u32, account: &str, text: &str) -> Value {
    event(id, "note.taken", account, 2, json!({"text": text}))
}

#[test]
fn one_event_is_recorded_once() {
    let site = Site::new();
    let body = opening(1, "acme").to_string();
    let first = site.post("/v1/events", "application/cloudevents+json", &body);
    assert_eq!(first.status, 201);
    serde_json::from_value::<wire::Recorded>(first.json()).unwrap();
    assert_eq!(first.json()["events"][0]["position"], 0);
    let again = site.post("/v1/events", JSON, &body);
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["events"][0]["duplicate"], true);

    let other = event(1, "account.opened", "acme", 1, json!({"name": "y"})).to_string();
    let problem = site.post("/v1/events", JSON, &other).problem(409, "conflict");
    assert_eq!(problem["position"], 0);
}

#[test]
fn a_batch_is_recorded_whole_or_not_at_all() {
    let site = Site::new();
    let batch = json!([opening(1, "acme"), note(2, "nobody", "?"), note(3, "acme", "!")]);
    let problem = site.post("/v1/events", JSON, &batch.to_string()).problem(422, "rejected");
    assert_eq!((&problem["index"], &problem["rule"]), (&json!(1), &json!("account-unknown")));
    assert_eq!(problem["pointer"], "/1/subject");
    assert_eq!(site.ledger.head().count, 0);
    let batch = json!([opening(1, "acme"), note(3, "acme", "!")]);
    assert_eq!(site.post("/v1/events", "application/cloudevents-batch+json", &batch.to_string()).status, 201);
    assert_eq!(
        site.post("/v1/events", "application/cloudevents+json", &batch.to_string()).problem(400, "malformed")
            ["status"],
        400
    );
    assert_eq!(site.post("/v1/events", JSON, "[]").status, 200);
}

#[test]
fn an_expected_count_is_kept_to() {
    let site = Site::new();
    site.post("/v1/events", JSON, &opening(1, "acme").to_string());
    let at = |count: &str, id| {
        let headers = [("content-type", JSON), ("if-match", count)];
        site.post_with("/v1/events", &headers, &note(id, "acme", "x").to_string())
    };
    let problem = at("\"0\"", 2).problem(412, "precondition-failed");
    assert_eq!((&problem["expected"], &problem["actual"]), (&json!(0), &json!(1)));
    assert_eq!(at("\"1\"", 2).status, 201);
    at("\"1\"", 3).problem(412, "precondition-failed");
    at("*", 3).problem(400, "bad-request");
    let headers = [("content-type", LINES), ("if-match", "\"2\"")];
    site.post_with("/v1/events", &headers, "").problem(400, "bad-request");
}

#[test]
fn each_line_meets_its_own_fate() {
    let site = Site::new();
    let lines = [
        opening(1, "acme").to_string(),
        note(2, "nobody", "?").to_string(),
        "{".to_owned(),
        String::new(),
        opening(1, "acme").to_string(),
        note(3, "acme", "!").to_string() + "\r",
    ];
    let reply = site.post("/v1/events", LINES, &lines.join("\n"));
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, LINES));
    let results: Vec<Value> = reply.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> =
        results.iter().map(|result| (result["line"].as_u64(), result["status"].as_str())).collect();
    assert_eq!(
        told,
        [
            (Some(1), Some("recorded")),
            (Some(2), Some("refused")),
            (Some(3), Some("refused")),
            (Some(5), Some("duplicate")),
            (Some(6), Some("recorded")),
            (None, None),
        ]
    );
    assert_eq!(results[1]["problem"]["rule"], "account-unknown");
    assert_eq!(results[2]["problem"]["type"], "/problems/malformed");
    assert_eq!(results[5], json!({"recorded": 2, "duplicates": 1, "refused": 2}));

    let headers = [("content-type", LINES), ("prefer", "return=minimal")];
    let reply = site.post_with("/v1/events", &headers, &lines.join("\n"));
    assert_eq!(reply.header("preference-applied"), "return=minimal");
    let told: Vec<Value> = reply.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[2], json!({"recorded": 0, "duplicates": 3, "refused": 2}));
}

#[test]
fn lines_of_any_number_are_taken_in_order() {
    let site = Site::new();
    let count = 3_000;
    let mut lines = opening(1, "acme").to_string();
    for n in 2..=count {
        lines = format!("{lines}\n{}", note(n, "acme", "x"));
    }
    let reply = site.post("/v1/events", LINES, &lines);
    let last: Value = serde_json::from_str(reply.text().lines().last().unwrap()).unwrap();
    assert_eq!(last, json!({"recorded": count, "duplicates": 0, "refused": 0}));
    for (n, line) in reply.text().lines().take(count as usize).enumerate() {
        let result: Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (result["line"].as_u64(), result["event"]["position"].as_u64()),
            (Some(n as u64 + 1), Some(n as u64))
        );
    }
}

#[test]
fn a_line_without_end_is_cut() {
    let site = Site::new();
    let body = format!("{}\n{}", opening(1, "acme"), "x".repeat(600_000));
    // Nothing was told yet: the status says so.
    site.post("/v1/events", LINES, &body).problem(413, "too-large");
    let before = opening(1, "acme").to_string() + "\n" + &"\n".repeat(2 << 20);
    let reply = site.post_pieces("/v1/events", LINES, [before, "x".repeat(600_000)]);
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let last: Value = serde_json::from_str(reply.text().lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["recorded"], &last["problem"]["type"]),
        (&json!(1), &json!("/problems/too-large")),
        "{last}"
    );
}

#[test]
fn events_are_read_page_by_page() {
    let site = Site::with_events();
    let page = |query: &str| {
        let page = site.get(&format!("/v1/events?{query}")).ok();
        serde_json::from_value::<wire::Events>(page.clone()).unwrap();
        let events = page["events"].as_array().unwrap();
        let positions: Vec<_> = events.iter().map(|event| event["position"].as_u64().unwrap()).collect();
        (positions, page["after"].as_u64(), page["more"].as_bool().unwrap())
    };
    assert_eq!(page(""), (vec![0, 1, 2, 3, 4, 5], Some(5), false));
    assert_eq!(page("limit=2"), (vec![0, 1], Some(1), true));
    assert_eq!(page("limit=2&after=1"), (vec![2, 3], Some(3), true));
    assert_eq!(page("limit=2&after=3"), (vec![4, 5], Some(5), false));
    assert_eq!(page("after=5"), (vec![], Some(5), false));
    assert_eq!(page("after=99"), (vec![], Some(99), false));
    assert_eq!(page("account=acme&limit=2"), (vec![0, 2], Some(3), true));
    assert_eq!(page("account=acme&after=3"), (vec![4, 5], Some(5), false));
    assert_eq!(page("type=order.placed&type=note.taken"), (vec![2, 3], Some(5), false));
    assert_eq!(page("from=2026-01-03&to=2026-01-05"), (vec![2, 3, 4], Some(5), false));
    assert_eq!(page("account=nobody"), (vec![], Some(5), false));
    site.get("/v1/events?type=nonsense").problem(400, "invalid-parameter");
    assert_eq!(Site::new().get("/v1/events").ok(), json!({"events": [], "after": null, "more": false}));
}

#[test]
fn an_event_is_read_by_position() {
    let site = Site::with_events();
    let event = site.get("/v1/events/5").ok();
    serde_json::from_value::<wire::RecordedEvent>(event.clone()).unwrap();
    assert_eq!(
        (&event["data"]["person"], &event["actor"]),
        (&json!("li.wei"), &json!("local:unauthenticated"))
    );
    site.get("/v1/events/6").problem(404, "event-unknown");
    site.get("/v1/events/-1").problem(400, "bad-request");
    site.get("/v1/events/0?x=1").problem(400, "invalid-parameter");
}
