//! Shapes of needs, projects and opportunities, version 1.

use guanxi_projections::event::opportunity as live;
use guanxi_projections::form::{Note, Sealed};
use guanxi_projections::id::{NeedId, OpportunityId, ProjectId};
use guanxi_projections::money::Money;
use guanxi_projections::text::Label;
use guanxi_projections::time::When;

use super::shape::frozen;

frozen! {
    /// `need.stated`.
    interaction NeedStated of live::NeedStated<Sealed> {
        need: NeedId,
        text: Note<Sealed>,
    }

    /// `project.opened`.
    interaction ProjectOpened of live::ProjectOpened<Sealed> {
        project: ProjectId,
        title: Option<Label>,
    }

    /// `project.closed`.
    interaction ProjectClosed of live::ProjectClosed<Sealed> {
        project: ProjectId,
        outcome: live::ProjectOutcome,
    }

    /// `opportunity.opened`.
    interaction OpportunityOpened of live::OpportunityOpened<Sealed> {
        opportunity: OpportunityId,
        title: Option<Label>,
        amount: Option<Money>,
        expected_close: Option<When>,
        project: Option<ProjectId>,
    }

    /// `opportunity.dropped`.
    interaction OpportunityDropped of live::OpportunityDropped<Sealed> {
        opportunity: OpportunityId,
        reason: Label,
    }
}
