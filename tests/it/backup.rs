//! `backup` and `restore`: everything comes back exactly, or nothing does.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use crate::harness::{Dice, Site, files_in};

/// A ledger of 5,000 events with persons, texts, corrections and rates.
fn filled() -> Site {
    let site = Site::new();
    site.run(["demo", "--keep", "ledger"]).succeeded();
    site
}

/// What is asked of a ledger and of its copy.
fn answers(site: &Site, ledger: &str, keys: &str) -> Vec<String> {
    let questions: [&[&str]; 7] = [
        &["export"],
        &["accounts", "--json", "--as-of", "2026-09-30"],
        &["show", "nordwind", "--json", "--as-of", "2025-09-30", "--known-at", "2025-09-30"],
        &["list", "contacts", "baoling", "--json", "--as-of", "2026-09-30"],
        &["history", "stellar", "--json", "--as-of", "2026-09-30"],
        &["portfolio", "--json", "--as-of", "2026-09-30"],
        &["key-accounts", "--json", "--as-of", "2026-09-30"],
    ];
    let ask = |question: &&[&str]| {
        site.run([&["--ledger", ledger, "--keys", keys], *question].concat()).succeeded()
    };
    questions.iter().map(ask).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_restored_ledger_answers_as_the_old_one_did_names_included() {
    let site = filled();
    let ran = site.run(["backup", "--out", "copy"]);
    assert!(ran.stderr.contains("ledger.keys are not in it"), "{ran}");
    ran.succeeded();
    assert_eq!(names(&site.path().join("copy")), ["archive.jsonl.gz", "backup.json", "people"]);
    let mode = std::fs::metadata(site.path().join("copy")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700, "it is its owner's alone");
    let restored = ["--ledger", "new", "--keys", "ledger.keys", "restore", "copy"];
    site.run(restored).succeeded();
    assert_eq!(answers(&site, "new", "ledger.keys"), answers(&site, "ledger", "ledger.keys"));
    let verified =
        |ledger: &str| site.run(["--ledger", ledger, "--keys", "ledger.keys", "verify", "--json"]).json();
    assert_eq!(verified("new")["root"], verified("ledger")["root"]);

    // It goes on as a ledger: the next event is recorded after the last one, a repeated one is known again.
    let first = site.run(["--ledger", "ledger", "export"]).succeeded();
    let event: serde_json::Value = first
        .lines()
        .find(|line| line.contains("account.opened"))
        .map(|line| serde_json::from_str(line).unwrap())
        .unwrap();
    let mut again = event.clone();
    for added in ["recordedtime", "sequence", "position", "actor"] {
        again.as_object_mut().unwrap().remove(added);
    }
    let append = ["--ledger", "new", "--keys", "ledger.keys", "--json", "append"];
    let receipt = site.feed(append, again.to_string()).json();
    assert_eq!(
        (&receipt["events"][0]["duplicate"], &receipt["events"][0]["position"]),
        (&true.into(), &event["position"])
    );

    site.run(restored).failed(1);
    site.run(["backup", "--out", "copy"]).failed(1);
}

#[test]
fn keys_come_along_only_when_asked_and_with_a_warning() {
    let site = filled();
    let ran = site.run(["backup", "--out", "all", "--with-keys"]);
    assert!(ran.stderr.contains("can read every name"), "{ran}");
    ran.succeeded();
    assert_eq!(names(&site.path().join("all/keys")), ["wrap.key"]);
    site.run(["--ledger", "new", "restore", "all"]).succeeded();
    assert_eq!(answers(&site, "new", "new.keys"), answers(&site, "ledger", "ledger.keys"));

    // Without keys: pseudonyms, until the key is put into its place.
    site.run(["backup", "--out", "apart"]).succeeded();
    let ran = site.run(["--ledger", "nameless", "restore", "apart"]);
    assert!(ran.stderr.contains("pseudonyms"), "{ran}");
    ran.succeeded();
    assert!(!answers(&site, "nameless", "nameless.keys")[1].contains("emma.koch"));
    std::fs::create_dir(site.path().join("nameless.keys")).unwrap();
    std::fs::copy(site.path().join("ledger.keys/wrap.key"), site.path().join("nameless.keys/wrap.key"))
        .unwrap();
    assert_eq!(answers(&site, "nameless", "nameless.keys"), answers(&site, "ledger", "ledger.keys"));

    // Another ledger's keys are not written over.
    site.run(["--ledger", "other", "init"]).succeeded();
    let error = site.run(["--ledger", "third", "--keys", "other.keys", "restore", "all"]).failed(1);
    assert!(error.contains("another ledger's"), "{error}");
    assert!(!site.path().join("third").exists());
}

#[test]
fn a_damaged_backup_is_refused_by_its_place() {
    let site = filled();
    site.run(["backup", "--out", "copy", "--with-keys"]).succeeded();
    let refused = |file: &Path, bytes: &[u8], says: &str| {
        let whole = std::fs::read(file).unwrap();
        std::fs::write(file, bytes).unwrap();
        let error = site.run(["--ledger", "new", "restore", "copy"]).failed(4);
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(error.contains(name) && error.contains(says), "{name}: {error}");
        assert!(names(site.path()).iter().all(|name| !name.starts_with("new")), "something is left");
        std::fs::write(file, whole).unwrap();
    };
    let mut dice = Dice(7);
    for name in ["archive.jsonl.gz", "people", "keys/wrap.key"] {
        let file = site.path().join("copy").join(name);
        let whole = std::fs::read(&file).unwrap();
        for _ in 0..6 {
            let at = usize::try_from(dice.below(whole.len() as u64)).unwrap();
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << dice.below(8);
            let block = at / 65_536 * 65_536;
            refused(&file, &flipped, &format!("bytes {block} to "));
            refused(&file, &whole[..at], &format!("has {at} bytes instead of {}", whole.len()));
        }
    }
    let manifest = site.path().join("copy/backup.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    refused(&manifest, &text.as_bytes()[..text.len() / 2], "line");
    std::fs::remove_file(site.path().join("copy/people")).unwrap();
    let error = site.run(["--ledger", "new", "restore", "copy"]).failed(4);
    assert!(error.contains("people: it is missing"), "{error}");
    std::fs::remove_file(manifest).unwrap();
    let error = site.run(["--ledger", "new", "restore", "copy"]).failed(1);
    assert!(error.contains("not a finished backup"), "{error}");
}

#[test]
fn a_backup_or_a_restore_that_is_killed_leaves_all_or_nothing() {
    let site = filled();
    let before = answers(&site, "ledger", "ledger.keys");
    let mut cut_short = 0;
    for milliseconds in [1, 15, 40, 80, 150, 300, 600] {
        let (copy, new) = (format!("copy-{milliseconds}"), format!("new-{milliseconds}"));
        let backup = ["backup", "--out", &copy];
        let restore = ["--ledger", &new, "--keys", "ledger.keys", "restore", &copy];
        for (arguments, made) in [(&backup[..], &copy), (&restore[..], &new)] {
            let mut child = site.command(arguments).spawn().expect("the program starts");
            std::thread::sleep(Duration::from_millis(milliseconds));
            child.kill().expect("it is ours");
            child.wait().expect("it ends");
            if !site.path().join(made).exists() {
                cut_short += 1;
                site.run(arguments).succeeded();
            }
        }
        assert_eq!(answers(&site, &new, "ledger.keys"), before, "{milliseconds} ms");
    }
    assert!(cut_short > 0, "nothing was cut short");
    assert!(names(site.path()).iter().all(|name| !name.ends_with(".unfinished")), "{:?}", names(site.path()));
    assert_eq!(files_in(&site.path().join("ledger.keys")).len(), 1);
}
