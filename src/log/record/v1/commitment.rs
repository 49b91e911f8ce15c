//! Shapes of promises, version 1.

use guanxi_projections::event::commitment as live;
use guanxi_projections::event::payload::Side;
use guanxi_projections::form::{Note, Sealed};
use guanxi_projections::id::CommitmentId;
use guanxi_projections::time::When;

use super::shape::frozen;

frozen! {
    /// `commitment.made`.
    interaction CommitmentMade of live::CommitmentMade<Sealed> {
        commitment: CommitmentId,
        by: Side,
        due: When,
        critical: Option<bool>,
        text: Option<Note<Sealed>>,
    }

    /// `commitment.moved`.
    interaction CommitmentMoved of live::CommitmentMoved<Sealed> {
        commitment: CommitmentId,
        due: When,
    }

    /// `commitment.kept`.
    interaction CommitmentKept of live::CommitmentKept<Sealed> {
        commitment: CommitmentId,
    }

    /// `commitment.broken`.
    interaction CommitmentBroken of live::CommitmentBroken<Sealed> {
        commitment: CommitmentId,
    }
}
