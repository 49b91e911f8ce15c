//! Shapes of issues, version 1.

use guanxi_projections::event::issue as live;
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{IssueId, ProjectId};
use guanxi_projections::time::When;

use super::shape::frozen;

frozen! {
    /// `issue.raised`.
    interaction IssueRaised of live::IssueRaised<Sealed> {
        issue: IssueId,
        severity: live::Severity,
        due: Option<When>,
        project: Option<ProjectId>,
    }

    /// `issue.resolved`.
    interaction IssueResolved of live::IssueResolved<Sealed> {
        issue: IssueId,
    }

    /// `issue.reopened`.
    interaction IssueReopened of live::IssueReopened<Sealed> {
        issue: IssueId,
    }
}
