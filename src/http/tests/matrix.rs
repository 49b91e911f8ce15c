//! Each route by each role and each scope: allowed or refused as it is documented.
//!
//! What a role has and what a route needs are written down here once more, by themselves: the table of the gate is
//! held against them. A route that is missing here fails a test.

use std::collections::BTreeSet;

use super::access::{Guarded, Scope};
use super::*;
use crate::http::permission::need;
use crate::ledger::Role;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Record,
    Read,
    Decide,
    Operate,
}

/// What each role has, beside what needs nothing.
const HAS: [(Role, &[Needs]); 5] = [
    (Role::Recorder, &[Needs::Record]),
    (Role::Manager, &[Needs::Record, Needs::Read, Needs::Decide]),
    (Role::Auditor, &[Needs::Read, Needs::Operate]),
    (Role::Privacy, &[Needs::Read]),
    (Role::Admin, &[Needs::Record, Needs::Read, Needs::Decide, Needs::Operate]),
];

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// What every scope may ask, and is shown its part of.
    Part,
    /// An account of every scope here.
    Acme,
    /// An account of no scope here.
    Bolt,
    /// All accounts at once: nothing for a scope.
    All,
}

/// A request, and the status that it has where it is allowed.
struct Case {
    method: Method,
    route: &'static str,
    path: String,
    body: Option<Value>,
    needs: Needs,
    about: About,
    granted: u16,
}

fn get(route: &'static str, path: &str, needs: Needs, about: About) -> Case {
    Case { method: Method::GET, route, path: path.to_owned(), body: None, needs, about, granted: 200 }
}

fn post(route: &'static str, path: &str, body: Value, (needs, about): (Needs, About), granted: u16) -> Case {
    Case { method: Method::POST, route, path: path.to_owned(), body: Some(body), needs, about, granted }
}

/// What shows no data, and is open to all.
fn open() -> Vec<Case> {
    let pages =
        ["/", "/openapi.json", "/docs/", "/problems", "/healthz", "/readyz"].map(|route| (route, route, 200));
    let others = [
        ("/docs", "/docs", 308),
        ("/docs/{*path}", "/docs/swagger-ui.css", 200),
        ("/problems/{name}", "/problems/busy", 200),
    ];
    let case = |(route, path, granted)| Case { granted, ..get(route, path, Needs::Nothing, About::Part) };
    pages.into_iter().chain(others).map(case).collect()
}

/// What is about one account: once for one within every scope, once for one within none.
fn of_an_account() -> Vec<Case> {
    let mut cases = Vec::new();
    for (account, about, position, known) in [("acme", About::Acme, 2, 0), ("bolt", About::Bolt, 3, 1)] {
        let routes = [
            ("/v1/accounts/{account}", ""),
            ("/v1/accounts/{account}/history", "/history"),
            ("/v1/accounts/{account}/trend", "/trend"),
            ("/v1/accounts/{account}/explain/{measure}", "/explain/health"),
            ("/v1/accounts/{account}/diff", "/diff?from=2026-02-01"),
            ("/v1/accounts/{account}/{list}", "/commitments"),
        ];
        cases.extend(
            routes.map(|(route, rest)| {
                get(route, &format!("/v1/accounts/{account}{rest}"), Needs::Read, about)
            }),
        );
        cases.push(post(
            "/v1/accounts/{account}/whatif",
            &format!("/v1/accounts/{account}/whatif"),
            json!({"without": [{"position": position}]}),
            (Needs::Read, about),
            200,
        ));
        cases.push(get("/v1/events/{position}", &format!("/v1/events/{known}"), Needs::Read, about));
        cases.push(get("/v1/events", &format!("/v1/events?account={account}"), Needs::Read, about));
        // Recorded already, so that it changes nothing however often it is sent.
        let recorded =
            event(known + 1, "account.opened", account, known + 1, json!({"name": NAMES[known as usize]}));
        cases.push(post("/v1/events", "/v1/events", recorded, (Needs::Record, about), 200));
    }
    cases
}

/// How [`Site::with_events`] calls its accounts.
const NAMES: [&str; 2] = ["Acme", "Bolt"];

