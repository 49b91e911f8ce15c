//! The demonstration: its archive, and the tale that it is made of.
//!
//! `GUANXI_WRITE_DEMO=fixtures/demo cargo test --test it demo::the_archive_holds_the_tale` plays the tale through a
//! new ledger and writes the fixture anew. Pseudonyms, keys and hashes are random and differ each time; what happened,
//! when, and when it was recorded does not.

mod cast;
mod habits;
mod heroes;
mod life;
mod nordwind;
mod others;
mod play;
mod tale;

use std::path::Path;

use guanxi_projections::event::EventType;
use serde_json::Value;

use crate::harness::Site;
use tale::{Tale, What, instant};

/// The same tale each time.
fn tale() -> Tale {
    let mut tale = Tale::new(20_231_001);
    nordwind::tell(&mut tale);
    heroes::tell(&mut tale);
    others::tell(&mut tale);
    tale
}

/// A directory with the ledger of the demonstration.
fn site() -> Site {
    let site = Site::new();
    site.run(["demo", "--keep", "ledger"]).succeeded();
    site
}

#[test]
fn the_archive_holds_the_tale() {
    let tale = tale();
    if let Some(folder) = std::env::var_os("GUANXI_WRITE_DEMO") {
        return play::write(&tale, Path::new(&folder));
    }
    let exported = site().run(["export"]).succeeded();
    let recorded: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = play::in_order(&tale);
    assert_eq!(recorded.len(), told.len());
    for (recorded, told) in recorded.iter().zip(told) {
        let minute = &instant(told.minute).to_string()[..16];
        assert!(recorded["recordedtime"].as_str().unwrap().starts_with(minute), "{minute}: {recorded}");
        let What::Event { event, .. } = &told.what else {
            assert_eq!(recorded["subject"], "$ledger");
            continue;
        };
        for (attribute, value) in event.as_object().unwrap() {
            assert_eq!(&recorded[attribute.as_str()], value, "{attribute}: {recorded}");
        }
    }
}

fn types(site: &Site) -> std::collections::BTreeSet<String> {
    let exported = site.run(["export"]).succeeded();
    let event =
        |line: &str| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned();
    exported.lines().map(event).collect()
}

/// The ledger's own events that its commands can write.
const OWN: &[&str] = &[
    "rate.set",
    "policy.adopted",
    "review.held",
    "account.pinned",
    "account.unpinned",
    "industry.rated",
    "anchors.frozen",
    "calibration.fitted",
];

