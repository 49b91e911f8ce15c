//! The shape of the tree: sizes, names, and no file that nobody reads.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::source::reachable;
use super::{assert_none, files, files_ending, read};

/// A file may not be longer.
const LINES_MAX: usize = 600;
/// A file that is longer has to justify it.
const LINES_LONG: usize = 400;
/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] =
    &["mod", "util", "utils", "helper", "helpers", "common", "misc", "manager", "service"];

fn rust_files() -> Vec<PathBuf> {
    files_ending("", "rs")
}

fn too_long(path: &Path, lines: usize) -> Option<String> {
    (lines > LINES_MAX).then(|| format!("{}: {lines} lines, more than {LINES_MAX}", path.display()))
}

fn says_nothing(path: &Path) -> Option<String> {
    let name = path.file_stem()?.to_str()?;
    let empty = name.split('_').any(|word| EMPTY_NAMES.contains(&word));
    empty.then(|| format!("{}: name what it holds", path.display()))
}

fn orphans(all: &[PathBuf], reached: &BTreeSet<PathBuf>) -> Vec<String> {
    let forgotten = all.iter().filter(|path| !reached.contains(*path));
    forgotten.map(|path| format!("{}: no `mod` line reaches it", path.display())).collect()
}

/// The first files of every crate and of every test binary in a folder of the workspace.
fn first_files(package: &str) -> Vec<PathBuf> {
    let all = files_ending(package, "rs");
    let inside = |path: &Path| path.strip_prefix(package).unwrap_or(path).to_owned();
    let is_first = |path: &&PathBuf| {
        let path = inside(path);
        let name = path.file_name().unwrap_or_default();
        let depth = path.components().count();
        path == Path::new("src/lib.rs")
            || path == Path::new("src/main.rs")
            || path == Path::new("build.rs")
            || (path.starts_with("tests") && (depth == 2 || (depth == 3 && name == "main.rs")))
            || (path.starts_with("examples") && (depth == 2 || (depth == 3 && name == "main.rs")))
    };
    all.iter().filter(is_first).cloned().collect()
}

#[test]
fn no_file_is_too_long() {
    let lines: Vec<_> = rust_files().into_iter().map(|path| (read(&path).lines().count(), path)).collect();
    for (lines, path) in lines.iter().filter(|(lines, _)| *lines > LINES_LONG) {
        println!("{}: {lines} lines, more than {LINES_LONG}", path.display());
    }
    assert_none(&lines.iter().filter_map(|(lines, path)| too_long(path, *lines)).collect::<Vec<_>>());
}

#[test]
fn every_file_is_named_after_what_it_holds() {
    assert_none(&files("").iter().filter_map(|path| says_nothing(path)).collect::<Vec<_>>());
}

#[test]
fn every_source_is_reached_by_a_mod_line() {
    let mut reached = BTreeSet::new();
    for first in ["", "projections"].into_iter().flat_map(first_files) {
        let sources = reachable(first.to_str().expect("paths are UTF-8"));
        reached.extend(sources.into_iter().map(|source| source.path));
    }
    assert!(reached.contains(Path::new("src/log/append.rs")), "{reached:?}");
    let apart = |path: &PathBuf| ["benches", "fuzz"].iter().any(|folder| path.starts_with(folder));
    let all: Vec<_> = rust_files().into_iter().filter(|path| !apart(path)).collect();
    assert_none(&orphans(&all, &reached));
}

#[test]
fn bad_samples_are_found() {
    assert!(too_long(Path::new("a.rs"), LINES_MAX).is_none());
    assert!(too_long(Path::new("a.rs"), LINES_MAX + 1).is_some());
    for path in
        ["src/log/mod.rs", "src/utils.rs", "src/file_util.rs", "tests/it/common.rs", "src/log_manager.rs"]
    {
        assert!(says_nothing(Path::new(path)).is_some(), "{path}");
    }
    assert!(says_nothing(Path::new("src/model.rs")).is_none());
    let (known, lost) = (PathBuf::from("src/a.rs"), PathBuf::from("src/b.rs"));
    assert_eq!(orphans(&[known.clone(), lost], &BTreeSet::from([known])).len(), 1);
}
