//! A portfolio: four years of ten thousand accounts, with every type of event that an account can have, recorded
//! day by day; some told late, corrected or taken back.
//!
//! Persons are pseudonyms and texts random bytes, since that is all that the log sees of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use guanxi::clock::FixedClock;
use guanxi::log::{EncodedBody, Expect, Prepared};
use guanxi_projections::envelope::Heading;
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{AccountId, Actor, EventId, PersonId, Source};
use guanxi_projections::text::SealedText;
use guanxi_projections::time::{DAY_US, Precision, Timestamp};
use serde_json::{Value, json};

use crate::dice::Dice;

/// The first instant: 2022-01-01T00:00:00Z.
pub const BEGINS: i64 = 1_640_995_200_000_000;
/// So long are events recorded.
pub const DAYS: i64 = 4 * 365;

/// What becomes of it: how often of a thousand, and which type.
type Weights = &'static [(u64, EventType)];

const WEIGHTS: Weights = &[
    (300, EventType::MeetingHeld),
    (15, EventType::MeetingPlanned),
    (125, EventType::OrderPlaced),
    (6, EventType::OrderReturned),
    (75, EventType::InvoiceIssued),
    (70, EventType::PaymentReceived),
    (75, EventType::DeliveryCompleted),
    (50, EventType::CommitmentMade),
    (12, EventType::CommitmentMoved),
    (35, EventType::CommitmentKept),
    (5, EventType::CommitmentBroken),
    (22, EventType::IssueRaised),
    (20, EventType::IssueResolved),
    (2, EventType::IssueReopened),
    (12, EventType::OpportunityOpened),
    (3, EventType::OpportunityDropped),
    (12, EventType::BidSubmitted),
    (5, EventType::BidWon),
    (5, EventType::BidLost),
    (5, EventType::ContractSigned),
    (10, EventType::ConcessionGranted),
    (6, EventType::HospitalityGiven),
    (6, EventType::BenefitConfirmed),
    (12, EventType::FeedbackGiven),
    (5, EventType::FavourReceived),
    (4, EventType::ReferenceGiven),
    (12, EventType::EffortSpent),
    (3, EventType::PlanSet),
    (5, EventType::PlanProgressed),
    (6, EventType::AssessmentMade),
    (4, EventType::StrengthRated),
    (3, EventType::AccountEvaluated),
    (20, EventType::NoteTaken),
    (10, EventType::ContactAdded),
    (4, EventType::ContactChanged),
    (2, EventType::ContactLeft),
    (5, EventType::TeamAssigned),
    (2, EventType::TeamReleased),
    (6, EventType::NeedStated),
    (5, EventType::ProjectOpened),
    (3, EventType::ProjectClosed),
    (3, EventType::AccountUpdated),
    (1, EventType::AccountClosed),
    (1, EventType::AccountReopened),
    (1, EventType::AccountMerged),
    (8, EventType::EventCorrected),
    (4, EventType::EventRetracted),
];

/// Makes the events, one batch after the other.
#[derive(Debug)]
pub struct Portfolio {
    dice: Dice,
    accounts: Vec<Account>,
    /// How many events were made; the next one's position.
    made: u64,
    /// How many there will be.
    count: u64,
    total_weight: u64,
}

#[derive(Debug, Default)]
struct Account {
    /// How many things of each kind it named.
    things: BTreeMap<&'static str, u64>,
    /// The last event that may be corrected.
    last: Option<u64>,
    persons: [[u8; 16]; 6],
}

impl Portfolio {
    /// So many accounts and events, openings included.
    pub fn seeded(seed: u64, accounts: usize, count: u64) -> Self {
        let mut dice = Dice::new(seed);
        let accounts = (0..accounts)
            .map(|_| Account { persons: std::array::from_fn(|_| dice.bytes()), ..Account::default() })
            .collect();
        let total_weight = WEIGHTS.iter().map(|(weight, _)| weight).sum();
        Self { dice, accounts, made: 0, count, total_weight }
    }

    /// The id of an account.
    pub fn account(number: usize) -> AccountId {
        AccountId::new(format!("acct-{number:05}")).unwrap()
    }

