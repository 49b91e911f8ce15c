use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;

/// Every message of a language, with the arguments that it names.
fn messages(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in files.iter().flat_map(|file| file.lines()) {
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase());
        if let Some((id, _)) = line.split_once(" =").filter(|_| begins) {
            id.clone_into(&mut current);
            assert!(messages.insert(current.clone(), BTreeSet::new()).is_none(), "`{id}` stands twice");
        }
        let named = line.split('$').skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
        });
        if !line.starts_with('#') {
            messages.entry(current.clone()).or_default().extend(named);
        }
    }
    messages.remove("");
    messages
}

#[test]
fn both_languages_say_the_same_with_the_same_arguments() {
    let (english, chinese) = (messages(&ENGLISH_FILES), messages(&CHINESE_FILES));
    let only = |one: &BTreeMap<String, _>, other: &BTreeMap<String, _>| -> Vec<String> {
        one.keys().filter(|id| !other.contains_key(*id)).cloned().collect()
    };
    assert_eq!(only(&english, &chinese), Vec::<String>::new(), "in English only");
    assert_eq!(only(&chinese, &english), Vec::<String>::new(), "in Chinese only");
    for (id, arguments) in &english {
        assert_eq!(arguments, &chinese[id], "the arguments of `{id}`");
    }
}

#[test]
fn every_message_can_be_said() {
    for (language, files) in [(Language::English, ENGLISH_FILES), (Language::Chinese, CHINESE_FILES)] {
        let words = Words::of(language);
        for (id, arguments) in messages(&files) {
            let mut given = FluentArgs::new();
            for name in arguments {
                given.set(name.clone(), 2_u64);
            }
            let mut errors = Vec::new();
            let pattern = words.bundle.get_message(&id).unwrap().value().unwrap();
            words.bundle.format_pattern(pattern, Some(&given), &mut errors);
            assert!(errors.is_empty(), "`{id}`: {errors:?}");
        }
    }
}

#[test]
fn what_nobody_knows_is_said_by_its_id() {
    assert_eq!(Words::of(Language::Chinese).say("no-such-message", &[]), "no-such-message");
    assert_eq!(Words::of(Language::Chinese).name("stage", "growth"), "提升");
}

#[test]
fn chinese_takes_two_columns_a_character() {
    assert_eq!(padded("阶段", 6), "阶段  ");
    assert_eq!(padded("stage", 6), "stage ");
    assert_eq!(padded("longer than that", 6), "longer than that");
}

/// The Rust sources of the rooms that speak.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let inside = folders.iter().flat_map(|folder| sources(folder));
    files.into_iter().chain(inside).filter(|path| path.extension().is_some_and(|kind| kind == "rs")).collect()
}

#[test]
fn what_the_code_says_has_a_message() {
    let known = messages(&ENGLISH_FILES);
    let mut said = 0;
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli")) {
        let code = std::fs::read_to_string(&path).unwrap();
        for after in code.split(".say(\"").skip(1) {
            let id = after.split('"').next().unwrap();
            assert!(known.contains_key(id), "{}: `{id}`", path.display());
            said += 1;
        }
    }
    assert!(said > 0);
}
