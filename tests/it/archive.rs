//! `export --archive` and `import --restore`: positions, recorded times, hashes and root come back exactly, or
//! nothing is claimed.

use serde_json::Value;

use crate::harness::Site;

fn root(site: &Site) -> Value {
    site.run(["verify", "--json"]).json()["root"].clone()
}

/// The lines of the archive, without the time at which the ledger itself was made.
fn lines(site: &Site) -> Vec<String> {
    let mut lines: Vec<_> = site.archive().lines().map(str::to_owned).collect();
    let mut first: Value = serde_json::from_str(&lines[0]).unwrap();
    assert!(first["archive"].as_object_mut().unwrap().remove("created_at").is_some(), "{first}");
    lines[0] = first.to_string();
    lines
}

#[test]
fn a_restored_ledger_is_the_same_ledger() {
    let site = Site::with_northwind();
    let archive = site.archive();
    let restored = Site::with_ledger();
    let summary = restored.feed(["--json", "import", "--restore", "-"], &archive).json();
    assert_eq!((&summary["events"], &summary["restored"]), (&2750.into(), &2750.into()));
    assert_eq!(lines(&restored), lines(&site));
    let (mut was, mut is) =
        (site.run(["verify", "--json"]).json(), restored.run(["verify", "--json"]).json());
    assert_eq!((was["restored"].take(), is["restored"].take()), (false.into(), true.into()));
    assert_eq!(was, is);

    // With the store of persons and its key, which travel apart, the names are back too.
    std::fs::copy(site.ledger().join("people"), restored.ledger().join("people")).unwrap();
    let key = |site: &Site| site.path().join("ledger.keys").join("wrap.key");
    std::fs::copy(key(&site), key(&restored)).unwrap();
    let dated = |question: &str| [question, "--json", "--as-of", "1998-05-06"].map(str::to_owned).to_vec();
    for question in
        [vec!["export".to_owned()], dated("accounts"), [dated("show"), vec!["alfki".to_owned()]].concat()]
    {
        assert_eq!(site.run(&question).succeeded(), restored.run(&question).succeeded(), "{question:?}");
    }
}

#[test]
fn a_ledger_with_events_takes_no_archive() {
    let site = Site::with_northwind();
    let (archive, before) = (site.archive(), root(&site));
    let error = site.feed(["import", "--restore", "-"], &archive).failed(1);
    assert!(error.contains("not empty"), "{error}");
    assert_eq!(root(&site), before);

    let restored = Site::with_ledger();
    restored.feed(["import", "--restore", "-"], &archive).succeeded();
    restored.feed(["import", "--restore", "-"], &archive).failed(1);
}

#[test]
fn a_truncated_archive_is_refused_and_can_be_completed() {
    let site = Site::with_northwind();
    let archive = site.archive();
    let restored = Site::with_ledger();
    let begun: String = archive.split_inclusive('\n').take(1234).collect();
    let error = restored.feed(["import", "--restore", "-"], &begun).failed(1);
    assert!(error.contains("2750") && error.contains("1234"), "{error}");
    let within = &archive[..begun.len() + 200];
    let error = restored.feed(["import", "--restore", "-"], within).failed(1);
    assert!(error.contains("line 1235"), "{error}");

    let event = r#"{"specversion":"1.0","id":"1","source":"crm","type":"account.opened","subject":"acme","time":"2026-03-02T09:00:00Z","data":{"name":"Acme"}}"#;
    let error = restored.feed(["append"], event).failed(1);
    assert!(error.contains("restore"), "an unfinished restore takes no events: {error}");
    restored.feed(["import", "--restore", "-"], &archive).succeeded();
    assert_eq!(lines(&restored), lines(&site));
    assert_eq!(root(&restored), root(&site));
}

#[test]
fn a_changed_archive_is_refused_by_its_place() {
    let site = Site::with_northwind();
    let archive = site.archive();
    let changed = |line: usize, from: &str, to: &str| -> String {
        let lines = archive.lines().enumerate();
        lines
            .map(|(n, text)| if n == line { text.replace(from, to) + "\n" } else { format!("{text}\n") })
            .collect()
    };
    let mut record: Value = serde_json::from_str(archive.lines().nth(1500).unwrap()).unwrap();
    let stored = record["record"].as_str().unwrap().to_owned();
    for at in (0..stored.len()).step_by(stored.len() / 8) {
        let mut other = stored.clone().into_bytes();
        other[at] = if other[at] == b'A' { b'B' } else { b'A' };
        let archive = changed(1500, &stored, std::str::from_utf8(&other).unwrap());
        let restored = Site::with_ledger();
        let ran = restored.feed(["import", "--restore", "-"], archive);
        assert!(!ran.did_or_said_why_not(), "byte {at}: {ran}");
        assert!(ran.stderr.contains("1500") || ran.stderr.contains("1501"), "byte {at}: {ran}");
    }

    // Two lines exchanged, a line left out, a line twice.
    record["position"] = 1501.into();
    let lines: Vec<_> = archive.lines().collect();
    let exchanged = [&lines[..700], &[lines[701], lines[700]], &lines[702..]].concat().join("\n");
    let missing = [&lines[..700], &lines[701..]].concat().join("\n");
    for archive in [exchanged, missing] {
        let restored = Site::with_ledger();
        let ran = restored.feed(["import", "--restore", "-"], archive);
        assert!(!ran.did_or_said_why_not() && ran.stderr.contains("700"), "{ran}");
    }
}

#[test]
fn what_is_no_archive_is_refused() {
    let site = Site::with_northwind();
    let plain = site.run(["export"]).succeeded();
    for (input, says) in [(plain.as_str(), "line 1"), ("", "empty"), ("no JSON\n", "line 1")] {
        let restored = Site::with_ledger();
        let error = restored.feed(["import", "--restore", "-"], input).failed(1);
        assert!(error.contains(says), "{error}");
    }
    let elsewhere = Site::new();
    elsewhere.run(["init", "--zone", "Europe/Berlin"]).succeeded();
    let error = elsewhere.feed(["import", "--restore", "-"], site.archive()).failed(1);
    assert!(error.contains("--zone Asia/Shanghai"), "{error}");
}
