//! Policies, reviews, pins, evaluations, experience and groups from the command line: that each is wired, refuses what
//! it should, and says what it did.

use serde_json::{Value, json};

use crate::harness::{Site, fixture};

/// A ledger of six accounts, two of them of one group.
fn site() -> Site {
    let site = Site::with_ledger();
    let mut events = Vec::new();
    for (place, account) in ["acme", "beta", "cora", "dorn", "eder", "fink"].into_iter().enumerate() {
        let parent = (account == "beta").then_some("acme");
        let opened = json!({ "name": account.to_uppercase(), "industry": "steel", "parent": parent });
        events.push(event(
            &format!("open-{account}"),
            account,
            "account.opened",
            "2026-01-05T09:00:00Z",
            &opened,
        ));
        let amount = json!({ "amount": format!("{}00.00", 60 - 10 * place), "currency": "CNY" });
        let ordered = json!({ "order": account, "amount": amount });
        events.push(event(
            &format!("order-{account}"),
            account,
            "order.placed",
            "2026-02-05T09:00:00Z",
            &ordered,
        ));
    }
    site.feed(["append"], Value::Array(events).to_string()).succeeded();
    site
}

fn event(id: &str, account: &str, kind: &str, time: &str, data: &Value) -> Value {
    json!({ "specversion": "1.0", "id": id, "source": "crm", "type": kind, "subject": account, "time": time,
        "data": data })
}

fn default_policy() -> String {
    std::fs::read_to_string(fixture("../projections/policy/default.toml")).unwrap()
}

#[test]
fn a_policy_is_compared_previewed_adopted_and_listed() {
    let site = site();
    let better = default_policy().replacen("green_from = 70", "green_from = 75", 1);
    let file = site.write("better.toml", &better);
    let diff = site.run(["policy", "diff", "current", &file]).succeeded();
    assert!(diff.contains("health.colour.green_from") && diff.contains("differ in 1 field"), "{diff}");
    assert!(diff.contains("Green from this health on"), "the comment of the field: {diff}");
    let before = site.run(["accounts", "--json", "--as-of", "2026-03-01"]).json();
    let preview = site.run(["policy", "adopt", &file, "--dry-run"]).succeeded();
    assert!(preview.contains("Adopted as version 2") && preview.contains("Nothing was written"), "{preview}");
    let adopted = site.run(["policy", "adopt", &file, "--reason", "stricter", "--json"]).json();
    assert_eq!((&adopted["version"], &adopted["renumbered_from"]), (&json!(2), &json!(1)));
    let list = site.run(["policy", "list"]).succeeded();
    assert!(
        list.contains("stricter") && list.contains("current") && list.contains("the program's own"),
        "{list}"
    );
    assert!(site.run(["policy", "show"]).succeeded().contains("green_from = 75"));
    assert_eq!(site.run(["policy", "show", "--policy", "1"]).succeeded(), default_policy());
    let then = site.run(["accounts", "--json", "--as-of", "2026-03-01", "--policy", "then"]).json();
    assert_eq!((&then["policy"], &then["accounts"]), (&json!(1), &before["accounts"]));
    let none = site.run(["policy", "adopt", &file, "--reason", "again"]).failed(1);
    assert!(none.contains("says what version 2 says"), "{none}");
}

#[test]
fn a_policy_that_says_nonsense_is_refused_with_field_line_and_reason() {
    let site = Site::with_ledger();
    let broken = default_policy().replacen("epsilon = 0.05", "epsilon = 7.0", 1);
    let line = 1 + broken.lines().position(|line| line.contains("epsilon = 7.0")).unwrap();
    let file = site.write("broken.toml", broken);
    for arguments in
        [["policy", "adopt", &file, "--reason", "r"].as_slice(), &["accounts", "--policy", &file]]
    {
        let said = site.run(arguments).failed(1);
        assert!(said.contains(&format!("broken.toml:{line}: ")), "{said}");
        assert!(said.contains("`stage.trend.epsilon` is 7, but must be a number from"), "{said}");
    }
    site.run(["policy", "adopt", &file]).failed(2);
}

