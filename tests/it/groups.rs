//! Groups of accounts, end to end: parents over several levels, a ring of parents that is told, shown and healed, and
//! what is summed over a group and what never is.

use serde_json::{Value, json};

use crate::harness::Site;

fn event(id: &str, account: &str, kind: &str, time: &str, data: &Value) -> Value {
    json!({ "specversion": "1.0", "id": id, "source": "crm", "type": kind, "subject": account, "time": time,
        "data": data })
}

fn opened(account: &str, parent: Option<&str>) -> Value {
    let data = json!({ "name": account.to_uppercase(), "parent": parent });
    event(&format!("open-{account}"), account, "account.opened", "2026-01-05T09:00:00Z", &data)
}

fn ordered(account: &str, amount: &str) -> Value {
    let data = json!({ "order": account, "amount": { "amount": amount, "currency": "CNY" } });
    event(&format!("order-{account}"), account, "order.placed", "2026-02-05T09:00:00Z", &data)
}

fn moved(id: &str, account: &str, parent: &str, time: &str) -> Value {
    event(id, account, "account.updated", time, &json!({ "parent": parent }))
}

/// A holding with two companies, one of which has a works; and one that belongs to nobody.
fn site() -> Site {
    let site = Site::with_ledger();
    let events = [
        opened("holding", None),
        opened("north", Some("holding")),
        opened("south", Some("holding")),
        opened("works", Some("north")),
        opened("alone", None),
        ordered("holding", "1000"),
        ordered("north", "200"),
        ordered("south", "30"),
        ordered("works", "4"),
        ordered("alone", "50000"),
    ];
    site.feed(["append"], Value::from(events.to_vec()).to_string()).succeeded();
    site
}

fn tell(site: &Site, told: &Value) {
    site.feed(["append"], told.to_string()).succeeded();
}

fn group(site: &Site, account: &str, as_of: &str) -> Value {
    site.run(["group", account, "--json", "--as-of", as_of]).json()
}

/// The accounts of a group in the order of the answer, each with its depth.
fn tree(group: &Value) -> Vec<String> {
    let lines = group["accounts"].as_array().unwrap().iter();
    lines.map(|line| format!("{} {}", line["account"].as_str().unwrap(), line["depth"])).collect()
}

#[test]
fn a_group_is_summed_over_every_level_whichever_account_is_asked_for() {
    let site = site();
    for account in ["holding", "north", "south", "works"] {
        let group = group(&site, account, "2026-03-01");
        assert_eq!(tree(&group), ["holding 0", "north 1", "works 2", "south 1"]);
        assert_eq!((&group["head"], &group["total"]["ordered"]), (&json!("holding"), &json!(1_234.0)));
        assert_eq!(group["accounts"][1]["with_below"]["ordered"], json!(204.0));
        assert_eq!(group["accounts"][1]["own"]["ordered"], json!(200.0));
    }
    assert_eq!(tree(&group(&site, "alone", "2026-03-01")), ["alone 0"]);
    let told = site.run(["group", "works", "--as-of", "2026-03-01"]).succeeded();
    for line in
        ["  north", "    works", "with those below", "The group of holding: 4 accounts, 4 orders of 1234.00"]
    {
        assert!(told.contains(line), "{line}: {told}");
    }
    let chinese = site.run(["group", "works", "--as-of", "2026-03-01", "--lang", "zh"]).succeeded();
    assert!(chinese.contains("holding 所在集团共 4 个客户：订单 4 笔，合计 1234.00"), "{chinese}");
    let whole = site.run(["portfolio", "--json", "--as-of", "2026-03-01"]).json();
    let groups = whole["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 1, "an account alone is no group");
    assert_eq!((&groups[0]["head"], &groups[0]["total"]["ordered"]), (&json!("holding"), &json!(1_234.0)));
    let sums = groups[0]["total"].as_object().unwrap();
    assert!(!sums.contains_key("health") && !sums.contains_key("score"));
}

#[test]
fn a_ring_of_three_is_cut_told_in_words_and_healed_by_a_correction() {
    let site = site();
    tell(&site, &moved("ring", "holding", "works", "2026-03-05T09:00:00Z"));
    let (before, during) = ("2026-03-01", "2026-03-10");
    assert_eq!(tree(&group(&site, "works", before)).len(), 4);
    let ring = group(&site, "works", during);
    assert_eq!(ring["accounts"].as_array().unwrap().len(), 4, "each counts once: {ring}");
    assert_eq!(ring["total"]["ordered"], json!(1_234.0));
    let flaws = ring["accounts"].as_array().unwrap().iter().filter(|line| line["flaw"] == "ring").count();
    assert_eq!(flaws, 3, "south hangs on the ring, but is not part of it: {ring}");
    for (account, parent, position) in
        [("holding", "works", 10), ("north", "holding", 1), ("works", "north", 3)]
    {
        let odd = site.run(["show", account, "--json", "--as-of", during]).json()["anomalies"].clone();
        assert_eq!(odd, json!([{ "kind": "parent_ring", "positions": [position], "parent": parent }]));
    }
    let south = site.run(["show", "south", "--json", "--as-of", during]).json();
    assert_eq!(south["anomalies"], json!([]));
    let told = site.run(["group", "south", "--as-of", during]).succeeded();
    assert!(told.contains("holding: is, through its parents, its own parent"), "{told}");
    let chinese = site.run(["group", "south", "--as-of", during, "--lang", "zh"]).succeeded();
    assert!(chinese.contains("holding：经由上级成为自己的上级"), "{chinese}");

    let known = site.run(["verify", "--json"]).json()["last_recorded_at"].as_str().unwrap().to_owned();
    let taken = json!({ "target": { "source": "crm", "id": "ring" }, "reason": "the wrong way round" });
    tell(&site, &event("healed", "holding", "event.retracted", "2026-03-20T09:00:00Z", &taken));
    assert_eq!(tree(&group(&site, "works", during)), ["holding 0", "north 1", "works 2", "south 1"]);
    let as_known = site.run(["group", "works", "--json", "--as-of", during, "--known-at", &known]).json();
    assert_eq!(as_known["accounts"], ring["accounts"], "as known before, it is a ring");
}
