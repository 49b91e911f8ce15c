//! The command line on a ledger that is being served: it says what it says without a server, to the byte; several may
//! write at once; and whoever goes away, client or server, leaves nothing behind that is in the way.

mod ends;
mod same;
mod strangers;

use std::io::Write as _;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::harness::{Ran, Site};
use crate::serving::{Served, note, opening};

/// How often, and how many times, to look whether something has happened that should happen at once.
const LOOK: Duration = Duration::from_millis(5);
const LOOKS: u32 = 6_000;

/// Waits until something is so.
#[track_caller]
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if is_so() {
            return;
        }
        std::thread::sleep(LOOK);
    }
    panic!("{what}: not after {:?}", LOOK * LOOKS);
}

/// An import on the server that waits for its input: it makes its report when it runs.
#[track_caller]
fn waiting(site: &Site, report: &str) -> Child {
    let mut command = site.command(["import", "-", "--report", report]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    eventually("the import runs", || {
        assert_eq!(child.try_wait().unwrap(), None, "the import ended before its input");
        site.path().join(report).exists()
    });
    child
}

fn finished(child: Child) -> Ran {
    Ran::of(child.wait_with_output().unwrap())
}

#[test]
fn several_commands_write_while_others_append_over_http() {
    const EACH: usize = 150;
    let site = Site::with_ledger();
    let served = Served::start(&site, &[]);
    site.feed(["append"], opening("acme").to_string()).succeeded();
    let lines = |writer: &str| -> String {
        (0..EACH).map(|n| note(&format!("{writer}-{n}"), "acme").to_string() + "\n").collect()
    };
    std::thread::scope(|scope| {
        for writer in ["one", "two"] {
            let (site, lines) = (&site, lines(writer));
            scope.spawn(move || {
                let counts = site.feed(["import", "-", "--json"], lines).json();
                assert_eq!((&counts["recorded"], &counts["problems"]), (&EACH.into(), &0.into()), "{counts}");
            });
        }
        for n in 0..EACH {
            assert_eq!(served.post(&note(&format!("http-{n}"), "acme")).unwrap().0, 201);
        }
    });
    assert_eq!(site.run(["verify", "--json"]).json()["events"], 3 * EACH + 1);
    assert_eq!(site.run(["show", "acme", "--json"]).json()["events"], 3 * EACH + 1);
    assert_eq!(served.get("/v1/accounts/acme")["events"], 3 * EACH + 1);
}

#[test]
fn a_command_that_waits_holds_up_nobody() {
    let site = Site::with_ledger();
    let served = Served::start(&site, &[]);
    let mut import = waiting(&site, "report");
    import.stdin.as_mut().unwrap().write_all(b"{\"specversion\"").unwrap();
    assert_eq!(served.post(&opening("acme")).unwrap().0, 201);
    assert_eq!(served.get("/v1/accounts/acme")["events"], 1);
    assert_eq!(site.run(["show", "acme", "--json"]).json()["events"], 1);
    site.feed(["append"], note("n", "acme").to_string()).succeeded();
    drop(import.stdin.take());
    let said = finished(import).succeeded();
    assert!(said.contains("1 could not be recorded"), "{said}");
}

#[test]
fn a_token_made_while_the_ledger_is_served_holds_at_once() {
    let site = Site::with_ledger();
    let served = Served::start(&site, &[]);
    assert_eq!(served.ask("GET", "/v1/accounts", "", "").unwrap().0, 200);
    site.run(["token", "create", "crm", "--role", "manager", "--source", "crm"]).succeeded();
    assert_eq!(served.ask("GET", "/v1/accounts", "", "").unwrap().0, 401);
}

#[test]
fn only_so_many_commands_run_at_once() {
    let site = Site::with_ledger();
    let _served = Served::start(&site, &["--commands", "1"]);
    let mut first = waiting(&site, "report");
    let refused = site.run(["accounts"]).failed(1);
    assert!(
        refused.contains("as many commands as it may") && refused.contains("Hint: run it again"),
        "{refused}"
    );
    drop(first.stdin.take());
    finished(first).succeeded();
    eventually("the place is free", || site.run(["accounts"]).code == Some(0));
}

#[test]
fn what_makes_a_ledger_or_holds_one_is_refused_as_ever() {
    let site = Site::with_ledger();
    let served = Served::start(&site, &[]);
    let refused = site.run(["serve", "--listen", "127.0.0.1:0"]).failed(1);
    assert!(refused.contains(&format!("held by process {} (`guanxi serve`", served.child.id())), "{refused}");
    assert!(site.run(["init"]).failed(1).contains("there already is a ledger"));
    site.run(["backup", "--out", "copy"]).succeeded();
    assert!(site.run(["restore", "copy"]).failed(1).contains("there already"));
    site.run(["serve", "--print-config"]).succeeded();
}

#[test]
fn a_ledger_in_a_deep_folder_is_served_too() {
    let site = Site::new();
    let deep = ["a-folder-with-a-long-name"; 8].join("/");
    std::fs::create_dir_all(site.path().join(&deep)).unwrap();
    let whole = site.path().join(&deep).join("ledger");
    let whole = whole.to_str().unwrap();
    site.run(["--ledger", whole, "init"]).succeeded();
    let served = Served::start(&site, &["--ledger", whole]);
    assert!(whole.len() > 108);
    for (account, named) in [("one", whole.to_owned()), ("two", format!("{deep}/ledger"))] {
        site.feed(["--ledger", &named, "append"], opening(account).to_string()).succeeded();
        site.run(["--ledger", &named, "accounts"]).succeeded();
    }
    assert_eq!(served.get("/v1/accounts")["accounts"].as_array().unwrap().len(), 2);
}