#[test]
fn a_review_is_proposed_recorded_and_moves_the_list() {
    let site = site();
    let as_of = ["--as-of", "2026-03-31"];
    let proposed = site.run([["review"].as_slice(), &as_of].concat()).succeeded();
    assert!(
        proposed.contains("Review of 31 March 2026: 2 key accounts, 20 % of 6 accounts. It is the first."),
        "{proposed}"
    );
    assert!(
        proposed.contains("ACME (acme) enters: at rank 1 it is far enough up to take a seat"),
        "{proposed}"
    );
    assert!(proposed.contains("A proposal: nothing was written."), "{proposed}");
    let chinese = site.run([["review", "--lang", "zh"].as_slice(), &as_of].concat()).succeeded();
    assert!(
        chinese.contains("6 个客户取 20 %，共 2 个大客户席位")
            && chinese.contains("ACME (acme) 进入：排名 1，足以入选"),
        "{chinese}"
    );
    let none = site.run(["key-accounts"]).succeeded();
    assert!(none.contains("no review was held"), "{none}");
    let recorded = site.run([["review", "--record", "--json"].as_slice(), &as_of].concat()).json();
    assert_eq!(recorded["recorded"], json!([12]));
    let list = site.run(["key-accounts", "--changes"]).succeeded();
    assert!(list.contains("2 key accounts on 2 seats (20 %)") && list.contains("entered"), "{list}");
    assert!(list.contains("The next is due on 2026-04-30."), "{list}");
    let again = site.run([["review", "--record"].as_slice(), &as_of].concat()).failed(1);
    assert!(again.contains("was recorded already"), "{again}");
    site.run(["review", "--record", "--policy", "then"]).failed(1);
    site.run(["review", "--percent", "0"]).failed(2);
    site.run(["review", "--percent", "100.1"]).failed(2);

    site.run(["pin", "fink", "--until", "2999-12-31", "--reason", "strategic"]).succeeded();
    site.run(["unpin", "acme", "--until", "2999-12-31", "--reason", "in dispute"]).succeeded();
    let unmoved = site.run(["show", "acme", "--json"]).json();
    assert_eq!(unmoved["key_account"]["member"], json!(true));
    let late = site.run(["pin", "fink", "--until", "2001-01-01", "--reason", "r"]).failed(1);
    assert!(late.contains("is over already"), "{late}");
    site.run(["pin", "nobody", "--until", "2999-12-31", "--reason", "r"]).failed(1);
    let next = site.run(["review", "--record"]).succeeded();
    assert!(
        next.contains(
            "FINK (fink) enters: it is pinned to the list until 31 December 2999, because strategic."
        ),
        "{next}"
    );
    assert!(
        next.contains(
            "ACME (acme) leaves: it is pinned off the list until 31 December 2999, because in dispute."
        ),
        "{next}"
    );
    let shown = site.run(["show", "acme", "--json"]).json();
    assert_eq!(shown["key_account"]["member"], json!(false));
}

#[test]
fn an_evaluation_is_recorded_and_its_adjustments_followed_up() {
    let site = site();
    let first = site.run([
        "evaluate",
        "acme",
        "--finding",
        "Orders fell",
        "--adjust",
        "visit monthly",
        "--owner",
        "li.wei",
        "--due",
        "2026-03-01",
        "--at",
        "2026-02-10",
    ]);
    assert!(first.succeeded().contains("li.wei is to visit monthly by 2026-03-01."));
    let review = site.run(["review"]).succeeded();
    assert!(review.contains("ACME (acme): li.wei was to visit monthly by 1 March 2026"), "{review}");
    let done = site.run(["evaluate", "acme", "--finding", "Better", "--done", "visit monthly"]).succeeded();
    assert!(done.contains("Done: visit monthly.") && done.contains("Nothing is to be adjusted."), "{done}");
    let list = site.run(["list", "adjustments", "acme", "--json"]).json();
    assert_eq!(list["lines"][0]["state"], json!("closed_late"));
    let lopsided = site.run([
        "evaluate",
        "acme",
        "--finding",
        "f",
        "--adjust",
        "a",
        "--adjust",
        "b",
        "--owner",
        "x",
        "--due",
        "2026-03-01",
    ]);
    assert!(lopsided.failed(1).contains("2 adjustments have 1 owners"));
}

