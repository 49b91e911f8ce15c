//! Every alert as a person reads it.

use guanxi_projections::alerts::{Alert, AlertKind, Severity};
use guanxi_projections::event::EventType;
use guanxi_projections::event::assessment::Dimension;
use guanxi_projections::event::own::ListRule;
use guanxi_projections::event::people::ContactRole;
use guanxi_projections::id::{AccountId, Alias, PersonId};
use guanxi_projections::position::Position;
use guanxi_projections::stage::{Cause, CauseKind, Next, Stage};
use guanxi_projections::time::{Timestamp, Zone};

use super::*;
use crate::words::{Language, Words};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn due() -> Timestamp {
    at("2027-02-11T04:00:00Z")
}

/// One reason of each kind, and every wording of it.
#[rustfmt::skip]
fn reasons() -> Vec<(Why, &'static str)> {
    let silence = |gap, seasonal| Cause::Silence { p: 0.1, median_gap_days: gap, silent_days: 104.0, seasonal };
    let changed = |cause| Why::StageChanged { from: Stage::Maturity, to: Stage::Decline, cause };
    let next = Some(Next { name: Stage::Decline, at: due(), cause: CauseKind::Silence });
    let promise = |by, critical| Why::PromiseDue { commitment: "p1".into(), by, critical, due: due() };
    let late = |critical, days_late| Why::PromiseOverdue { commitment: "p1".into(), by: Side::Us, critical, due: due(), days_late };
    let (open, currency) = ("1200".into(), "CNY".into());
    let fallen = |dimensions| Why::HealthFallen { from: 71.2, to: 58.4, days: 30, dimensions };
    let coverage = vec![DimensionMove { dimension: Dimension::Coverage, points: -6.1 }];
    vec![
        (changed(silence(Some(31.0), false)), "went from maturity to decline on 1 February 2027: no order for 104 days (usually 31 days); by its own rhythm 10 % of pauses last longer"),
        (changed(silence(None, true)), "went from maturity to decline on 1 February 2027: no order for 104 days; by its own rhythm 10 % of pauses last longer, as in this season of the years before"),
        (changed(Cause::Event { position: Position(7), event_type: EventType::AccountClosed }), "went from maturity to decline on 1 February 2027: the closing of 1 February 2027 (position 7)"),
        (changed(Cause::Trend { g: -std::f64::consts::LN_2, position: Position(7) }), "went from maturity to decline on 1 February 2027: what it ordered lately lies 50 % below its longer trend"),
        (changed(Cause::Age { days: 60.0, orders: 2 }), "went from maturity to decline on 1 February 2027: it ordered on 2 days, the first 60 days before"),
        (Why::DeclinePredicted { at: due(), because: CauseKind::Silence, silent_days: Some(92.9) }, "no order for 92 days; decline is due on 11 February 2027 unless something happens (silence)"),
        (Why::DeclinePredicted { at: due(), because: CauseKind::Trend, silent_days: None }, "decline is due on 11 February 2027 unless something happens (trend)"),
        (Why::Silent { p: 0.1, silent_days: 104.2, next }, "no order for 104 days; by its own rhythm 10 % of pauses last longer; decline is due on 11 February 2027"),
        (Why::Silent { p: 0.1, silent_days: 104.2, next: None }, "no order for 104 days; by its own rhythm 10 % of pauses last longer"),
        (promise(Side::Us, true), "our critical promise p1 is due on 11 February 2027"),
        (promise(Side::Customer, false), "the customer's promise p1 is due on 11 February 2027"),
        (late(true, 1.5), "our critical promise p1 was due on 11 February 2027 and is 1 day late"),
        (late(false, 0.5), "our promise p1 was due on 11 February 2027 and is 0 days late"),
        (Why::CoverageLow { coverage: 31.6, roles_silent: vec![ContactRole::Decision, ContactRole::User] }, "coverage is 32 of 100; not spoken to for long: those who decide, users"),
        (Why::CoverageLow { coverage: 31.6, roles_silent: vec![] }, "coverage is 32 of 100"),
        (Why::DecisionSilent { silent_days: 75.0, last_contact: Some(due()) }, "those who decide were last spoken to on 11 February 2027, 75 days ago"),
        (Why::DecisionSilent { silent_days: 75.0, last_contact: None }, "nobody who decides was spoken to, in 75 days"),
        (Why::SingleThreaded { living_contacts: 0.84, score: 71.0 }, "hangs by a thread: a score of 71, but hardly anybody there is in touch with us (0.8 living contacts)"),
        (Why::OneColleague { person: PersonId([1; 16]), share: 0.92 }, "li.wei alone carries 92 % of the contact"),
        (fallen(coverage), "health fell from 71 to 58 within 30 days, most by coverage (-6.1)"),
        (fallen(vec![]), "health fell from 71 to 58 within 30 days"),
        (Why::Exposed { exposure: 2.41 }, "we give way and gain little in return: exposure is 2.4"),
        (Why::EffortTooLow { ratio: 0.3 }, "gets 0.3 times the effort that its importance deserves"),
        (Why::EffortTooHigh { ratio: 2.6 }, "takes 2.6 times the effort that its importance deserves"),
        (Why::ContractExpiring { contract: "c1".into(), expires: due(), days_left: 41.5 }, "contract c1 expires on 11 February 2027, in 41 days"),
        (Why::ReceivableOverdue { invoice: "i1".into(), open, currency, due: due(), days_overdue: 14.0 }, "invoice i1 was due on 11 February 2027; 1200 CNY of it are still open, 14 days late"),
        (Why::EvaluationOverdue { due: due(), last: Some(due()) }, "should have been evaluated by 11 February 2027; the last evaluation was on 11 February 2027"),
        (Why::EvaluationOverdue { due: due(), last: None }, "should have been evaluated by 11 February 2027; it never was"),
        (Why::KeyListEntered { rule: ListRule::Filled }, "came onto the key list: it filled a free seat"),
        (Why::KeyListLeft { rule: ListRule::FellOut }, "left the key list: it fell out of the wider band"),
        (Why::ConfidenceLow { confidence: 0.21 }, "too little is known of it: only 21 % of its health comes from evidence"),
    ]
}

