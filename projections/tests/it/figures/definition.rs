//! The definitions of the model, sections 1, 2, 3, 5 and 6, written out as sums over all events.

use std::collections::BTreeMap;

use guanxi_projections::directives::KeyAccountView;
use guanxi_projections::epoch::Epoch;
use guanxi_projections::event::EventType;
use guanxi_projections::kernel::Estimate;
use guanxi_projections::time::{Day, Timestamp, When, Zone};
use serde_json::Value;

use super::told::{InForce, Told};

/// What is left of 1 after so many days.
pub(super) fn d(half_life: f64, days: f64) -> f64 {
    (-days / half_life * std::f64::consts::LN_2).exp_()
}

/// Everything that the definitions read.
pub(super) struct World<'a> {
    pub(super) events: Vec<InForce>,
    pub(super) t: Timestamp,
    pub(super) zone: Zone,
    epoch: &'a Epoch,
    is_key: bool,
}

/// Evidence of K2: mass at T, value.
pub(super) type Mass = (f64, f64);

/// K2: q, confidence and interval.
pub(super) fn k2(evidence: &[Mass], mu: f64, k: f64) -> Estimate {
    let w: f64 = evidence.iter().map(|(mass, _)| mass).sum();
    let y: f64 = evidence.iter().map(|(mass, value)| mass * value).sum();
    Estimate { q: (k * mu + y) / (k + w), confidence: w / (k + w), low: y / (k + w), high: (k + y) / (k + w) }
}

fn volume(q: f64, confidence: f64) -> Estimate {
    Estimate { q, confidence, low: q, high: q + (1.0 - confidence) * (1.0 - q) }
}

fn mix(share: f64, one: Estimate, other: Estimate) -> Estimate {
    let of = |read: fn(&Estimate) -> f64| share * read(&one) + (1.0 - share) * read(&other);
    Estimate { q: of(|e| e.q), confidence: of(|e| e.confidence), low: of(|e| e.low), high: of(|e| e.high) }
}

/// A day with orders: its first order, the amounts ordered and returned by name.
struct OrderDay {
    at: Timestamp,
    ordered: f64,
    returned: f64,
}

impl<'a> World<'a> {
    pub(super) fn at(told: &Told, t: Timestamp, epoch: &'a Epoch, key: KeyAccountView) -> Self {
        Self { events: told.in_force(t), t, zone: Zone::default(), epoch, is_key: key.member }
    }

    pub(super) fn of(&self, event_type: EventType) -> impl Iterator<Item = &InForce> {
        self.events.iter().filter(move |event| event.event_type == event_type)
    }

    pub(super) fn since(&self, at: Timestamp) -> f64 {
        self.t.days_since(at)
    }

    pub(super) fn due(&self, value: &Value) -> Option<Timestamp> {
        let when: When = value.as_str()?.parse().unwrap();
        Some(when.instant(self.zone))
    }

    /// Amounts in CNY; others have no rate.
    fn money(value: &Value) -> Option<f64> {
        (value["currency"] == "CNY").then(|| value["amount"].as_str().unwrap().parse().unwrap())
    }

    fn looked(&self) -> f64 {
        self.events.first().map_or(0.0, |first| 1.0 - d(90.0, self.since(first.at)))
    }

    fn days(&self) -> BTreeMap<Day, OrderDay> {
        let mut days: BTreeMap<Day, OrderDay> = BTreeMap::new();
        for order in self.of(EventType::OrderPlaced) {
            let day = days.entry(self.zone.day_of(order.at));
            let day = day.or_insert(OrderDay { at: order.at, ordered: 0.0, returned: 0.0 });
            day.ordered += Self::money(&order.data["amount"]).unwrap_or(0.0);
        }
        for (at, amount, named) in self.returns() {
            if named && let Some(day) = days.get_mut(&self.zone.day_of(at)) {
                day.returned += amount;
            }
        }
        days
    }

    /// Returns: where each stands, its amount, and whether its order is known.
    fn returns(&self) -> Vec<(Timestamp, f64, bool)> {
        let placed = |order: &str| {
            self.of(EventType::OrderPlaced)
                .find(|placed| placed.text("order") == order)
                .map(|placed| placed.at)
        };
        let returns = self.of(EventType::OrderReturned).filter_map(|returned| {
            let amount = Self::money(&returned.data["amount"])?;
            let order = returned.data["order"].as_str().and_then(placed);
            Some((order.unwrap_or(returned.at), amount, order.is_some()))
        });
        returns.collect()
    }

    fn ordered(&self) -> f64 {
        let amounts = self.of(EventType::OrderPlaced);
        amounts.filter_map(|o| Some(Self::money(&o.data["amount"])? * d(365.0, self.since(o.at)))).sum()
    }

