//! The description of the interface and its pages.

use super::*;
use crate::http::described;
use crate::http::problem::Kind;
use crate::ledger::{Role, TokenAsked};

#[test]
fn every_operation_is_described_with_its_problems() {
    let document = Site::new().get("/openapi.json").ok();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 12, "{:?}", paths.keys());
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(operation["summary"].is_string() && operation["description"].is_string(), "{at}");
            let responses = operation["responses"].as_object().unwrap();
            for status in ["400", "401", "403", "429", "500", "503"] {
                let content = &responses[status]["content"]["application/problem+json"];
                assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{at} {status}");
                assert!(!content["examples"].as_object().unwrap().is_empty(), "{at} {status}");
            }
        }
    }
}

#[test]
fn every_reference_of_the_description_is_there() {
    let document = Site::new().get("/openapi.json").ok();
    let text = document.to_string();
    let references: Vec<_> =
        text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(references.len() > 20);
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[test]
fn every_parameter_is_described_with_an_example() {
    let document = Site::new().get("/openapi.json").ok();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap());
    let mut faults = Vec::new();
    for (_, operation) in operations {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let yes_or_no = parameter["schema"]["type"] == "boolean";
            // A cursor cannot be made up.
            let needs_example = !yes_or_no && name != "cursor";
            if !parameter["description"].is_string() || needs_example && parameter.get("example").is_none() {
                faults.push(format!("{}: {name}", operation["operationId"]));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What an operation is described to take is what it takes, each parameter once: asked with one that it does not know,
/// it tells those that it does.
#[test]
fn every_parameter_of_the_description_is_there() {
    let site = Site::with_events();
    let document = site.get("/openapi.json").ok();
    let places = [
        ("{account}", "acme"),
        ("{measure}", "health"),
        ("{list}", "bids"),
        ("{position}", "0"),
        ("{policy}", "current"),
        ("{job}", "00000000-1"),
    ];
    for (path, item) in
        document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/v1/"))
    {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let parameters = parameters.iter().filter(|parameter| parameter["in"] == "query");
            let mut described: Vec<_> =
                parameters.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect();
            if method == "post" && described.is_empty() {
                continue;
            }
            let path = places.iter().fold(path.clone(), |path, (name, value)| path.replace(name, value))
                + "?nonsense=1";
            let reply = if method == "post" { site.post_json(&path, &json!({})) } else { site.get(&path) };
            let problem = reply.problem(400, "invalid-parameter");
            assert_eq!(problem["parameter"], "nonsense", "{method} {path}");
            let (_, told) = problem["detail"].as_str().unwrap().split_once(": ").unwrap_or_default();
            let mut told: Vec<_> = told.split(", ").filter(|name| !name.is_empty()).collect();
            told.sort_unstable();
            described.sort_unstable();
            assert_eq!(told, described, "{method} {path}");
        }
    }
}

/// What needs a token says so once there are tokens, and not before.
#[test]
fn the_description_says_what_needs_a_token() {
    let site = Site::new();
    let needing = || {
        let document = site.get("/openapi.json").ok();
        let paths = document["paths"].as_object().unwrap();
        let operations = paths.values().flat_map(|item| item.as_object().unwrap().values());
        let guarded = operations.filter(|operation| operation["security"] == json!([{"token": []}]));
        (guarded.count(), document["paths"]["/healthz"]["get"]["security"].clone())
    };
    assert_eq!(needing(), (0, Value::Null));
    let token = TokenAsked {
        name: "a".to_owned(),
        role: Role::Manager,
        sources: Vec::new(),
        accounts: Vec::new(),
        owners: Vec::new(),
    };
    site.ledger.create_token(token).unwrap();
    // All but whether the server is alive, and ready.
    let described = described().into_openapi();
    let operations = described.paths.paths.values();
    let count: usize =
        operations.map(|item| usize::from(item.get.is_some()) + usize::from(item.post.is_some())).sum();
    assert_eq!(needing(), (count - 2, Value::Null));
}

#[test]
fn the_pages_need_no_network() {
    let site = Site::new();
    assert_eq!(site.get("/docs").header("location"), "/docs/");
    let page = site.get("/docs/");
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html"));
    for asset in ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"] {
        assert!(page.text().contains(asset), "{}", page.text());
        assert_eq!(site.get(&format!("/docs/{asset}")).status, 200);
    }
    assert!(!page.text().contains("https://") && !page.text().contains("http://"), "{}", page.text());
    let initializer = site.get("/docs/swagger-initializer.js");
    assert!(
        initializer.text().contains("/openapi.json")
            && initializer.text().contains("\"validatorUrl\": \"none\"")
    );
    site.get("/docs/nothing.js").problem(404, "not-found");
}

#[test]
fn every_kind_of_problem_has_its_page() {
    let site = Site::new();
    let all = site.get("/problems");
    for kind in Kind::ALL {
        assert!(all.text().contains(&format!("href=\"/problems/{}\"", kind.name())));
        let page = site.get(&format!("/problems/{}", kind.name()));
        assert!(page.text().contains("<h2>Cause</h2>") && page.text().contains("<h2>Remedy</h2>"));
    }
    site.get("/problems/nonsense").problem(404, "not-found");
}

#[test]
fn the_server_says_how_it_is() {
    let site = Site::with_events();
    assert_eq!(site.get("/healthz").ok(), json!({"status": "ok"}));
    assert!(site.get("/metrics").text().contains("guanxi_image_watermark_lag_events 6\n"));
    assert_eq!(site.get("/readyz").ok(), json!({"status": "ok"}));
    // The writer answers before it counts what it answered.
    let idle = |metrics: &Reply| metrics.text().contains("guanxi_queue_depth_events 0\n");
    let metrics = std::iter::repeat_with(|| site.get("/metrics")).find(idle).unwrap();
    assert!(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
    for line in [
        "guanxi_events 6\n",
        "guanxi_image_watermark_lag_events 0\n",
        "guanxi_commit_size_events_bucket{le=\"16\"} 1\n",
        "guanxi_jobs_running 0\n",
        "guanxi_http_request_duration_seconds_count{route=\"/v1/events\",method=\"POST\",status=\"201\"} 1\n",
    ] {
        assert!(metrics.text().contains(line), "{line}{}", metrics.text());
    }
    assert_eq!(site.get("/").ok()["docs"], "/docs/");
    // Everything that is measured says what it is.
    for line in metrics.text().lines().filter(|line| !line.starts_with('#')) {
        let name = line.split([' ', '{']).next().unwrap_or_default();
        let family =
            ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(metrics.text().contains(&format!("# HELP {family} ")), "{line}");
        assert!(metrics.text().contains(&format!("# TYPE {family} ")), "{line}");
    }
}