fn row(why: Why) -> AlertRow {
    let since = at("2027-02-01T00:00:00Z");
    let alert = Alert { severity: Severity::High, since, since_or_earlier: false, why, events: Vec::new() };
    AlertRow {
        account: AccountId::new("acme").unwrap(),
        name: Some("Acme".to_owned()),
        owner: None,
        key_account: true,
        colleague: Some(Alias::new("li.wei").unwrap()),
        alert,
    }
}

fn speech(language: Language) -> Speech<'static> {
    Speech::plain(Words::of(language), Zone::named("UTC").unwrap())
}

#[test]
fn every_alert_is_a_sentence() {
    for (why, expected) in reasons() {
        let said = speech(Language::English).sentence(&row(why));
        assert_eq!(said, format!("Acme (key account): {expected}."));
    }
}

#[test]
fn every_kind_is_told_here() {
    let told: Vec<AlertKind> = reasons().iter().map(|(why, _)| why.kind()).collect();
    let missing: Vec<_> = AlertKind::ALL.into_iter().filter(|kind| !told.contains(kind)).collect();
    assert_eq!(missing, []);
}

/// No argument is missing, and but for names nothing is left in Latin letters.
#[test]
fn every_alert_is_said_in_chinese() {
    for (why, _) in reasons() {
        let said = speech(Language::Chinese).sentence(&row(why));
        let foreign = ["Acme", "li.wei", "CNY", "p1", "c1", "i1"]
            .iter()
            .fold(said.clone(), |said, name| said.replace(name, ""));
        assert!(!foreign.contains(|c: char| c == '{' || c.is_ascii_alphabetic()), "{said}");
    }
    let silent = Why::Silent { p: 0.1, silent_days: 104.0, next: None };
    let said = speech(Language::Chinese).sentence(&row(silent));
    assert_eq!(said, "Acme（大客户）：已 104 天没有下单；按自身节奏，间隔比这更长的可能为 10 %。");
}
