//! The portfolio and its alerts over HTTP: what the ledger says, of the accounts that the caller sees.

use std::ops::ControlFlow;

use guanxi_projections::id::Alias;
use guanxi_projections::measure::Measure;
use guanxi_projections::time::{Day, When};
use guanxi_projections::trend::Every;

use super::*;
use crate::http::wire;
use crate::ledger::{AccountFilter, AlertFilter, Asked, MovementAsked, Seen, Sight, TrendAsked};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn at(as_of: &str) -> Asked {
    Asked { as_of: Some(as_of.parse().unwrap()), ..Asked::default() }
}

#[test]
fn the_portfolio_is_what_the_ledger_says() {
    let site = Site::with_events();
    let portfolio = |filter: &AccountFilter| {
        site.told(&site.ledger.portfolio(&at("2026-05-01"), filter, |_, _| ()).unwrap())
    };
    let whole = portfolio(&AccountFilter::default());
    has_shape::<wire::Portfolio>(&whole);
    assert_eq!(whole["accounts"], 2);
    site.check_answer("/v1/portfolio?as_of=2026-05-01", &whole);
    let owned = AccountFilter { owner: Some(Alias::new("li.wei").unwrap()), ..AccountFilter::default() };
    site.check_answer("/v1/portfolio?as_of=2026-05-01&owner=li.wei", &portfolio(&owned));
    let unowned = AccountFilter { unowned: true, ..AccountFilter::default() };
    site.check_answer("/v1/portfolio?as_of=2026-05-01&no_owner=true", &portfolio(&unowned));
    let stage = whole["ranking"][0]["stage"].as_str().unwrap();
    let of_stage = site.get(&format!("/v1/portfolio?as_of=2026-05-01&stage={stage}")).ok();
    assert_eq!(of_stage["ranking"][0], whole["ranking"][0]);
}

#[test]
fn questions_about_the_portfolio_that_say_nothing_are_refused() {
    let site = Site::with_events();
    let check = |path: &str, parameter: &str| {
        assert_eq!(site.get(path).problem(400, "invalid-parameter")["parameter"], parameter, "{path}");
    };
    check("/v1/portfolio?owner=li.wei&no_owner=true", "no_owner");
    check("/v1/portfolio?min_score=101", "min_score");
    check("/v1/portfolio?stage=nonsense", "stage");
    check("/v1/portfolio?no-owner=true", "no-owner");
    check("/v1/portfolio/movement", "from");
    check("/v1/portfolio/movement?from=yesterday", "from");
    check("/v1/portfolio/trend?from=2026-02-01&to=2026-01-01", "from");
    check("/v1/alerts?severity=dire", "severity");
    check("/v1/alerts?limit=0", "limit");
    site.get("/v1/portfolio?policy=9").problem(404, "policy-unknown");
    site.get("/v1/portfolio/trend?policy=9").problem(404, "policy-unknown");
    site.get("/v1/portfolio/movement?from=2026-01-01&policy=9").problem(404, "policy-unknown");
    site.get("/v1/alerts?policy=9").problem(404, "policy-unknown");
    // Three years of days; of what was seen then, ten years of months.
    let trend = "/v1/portfolio/trend?to=2026-01-01&every=day&from";
    site.get(&format!("{trend}=2022-12-01")).problem(422, "too-many-points");
    assert_eq!(site.get(&format!("{trend}=2023-01-01")).status, 200);
    site.get(&format!("{trend}=2025-01-01&as_seen_then=true")).problem(422, "too-many-points");
    assert_eq!(site.get(&format!("{trend}=2025-10-01&as_seen_then=true")).status, 200);
    site.get("/v1/alerts?account=nobody").problem(404, "account-unknown");
    site.get_with("/v1/portfolio", &[("accept", "text/html")]).problem(406, "not-acceptable");
    site.post_json("/v1/alerts", &json!({})).problem(405, "method-not-allowed");
}

#[test]
fn the_trend_of_the_portfolio_is_what_the_ledger_says() {
    let site = Site::with_events();
    let trend = |measures: Vec<Measure>, seen| {
        let (from, to) = (day("2026-01-01"), day("2026-05-31"));
        let trend = TrendAsked { from, to, every: Every::Month, measures, seen };
        told(
            &site
                .ledger
                .portfolio_trend(&trend, &Sight::All, &Asked::default(), |_, _| ControlFlow::Continue(()))
                .unwrap(),
        )
    };
    let path = "/v1/portfolio/trend?from=2026-01-01&to=2026-05-31";
    let expected = trend(vec![Measure::Health, Measure::Score, Measure::Outlook], Seen::Now);
    has_shape::<wire::PortfolioTrend>(&expected);
    assert_eq!(expected["points"][1]["accounts"], 2);
    site.check_answer(path, &expected);
    let then = trend(vec![Measure::Exposure], Seen::Then);
    site.check_answer(&format!("{path}&measure=exposure&as_seen_then=true"), &then);
}

#[test]
fn movement_and_alerts_are_what_the_ledger_says() {
    let site = Site::with_events();
    let when = |text: &str| text.parse::<When>().unwrap();
    let movement = MovementAsked {
        from: when("2025-12-31"),
        to: when("2026-05-01"),
        seen: Seen::Now,
        within: Sight::All,
    };
    let goes_on = |_, _| ControlFlow::Continue(());
    let moved = site.told(&site.ledger.movement(&movement, &Asked::default(), goes_on).unwrap());
    has_shape::<wire::Movement>(&moved);
    assert_eq!(moved["accounts"].as_array().unwrap().len(), 2, "{moved}");
    site.check_answer("/v1/portfolio/movement?from=2025-12-31&to=2026-05-01", &moved);

    let alerts =
        |filter: &AlertFilter| site.told(&site.ledger.alerts(&at("2026-07-05"), filter, |_, _| ()).unwrap());
    let all = alerts(&AlertFilter::default());
    has_shape::<wire::Alerts>(&all);
    let kinds: Vec<_> = all["alerts"].as_array().unwrap().iter().map(|alert| &alert["kind"]).collect();
    assert!(kinds.contains(&&json!("promise_overdue")), "{all}");
    site.check_answer("/v1/alerts?as_of=2026-07-05", &all);
    let first = AlertFilter { accounts: vec![account("acme")], limit: Some(1), ..AlertFilter::default() };
    site.check_answer("/v1/alerts?as_of=2026-07-05&account=acme&limit=1", &alerts(&first));
    let overdue = site.get("/v1/alerts?as_of=2026-07-05&kind=promise_overdue&severity=low&owner=li.wei").ok();
    assert_eq!(overdue["alerts"].as_array().unwrap().len(), 1, "{overdue}");
}