    /// The next batch, with the clock put to its time; empty at the end.
    pub fn batch(&mut self, size: u64, clock: &Arc<FixedClock>) -> Vec<Prepared> {
        let until = (self.made + size).min(self.count);
        let now = self.now();
        clock.set(Timestamp::from_micros(now));
        (self.made..until).map(|_| self.next(now)).collect()
    }

    /// The time of recording: openings on the first day, the rest evenly over the years.
    fn now(&self) -> i64 {
        let openings = self.accounts.len() as u64;
        let share = self.made.saturating_sub(openings) as f64 / self.count.max(1) as f64;
        #[expect(clippy::cast_possible_truncation, reason = "four years of days")]
        let days = (share * DAYS as f64) as i64;
        BEGINS + (1 + days) * DAY_US
    }

    fn next(&mut self, now: i64) -> Prepared {
        let openings = self.accounts.len() as u64;
        let opening = usize::try_from(self.made).ok().filter(|_| self.made < openings);
        // A few accounts are busy, most are quiet; the first is the busiest by far.
        let pick = |dice: &mut Dice| dice.below(openings).min(dice.below(openings));
        let number = opening.unwrap_or_else(|| {
            let busiest = self.dice.below(100) == 0;
            usize::try_from(if busiest { 0 } else { pick(&mut self.dice) }).unwrap()
        });
        let event_type = if opening.is_some() { EventType::AccountOpened } else { self.kind(number) };
        // One in twenty is told up to two months late.
        let late_days = if self.dice.below(20) == 0 { self.dice.below(60) } else { 0 };
        let within_us = i64::try_from(self.dice.below(86_400)).unwrap() * 1_000_000;
        let late_us = i64::try_from(late_days).unwrap() * DAY_US;
        let occurred_at =
            if opening.is_some() { BEGINS } else { (now - DAY_US + within_us - late_us).max(BEGINS) };
        let data = self.data(number, event_type, occurred_at);
        let event = Event::<Sealed>::deserialize(event_type, data)
            .unwrap_or_else(|error| panic!("{}: {error}", event_type.as_str()));
        self.prepared(number, occurred_at, &event)
    }

    fn prepared(&mut self, number: usize, occurred_at: i64, event: &Event<Sealed>) -> Prepared {
        let account = &mut self.accounts[number];
        let is_opening = event.event_type() == EventType::AccountOpened;
        if !is_opening && !event.event_type().is_revision() {
            account.last = Some(self.made);
        }
        let heading = Heading {
            source: Source::new("crm/emea").unwrap(),
            id: EventId::new(format!("crm-{}", self.made)).unwrap(),
            account: Self::account(number),
            occurred_at: Timestamp::from_micros(occurred_at),
            precision: Precision::Instant,
            correlation: None,
            causation: None,
            source_recorded_at: None,
        };
        self.made += 1;
        Prepared {
            heading,
            actor: Actor::new("token:crm-emea").unwrap(),
            body: EncodedBody::of(event).unwrap(),
            digest: self.dice.bytes(),
            expect: if is_opening { Expect::Absent } else { Expect::Present },
        }
    }

    fn kind(&mut self, account: usize) -> EventType {
        let mut roll = self.dice.below(self.total_weight);
        let drawn = WEIGHTS.iter().find(|(weight, _)| {
            let found = roll < *weight;
            roll = roll.saturating_sub(*weight);
            found
        });
        match drawn.map_or(EventType::NoteTaken, |(_, kind)| *kind) {
            revision if revision.is_revision() && self.accounts[account].last.is_none() => {
                EventType::NoteTaken
            }
            kind => kind,
        }
    }

