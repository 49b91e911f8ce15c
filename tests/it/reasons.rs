//! Reasons on the command line: they sum to what is shown, and read as sentences.

use serde_json::Value;

use crate::harness::Site;

fn event(id: &str, kind: &str, time: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"crm","type":"{kind}","subject":"acme","time":"{time}","data":{data}}}"#
    )
}

fn order(id: &str, time: &str) -> String {
    let data = format!(r#"{{"order":"{id}","amount":{{"amount":"1000.00","currency":"CNY"}}}}"#);
    event(id, "order.placed", time, &data)
}

const MET: &str = r#"{"channel":"visit","ours":["li.wei"],"customer":["cto"],"topic":"pilot scope"}"#;

/// Seven events: an opening, a meeting, a promise kept, two orders and a concession.
fn site() -> Site {
    let site = Site::with_ledger();
    for told in [
        event("open", "account.opened", "2026-01-05T01:00:00Z", r#"{"name":"埃克米 Acme"}"#),
        event("m1", "meeting.held", "2026-02-10T01:00:00Z", MET),
        event(
            "p1",
            "commitment.made",
            "2026-02-20T01:00:00Z",
            r#"{"commitment":"p","by":"us","due":"2026-03-10"}"#,
        ),
        event("k1", "commitment.kept", "2026-03-09T01:00:00Z", r#"{"commitment":"p"}"#),
        order("o1", "2026-02-01T01:00:00Z"),
        order("o2", "2026-04-10T01:00:00Z"),
        event(
            "x1",
            "concession.granted",
            "2026-04-12T01:00:00Z",
            r#"{"concession":"x","by":"us","form":"price","reason":"for the pilot"}"#,
        ),
    ] {
        site.feed(["append"], told).succeeded();
    }
    site
}

const AS_OF: [&str; 3] = ["--json", "--as-of", "2026-04-30"];

fn ask(site: &Site, question: &[&str]) -> Value {
    site.run([question, AS_OF.as_slice()].concat()).json()
}

fn sum(list: &Value) -> f64 {
    list.as_array().into_iter().flatten().map(|one| one["points"].as_f64().unwrap()).sum()
}

#[test]
fn contributions_sum_to_what_show_says() {
    let site = site();
    let shown = ask(&site, &["show", "acme"]);
    for (measure, shown) in [
        ("health", &shown["health"]["value"]),
        ("confidence", &shown["health"]["confidence"]),
        ("integrity", &shown["health"]["dimensions"]["integrity"]["value"]),
        ("engagement", &shown["health"]["dimensions"]["engagement"]["value"]),
        ("score", &shown["score"]["value"]),
        ("outlook", &shown["outlook"]["active_probability"]),
        ("exposure", &shown["exposure"]),
    ] {
        let explained = ask(&site, &["explain", "acme", measure]);
        assert_eq!(&explained["value"], shown, "{measure}");
        let value = explained["value"].as_f64().unwrap();
        let points = explained["baseline"].as_f64().unwrap() + sum(&explained["contributions"]);
        assert!((value - points).abs() < 1e-9, "{explained}");
        let top = ask(&site, &["explain", "acme", measure, "--top", "1"]);
        assert!(top["contributions"].as_array().unwrap().len() <= 1);
        let rest = top["rest"]["points"].as_f64().unwrap_or(0.0);
        let points = top["baseline"].as_f64().unwrap() + sum(&top["contributions"]) + rest;
        assert!((value - points).abs() < 1e-9, "{top}");
    }
    let kept = &ask(&site, &["explain", "acme", "integrity"])["contributions"];
    assert_eq!(kept[0]["position"], 3);
    assert_eq!(
        (&kept[0]["type"], &kept[0]["occurred_at"]),
        (&"commitment.kept".into(), &"2026-03-09T01:00:00Z".into())
    );
    assert_eq!(kept.as_array().unwrap().len(), 1);
}

#[test]
fn reasons_are_sentences() {
    let site = site();
    let say = |question: &[&str]| site.run(question).succeeded();
    // Fifteen hours after the promise was kept: .9988 (1 - .7)/4.9988 = .05995 above the prior of .7.
    let said = say(&["explain", "acme", "integrity", "--as-of", "2026-03-09"]);
    let expected = "The integrity of 埃克米 Acme on 2026-03-09 is 76.0. Before any event counts it is 70.0.\n\
                    What lifts it most:\n      +5.99  a promise kept on 2026-03-09 (position 3)\n";
    assert_eq!(said, expected);
    let said = say(&["explain", "acme", "engagement", "--as-of", "2026-04-30"]);
    assert!(said.contains("a meeting on 2026-02-10 (position 1): pilot scope"), "{said}");
    let said = say(&["explain", "acme", "outlook", "--as-of", "2026-01-10"]);
    assert_eq!(said, "There is no outlook for 埃克米 Acme: it has not ordered yet.\n");
    let said = say(&["explain", "acme", "stage", "--as-of", "2026-04-30"]);
    for sentence in [
        "埃克米 Acme has been in maturity since 2026-04-10, by order.placed (position 5).",
        "2026-04-10: acquisition -> maturity, by order.placed (position 5); behind it is an order on 2026-04-10 \
         (position 5)",
        "What decides now: trend g=",
        "Next: decline on ",
    ] {
        assert!(said.contains(sentence), "{sentence}\n{said}");
    }
    let said = say(&["explain", "acme", "health", "--as-of", "2026-04-30", "--lang", "zh"]);
    assert!(said.contains("埃克米 Acme 的健康度为") && said.contains("承诺兑现"), "{said}");
}

#[test]
fn a_difference_is_the_sum_of_its_parts() {
    let site = site();
    let differs = |arguments: &[&str]| {
        let answer = site.run([&["diff", "acme", "--json"], arguments].concat()).json();
        for change in answer["measures"].as_array().unwrap() {
            let moved = change["change"].as_f64().unwrap();
            assert!((moved - sum(&change["classes"])).abs() < 1e-9, "{change}");
        }
        answer
    };
    let classes = |answer: &Value, place: usize| -> Vec<String> {
        let classes = answer["measures"][place]["classes"].as_array().unwrap();
        classes.iter().map(|class| class["class"].as_str().unwrap().to_owned()).collect()
    };
    let span = ["--from", "2026-03-01", "--to", "2026-04-30"];
    let answer = differs(&[&span[..], &["--measure", "integrity"]].concat());
    // By time alone the promise of 10 March would be 51 days overdue: .919934 (0 - .7)/4.919934 = -.130887. That it was
    // kept is new.
    assert_eq!(classes(&answer, 0), ["faded", "new"]);
    let [faded, new] = [0, 1].map(|class| &answer["measures"][0]["classes"][class]);
    assert!((faded["points"].as_f64().unwrap() + 13.0887).abs() < 1e-3, "{faded}");
    assert_eq!((&faded["events"][0]["position"], &new["events"][0]["position"]), (&2.into(), &3.into()));
    assert_eq!(answer["stage"]["to"], "maturity");
    let said = site.run([&["diff", "acme"], &span[..]].concat()).succeeded();
    assert!(
        said.contains("stage: acquisition -> maturity, by an order on 2026-04-10 (position 5)"),
        "{said}"
    );
    assert!(said.contains("  new\n") && said.contains("  time went by\n"), "{said}");

    let known = ask(&site, &["show", "acme"])["known_at"].as_str().unwrap().to_owned();
    let correction =
        r#"{"target":{"source":"crm","id":"k1"},"reason":"mistyped","time":"2026-03-20T01:00:00Z"}"#;
    site.feed(["append"], event("c1", "event.corrected", "2026-05-01T01:00:00Z", correction)).succeeded();
    site.feed(["append"], event("m2", "meeting.held", "2026-03-05T01:00:00Z", MET)).succeeded();
    let restated = ["--known-from", &known, "--as-of", "2026-04-30"];
    let answer = differs(&restated);
    let by_name = |name: &str| {
        let measures = answer["measures"].as_array().unwrap();
        measures.iter().position(|change| change["measure"] == name).unwrap()
    };
    assert_eq!(classes(&answer, by_name("integrity")), ["corrected"]);
    assert_eq!(answer["measures"][by_name("integrity")]["classes"][0]["events"][0]["revised_by"][0], 7);
    assert_eq!(classes(&answer, by_name("engagement")), ["late"]);
    assert_eq!(classes(&differs(&["--from", "2026-04-30", "--to", "2026-04-30"]), 0), Vec::<String>::new());
    site.run(["diff", "acme", "--from", "2026-04-30", "--to", "2026-03-01"]).failed(1);
}

#[test]
fn what_if_is_what_would_be_shown_and_records_nothing() {
    let site = site();
    let answer = ask(&site, &["whatif", "acme", "--without", "1"]);
    let taken = site.copy();
    let retraction = r#"{"target":{"position":1},"reason":"never was"}"#;
    taken.feed(["append"], event("r1", "event.retracted", "2026-05-01T01:00:00Z", retraction)).succeeded();
    let shown = ask(&taken, &["show", "acme"]);
    let health = &answer["measures"][0];
    assert_eq!((&health["measure"], &health["after"]), (&"health".into(), &shown["health"]["value"]));
    assert_eq!(health["before"], ask(&site, &["show", "acme"])["health"]["value"]);
    assert_eq!(ask(&site, &["whatif", "acme", "--without", "crm/m1"]), answer);

    let next = event("soon", "meeting.held", "2099-03-03T01:00:00Z", MET).replace("cto", "a.stranger");
    let said = site.run(["whatif", "acme", "--with", &next]).succeeded();
    assert!(
        said.starts_with("埃克米 Acme as of 2099-03-03 09:00:00: with a meeting on 2099-03-03\n"),
        "{said}"
    );
    let compared = site.run(["whatif", "acme", "--json", "--with", &next]).json();
    assert!(compared["measures"][0]["change"].as_f64().unwrap() > 1.0, "{compared}");
    let refused = site.run(["whatif", "acme", "--as-of", "2026-04-30", "--with", &next]).failed(1);
    assert!(refused.contains("/time"), "{refused}");
    let foreign = site.run(["whatif", "acme", "--without", "7"]).failed(1);
    assert!(foreign.contains("the account `acme` has no event at position 7"), "{foreign}");
    assert_eq!(site.run(["verify", "--json"]).json()["events"], 7);
}
