//! Ends: of clients, and of the server.

use std::io::{Read as _, Write as _};

use serde_json::json;

use super::{Served, eventually, finished, note, opening, waiting};
use crate::harness::Site;

#[test]
fn the_command_of_a_client_that_is_killed_ends_though_its_input_goes_on() {
    let site = Site::with_ledger();
    let served = Served::start(&site, &["--commands", "1"]);
    let mut import = waiting(&site, "report");
    let mut input = import.stdin.take().unwrap();
    input.write_all(format!("{}\n", opening("acme")).as_bytes()).unwrap();
    import.kill().unwrap();
    import.wait().unwrap();
    eventually("the place is free", || site.run(["accounts"]).code == Some(0));
    // The other end of the pipe was open until now.
    drop(input);
    assert_eq!(served.post(&opening("beta")).unwrap().0, 201);
    site.run(["verify"]).succeeded();
}

#[test]
fn the_command_of_a_client_that_is_killed_ends_though_a_pipe_has_nobody_at_its_other_end() {
    let site = Site::with_ledger();
    let _served = Served::start(&site, &["--commands", "1"]);
    assert_eq!(site.script("mkfifo pipe").code, Some(0));
    let mut import = site.command(["import", "pipe", "--report", "report"]).spawn().unwrap();
    eventually("the import runs", || site.path().join("report").exists());
    assert!(site.run(["accounts"]).failed(1).contains("as many commands"));
    import.kill().unwrap();
    import.wait().unwrap();
    eventually("the place is free", || site.run(["accounts"]).code == Some(0));
    // With somebody there it is read to its end.
    let ran = site.script(&format!(r#"(echo '{}' > pipe) & "$GUANXI" import pipe"#, opening("acme")));
    assert!(ran.succeeded().starts_with("1 events recorded"));
}

#[test]
fn the_command_of_a_client_that_is_killed_ends_though_nobody_reads_its_output() {
    let site = Site::with_northwind();
    let _served = Served::start(&site, &["--commands", "1"]);
    let mut export = site.command(["export"]).spawn().unwrap();
    let mut output = export.stdout.take().unwrap();
    output.read_exact(&mut [0]).unwrap();
    assert!(site.run(["accounts"]).failed(1).contains("as many commands"));
    export.kill().unwrap();
    export.wait().unwrap();
    eventually("the place is free", || site.run(["accounts"]).code == Some(0));
    drop(output);
}

#[test]
fn the_long_work_of_a_client_that_is_killed_is_given_up() {
    const LINES: u64 = 30_000;
    let site = Site::with_ledger();
    let served = Served::start(&site, &["--commands", "1"]);
    let notes = (1..LINES).map(|n| note(&n.to_string(), "acme"));
    let lines: String =
        std::iter::once(opening("acme")).chain(notes).map(|event| event.to_string() + "\n").collect();
    site.write("events.jsonl", lines);
    let mut import = site.command(["import", "events.jsonl"]).spawn().unwrap();
    eventually("something is recorded", || served.get("/v1/events?limit=1")["events"] != json!([]));
    import.kill().unwrap();
    import.wait().unwrap();
    eventually("the place is free", || site.run(["accounts"]).code == Some(0));
    let recorded = site.run(["verify", "--json"]).json()["events"].as_u64().unwrap();
    assert!(recorded < LINES, "all {recorded} were recorded");
}

#[test]
fn a_killed_server_leaves_a_socket_that_is_in_nobodys_way() {
    let site = Site::with_ledger();
    for account in ["one", "two"] {
        let mut served = Served::start(&site, &[]);
        site.feed(["append"], opening(account).to_string()).succeeded();
        let import = waiting(&site, account);
        served.signal("KILL");
        served.child.wait().unwrap();
        let said = finished(import).failed(1);
        assert!(said.contains("ended before it had answered"), "{said}");
        assert!(site.ledger().join("socket").exists());
        site.feed(["append"], note(account, account).to_string()).succeeded();
        site.run(["verify"]).succeeded();
    }
    assert_eq!(site.run(["verify", "--json"]).json()["events"], 4);
}

#[test]
fn a_server_that_stops_lets_commands_finish() {
    let site = Site::with_ledger();
    let mut served = Served::start(&site, &[]);
    let mut import = waiting(&site, "report");
    served.signal("TERM");
    eventually("nobody is let in any more", || !site.ledger().join("socket").exists());
    assert!(site.run(["accounts"]).failed(1).contains("held by process"));
    let mut input = import.stdin.take().unwrap();
    input.write_all(format!("{}\n", opening("acme")).as_bytes()).unwrap();
    drop(input);
    assert!(finished(import).succeeded().starts_with("1 events recorded"));
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
    assert_eq!(site.run(["verify", "--json"]).json()["events"], 1);
}

#[test]
fn a_server_that_stops_cuts_commands_that_do_not_finish_in_time() {
    let site = Site::with_ledger();
    let mut served = Served::start(&site, &["--grace-seconds", "0"]);
    let mut import = waiting(&site, "report");
    let input = import.stdin.take().unwrap();
    served.signal("TERM");
    let said = finished(import);
    assert_eq!(said.code, Some(1), "{said}");
    assert!(said.stderr.contains("the server has stopped"), "{said}");
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
    drop(input);
    site.run(["verify"]).succeeded();
}
