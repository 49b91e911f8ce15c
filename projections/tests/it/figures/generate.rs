//! Random histories of every kind of event, with few names, so that events meet.

use guanxi_projections::event::EventType;
use guanxi_projections::id::PersonId;
use guanxi_projections::time::Timestamp;
use serde_json::{Value, json};

use super::told::Told;

/// A small generator of chances, the same on every machine.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn seeded(seed: u64) -> Self {
        let mut chance = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x6775_616e_7869);
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// When the histories begin, in microseconds: 2023-01-01, or rarely 1900 and 2100.
const BEGINNINGS: [i64; 3] = [1_672_531_200_000_000, -2_208_988_800_000_000, 4_102_444_800_000_000];

/// A history: an opening and up to 80 events over up to four years, some told late, corrected or taken back.
pub(crate) fn history(chance: &mut Chance) -> Told {
    let mut told = Told::default();
    let beginning = BEGINNINGS[if chance.once_in(20) { 1 + chance.below(2) } else { 0 }];
    let start = Timestamp::from_micros(beginning);
    told.tell(start, EventType::AccountOpened, json!({ "name": "Acme" }));
    let days = [0.5, 40.0, 400.0, 1_400.0][chance.below(4)];
    for _ in 0..chance.below(80) {
        let mut at = start.plus_days(days * chance.share());
        if chance.once_in(3) {
            // On the same instants now and then.
            at = start.plus_days((days * chance.share()).floor());
        }
        if chance.once_in(12) {
            revise(&mut told, chance, at);
        } else {
            let (event_type, data) = any_event_at(chance, at);
            told.tell(at, event_type, data);
        }
    }
    told
}

fn revise(told: &mut Told, chance: &mut Chance, at: Timestamp) {
    let place = chance.below(told.recorded().len());
    let target = json!({ "position": place });
    let Some(event) = told.recorded()[place].event().cloned() else { return };
    if chance.once_in(2) || event.event_type().is_revision() {
        told.tell(at, EventType::EventRetracted, json!({ "target": target, "reason": "r" }));
    } else {
        let data = chance.once_in(2).then(|| {
            let wanted = event.event_type();
            (0..2_000)
                .map(|_| any_event_at(chance, at))
                .find(|(found, _)| *found == wanted)
                .map(|(_, data)| data)
        });
        let data = data.flatten().map(|data| json!({ "type": event.event_type().as_str(), "data": data }));
        let time = if data.is_none() || chance.once_in(2) { json!(at) } else { Value::Null };
        let revision = json!({ "target": target, "reason": "r", "time": time, "data": data });
        told.tell(at, EventType::EventCorrected, revision);
    }
}

/// Any event, of no time in particular.
pub(crate) fn any_event(chance: &mut Chance) -> (EventType, Value) {
    any_event_at(chance, Timestamp::from_micros(BEGINNINGS[0]))
}

fn money(chance: &mut Chance) -> Value {
    let amount = match chance.below(10) {
        0 => "0".to_owned(),
        1 => format!("{}.{:02}", chance.below(1_000_000), chance.below(100)),
        _ => chance.below(2_000).to_string(),
    };
    json!({ "amount": amount, "currency": if chance.once_in(8) { "USD" } else { "CNY" } })
}

fn maybe(chance: &mut Chance, value: impl FnOnce(&mut Chance) -> Value) -> Value {
    if chance.once_in(2) { value(chance) } else { Value::Null }
}

fn id(chance: &mut Chance, kind: &str) -> Value {
    json!(format!("{kind}{}", chance.below(4)))
}

/// A day or an instant around a time.
fn when(chance: &mut Chance, at: Timestamp) -> Value {
    let at = at.plus_days(chance.below(120) as f64 - 30.0);
    let text = at.to_string();
    if chance.once_in(2) { json!(text.split('T').next()) } else { json!(text) }
}

fn person(chance: &mut Chance, first: u8) -> Value {
    json!(PersonId([first + u8::try_from(chance.below(4)).unwrap(); 16]).to_string())
}

