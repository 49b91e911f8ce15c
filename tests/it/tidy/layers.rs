//! Arrows between rooms point one way: `cli, http, web -> ledger -> log, people -> projections`. Nothing points
//! back, siblings do not import each other, and the core does no I/O.

use super::source::{Source, reachable};
use super::{assert_none, read};

/// What each room of the shell may name of the others.
const ROOMS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("people", &[]),
    ("log", &["clock"]),
    ("evidence", &["log", "people", "clock"]),
    ("ledger", &["log", "people", "evidence", "clock"]),
    ("import", &[]),
    ("words", &[]),
    ("export", &["ledger", "clock"]),
    ("http", &["ledger", "import", "export", "clock", "words"]),
    ("web", &["ledger", "clock", "words"]),
    ("cli", &["ledger", "import", "export", "clock", "words"]),
];

/// The one place where siblings meet, with what lies below it: serving mounts both routers.
const MOUNT: (&str, &[&str]) = ("src/cli/serve", &["http", "web"]);

/// Crates that belong to some rooms only.
const CRATES: &[(&str, &[&str])] = &[
    ("redb", &["log"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("comfy_table", &["cli"]),
    ("fluent_bundle", &["words"]),
    ("indicatif", &["cli"]),
    ("axum", &["http", "web"]),
    ("hyper", &["http"]),
    ("tracing_subscriber", &["cli"]),
    ("utoipa", &["http"]),
    ("tokio", &["http", "web", "cli"]),
];

/// Where commands may touch files, streams and the environment of the process themselves: the console, which does so for
/// the others, and what is never run by a server for a client.
const AT_HOME: &[&str] = &["console", "socket", "opened", "serve", "init", "restore", "demo"];

/// What would be the server's, and not the client's, in a command that a server runs.
const PROCESS: &[&str] = &[
    "std::env",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "std::process",
    "File::open",
    "File::create",
    "File::create_new",
    "OpenOptions::new",
];

/// What would let the world into the core, by how a path begins.
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "std::io",
    "getrandom",
    "log",
    "rand",
    "redb",
    "tokio",
    "tracing",
];

/// Types that the core does without wherever they come from: a clock, and maps whose order is not the same twice.
const IMPURE_TYPES: &[&str] = &["SystemTime", "HashMap", "HashSet"];

fn shell() -> Vec<Source> {
    let mut sources = reachable("src/lib.rs");
    sources.extend(reachable("src/main.rs"));
    sources
}

/// What a file of the shell names that its room may not.
fn misdirected(source: &Source) -> Vec<String> {
    let Some(room) = source.module.first() else { return Vec::new() };
    let at = source.path.display();
    let Some((_, allowed)) = ROOMS.iter().find(|(known, _)| known == room) else {
        return vec![format!("{at}: nobody has said what the room `{room}` may name")];
    };
    let mounted: &[&str] = if source.path.with_extension("").starts_with(MOUNT.0) { MOUNT.1 } else { &[] };
    let mut faults = Vec::new();
    for name in source.names() {
        if let [root, other, ..] = name.as_slice()
            && root == "crate"
            && other != room
            && ROOMS.iter().any(|(known, _)| known == other)
            && !allowed.iter().chain(mounted).any(|allowed| allowed == other)
        {
            faults.push(format!("{at}: `{room}` names `{}`", name.join("::")));
        }
        if let [foreign, _, ..] = name.as_slice()
            && let Some((_, homes)) = CRATES.iter().find(|(known, _)| known == foreign)
            && !homes.contains(&room.as_str())
        {
            faults.push(format!("{at}: `{room}` names `{}`", name.join("::")));
        }
    }
    faults.dedup();
    faults
}

/// What a file of the core names that would make it impure.
fn impure(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for name in source.names() {
        let whole = name.join("::");
        let begins = |path: &&str| whole == **path || whole.starts_with(&format!("{path}::"));
        let outside = name.len() > 1 && IMPURE.iter().any(begins);
        if outside || name.last().is_some_and(|last| IMPURE_TYPES.contains(&last.as_str())) {
            faults.push(format!("{}: the core names `{whole}`", source.path.display()));
        }
    }
    faults
}

/// What a command names that is the process's own: the process is another when a server runs it.
fn of_the_process(source: &Source) -> Vec<String> {
    let [room, command, ..] = source.module.as_slice() else { return Vec::new() };
    if room != "cli" || AT_HOME.contains(&command.as_str()) {
        return Vec::new();
    }
    let names = source.names().into_iter().map(|name| name.join("::"));
    let own = |name: &String| {
        let file = name.strip_prefix("std::fs::").or_else(|| name.strip_prefix("fs::"));
        // The type alone opens nothing.
        file.is_some_and(|name| name != "File") || PROCESS.contains(&name.as_str())
    };
    names.filter(own).map(|name| format!("{}: a command names `{name}`", source.path.display())).collect()
}

/// Dependencies in a manifest that are not for tests.
fn dependencies(manifest: &str) -> Vec<String> {
    let section = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| line.split_once(['=', '.', ' '])).map(|(name, _)| name.to_owned());
    names.filter(|name| !name.is_empty() && !name.starts_with('#')).collect()
}

