//! The definitions of the model, sections 1, 2, 3, 5 and 6, written out as sums over all events. Weights and half-lives
//! are those of the policy; that the default policy has the numbers of the model is checked elsewhere.

use std::collections::BTreeMap;

use guanxi_projections::epoch::Epoch;
use guanxi_projections::event::EventType;
use guanxi_projections::kernel::Estimate;
use guanxi_projections::policy::{HealthPolicy, ScorePolicy};
use guanxi_projections::time::{Day, Timestamp, When, Zone};
use serde_json::Value;

use super::beside::Beside;
use super::told::{InForce, Told};

/// What is left of 1 after so many days.
pub(super) fn d(half_life: f64, days: f64) -> f64 {
    (-days / half_life).exp2_()
}

/// Everything that the definitions read.
pub(super) struct World<'a> {
    pub(super) events: Vec<InForce>,
    pub(super) t: Timestamp,
    pub(super) zone: Zone,
    pub(super) beside: &'a Beside,
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
    pub(super) fn at(told: &Told, (t, k): (Timestamp, Timestamp), beside: &'a Beside) -> Self {
        Self { events: told.in_force(t, k), t, zone: Zone::default(), beside }
    }

    fn epoch(&self) -> &'a Epoch {
        &self.beside.epoch
    }

    pub(super) fn health(&self) -> &'a HealthPolicy {
        &self.beside.policy.health
    }

    fn score(&self) -> &'a ScorePolicy {
        &self.beside.policy.score
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

    /// An amount in CNY, by the newest rate whose date began at or before an instant.
    fn money(&self, value: &Value, at: Timestamp) -> Option<f64> {
        let amount: f64 = value["amount"].as_str()?.parse().unwrap();
        if value["currency"] == "CNY" {
            return Some(amount);
        }
        let begun = self.beside.dollars.iter().filter(|(begins, _)| *begins <= at);
        let newest = begun.reduce(|newest, rate| if rate.0 >= newest.0 { rate } else { newest });
        newest.map(|(_, rate)| amount * rate)
    }

    fn looked(&self) -> f64 {
        self.events
            .first()
            .map_or(0.0, |first| 1.0 - d(self.health().looked_half_life_days, self.since(first.at)))
    }

    fn days(&self) -> BTreeMap<Day, OrderDay> {
        let mut days: BTreeMap<Day, OrderDay> = BTreeMap::new();
        for order in self.of(EventType::OrderPlaced) {
            let day = days.entry(self.zone.day_of(order.at));
            let day = day.or_insert(OrderDay { at: order.at, ordered: 0.0, returned: 0.0 });
            day.ordered += self.money(&order.data["amount"], order.at).unwrap_or(0.0);
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
            let order = returned.data["order"].as_str().and_then(placed);
            let at = order.unwrap_or(returned.at);
            Some((at, self.money(&returned.data["amount"], at)?, order.is_some()))
        });
        returns.collect()
    }

    fn faded_amount(&self, amount: f64, at: Timestamp) -> f64 {
        amount * d(self.beside.policy.demand.amounts_half_life_days, self.since(at))
    }

    fn ordered(&self) -> f64 {
        let amounts = self.of(EventType::OrderPlaced);
        amounts.filter_map(|o| Some(self.faded_amount(self.money(&o.data["amount"], o.at)?, o.at))).sum()
    }

    fn returned(&self) -> f64 {
        self.returns().iter().map(|(at, amount, _)| self.faded_amount(*amount, *at)).sum()
    }

    /// M365, the newest order day with a share of its amount held back.
    fn m365(&self, held_back: f64) -> f64 {
        let newest = self.days().keys().next_back().copied();
        let on_newest = |at: Timestamp| Some(self.zone.day_of(at)) == newest;
        let orders = self.of(EventType::OrderPlaced).filter(|order| on_newest(order.at));
        let newest_ordered: f64 =
            orders.filter_map(|o| Some(self.faded_amount(self.money(&o.data["amount"], o.at)?, o.at))).sum();
        let returns = self.returns();
        let returns = returns.iter().filter(|(at, _, named)| *named && on_newest(*at));
        let newest_returned: f64 = returns.map(|(at, amount, _)| self.faded_amount(*amount, *at)).sum();
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
        let (law, policy) = (&self.beside.policy.rhythm.orders, &self.beside.policy.outlook);
        let gap = |pair: &[OrderDay]| pair[1].at.days_since(pair[0].at).max(law.gap_days_min);
        let gaps: Vec<f64> = days.windows(2).map(gap).collect();
        let (mut n, mut g) = (0.0, 0.0);
        for (place, gap) in gaps.iter().enumerate() {
            let faded: f64 = gaps[place + 1..].iter().map(|later| d(law.half_life_days, *later)).product();
            n += faded;
            g += gap * faded;
        }
        let s = self.since(last.at);
        let (known, horizon) = (law.alpha_days + g, f64::from(policy.horizon_days));
        let survival = (known / (known + s)).powf_(law.r + n);
        let alive = 1.0 / (1.0 + (law.a / (law.b + gaps.len() as f64)) / survival);
        let active = alive * (1.0 - ((known + s) / (known + s + horizon)).powf_(law.r + n));
        let active = active.clamp(law.probability_margin, 1.0 - law.probability_margin);
        let weight = |day: &OrderDay| match day.ordered {
            ordered if ordered > 0.0 => ((ordered - day.returned) / ordered).clamp(0.0, 1.0),
            _ => 1.0,
        };
        let half_life = self.beside.policy.demand.order_days_half_life_days;
        let s180: f64 = days.iter().map(|day| weight(day) * d(half_life, self.since(day.at))).sum();
        let (m0, [b0, b_s, b_m, b_l]) = match &self.beside.fit {
            Some(fit) => (Some(fit.m0), [fit.b0, fit.b_s, fit.b_m, fit.b_l]),
            None => (self.epoch().m0, [policy.b0, policy.b_s, policy.b_m, policy.b_l]),
        };
        let money = m0.map_or(0.0, |m0| (1.0 + self.m365(0.0) / m0).ln_());
        let z = b0 + b_s * (1.0 + s180).ln_() + b_m * money + b_l * (active / (1.0 - active)).ln_();
        Some(1.0 / (1.0 + (-z).exp_()))
    }

    pub(super) fn engagement(&self) -> Estimate {
        let policy = &self.health().engagement;
        let mut w = 0.0;
        let mut days: BTreeMap<Day, f64> = BTreeMap::new();
        for meeting in self.of(EventType::MeetingHeld) {
            let channel = meeting.text("channel");
            let two_way = meeting.data["two_way"].as_bool().unwrap_or(channel != "broadcast");
            let mass = match channel {
                _ if !two_way => policy.one_way,
                "executive" => policy.channels.executive,
                "visit" => policy.channels.visit,
                "meeting" => policy.channels.meeting,
                "call" => policy.channels.call,
                "message" => policy.channels.message,
                _ => policy.channels.broadcast,
            };
            let day = days.entry(self.zone.day_of(meeting.at)).or_default();
            let mass = f64::min(mass, policy.day_mass_max - *day);
            *day += mass;
            w += mass * d(policy.half_life_days, self.since(meeting.at));
        }
        let is_key = self.beside.key_account.member;
        let k = if is_key { policy.saturation_key } else { policy.saturation_other };
        let contact = volume(w / (w + k), self.looked());
        let share = policy.outlook_share;
        match self.outlook() {
            Some(q) if self.beside.fit.is_some() => {
                mix(share, Estimate { q, confidence: 1.0, low: q, high: q }, contact)
            }
            Some(q) => mix(share, Estimate { q, confidence: 0.0, low: 0.0, high: 1.0 }, contact),
            None => contact,
        }
    }

    pub(super) fn coverage(&self) -> Estimate {
        let policy = &self.health().coverage;
        let (roles, persons) = self.spoken_to();
        let roles = volume(roles, self.looked());
        let persons = volume(persons / (persons + policy.persons_saturation), self.looked());
        mix(policy.roles_share, roles, persons)
    }

    pub(super) fn benefit(&self) -> Estimate {
        let policy = &self.health().benefit;
        let mut evidence: Vec<Mass> = Vec::new();
        for event in &self.events {
            let faded = d(policy.half_life_days, self.since(event.at));
            match event.event_type {
                EventType::DeliveryCompleted => evidence.push((
                    policy.delivery_mass * faded,
                    match event.text("outcome") {
                        "accepted" => 1.0,
                        "defects" => policy.delivery_with_defects,
                        _ => 0.0,
                    },
                )),
                EventType::FeedbackGiven => {
                    let mass = policy.feedback_mass * faded;
                    evidence.extend(event.data["csat"].as_f64().map(|csat| (mass, (csat - 1.0) / 4.0)));
                    evidence.extend(event.data["nps"].as_f64().map(|nps| (mass, nps / 10.0)));
                }
                EventType::BenefitConfirmed => {
                    let bare = event.data["value"].is_null();
                    let mass = if bare { policy.confirmed_mass } else { policy.confirmed_with_value_mass };
                    evidence.push((mass * faded, 1.0));
                }
                EventType::ProjectClosed => evidence.push((
                    policy.project_mass * faded,
                    match event.text("outcome") {
                        "success" => 1.0,
                        "partial" => policy.project_partial,
                        _ => 0.0,
                    },
                )),
                _ => {}
            }
        }
        k2(&evidence, policy.prior.mu, policy.prior.strength)
    }

    /// Claim, gain and goodwill.
    fn giving(&self) -> (f64, f64, f64) {
        let policy = &self.health().reciprocity;
        let (h365, masses) = (policy.half_life_days, &policy.gains);
        let u = self.epoch().v0.map(|v0| self.beside.policy.epoch.concession_unit * v0);
        let (mut claim, mut gain, mut goodwill) = (0.0, 0.0, 0.0);
        let h = 1.0 / (1.0 / h365 + 1.0 / policy.grace_half_life_days);
        for event in &self.events {
            let days = self.since(event.at);
            let mut gains = |mass: f64| gain += mass * d(h365, days);
            match event.event_type {
                EventType::ConcessionGranted if event.text("by") == "us" => {
                    let x = match (self.money(&event.data["cost"], event.at), u) {
                        (Some(cost), Some(u)) => cost / u,
                        _ => 1.0,
                    };
                    claim += x * (d(h365, days) - d(h, days));
                    goodwill += x * d(policy.goodwill_half_life_days, days);
                }
                EventType::ConcessionGranted => gains(masses.concession),
                EventType::ReferenceGiven if event.text("form") == "referral" => gains(masses.referral),
                EventType::ReferenceGiven => gains(masses.reference),
                EventType::FavourReceived => gains(match event.text("form") {
                    "preferred_supplier" => masses.preferred_supplier,
                    "market_information" => masses.market_information,
                    "upsell" => masses.upsell,
                    "renewal" => masses.renewal,
                    _ => masses.referral,
                }),
                EventType::PaymentReceived => {
                    let invoice = self
                        .of(EventType::InvoiceIssued)
                        .find(|invoice| event.data["invoice"].as_str() == invoice.data["invoice"].as_str());
                    let due = self.due(&event.data["due"]);
                    let due = due.or_else(|| invoice.and_then(|invoice| self.due(&invoice.data["due"])));
                    if due.is_some_and(|due| event.at <= due) {
                        gains(masses.payment_in_time);
                    }
                }
                _ => {}
            }
        }
        ((1.0 + f64::max(claim, 0.0)).ln_(), gain, (1.0 + goodwill).ln_())
    }

    pub(super) fn reciprocity(&self) -> Estimate {
        let policy = &self.health().reciprocity;
        let (claim, gain, goodwill) = self.giving();
        let (balance, goodwill_prior) = (policy.balance_prior, policy.goodwill_prior);
        mix(
            policy.balance_share,
            k2(&[(gain, 1.0), (claim, 0.0)], balance.mu, balance.strength),
            k2(&[(goodwill, 1.0)], goodwill_prior.mu, goodwill_prior.strength),
        )
    }

    pub(super) fn exposure(&self) -> f64 {
        let (claim, gain, _) = self.giving();
        claim / (gain + 1.0)
    }

    /// L(v).
    fn scale(&self, money: f64) -> Option<f64> {
        let (v0, v1) = (self.epoch().v0?, self.epoch().v1?);
        Some(((1.0 + money / v0).ln_() / (1.0 + v1 / v0).ln_()).min(1.0))
    }

    pub(super) fn sales(&self) -> Estimate {
        let first = self.of(EventType::OrderPlaced).next().map(|order| order.at);
        let (policy, h) = (&self.score().sales, self.beside.policy.demand.amounts_half_life_days);
        let rate = first.map_or(0.0, |first| {
            let age = self.since(first).max(policy.age_days_min);
            365.0 / h * self.m365(1.0 - policy.newest_weight) * std::f64::consts::LN_2 / (1.0 - d(h, age))
        });
        match self.scale(rate) {
            Some(q) => Estimate { q, confidence: 1.0, low: q, high: q },
            None => Estimate { q: 0.0, confidence: 0.0, low: 0.0, high: 1.0 },
        }
    }

    pub(super) fn potential(&self) -> Estimate {
        let policy = &self.score().potential;
        let mut evidence: Vec<Mass> = Vec::new();
        let faded = |mass: f64, at: Timestamp| mass * d(policy.half_life_days, self.since(at));
        for event in self.of(EventType::AssessmentMade) {
            let wallet = self.money(&event.data["wallet"], event.at);
            let value = wallet.and_then(|wallet| self.scale(wallet));
            evidence.extend(value.map(|value| (faded(policy.wallet_mass, event.at), value)));
        }
        let mut seen = Vec::new();
        for opened in self.of(EventType::OpportunityOpened) {
            let chance = opened.text("opportunity");
            if seen.contains(&chance) {
                continue;
            }
            seen.push(chance);
            let amount = self.money(&opened.data["amount"], opened.at);
            let value = amount.and_then(|amount| self.scale(amount));
            if let Some(value) = value.filter(|_| !self.is_gone(chance)) {
                evidence.push((faded(policy.opportunity_mass, opened.at), value));
            }
        }
        k2(&evidence, self.experience(), policy.strength)
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
        let policy = &self.score().demonstration;
        let had_ordered = |to: &str| self.epoch().ordered.iter().any(|ordered| ordered.as_str() == to);
        let mass = |event: &InForce| match event.text("form") {
            "call" => policy.call,
            "case_study" => policy.case_study,
            "benchmark" => policy.benchmark,
            "award" => policy.award,
            "industry_leader" => policy.industry_leader,
            _ if had_ordered(event.text("led_to")) => policy.referral,
            _ => 0.0,
        };
        let references = self.of(EventType::ReferenceGiven);
        let w: f64 =
            references.map(|event| mass(event) * d(policy.half_life_days, self.since(event.at))).sum();
        volume(w / (w + policy.saturation), self.looked())
    }

    pub(super) fn winnability(&self) -> Estimate {
        let policy = &self.score().winnability;
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
                bids.push((d(policy.can_win.half_life_days, self.since(event.at)), won));
            }
        }
        let done = |event: &InForce| {
            let late = self.due(&event.data["due"]).is_some_and(|due| event.at > due);
            (
                d(policy.can_do.half_life_days, self.since(event.at)),
                if event.text("outcome") == "accepted" && !late { 1.0 } else { 0.0 },
            )
        };
        let deliveries: Vec<Mass> = self.of(EventType::DeliveryCompleted).map(done).collect();
        let win_rate = self.epoch().win_rate.unwrap_or(policy.can_win.win_rate_unknown);
        let (can_win, can_do) = (&policy.can_win, policy.can_do.prior);
        mix(
            policy.can_win_share,
            k2(&bids, win_rate, can_win.strength),
            k2(&deliveries, can_do.mu, can_do.strength),
        )
    }

    fn judgements(&self, dimension: &str) -> (f64, f64) {
        let half_life = match dimension {
            "engagement" => self.health().engagement.half_life_days,
            "coverage" => self.health().coverage.half_life_days,
            "integrity" => self.health().integrity.half_life_days,
            "benefit" => self.health().benefit.half_life_days,
            "reciprocity" => self.health().reciprocity.judgement_half_life_days,
            "service" => self.health().service.half_life_days,
            _ => self.score().judgement_half_life_days,
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
    fn exp2_(self) -> f64;
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

    fn exp2_(self) -> f64 {
        self.exp2()
    }
}
