//! Demand: the sums over an account's orders that several figures read.
//!
//! Each is about the whole history, whatever the stage: unlike the stage's own sums they do not restart.

use crate::fact::{Fact, Matter};
use crate::kernel::{FadingSum, Quantity, Rhythm};
use crate::order_book::{Amounts, Movement};
use crate::policy::Policy;
use crate::position::Position;
use crate::time::{Day, Timestamp, Zone};

/// Days in the year of an annual rate.
const YEAR_DAYS: f64 = 365.0;

/// What was ordered so far, and how regularly.
///
/// Cost: O(1) per order, O(log n) per return that names its order. Memory: one entry per order day.
#[derive(Debug, Clone)]
pub struct Demand<'p, Q: Quantity = f64> {
    policy: &'p Policy,
    zone: Zone,
    rhythm: Option<Rhythm>,
    /// The order that made the last order day.
    last_order: Option<Position>,
    /// Ascending.
    days: Vec<OrderDay>,
    /// S180.
    order_days: Q::Sum,
    /// M365.
    amounts: Amounts<Q>,
    /// The part of `amounts` that belongs to the orders of the newest day.
    newest: Amounts<Q>,
}

/// A calendar day with orders.
#[derive(Debug, Clone, Copy, PartialEq)]
struct OrderDay {
    day: Day,
    /// Its first order.
    at: Timestamp,
    ordered: f64,
    returned_by_name: f64,
}

impl<'p, Q: Quantity> Demand<'p, Q> {
    /// The state before the first order.
    pub fn new(policy: &'p Policy, zone: Zone) -> Self {
        let half_life_days = policy.demand.amounts_half_life_days;
        Self {
            policy,
            zone,
            rhythm: None,
            last_order: None,
            days: Vec::new(),
            order_days: Q::Sum::new(policy.demand.order_days_half_life_days),
            amounts: Amounts::new(half_life_days),
            newest: Amounts::new(half_life_days),
        }
    }

    /// Takes an order, without its amount. Other facts are passed over.
    pub(crate) fn apply(&mut self, fact: &Fact) {
        let Matter::OrderPlaced { .. } = fact.matter else { return };
        let at = fact.occurred_at;
        let day = self.zone.day_of(at);
        if Rhythm::occur(&mut self.rhythm, day, at, &self.policy.rhythm.orders) {
            self.days.push(OrderDay { day, at, ordered: 0.0, returned_by_name: 0.0 });
            self.last_order = Some(fact.position);
            self.order_days.take(fact.position, at, 1.0);
            self.newest = Amounts::new(self.policy.demand.amounts_half_life_days);
        }
    }

    /// Takes a movement of money of the order or return at `by`, that the fact of the instant `now` brought about.
    pub(crate) fn movement(&mut self, by: Position, now: Timestamp, movement: Movement) {
        match movement {
            Movement::Ordered(amount) => {
                self.amounts.order_of(by, now, amount);
                self.newest.order_of(by, now, amount);
                let last = self.days.len().checked_sub(1);
                self.change_day(by, last, |day| day.ordered += amount);
            }
            Movement::Returned { at, amount } => {
                self.amounts.give_back_of(by, at, amount);
                let day = self.zone.day_of(at);
                if self.days.last().is_some_and(|newest| newest.day == day) {
                    self.newest.give_back_of(by, at, amount);
                }
                let place = self.days.binary_search_by_key(&day, |known| known.day).ok();
                self.change_day(by, place, |day| day.returned_by_name += amount);
            }
            Movement::ReturnedUnnamed { at, amount } => self.amounts.give_back_of(by, at, amount),
        }
    }

    /// Changes the amounts of a day, and its weight with them.
    fn change_day(&mut self, by: Position, place: Option<usize>, change: impl FnOnce(&mut OrderDay)) {
        let Some(day) = place.and_then(|place| self.days.get_mut(place)) else { return };
        let before = day.weight();
        change(day);
        let gained = day.weight() - before;
        if gained.abs() > 0.0 {
            self.order_days.take(by, day.at, gained);
        }
    }

    /// The own rhythm of the order days; `None` before the first.
    pub fn rhythm(&self) -> Option<&Rhythm> {
        self.rhythm.as_ref()
    }

    /// The order that made the last order day.
    pub(crate) fn last_order(&self) -> Option<Position> {
        self.last_order
    }

    /// n: how many days had orders.
    pub fn occasions(&self) -> usize {
        self.days.len()
    }

    /// S180: the faded number of order days, each with the share of its amount that was not returned by name.
    pub fn order_days(&self, as_of: Timestamp) -> Q {
        self.order_days.read(as_of).through(|days| days.max(0.0))
    }

    /// M365: the faded amount that was ordered and not returned.
    pub fn amounts(&self, as_of: Timestamp) -> Q {
        self.amounts.standing(as_of)
    }

    /// The mean gap between order days, in days; `None` before the second.
    pub fn mean_gap_days(&self) -> Option<f64> {
        let rhythm = self.rhythm.as_ref().filter(|_| self.days.len() >= 2)?;
        Some(rhythm.last().days_since(rhythm.first()) / (self.days.len() - 1) as f64)
    }

    /// The annual sales rate, in the reporting currency; 0 before the first order.
    ///
    /// `Formula:` 365 M365 / [(365/ln 2)(1 - `d_365`(max(age, 365)))], the newest order day at half its amount, age
    /// since the first order. `Source:` model specification, section 6, sales (M365 ln 2 / (1 - `d_365`)).
    ///
    /// Worked example: one order of 1000 is read on its day: half of it is 500, age counts as 365 d, so the rate
    /// is 500 ln 2 / (1 - 1/2) = 693.147 a year.
    pub fn annual_rate(&self, as_of: Timestamp) -> Q {
        let Some(rhythm) = &self.rhythm else { return Q::default() };
        let policy = &self.policy.score.sales;
        let held_back = 1.0 - policy.newest_weight;
        let (ordered, returned) = (self.newest.ordered(as_of), self.newest.returned(as_of));
        let standing = self.amounts.without(as_of, ordered.times(held_back), returned.times(held_back));
        let age_days = as_of.days_since(rhythm.first()).max(policy.age_days_min);
        standing.times(YEAR_DAYS).over(self.amounts.watched_days(age_days))
    }
}

impl OrderDay {
    /// The share of the day's amount that was not returned by name; 1 for a day without amounts.
    fn weight(&self) -> f64 {
        if self.ordered > 0.0 {
            ((self.ordered - self.returned_by_name) / self.ordered).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }
}