#[test]
fn the_rooms_of_the_shell_name_only_what_lies_below_them() {
    let faults: Vec<_> = shell().iter().filter(|source| !source.test).flat_map(misdirected).collect();
    assert_none(&faults);
}

#[test]
fn commands_reach_files_and_streams_through_the_console() {
    let sources = shell();
    let faults: Vec<_> = sources.iter().filter(|source| !source.test).flat_map(of_the_process).collect();
    assert_none(&faults);
}

#[test]
fn only_the_log_and_its_tests_know_the_store() {
    let tests = shell().into_iter().filter(|source| source.test);
    let faults: Vec<_> = tests
        .filter(|source| source.module.first().is_some_and(|room| room != "log"))
        .filter(|source| source.names().iter().any(|name| name.first().is_some_and(|word| word == "redb")))
        .map(|source| format!("{}: names the store", source.path.display()))
        .collect();
    assert_none(&faults);
}

#[test]
fn the_core_names_nothing_that_does_io() {
    let sources = reachable("projections/src/lib.rs");
    let faults: Vec<_> = sources.iter().filter(|source| !source.test).flat_map(impure).collect();
    assert_none(&faults);
}

#[test]
fn the_core_depends_on_nothing_that_does_io() {
    let known = dependencies(&read("projections/Cargo.toml".as_ref()));
    assert!(known.iter().any(|name| name == "serde"), "{known:?}");
    let banned =
        |name: &&String| IMPURE.contains(&name.as_str()) || CRATES.iter().any(|(known, _)| known == name);
    let faults: Vec<_> =
        known.iter().filter(banned).map(|name| format!("the core depends on {name}")).collect();
    assert_none(&faults);
}

#[test]
fn bad_samples_are_found() {
    let shell: &[(&[&str], &str)] = &[
        (&["log", "read"], "use crate::ledger::Ledger;"),
        (&["log", "read"], "fn f() { super::super::people::seal(); }"),
        (&["people"], "use crate::{clock, log};"),
        (&["ledger", "ask"], "use clap::Args;"),
        (&["http", "accounts"], "use crate::log::Log;"),
        (&["web"], "use crate::people::People;"),
        (&["cli", "show"], "use crate::log::Log;"),
        (&["cli", "show"], "use crate::http::router;"),
        (&["ledger"], "use redb::Database;"),
        (&["helpdesk"], "fn f() {}"),
    ];
    for (module, text) in shell {
        assert!(!misdirected(&Source::of("src/bad.rs", module, text)).is_empty(), "{text}");
    }
    let good = "//! crate::cli\nuse crate::log::Log; use crate::{clock, people}; use super::error::E;";
    assert_none(&misdirected(&Source::of("src/ledger/good.rs", &["ledger", "good"], good)));
    assert_none(&misdirected(&Source::of("src/cli/serve.rs", &["cli", "serve"], "use crate::http::router;")));

    for text in
        ["use std::{fs, fmt};", "use std::time::SystemTime;", "let m: HashMap<u8, u8>;", "rand::random()"]
    {
        assert!(!impure(&Source::of("projections/src/bad.rs", &["bad"], text)).is_empty(), "{text}");
    }
    let good = "use crate::time::Timestamp; // std::fs\n#[cfg(test)]\nmod tests { use std::fs; }";
    assert_none(&impure(&Source::of("projections/src/good.rs", &["good"], good)));
    for text in [
        "use std::io::{Read, stdin};",
        "fn f() { File::open(x); }",
        "fs::write(a, b)",
        "fn f() { io::stdin(); }",
    ] {
        assert_eq!(of_the_process(&Source::of("src/cli/bad.rs", &["cli", "bad"], text)).len(), 1, "{text}");
    }
    let good = "use std::fs::File; use std::io::{self, Write}; fn f() { console::open(x); }";
    assert_none(&of_the_process(&Source::of("src/cli/good.rs", &["cli", "good"], good)));
    assert_none(&of_the_process(&Source::of("src/cli/init.rs", &["cli", "init"], "fs::write(a, b)")));
    assert_eq!(
        dependencies("[dependencies]\ntokio.workspace = true\n[dev-dependencies]\nrand = \"1\""),
        ["tokio"]
    );
}