    fn returned(&self) -> f64 {
        self.returns().iter().map(|(at, amount, _)| amount * d(365.0, self.since(*at))).sum()
    }

    /// M365, the newest order day with a share of its amount held back.
    fn m365(&self, held_back: f64) -> f64 {
        let newest = self.days().keys().next_back().copied();
        let on_newest = |at: Timestamp| Some(self.zone.day_of(at)) == newest;
        let orders = self.of(EventType::OrderPlaced).filter(|order| on_newest(order.at));
        let newest_ordered: f64 =
            orders.filter_map(|o| Some(Self::money(&o.data["amount"])? * d(365.0, self.since(o.at)))).sum();
        let returns = self.returns();
        let returns = returns.iter().filter(|(at, _, named)| *named && on_newest(*at));
        let newest_returned: f64 = returns.map(|(at, amount, _)| amount * d(365.0, self.since(*at))).sum();
        let ordered = self.ordered() - held_back * newest_ordered;
        let returned = self.returned() - held_back * newest_returned;
        (ordered - returned.max(0.0)).max(0.0)
    }

    fn is_closed(&self) -> bool {
        let kinds = [EventType::AccountClosed, EventType::AccountReopened, EventType::OrderPlaced];
        let last = self.events.iter().rfind(|event| kinds.contains(&event.event_type));
        last.is_some_and(|event| event.event_type == EventType::AccountClosed)
    }

    pub(super) fn outlook(&self) -> Option<f64> {
        let days: Vec<OrderDay> = self.days().into_values().collect();
        let last = days.last()?;
        if self.is_closed() {
            return Some(0.0);
        }
        let gaps: Vec<f64> = days.windows(2).map(|pair| pair[1].at.days_since(pair[0].at).max(1.0)).collect();
        let (mut n, mut g) = (0.0, 0.0);
        for (place, gap) in gaps.iter().enumerate() {
            let faded: f64 = gaps[place + 1..].iter().map(|later| d(365.0, *later)).product();
            n += faded;
            g += gap * faded;
        }
        let s = self.since(last.at);
        let survival = ((60.0 + g) / (60.0 + g + s)).powf_(0.75 + n);
        let alive = 1.0 / (1.0 + (0.05 / (5.0 + gaps.len() as f64)) / survival);
        let active = alive * (1.0 - ((60.0 + g + s) / (60.0 + g + s + 90.0)).powf_(0.75 + n));
        let active = active.clamp(1e-9, 1.0 - 1e-9);
        let weight = |day: &OrderDay| match day.ordered {
            ordered if ordered > 0.0 => ((ordered - day.returned) / ordered).clamp(0.0, 1.0),
            _ => 1.0,
        };
        let s180: f64 = days.iter().map(|day| weight(day) * d(180.0, self.since(day.at))).sum();
        let money = self.epoch.m0.map_or(0.0, |m0| (1.0 + self.m365(0.0) / m0).ln_());
        let z = -2.0 + 1.6 * (1.0 + s180).ln_() + 0.45 * money + 0.2 * (active / (1.0 - active)).ln_();
        Some(1.0 / (1.0 + (-z).exp_()))
    }

    pub(super) fn engagement(&self) -> Estimate {
        let mut w = 0.0;
        let mut days: BTreeMap<Day, f64> = BTreeMap::new();
        for meeting in self.of(EventType::MeetingHeld) {
            let channel = meeting.text("channel");
            let two_way = meeting.data["two_way"].as_bool().unwrap_or(channel != "broadcast");
            let mass = match channel {
                _ if !two_way => 0.1,
                "executive" => 3.0,
                "visit" | "meeting" => 2.0,
                "call" => 1.0,
                "message" => 0.5,
                _ => 0.1,
            };
            let day = days.entry(self.zone.day_of(meeting.at)).or_default();
            let mass = f64::min(mass, 4.0 - *day);
            *day += mass;
            w += mass * d(45.0, self.since(meeting.at));
        }
        let contact = volume(w / (w + if self.is_key { 2.3 } else { 0.75 }), self.looked());
        match self.outlook() {
            Some(a) => mix(0.5, Estimate { q: a, confidence: 0.0, low: 0.0, high: 1.0 }, contact),
            None => contact,
        }
    }

    pub(super) fn coverage(&self) -> Estimate {
        let (roles, persons) = self.spoken_to();
        let roles = volume(roles, self.looked());
        mix(0.6, roles, volume(persons / (persons + 1.5), self.looked()))
    }

