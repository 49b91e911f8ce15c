//! Hostile input: the exit code is a documented one, the message names the place, and good lines are recorded.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::harness::{Ran, Site, northwind_mapping, northwind_orders};

fn opened(n: u64) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{n}","source":"crm","type":"account.opened","subject":"a{n}","time":"2026-03-02T09:00:00Z","data":{{"name":"A {n}"}}}}"#
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Lines that no reader should take, with what the message about each must say.
fn bad_lines() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let deep = format!(r#"{{"data":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let long = opened(900).replace("A 900", &"x".repeat(2 << 20));
    let not_utf8 = [b"{\"id\":\"".as_slice(), b"\xff\xfe", b"\"}"].concat();
    vec![
        ("malformed", b"{\"specversion\":".to_vec(), "not JSON"),
        ("deep", deep.into_bytes(), "nested too deeply"),
        ("long", long.into_bytes(), "longer than 1048576 bytes"),
        ("not UTF-8", not_utf8, "byte 8 of the line is not UTF-8"),
        ("NUL", b"\0\0\0".to_vec(), "not JSON"),
        ("NUL inside", opened(901).replace("A 901", "A\0").into_bytes(), "not JSON"),
        ("NUL escaped", opened(902).replace("A 902", "A\\u0000").into_bytes(), "name"),
        ("half a surrogate", opened(903).replace("A 903", "\\ud800").into_bytes(), "not JSON"),
        ("an infinite number", b"{\"data\":1e999}".to_vec(), "not JSON"),
        ("twice the id", opened(904).replacen('{', "{\"id\":\"x\",", 1).into_bytes(), "id"),
        (
            "twice a field of data",
            opened(905).replace("\"name\"", "\"name\":\"x\",\"name\"").into_bytes(),
            "name",
        ),
        ("no event", b"42".to_vec(), "found a number"),
        (
            "unknown type",
            opened(906).replace("account.opened", "account.exploded").into_bytes(),
            "account.exploded",
        ),
        ("unknown field", opened(907).replace("\"name\"", "\"nome\"").into_bytes(), "nome"),
        ("no such day", opened(908).replace("2026-03-02", "2026-02-30").into_bytes(), "time"),
        ("the far future", opened(909).replace("2026-03-02", "2999-03-02").into_bytes(), "time"),
        (
            "recorded time",
            opened(910).replacen('{', "{\"recordedtime\":\"2020-01-01T00:00:00Z\",", 1).into_bytes(),
            "recordedtime",
        ),
    ]
}