fn persons(chance: &mut Chance, first: u8) -> Value {
    (0..chance.below(3)).map(|_| person(chance, first)).collect()
}

const CUSTOMER: u8 = 10;
const SEALED: &str = "AAAA";

#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "a table: a line for each type of event")]
fn any_event_at(chance: &mut Chance, at: Timestamp) -> (EventType, Value) {
    let c = chance;
    match c.below(49) {
        0 => (EventType::AccountClosed, json!({ "reason": "r" })),
        1 => (EventType::AccountReopened, json!({ "reason": "r" })),
        2 | 3 => (EventType::ContactAdded, json!({ "contact": person(c, CUSTOMER), "name": SEALED,
            "side": c.of(&["customer", "customer", "third_party"]),
            "role": c.of(&["decision", "technical", "champion", "user", "purchasing", "other"]) })),
        4 => (EventType::ContactChanged, json!({ "contact": person(c, CUSTOMER),
            "role": maybe(c, |c| json!(c.of(&["decision", "user", "other"]))),
            "side": maybe(c, |c| json!(c.of(&["customer", "third_party"]))) })),
        5 => (EventType::ContactLeft, json!({ "contact": person(c, CUSTOMER) })),
        6..=8 => (EventType::MeetingHeld, json!({
            "channel": c.of(&["executive", "visit", "meeting", "call", "message", "broadcast"]),
            "ours": persons(c, 1), "customer": persons(c, CUSTOMER),
            "third_party": maybe(c, |c| persons(c, CUSTOMER + 2)),
            "two_way": maybe(c, |c| json!(c.once_in(2))) })),
        9 => (EventType::ProjectClosed,
            json!({ "project": id(c, "p"), "outcome": c.of(&["success", "partial", "failure"]) })),
        10 => (EventType::OpportunityOpened,
            json!({ "opportunity": id(c, "c"), "amount": maybe(c, money), "title": null })),
        11 => (EventType::OpportunityDropped, json!({ "opportunity": id(c, "c"), "reason": "r" })),
        12 => (EventType::BidSubmitted,
            json!({ "bid": id(c, "b"), "opportunity": maybe(c, |c| id(c, "c")) })),
        13 => (EventType::BidWon, json!({ "bid": id(c, "b") })),
        14 => (EventType::BidLost, json!({ "bid": id(c, "b") })),
        15..=17 => (EventType::OrderPlaced,
            json!({ "order": format!("o{}", c.below(12)), "amount": money(c) })),
        18 => (EventType::OrderReturned, json!({ "order": maybe(c, |c| json!(format!("o{}", c.below(14)))),
            "amount": money(c) })),
        19 => (EventType::InvoiceIssued,
            json!({ "invoice": id(c, "i"), "amount": money(c), "due": maybe(c, |c| when(c, at)) })),
        20 => (EventType::PaymentReceived, json!({ "invoice": maybe(c, |c| id(c, "i")), "amount": money(c),
            "due": maybe(c, |c| when(c, at)) })),
        21 => (EventType::DeliveryCompleted, json!({ "delivery": id(c, "d"), "due": maybe(c, |c| when(c, at)),
            "outcome": c.of(&["accepted", "defects", "rejected"]) })),
        22 => (EventType::ConcessionGranted, json!({ "concession": id(c, "x"), "by": c.of(&["us", "us", "customer"]),
            "form": "price", "cost": maybe(c, money), "reason": "r" })),
        23 | 24 => (EventType::CommitmentMade, json!({ "commitment": id(c, "v"), "by": c.of(&["us", "us", "us", "customer"]),
            "due": when(c, at), "critical": maybe(c, |c| json!(c.once_in(2))) })),
        25 => (EventType::CommitmentMoved, json!({ "commitment": id(c, "v"), "due": when(c, at) })),
        26 => (EventType::CommitmentKept, json!({ "commitment": id(c, "v") })),
        27 => (EventType::CommitmentBroken, json!({ "commitment": id(c, "v") })),
        28 => (EventType::BenefitConfirmed, json!({ "value": maybe(c, money) })),
        29 => (EventType::FeedbackGiven, json!({ "csat": maybe(c, |c| json!(1 + c.below(5))),
            "nps": maybe(c, |c| json!(c.below(11))) })),
        30 => (EventType::FavourReceived, json!({
            "form": c.of(&["upsell", "renewal", "preferred_supplier", "market_information", "referral"]) })),
        31 => match c.below(4) {
            0 | 1 => (EventType::IssueRaised, json!({ "issue": id(c, "s"),
                "severity": c.of(&["minor", "major", "critical"]), "due": maybe(c, |c| when(c, at)) })),
            2 => (EventType::IssueResolved, json!({ "issue": id(c, "s") })),
            _ => (EventType::IssueReopened, json!({ "issue": id(c, "s") })),
        },
        32 => (EventType::ReferenceGiven, json!({ "led_to": maybe(c, |c| json!(c.of(&["friend", "stranger"]))),
            "form": c.of(&["call", "case_study", "benchmark", "award", "referral", "industry_leader"]) })),
        33 | 34 => (EventType::AssessmentMade, {
            let dimension = c.of(&["engagement", "coverage", "integrity", "benefit", "reciprocity", "service", "sales",
                "potential", "demonstration", "winnability"]);
            if c.once_in(2) { json!({ "dimension": dimension, "value": c.share(), "reason": SEALED }) }
            else { json!({ "dimension": dimension, "wallet": money(c), "reason": SEALED }) }
        }),
        35 => (EventType::NeedStated, json!({ "need": id(c, "n"), "text": SEALED })),
        36 => (EventType::ProjectOpened, json!({ "project": id(c, "p") })),
        37 => (EventType::ContractSigned, json!({ "contract": id(c, "k"), "amount": maybe(c, money),
            "starts": maybe(c, |c| when(c, at)), "expires": maybe(c, |c| when(c, at)), "bid": maybe(c, |c| id(c, "b")) })),
        38 => (EventType::HospitalityGiven, json!({ "value": money(c), "persons": persons(c, CUSTOMER),
            "approval": maybe(c, |_| json!("the board")) })),
        39 => (EventType::EffortSpent, json!({ "person": maybe(c, |c| person(c, 1)), "hours": maybe(c, |c| json!(c.below(9))),
            "cost": maybe(c, money), "task": maybe(c, |_| json!("night shift")) })),
        40 => (EventType::PlanSet, json!({ "plan": id(c, "q"), "budget": maybe(c, money), "horizon": maybe(c, |c| when(c, at)),
            "objectives": [{ "objective": id(c, "w"), "measure": "share", "target": c.below(9), "due": when(c, at) }] })),
        41 => (EventType::PlanProgressed, json!({ "objective": id(c, "w"), "value": c.below(9) })),
        42 => (EventType::StrengthRated, json!({ "criterion": c.of(&["price", "quality"]), "value": c.share() })),
        43 => (EventType::AccountEvaluated, json!({ "findings": SEALED,
            "adjustments": [{ "text": "call", "owner": person(c, 1), "due": when(c, at) }] })),
        44 => (EventType::TeamAssigned, json!({ "person": person(c, 1), "role": c.of(&["owner", "delivery"]) })),
        45 => (EventType::TeamReleased, json!({ "person": person(c, 1), "role": c.of(&["owner", "delivery"]) })),
        46 => (EventType::AccountUpdated, json!({ "industry": maybe(c, |c| json!(c.of(&["steel", "food", "silk"]))),
            "region": maybe(c, |c| json!(c.of(&["east", "west"]))), "size": maybe(c, |_| json!("big")),
            "criteria": maybe(c, |c| json!({ "price": c.share() })) })),
        47 => (EventType::MeetingPlanned, json!({ "channel": "visit", "ours": persons(c, 1), "customer": persons(c, CUSTOMER) })),
        _ => if c.once_in(8) { (EventType::AccountMerged, json!({ "into": "other" })) }
            else { (EventType::NoteTaken, json!({ "text": SEALED })) },
    }
}
