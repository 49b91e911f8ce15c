//! Where an account stands at an instant, as far as an outlook or one of its competitors reads it.

use crate::demand::Demand;
use crate::fact::{ByNumber, Fact, Matter};
use crate::id::BidId;
use crate::kernel::{DecayedSum, Rhythm};
use crate::lifetime::Life;
use crate::money::Money;
use crate::occasion::Occasion;
use crate::order_book::{Movement, OrderBook};
use crate::past::Past;
use crate::position::Position;
use crate::time::Timestamp;

use super::Terms;

/// An account that has had an occasion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The first occasion.
    pub(crate) first: Timestamp,
    /// Occasions after the first.
    pub(crate) repeats: u32,
    /// Days from the first occasion to the last.
    pub(crate) recency_days: f64,
    /// Days since the first occasion.
    pub(crate) age_days: f64,
    /// Days since the last occasion.
    pub(crate) silent_days: f64,
    /// S180 of the occasions.
    pub(crate) occasion_days: f64,
    /// M365 of the orders.
    pub(crate) amounts: f64,
    /// What the occasions were worth in all, unfaded.
    pub(crate) spent: f64,
    /// `P_act(H)` by the own rhythm.
    pub(crate) active: f64,
    /// Whether the account stands closed.
    pub(crate) closed: bool,
}

/// What happened in a window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outcome {
    /// Whether there was an occasion.
    pub(crate) returned: bool,
    /// What the occasions were worth.
    pub(crate) revenue: f64,
}

impl Standing {
    /// The standing at the end of a past; `None` before the first occasion. Cost: O(facts).
    pub(crate) fn at_end(past: &Past<'_>, terms: &Terms<'_>) -> Option<Self> {
        let mut fold = Fold::new(terms);
        past.visit(|fact| fold.apply(fact));
        fold.read(past.until())
    }

    /// The same as a lifetime model sees it, in days.
    pub(crate) fn life(&self) -> Life {
        Life { repeats: self.repeats, recency: self.recency_days, age: self.age_days }
    }
}

impl Outcome {
    /// What happened after `from`, up to the end of a past. Cost: O(facts).
    pub fn after(from: Timestamp, past: &Past<'_>, terms: &Terms<'_>) -> Self {
        let mut worth = Worth::new(terms);
        let mut outcome = Self::default();
        past.visit(|fact| {
            outcome.returned |= fact.occurred_at > from && terms.occasion.is(&fact.matter);
            worth.apply(fact, |at, amount| {
                if at > from {
                    outcome.revenue += amount;
                }
            });
        });
        outcome.revenue = outcome.revenue.max(0.0);
        outcome
    }
}

struct Fold<'t> {
    terms: &'t Terms<'t>,
    demand: Demand<'t>,
    /// Of bids or contacts; orders have theirs in `demand`.
    rhythm: Option<Rhythm>,
    days: DecayedSum,
    worth: Worth<'t>,
    spent: f64,
    closed: bool,
}

impl<'t> Fold<'t> {
    fn new(terms: &'t Terms<'t>) -> Self {
        Self {
            terms,
            demand: Demand::new(terms.policy, terms.zone),
            rhythm: None,
            days: DecayedSum::new(terms.policy.demand.order_days_half_life_days),
            worth: Worth::new(terms),
            spent: 0.0,
            closed: false,
        }
    }

    fn apply(&mut self, fact: &Fact) {
        let Terms { policy, zone, occasion, .. } = self.terms;
        self.demand.apply(fact);
        if *occasion != Occasion::Order && occasion.is(&fact.matter) {
            let at = fact.occurred_at;
            if Rhythm::occur(&mut self.rhythm, zone.day_of(at), at, occasion.rhythm(policy)) {
                self.days.add(at, 1.0);
            }
        }
        if let Matter::AccountClosed = fact.matter {
            self.closed = true;
        } else if let Matter::AccountReopened | Matter::OrderPlaced { .. } = fact.matter {
            self.closed = false;
        }
        let (demand, spent, now) = (&mut self.demand, &mut self.spent, fact.occurred_at);
        let hear = |by, movement| demand.movement(by, now, movement);
        self.worth.apply_telling(fact, hear, |_, amount| *spent += amount);
    }

    fn read(&self, as_of: Timestamp) -> Option<Standing> {
        let Terms { policy, occasion, horizon_days, .. } = self.terms;
        let (rhythm, occasion_days) = match occasion {
            Occasion::Order => (self.demand.rhythm()?, self.demand.order_days(as_of)),
            Occasion::Bid | Occasion::Contact => (self.rhythm.as_ref()?, self.days.at(as_of)),
        };
        let silent_days = as_of.days_since(rhythm.last());
        Some(Standing {
            first: rhythm.first(),
            repeats: rhythm.repeats(),
            recency_days: rhythm.last().days_since(rhythm.first()),
            age_days: as_of.days_since(rhythm.first()),
            silent_days,
            occasion_days,
            amounts: self.demand.amounts(as_of),
            spent: self.spent.max(0.0),
            active: rhythm.active_within(f64::from(*horizon_days), silent_days, occasion.rhythm(policy)),
            closed: self.closed,
        })
    }
}

/// What occasions are worth, in the reporting currency: orders less returns, or the amounts of bids won. A contact
/// is worth nothing itself; the account's orders stand for it.
struct Worth<'t> {
    terms: &'t Terms<'t>,
    orders: OrderBook<'t>,
    bids: ByNumber<BidId, Bid>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Bid {
    offered: Option<Money>,
    decided: bool,
}

impl<'t> Worth<'t> {
    fn new(terms: &'t Terms<'t>) -> Self {
        let orders = OrderBook::new(terms.policy.money.reporting_currency, terms.rates);
        Self { terms, orders, bids: ByNumber::default() }
    }

    fn apply(&mut self, fact: &Fact, earn: impl FnMut(Timestamp, f64)) {
        self.apply_telling(fact, |_, _| (), earn);
    }

    /// Tells movements of orders to `hear`, and what was earned when, returns negative, to `earn`.
    fn apply_telling(
        &mut self,
        fact: &Fact,
        mut hear: impl FnMut(Position, Movement),
        mut earn: impl FnMut(Timestamp, f64),
    ) {
        let (of_bids, now) = (self.terms.occasion == Occasion::Bid, fact.occurred_at);
        self.orders.apply(fact, |by, movement| {
            hear(by, movement);
            if !of_bids {
                let (at, amount) = match movement {
                    Movement::Ordered(amount) => (now, amount),
                    Movement::Returned { at, amount } | Movement::ReturnedUnnamed { at, amount } => {
                        (at, -amount)
                    }
                };
                earn(at, amount);
            }
        });
        let Terms { policy, rates, .. } = self.terms;
        let amount = if of_bids { self.won(&fact.matter) } else { None };
        let amount = amount.and_then(|amount| rates.convert(amount, policy.money.reporting_currency, now));
        if let Some(amount) = amount {
            earn(now, amount);
        }
    }

    /// The amount of a bid that is won by this: as the result says, else as it was offered. The first result counts.
    fn won(&mut self, matter: &Matter) -> Option<Money> {
        if let Matter::BidSubmitted { bid, amount, .. } = matter {
            self.bids.entry(*bid).offered = *amount;
        } else if let Matter::BidLost { bid } = matter {
            self.bids.entry(*bid).decided = true;
        } else if let Matter::BidWon { bid, amount } = matter {
            let known = self.bids.entry(*bid);
            let first = !std::mem::replace(&mut known.decided, true);
            return (*amount).or(known.offered).filter(|_| first);
        }
        None
    }
}
