//! The tour of the README, played: what it shows has to come out, but for the clock, the root and the paths.

use crate::harness::{Site, fixture};

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
            "Unless it orders: watch on 10 July 2026, decline on 8 October 2026, churn on 21 June 2027.",
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
