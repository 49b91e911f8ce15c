//! What is measured over the portfolio at the starts of several quarters, against a second reading of its definitions:
//! sums over all orders, with nothing kept from one to the next.

use std::collections::BTreeMap;

use guanxi_projections::epoch::Quarter;
use guanxi_projections::event::payload::Ratio;

use super::poison::Dice;
use super::*;

const ACCOUNTS: u64 = 24;
const INDUSTRIES: [&str; 3] = ["steel", "food", "paper"];

/// An account as it was told.
struct Told {
    industry: &'static str,
    /// Instant and amount.
    orders: Vec<(Timestamp, f64)>,
    /// Instant, and whether it was won.
    bids: Vec<(Timestamp, bool)>,
}

/// A portfolio over two and a half years, told in no order of time.
fn told() -> (Stage, Vec<Told>) {
    let (stage, mut dice) = (Stage::new(), Dice(7));
    let (mut drafts, mut accounts) = (Vec::new(), Vec::new());
    for number in 0..ACCOUNTS {
        let industry = INDUSTRIES[usize::try_from(dice.below(3)).unwrap()];
        let account = format!("a{number:02}");
        let opening = json!({ "name": account, "industry": industry });
        let open = event(&format!("o{number}"), &account, "account.opened", "2024-01-01T00:00:00Z", &opening);
        drafts.push(open);
        let mut told = Told { industry, orders: Vec::new(), bids: Vec::new() };
        for order in 0..dice.below(14) {
            let (time, amount) = (instant(&mut dice), 100 + dice.below(90_000));
            let id = format!("{account}-{order}");
            let money = json!({ "amount": amount.to_string(), "currency": "CNY" });
            let data = json!({ "order": id, "amount": money });
            drafts.push(event(&id, &account, "order.placed", &time, &data));
            told.orders.push((at(&time), amount as f64));
        }
        for bid in 0..dice.below(4) {
            let (time, won) = (instant(&mut dice), dice.below(2) == 0);
            let (id, kind) = (format!("b-{account}-{bid}"), if won { "bid.won" } else { "bid.lost" });
            drafts.push(event(&id, &account, kind, &time, &json!({ "bid": id })));
            told.bids.push((at(&time), won));
        }
        told.orders.sort_by_key(|(at, _)| *at);
        accounts.push(told);
    }
    stage.submit(drafts, Unit::Whole).unwrap();
    (stage, accounts)
}

/// Some hour of the years 2024, 2025 or the first months of 2026.
fn instant(dice: &mut Dice) -> String {
    let first = at("2024-01-01T00:00:00Z").micros();
    let hours = i64::try_from(dice.below(24 * 870)).unwrap();
    Timestamp::from_micros(first + hours * 3_600_000_000).to_string()
}

impl Told {
    /// Order days up to an instant: when the first order of the day was, and the day's amount.
    fn days(&self, start: Timestamp) -> Vec<(Timestamp, f64)> {
        let mut days: Vec<(Timestamp, f64)> = Vec::new();
        for (at, amount) in self.orders.iter().filter(|(at, _)| *at < start) {
            match days.last_mut().filter(|(day, _)| day.to_string()[..10] == at.to_string()[..10]) {
                Some((_, whole)) => *whole += amount,
                None => days.push((*at, *amount)),
            }
        }
        days
    }

    fn amounts(&self, start: Timestamp) -> f64 {
        let before = self.orders.iter().filter(|(at, _)| *at < start);
        before.map(|(at, amount)| amount * (-start.days_since(*at) / 365.0).exp2()).sum()
    }

    /// The annual sales rate: the newest day at half its amount.
    fn rate(&self, start: Timestamp) -> f64 {
        let days = self.days(start);
        let (Some((first, _)), Some((newest, _))) = (days.first(), days.last()) else { return 0.0 };
        let half = |at: Timestamp| if at >= *newest { 0.5 } else { 1.0 };
        let before = self.orders.iter().filter(|(at, _)| *at < start);
        let sum: f64 =
            before.map(|(at, amount)| half(*at) * amount * (-start.days_since(*at) / 365.0).exp2()).sum();
        let age = start.days_since(*first).max(365.0);
        sum * 2.0_f64.ln() / (1.0 - (-age / 365.0).exp2())
    }

    fn gap(&self, start: Timestamp) -> Option<f64> {
        let days = self.days(start);
        let (first, last) = (days.first()?.0, days.last()?.0);
        (days.len() >= 2).then(|| last.days_since(first) / (days.len() - 1) as f64)
    }

