//! Worked examples: what `worked/oracle.py` computes by its own arithmetic, one per formula, against the fold.

use std::collections::BTreeMap;
use std::sync::Arc;

use guanxi_projections::account::AccountState;
use guanxi_projections::directives::KeyAccountView;
use guanxi_projections::epoch::{Counts, Epoch};
use guanxi_projections::event::EventType;
use guanxi_projections::id::{AccountId, PersonId, TraitName};
use guanxi_projections::image::Image;
use guanxi_projections::policy::Policy;
use guanxi_projections::projection::fold;
use guanxi_projections::rates::Rates;
use guanxi_projections::setting::Setting;
use guanxi_projections::text::Label;
use guanxi_projections::time::{Timestamp, Zone};
use serde_json::Value;

use super::figures::told::Told;

/// The epoch that every example speaks of.
fn epoch() -> Epoch {
    let counts = [("steel", [6, 2]), ("food", [2, 4]), ("chemistry", [1, 3]), ("paper", [1, 1])];
    let industries: BTreeMap<String, Counts> =
        counts.map(|(industry, counts)| (industry.to_owned(), counts)).into();
    Epoch {
        m0: Some(1_000.0),
        v0: Some(1_000.0),
        v1: Some(9_000.0),
        win_rate: Some(0.4),
        traits: [(TraitName::new("industry").unwrap(), industries)].into(),
        totals: [10, 10],
        ordered: Arc::new([AccountId::new("friend").unwrap()].into()),
        industries: [(Label::new("steel").unwrap(), [2, 3])].into(),
        ..Epoch::default()
    }
}

/// The pseudonyms of the persons that the examples name by number.
fn named(text: &str) -> String {
    (1..=3_u8).fold(text.to_owned(), |text, number| {
        text.replace(&format!("person:{number}"), &PersonId([number; 16]).to_string())
    })
}

fn told(events: &[toml::Value]) -> Told {
    let mut told = Told::default();
    for event in events {
        let event: Value = serde_json::from_str(&named(event.as_str().unwrap())).unwrap();
        let event_type = EventType::named(event["type"].as_str().unwrap()).unwrap();
        told.tell(event["time"].as_str().unwrap().parse().unwrap(), event_type, event["data"].clone());
    }
    told
}

/// The view as JSON.
fn view(told: &Told, as_of: Timestamp) -> Value {
    let (policy, rates, epoch) = (Policy::default_policy(), Rates::none(), epoch());
    let image = Image::of(told.recorded()).unwrap();
    let setting = Setting {
        policy: &policy,
        zone: Zone::default(),
        rates: &rates,
        names: image.names(),
        epoch: &epoch,
        own: None,
        fit: None,
        key_account: KeyAccountView::default(),
    };
    let state = AccountState::new(AccountId::new("acme").unwrap(), setting);
    serde_json::to_value(fold(state, &image, as_of, Timestamp::MAX)).unwrap()
}

/// What the view says of a figure that an example names.
fn figure<'v>(view: &'v Value, name: &str) -> &'v Value {
    match name {
        "outlook" => &view["outlook"]["active_probability"],
        "exposure" => &view["exposure"],
        "stage" => &view["stage"]["name"],
        "g" => &view["stage"]["cause"]["g"],
        "sales" | "potential" | "demonstration" | "winnability" => &view["score"]["dimensions"][name],
        _ => &view["health"]["dimensions"][name],
    }
}

#[track_caller]
fn equal(which: &str, found: &Value, expected: &toml::Value) {
    if let Some(fields) = expected.as_table() {
        for (field, expected) in fields {
            equal(&format!("{which}, {field}"), &found[field], expected);
        }
    } else if let Some(expected) = expected.as_float() {
        let found = found.as_f64().unwrap_or_else(|| panic!("{which}: {found} is no number"));
        assert!(
            (found - expected).abs() <= 1e-11 * expected.abs().max(1.0),
            "{which}: {found}, not {expected}"
        );
    } else {
        assert_eq!(found.as_str(), expected.as_str(), "{which}");
    }
}

#[test]
fn figures_are_those_of_the_worked_examples() {
    let examples: toml::Table = toml::from_str(include_str!("worked/worked.toml")).unwrap();
    let examples = examples["example"].as_array().unwrap();
    assert!(examples.len() >= 16, "{}", examples.len());
    for example in examples {
        let text = |field: &str| example[field].as_str().unwrap();
        let view = view(&told(example["events"].as_array().unwrap()), text("as_of").parse().unwrap());
        for (name, expected) in example["expect"].as_table().unwrap() {
            let which = format!("section {}, {}: {name}", text("section"), text("name"));
            equal(&which, figure(&view, name), expected);
        }
    }
}