    pub(super) fn benefit(&self) -> Estimate {
        let mut evidence: Vec<Mass> = Vec::new();
        for event in &self.events {
            let faded = d(270.0, self.since(event.at));
            match event.event_type {
                EventType::DeliveryCompleted => evidence.push((
                    faded,
                    match event.text("outcome") {
                        "accepted" => 1.0,
                        "defects" => 0.5,
                        _ => 0.0,
                    },
                )),
                EventType::FeedbackGiven => {
                    let csat = event.data["csat"].as_f64().map(|csat| (faded, (csat - 1.0) / 4.0));
                    evidence.extend(csat);
                    evidence.extend(event.data["nps"].as_f64().map(|nps| (faded, nps / 10.0)));
                }
                EventType::BenefitConfirmed => {
                    evidence.push((if event.data["value"].is_null() { faded } else { 2.0 * faded }, 1.0));
                }
                EventType::ProjectClosed => evidence.push((
                    2.0 * faded,
                    match event.text("outcome") {
                        "success" => 1.0,
                        "partial" => 0.5,
                        _ => 0.0,
                    },
                )),
                _ => {}
            }
        }
        k2(&evidence, 0.6, 3.0)
    }

    /// Claim, gain and goodwill.
    fn giving(&self) -> (f64, f64, f64) {
        let u = self.epoch.v0.map(|v0| 0.05 * v0);
        let (mut claim, mut gain, mut goodwill) = (0.0, 0.0, 0.0);
        let h = 1.0 / (1.0 / 365.0 + 1.0 / 90.0);
        for event in &self.events {
            let days = self.since(event.at);
            let mut gains = |mass: f64| gain += mass * d(365.0, days);
            match event.event_type {
                EventType::ConcessionGranted if event.text("by") == "us" => {
                    let x = match (Self::money(&event.data["cost"]), u) {
                        (Some(cost), Some(u)) => cost / u,
                        _ => 1.0,
                    };
                    claim += x * (d(365.0, days) - d(h, days));
                    goodwill += x * d(60.0, days);
                }
                EventType::ConcessionGranted => gains(1.0),
                EventType::ReferenceGiven if event.text("form") == "referral" => gains(2.0),
                EventType::ReferenceGiven => gains(1.0),
                EventType::FavourReceived => gains(match event.text("form") {
                    "preferred_supplier" => 3.0,
                    "market_information" => 0.5,
                    _ => 2.0,
                }),
                EventType::PaymentReceived => {
                    let invoice = self
                        .of(EventType::InvoiceIssued)
                        .find(|invoice| event.data["invoice"].as_str() == invoice.data["invoice"].as_str());
                    let due = self.due(&event.data["due"]);
                    let due = due.or_else(|| invoice.and_then(|invoice| self.due(&invoice.data["due"])));
                    if due.is_some_and(|due| event.at <= due) {
                        gains(0.2);
                    }
                }
                _ => {}
            }
        }
        ((1.0 + f64::max(claim, 0.0)).ln_(), gain, (1.0 + goodwill).ln_())
    }

    pub(super) fn reciprocity(&self) -> Estimate {
        let (claim, gain, goodwill) = self.giving();
        mix(0.85, k2(&[(gain, 1.0), (claim, 0.0)], 0.5, 1.0), k2(&[(goodwill, 1.0)], 0.5, 2.0))
    }

    pub(super) fn exposure(&self) -> f64 {
        let (claim, gain, _) = self.giving();
        claim / (gain + 1.0)
    }

    /// L(v).
    fn scale(&self, money: f64) -> Option<f64> {
        let (v0, v1) = (self.epoch.v0?, self.epoch.v1?);
        Some(((1.0 + money / v0).ln_() / (1.0 + v1 / v0).ln_()).min(1.0))
    }

    pub(super) fn sales(&self) -> Estimate {
        let first = self.of(EventType::OrderPlaced).next().map(|order| order.at);
        let rate = first.map_or(0.0, |first| {
            self.m365(0.5) * std::f64::consts::LN_2 / (1.0 - d(365.0, self.since(first).max(365.0)))
        });
        match self.scale(rate) {
            Some(q) => Estimate { q, confidence: 1.0, low: q, high: q },
            None => Estimate { q: 0.0, confidence: 0.0, low: 0.0, high: 1.0 },
        }
    }

    pub(super) fn potential(&self) -> Estimate {
        let mut evidence: Vec<Mass> = Vec::new();
        for event in self.of(EventType::AssessmentMade) {
            let value = Self::money(&event.data["wallet"]).and_then(|wallet| self.scale(wallet));
            evidence.extend(value.map(|value| (d(365.0, self.since(event.at)), value)));
        }
        let mut seen = Vec::new();
        for opened in self.of(EventType::OpportunityOpened) {
            let chance = opened.text("opportunity");
            if seen.contains(&chance) {
                continue;
            }
            seen.push(chance);
            let value = Self::money(&opened.data["amount"]).and_then(|amount| self.scale(amount));
            if let Some(value) = value.filter(|_| !self.is_gone(chance)) {
                evidence.push((d(365.0, self.since(opened.at)), value));
            }
        }
        k2(&evidence, 0.5, 2.0)
    }

