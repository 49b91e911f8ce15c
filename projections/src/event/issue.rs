//! Issues: what went wrong for the customer, and whether it was put right.

use super::payload::{payloads, words};
use crate::id::{IssueId, ProjectId};
use crate::time::When;

words! {
    /// How bad an issue is.
    Severity {
        /// A nuisance.
        Minor = "minor",
        /// It hurts.
        Major = "major",
        /// Work stands still.
        Critical = "critical",
    }
}

payloads! {
    /// Payload of `issue.raised`.
    interaction IssueRaised {
        /// Which issue.
        issue: IssueId,
        /// How bad.
        severity: Severity,
        /// By when it is to be resolved; `None`: the policy's time for the severity.
        due: Option<When>,
        /// The project it belongs to.
        project: Option<ProjectId>,
    }

    /// Payload of `issue.resolved`.
    interaction IssueResolved {
        /// Which issue.
        issue: IssueId,
    }

    /// Payload of `issue.reopened`.
    interaction IssueReopened {
        /// Which issue.
        issue: IssueId,
    }
}
