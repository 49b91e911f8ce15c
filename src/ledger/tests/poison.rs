//! The poison test: whatever happens after T, and however absurd, nothing that is asked at T changes by a bit: figures,
//! fits, anchors, reasons, differences, lists of key accounts, alerts and trends.

use std::ops::ControlFlow::Continue;

use guanxi_projections::epoch::Quarter;
use guanxi_projections::measure::Measure;
use guanxi_projections::money::{Amount, Currency};
use guanxi_projections::policy::{DEFAULT_TOML, Policy};
use guanxi_projections::text::Label;
use guanxi_projections::time::Day;
use guanxi_projections::trend::Every;

use super::super::{
    AccountFilter, AlertFilter, MovementAsked, PolicyChoice, ReviewAsked, Seen, Sight, TrendAsked,
};
use super::*;

const ACCOUNTS: u64 = 40;
/// T.
const AS_OF: &str = "2026-03-31T12:00:00Z";

/// Random numbers that are the same in every run: splitmix64.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// A number in `[0, below)`.
    pub(super) fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

fn account(number: u64) -> String {
    format!("a{number:02}")
}

/// An instant so many hours at most after a first one.
fn later(first: &str, hours: u64, dice: &mut Dice) -> String {
    let after = i64::try_from(dice.below(hours)).unwrap() * 3_600_000_000;
    Timestamp::from_micros(at(first).micros() + after).to_string()
}

fn money(amount: u64) -> Value {
    json!({ "amount": amount.to_string(), "currency": "CNY" })
}

/// Something that may happen to an account.
fn happening(id: &str, account: &str, time: &str, dice: &mut Dice) -> Draft {
    let channel = dice.pick(&["visit", "call", "message", "executive"]);
    let (kind, data) = match dice.below(12) {
        0..4 => ("order.placed", json!({ "order": id, "amount": money(500 + dice.below(90_000)) })),
        4..7 => ("meeting.held", json!({ "channel": channel, "ours": ["li.wei"], "customer": ["cto"] })),
        7 => ("commitment.made", json!({ "commitment": id, "by": "us", "due": &time[..10] })),
        8 => ("concession.granted", json!({ "concession": id, "by": "us", "form": "price", "reason": "r" })),
        9 => ("bid.won", json!({ "bid": id })),
        10 => ("delivery.completed", json!({ "delivery": id, "outcome": "accepted" })),
        _ => ("feedback.given", json!({ "csat": 1 + dice.below(5) })),
    };
    event(id, account, kind, time, &data)
}

/// What happened up to T, with a fit, anchors and a review on record.
pub(super) fn told() -> Stage {
    let (stage, mut dice) = (Stage::new(), Dice(3));
    let mut drafts = Vec::new();
    for number in 0..ACCOUNTS {
        let industry = dice.pick(&["steel", "food", "paper"]);
        let (id, opening) = (account(number), json!({ "name": account(number), "industry": industry }));
        drafts.push(event(&format!("o{number}"), &id, "account.opened", "2025-01-01T00:00:00Z", &opening));
        for told in 0..4 + dice.below(14) {
            let time = later("2025-01-02T00:00:00Z", 24 * 450, &mut dice);
            drafts.push(happening(&format!("e{number}-{told}"), &id, &time, &mut dice));
        }
    }
    stage.submit(drafts, Unit::Whole).unwrap();
    stage.clock.advance_micros(60_000_000);
    let (ledger, actor) = (stage.ledger(), Actor::new("tester").unwrap());
    let when = |text: &str| Some(text.parse::<When>().unwrap());
    ledger.record_calibration(&actor, None, when("2026-02-01T00:00:00Z"), |_, _| Continue(())).unwrap();
    ledger.freeze_anchors(&actor, Some("2025Q4".parse().unwrap())).unwrap();
    ledger.hold_review(&actor, when("2026-03-01T00:00:00Z"), None, |_, _| ()).unwrap();
    stage
}

