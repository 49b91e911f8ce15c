//! Five real logs through their mappings: the committed counts, nothing on a second import, and the same answers
//! from every process. Four of them are too large for the repository: `GUANXI_DATA` names the folder they are in.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::harness::{Site, fixture};

/// A log: its mapping, its zone, where it lies, and dates across its span.
struct RealLog {
    name: &'static str,
    zone: &'static str,
    file: &'static str,
    dates: [&'static str; 5],
}

const BUNDLED: RealLog = RealLog {
    name: "northwind",
    zone: "America/Los_Angeles",
    file: "northwind/orders.csv",
    dates: ["1996-07-31", "1996-12-31", "1997-06-30", "1997-12-31", "1998-05-06"],
};

const ELSEWHERE: [RealLog; 4] = [
    RealLog {
        name: "cdnow",
        zone: "America/New_York",
        file: "cdnow/CDNOW_master.txt.gz",
        dates: ["1997-01-31", "1997-06-30", "1997-12-31", "1998-03-31", "1998-06-30"],
    },
    RealLog {
        name: "crm_sales",
        zone: "America/New_York",
        file: "crm_sales/sales_pipeline.csv.gz",
        dates: ["2016-12-31", "2017-03-31", "2017-06-30", "2017-09-30", "2017-12-31"],
    },
    RealLog {
        name: "tsuchiura_bids",
        zone: "Asia/Tokyo",
        file: "tsuchiura_bids/tsuchiura_data.csv.gz",
        dates: ["2007-12-31", "2008-12-31", "2009-10-31", "2010-12-31", "2012-12-31"],
    },
    RealLog {
        name: "uk_minister_meetings",
        zone: "Europe/London",
        file: "uk_minister_meetings/meetings.csv.gz",
        dates: ["2011-01-01", "2012-06-30", "2014-01-01", "2015-06-30", "2016-12-31"],
    },
];

/// What stands in `<name>.expected.toml`, as far as an import says it.
#[derive(Debug, Deserialize)]
struct Expected {
    accounts: u64,
    rejected: u64,
    events: BTreeMap<String, u64>,
    #[serde(default)]
    rejects: Vec<Rejects>,
}

#[derive(Debug, Deserialize)]
struct Rejects {
    column: String,
    reason: String,
    rows: u64,
}

impl Expected {
    fn of(name: &str) -> Self {
        let text = std::fs::read_to_string(fixture(&format!("mappings/{name}.expected.toml"))).unwrap();
        toml::from_str(&text).unwrap()
    }

    /// Rejects by column and reason.
    fn reasons(&self) -> BTreeMap<(String, String), u64> {
        self.rejects.iter().map(|said| ((said.column.clone(), said.reason.clone()), said.rows)).collect()
    }
}

fn reported(report: &str) -> BTreeMap<(String, String), u64> {
    let mut reasons = BTreeMap::new();
    for line in report.lines() {
        let problem: Value = serde_json::from_str(line).unwrap();
        let word = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
        *reasons.entry((word("where"), word("reason"))).or_default() += 1;
    }
    reasons
}

fn check(log: &RealLog, folder: &Path) {
    let (expected, file) = (Expected::of(log.name), folder.join(log.file));
    let (file, mapping) = (file.to_str().unwrap(), fixture(&format!("mappings/{}.toml", log.name)));
    let site = Site::new();
    site.run(["init", "--zone", log.zone]).succeeded();
    let import =
        |report: &str| site.run(["import", "--json", file, "--mapping", &mapping, "--report", report]).json();

    let counts = import("first");
    let total: u64 = expected.events.values().sum();
    assert_eq!(counts["by_type"], serde_json::json!(expected.events), "{}", log.name);
    assert_eq!((&counts["recorded"], &counts["problems"]), (&total.into(), &expected.rejected.into()));
    let report = std::fs::read_to_string(site.path().join("first")).unwrap();
    assert_eq!(reported(&report), expected.reasons(), "{}", log.name);

    let people = || std::fs::metadata(site.ledger().join("people")).unwrap().len();
    let (verified, people_before) = (site.run(["verify", "--json"]).json(), people());
    assert_eq!(verified["events"], total, "{}", log.name);
    assert_eq!(verified["streams"], expected.accounts, "{}", log.name);
    let again = import("second");
    assert_eq!(
        (&again["recorded"], &again["problems"]),
        (&0.into(), &expected.rejected.into()),
        "{}",
        log.name
    );
    assert_eq!(site.run(["verify", "--json"]).json(), verified, "{}", log.name);
    assert_eq!(people(), people_before, "{}: keys for persons who had one", log.name);
    same_answers(&site, log, expected.accounts);
}

/// The accounts at five dates, asked twice by two processes, and once more of a copy of the ledger.
fn same_answers(site: &Site, log: &RealLog, accounts: u64) {
    let ask = |site: &Site, date: &str| site.run(["accounts", "--json", "--as-of", date]).succeeded();
    let copy = site.copy();
    let mut counts = Vec::new();
    for date in log.dates {
        let answer = ask(site, date);
        assert_eq!(answer, ask(site, date), "{} as of {date}", log.name);
        assert_eq!(answer, ask(&copy, date), "{} as of {date}, from a copy", log.name);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        counts.push(answer["accounts"].as_array().unwrap().len() as u64);
    }
    assert!(counts.is_sorted() && counts[0] > 0 && counts[4] <= accounts, "{}: {counts:?}", log.name);
}

#[test]
fn the_bundled_log_gives_what_was_counted() {
    check(&BUNDLED, Path::new(&fixture("")));
}

#[test]
fn the_other_logs_give_what_was_counted() {
    let Some(folder) = std::env::var_os("GUANXI_DATA") else {
        let names: Vec<_> = ELSEWHERE.iter().map(|log| log.name).collect();
        eprintln!("not run, since GUANXI_DATA names no folder: {}", names.join(", "));
        return;
    };
    let folder = Path::new(&folder);
    std::thread::scope(|scope| {
        for log in &ELSEWHERE {
            scope.spawn(move || check(log, folder));
        }
    });
}
