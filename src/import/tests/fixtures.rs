//! The mappings of the repository: each fits its table, and gives what was counted independently.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Clear;
use guanxi_projections::id::{AccountId, EventId};
use serde::Deserialize;
use serde_json::Value;

use super::super::{Desk, Entry, Mapping};
use super::{Folder, entries, summary};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rows: u64,
    accounts: usize,
    rejected: u64,
    events: BTreeMap<String, u64>,
    #[serde(default)]
    rejects: Vec<Rejects>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rejects {
    column: String,
    reason: String,
    rows: u64,
}

const NAMES: [&str; 5] = ["cdnow", "crm_sales", "northwind", "tsuchiura_bids", "uk_minister_meetings"];

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

fn mapping(name: &str) -> Mapping {
    Mapping::load(&Desk::own(), fixture(&format!("mappings/{name}.toml")))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn expected(name: &str) -> Expected {
    let text = std::fs::read_to_string(fixture(&format!("mappings/{name}.expected.toml"))).unwrap();
    toml::from_str(&text).unwrap()
}

fn text<'a>(event: &'a Value, key: &str) -> &'a str {
    event.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Counts what came out, and holds every event against the words of the core.
fn counted(found: &[Entry]) -> Expected {
    let mut events = BTreeMap::new();
    let mut rejects: BTreeMap<(String, String), u64> = BTreeMap::new();
    let (mut accounts, mut ids, mut rows) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for entry in found {
        rows.insert(entry.place.line);
        match &entry.event {
            Ok(event) => {
                let event_type = EventType::named(text(event, "type")).unwrap();
                Event::<Clear>::deserialize(event_type, &event["data"])
                    .unwrap_or_else(|error| panic!("{event}: {error}"));
                accounts.insert(AccountId::customer(text(event, "subject")).unwrap());
                assert!(
                    ids.insert(EventId::new(text(event, "id")).unwrap()),
                    "the id of {event} came before"
                );
                assert_eq!(entry.opening, event_type == EventType::AccountOpened);
                *events.entry(event_type.as_str().to_owned()).or_default() += 1;
            }
            Err(problem) => {
                *rejects
                    .entry((problem.field.clone().unwrap_or_default(), problem.reason.clone()))
                    .or_default() += 1;
            }
        }
    }
    let rejects: Vec<_> =
        rejects.into_iter().map(|((column, reason), rows)| Rejects { column, reason, rows }).collect();
    Expected {
        rows: rows.len() as u64,
        accounts: accounts.len(),
        rejected: rejects.iter().map(|reject| reject.rows).sum(),
        events,
        rejects,
    }
}

