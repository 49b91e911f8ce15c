//! The wiring of the program: exit codes, the two streams, what is not there. Behaviour is proved lower down.

use crate::harness::Site;

#[test]
fn help_and_version_go_to_standard_output() {
    let site = Site::new();
    let help = site.run(["--help"]).succeeded();
    assert!(help.contains("Usage: guanxi"), "{help}");
    assert!(!help.contains('\u{1b}'), "colours without a terminal: {help:?}");
    let version = site.run(["--version"]).succeeded();
    assert_eq!(version, concat!("guanxi ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let site = Site::new();
    site.run(["no-such-command"]).failed(2);
    site.run(["show", "acme", "--as-of", "yesterday"]).failed(2);
}

#[test]
fn asking_where_there_is_no_ledger_names_the_place_and_makes_nothing() {
    let site = Site::new();
    let error = site.run(["accounts"]).failed(1);
    assert!(error.contains("ledger"), "{error}");
    assert_eq!(std::fs::read_dir(site.path()).unwrap().count(), 0);
}

#[test]
fn a_ledger_is_made_once_and_takes_an_event_once() {
    let site = Site::with_ledger();
    assert!(site.ledger().join("log.redb").is_file());
    site.run(["init"]).failed(1);
    let opened = concat!(
        r#"{"specversion":"1.0","id":"1","source":"crm","type":"account.opened","subject":"acme","#,
        r#""time":"2026-03-02T09:00:00Z","data":{"name":"Acme"}}"#
    );
    let receipt = |input: &str| site.feed(["--json", "append", "-"], input);
    let (first, again) = (receipt(opened).json(), receipt(opened).json());
    assert!(first.to_string().contains(r#""duplicate":false"#), "{first}");
    assert!(again.to_string().contains(r#""duplicate":true"#), "{again}");
    receipt(&opened.replace("Acme", "Other")).failed(3);
    let shown = site.run(["--json", "show", "acme"]).json();
    assert_eq!((shown["account"].as_str(), shown["events"].as_u64()), (Some("acme"), Some(1)), "{shown}");
    site.run(["verify"]).succeeded();
}
