//! Proof that the figures mean something: fits know nothing of what came after them, competitors are those of the
//! literature, and the outlook stands against them on real logs. The logs are too large for the repository:
//! `GUANXI_DATA` names the folder they are in.

use std::path::PathBuf;

use guanxi_projections::lifetime::{Life, Model, Population};
use serde_json::{Value, json};

use crate::harness::{Site, fixture, northwind_mapping, northwind_orders};

/// The end of the third quarter of 1997 in the ledger's zone.
const CUT: &str = "1997-09-30T23:59:59-07:00";

fn data(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("GUANXI_DATA");
    if folder.is_none() {
        eprintln!("not run, since GUANXI_DATA names no folder: {file}");
    }
    folder.map(|folder| PathBuf::from(folder).join(file))
}

fn northwind() -> Site {
    let site = Site::new();
    site.run(["init", "--zone", "America/Los_Angeles", "--currency", "USD"]).succeeded();
    site.run(["import", &northwind_orders(), "--mapping", &northwind_mapping()]).succeeded();
    site
}

/// The same history up to the cut, and garbage after it: absurd orders, returns, closings, new accounts.
fn poisoned(clean: &Site, seed: u32) -> Site {
    let cut: guanxi_projections::time::Timestamp = CUT.parse().unwrap();
    let mut lines = Vec::new();
    for line in clean.run(["export"]).succeeded().lines() {
        let mut event: Value = serde_json::from_str(line).unwrap();
        let time = event["time"].as_str().unwrap().parse().unwrap();
        for field in ["recordedtime", "sequence", "position", "actor"] {
            event.as_object_mut().unwrap().remove(field);
        }
        if cut >= time && event["subject"] != "$ledger" {
            lines.push(event.to_string());
        }
    }
    let accounts: Vec<Value> =
        lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["subject"].clone()).collect();
    for n in 0..200_u32 {
        let account = &accounts[(n * (seed + 7)) as usize % accounts.len()];
        let day = 1 + n % 28;
        let event = |kind: &str, data: Value| {
            json!({ "specversion": "1.0", "id": format!("poison-{n}"), "source": "poison", "type": kind,
                "subject": account, "time": format!("1997-1{}-{day:02}T12:00:00Z", seed % 3), "data": data })
        };
        let money = json!({ "amount": (n * seed * 99_991).to_string(), "currency": "USD" });
        let garbage = match n % 4 {
            0 => event("order.returned", json!({ "amount": money })),
            1 if n % 3 == 0 => event("account.closed", json!({ "reason": "poison" })),
            _ => event("order.placed", json!({ "order": format!("poison-{n}"), "amount": money })),
        };
        lines.push(garbage.to_string());
    }
    let site = Site::new();
    site.run(["init", "--zone", "America/Los_Angeles", "--currency", "USD"]).succeeded();
    let file = site.write("events.jsonl", lines.join("\n"));
    site.run(["import", &file]).succeeded();
    site.run(["rate", "EUR", "USD", "2", "--date", "1997-10-02"]).succeeded();
    site.run(["calibrate", "--record", "--as-of", "1997-12-31"]).succeeded();
    site.run(["anchors", "--record", "--quarter", "1997Q4"]).succeeded();
    site
}

/// An answer without what says when it was recorded.
fn answer(site: &Site, arguments: &[&str]) -> String {
    let mut answer = site.run([&["--json"], arguments].concat()).json();
    answer.as_object_mut().unwrap().remove("known_at");
    answer.to_string()
}

#[test]
fn what_comes_after_changes_no_fit_no_anchor_and_no_figure() {
    let clean = northwind();
    let questions: [&[&str]; 4] = [
        &["calibrate", "--as-of", CUT],
        &["anchors", "--quarter", "1997Q3"],
        &["backtest", "--as-of", CUT, "--horizon", "45"],
        &["accounts", "--as-of", CUT],
    ];
    let before: Vec<String> = questions.iter().map(|question| answer(&clean, question)).collect();
    assert!(before[0].contains("\"bS\""), "there is a fit: {}", before[0]);
    for seed in [1, 5] {
        let poisoned = poisoned(&clean, seed);
        for (question, before) in questions.iter().zip(&before) {
            assert_eq!(&answer(&poisoned, question), before, "{question:?}, poison {seed}");
        }
        let later = ["accounts", "--as-of", "1997-12-31"];
        assert_ne!(answer(&poisoned, &later), answer(&clean, &later), "the poison is there");
    }
}

