//! Every input of the figures has its place: each field of each event is read by a named module or says why not, and
//! each number of the model is a value of the default policy that some formula reads.
//!
//! `inputs/fields.txt` has a line per field: type, field, and the module of the projections, or `-` and why no
//! figure and no list reads it. `inputs/model.txt` has a line per number of the model: section, path in the policy,
//! value.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{assert_none, files, files_ending, read};

/// The fields that a module knows by another word.
const WORDS: [(&str, &str); 6] = [
    ("bS", "b_s"),
    ("bM", "b_m"),
    ("bL", "b_l"),
    ("ours", "Ours"),
    ("customer", "parties"),
    ("third_party", "parties"),
];

/// Areas of the policy that other sections of the model speak of: they may have values that the table has not.
const OPEN_AREAS: [&str; 4] = ["alerts", "evaluation", "portfolio", "review"];

type Fields = BTreeMap<(String, String), String>;

/// The table of fields: (type, field) to module or reason.
fn table() -> Fields {
    let text = read("tests/it/tidy/inputs/fields.txt".as_ref());
    let line = |line: &str| {
        let mut words = line.splitn(3, ' ').map(str::trim);
        let event_type = words.next().unwrap_or_default().to_owned();
        let rest = line[event_type.len()..].trim_start();
        let (field, says) = rest.split_once(' ').unwrap_or((rest, ""));
        ((event_type, field.to_owned()), says.trim().to_owned())
    };
    text.lines().map(line).collect()
}

/// Every field that a canonical sample has; an assessment has a value in place of its wallet too.
fn fields() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::from([("assessment.made".to_owned(), "value".to_owned())]);
    for sample in files_ending("fixtures/events", "json") {
        let event: serde_json::Value = serde_json::from_str(&read(&sample)).unwrap();
        let event_type = event["type"].as_str().unwrap();
        let names = event["data"].as_object().unwrap().keys();
        found.extend(names.map(|name| (event_type.to_owned(), name.clone())));
    }
    found
}

/// Whether a text has a word, whole.
fn speaks_of(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}

fn faults_of_fields(
    table: &Fields,
    fields: &BTreeSet<(String, String)>,
    source: impl Fn(&str) -> String,
) -> Vec<String> {
    let listed: BTreeSet<_> = table.keys().cloned().collect();
    let mut faults: Vec<String> = Vec::new();
    faults.extend(fields.difference(&listed).map(|(kind, field)| format!("{kind} {field}: no line")));
    faults.extend(listed.difference(fields).map(|(kind, field)| format!("{kind} {field}: no such field")));
    for ((event_type, field), says) in table {
        if let Some(why) = says.strip_prefix('-') {
            if why.trim().is_empty() {
                faults.push(format!("{event_type} {field}: does not say why it is not read"));
            }
            continue;
        }
        let word = WORDS.iter().find(|(word, _)| word == field).map_or(field.as_str(), |(_, known)| known);
        let text = source(says);
        if !speaks_of(&text, word) {
            faults.push(format!("{event_type} {field}: {says} does not speak of `{word}`"));
        }
    }
    faults
}

#[test]
fn every_field_of_every_event_is_read_or_says_why_not() {
    let source = |module: &str| read(format!("projections/src/{module}.rs").as_ref());
    assert_none(&faults_of_fields(&table(), &fields(), source));
}

/// The numbers of a policy by their path; a list's by their place.
fn numbers(value: &toml::Value, path: &str, found: &mut BTreeMap<String, f64>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    if let Some(table) = value.as_table() {
        table.iter().for_each(|(name, inner)| numbers(inner, &below(name), found));
    } else if let Some(list) = value.as_array() {
        list.iter().enumerate().for_each(|(place, inner)| numbers(inner, &below(&place.to_string()), found));
    } else if let Some(number) = value.as_float().or_else(|| value.as_integer().map(|number| number as f64)) {
        found.insert(path.to_owned(), number);
    }
}

