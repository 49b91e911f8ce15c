//! What the pages for people point to is there, and the README begins with how to run it.

use std::path::{Path, PathBuf};

use super::{assert_none, files_ending, read, root};

/// How many lines of the README a reader looks at before giving up.
const TOP_LINES: usize = 40;
const COMMANDS: [&str; 2] = ["cargo run --release -- demo", "cargo test --workspace"];

/// The targets of inline links, without those in code blocks.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for prose in text.split("```").step_by(2) {
        for part in prose.split("](").skip(1) {
            let target = part.split([')', ' ', '\n']).next().unwrap_or_default();
            found.push(target.trim_matches(['<', '>']).to_owned());
        }
    }
    found
}

/// The links of a page that point to a file which is not there.
fn dead(page: &Path, text: &str, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for link in links(text) {
        let target = link.split('#').next().unwrap_or_default();
        let elsewhere = target.contains(':') || target.is_empty();
        if !elsewhere && !exists(&page.parent().unwrap_or(page).join(target)) {
            faults.push(format!("{}: {link} is not there", page.display()));
        }
    }
    faults
}

/// The fixtures that a text names and that are not there. What has a placeholder in it is no name.
fn lost_fixtures(page: &Path, text: &str, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, _) in text.match_indices("fixtures/") {
        let rest = &text[at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && !"_./-".contains(c)).unwrap_or(rest.len());
        let placeholder = rest[end..].starts_with(['<', '{', '*', '$']);
        let name = rest[..end].trim_end_matches(['.', '/']);
        if !placeholder && !exists(Path::new(name)) {
            faults.push(format!("{}: {name} is not there", page.display()));
        }
    }
    faults
}

fn not_shown(readme: &str) -> Vec<String> {
    let top: Vec<_> = readme.lines().take(TOP_LINES).collect();
    let missing = COMMANDS.iter().filter(|command| !top.iter().any(|line| line.contains(**command)));
    missing.map(|command| format!("README.md: its first {TOP_LINES} lines do not show `{command}`")).collect()
}

fn pages() -> Vec<PathBuf> {
    files_ending("", "md")
}

#[test]
fn links_between_files_lead_somewhere() {
    // Pages that are part of the rustdoc link to items, in its own way.
    let included = |page: &PathBuf| page.ends_with("GLOSSARY.md");
    let exists = |path: &Path| root().join(path).exists();
    let faults = pages().into_iter().filter(|page| !included(page));
    assert_none(&faults.flat_map(|page| dead(&page, &read(&page), exists)).collect::<Vec<_>>());
}

#[test]
fn every_fixture_that_is_named_is_there() {
    let exists = |path: &Path| root().join(path).exists();
    let texts = pages().into_iter().chain(files_ending("", "rs")).filter(|path| !path.ends_with(file!()));
    assert_none(&texts.flat_map(|page| lost_fixtures(&page, &read(&page), exists)).collect::<Vec<_>>());
}

#[test]
fn the_readme_begins_with_how_to_run_it() {
    assert_none(&not_shown(&read("README.md".as_ref())));
}

#[test]
fn bad_samples_are_found() {
    let text = "[a](src/a.rs) [b](https://example.com) [c](#part) [d](lost.md#x)\n```\n[e](code)\n```";
    let exists = |path: &Path| path == Path::new("docs/src/a.rs");
    let faults = dead(Path::new("docs/page.md"), text, exists);
    assert_eq!(faults, ["docs/page.md: lost.md#x is not there"]);
    let text = "see fixtures/a/README.md. Not fixtures/<type>.json, fixtures/b.csv";
    let faults =
        lost_fixtures(Path::new("src/page.rs"), text, |path| path == Path::new("fixtures/a/README.md"));
    assert_eq!(faults, ["src/page.rs: fixtures/b.csv is not there"]);
    let commands = COMMANDS.join("\n");
    assert_none(&not_shown(&commands));
    assert_eq!(not_shown(&format!("{}{commands}", "\n".repeat(TOP_LINES))).len(), 2);
}
