//! Absurd histories: whatever is told, every figure is finite and in its range, and what is odd is listed.

use guanxi_projections::account::AccountView;
use guanxi_projections::event::EventType;
use guanxi_projections::id::PersonId;
use guanxi_projections::image::Image;
use guanxi_projections::measure::Measure;
use guanxi_projections::policy::Policy;
use guanxi_projections::time::Timestamp;
use serde_json::{Value, json};

use super::figures::beside::{Beside, policies};
use super::figures::generate::Chance;
use super::figures::lists;
use super::figures::told::Told;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn money(amount: &str, currency: &str) -> Value {
    json!({ "amount": amount, "currency": currency })
}

fn order(told: &mut Told, time: Timestamp, id: &str, amount: &str) {
    told.tell(time, EventType::OrderPlaced, json!({ "order": id, "amount": money(amount, "CNY") }));
}

fn opened(time: &str) -> Told {
    let mut told = Told::default();
    told.tell(at(time), EventType::AccountOpened, json!({ "name": "Acme" }));
    told
}

const MOST: &str = "999999999999999.99999999";

/// Reads an absurd history at many instants, with the default policy and others, with and without a scale of money.
#[track_caller]
fn sane(told: &Told, kinds: &[&str]) {
    let policies = policies(&mut Chance::seeded(21));
    let image = Image::of(told.recorded()).unwrap();
    let mut found: Vec<String> = Vec::new();
    for seed in 0..6 {
        let beside = Beside::random(&policies, &mut Chance::seeded(seed));
        let instants =
            [told.first(), told.last(), told.last().plus_days(1.0), told.last().plus_days(4_000.0)];
        for as_of in instants.into_iter().chain([Timestamp::MIN, Timestamp::MAX]) {
            let view = beside.fold(&image, as_of, Timestamp::MAX);
            in_range(&view);
            let odd = serde_json::to_value(&view.anomalies).unwrap();
            let kinds = odd.as_array().unwrap().iter().map(|odd| odd["kind"].as_str().unwrap().to_owned());
            found.extend(kinds);
        }
        if seed == 0 {
            for lines in lists::all(&beside, &image, told.last(), Timestamp::MAX) {
                numbers_are_numbers(&serde_json::from_str(&lines).unwrap());
            }
        }
    }
    for kind in kinds {
        assert!(found.iter().any(|found| found == kind), "{kind} is not among {found:?}");
    }
}

/// Fields of lines that promise a number.
const NUMBERS: [&str; 10] = [
    "claim",
    "contacts",
    "days_late",
    "days_overdue",
    "faded",
    "share",
    "target",
    "warmth",
    "weight",
    "whole",
];

#[track_caller]
fn numbers_are_numbers(lines: &Value) {
    for line in lines.as_array().unwrap() {
        for field in NUMBERS {
            assert!(line.get(field).is_none_or(Value::is_number), "{field} of {line}");
        }
    }
}

#[track_caller]
fn in_range(view: &AccountView) {
    for measure in Measure::ALL {
        let figure = measure.read(view);
        assert!(figure.is_some() || measure == Measure::Outlook, "{measure:?}");
        assert!(figure.is_none_or(f64::is_finite), "{measure:?} is {figure:?}");
    }
    let shown = serde_json::to_value(view).unwrap();
    for whole in ["health", "score"] {
        triple(whole, &shown[whole]);
        for (name, dimension) in shown[whole]["dimensions"].as_object().unwrap() {
            triple(name, dimension);
        }
    }
    let active = &shown["outlook"]["active_probability"];
    assert!(active.is_null() || (0.0..=1.0).contains(&active.as_f64().unwrap()), "outlook {active}");
}

#[track_caller]
fn triple(name: &str, shown: &Value) {
    let figure = |field: &str| shown[field].as_f64().unwrap_or_else(|| panic!("{name}: no {field}: {shown}"));
    let [low, value, high] = ["low", "value", "high"].map(figure);
    assert!(0.0 <= low && low <= value && value <= high && high <= 100.0, "{name}: {shown}");
    assert!((0.0..=1.0).contains(&figure("confidence")), "{name}: {shown}");
}

#[test]
fn no_events() {
    let told = opened("2026-01-01T00:00:00Z");
    sane(&told, &[]);
    let policies = [Policy::default_policy()];
    let beside = Beside::random(&policies, &mut Chance::seeded(1));
    let nothing = beside.fold(&Image::default(), told.first(), Timestamp::MAX);
    in_range(&nothing);
    assert_eq!(nothing.events, 0);
}

#[test]
fn one_huge_order() {
    let mut told = opened("2026-01-01T00:00:00Z");
    order(&mut told, at("2026-02-01T00:00:00Z"), "a", MOST);
    sane(&told, &[]);
}

#[test]
fn returns_above_orders() {
    let mut told = opened("2026-01-01T00:00:00Z");
    order(&mut told, at("2026-02-01T00:00:00Z"), "a", "1");
    for order in [json!("a"), Value::Null, json!("never")] {
        let data = json!({ "order": order, "amount": money(MOST, "CNY") });
        told.tell(at("2026-02-02T00:00:00Z"), EventType::OrderReturned, data);
    }
    order(&mut told, at("2026-03-01T00:00:00Z"), "b", "2");
    sane(&told, &["returned_above_order", "returned_above_orders", "unknown_reference"]);
}

