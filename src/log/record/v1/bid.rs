//! Shapes of bids, version 1.

use guanxi_projections::event::bid as live;
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{BidId, OpportunityId, ProjectId};
use guanxi_projections::money::Money;
use guanxi_projections::text::Label;

use super::shape::frozen;

frozen! {
    /// `bid.submitted`.
    interaction BidSubmitted of live::BidSubmitted<Sealed> {
        bid: BidId,
        opportunity: Option<OpportunityId>,
        amount: Option<Money>,
        competitors: Option<Vec<Label>>,
        project: Option<ProjectId>,
    }

    /// `bid.won`.
    interaction BidWon of live::BidWon<Sealed> {
        bid: BidId,
        amount: Option<Money>,
        reason: Option<Label>,
    }

    /// `bid.lost`.
    interaction BidLost of live::BidLost<Sealed> {
        bid: BidId,
        winner: Option<Label>,
        reason: Option<Label>,
    }
}
