//! What one account adds to an epoch.

use std::collections::BTreeSet;

use crate::demand::Demand;
use crate::fact::{ByNumber, Fact, Matter};
use crate::id::{AccountId, BidId};
use crate::image::Image;
use crate::order_book::OrderBook;
use crate::policy::Policy;
use crate::profile::Profile;
use crate::rates::Rates;
use crate::time::{Timestamp, Zone};

/// Where samples are taken.
#[derive(Debug, Clone)]
pub struct Survey<'p> {
    /// The policy asked for.
    pub policy: &'p Policy,
    /// The ledger's zone.
    pub zone: Zone,
    /// The rates in force at `reads_at`.
    pub rates: &'p Rates,
    /// K.
    pub known_at: Timestamp,
    /// The last instant whose events count.
    pub until: Timestamp,
    /// The instant that the figures are read at: just after `until` for a quarter's start, T itself otherwise.
    pub reads_at: Timestamp,
    /// Earlier quarter starts at which the sales rate is read too, ascending; what happened at one does not count
    /// for it.
    pub earlier: Vec<Timestamp>,
    /// Accounts that entered a review's list by then.
    pub reviewed: &'p BTreeSet<AccountId>,
}

/// What one account adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Annual sales rate at each of the earlier quarter starts, and at last where the survey reads.
    pub rates: Vec<f64>,
    /// M365.
    pub amounts: f64,
    /// Mean gap between order days, in days; `None` below two.
    pub gap_days: Option<f64>,
    /// Bids won.
    pub won: u32,
    /// Bids lost.
    pub lost: u32,
    /// Whether it had ordered.
    pub ordered: bool,
    /// How it turned out so far.
    pub case: Option<Case>,
    /// What it is like.
    pub profile: Profile,
}

/// How an account turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// It entered a review's list or gave us a bid.
    Good,
    /// It did not, but decided against a bid, ordered, or was closed.
    Other,
}

impl Sample {
    /// Takes the sample of an account; `None` when nothing had happened. Cost: O(its events).
    pub fn take(account: &AccountId, image: &Image, survey: &Survey<'_>) -> Option<Self> {
        let mut taking = Taking::new(survey);
        image.visit(survey.until, survey.known_at, |fact| taking.apply(fact));
        (taking.events > 0).then(|| taking.finish(account))
    }
}

struct Taking<'s, 'p> {
    survey: &'s Survey<'p>,
    events: u64,
    orders: OrderBook<'p>,
    demand: Demand<'p>,
    rates: Vec<f64>,
    decided: ByNumber<BidId, bool>,
    won: u32,
    lost: u32,
    closed: bool,
    profile: Profile,
}

impl<'s, 'p> Taking<'s, 'p> {
    fn new(survey: &'s Survey<'p>) -> Self {
        Self {
            survey,
            events: 0,
            orders: OrderBook::new(survey.policy.money.reporting_currency, survey.rates),
            demand: Demand::new(survey.policy, survey.zone),
            rates: Vec::new(),
            decided: ByNumber::default(),
            won: 0,
            lost: 0,
            closed: false,
            profile: Profile::default(),
        }
    }

    fn apply(&mut self, fact: &Fact) {
        self.read_earlier(fact.occurred_at);
        self.events = self.events.saturating_add(1);
        self.profile.apply(&fact.matter);
        self.demand.apply(fact);
        let demand = &mut self.demand;
        self.orders.apply(fact, |by, movement| demand.movement(by, fact.occurred_at, movement));
        if let Matter::BidWon { bid, .. } | Matter::BidLost { bid } = fact.matter {
            if !std::mem::replace(self.decided.entry(bid), true) {
                let won = u32::from(matches!(fact.matter, Matter::BidWon { .. }));
                self.won += won;
                self.lost += 1 - won;
            }
        } else if let Matter::AccountClosed = fact.matter {
            self.closed = true;
        }
    }

    /// Reads the sales rate at the quarter starts up to an instant, before what happened at it.
    fn read_earlier(&mut self, until: Timestamp) {
        while let Some(start) = self.survey.earlier.get(self.rates.len()).filter(|start| **start <= until) {
            self.rates.push(self.demand.annual_rate(*start));
        }
    }

    fn finish(mut self, account: &AccountId) -> Sample {
        let at = self.survey.reads_at;
        self.read_earlier(at);
        self.rates.push(self.demand.annual_rate(at));
        let ordered = self.demand.occasions() > 0;
        let case = if self.won > 0 || self.survey.reviewed.contains(account) {
            Some(Case::Good)
        } else if self.lost > 0 || ordered || self.closed {
            Some(Case::Other)
        } else {
            None
        };
        Sample {
            rates: self.rates,
            amounts: self.demand.amounts(at),
            gap_days: self.demand.mean_gap_days(),
            won: self.won,
            lost: self.lost,
            ordered,
            case,
            profile: self.profile,
        }
    }
}