#[test]
fn it_holds_every_type_of_event_and_every_stage() {
    let site = site();
    let found = types(&site);
    let expected = EventType::ALL.iter().filter(|kind| !kind.is_own()).map(|kind| kind.as_str());
    let missing: Vec<_> = expected.chain(OWN.iter().copied()).filter(|kind| !found.contains(*kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let answer = site.run(["accounts", "--json", "--as-of", "2026-09-30"]).json();
    let rows = answer["accounts"].as_array().unwrap();
    for stage in ["acquisition", "growth", "maturity", "decline", "churn"] {
        assert!(rows.iter().any(|row| row["stage"] == stage), "nobody is in {stage}");
    }
    for colour in ["grey", "red", "amber", "green"] {
        assert!(rows.iter().any(|row| row["colour"] == colour), "nobody is {colour}");
    }
    for flag in ["watch", "stalled"] {
        let up = |row: &Value| row["flags"].as_array().unwrap().iter().any(|up| up == flag);
        assert!(rows.iter().any(up), "nobody is {flag}");
    }
    assert!(rows.len() >= 30, "{}", rows.len());
    site.run(["verify"]).succeeded();
}

/// Asserts that each of the lines stands in the text, one after the other.
#[track_caller]
fn reads(text: &str, lines: &[&str]) {
    let mut rest = text;
    for line in lines {
        let Some(at) = rest.find(line) else { panic!("not there, or not in this order: {line}\n{text}") };
        rest = &rest[at + line.len()..];
    }
}

#[test]
fn it_tells_a_story_and_leaves_nothing_behind() {
    let site = Site::new();
    let said = site.run(["demo"]).succeeded();
    reads(
        &said,
        &[
            "1. WHO MATTERS: the portfolio on 2026-09-30, by composite score 综合积分",
            " 1*",
            "Nordwind Turbinen",
            "green  growth",
            "emma.koch",
            " 2*",
            "宝岭特钢",
            "green  maturity",
            "li.wei",
            "* key account",
            "24 more. By stage:",
            "acquisition 获取",
            "growth 提升",
            "maturity 成熟",
            "decline 衰退",
            "churn 流失",
            "2. ONE OF THEM, EXPLAINED: Nordwind Turbinen on 2026-09-30",
            "wind power, Europe, 1000-4999; emma.koch answers for it",
            "growth 提升 since 2026-06-09: ordered more than it used to (trend +0.33)",
            "before      maturity from 2026-02-06",
            "before      decline from 2025-05-20: ordered less than it used to",
            "decline 衰退 on 2026-12-03, unless something happens",
            "we gave way 2 times",
            "Whom we know there:",
            "James Lim, last heard 2026-0",
            "was due 2026-09-21  we   draft of the frame contract",
            "due     2026-10-15  we   spare converter on site",
            "due     2026-10-31  they forecast for 2027",
            "2026-09-22  meeting.held",
            "dates of the commissioning",
            "3. ONE STEP BACK IN TIME: Nordwind Turbinen on 2025-09-30",
            "as it was seen then",
            "as it is seen today",
            "decline since 2025-08-12",
            "decline since 2025-05-20",
            "promises overdue  1",
            "0\n",
            "2025-08-05",
            "2025-09-18",
            "2025-01-22  order.placed        corrected 2025-11-12",
            "a digit too many, found in the audit",
            "2025-09-02  commitment.broken   taken back 2025-10-2",
            "2025-09-18  meeting.held        recorded 2025-10-09",
            "no more trips at low wind",
            "2025-09-24  commitment.kept     recorded 2025-10-20",
            "retrofit of 14 converters",
        ],
    );
    assert!(said.lines().all(|line| line.chars().count() <= 100), "a line is too long: {said}");
    assert_eq!(std::fs::read_dir(site.path()).unwrap().count(), 0);
    assert_eq!(site.run(["demo"]).succeeded(), said, "it is the same each time");
}

#[test]
fn for_programs_it_is_json_with_names_in_both_languages() {
    let site = Site::new();
    let answer = site.run(["demo", "--json"]).json();
    let name = |row: usize| answer["portfolio"]["accounts"][row]["name"].as_str().unwrap();
    assert_eq!((name(0), name(1)), ("Nordwind Turbinen", "宝岭特钢"));
    assert_eq!(answer["account"]["owner"], "emma.koch");
    let before = &answer["before"];
    assert_ne!(before["then"]["known_at"], before["now"]["known_at"]);
    let how: Vec<_> = before["learned"].as_array().unwrap().iter().map(|learned| &learned["how"]).collect();
    assert_eq!(how, ["corrected", "late", "retracted", "late", "late", "late"]);
    let contacts = self::site().run(["list", "contacts", "baoling", "--as-of", "2026-09-30"]).succeeded();
    assert!(contacts.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{contacts}");
}

/// The account's name used to take the place of the name of a line of its balance.
#[test]
fn a_line_says_the_same_among_those_of_all_accounts() {
    let site = site();
    for list in ["balance", "concessions", "team", "value"] {
        let lines = |which: &str| {
            let answer = site.run(["list", list, which, "--json", "--as-of", "2026-09-30"]).json();
            answer["lines"].as_array().unwrap().clone()
        };
        let (alone, all) = (lines("baoling"), lines("--all"));
        let among: Vec<_> = all.iter().filter(|line| line["account"] == "baoling").collect();
        assert!(!alone.is_empty() && alone.len() == among.len(), "{list}: {} {}", alone.len(), among.len());
        for (alone, among) in alone.iter().zip(among) {
            assert_eq!(among["account_name"], "宝岭特钢", "{list}");
            for (field, value) in alone.as_object().unwrap().iter().filter(|(field, _)| *field != "said") {
                assert_eq!(&among[field], value, "{list}: {field}");
            }
        }
    }
}

#[test]
fn a_kept_ledger_stays_and_is_never_written_over() {
    let site = site();
    assert!(site.ledger().join("log.redb").is_file());
    let error = site.run(["demo", "--keep", "ledger"]).failed(1);
    assert!(error.contains("ledger is there already"), "{error}");
    let show = ["show", "nordwind", "--as-of", "2025-09-30", "--known-at", "2025-09-30"];
    assert!(site.run(show).succeeded().contains("Nordwind Turbinen"));
}
