//! Policies over HTTP: listed, shown, tried and adopted.

use guanxi_projections::policy::{DEFAULT_TOML, Policy};

use super::*;
use crate::http::wire;

const WHY: &str = "/v1/policies?reason=more%20key%20accounts";

/// The default policy with another share of key accounts.
fn with_percent(percent: u32) -> String {
    let line = DEFAULT_TOML.lines().find(|line| line.starts_with("percent = ")).unwrap();
    let text = DEFAULT_TOML.replace(line, &format!("percent = \"{percent}\""));
    assert!(Policy::from_toml(&text).is_ok() && text != DEFAULT_TOML);
    text
}

#[test]
fn policies_are_listed_as_the_ledger_says() {
    let site = Site::new();
    let listed = told(&site.ledger.policies(None).unwrap());
    has_shape::<wire::Policies>(&listed);
    assert_eq!(listed["policies"][0]["version"], 1);
    site.check_answer("/v1/policies", &listed);
    let policy = site.get("/v1/policies/current").ok();
    assert_eq!(policy["version"], 1);
    assert_eq!(site.get("/v1/policies/1").ok(), policy);
    site.get("/v1/policies?as_of=2026-01-01").problem(400, "invalid-parameter");
}

#[test]
fn a_policy_is_adopted_as_text_with_its_comments() {
    let site = Site::with_events();
    let reply = site.post(WHY, "application/toml", &with_percent(33));
    assert_eq!((reply.status.as_u16(), reply.header("location")), (201, "/v1/policies/2"), "{reply:?}");
    let adopted = reply.json();
    has_shape::<wire::Adopted>(&adopted);
    assert_eq!((&adopted["version"], &adopted["renumbered_from"]), (&json!(2), &json!(1)));
    assert_eq!(adopted["differences"].as_array().unwrap().len(), 1, "{adopted}");
    let current = site.get("/v1/policies/current").ok();
    assert_eq!((&current["version"], &current["review"]["percent"]), (&json!(2), &json!("33")));
    let listed = site.get("/v1/policies").ok();
    assert_eq!(listed["policies"][1]["reason"], "more key accounts");
    let text = site.ledger.named_policy(&crate::ledger::Asked::default()).unwrap().text;
    assert!(text.contains('#'), "the comments are gone");
    // An answer that was lost: the same again says nothing new.
    site.post(WHY, "application/toml", &with_percent(33)).problem(409, "policy-unchanged");
}

#[test]
fn a_policy_is_adopted_as_the_json_that_shows_it() {
    let site = Site::new();
    let mut policy = site.get("/v1/policies/current").ok();
    site.post_json(WHY, &policy).problem(409, "policy-unchanged");
    policy["review"]["percent"] = json!("33");
    let adopted = site.post_json(WHY, &policy);
    assert_eq!(adopted.status, 201, "{adopted:?}");
    policy["version"] = json!(2);
    assert_eq!(site.get("/v1/policies/2").ok(), policy);
}

/// What the description shows as an example is what it is taken for.
#[test]
fn the_example_is_a_policy() {
    let site = Site::new();
    let document = site.get("/openapi.json").ok();
    let content = &document["paths"]["/v1/policies"]["post"]["requestBody"]["content"];
    let toml = content["application/toml"]["example"].as_str().unwrap();
    site.post(WHY, "application/toml", toml).problem(409, "policy-unchanged");
    site.post_json(WHY, &content["application/json"]["example"]).problem(409, "policy-unchanged");
}

#[test]
fn a_dry_run_tells_and_records_nothing() {
    let site = Site::with_events();
    let text = with_percent(33);
    let expected = site.ledger.preview_policy(&Policy::from_toml(&text).unwrap(), |_, _| ()).unwrap();
    let reply = site.post("/v1/policies?dry_run=true", "application/toml", &text);
    assert_eq!(reply.ok(), told(&expected));
    has_shape::<wire::PolicyEffect>(&reply.json());
    assert_eq!(site.ledger.head().count, 6);
}

#[test]
fn a_policy_that_cannot_be_used_is_refused_with_field_and_reason() {
    let site = Site::new();
    let refused = site.post(WHY, "application/toml", &with_percent(33).replace("\"33\"", "\"150\""));
    let problem = refused.problem(422, "invalid-policy");
    assert_eq!(problem["field"], "review.percent");
    assert!(problem["reason"].is_string() && problem["line"].is_number(), "{problem}");
    let unknown = format!("nonsense = 1\n{DEFAULT_TOML}");
    assert!(site.post(WHY, "application/toml", &unknown).problem(422, "invalid-policy")["field"].is_string());
    assert_eq!(site.post(WHY, "application/toml", "version =").problem(422, "invalid-policy")["line"], 1);
    site.post_json(WHY, &json!({"version": 1})).problem(422, "invalid-policy");
    site.post_json(WHY, &json!({"version": null})).problem(422, "invalid-policy");
    site.post_json(WHY, &json!([1])).problem(422, "invalid-policy");
    site.post(WHY, "application/json", "{").problem(400, "malformed");
    site.post(WHY, "text/plain", DEFAULT_TOML).problem(415, "unsupported-media-type");
    site.post(WHY, "application/toml", &" ".repeat(98_305)).problem(413, "too-large");
    let long = format!("{}\n# {}", with_percent(33), "x".repeat(50_000));
    site.post(WHY, "application/toml", &long).problem(422, "not-recordable");
    let missing = site.post("/v1/policies", "application/toml", &with_percent(33));
    assert_eq!(missing.problem(400, "invalid-parameter")["parameter"], "reason");
    site.post("/v1/policies?reason=%20", "application/toml", "").problem(400, "invalid-parameter");
    assert_eq!(site.ledger.head().count, 0);
}