    /// Whether an opportunity was dropped, or any bid that ever named it was decided.
    fn is_gone(&self, chance: &str) -> bool {
        let decided = |bid: &str| {
            let mut decisions = self.of(EventType::BidWon).chain(self.of(EventType::BidLost));
            decisions.any(|decision| decision.text("bid") == bid)
        };
        let mut naming =
            self.of(EventType::BidSubmitted).filter(|bid| bid.data["opportunity"].as_str() == Some(chance));
        let mut dropped = self.of(EventType::OpportunityDropped);
        naming.any(|bid| decided(bid.text("bid"))) || dropped.any(|drop| drop.text("opportunity") == chance)
    }

    pub(super) fn demonstration(&self) -> Estimate {
        let mass = |event: &InForce| match event.text("form") {
            "case_study" => 2.0,
            "benchmark" | "award" => 1.5,
            "referral" => {
                let to = event.text("led_to");
                if self.epoch.ordered.iter().any(|ordered| ordered.as_str() == to) { 3.0 } else { 0.0 }
            }
            _ => 1.0,
        };
        let references = self.of(EventType::ReferenceGiven);
        let w: f64 = references.map(|event| mass(event) * d(730.0, self.since(event.at))).sum();
        volume(w / (w + 3.0), self.looked())
    }

    pub(super) fn winnability(&self) -> Estimate {
        let mut bids: Vec<Mass> = Vec::new();
        let mut decided = Vec::new();
        for event in &self.events {
            let won = match event.event_type {
                EventType::BidWon => 1.0,
                EventType::BidLost => 0.0,
                _ => continue,
            };
            if !decided.contains(&event.text("bid")) {
                decided.push(event.text("bid"));
                bids.push((d(545.0, self.since(event.at)), won));
            }
        }
        let done = |event: &InForce| {
            let late = self.due(&event.data["due"]).is_some_and(|due| event.at > due);
            (
                d(365.0, self.since(event.at)),
                if event.text("outcome") == "accepted" && !late { 1.0 } else { 0.0 },
            )
        };
        let deliveries: Vec<Mass> = self.of(EventType::DeliveryCompleted).map(done).collect();
        mix(0.5, k2(&bids, self.epoch.win_rate.unwrap_or(0.5), 4.0), k2(&deliveries, 0.8, 4.0))
    }

    fn judgements(&self, dimension: &str) -> (f64, f64) {
        let half_life = match dimension {
            "engagement" => 45.0,
            "coverage" => 60.0,
            "benefit" => 270.0,
            "service" => 180.0,
            _ => 365.0,
        };
        let said = self.of(EventType::AssessmentMade).filter(|event| event.text("dimension") == dimension);
        said.fold((0.0, 0.0), |(w, y), event| match event.data["value"].as_f64() {
            Some(value) => {
                let faded = d(half_life, self.since(event.at));
                (w + faded, y + faded * value)
            }
            None => (w, y),
        })
    }

    pub(super) fn judged(&self, dimension: &str, formula: Estimate) -> Estimate {
        let (w, y) = self.judgements(dimension);
        let join = |figure: f64| (figure + y) / (1.0 + w);
        Estimate {
            q: join(formula.q),
            confidence: (formula.confidence + w) / (1.0 + w),
            low: join(formula.low),
            high: join(formula.high),
        }
    }

    /// Whether evidence with mass has entered any dimension of health.
    pub(super) fn has_evidence(&self) -> bool {
        let (_, persons) = self.spoken_to();
        let (claim, gain, goodwill) = self.giving();
        let dimensions = ["engagement", "coverage", "integrity", "benefit", "reciprocity", "service"];
        self.of(EventType::MeetingHeld).next().is_some()
            || persons > 0.0
            || self.integrity().confidence > 0.0
            || self.benefit().confidence > 0.0
            || claim + gain + goodwill > 0.0
            || self.service().confidence > 0.0
            || dimensions.iter().any(|dimension| self.judgements(dimension).0 > 0.0)
    }
}

/// Powers and logarithms of the standard library, which the core may not use.
pub(super) trait Second: Sized {
    fn powf_(self, exponent: f64) -> f64;
    fn ln_(self) -> f64;
    fn exp_(self) -> f64;
}

#[expect(clippy::disallowed_methods, reason = "a second opinion on the core's own functions")]
impl Second for f64 {
    fn powf_(self, exponent: f64) -> f64 {
        self.powf(exponent)
    }

    fn ln_(self) -> f64 {
        self.ln()
    }

    fn exp_(self) -> f64 {
        self.exp()
    }
}
