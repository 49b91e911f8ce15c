//! Orders and returns as movements of money: which amount stands at which time.
//!
//! A return that names an order takes its amount from that order, at the order's time and by the rate of that
//! time; so a full return cancels its order exactly, and an order without a rate is not lowered by what never
//! entered. A return that names no order, or one that has not appeared yet, stands at its own time; when the
//! order appears, the return moves to it. An order named twice is the earlier one.

use std::collections::BTreeMap;

use crate::event::order::{OrderPlaced, OrderReturned};
use crate::form::Sealed;
use crate::id::OrderId;
use crate::money::{Currency, Money};
use crate::position::Position;
use crate::rates::Rates;
use crate::time::Timestamp;

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

/// Finds the orders that returns name. Memory: one entry per order id.
#[derive(Debug, Clone)]
pub(crate) struct OrderBook<'p> {
    rates: &'p Rates,
    reporting: Currency,
    placed: BTreeMap<OrderId, Timestamp>,
    /// Returns whose order has not appeared, by the order they name.
    waiting: BTreeMap<OrderId, Vec<Waiting>>,
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
        Self { rates, reporting, placed: BTreeMap::new(), waiting: BTreeMap::new(), unrated: BTreeMap::new() }
    }

    /// Takes an order; tells each movement to `tell`, the order's own first.
    pub(crate) fn place(
        &mut self,
        position: Position,
        at: Timestamp,
        order: &OrderPlaced<Sealed>,
        mut tell: impl FnMut(Movement),
    ) {
        if let Some(amount) = self.convert(position, order.amount, at) {
            tell(Movement::Ordered(amount));
        }
        if self.placed.contains_key(&order.order) {
            return;
        }
        self.placed.insert(order.order.clone(), at);
        for waiting in self.waiting.remove(&order.order).into_iter().flatten() {
            if let Some(amount) = self.convert(waiting.position, waiting.money, waiting.at) {
                tell(Movement::ReturnedUnnamed { at: waiting.at, amount: -amount });
            }
            if let Some(amount) = self.convert(waiting.position, waiting.money, at) {
                tell(Movement::Returned { at, amount });
            }
        }
    }

    /// Takes a return; `None` when its amount has no rate.
    pub(crate) fn give_back(
        &mut self,
        position: Position,
        at: Timestamp,
        returned: &OrderReturned<Sealed>,
    ) -> Option<Movement> {
        let named = returned.order.as_ref();
        let placed = named.and_then(|order| self.placed.get(order)).copied();
        if let (Some(order), None) = (named, placed) {
            let waiting = Waiting { position, at, money: returned.amount };
            self.waiting.entry(order.clone()).or_default().push(waiting);
        }
        let amount = self.convert(position, returned.amount, placed.unwrap_or(at))?;
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