/// What happens after T: ordinary things, or garbage. Both are recorded in the same places at the same times.
fn goes_on(stage: &Stage, garbage: Option<u64>) {
    let (start, hours) = ("2026-03-31T13:00:00Z", 24 * 60);
    let mut dice = Dice(garbage.unwrap_or(99));
    for told in 0..60 {
        let (id, account) = (format!("later-{told}"), account(dice.below(ACCOUNTS)));
        let time = later(start, hours, &mut dice);
        stage.tell(match garbage {
            None => happening(&id, &account, &time, &mut dice),
            Some(_) => nonsense(&id, &account, &time, &mut dice),
        });
    }
    stage.clock.advance_micros(60_000_000);
    if garbage.is_some() {
        stage.poison_the_ledger_itself();
    }
}

/// Sums beyond all measure, accounts that become part of others, and people who are everything at once.
fn nonsense(id: &str, account: &str, time: &str, dice: &mut Dice) -> Draft {
    let reason = json!({ "reason": "garbage" });
    let (kind, data) = match dice.below(7) {
        0 => ("order.placed", json!({ "order": id, "amount": money(999_999_999_999_999) })),
        1 => ("account.closed", reason),
        2 => ("account.merged", json!({ "into": self::account(dice.below(ACCOUNTS)) })),
        3 => ("account.updated", json!({ "industry": id, "parent": account, "name": "garbage" })),
        4 => ("issue.raised", json!({ "issue": id, "severity": "critical", "due": &time[..10] })),
        5 => ("order.returned", json!({ "amount": money(999_999_999_999_999) })),
        _ => ("assessment.made", json!({ "dimension": "service", "value": 0.0, "reason": "garbage" })),
    };
    event(id, account, kind, time, &data)
}

impl Stage {
    /// A policy, a rate and a review of after T, in the ledger's own stream.
    fn poison_the_ledger_itself(&self) {
        let (ledger, actor) = (self.ledger(), Actor::new("tester").unwrap());
        let text =
            DEFAULT_TOML.replacen("sales = 0.40\npotential = 0.25", "sales = 0.25\npotential = 0.40", 1);
        let policy = Policy::from_toml(&text).unwrap();
        ledger.adopt(&actor, (&text, &policy), Label::new("garbage").unwrap()).unwrap();
        let currency = |code| Currency::new(code).unwrap();
        let (rate, day) = (Amount::new("9999").unwrap(), "2026-05-01".parse().unwrap());
        ledger.set_rate(&actor, (currency("USD"), currency("CNY")), rate, day).unwrap();
        ledger.hold_review(&actor, Some("2026-05-01".parse().unwrap()), None, |_, _| ()).unwrap();
        ledger.freeze_anchors(&actor, Some("2026Q2".parse().unwrap())).unwrap();
    }

