//! Faults of the machine: a full disk, a file that may not grow, a directory that may not be written.

use crate::harness::{Ran, Site, northwind_mapping, northwind_orders};

/// What scripts call the import of all of northwind.
fn import() -> String {
    format!(r#""$GUANXI" import '{}' --mapping '{}'"#, northwind_orders(), northwind_mapping())
}

fn verified(site: &Site) -> u64 {
    site.run(["verify", "--json"]).json()["events"].as_u64().unwrap()
}

/// Whether this process may mount things where nobody else sees them.
fn may_mount(site: &Site) -> bool {
    let allowed =
        site.script("mkdir -p probe && unshare -m mount -t tmpfs -o size=1m none probe").code == Some(0);
    if !allowed {
        eprintln!("not run: this process may not mount a file system");
    }
    allowed
}

fn refused_for(ran: &Ran, reason: &str) {
    assert!(!ran.did_or_said_why_not() && ran.stderr.contains(reason), "{ran}");
}

#[test]
fn a_file_that_may_not_grow_stops_an_import_between_commits() {
    for kilobytes in [100, 300, 500, 700, 900, 1000] {
        let site = Site::with_ledger();
        let ran = site.script(&format!("trap '' XFSZ; ulimit -f {kilobytes}; exec {}", import()));
        refused_for(&ran, "File too large");
        assert!(ran.stderr.contains("nothing was recorded"), "{ran}");
        assert_eq!(verified(&site) % 1000, 0, "{kilobytes} kB: half a commit");
        site.script(&import()).succeeded();
        assert_eq!(verified(&site), 2750, "{kilobytes} kB");
    }
}

#[test]
fn a_process_that_is_killed_for_the_size_of_its_file_leaves_whole_commits() {
    for kilobytes in [100, 600] {
        let site = Site::with_ledger();
        site.script(&format!("ulimit -f {kilobytes}; exec {}", import()));
        assert_eq!(verified(&site) % 1000, 0, "{kilobytes} kB: half a commit");
        site.script(&import()).succeeded();
        assert_eq!(verified(&site), 2750, "{kilobytes} kB");
    }
}

#[test]
fn a_full_disk_stops_an_import_between_commits() {
    let site = Site::new();
    if !may_mount(&site) {
        return;
    }
    let all = import();
    for kilobytes in [300, 600, 900, 1100] {
        let ran = site.script(&format!(
            r#"
            mkdir -p small && exec unshare -m bash -c '
            mount -t tmpfs -o size={kilobytes}k none small && cd small && "$GUANXI" init > /dev/null || exit 99
            {}
            echo code $? ; "$GUANXI" verify || exit 98
            mount -o remount,size=8m . && {} > /dev/null && "$GUANXI" verify'"#,
            all.replace('\'', "\""),
            all.replace('\'', "\""),
        ));
        assert!(ran.did_or_said_why_not() && ran.stdout.contains("code 1"), "{kilobytes} kB: {ran}");
        assert!(ran.stderr.contains("No space left on device"), "{kilobytes} kB: {ran}");
        let counts = ran.stdout.lines().filter_map(|line| line.split_once(" events in "));
        let counts: Vec<u64> = counts.map(|(count, _)| count.parse().unwrap()).collect();
        assert!(matches!(counts[..], [before, 2750] if before % 1000 == 0), "{kilobytes} kB: {ran}");
    }
}

#[test]
fn a_directory_that_may_not_be_written_can_be_read() {
    let site = Site::with_northwind();
    if !may_mount(&site) {
        return;
    }
    let accounts = site.run(["accounts", "--json", "--as-of", "1998-01-01"]).succeeded();
    let within = |command: &str| {
        let mount = "mount --bind ledger ledger && mount -o remount,ro,bind ledger";
        site.script(&format!("exec unshare -m bash -c '{mount} && {}'", command.replace('\'', "\"")))
    };
    refused_for(&within(&import()), "Read-only file system");
    assert_eq!(within(r#""$GUANXI" accounts --json --as-of 1998-01-01"#).succeeded(), accounts);
    within(r#""$GUANXI" verify"#).succeeded();
    let init = site.script(
        r#"mkdir -p dry && exec unshare -m bash -c 'mount -t tmpfs -o ro none dry && "$GUANXI" --ledger dry/new init'"#,
    );
    refused_for(&init, "dry/new");
}

#[test]
fn a_full_disk_under_the_answer_is_told() {
    let site = Site::with_northwind();
    for command in ["export", "export --archive", "accounts", "accounts --json", "verify"] {
        refused_for(&site.script(&format!(r#""$GUANXI" {command} > /dev/full"#)), "No space left on device");
    }
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let site = Site::with_northwind();
    for command in
        ["export", "export --archive", "accounts", "accounts --json", "history alfki", "completions bash"]
    {
        let ran = site.script(&format!(r#""$GUANXI" {command} | true; echo ${{PIPESTATUS[0]}}"#));
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("0\n", ""), "{command}");
    }
}
