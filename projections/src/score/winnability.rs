//! 能赢能做 winnability: can we win, can we do.
//!
//! Readings of the model where it leaves a choice: the first decision of a bid is its decision; a delivery that
//! names no due date is not late; each delivery event is a delivery.

use crate::event::delivery::DeliveryOutcome;
use crate::fact::{ByNumber, Fact, Matter};
use crate::id::BidId;
use crate::kernel::{Estimate, FadingEvidence, Prior, Quantity};
use crate::setting::Setting;
use crate::time::Timestamp;

/// The decided bids and the deliveries. `Source:` model specification, section 6.
#[derive(Debug, Clone)]
pub struct Winnability<'p, Q: Quantity = f64> {
    setting: Setting<'p>,
    decided: ByNumber<BidId, bool>,
    bids: FadingEvidence<Q>,
    deliveries: FadingEvidence<Q>,
}

impl<'p, Q: Quantity> Winnability<'p, Q> {
    /// No evidence yet.
    pub fn new(setting: Setting<'p>) -> Self {
        let policy = &setting.policy.score.winnability;
        let bids = FadingEvidence::new(policy.can_win.half_life_days);
        let deliveries = FadingEvidence::new(policy.can_do.half_life_days);
        Self { setting, decided: ByNumber::default(), bids, deliveries }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        let at = fact.occurred_at;
        if let Matter::BidWon { bid, .. } | Matter::BidLost { bid } = fact.matter {
            if !std::mem::replace(self.decided.entry(bid), true) {
                let won = matches!(fact.matter, Matter::BidWon { .. });
                self.bids.add(fact.position, at, 1.0, f64::from(u8::from(won)));
            }
        } else if let Matter::DeliveryCompleted { outcome, due, .. } = fact.matter {
            let late = due.is_some_and(|due| at > self.setting.instant(due));
            let done = outcome == DeliveryOutcome::Accepted && !late;
            self.deliveries.add(fact.position, at, 1.0, f64::from(u8::from(done)));
        }
    }

    /// The estimate, judgements apart.
    ///
    /// `Formula:` .5 can-win (K2, mu the epoch's win rate) + .5 can-do (K2).
    pub fn estimate(&self, as_of: Timestamp) -> Estimate<Q> {
        let policy = &self.setting.policy.score.winnability;
        let win_rate = self.setting.epoch.win_rate.unwrap_or(policy.can_win.win_rate_unknown);
        let can_win = Prior { mu: win_rate, strength: policy.can_win.strength };
        Estimate::sum([
            (policy.can_win_share, self.bids.at(as_of).shrunk(can_win)),
            (1.0 - policy.can_win_share, self.deliveries.at(as_of).shrunk(policy.can_do.prior)),
        ])
    }
}
