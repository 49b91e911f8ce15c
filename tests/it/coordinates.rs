//! The same coordinates give the same bytes, whatever is recorded later.

use crate::harness::Site;
use crate::serving::Served;

fn event(id: &str, kind: &str, time: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"crm","type":"{kind}","subject":"acme","time":"{time}","data":{data}}}"#
    )
}

fn order(id: &str, time: &str) -> String {
    event(
        id,
        "order.placed",
        time,
        &format!(r#"{{"order":"{id}","amount":{{"amount":"100.00","currency":"CNY"}}}}"#),
    )
}

const AS_OF: &str = "2026-04-30";

/// Every answer about the account at the coordinates.
fn answers(site: &Site, known_at: &str) -> Vec<String> {
    let coordinates = ["--json", "--as-of", AS_OF, "--known-at", known_at];
    let ask = |question: &[&str]| site.run([question, coordinates.as_slice()].concat()).succeeded();
    [["show", "acme"].as_slice(), &["history", "acme"], &["accounts"], &["policy", "show"]].map(ask).into()
}

#[test]
fn answers_do_not_change_by_what_is_recorded_later() {
    let site = Site::with_ledger();
    let append = |event: &str| {
        site.feed(["append"], event).succeeded();
    };
    append(&event("open", "account.opened", "2026-01-05T09:00:00Z", r#"{"name":"Acme"}"#));
    for month in 1..=4 {
        append(&order(&format!("o{month}"), &format!("2026-0{month}-20T09:00:00Z")));
    }
    let shown = site.run(["show", "acme", "--json", "--as-of", AS_OF]).json();
    let known_at = shown["known_at"].as_str().unwrap().to_owned();
    let before = answers(&site, &known_at);

    let mut known_later = vec![before.clone()];
    for (what, later) in [
        ("after T", order("o6", "2026-06-20T09:00:00Z")),
        ("late, before T", order("o-late", "2026-02-02T09:00:00Z")),
        (
            "correction",
            event(
                "c1",
                "event.corrected",
                "2026-07-01T09:00:00Z",
                r#"{"target":{"source":"crm","id":"o3"},"reason":"mistyped","time":"2026-03-01T09:00:00Z"}"#,
            ),
        ),
        (
            "retraction",
            event(
                "r1",
                "event.retracted",
                "2026-07-02T09:00:00Z",
                r#"{"target":{"source":"crm","id":"o4"},"reason":"never was"}"#,
            ),
        ),
        ("update", event("u1", "account.updated", "2026-03-03T09:00:00Z", r#"{"name":"Acme Ltd"}"#)),
    ] {
        append(&later);
        assert_eq!(answers(&site, &known_at), before, "{what}");
        assert_eq!(answers(&site.copy(), &known_at), before, "{what}, from a copy");
        let shown = site.run(["show", "acme", "--json", "--as-of", AS_OF]).json();
        known_later.push(answers(&site, shown["known_at"].as_str().unwrap()));
    }
    // Whatever the ledger keeps for speed is no part of an answer.
    let cache = site.ledger().join("cache");
    if cache.exists() {
        std::fs::remove_dir_all(&cache).unwrap();
    }
    assert_eq!(answers(&site, &known_at), before, "without the cache");
    // What is known later does differ, but for the event after T; and each of these answers stays too.
    let hash = |answers: &Vec<String>| {
        serde_json::from_str::<serde_json::Value>(&answers[0]).unwrap()["state_hash"].clone()
    };
    let hashes: Vec<_> = known_later.iter().map(hash).collect();
    assert_eq!(hashes[0], hashes[1]);
    for pair in hashes[1..].windows(2) {
        assert_ne!(pair[0], pair[1], "{hashes:?}");
    }
    let restored = Site::with_ledger();
    restored.feed(["import", "--restore", "-"], site.archive()).succeeded();
    for answer in &known_later {
        let shown: serde_json::Value = serde_json::from_str(&answer[0]).unwrap();
        let known_at = shown["known_at"].as_str().unwrap();
        assert_eq!(&answers(&site, known_at), answer);
        let again: serde_json::Value = serde_json::from_str(&answers(&restored, known_at)[0]).unwrap();
        assert_eq!(again["state_hash"], shown["state_hash"], "from a restored archive");
    }
}

#[test]
fn answers_do_not_change_while_eight_commands_append() {
    const WRITERS: usize = 8;
    const EACH: usize = 25;
    let site = Site::with_ledger();
    let _served = Served::start(&site, &[]);
    site.feed(["append"], event("open", "account.opened", "2026-01-05T09:00:00Z", r#"{"name":"Acme"}"#))
        .succeeded();
    site.feed(["append"], order("o1", "2026-01-20T09:00:00Z")).succeeded();
    let shown = site.run(["show", "acme", "--json", "--as-of", AS_OF]).json();
    let known_at = shown["known_at"].as_str().unwrap();
    let before = answers(&site, known_at);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let site = &site;
                scope.spawn(move || {
                    for number in 0..EACH {
                        let time = format!("2026-0{}-11T09:00:00Z", 2 + number % 5);
                        site.feed(["append"], order(&format!("w{writer}-{number}"), &time)).succeeded();
                    }
                })
            })
            .collect();
        while !writers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            assert_eq!(answers(&site, known_at), before);
        }
    });
    assert_eq!(answers(&site, known_at), before);
    assert_eq!(site.run(["verify", "--json"]).json()["events"], WRITERS * EACH + 2);
}
