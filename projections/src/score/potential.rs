//! 潜力 potential: assessed wallet and open opportunities, before what experience says.
//!
//! Readings of the model where it leaves a choice: an opportunity opened twice under one name is the first one; a
//! decided bid withdraws every opportunity that it ever named; a
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
    names: Vec<Number<OpportunityId>>,
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
            self.bids.entry(bid).names.extend(opportunity);
            self.withdraw(bid);
        } else if let Matter::BidWon { bid, .. } | Matter::BidLost { bid } = fact.matter {
            self.bids.entry(bid).decided = true;
            self.withdraw(bid);
        }
    }

    /// Withdraws the opportunities that a decided bid names.
    fn withdraw(&mut self, bid: Number<BidId>) {
        let Bid { names, decided } = self.bids.entry(bid);
        if *decided {
            names.drain(..).for_each(|opportunity| self.chances.entry(opportunity).gone = true);
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bids::{BidState, Bids};
    use crate::directives::KeyAccountView;
    use crate::epoch::Epoch;
    use crate::event::EventType;
    use crate::policy::Policy;
    use crate::projection::fold;
    use crate::rates::Rates;
    use crate::story::{Story, at};
    use crate::time::Zone;

    /// A bid submitted again with another opportunity used to leave the first one open, and the list of
    /// opportunities used to say the opposite of the figure.
    #[test]
    fn a_decided_bid_withdraws_every_opportunity_that_it_named() {
        let mut story = Story::default();
        let amount = json!({ "amount": "100", "currency": "CNY" });
        for chance in ["one", "two"] {
            let opened = json!({ "opportunity": chance, "amount": amount });
            story.tell(at("2026-01-01"), EventType::OpportunityOpened, opened);
            let offer = json!({ "bid": "b", "opportunity": chance });
            story.tell(at("2026-01-02"), EventType::BidSubmitted, offer);
        }
        story.tell(at("2026-01-03"), EventType::BidLost, json!({ "bid": "b" }));
        let (image, rates, policy) = (story.image(), Rates::none(), Policy::default_policy());
        let epoch = Epoch { v0: Some(100.0), v1: Some(300.0), ..Epoch::default() };
        let setting = Setting {
            policy: &policy,
            zone: Zone::default(),
            rates: &rates,
            names: image.names(),
            epoch: &epoch,
            own: None,
            fit: None,
            key_account: KeyAccountView::default(),
        };
        let mut bids = Bids::new(setting);
        let mut potential: Potential<'_> = Potential::new(setting);
        image.visit(at("2026-01-03"), Timestamp::MAX, |fact| {
            crate::projection::Projection::apply(&mut bids, fact);
            potential.apply(fact);
        });
        assert!(bids.opportunities().iter().all(|line| line.state == BidState::Lost));
        assert_eq!(potential.estimate(0.5, at("2026-01-03")).confidence.to_bits(), 0.0_f64.to_bits());
        assert_eq!(fold(Bids::new(setting), &image, at("2026-01-03"), Timestamp::MAX).len(), 1);
    }
}