#[test]
fn a_fit_is_in_force_from_its_own_time_on_and_recorded_once() {
    let site = northwind();
    let events = |site: &Site| site.run(["verify", "--json"]).json()["events"].clone();
    let before = events(&site);
    let shown = site.run(["calibrate", "--json", "--as-of", CUT]).json();
    assert_eq!((&shown["recorded"], events(&site)), (&Value::Null, before), "nothing was written");

    let first = site.run(["calibrate", "--json", "--record", "--as-of", CUT]).json();
    let again = site.run(["calibrate", "--json", "--record", "--as-of", CUT]).json();
    assert!(first["recorded"].is_u64());
    assert_eq!((&first["recorded"], &first["fit"]), (&again["recorded"], &again["fit"]));
    assert_eq!(again["in_force"]["b0"], first["fit"]["b0"]);

    let calibrated = |as_of: &str| {
        let accounts = site.run(["accounts", "--json", "--as-of", as_of]).json();
        let account = accounts["accounts"].as_array().unwrap().iter().find(|row| row["outlook"].is_number());
        let account = account.unwrap()["account"].as_str().unwrap().to_owned();
        site.run(["show", &account, "--json", "--as-of", as_of]).json()["outlook"]["calibrated"].clone()
    };
    assert_eq!(calibrated("1997-09-29"), false);
    assert_eq!(calibrated("1997-10-01"), true);
    site.run(["calibrate", "--record", "--known-at", "1997-10-01"]).failed(2);
}

#[test]
fn anchors_are_frozen_once_per_quarter() {
    let site = northwind();
    let first = site.run(["anchors", "--json", "--record", "--quarter", "1997Q4"]).json();
    assert_eq!((&first["frozen"], first["recorded"].is_u64()), (&false.into(), true));
    assert_eq!(first["anchors"]["quarter"], "1997Q4");
    // An order of the time before, learnt of later, moves what is measured, and nothing that is frozen.
    let accounts = site.run(["accounts", "--json", "--as-of", "1997-09-30"]).json();
    let account = &accounts["accounts"][0]["account"];
    let order = json!({ "specversion": "1.0", "id": "late", "source": "test", "type": "order.placed", "subject": account,
        "time": "1997-09-01T12:00:00Z",
        "data": { "order": "late", "amount": { "amount": "900000", "currency": "USD" } } });
    site.feed(["append"], order.to_string()).succeeded();
    let again = site.run(["anchors", "--json", "--record", "--quarter", "1997Q4"]).json();
    assert_eq!((&again["frozen"], &again["recorded"]), (&true.into(), &Value::Null));
    assert_eq!(again["anchors"], first["anchors"]);
    let others =
        |quarter: &str| site.run(["anchors", "--json", "--quarter", quarter]).json()["anchors"]["v1"].clone();
    assert_ne!(others("1998Q1"), first["anchors"]["v1"]);
    site.run(["anchors", "--quarter", "1990Q1"]).failed(1);
}

/// r = .243, alpha = 4.414, a = .793, b = 2.426, LL = -9582.4. `Source:` Fader, Hardie and Lee, 2005, table 1.
#[test]
fn bg_nbd_finds_the_published_parameters() {
    let Some(file) = data("cdnow/cdnow_customers_summary.csv") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let life = |line: &str| {
        let fields: Vec<f64> = line.split(',').map(|field| field.trim().parse().unwrap()).collect();
        let [_, repeats, recency, age] = fields[..] else { panic!("{line}") };
        let repeats = format!("{repeats:.0}").parse().unwrap();
        Life { repeats, recency, age }
    };
    let lives: Vec<Life> = text.lines().skip(1).filter(|line| !line.is_empty()).map(life).collect();
    assert_eq!(lives.len(), 2357);
    let fitted = Population::fit(Model::Bg, &lives).unwrap();
    let Population { r, alpha, a, b } = fitted.population;
    for (found, published) in [(r, 0.243), (alpha, 4.414), (a, 0.793), (b, 2.426)] {
        assert!((found - published).abs() < 5.1e-4, "{fitted:?}");
    }
    assert!((fitted.log_likelihood + 9582.4).abs() < 0.05, "{fitted:?}");
    assert_eq!(Some(fitted), Population::fit(Model::Bg, &lives), "to the bit");
    let modified = Population::fit(Model::Mbg, &lives).unwrap();
    assert!(modified.log_likelihood.is_finite() && modified.population.alpha > 0.0, "{modified:?}");
}

