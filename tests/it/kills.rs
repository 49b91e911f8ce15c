//! `kill -9` at random moments of an import: what was committed is there, whole, and running the import again
//! completes it. `GUANXI_KILLS` says how often.

use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::harness::{Dice, Site, repeats};

/// Five commits' worth, and a rest.
const EVENTS: u64 = 5_400;
const ACCOUNTS: u64 = 60;
/// What one commit takes, more or less.
const PAUSE_MICROS_MAX: u64 = 60_000;

/// Accounts with a contact each, and then meetings with notes about that contact.
fn events() -> Vec<String> {
    let event = |n: u64| {
        let (account, day) = (n % ACCOUNTS, 1 + n / ACCOUNTS % 28);
        let (kind, data) = match n / ACCOUNTS {
            0 => ("account.opened", format!(r#"{{"name":"Account {account}"}}"#)),
            1 => (
                "contact.added",
                format!(
                    r#"{{"contact":"c{account}","name":"Contact {account}","side":"customer","role":"technical"}}"#
                ),
            ),
            _ => (
                "meeting.held",
                format!(
                    r#"{{"channel":"visit","ours":["li.wei"],"customer":["c{account}"],"note":"note {n}"}}"#
                ),
            ),
        };
        format!(
            r#"{{"specversion":"1.0","id":"{n}","source":"crm","type":"{kind}","subject":"a{account}","time":"2026-01-{day:02}T09:00:00Z","data":{data}}}"#
        ) + "\n"
    };
    (0..EVENTS).map(event).collect()
}

/// The export without what differs from run to run: when each event was recorded.
fn exported(site: &Site) -> Vec<Value> {
    let export = site.run(["export"]).succeeded();
    let event = |line: &str| {
        let mut event: Value = serde_json::from_str(line).unwrap();
        assert!(event.as_object_mut().unwrap().remove("recordedtime").is_some(), "{line}");
        event
    };
    export.lines().map(event).collect()
}

/// Feeds an import the first so many lines, waits a moment, and kills it.
fn kill_one(site: &Site, lines: &[String], pause: Duration) {
    let mut child = site.command(["import", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for line in lines {
        stdin.write_all(line.as_bytes()).unwrap();
    }
    std::thread::sleep(pause);
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "it ended before its input");
}

#[test]
fn an_import_killed_at_any_moment_is_completed_by_running_it_again() {
    let lines = events();
    let all = lines.concat();
    let uninterrupted = Site::with_ledger();
    uninterrupted.feed(["import", "-"], &all).succeeded();
    let expected = exported(&uninterrupted);
    assert_eq!(expected.len() as u64, EVENTS);

    let mut dice = Dice(20_260_302);
    let (mut site, mut recorded) = (Site::with_ledger(), 0);
    for kill in 0..repeats("GUANXI_KILLS", 5) {
        let fed = usize::try_from(dice.below(EVENTS)).unwrap();
        let pause = Duration::from_micros(dice.below(PAUSE_MICROS_MAX));
        let at = format!("kill {kill}, after {fed} lines and {pause:?}");
        kill_one(&site, &lines[..fed], pause);
        let verified = site.run(["verify", "--json"]).json();
        let now = usize::try_from(verified["events"].as_u64().unwrap()).unwrap();
        assert!(now >= recorded, "{at}: {recorded} events had been committed, {now} are there");
        assert_eq!(exported(&site), expected[..now], "{at}");
        recorded = now;
        // Some ledgers are killed several times before their import is completed.
        if dice.below(2) == 0 {
            site.feed(["import", "-"], &all).succeeded();
            site.run(["verify"]).succeeded();
            assert_eq!(exported(&site), expected, "{at}");
            (site, recorded) = (Site::with_ledger(), 0);
        }
    }
    site.feed(["import", "-"], &all).succeeded();
    assert_eq!(exported(&site), expected);
}
