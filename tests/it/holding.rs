//! Two processes on one ledger: the second says who holds it, and succeeds when the first has ended.

use std::io::Write as _;
use std::process::{Child, Stdio};

use crate::harness::Site;

const OPENED: &str = concat!(
    r#"{"specversion":"1.0","id":"1","source":"crm","type":"account.opened","subject":"acme","#,
    r#""time":"2026-03-02T09:00:00Z","data":{"name":"Acme"}}"#,
    "\n"
);

/// An import that waits for its input, with the ledger open: it makes its report after opening it.
fn holder(site: &Site) -> Child {
    let mut command = site.command(["import", "-", "--report", "report"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    while !site.path().join("report").exists() {
        assert_eq!(child.try_wait().unwrap(), None, "the import ended before its input");
        std::thread::yield_now();
    }
    child
}

#[test]
fn the_second_process_says_who_holds_the_ledger() {
    let site = Site::with_ledger();
    let mut first = holder(&site);
    let named = format!("process {} (`guanxi import`", first.id());
    let append = || site.feed(["append"], OPENED.replace("\"1\"", "\"2\"").replace("acme", "other"));
    for second in [append(), site.run(["accounts"]), site.run(["verify"]), site.run(["import", "-"])] {
        let error = second.failed(1);
        assert!(error.contains(&named), "{named}: {error}");
    }

    first.stdin.take().unwrap().write_all(OPENED.as_bytes()).unwrap();
    let ended = first.wait_with_output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    append().succeeded();
    let accounts = site.run(["accounts", "--json"]).json();
    assert_eq!(accounts["accounts"].as_array().unwrap().len(), 2, "{accounts}");
}

#[test]
fn a_killed_holder_holds_nothing() {
    let site = Site::with_ledger();
    let mut first = holder(&site);
    first.kill().unwrap();
    first.wait().unwrap();
    site.run(["accounts"]).succeeded();
    site.feed(["append"], OPENED).succeeded();
}

#[test]
fn readers_do_not_exclude_each_other() {
    let site = Site::with_northwind();
    let readers: Vec<_> = (0..4).map(|_| site.command(["accounts", "--json"]).spawn().unwrap()).collect();
    for reader in readers {
        let ended = reader.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
}
