//! Accounts: the same JSON as the ledger's answers, in the published shapes; pages that stay the same while others
//! write; answers that need not be sent again.

use super::*;
use crate::http::wire;
use crate::ledger::Asked;
use guanxi_projections::id::AccountId;
use guanxi_projections::list::List;

#[test]
fn an_account_is_what_the_ledger_says() {
    let site = Site::with_events();
    let reply = site.get("/v1/accounts/acme");
    let account = reply.ok();
    let expected = site.ledger.account(&AccountId::new("acme").unwrap(), &Asked::default()).unwrap();
    assert_eq!(account, site.told(&expected));
    assert_eq!(reply.header("stream-length"), "4");
    has_shape::<wire::Account>(&account);
    let before = site.get("/v1/accounts/acme?as_of=2026-01-02").ok();
    assert_eq!((&before["events"], &before["as_of"]), (&json!(1), &json!("2026-01-02T23:59:59Z")));
}

#[test]
fn every_list_has_its_shape() {
    let site = Site::with_events();
    for list in List::ALL {
        let answer = site.get(&format!("/v1/accounts/acme/{}", list.as_str())).ok();
        has_shape::<wire::Lines>(&answer);
        assert_eq!(answer["list"], list.as_str());
    }
    let commitments = site.get("/v1/accounts/acme/commitments").ok();
    assert_eq!(commitments["lines"][0]["commitment"], "c1");
    site.get("/v1/accounts/acme/nonsense").problem(404, "not-found");
    site.get("/v1/accounts/nobody/commitments").problem(404, "account-unknown");
}

#[test]
fn history_and_trend_have_their_shapes() {
    let site = Site::with_events();
    let history = site.get("/v1/accounts/acme/history").ok();
    has_shape::<wire::History>(&history);
    assert_eq!(history["entries"].as_array().unwrap().len(), 4);

    let path = "/v1/accounts/acme/trend?from=2026-01-01&to=2026-03-31&every=month&measure=health,score&measure=sales";
    let trend = site.get(path).ok();
    has_shape::<wire::Trend>(&trend);
    assert_eq!(trend["points"].as_array().unwrap().len(), 4);
    assert!(trend["points"][1]["sales"].is_number(), "{trend}");
    site.get("/v1/accounts/acme/trend?from=2026-02-01&to=2026-01-01").problem(400, "invalid-parameter");
    site.get("/v1/accounts/acme/trend?from=1900-01-01&every=day").problem(422, "too-many-points");
}

