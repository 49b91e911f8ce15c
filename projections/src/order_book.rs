//! Orders and returns as movements of money: which amount stands at which time.
//!
//! A return that names an order takes its amount from that order, at the order's time and by the rate of that
//! time; so a full return cancels its order exactly, and an order without a rate is not lowered by what never
//! entered. A return that names no order, or one that has not appeared yet, stands at its own time; when the
//! order appears, the return moves to it. An order named twice is the earlier one.

mod amounts;

use std::collections::BTreeMap;

use crate::fact::{ByNumber, Fact, Matter, Number};
use crate::id::OrderId;
use crate::money::{Currency, Money};
use crate::position::Position;
use crate::rates::Rates;
use crate::time::Timestamp;

pub(crate) use amounts::Amounts;

/// A change of what was ordered or returned, in the reporting currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Movement {
    /// An order of this amount.
    Ordered(f64),
    /// A return of the order that stands at the given time.
    Returned { at: Timestamp, amount: f64 },
    /// A return without a known order, at its own time; negative when its order has appeared and takes it over.
    ReturnedUnnamed { at: Timestamp, amount: f64 },
}

impl Movement {
    /// What it adds to the amount that is ordered and not returned.
    pub(crate) fn change(self) -> f64 {
        match self {
            Self::Ordered(amount) => amount,
            Self::Returned { amount, .. } | Self::ReturnedUnnamed { amount, .. } => -amount,
        }
    }
}

/// Finds the orders that returns name. Memory: one entry per order id.
#[derive(Debug, Clone)]
pub(crate) struct OrderBook<'p> {
    rates: &'p Rates,
    reporting: Currency,
    /// When each order was placed; `None` for one that was only named so far.
    placed: ByNumber<OrderId, Option<Timestamp>>,
    /// Returns whose order has not appeared, by the order they name.
    waiting: BTreeMap<Number<OrderId>, Vec<Waiting>>,
    /// Events whose amount is left out for want of a rate, with its currency.
    unrated: BTreeMap<Position, Currency>,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    position: Position,
    at: Timestamp,
    money: Money,
}

impl<'p> OrderBook<'p> {
    pub(crate) fn new(reporting: Currency, rates: &'p Rates) -> Self {
        Self {
            rates,
            reporting,
            placed: ByNumber::default(),
            waiting: BTreeMap::new(),
            unrated: BTreeMap::new(),
        }
    }

    /// Takes a fact; tells each movement of money that it brings about to `tell`, an order's own first, with the
    /// position of the order or return that it is of.
    pub(crate) fn apply(&mut self, fact: &Fact, mut tell: impl FnMut(Position, Movement)) {
        if let Matter::OrderPlaced { order, amount, .. } = &fact.matter {
            self.place(fact, *order, *amount, tell);
        } else if let Matter::OrderReturned { order, amount } = &fact.matter {
            let movement = self.give_back(fact, *order, *amount);
            if let Some(movement) = movement {
                tell(fact.position, movement);
            }
        }
    }

    fn place(
        &mut self,
        fact: &Fact,
        order: Number<OrderId>,
        money: Money,
        mut tell: impl FnMut(Position, Movement),
    ) {
        let at = fact.occurred_at;
        if let Some(amount) = self.convert(fact.position, money, at) {
            tell(fact.position, Movement::Ordered(amount));
        }
        if self.placed(order).is_some() {
            return;
        }
        *self.placed.entry(order) = Some(at);
        for waiting in self.waiting.remove(&order).into_iter().flatten() {
            if let Some(amount) = self.convert(waiting.position, waiting.money, waiting.at) {
                tell(waiting.position, Movement::ReturnedUnnamed { at: waiting.at, amount: -amount });
            }
            if let Some(amount) = self.convert(waiting.position, waiting.money, at) {
                tell(waiting.position, Movement::Returned { at, amount });
            }
        }
    }

    fn placed(&self, order: Number<OrderId>) -> Option<Timestamp> {
        self.placed.get(order).copied().flatten()
    }

    /// `None` when the amount has no rate.
    fn give_back(&mut self, fact: &Fact, order: Option<Number<OrderId>>, money: Money) -> Option<Movement> {
        let (position, at) = (fact.position, fact.occurred_at);
        let placed = order.and_then(|order| self.placed(order));
        if let (Some(order), None) = (order, placed) {
            self.waiting.entry(order).or_default().push(Waiting { position, at, money });
        }
        let amount = self.convert(position, money, placed.unwrap_or(at))?;
        Some(match placed {
            Some(at) => Movement::Returned { at, amount },
            None => Movement::ReturnedUnnamed { at, amount },
        })
    }

    /// The events whose amount is left out for want of a rate, in the order of their positions.
    pub(crate) fn unrated(&self) -> impl Iterator<Item = (Position, Currency)> + '_ {
        self.unrated.iter().map(|(position, currency)| (*position, *currency))
    }

    fn convert(&mut self, position: Position, money: Money, at: Timestamp) -> Option<f64> {
        let amount = self.rates.convert(money, self.reporting, at);
        if amount.is_none() {
            self.unrated.insert(position, money.currency);
        } else {
            self.unrated.remove(&position);
        }
        amount
    }
}