fn counts(events: &[(&str, u64)]) -> BTreeMap<String, u64> {
    events.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[test]
fn northwind_gives_what_was_counted() {
    let (mapping, table) = (mapping("northwind"), fixture("northwind/orders.csv"));
    let found = entries(&table, Some(&mapping)).unwrap();
    assert_eq!(counted(&found), expected("northwind"));
    assert_eq!(entries(&table, Some(&mapping)).unwrap(), found, "a second run gives the same");
    let total: f64 = found
        .iter()
        .filter_map(|entry| entry.event.as_ref().ok())
        .filter(|event| text(event, "type") == "order.placed")
        .map(|event| text(&event["data"]["amount"], "amount").parse::<f64>().unwrap())
        .sum();
    assert!((total - 1_265_792.83).abs() < 1e-6, "{total}");
    let contact = found
        .iter()
        .find(|entry| entry.event.as_ref().is_ok_and(|event| text(event, "id") == "contact:alfki"));
    assert_eq!(
        contact.unwrap().event.as_ref().unwrap()["data"].to_string(),
        r#"{"contact":"maria-anders.alfki","name":"Maria Anders","phone":"030-0074321","role":"other","side":"customer","title":"Sales Representative"}"#
    );
}

#[test]
fn the_excerpts_give_what_was_counted() {
    let tsuchiura =
        counted(&entries(&fixture("excerpts/tsuchiura_bids.csv"), Some(&mapping("tsuchiura_bids"))).unwrap());
    let events = counts(&[("account.opened", 27), ("bid.lost", 34), ("bid.submitted", 40), ("bid.won", 6)]);
    assert_eq!(tsuchiura, Expected { rows: 40, accounts: 27, rejected: 0, events, rejects: vec![] });
    let found =
        entries(&fixture("excerpts/uk_minister_meetings.csv"), Some(&mapping("uk_minister_meetings")))
            .unwrap();
    let events = counts(&[("account.opened", 28), ("meeting.held", 40)]);
    assert_eq!(counted(&found), Expected { rows: 40, accounts: 28, rejected: 0, events, rejects: vec![] });
    let precisions: BTreeSet<_> =
        found.iter().map(|entry| text(entry.event.as_ref().unwrap(), "timeprecision")).collect();
    assert_eq!(precisions, BTreeSet::from(["day", "month"]));
}

#[test]
fn dirty_names_of_ministers_rows_fall_together() {
    let folder = Folder::new();
    let head = "Meeting ID,Minister,Role,Department,Start Date,End Date,Organisation,Representative,Reason,Hopspitality?,Original File,Original Row";
    let rows = [
        "1,A B,,D,07-2012,07-2012,Prince\u{92}s  Trust,,R,0,f,1",
        "1,A B,,D,07-2012,07-2012,PRINCE'S TRUST ,C D,,0,f,2",
        "2,A B,,D,01-1930,01-1930,Sky,,R,0,f,3",
        "3,A B,,D,31-06-2012,,Sky,,R,0,f,4",
        "4,A B,,D,30-06-2012,,,,R,0,f,5",
    ];
    let path = folder.write("meetings.csv", format!("{head}\n{}\n", rows.join("\n")));
    let found = entries(&path, Some(&mapping("uk_minister_meetings"))).unwrap();
    assert_eq!(
        summary(&found),
        [
            "2 account.opened open:princes-trust",
            "2 meeting.held 1:princes-trust:1",
            "3 meeting.held 1:princes-trust:2",
            "4 Start Date: the date was lost: it reads 1930",
            "5 Start Date: `31-06-2012` is not a date of the form %d-%m-%Y or %m-%Y",
            "6 Organisation: the account must not be empty",
        ]
    );
    assert_eq!(found[0].event.as_ref().unwrap()["data"]["name"], "Prince’s Trust");
    assert_eq!(found[2].event.as_ref().unwrap()["data"]["customer"], serde_json::json!(["c-d"]));
}

#[test]
fn orders_of_one_day_are_counted() {
    let folder = Folder::new();
    let path = folder.write("master.txt", " customer_id  date number_of_cds  dollar_value\r\n 00002 19970112  1   12.00\r\n 00002 19970112  5   77.00\r\n");
    let found = entries(&path, Some(&mapping("cdnow"))).unwrap();
    assert_eq!(
        summary(&found),
        ["2 account.opened open:00002", "2 order.placed 00002-19970112-1", "3 order.placed 00002-19970112-2"]
    );
    counted(&found);
}

#[test]
fn an_opportunity_becomes_its_events() {
    let folder = Folder::new();
    folder.write("accounts.csv", "account,sector,year_established,revenue,employees,office_location,subsidiary_of\nCan City,technolgy,2001,1,300,Kenya,Acme Corporation\n");
    folder.write("products.csv", "product,series,sales_price\nGTX Pro,GTX,4821\n");
    let rows = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
                A,Moses Frase,GTXPro,Can City,Won,10/20/2016,3/1/2017,1054\n\
                B,Anna Snelling,GTXPro,Can City,Lost,10/21/2016,3/2/2017,0\n\
                C,Anna Snelling,GTXPro,Can City,Engaging,10/22/2016,,\n\
                D,Anna Snelling,GTXPro,Can City,Prospecting,,,\n\
                E,Anna Snelling,GTXPro,,Engaging,10/22/2016,,\n";
    let path = folder.write("pipeline.csv", rows);
    let found = entries(&path, Some(&mapping("crm_sales"))).unwrap();
    assert_eq!(
        summary(&found),
        [
            "2 account.opened open:can-city",
            "2 team.assigned owner:can-city",
            "2 team.assigned team:can-city:moses-frase",
            "2 opportunity.opened A:opened",
            "2 bid.submitted A:bid",
            "2 bid.won A:won",
            "2 order.placed A:order",
            "3 team.assigned team:can-city:anna-snelling",
            "3 opportunity.opened B:opened",
            "3 bid.submitted B:bid",
            "3 bid.lost B:lost",
            "4 opportunity.opened C:opened",
            "5 engage_date: the opportunity has no date",
            "6 account: the opportunity has no account",
        ]
    );
    counted(&found);
    assert_eq!(
        found[0].event.as_ref().unwrap()["data"].to_string(),
        r#"{"industry":"technology","name":"Can City","parent":"acme-corporation","region":"Kenya","size":"250-1000","traits":{"founded":"2001"}}"#
    );
    assert_eq!(found[3].event.as_ref().unwrap()["data"]["amount"]["amount"], "4821.00");
}

#[test]
fn the_example_of_the_manual_does_what_the_manual_says() {
    let manual = std::fs::read_to_string(fixture("mappings/README.md")).unwrap();
    let block = |after: &str| {
        let rest = manual.split_once(after).unwrap().1;
        let lines = rest
            .lines()
            .skip(1)
            .skip_while(|line| line.is_empty())
            .take_while(|line| line.starts_with("    "));
        lines.map(str::trim).collect::<Vec<_>>().join("\n")
    };
    let folder = Folder::new();
    let deals = folder.write("deals.csv", block("`deals.csv`:"));
    folder.write("branches.csv", block("`branches.csv`:"));
    let toml = manual.split_once("```toml\n").unwrap().1.split_once("```").unwrap().0;
    let found = entries(&deals, Some(&folder.mapping(toml))).unwrap();
    assert_eq!(
        summary(&found),
        [
            "2 account.opened open:müller-söhne-gmbh",
            "2 opportunity.opened 17:opened",
            "2 order.placed 17:order",
            "2 team.assigned owner:müller-söhne-gmbh",
            "3 opportunity.opened 18:opened",
        ]
    );
    let event = |place: usize| found[place].event.as_ref().unwrap();
    assert_eq!(event(0)["data"]["industry"], "steel");
    assert_eq!(event(2)["data"]["amount"]["amount"], "12500.00");
    assert_eq!(event(4)["timeprecision"], "month");
    counted(&found);
}

#[test]
fn every_mapping_is_sound_and_its_expectations_add_up() {
    for name in NAMES {
        mapping(name);
        let expected = expected(name);
        assert_eq!(
            expected.rejected,
            expected.rejects.iter().map(|reject| reject.rows).sum::<u64>(),
            "{name}"
        );
        assert_eq!(expected.events.get("account.opened"), Some(&(expected.accounts as u64)), "{name}");
    }
}