#[test]
fn bad_lines_are_told_by_their_place_and_the_others_are_recorded() {
    let mut input = Vec::new();
    for (n, (_, bad, _)) in (1..).zip(bad_lines()) {
        input.extend([opened(n).as_bytes(), b"\n", &bad, b"\n"].concat());
    }
    let (count, last) = (bad_lines().len() as u64, bad_lines().len() as u64 + 1);
    input.extend(opened(last).as_bytes());
    let site = Site::with_ledger();
    let counts = site.feed(["--json", "import", "-", "--report", "report"], input).json();
    let report = std::fs::read_to_string(site.path().join("report")).unwrap();
    assert_eq!((&counts["recorded"], &counts["problems"]), (&last.into(), &count.into()), "{report}");
    assert_eq!(report.lines().count() as u64, count, "{report}");
    for (n, (name, _, says)) in (1..).zip(bad_lines()) {
        let place = format!(r#"{{"place":"-:{}","#, 2 * n);
        let line = report
            .lines()
            .find(|line| line.starts_with(&place))
            .unwrap_or_else(|| panic!("{name}: {report}"));
        assert!(line.contains(says), "{name}: {line}");
        assert!(line.len() < 1000, "{name}: a message of {} bytes", line.len());
    }
    site.run(["verify"]).succeeded();
}

#[test]
fn one_bad_line_stops_a_strict_import_and_refuses_an_append() {
    for (name, bad, says) in bad_lines() {
        let site = Site::with_ledger();
        let input = [opened(1).as_bytes(), b"\n", &bad, b"\n", opened(2).as_bytes()].concat();
        let error = site.feed(["import", "--strict", "-"], input).failed(1);
        assert!(error.contains("-:2:") && error.contains(says), "{name}: {error}");
        assert_eq!(site.run(["verify", "--json"]).json()["events"], 1, "{name}: what stands before it");

        let ran = site.feed(["append"], &bad);
        if name != "long" {
            assert!(!ran.did_or_said_why_not(), "{name}: {ran}");
        }
        ran.did_or_said_why_not();
        let array = [b"[".as_slice(), opened(3).as_bytes(), b",", &bad, b"]"].concat();
        let ran = site.feed(["append"], array);
        assert!(!ran.did_or_said_why_not(), "{name}: {ran}");
        assert_eq!(site.run(["verify", "--json"]).json()["events"], 1, "{name}: a batch is all or nothing");
    }
}

fn importing(site: &Site, bytes: &[u8]) -> Ran {
    let file = site.write("input", bytes);
    site.run(["import", &file])
}

#[test]
fn packed_files() {
    let bad = opened(7).replace("account.opened", "account.exploded") + "\n";
    let lines: String = bad + &(0..2_500).map(|n| opened(n) + "\n").collect::<String>();
    let packed = gzip(lines.as_bytes());
    let recorded = |site: &Site| site.run(["verify", "--json"]).json()["events"].as_u64().unwrap();

    let site = Site::with_ledger();
    let error = importing(&site, &packed[..packed.len() * 3 / 4]).failed(1);
    assert!(error.contains("input") && error.contains("truncated"), "{error}");
    assert!(error.contains("input:1: /type:"), "the problems before the failure are told too: {error}");
    assert!(recorded(&site) > 1_000, "what came before the end is recorded");
    importing(&site, &packed).succeeded();
    assert_eq!(recorded(&site), 2_500);

    let site = Site::with_ledger();
    let mut changed = packed.clone();
    changed[packed.len() / 2] ^= 0x40;
    assert!(!importing(&site, &changed).did_or_said_why_not());
    site.run(["verify"]).succeeded();

    // 100 MB of one line that never ends, between two good ones.
    let bomb = [
        gzip((opened(1) + "\n").as_bytes()),
        gzip(&vec![0; 100 << 20]),
        gzip(("\n".to_owned() + &opened(2)).as_bytes()),
    ];
    let site = Site::with_ledger();
    let ran = importing(&site, &bomb.concat());
    assert!(ran.stderr.contains("input:2: the line is longer than 1048576 bytes"), "{ran}");
    assert!(ran.did_or_said_why_not() && recorded(&site) == 2);
}

#[test]
fn tables_and_mappings() {
    let site = Site::with_ledger();
    let orders = std::fs::read_to_string(northwind_orders()).unwrap();
    let missing = site.write("missing.csv", orders.replacen("customer_id", "customer", 1));
    let error = site.run(["import", &missing, "--mapping", &northwind_mapping()]).failed(1);
    assert!(error.contains("customer_id"), "{error}");

    let short = site.write("short.csv", orders.replacen("1996-07-04,1996-08-01,", "1996-07-04,", 1));
    let ran = site.run(["import", &short, "--mapping", &northwind_mapping()]);
    assert!(ran.stderr.contains("short.csv:2: the row has 10 columns"), "{ran}");
    assert!(ran.succeeded().contains("1 could not be recorded"));

    for (text, says) in [
        ("source = ", "line 1"),
        ("sauce = \"x\"", "sauce"),
        ("source = \"x\"\nzone = \"Mars/Olympus\"", "Mars/Olympus"),
        ("source = \"x\"\n[account]\nid = \"{x|explode}\"", "explode"),
        ("\0", "mapping.toml"),
    ] {
        let mapping = site.write("mapping.toml", text);
        let error = site.run(["import", &northwind_orders(), "--mapping", &mapping]).failed(1);
        assert!(error.contains("mapping.toml") && error.contains(says), "{text}: {error}");
    }
    let error = site.run(["import", &northwind_orders(), "--mapping", "none.toml"]).failed(1);
    assert!(error.contains("none.toml"), "{error}");
    let error = site.run(["import", "none.csv", "--mapping", &northwind_mapping()]).failed(1);
    assert!(error.contains("none.csv"), "{error}");
    let error = importing(&site, &std::fs::read(northwind_orders()).unwrap());
    assert!(error.stderr.contains("input:1:"), "a table without a mapping: {error}");
}

/// An event that the rules of the ledger refused used to stop a strict import only after the rest of its batch.
#[test]
fn a_strict_import_passes_over_openings_of_open_accounts_and_stops_where_it_says() {
    let site = Site::with_ledger();
    let strict =
        |arguments: &[&str]| site.run([["import", "--strict", "--json"].as_slice(), arguments].concat());
    let (orders, mapping) = (northwind_orders(), northwind_mapping());
    let table = std::fs::read_to_string(&orders).unwrap();
    let other = std::fs::read_to_string(&mapping).unwrap().replacen("\"northwind\"", "\"other\"", 1);
    let other = other.replace("../northwind", northwind_orders().trim_end_matches("/orders.csv"));
    let other = site.write("other.toml", other);
    assert_eq!(strict(&[&orders, "--mapping", &mapping]).json()["recorded"], 2750);
    let again = strict(&[&orders, "--mapping", &mapping]).json();
    assert_eq!((&again["recorded"], &again["duplicates"]), (&0.into(), &2750.into()));
    // Another source tells of the same accounts, which are open already.
    assert_eq!(strict(&[&orders, "--mapping", &other]).json()["recorded"], 2750 - 89);

    // Order 10300 is said to be shipped in a year to come.
    let future = table
        .lines()
        .map(|line| if line.starts_with("10300,") { line.replace("1996", "2996") } else { line.to_owned() });
    let future = site.write("future.csv", future.collect::<Vec<_>>().join("\n"));
    let fresh = Site::with_ledger();
    let error = fresh.run(["import", "--strict", &future, "--mapping", &mapping]).failed(1);
    assert!(error.contains("future.csv:54:") && error.contains("future"), "{error}");
    let last = fresh.run(["export"]).succeeded().lines().last().unwrap().to_owned();
    assert!(last.contains("10299") || last.contains("team:") || last.contains("open:"), "{last}");
}

#[test]
fn exit_codes() {
    let site = Site::with_ledger();
    site.feed(["append"], opened(1)).succeeded();
    for usage in [
        vec!["import"],
        vec!["show"],
        vec!["append", "--no-such"],
        vec!["import", "-", "--restore", "--strict"],
    ] {
        site.run(&usage).failed(2);
    }
    let error = site.feed(["append"], opened(1).replace("A 1", "B")).failed(3);
    assert!(error.contains("position 0"), "{error}");
    let second = opened(2).replace("a2", "a1").replace("account.opened", "account.updated");
    let error = site.feed(["append", "--if-match", "7"], &second).failed(3);
    assert!(error.contains("1 events, not 7"), "{error}");
    site.feed(["append", "--if-match", "1"], &second).succeeded();
    for unknown in [vec!["show", "nobody"], vec!["history", "nobody"], vec!["show", "a1", "--policy", "99"]] {
        site.run(&unknown).failed(1);
    }
    let mut log = std::fs::read(site.ledger().join("log.redb")).unwrap();
    log.truncate(10_000);
    std::fs::write(site.ledger().join("log.redb"), log).unwrap();
    site.run(["verify"]).failed(4);
}
