//! Needs, projects and chances of business.

use super::payload::{payloads, words};
use crate::form::Note;
use crate::id::{NeedId, OpportunityId, ProjectId};
use crate::money::Money;
use crate::text::Label;
use crate::time::When;

words! {
    /// How a project ended.
    ProjectOutcome {
        /// As meant.
        Success = "success",
        /// In part.
        Partial = "partial",
        /// It failed.
        Failure = "failure",
    }
}

payloads! {
    /// Payload of `need.stated`.
    interaction NeedStated {
        /// Which need.
        need: NeedId,
        /// What the customer said.
        text: Note<F>,
    }

    /// Payload of `project.opened`.
    interaction ProjectOpened {
        /// Which project.
        project: ProjectId,
        /// What it is called.
        title: Option<Label>,
    }

    /// Payload of `project.closed`.
    interaction ProjectClosed {
        /// Which project.
        project: ProjectId,
        /// How it ended.
        outcome: ProjectOutcome,
    }

    /// Payload of `opportunity.opened`.
    interaction OpportunityOpened {
        /// Which opportunity.
        opportunity: OpportunityId,
        /// What it is called.
        title: Option<Label>,
        /// What it may be worth.
        amount: Option<Money>,
        /// When it may be decided; may lie in the future.
        expected_close: Option<When>,
        /// The project it belongs to.
        project: Option<ProjectId>,
    }

    /// Payload of `opportunity.dropped`.
    interaction OpportunityDropped {
        /// Which opportunity.
        opportunity: OpportunityId,
        /// Why.
        reason: Label,
    }
}