    /// Good, other or neither.
    fn case(&self, start: Timestamp) -> Option<usize> {
        let mut bids = self.bids.iter().filter(|(at, _)| *at < start);
        let won = bids.clone().any(|(_, won)| *won);
        let other = bids.any(|(_, won)| !won) || !self.days(start).is_empty();
        if won { Some(0) } else { other.then_some(1) }
    }
}

fn percentile(values: impl Iterator<Item = f64>, share: f64) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| *value > 0.0).collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let rank = share * last as f64;
    let below = (0..last).rev().find(|place| *place as f64 <= rank).unwrap_or(0);
    let (low, high) = (values[below], values[last.min(below + 1)]);
    Some(low + (rank - below as f64) * (high - low))
}

#[track_caller]
fn near(what: &str, quarter: Quarter, found: Option<f64>, expected: Option<f64>) {
    let differ = match (found, expected) {
        (Some(found), Some(expected)) => (found / expected - 1.0).abs() > 1e-9,
        (found, expected) => found != expected,
    };
    assert!(!differ, "{what} of {quarter}: {found:?}, by the definition {expected:?}");
}

#[test]
fn what_is_measured_at_each_quarter_is_what_the_definitions_say() {
    let (stage, accounts) = told();
    let zone = Zone::named("UTC").unwrap();
    let last: Quarter = "2026Q2".parse().unwrap();
    for back in (0..8).rev() {
        let quarter = last.earlier(back).unwrap();
        let start = quarter.start(zone);
        let found = stage.ledger().anchors(Some(quarter)).unwrap().anchors;
        let every = |value: &dyn Fn(&Told) -> f64, share| percentile(accounts.iter().map(value), share);
        near("m0", quarter, found.m0, every(&|told| told.amounts(start), 0.5));
        near("gap", quarter, found.gap, every(&|told| told.gap(start).unwrap_or(0.0), 0.5));
        let starts = (0..4).filter_map(|quarters| quarter.earlier(quarters)).map(|one| one.start(zone));
        let smoothed = |share: f64| {
            let at = |start: Timestamp| every(&|told| told.rate(start), share);
            let logs: Vec<f64> = starts.clone().filter_map(at).map(f64::ln).collect();
            (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
        };
        near("v0", quarter, found.v0, smoothed(0.5));
        near("v1", quarter, found.v1, smoothed(0.95));
        let bids = accounts.iter().flat_map(|told| told.bids.iter().filter(|(at, _)| *at < start));
        let (won, decided) = (bids.clone().filter(|(_, won)| *won).count(), bids.count());
        let share = (decided > 0).then(|| won as f64 / decided as f64);
        near("win rate", quarter, found.win_rate.map(Ratio::get), share);
        let mut totals = [0_u32; 2];
        let mut industries: BTreeMap<&str, [u32; 2]> = BTreeMap::new();
        for told in &accounts {
            let Some(case) = told.case(start) else { continue };
            totals[case] += 1;
            industries.entry(told.industry).or_default()[case] += 1;
        }
        assert_eq!(found.totals, totals, "{quarter}");
        let counted = found.traits.iter().find(|(name, _)| name.as_str() == "industry").unwrap().1;
        let counted: BTreeMap<&str, [u32; 2]> =
            counted.iter().map(|(value, counts)| (value.as_str(), *counts)).collect();
        assert_eq!(counted, industries, "{quarter}");
    }
}

/// What was frozen stays, whatever is recorded later of the time before it; what was not, moves.
#[test]
fn a_frozen_quarter_keeps_its_values() {
    let (stage, _) = told();
    let quarter = |name: &str| Some(name.parse::<Quarter>().unwrap());
    let actor = Actor::new("tester").unwrap();
    let frozen = stage.ledger().freeze_anchors(&actor, quarter("2025Q4")).unwrap().anchors;
    let free = stage.ledger().anchors(quarter("2025Q3")).unwrap().anchors;
    let data = json!({ "order": "big", "amount": { "amount": "9000000", "currency": "CNY" } });
    stage.tell(event("big", "a00", "order.placed", "2025-05-01T00:00:00Z", &data));
    assert_eq!(stage.ledger().anchors(quarter("2025Q4")).unwrap().anchors, frozen);
    assert_ne!(stage.ledger().anchors(quarter("2025Q3")).unwrap().anchors, free);
}