/// The means over three cut-offs of every score, and whether accounts returned in the order of their stages.
fn backtest(log: (&str, &str, &str, &str), arguments: &[&str]) -> Option<Value> {
    let (name, zone, currency, file) = log;
    let file = data(file)?;
    let site = Site::new();
    site.run(["init", "--zone", zone, "--currency", currency]).succeeded();
    let mapping = fixture(&format!("mappings/{name}.toml"));
    site.run(["import", file.to_str().unwrap(), "--mapping", &mapping]).succeeded();
    let arguments = [&["backtest", "--json", "--as-of", "2020-01-01"], arguments].concat();
    let answer = site.run(&arguments).succeeded();
    assert!(answer == site.run(&arguments).succeeded(), "{name}: other bytes the second time");
    Some(serde_json::from_str(&answer).unwrap())
}

fn score(view: &Value, name: &str, figure: &str) -> f64 {
    let scores = view["mean"].as_array().unwrap();
    scores.iter().find(|score| score["name"] == name).unwrap()[figure].as_f64().unwrap()
}

const COMPETITORS: [&str; 5] = ["recency", "frequency", "rfm", "bgnbd", "mbgnbd"];

#[test]
fn the_outlook_stands_against_its_competitors_on_two_logs() {
    let cdnow = ("cdnow", "America/New_York", "USD", "cdnow/CDNOW_master.txt.gz");
    let tsuchiura = ("tsuchiura_bids", "Asia/Tokyo", "JPY", "tsuchiura_bids/tsuchiura_data.csv.gz");
    let Some(orders) = backtest(cdnow, &["--horizon", "90"]) else { return };
    let Some(bids) = backtest(tsuchiura, &["--horizon", "365", "--occasion", "bid"]) else { return };
    for view in [&orders, &bids] {
        for name in COMPETITORS {
            let figure = |figure: &str| score(view, name, figure);
            assert!(
                score(view, "outlook", "auc") >= figure("auc") - figure("auc_se"),
                "{name}: {}",
                view["mean"]
            );
            let brier = figure("brier") + figure("brier_se");
            assert!(score(view, "outlook", "brier") <= brier, "{name}: {}", view["mean"]);
        }
    }
    let both = |name: &str, figure: &str| score(&orders, name, figure) + score(&bids, name, figure);
    for name in ["rfm", "mbgnbd"] {
        assert!(both("outlook", "auc") > both(name, "auc"), "{name}");
        assert!(both("outlook", "brier") < both(name, "brier"), "{name}");
    }
    // What an independent computation found, as means of the same cut-offs.
    let found = [
        (&orders, "recency", 0.773, 0.118),
        (&orders, "rfm", 0.782, 0.113),
        (&orders, "bgnbd", 0.776, 0.110),
        (&bids, "recency", 0.827, 0.179),
        (&bids, "rfm", 0.887, 0.153),
        (&bids, "bgnbd", 0.892, 0.139),
    ];
    for (view, name, auc, brier) in found {
        assert!((score(view, name, "auc") - auc).abs() < 0.012, "{name}: {}", view["mean"]);
        assert!((score(view, name, "brier") - brier).abs() < 0.009, "{name}: {}", view["mean"]);
    }
    for view in [&orders, &bids] {
        assert_eq!(view["verdict"]["stages_in_order"], true, "{}", view["stages"]);
    }
}