    fn word(&mut self, words: &'static [&'static str]) -> &'static str {
        self.dice.pick::<&str>(words)
    }

    /// Another thing of the account, which has no name yet.
    fn another(&mut self, kind: &'static str, number: usize) -> String {
        let named = self.accounts[number].things.entry(kind).or_default();
        *named += 1;
        format!("{kind}-{number}-{named}")
    }

    /// One of the account's last few things of a kind; rarely one that nobody has heard of.
    fn old(&mut self, kind: &'static str, number: usize) -> String {
        let named = self.accounts[number].things.get(kind).copied().unwrap_or_default();
        let back = self.dice.below(6);
        let stranger = named == 0 || self.dice.below(50) == 0;
        format!("{kind}-{number}-{}", if stranger { named + 1 } else { named.saturating_sub(back).max(1) })
    }

    fn money(&mut self) -> Value {
        let currency = if self.dice.below(12) == 0 { "USD" } else { "CNY" };
        json!({ "amount": format!("{}.{:02}", self.dice.between(800, 90_000), self.dice.below(100)), "currency": currency })
    }

    fn person(&mut self, number: usize, from: usize) -> String {
        let choice = usize::try_from(self.dice.below(3)).unwrap();
        PersonId(self.accounts[number].persons[from + choice]).to_string()
    }

    fn text(&mut self) -> String {
        let mut bytes = vec![0; usize::try_from(self.dice.between(40, 160)).unwrap()];
        self.dice.fill(&mut bytes);
        SealedText::new(bytes).into()
    }

    fn due(&mut self, at: i64) -> String {
        let days = i64::try_from(self.dice.between(5, 90)).unwrap();
        Timestamp::from_micros(at + days * DAY_US).to_string()[..10].to_owned()
    }

    fn share(&mut self) -> f64 {
        self.dice.below(1_001) as f64 / 1_000.0
    }
}

/// The payloads, family by family.
impl Portfolio {
    fn data(&mut self, n: usize, kind: EventType, at: i64) -> Value {
        let family = kind.as_str().split_once('.').map_or("", |(family, _)| family);
        match family {
            "account" | "contact" | "team" | "event" => self.standing(n, kind),
            "meeting" | "commitment" | "issue" | "note" | "effort" | "plan" | "assessment" | "strength" => {
                self.work(n, kind, at)
            }
            _ => self.business(n, kind, at),
        }
    }

    #[rustfmt::skip]
    fn standing(&mut self, n: usize, kind: EventType) -> Value {
        let trades = &["machinery", "steel", "chemicals", "logistics", "电气"];
        let roles = &["decision", "technical", "champion", "user", "purchasing", "other"];
        let target = json!({ "position": self.accounts[n].last });
        match kind {
            EventType::AccountOpened => json!({ "name": format!("华东精密制造 {n} Works"), "industry": self.word(trades),
                "region": self.word(&["华东", "华北", "华南"]), "size": self.word(&["50-99", "500-999"]),
                "criteria": { "price": 0.4, "service": 0.6 } }),
            EventType::AccountUpdated => json!({ "industry": self.word(trades) }),
            EventType::AccountMerged => json!({ "into": Self::account(n / 2) }),
            EventType::AccountEvaluated => json!({ "findings": self.text(), "adjustments": [
                { "text": "meet the board", "owner": self.person(n, 0), "due": "2027-01-01" }] }),
            EventType::ContactAdded => json!({ "contact": self.person(n, 3), "name": self.text(), "side": "customer",
                "role": self.word(roles) }),
            EventType::ContactChanged => json!({ "contact": self.person(n, 3), "role": self.word(roles) }),
            EventType::ContactLeft => json!({ "contact": self.person(n, 3) }),
            EventType::TeamAssigned | EventType::TeamReleased => json!({ "person": self.person(n, 0),
                "role": self.word(&["owner", "delivery", "service"]) }),
            EventType::EventCorrected => json!({ "target": target, "reason": "entered with the wrong date",
                "time": Timestamp::from_micros(self.now() - 3 * DAY_US) }),
            EventType::EventRetracted => json!({ "target": target, "reason": "entered twice" }),
            _ => json!({ "reason": "as agreed" }),
        }
    }