#[test]
fn a_ranking_is_filtered_and_ordered() {
    let site = Site::with_events();
    let accounts = site.get("/v1/accounts").ok();
    has_shape::<wire::Accounts>(&accounts);
    assert_eq!(accounts["total"], 2);
    let names = |query: &str| -> Vec<String> {
        let answer = site.get(&format!("/v1/accounts?{query}")).ok();
        let rows = answer["accounts"].as_array().unwrap();
        rows.iter().map(|row| row["account"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("sort=account"), ["acme", "bolt"]);
    assert_eq!(names("sort=events"), ["acme", "bolt"]);
    assert_eq!(names("owner=li.wei"), ["acme"]);
    assert_eq!(names("no_owner=true"), ["bolt"]);
    assert!(names("min_score=100").is_empty() && names("key=true").is_empty());
    let stage = accounts["accounts"][0]["stage"].as_str().unwrap();
    assert!(!names(&format!("stage={stage}")).is_empty());
    site.get("/v1/accounts?owner=a&no_owner=true").problem(400, "invalid-parameter");
    let problem = site.get("/v1/accounts?stage=nonsense").problem(400, "invalid-parameter");
    assert!(problem["detail"].as_str().unwrap().contains("growth"), "{problem}");
    assert_eq!(
        site.get("/v1/accounts?min-score=1").problem(400, "invalid-parameter")["parameter"],
        "min-score"
    );
    for limit in ["0", "1001", "x"] {
        site.get(&format!("/v1/accounts?limit={limit}")).problem(400, "invalid-parameter");
    }
}

#[test]
fn pages_show_every_account_once_whatever_is_recorded_meanwhile() {
    let site = Site::new();
    let opening = |n: u32| event(n, "account.opened", &format!("a{n:02}"), 1, json!({"name": "x"}));
    let events: Vec<_> = (0..25).map(opening).collect();
    site.post("/v1/events", "application/json", &json!(events).to_string());
    let mut seen = Vec::new();
    let mut path = "/v1/accounts?sort=account&limit=10".to_owned();
    let mut coordinates = Vec::new();
    for n in 100.. {
        let page = site.get(&path).ok();
        let rows = page["accounts"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| row["account"].as_str().unwrap().to_owned()));
        coordinates.push((page["as_of"].clone(), page["known_at"].clone(), page["total"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/accounts?sort=account&limit=10&cursor={next}");
        site.clock.advance_micros(5_000_000);
        let more = event(n, "account.opened", &format!("a00-{n}"), 1, json!({"name": "later"}));
        assert_eq!(site.post("/v1/events", "application/json", &more.to_string()).status, 201);
    }
    assert_eq!(seen, (0..25).map(|n| format!("a{n:02}")).collect::<Vec<_>>());
    coordinates.dedup();
    assert_eq!(coordinates.len(), 1);
    site.get(&path.replace("sort=account", "sort=name")).problem(400, "invalid-cursor");
    site.get("/v1/accounts?cursor=AAAA").problem(400, "invalid-cursor");
}

#[test]
fn an_answer_that_is_still_right_is_not_sent_again() {
    let site = Site::with_events();
    let path = "/v1/accounts/acme?as_of=2026-02-01";
    let reply = site.get(path);
    let tag = reply.header("etag").to_owned();
    assert!(tag.starts_with('"') && reply.header("cache-control").contains("no-cache"));
    let again = site.get_with(path, &[("if-none-match", &tag)]);
    assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, tag.as_str()));
    let zipped = site.get_with(path, &[("accept-encoding", "gzip")]);
    assert_eq!(zipped.header("content-encoding"), "gzip");
    let marked = zipped.header("etag").to_owned();
    assert_ne!(marked, tag);
    let mut plain = Vec::new();
    std::io::copy(&mut flate2::read::GzDecoder::new(&zipped.body[..]), &mut plain).unwrap();
    assert_eq!(plain, reply.body);
    assert_eq!(site.get_with(path, &[("if-none-match", &marked), ("accept-encoding", "gzip")]).status, 304);

    let order = json!({"order": "o2", "amount": {"amount": "9", "currency": "CNY"}});
    site.post("/v1/events", "application/json", &event(9, "order.placed", "acme", 9, order).to_string());
    assert_eq!(site.get_with(path, &[("if-none-match", &tag)]).status, 200);
}

#[test]
fn what_lies_in_the_past_and_shows_no_names_is_kept_for_ever() {
    let site = Site::with_events();
    let known_at = site.get("/v1/accounts/bolt").ok()["known_at"].as_str().unwrap().to_owned();
    let keeps = |path: &str| site.get(path).header("cache-control").contains("immutable");
    assert!(keeps(&format!("/v1/accounts/bolt?as_of=2026-02-01&known_at={known_at}")));
    let trend = "trend?from=2026-01-01&to=2026-03-01";
    assert!(keeps(&format!("/v1/accounts/acme/{trend}&known_at={known_at}")));
    // Of today; as far as is known; as known later than anything; with an owner.
    assert!(!keeps(&format!("/v1/accounts/bolt?known_at={known_at}")));
    assert!(!keeps("/v1/accounts/bolt?as_of=2026-02-01"));
    assert!(!keeps("/v1/accounts/bolt?as_of=2026-02-01&known_at=2026-06-02"));
    assert!(!keeps(&format!("/v1/accounts/acme?as_of=2026-02-01&known_at={known_at}")));
    assert!(!keeps(&format!("/v1/accounts/acme/{trend}")));
}
