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
    let expected = "The integrity of 埃克米 Acme on 9 March 2026 is 76.0. With no event at all it would be 70.0.\n\
                    What lifts it most:\n      +5.99  the kept promise of 9 March 2026 (position 3)\n";
    assert_eq!(said, expected);
    let said = say(&["explain", "acme", "health", "--as-of", "2026-04-30"]);
    let visit = "the visit of 10 February 2026 (position 1), through engagement, coverage: pilot scope";
    assert!(said.contains(visit), "{said}");
    let said = say(&["explain", "acme", "outlook", "--as-of", "2026-01-10"]);
    assert_eq!(said, "There is no outlook for 埃克米 Acme: it has not ordered yet.\n");
    let said = say(&["explain", "acme", "stage", "--as-of", "2026-04-30"]);
    for sentence in [
        "埃克米 Acme has been in maturity since 10 April 2026: the order of 10 April 2026 (position 5).\n",
        "What decides now:\n  what it ordered lately ",
        "\n  no order for 20 days (usually 68 days); by its own rhythm ",
        "Next: decline on ",
    ] {
        assert!(said.contains(sentence), "{sentence}\n{said}");
    }
    assert!(!said.contains("order.placed"), "{said}");
    let said = say(&["explain", "acme", "health", "--as-of", "2026-04-30", "--lang", "zh"]);
    assert!(
        said.contains("埃克米 Acme 的健康度为") && said.contains("2026年2月10日的拜访（位置 1）"),
        "{said}"
    );
}

#[test]
fn what_moved_nothing_is_not_told() {
    let site = site();
    let said = site.run(["diff", "acme", "--from", "2026-04-30", "--to", "2026-05-30"]).succeeded();
    assert!(!said.contains("+0.00") && !said.contains("-0.00"), "{said}");
    let still = site.run(["diff", "acme", "--from", "2026-04-30", "--to", "2026-04-30"]).succeeded();
    let lines: Vec<_> = still.lines().skip(1).collect();
    assert!(lines.len() == 3 && lines.iter().all(|line| line.contains("stayed at")), "{still}");
}

#[test]
fn a_movement_names_the_events_behind_it() {
    let site = Site::new();
    site.run(["demo", "--keep", "ledger"]).succeeded();
    let asked = |from: &str, to: &str| {
        let answer = site.run(["movement", "--json", "--from", from, "--to", to]).json();
        let accounts = answer["accounts"].as_array().unwrap();
        let line = accounts.iter().find(|line| line["account"] == "baoling").expect("it moved");
        let changes = line["changes"].as_array().unwrap();
        changes.iter().find(|change| change["change"] == "quadrant").expect("its quadrant moved")["causes"]
            .clone()
    };
    let points = |causes: &Value| -> Vec<f64> {
        causes.as_array().unwrap().iter().map(|cause| cause["points"].as_f64().unwrap()).collect()
    };
    let (from, to) = ("2026-06-30", "2026-09-30");
    let causes = asked(from, to);
    let diff =
        site.run(["diff", "baoling", "--json", "--measure", "coverage", "--from", from, "--to", to]).json();
    let classes = diff["measures"][0]["classes"].as_array().unwrap();
    let new = &classes.iter().find(|class| class["class"] == "new").unwrap()["events"];
    for (cause, event) in causes.as_array().unwrap().iter().zip(new.as_array().unwrap()) {
        assert_eq!((&cause["event"]["position"], &cause["points"]), (&event["position"], &event["points"]));
    }
    let found = points(&causes);
    assert!(found.len() == 3 && found.is_sorted_by(|a, b| a >= b) && found[2] > 0.0, "{causes}");
    let back: Vec<f64> = points(&asked(to, from)).iter().map(|moved| -moved).collect();
    assert_eq!(back, found);
    let said = site.run(["movement", "--from", from, "--to", to]).succeeded();
    assert!(
        said.contains("most through the visit of 17 September 2026 (position 5171) (+18.74), "),
        "{said}"
    );
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
        said.contains(
            "Its stage went from acquisition to maturity.\n  On 10 April 2026 from acquisition to maturity: the order \
             of 10 April 2026 (position 5).\n"
        ),
        "{said}"
    );
    assert!(said.contains("  what is new\n") && said.contains("  the passing of time\n"), "{said}");

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
        said.starts_with(
            "埃克米 Acme on 2099-03-03 09:00:00, with a further event, the visit of 3 March 2099:\n  its health would \
             rise from "
        ),
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

#[test]
fn whoever_asks_for_reasons_of_nothing_known_is_told_what_there_is() {
    let says = site().run(["explain", "acme", "weather"]).failed(2);
    assert!(says.contains("stage, or one of health, "), "{says}");
}
