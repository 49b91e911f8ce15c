//! Bids: offers, and what became of them.

use super::payload::payloads;
use crate::id::{BidId, OpportunityId, ProjectId};
use crate::money::Money;
use crate::text::Label;

payloads! {
    /// Payload of `bid.submitted`.
    interaction BidSubmitted {
        /// Which bid.
        bid: BidId,
        /// The opportunity it answers.
        opportunity: Option<OpportunityId>,
        /// What we asked.
        amount: Option<Money>,
        /// Who else offered.
        competitors: Option<Vec<Label>>,
        /// The project it belongs to.
        project: Option<ProjectId>,
    }

    /// Payload of `bid.won`.
    interaction BidWon {
        /// Which bid.
        bid: BidId,
        /// What was agreed.
        amount: Option<Money>,
        /// Why we won.
        reason: Option<Label>,
    }

    /// Payload of `bid.lost`.
    interaction BidLost {
        /// Which bid.
        bid: BidId,
        /// Who won.
        winner: Option<Label>,
        /// Why we lost.
        reason: Option<Label>,
    }
}
