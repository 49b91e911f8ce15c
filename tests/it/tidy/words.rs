//! Words that may not stand in the repository, and the one place that asks the machine for the time.

use std::path::Path;

use super::source::{Source, reachable};
use super::{assert_none, files, read};

/// Put together here, so that this file may be checked too.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("db", "g!("),
    concat!("#[ig", "nore"),
];

/// How paths on somebody's machine begin.
const MACHINES: &[&str] =
    &[concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];

/// Types whose `now` reads the machine's clock.
const CLOCKS: &[&str] = &["SystemTime", "Instant", "Utc", "Local"];

/// Files that people write, as opposed to data.
fn is_written(path: &Path) -> bool {
    let written = ["rs", "md", "toml", "txt", "json", "py", "sh", "yml", "yaml", "html", "css"];
    let extension = path.extension().and_then(|extension| extension.to_str());
    path.starts_with(".ci") || path.starts_with(".cargo") || extension.is_some_and(|e| written.contains(&e))
}

fn having(path: &Path, text: &str, words: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        // A path may not begin in the middle of a longer one, such as that of a URL.
        let begins =
            |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-~*)}".contains(c));
        for word in words {
            if line.match_indices(word).any(|(at, _)| begins(at)) {
                faults.push(format!("{}:{number}: {word}", path.display()));
            }
        }
    }
    faults
}

fn asks_the_machine(source: &Source) -> Vec<String> {
    let reads = |name: &Vec<String>| matches!(name.as_slice(), [.., clock, now] if now == "now" && CLOCKS.contains(&clock.as_str()));
    let names = source.names().into_iter().filter(reads);
    names.map(|name| format!("{}: {}", source.path.display(), name.join("::"))).collect()
}

#[test]
fn nothing_is_left_unfinished() {
    let written = files("").into_iter().filter(|path| is_written(path));
    assert_none(&written.flat_map(|path| having(&path, &read(&path), UNFINISHED)).collect::<Vec<_>>());
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let written = files("").into_iter().filter(|path| is_written(path));
    assert_none(&written.flat_map(|path| having(&path, &read(&path), MACHINES)).collect::<Vec<_>>());
}

#[test]
fn only_the_clock_asks_the_machine() {
    let first = ["src/lib.rs", "src/main.rs", "projections/src/lib.rs", "tests/it/main.rs"];
    let sources: Vec<_> = first.into_iter().flat_map(reachable).collect();
    let (clock, others): (Vec<_>, Vec<_>) =
        sources.iter().partition(|source| source.path == Path::new("src/clock.rs"));
    assert_none(&others.into_iter().flat_map(asks_the_machine).collect::<Vec<_>>());
    assert_eq!(clock.into_iter().flat_map(asks_the_machine).count(), 1);
}

#[test]
fn bad_samples_are_found() {
    let here = Path::new("src/bad.rs");
    for word in UNFINISHED {
        assert_eq!(having(here, &format!("fn f() {{}}\n    {word}"), &[word]).len(), 1, "{word}");
    }
    for machine in MACHINES {
        assert_eq!(having(here, &format!("see {machine}someone"), MACHINES).len(), 1, "{machine}");
        assert_none(&having(here, &format!("https://example.com{machine}page"), MACHINES));
    }
    for text in
        ["chrono::Utc::now()", "use std::time::{Instant}; Instant::now();", "let f = SystemTime::now;"]
    {
        assert_eq!(asks_the_machine(&Source::of(here, &["bad"], text)).len(), 1, "{text}");
    }
    assert_none(&asks_the_machine(&Source::of(here, &["good"], "clock.now(); // Utc::now()")));
}