    #[rustfmt::skip]
    fn work(&mut self, n: usize, kind: EventType, at: i64) -> Value {
        match kind {
            EventType::MeetingHeld | EventType::MeetingPlanned => json!({
                "channel": self.word(&["executive", "visit", "meeting", "call", "call", "message", "broadcast"]),
                "ours": [self.person(n, 0)], "customer": [self.person(n, 3), self.person(n, 3)],
                "minutes": self.dice.between(1, 9) * 15, "topic": self.text(), "task": "incubate" }),
            EventType::CommitmentMade => json!({ "commitment": self.another("promise", n), "due": self.due(at),
                "by": self.word(&["us", "us", "customer"]), "critical": self.dice.below(4) == 0, "text": self.text() }),
            EventType::CommitmentMoved => json!({ "commitment": self.old("promise", n), "due": self.due(at) }),
            EventType::CommitmentKept | EventType::CommitmentBroken => json!({ "commitment": self.old("promise", n) }),
            EventType::IssueRaised => json!({ "issue": self.another("issue", n), "due": self.due(at),
                "severity": self.word(&["minor", "major", "critical"]) }),
            EventType::IssueResolved | EventType::IssueReopened => json!({ "issue": self.old("issue", n) }),
            EventType::EffortSpent => json!({ "person": self.person(n, 0), "hours": 4.0, "cost": self.money() }),
            EventType::PlanSet => json!({ "plan": self.another("plan", n), "horizon": self.due(at), "objectives": [
                { "objective": "share", "measure": "share of wallet", "target": 0.4, "due": self.due(at) }] }),
            EventType::PlanProgressed => json!({ "objective": "share", "value": self.share() }),
            EventType::AssessmentMade => json!({ "dimension": self.word(&["engagement", "service", "sales", "potential"]),
                "value": self.share(), "reason": self.text() }),
            EventType::StrengthRated => json!({ "criterion": self.word(&["price", "service"]), "value": self.share() }),
            _ => json!({ "text": self.text() }),
        }
    }

    #[rustfmt::skip]
    fn business(&mut self, n: usize, kind: EventType, at: i64) -> Value {
        match kind {
            EventType::OrderPlaced => json!({ "order": self.another("SO", n), "amount": self.money(), "note": self.text() }),
            EventType::OrderReturned => json!({ "order": self.old("SO", n), "amount": self.money() }),
            EventType::InvoiceIssued => json!({ "invoice": self.another("INV", n), "amount": self.money(),
                "due": self.due(at), "order": self.old("SO", n) }),
            EventType::PaymentReceived => json!({ "invoice": self.old("INV", n), "amount": self.money() }),
            EventType::DeliveryCompleted => json!({ "delivery": self.another("DN", n), "due": self.due(at),
                "order": self.old("SO", n), "outcome": self.word(&["accepted", "accepted", "defects", "rejected"]) }),
            EventType::OpportunityOpened => json!({ "opportunity": self.another("opp", n), "amount": self.money() }),
            EventType::OpportunityDropped => json!({ "opportunity": self.old("opp", n), "reason": "budget cut" }),
            EventType::BidSubmitted => json!({ "bid": self.another("bid", n), "opportunity": self.old("opp", n),
                "amount": self.money() }),
            EventType::BidWon | EventType::BidLost => json!({ "bid": self.old("bid", n) }),
            EventType::ContractSigned => json!({ "contract": self.another("contract", n), "amount": self.money(),
                "starts": self.due(at), "expires": self.due(at + 365 * DAY_US) }),
            EventType::ConcessionGranted => json!({ "concession": self.another("conc", n), "reason": "to win the line",
                "by": self.word(&["us", "customer"]), "form": self.word(&["price", "terms"]), "cost": self.money() }),
            EventType::HospitalityGiven => json!({ "value": self.money(), "persons": [self.person(n, 3)] }),
            EventType::BenefitConfirmed => json!({ "value": self.money(), "contact": self.person(n, 3) }),
            EventType::FeedbackGiven => json!({ "csat": self.dice.between(1, 6), "nps": self.dice.below(11) }),
            EventType::FavourReceived => json!({ "form": self.word(&["upsell", "renewal", "referral"]) }),
            EventType::ReferenceGiven => json!({ "form": self.word(&["call", "case_study", "award"]) }),
            EventType::NeedStated => json!({ "need": self.another("need", n), "text": self.text() }),
            EventType::ProjectOpened => json!({ "project": self.another("project", n) }),
            _ => json!({ "project": self.old("project", n), "outcome": self.word(&["success", "partial"]) }),
        }
    }
}