fn default_policy() -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    let text = read("projections/policy/default.toml".as_ref());
    numbers(&toml::from_str(&text).unwrap(), "", &mut found);
    found.remove("version");
    found
}

fn model() -> BTreeMap<String, f64> {
    let text = read("tests/it/tidy/inputs/model.txt".as_ref());
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        (words[1].to_owned(), words[2].parse().unwrap())
    };
    text.lines().map(line).collect()
}

fn faults_of_numbers(model: &BTreeMap<String, f64>, policy: &BTreeMap<String, f64>) -> Vec<String> {
    let mut faults: Vec<String> = Vec::new();
    for (path, value) in model {
        match policy.get(path) {
            None => faults.push(format!("{path} of the model is not in the policy")),
            Some(said) if (said - value).abs() > 0.0 => {
                faults.push(format!("{path} is {value} in the model, but {said} in the policy"));
            }
            Some(_) => {}
        }
    }
    let is_open = |path: &str| OPEN_AREAS.iter().any(|area| path.starts_with(&format!("{area}.")));
    let missing = policy.keys().filter(|path| !model.contains_key(*path) && !is_open(path));
    faults.extend(missing.map(|path| format!("{path} of the policy is not in the table of the model")));
    faults
}

/// Where the default policy departs from the model, since real logs say otherwise; the policy tells why. The number of
/// the model, and that of the policy.
const MEASURED: [(&str, f64, f64); 2] =
    [("stage.silence.churn.survival", 0.02, 0.05), ("stage.silence.churn.floor_days", 90.0, 210.0)];

#[test]
fn every_number_of_the_model_is_a_value_of_the_default_policy_but_for_those_measured() {
    let mut model = model();
    for (path, specified, measured) in MEASURED {
        assert_eq!(model.insert(path.to_owned(), measured), Some(specified), "{path}");
    }
    assert_none(&faults_of_numbers(&model, &default_policy()));
}

/// The sources that compute: those of the projections and of the ledger, but for the policy's own.
fn formulas() -> Vec<(PathBuf, String)> {
    let sources = files("projections/src").into_iter().chain(files("src/ledger"));
    let is_policy = |path: &Path| path.starts_with("projections/src/policy") || path.ends_with("policy.rs");
    sources.filter(|path| !is_policy(path)).map(|path| (path.clone(), read(&path))).collect()
}

#[test]
fn every_value_of_the_policy_is_read() {
    let formulas = formulas();
    let is_read = |path: &String| {
        let name = path.rsplit('.').find(|name| name.parse::<u32>().is_err()).unwrap_or_default();
        formulas.iter().any(|(_, text)| speaks_of(text, name))
    };
    let unread = default_policy().into_keys().filter(|path| !is_read(path));
    assert_none(&unread.map(|path| format!("no formula reads {path}")).collect::<Vec<_>>());
}

#[test]
fn bad_tables_are_found() {
    let key = |field: &str| ("bid.won".to_owned(), field.to_owned());
    let table = BTreeMap::from([
        (key("bid"), "bids".to_owned()),
        (key("gone"), "bids".to_owned()),
        (key("mute"), "-".to_owned()),
        (key("other"), "bids".to_owned()),
    ]);
    let fields = BTreeSet::from([key("bid"), key("new"), key("mute"), key("other")]);
    let faults = faults_of_fields(&table, &fields, |_| "the bid and bothers".to_owned());
    assert_eq!(faults.len(), 5, "{faults:?}");
    let model = BTreeMap::from([("a.b".to_owned(), 1.0), ("a.c".to_owned(), 2.0)]);
    let policy =
        BTreeMap::from([("a.b".to_owned(), 1.5), ("a.d".to_owned(), 2.0), ("alerts.x".to_owned(), 1.0)]);
    assert_eq!(faults_of_numbers(&model, &policy).len(), 3);
}
