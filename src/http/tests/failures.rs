//! Every failure is a problem, whoever brought it about.

use super::*;

#[test]
fn what_the_framework_refuses_is_a_problem_too() {
    let site = Site::new();
    site.get("/nowhere").problem(404, "not-found");
    site.get("/v1/accounts/%ff").problem(400, "bad-request");
    let reply = site.send(request(Method::DELETE, "/v1/events", &[], Body::empty()));
    reply.problem(405, "method-not-allowed");
    assert!(reply.header("allow").contains("POST"), "{reply:?}");
    let html = [("accept", "text/html")];
    site.get_with("/v1/events", &html).problem(406, "not-acceptable");
    for accept in ["application/json", "text/html, application/*;q=0.5", "*/*"] {
        assert_eq!(site.get_with("/v1/events", &[("accept", accept)]).status, 200);
    }
    site.get(&format!("/v1/events?account={}", "x".repeat(9_000))).problem(414, "uri-too-long");
}

#[test]
fn bodies_that_are_not_taken_are_told_apart() {
    let site = Site::new();
    site.post("/v1/events", "text/plain", "{}").problem(415, "unsupported-media-type");
    site.post_with("/v1/events", &[], "{}").problem(415, "unsupported-media-type");
    let zipped = [("content-type", "application/json"), ("content-encoding", "gzip")];
    site.post_with("/v1/events", &zipped, "{}").problem(415, "unsupported-media-type");
    site.post("/v1/events", "application/json", "{").problem(400, "malformed");
    site.post("/v1/events", "application/json", "3").problem(400, "malformed");
    site.post("/v1/events", "application/json", &"[".repeat(10_000)).problem(400, "malformed");
    site.post("/v1/events", "application/json", r#"{"a":1,"a":2}"#).problem(400, "malformed");
    let problem = site.post("/v1/events", "application/json", "{}").problem(422, "rejected");
    assert_eq!(problem["rule"], "missing-field");
    let large = site.post("/v1/events", "application/json", &" ".repeat(100_001));
    assert_eq!(large.problem(413, "too-large")["bytes_max"], 100_000);
    let many = vec![event(1, "note.taken", "acme", 1, json!({"text": "x"})); 10_001];
    let roomy = Site::with(Limits { body_bytes: 16 << 20, ..limits() });
    roomy.post("/v1/events", "application/json", &json!(many).to_string()).problem(413, "batch-too-large");
}

#[test]
fn a_body_that_does_not_say_its_length_is_measured() {
    let site = Site::new();
    let chunks = (0..200).map(|_| Ok::<_, std::convert::Infallible>(Bytes::from(vec![b' '; 1_000])));
    let body = Body::from_stream(futures_util::stream::iter(chunks));
    let headers = [("content-type", "application/json")];
    site.send(request(Method::POST, "/v1/events", &headers, body)).problem(413, "too-large");
}

#[test]
fn nobody_else_may_ask_without_tokens() {
    let site = Site::with_events();
    let mut foreign = request(Method::GET, "/v1/accounts", &[], Body::empty());
    foreign.headers_mut().insert("host", "evil.example".parse().unwrap());
    site.send(foreign).problem(403, "origin-forbidden");
    site.get_with("/v1/accounts", &[("origin", "https://evil.example")]).problem(403, "origin-forbidden");
    site.get_with("/v1/accounts", &[("sec-fetch-site", "cross-site")]).problem(403, "origin-forbidden");
}

#[test]
fn accounts_and_policies_that_are_not_there_are_named() {
    let site = Site::with_events();
    site.get("/v1/accounts/nobody").problem(404, "account-unknown");
    site.get("/v1/accounts/%24ledger").problem(404, "account-unknown");
    site.get("/v1/accounts/acme?as_of=1990-01-01").problem(404, "account-unknown");
    site.get("/v1/accounts/acme?policy=9").problem(404, "policy-unknown");
    site.get("/v1/accounts/acme?policy=nonsense").problem(400, "invalid-parameter");
    site.get("/v1/accounts/acme?as_of=yesterday").problem(400, "invalid-parameter");
    site.get("/v1/policies/9").problem(404, "policy-unknown");
}