#[test]
fn zero_amounts() {
    let mut told = opened("2026-01-01T00:00:00Z");
    for month in 1..=9 {
        let time = at(&format!("2026-0{month}-01T00:00:00Z"));
        order(&mut told, time, &format!("o{month}"), ["0", "0.00", "-0"][month % 3]);
        let given = json!({ "concession": format!("x{month}"), "by": "us", "form": "price", "cost": money("0", "CNY"),
            "reason": "r" });
        told.tell(time, EventType::ConcessionGranted, given);
    }
    told.tell(at("2026-09-02T00:00:00Z"), EventType::OrderReturned, json!({ "amount": money("0", "CNY") }));
    sane(&told, &[]);
}

#[test]
fn all_on_one_day() {
    let mut told = opened("2026-01-01T00:00:00Z");
    for number in 0..500 {
        let time = at("2026-01-01T00:00:00Z").plus_micros(number);
        order(&mut told, time, &format!("o{number}"), "100");
        let data = json!({ "channel": "executive", "ours": [], "customer": [] });
        told.tell(time, EventType::MeetingHeld, data);
        told.tell(time, EventType::ReferenceGiven, json!({ "form": "case_study" }));
    }
    sane(&told, &[]);
}

#[test]
fn ten_thousand_promises() {
    let mut told = opened("2026-01-01T00:00:00Z");
    for number in 0..10_000_i32 {
        let time = at("2026-01-01T00:00:00Z").plus_days(f64::from(number) / 20.0);
        let id = format!("c{number}");
        let due = time.plus_days(10.0);
        let made = json!({ "commitment": id, "by": "us", "due": due, "critical": number % 5 == 0 });
        told.tell(time, EventType::CommitmentMade, made);
        match number % 4 {
            0 => {
                let moved = json!({ "commitment": id, "due": due.plus_days(10.0) });
                told.tell(time.plus_days(1.0), EventType::CommitmentMoved, moved);
            }
            1 => told.tell(time.plus_days(12.0), EventType::CommitmentKept, json!({ "commitment": id })),
            2 => told.tell(time.plus_days(3.0), EventType::CommitmentBroken, json!({ "commitment": id })),
            _ => {}
        }
    }
    sane(&told, &[]);
}

#[test]
fn ten_thousand_contacts() {
    let mut told = opened("2026-01-01T00:00:00Z");
    for number in 0..10_000_u32 {
        let mut bytes = [7; 16];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        let person = PersonId(bytes).to_string();
        let time = at("2026-01-02T00:00:00Z").plus_days(f64::from(number) / 100.0);
        let added = json!({ "contact": person, "name": "AAAA", "side": "customer", "role": "decision" });
        told.tell(time, EventType::ContactAdded, added);
        let met = json!({ "channel": "visit", "ours": [], "customer": [person] });
        told.tell(time, EventType::MeetingHeld, met);
    }
    sane(&told, &[]);
}

#[test]
fn far_years() {
    for (first, last) in [
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"),
        ("1900-01-01T00:00:00Z", "2100-12-31T00:00:00Z"),
        ("9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000001Z"),
    ] {
        let mut told = opened(first);
        for (number, time) in [first, last, last].into_iter().enumerate() {
            order(&mut told, at(time), &format!("o{number}"), MOST);
            let made = json!({ "commitment": format!("c{number}"), "by": "us", "due": "9999-12-31" });
            told.tell(at(time), EventType::CommitmentMade, made);
            let raised =
                json!({ "issue": format!("i{number}"), "severity": "critical", "due": "0001-01-01" });
            told.tell(at(time), EventType::IssueRaised, raised);
            let given = json!({ "concession": format!("x{number}"), "by": "us", "form": "price",
                "cost": money(MOST, "CNY"), "reason": "r" });
            told.tell(at(time), EventType::ConcessionGranted, given);
        }
        sane(&told, &[]);
    }
}

#[test]
fn an_unknown_currency_and_events_before_the_opening() {
    let mut told = Told::default();
    let data = json!({ "order": "a", "amount": money("5", "XXX") });
    told.tell(at("2026-01-01T00:00:00Z"), EventType::OrderPlaced, data);
    told.tell(
        at("2026-01-02T00:00:00Z"),
        EventType::PaymentReceived,
        json!({ "amount": money(MOST, "XTS") }),
    );
    told.tell(at("2026-01-03T00:00:00Z"), EventType::AccountOpened, json!({ "name": "Acme" }));
    sane(&told, &["no_rate", "before_opening"]);
}

#[test]
fn what_looks_negative_is_refused_at_the_door() {
    for (event_type, data) in [
        (EventType::OrderPlaced, json!({ "order": "a", "amount": money("-1", "CNY") })),
        (EventType::StrengthRated, json!({ "criterion": "price", "value": -0.1 })),
        (EventType::EffortSpent, json!({ "hours": -1.0 })),
        (EventType::FeedbackGiven, json!({ "csat": 0 })),
        (EventType::FeedbackGiven, json!({ "nps": -1 })),
        (EventType::AssessmentMade, json!({ "dimension": "sales", "value": 1.01, "reason": "AAAA" })),
    ] {
        let event = guanxi_projections::event::Event::<guanxi_projections::form::Sealed>::deserialize(
            event_type, data,
        );
        assert!(event.is_err(), "{}", event_type.as_str());
    }
}

/// Everything at random, with random policies: finite and in range, at random instants of centuries.
#[test]
fn random_histories_stay_in_range() {
    let policies = policies(&mut Chance::seeded(22));
    for seed in 0..300 {
        let mut chance = Chance::seeded(seed ^ 0xab);
        let told = super::figures::generate::history(&mut chance);
        let image = Image::of(told.recorded()).unwrap();
        let beside = Beside::random(&policies, &mut chance);
        let later = told.last().plus_days(chance.share() * 100_000.0);
        for as_of in [told.some_time(&mut chance), later] {
            in_range(&beside.fold(&image, as_of, Timestamp::MAX));
        }
    }
}