/// What is about all accounts, or about none. `policy` is the one in force.
fn of_the_ledger(policy: Value) -> Vec<Case> {
    let asked = [
        ("/v1/events", ""),
        ("/v1/events/stream", ""),
        ("/v1/accounts", ""),
        ("/v1/portfolio", ""),
        ("/v1/portfolio/trend", ""),
        ("/v1/portfolio/movement", "?from=2026-02-01"),
        ("/v1/alerts", ""),
        ("/v1/reviews", ""),
        ("/v1/reviews/proposal", ""),
        ("/v1/key-accounts", ""),
        ("/v1/policies", ""),
    ];
    let mut cases: Vec<_> = asked
        .map(|(route, rest)| get(route, &format!("{route}{rest}"), Needs::Read, About::Part))
        .into_iter()
        .collect();
    cases.push(get("/v1/policies/{policy}", "/v1/policies/current", Needs::Read, About::Part));
    cases.push(get("/metrics", "/metrics", Needs::Operate, About::Part));
    // There is none: whoever may see jobs is told so.
    cases
        .push(Case { granted: 404, ..get("/v1/jobs/{job}", "/v1/jobs/00000000-1", Needs::Read, About::All) });
    let decided = (Needs::Decide, About::All);
    // Sound requests with nothing to record.
    cases.push(post("/v1/reviews", "/v1/reviews", json!({"as_of": "2099-01-01"}), decided, 422));
    cases.push(post("/v1/policies", "/v1/policies?reason=x", policy, decided, 409));
    cases.push(post("/v1/backtests", "/v1/backtests", json!({}), decided, 202));
    cases.push(post("/v1/calibrations", "/v1/calibrations", json!({}), decided, 202));
    cases
}

fn cases(guarded: &Guarded) -> Vec<Case> {
    let policy = told(&guarded.site.ledger.policy(&crate::ledger::Asked::default()).unwrap());
    [open(), of_an_account(), of_the_ledger(policy)].into_iter().flatten().collect()
}

/// Sends the request and gives status and kind of problem, without the body of a stream, which has no end.
fn answered(site: &Site, case: &Case, secret: Option<&str>) -> (u16, Option<String>) {
    let bearer = secret.map(|secret| format!("Bearer {secret}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let body = case.body.as_ref().map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let request = request(case.method.clone(), &case.path, &headers, body);
    let answered = site.runtime.block_on(async {
        let response = site.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        if status < 400 {
            return (status, None);
        }
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let problem: Value = serde_json::from_slice(&body).unwrap();
        (status, problem["type"].as_str().map(str::to_owned))
    });
    // The jobs that it began make room for the next.
    site.runtime.block_on(site.jobs.ended());
    answered
}

#[test]
fn each_route_by_each_role_and_scope() {
    let guarded = Guarded::new();
    for case in cases(&guarded) {
        for (role, scope, secret) in &guarded.secrets {
            let (_, has) = HAS.iter().find(|(known, _)| known == role).unwrap();
            let hidden = *scope != Scope::All && matches!(case.about, About::Bolt | About::All);
            let expected = if case.needs != Needs::Nothing && !has.contains(&case.needs) {
                (403, Some("/problems/forbidden"))
            } else if hidden {
                (403, Some("/problems/out-of-scope"))
            } else {
                (case.granted, None)
            };
            let (status, problem) = answered(&guarded.site, &case, Some(secret));
            let at = format!("{} {} {role:?} {scope:?}", case.method, case.path);
            assert_eq!(status, expected.0, "{at}: {problem:?}");
            assert!(expected.1.is_none_or(|kind| problem.as_deref() == Some(kind)), "{at}: {problem:?}");
        }
        let (status, problem) = answered(&guarded.site, &case, None);
        let expected = if case.needs == Needs::Nothing { case.granted } else { 401 };
        assert_eq!(status, expected, "{} {} without a token: {problem:?}", case.method, case.path);
    }
}

#[test]
fn no_route_is_missing_here_or_in_the_table_of_the_gate() {
    let guarded = Guarded::new();
    let here: BTreeSet<(String, String)> =
        cases(&guarded).into_iter().map(|case| (case.method.to_string(), case.route.to_owned())).collect();
    let document: Value = guarded.site.get("/openapi.json").ok();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
            assert!(need(&Method::from_bytes(method.as_bytes()).unwrap(), path).is_some(), "{method} {path}");
            assert!(here.contains(&(method.clone(), path.clone())), "{method} {path} is in no case");
        }
    }
    // Those that are not described stand in the table of the gate alone.
    let table = include_str!("../permission.rs");
    let literals = table.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/'));
    for route in literals {
        assert!(here.iter().any(|(_, known)| known == route), "{route} is in no case");
        let methods = [Method::GET, Method::POST].into_iter().filter(|method| need(method, route).is_some());
        for method in methods.filter(|method| need(method, route) != need(&Method::PUT, route)) {
            assert!(here.contains(&(method.to_string(), route.to_owned())), "{method} {route} is in no case");
        }
    }
    assert!(need(&Method::GET, "/v1/nowhere").is_none() && need(&Method::DELETE, "/v1/accounts").is_none());
}