    /// Everything that can be asked at an instant, without the K that it was known at.
    fn all_answers(&self, as_of: &str) -> Vec<String> {
        let ledger = self.ledger();
        let when = |text: &str| Some(text.parse::<When>().unwrap());
        let then = PolicyChoice::Then;
        let asked = Asked { as_of: when(as_of), known_at: None, policy: then.clone() };
        let before = Asked { as_of: when("2025-11-30"), ..asked.clone() };
        let mut answers = Vec::new();
        let mut add = |answer: Value| answers.push(without_k(answer).to_string());
        let json = |answer: &dyn erased::Answer| {
            let mut json = answer.json();
            ledger.name_persons(&mut json);
            json
        };
        add(json(&ledger.all_accounts(&asked, |_, _| ()).unwrap()));
        add(json(&ledger.portfolio(&asked, &AccountFilter::default(), |_, _| ()).unwrap()));
        add(json(&ledger.alerts(&asked, &AlertFilter::default(), |_, _| ()).unwrap()));
        add(json(&ledger.calibrate(None, &asked, |_, _| Continue(())).unwrap()));
        add(json(&ledger.key_list(&asked).unwrap()));
        add(json(&ledger.review(&ReviewAsked { asked: asked.clone(), percent: None }, |_, _| ()).unwrap()));
        let (from, to) = (before.as_of.unwrap(), asked.as_of.unwrap());
        let moved = MovementAsked { from, to, seen: Seen::Now, within: Sight::All };
        add(json(&ledger.movement(&moved, &asked, |_, _| Continue(())).unwrap()));
        let day = |text: &str| text[..10].parse::<Day>().unwrap();
        let (from, to) = (day("2025-04-01"), day("2026-03-01"));
        let trend =
            TrendAsked { from, to, every: Every::Month, measures: Measure::ALL.to_vec(), seen: Seen::Now };
        add(json(&ledger.portfolio_trend(&trend, &Sight::All, &asked, |_, _| Continue(())).unwrap()));
        for number in 0..ACCOUNTS {
            let id = AccountId::new(account(number)).unwrap();
            add(json(&ledger.account(&id, &asked).unwrap()));
            add(json(&ledger.explain_stage(&id, &asked).unwrap()));
            add(json(&ledger.diff(&id, (&before, &asked), &[], usize::MAX).unwrap()));
            for measure in Measure::ALL {
                add(json(&ledger.explain(&id, measure, &asked, usize::MAX).unwrap()));
            }
        }
        answers
    }

    /// The anchors of the quarters up to that of T, measured or frozen.
    fn anchors(&self) -> Vec<String> {
        let quarter = |name: &str| Some(name.parse::<Quarter>().unwrap());
        let anchors = |name| serde_json::to_string(&self.ledger().anchors(quarter(name)).unwrap().anchors);
        ["2025Q2", "2025Q3", "2025Q4", "2026Q1"].map(|name| anchors(name).unwrap()).to_vec()
    }
}

/// Answers of every kind as JSON.
mod erased {
    use serde::Serialize;
    use serde_json::Value;

    pub(super) trait Answer {
        fn json(&self) -> Value;
    }

    impl<T: Serialize> Answer for T {
        fn json(&self) -> Value {
            serde_json::to_value(self).unwrap()
        }
    }
}

/// More is recorded in the one ledger than in the other, so that K is another; and the pseudonyms that a state hash is of
/// are random.
fn without_k(mut answer: Value) -> Value {
    match &mut answer {
        Value::Object(fields) => {
            fields.remove("known_at");
            fields.remove("state_hash");
            fields.values_mut().for_each(|value| *value = without_k(value.take()));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| *value = without_k(value.take())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    answer
}

#[test]
fn what_happens_after_t_changes_nothing_that_is_asked_at_t() {
    let clean = told();
    goes_on(&clean, None);
    let (answers, anchors) = (clean.all_answers(AS_OF), clean.anchors());
    assert!(answers.iter().any(|answer| answer.contains("\"contributions\":[{")));
    assert!(answers[3].contains("\"b0\""), "there is a fit: {}", answers[3]);
    for garbage in [1, 2] {
        let poisoned = told();
        goes_on(&poisoned, Some(garbage));
        for (poisoned, clean) in poisoned.all_answers(AS_OF).iter().zip(&answers) {
            assert!(poisoned == clean, "poison {garbage}:\n{poisoned}\n{clean}");
        }
        assert_eq!(poisoned.anchors(), anchors);
        // The guard on the test: seen from after T, the poison does show.
        let after = "2026-05-31T12:00:00Z";
        let differ = poisoned.all_answers(after).into_iter().zip(clean.all_answers(after));
        let (differ, all) = differ.fold((0, 0), |(differ, all), (poisoned, clean)| {
            (differ + u32::from(poisoned != clean), all + 1)
        });
        assert!(2 * differ > all, "{differ} of {all} answers show the poison");
    }
}
