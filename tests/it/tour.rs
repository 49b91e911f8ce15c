//! The tour of the README, played: what it shows has to come out, but for the clock, the root and the paths.

use crate::harness::{Site, fixture};
use crate::serving::Served;

const AS_OF: [&str; 2] = ["--as-of", "2026-05-01"];

/// The README.
fn readme() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    std::fs::read_to_string(path).expect("the README is there")
}

/// Asserts that each line stands in the README and in what the program says.
#[track_caller]
fn shows(said: &str, lines: &[&str]) {
    let readme = readme();
    for line in lines {
        assert!(readme.contains(line), "not in the README: {line}");
        assert!(said.contains(line), "not said: {line}\n{said}");
    }
}

#[test]
fn the_tour_of_the_readme_comes_out_as_it_says() {
    let site = Site::new();
    shows(&site.run(["init"]).succeeded(), &["Created a ledger in ./ledger, in the zone Asia/Shanghai."]);
    let appended = site.run(["append", &fixture("tour/events.json")]).succeeded();
    shows(&appended, &["crm 1: recorded, position 0", "erp A-3: recorded, position 6"]);

    let show = |extra: &[&str]| {
        let arguments = ["show", "acme"].into_iter().chain(AS_OF).chain(extra.iter().copied());
        site.run(arguments).succeeded()
    };
    let before = show(&[]);
    let decline = "next          decline on 2026-10-03 unless something happens (silence)";
    let stage = "stage         maturity since 2026-04-03: it ordered on 2 days, the first 60 days before";
    shows(&before, &["埃克米 Acme (acme) as of 2026-05-01 23:59:59", "owner         li.wei", stage, decline]);
    let hash = |shown: &str| shown.lines().find(|line| line.contains("state hash")).map(str::to_owned);
    let known = site.run(["--json", "verify"]).json();
    let known_at = known["last_recorded_at"].as_str().expect("something is recorded");

    let correction = site.run(["append", &fixture("tour/correction.json")]).succeeded();
    shows(&correction, &["erp fix-1: recorded, position 7"]);
    let history = site.run(["history", "acme"]).succeeded();
    shows(
        &history,
        &[
            "5         2026-02-16 10:00:00  order.placed     corrected by 7  amount: 18000.00 CNY; order: A-2",
            "7         2026-05-04 09:00:00  event.corrected  revises         reason: entered with the wrong date",
        ],
    );
    shows(&show(&[]), &["next          decline on 2026-10-08 unless something happens (silence)"]);
    let as_known = show(&["--known-at", known_at]);
    shows(&as_known, &[decline]);
    assert_eq!(hash(&as_known), hash(&before));
    assert_ne!(hash(&show(&[])), hash(&before));

    let explain = |measure| site.run(["explain", "acme", measure].into_iter().chain(AS_OF)).succeeded();
    shows(
        &explain("health"),
        &[
            "The health of 埃克米 Acme on 1 May 2026 is 49.6. With no event at all it would be 37.0.",
            "+6.08  the visit of 12 January 2026 (position 3), through engagement, coverage: scope of the pilot",
            "+2.86  the order of 13 April 2026 (position 6), through engagement",
        ],
    );
    shows(
        &explain("stage"),
        &[
            "埃克米 Acme has been in maturity since 3 April 2026: it ordered on 2 days, the first 60 days before",
            "Unless it orders: watch on 10 July 2026, decline on 8 October 2026, churn on 8 January 2027.",
            "Next: decline on 8 October 2026 unless something happens (silence).",
        ],
    );

    shows(&site.run(["verify"]).succeeded(), &["8 events in 1 stream: all in order."]);
    site.run(["export", "--archive", "--out", "archive.jsonl"]).succeeded();
    site.run(["--ledger", "copy", "init"]).succeeded();
    let restored = site.run(["--ledger", "copy", "import", "--restore", "archive.jsonl"]).succeeded();
    shows(&restored, &["8 events restored; the ledger has 8."]);
    let root = |ledger| site.run(["--ledger", ledger, "--json", "verify"]).json()["root"].clone();
    assert_eq!(root("copy"), root("./ledger"));
}

/// The part of the README that is played by `curl`: commands, and the lines that each prints.
fn tour_with_curl(readme: &str) -> Vec<(&str, Vec<&str>)> {
    let (_, after) = readme.split_once("The tour again, by `curl`").expect("there is such a tour");
    let block = after.split("```").nth(1).expect("it is a block");
    let mut played: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block.lines().skip(1) {
        match (line.strip_prefix("$ "), played.last_mut()) {
            (Some(command), _) => played.push((command, Vec::new())),
            (None, Some((_, printed))) => printed.push(line),
            (None, None) => panic!("{line} is printed by nothing"),
        }
    }
    played
}

/// Whether a line is as it is shown, where `...` stands for anything.
fn is_as_shown(line: &str, shown: &str) -> bool {
    let Some((first, after)) = shown.split_once("...") else { return line == shown };
    let (between, last) = after.rsplit_once("...").unwrap_or(("", after));
    let Some(inner) = line.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else { return false };
    let mut pieces = between.split("...");
    pieces.try_fold(inner, |rest, piece| rest.split_once(piece).map(|(_, rest)| rest)).is_some()
}

#[test]
fn the_tour_by_curl_comes_out_as_the_readme_says() {
    let site = Site::with_ledger();
    if site.script("curl --version").code != Some(0) {
        eprintln!("the tour by curl was not played: there is no curl");
        return;
    }
    let served = Served::start(&site, &[]);
    let readme = readme();
    let tour = tour_with_curl(&readme);
    let by_curl: Vec<_> = tour.iter().filter(|(command, _)| command.starts_with("curl ")).collect();
    assert_eq!(by_curl.len(), 6);
    for (command, shown) in by_curl {
        let command = command.replace("localhost:8080", &served.address);
        let printed = site.script(&command.replace("fixtures/", &fixture(""))).succeeded();
        let lines: Vec<_> = printed.lines().collect();
        let alike = lines.iter().zip(shown).all(|(line, shown)| is_as_shown(line, shown));
        assert!(alike && lines.len() == shown.len(), "{command} printed\n{printed}\nand not\n{shown:#?}");
    }
}

#[test]
fn what_is_left_out_of_a_line_may_be_anything() {
    for shown in ["{\"a\":1,\"b\":2}", "{...}", "{\"a\":1,...", "...2}", "{\"a\"...\"b\":...}"] {
        assert!(is_as_shown("{\"a\":1,\"b\":2}", shown), "{shown}");
    }
    for shown in ["{\"a\":1}", "{...]", "\"a\"...", "{\"b\"...\"a\"...}", "...1"] {
        assert!(!is_as_shown("{\"a\":1,\"b\":2}", shown), "{shown}");
    }
}
