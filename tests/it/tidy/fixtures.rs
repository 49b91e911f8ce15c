//! Every type of event has its canonical sample and its golden record, and nothing else lies beside them.

use std::collections::BTreeSet;

use guanxi_projections::event::EventType;

use super::{assert_none, files_ending, read};

/// What is missing of, or too much in, a folder that has one file per type.
fn mismatched(folder: &str, found: &BTreeSet<String>) -> Vec<String> {
    let types: BTreeSet<String> = EventType::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    let missing = types.difference(found).map(|name| format!("{folder}: nothing for {name}"));
    let unknown = found.difference(&types).map(|name| format!("{folder}: {name} is no type of event"));
    missing.chain(unknown).collect()
}

fn names(folder: &str, extension: &str) -> BTreeSet<String> {
    let stem =
        |path: &std::path::PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    files_ending(folder, extension).iter().map(stem).collect()
}

/// The folders of fixtures that their README does not speak of.
fn unspoken(readme: &str, folders: &BTreeSet<String>) -> Vec<String> {
    let missing = folders.iter().filter(|folder| !readme.contains(&format!("`{folder}/")));
    missing.map(|folder| format!("fixtures/README.md says nothing about {folder}/")).collect()
}

#[test]
fn every_type_of_event_has_a_sample_and_a_golden_record() {
    let mut faults = mismatched("fixtures/events", &names("fixtures/events", "json"));
    faults.extend(mismatched("fixtures/log/v1", &names("fixtures/log/v1", "hex")));
    assert_none(&faults);
}

#[test]
fn the_readme_of_the_fixtures_names_every_folder() {
    let folders: BTreeSet<String> = super::files("fixtures")
        .iter()
        .filter_map(|path| path.strip_prefix("fixtures").ok()?.parent()?.iter().next()?.to_str())
        .map(str::to_owned)
        .collect();
    assert!(folders.contains("events"), "{folders:?}");
    assert_none(&unspoken(&read("fixtures/README.md".as_ref()), &folders));
}

#[test]
fn bad_samples_are_found() {
    let mut found: BTreeSet<String> = EventType::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    assert_none(&mismatched("here", &found));
    found.remove("meeting.held");
    found.insert("meeting.forgotten".to_owned());
    assert_eq!(mismatched("here", &found).len(), 2);
    assert_eq!(unspoken("`events/`", &BTreeSet::from(["events".to_owned(), "lost".to_owned()])).len(), 1);
}
