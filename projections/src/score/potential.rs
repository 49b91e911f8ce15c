//! 潜力 potential: assessed wallet and open opportunities, before what experience says.
//!
//! Readings of the model where it leaves a choice: an opportunity opened twice under one name is the first one; a
//! wallet assessed under any dimension counts; an opportunity without an amount, or whose amount has no rate, is
//! no evidence.

use crate::fact::{ByNumber, Fact, Matter, Number};
use crate::id::{BidId, OpportunityId};
use crate::kernel::{Estimate, Evidence, FadingEvidence, Prior, Quantity, decay};
use crate::position::Position;
use crate::setting::Setting;
use crate::time::Timestamp;

/// The evidence of potential. `Source:` model specification, section 6.
#[derive(Debug, Clone)]
pub struct Potential<'p, Q: Quantity = f64> {
    setting: Setting<'p>,
    wallets: FadingEvidence<Q>,
    chances: ByNumber<OpportunityId, Chance>,
    bids: ByNumber<BidId, Bid>,
}

#[derive(Debug, Clone, Default)]
struct Chance {
    opened: Option<Opened>,
    /// Dropped, or decided by a bid.
    gone: bool,
}

#[derive(Debug, Clone, Copy)]
struct Opened {
    by: Position,
    at: Timestamp,
    /// L of its amount.
    value: Option<f64>,
}

#[derive(Debug, Clone, Default)]
struct Bid {
    names: Option<Number<OpportunityId>>,
    decided: bool,
}

impl<'p, Q: Quantity> Potential<'p, Q> {
    /// No evidence yet.
    pub fn new(setting: Setting<'p>) -> Self {
        let wallets = FadingEvidence::new(setting.policy.score.potential.half_life_days);
        Self { setting, wallets, chances: ByNumber::default(), bids: ByNumber::default() }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        let at = fact.occurred_at;
        if let Matter::AssessmentMade { wallet: Some(wallet), .. } = fact.matter {
            let value = self.setting.convert(wallet, at).and_then(|wallet| self.setting.epoch.scale(wallet));
            if let Some(value) = value {
                self.wallets.add(fact.position, at, self.setting.policy.score.potential.wallet_mass, value);
            }
        } else if let Matter::OpportunityOpened(opened) = &fact.matter {
            let amount = opened.amount.and_then(|amount| self.setting.convert(amount, at));
            let value = amount.and_then(|amount| self.setting.epoch.scale(amount));
            let chance = self.chances.entry(opened.opportunity);
            chance.opened.get_or_insert(Opened { by: fact.position, at, value });
        } else if let Matter::OpportunityDropped { opportunity } = fact.matter {
            self.chances.entry(opportunity).gone = true;
        } else if let Matter::BidSubmitted { bid, opportunity, .. } = fact.matter {
            self.bids.entry(bid).names = opportunity.or(self.bids.entry(bid).names);
            self.withdraw(bid);
        } else if let Matter::BidWon { bid, .. } | Matter::BidLost { bid } = fact.matter {
            self.bids.entry(bid).decided = true;
            self.withdraw(bid);
        }
    }

    /// Withdraws the opportunity that a decided bid names.
    fn withdraw(&mut self, bid: Number<BidId>) {
        if let Bid { names: Some(opportunity), decided: true } = *self.bids.entry(bid) {
            self.chances.entry(opportunity).gone = true;
        }
    }

    /// The estimate, judgements apart; `fit` is what experience says.
    pub fn estimate(&self, fit: f64, as_of: Timestamp) -> Estimate<Q> {
        let policy = &self.setting.policy.score.potential;
        let open = self.chances.values().filter(|chance| !chance.gone).filter_map(|chance| chance.opened);
        let chances = open.fold(Evidence::default(), |evidence, Opened { by, at, value }| match value {
            Some(value) => {
                let faded = decay(policy.half_life_days, as_of.days_since(at));
                evidence.and(Q::of_event(by, policy.opportunity_mass * faded), value)
            }
            None => evidence,
        });
        self.wallets.at(as_of).plus(chances).shrunk(Prior { mu: fit, strength: policy.strength })
    }
}