#[test]
fn experience_shows_every_term_and_statement() {
    let site = site();
    site.run([
        "industry",
        "rate",
        "steel",
        "--positives",
        "3",
        "--negatives",
        "1",
        "--reason",
        "twenty years in it",
    ])
    .succeeded();
    let told = site.run(["experience", "acme"]).succeeded();
    assert!(told.contains("Too few accounts are known to compare ACME with"), "{told}");
    let answer = site.run(["experience", "acme", "--json"]).json();
    assert_eq!((&answer["fit"], &answer["cases"]), (&json!(0.5), &json!([0, 5])));
    assert_eq!(answer["statements"][0]["reason"], json!("twenty years in it"));
    assert_eq!(answer["statements"][0]["actor"], json!("local:unauthenticated"));
}

#[test]
fn a_group_sums_money_and_effort_alone() {
    let site = site();
    let spent = json!({ "hours": 2.5, "cost": { "amount": "50", "currency": "CNY" } });
    let spent = event("spent", "beta", "effort.spent", "2026-02-06T09:00:00Z", &spent);
    site.feed(["append"], spent.to_string()).succeeded();
    let group = site.run(["group", "beta", "--json"]).json();
    assert_eq!((&group["head"], &group["accounts"][1]["account"]), (&json!("acme"), &json!("beta")));
    let total = &group["total"];
    assert_eq!((&total["orders"], &total["ordered"]), (&json!(2), &json!(11_000.0)));
    assert_eq!((&total["effort_hours"], &total["effort_cost"]), (&json!(2.5), &json!(50.0)));
    assert!(total.get("health").is_none() && total.get("score").is_none());
    let told = site.run(["group", "acme"]).succeeded();
    assert!(told.contains("The group of acme: 2 accounts, 2 orders of 11000.00 in all"), "{told}");
}

#[test]
fn people_read_the_names_of_whom_an_anomaly_is_about() {
    let site = site();
    let on = |day: u32| format!("2026-02-{day:02}T09:00:00Z");
    let added = json!({ "contact": "王芳", "name": "王芳", "side": "customer", "role": "user" });
    let mut events = vec![
        event("add", "acme", "contact.added", &on(10), &added),
        event("leave", "acme", "contact.left", &on(11), &json!({ "contact": "王芳" })),
    ];
    let met = json!({ "channel": "call", "ours": ["li"], "customer": ["王芳", "陈明"] });
    events.extend((12..16).map(|day| event(&format!("met-{day}"), "acme", "meeting.held", &on(day), &met)));
    site.feed(["append"], Value::Array(events).to_string()).succeeded();
    let told = site.run(["show", "acme"]).succeeded();
    assert!(told.contains("positions 14, 15, 16 and 1 more: 王芳 was met after leaving"), "{told}");
    assert!(told.contains("an unknown contact is named, 陈明"), "{told}");
    let listed = site.run(["show", "acme", "--json"]).json()["anomalies"].clone();
    let met = json!({ "kind": "met_after_leaving", "id": "王芳", "positions": [14, 15, 16, 17] });
    assert!(listed.as_array().unwrap().contains(&met), "{listed}");
}

#[test]
fn a_ring_of_parents_and_an_unknown_one_are_anomalies() {
    let site = site();
    let update = |id: &str, account: &str, parent: &str| {
        let data = json!({ "parent": parent });
        event(id, account, "account.updated", "2026-02-10T09:00:00Z", &data)
    };
    let events = [update("u1", "acme", "beta"), update("u2", "cora", "nobody")];
    site.feed(["append"], Value::from(events.to_vec()).to_string()).succeeded();
    let anomaly = |account: &str, as_of: &str| {
        site.run(["show", account, "--json", "--as-of", as_of]).json()["anomalies"].clone()
    };
    let ring = |position: u32, parent: &str| json!([{ "kind": "parent_ring", "positions": [position], "parent": parent }]);
    assert_eq!(anomaly("acme", "2026-02-11"), ring(12, "beta"));
    assert_eq!(anomaly("beta", "2026-02-11"), ring(2, "acme"));
    assert_eq!(anomaly("beta", "2026-02-09"), json!([]), "before the ring was closed");
    let unknown = json!([{ "kind": "unknown_parent", "positions": [13], "parent": "nobody" }]);
    assert_eq!(anomaly("cora", "2026-02-11"), unknown);
    assert!(site.run(["show", "cora", "--lang", "zh"]).succeeded().contains("未知的上级客户：nobody"));
    let group = site.run(["group", "beta", "--json"]).json();
    assert_eq!(group["accounts"].as_array().unwrap().len(), 2, "each counts once");
    assert_eq!(group["accounts"][0]["flaw"], json!("ring"));
}
