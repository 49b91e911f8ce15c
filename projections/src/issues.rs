//! The issue record: what went wrong, and whether it was put right in time; and the service 客户服务 that follows.
//!
//! Readings of the model where it leaves a choice: an issue raised twice under one name is the first one. A
//! resolution heard before the issue was raised (a day without a time ends late) resolves it all the same.
//! Resolving a resolved issue changes nothing.

use serde::Serialize;

use crate::event::issue::Severity;
use crate::fact::{ByNumber, EventRef, Fact, Matter, Number, Trail};
use crate::id::{IssueId, ProjectId};
use crate::kernel::{Estimate, Evidence, Quantity, decay};
use crate::policy::health::ServicePolicy;
use crate::position::Position;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the issue record. Cost: O(1) per event, O(issues) to read.
#[derive(Debug, Clone)]
pub struct Issues<'p> {
    setting: Setting<'p>,
    issues: ByNumber<IssueId, Issue>,
    trail: Trail<IssueId>,
}

#[derive(Debug, Clone, Default)]
struct Issue {
    raised: Option<Raised>,
    /// The last resolution while it stands; kept through a reopening as evidence.
    resolved: Option<Resolved>,
    open: bool,
    reopened: u32,
}

#[derive(Debug, Clone, Copy)]
struct Raised {
    /// The raising, or the last reopening: what set the due date.
    by: Position,
    severity: Severity,
    at: Timestamp,
    due: Timestamp,
    /// The time to resolve, in days.
    allowed_days: f64,
    project: Option<Number<ProjectId>>,
}

#[derive(Debug, Clone, Copy)]
struct Resolved {
    by: Position,
    at: Timestamp,
    days_late: f64,
    /// Before what reopenings take off.
    value: f64,
}

/// How an issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueState {
    /// Not resolved, not due yet.
    Open,
    /// Not resolved, and due.
    Overdue,
    /// Resolved.
    Resolved,
}

/// A line of the issue record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IssueLine {
    /// The issue.
    pub issue: String,
    /// How bad it is.
    pub severity: Severity,
    /// How it stands.
    pub state: IssueState,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// By when it is, or was, to be resolved.
    pub due: Timestamp,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// How late it is, or was when last resolved, in days; 0 in time.
    pub days_late: f64,
    /// How often it was reopened.
    pub reopened: u32,
    /// The project it belongs to.
    pub project: Option<String>,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p> Issues<'p> {
    /// No issues yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, issues: ByNumber::default(), trail: Trail::default() }
    }

    fn policy(&self) -> &'p ServicePolicy {
        &self.setting.policy.health.service
    }

    fn issue(&mut self, issue: Number<IssueId>, fact: &Fact) -> &mut Issue {
        self.trail.add(issue, fact.event());
        self.issues.entry(issue)
    }

    /// The evidence at an instant: that of a resolution is of the resolution, that of an overdue issue is of what
    /// set the due date. `Source:` model specification, section 5, rule 6.
    pub fn evidence<Q: Quantity>(&self, as_of: Timestamp) -> Evidence<Q> {
        let policy = self.policy();
        let (mut minor, mut other, mut overdue) =
            (Evidence::default(), Evidence::default(), Evidence::default());
        for issue in self.issues.values() {
            let Some(raised) = &issue.raised else { continue };
            let mass = raised.mass(policy);
            if let Some(resolved) = &issue.resolved {
                let faded = mass * decay(policy.half_life_days, as_of.days_since(resolved.at));
                let faded = Q::of_event(resolved.by, faded);
                let value = issue.value(resolved, policy);
                match raised.severity {
                    Severity::Minor => minor = minor.and(faded, value),
                    Severity::Major | Severity::Critical => other = other.and(faded, value),
                }
            }
            if issue.open && as_of > raised.due {
                let ripe = 1.0 - decay(policy.ripening_days, as_of.days_since(raised.due));
                overdue = overdue.and(Q::of_event(raised.by, mass * ripe), 0.0);
            }
        }
        minor.at_most(policy.minor_mass_max).plus(other).plus(overdue)
    }

    /// Service, judgements apart.
    pub fn estimate<Q: Quantity>(&self, as_of: Timestamp) -> Estimate<Q> {
        self.evidence(as_of).shrunk(self.policy().prior)
    }

    fn line(
        &self,
        number: Number<IssueId>,
        issue: &Issue,
        events: &ByNumber<IssueId, Vec<EventRef>>,
        as_of: Timestamp,
    ) -> Option<IssueLine> {
        let names = self.setting.names;
        let raised = issue.raised.as_ref()?;
        let late_now = as_of.days_since(raised.due).max(0.0);
        let (state, days_late) = match &issue.resolved {
            _ if issue.open && late_now > 0.0 => (IssueState::Overdue, late_now),
            Some(resolved) if !issue.open => (IssueState::Resolved, resolved.days_late),
            Some(_) | None => (IssueState::Open, 0.0),
        };
        Some(IssueLine {
            issue: names.text(number).to_owned(),
            severity: raised.severity,
            state,
            raised_at: raised.at,
            due: raised.due,
            resolved_at: issue.resolved.map(|resolved| resolved.at),
            days_late,
            reopened: issue.reopened,
            project: raised.project.map(|project| names.text(project).to_owned()),
            events: events.get(number).cloned().unwrap_or_default(),
        })
    }
}

impl Raised {
    /// `Formula:` SLA = due - raised, at least 1 d; without a due date the policy's time for the severity.
    fn new(
        severity: Severity,
        due: Option<Timestamp>,
        project: Option<Number<ProjectId>>,
        fact: &Fact,
        policy: &ServicePolicy,
    ) -> Self {
        let at = fact.occurred_at;
        let usual_days = match severity {
            Severity::Minor => policy.minor_days,
            Severity::Major => policy.major_days,
            Severity::Critical => policy.critical_days,
        };
        let allowed_days = due.map_or(usual_days, |due| due.days_since(at)).max(policy.due_days_min);
        let due = due.unwrap_or_else(|| at.plus_days(allowed_days));
        Self { by: fact.position, severity, at, due, allowed_days, project }
    }

    fn mass(&self, policy: &ServicePolicy) -> f64 {
        match self.severity {
            Severity::Minor => policy.minor_mass,
            Severity::Major => policy.major_mass,
            Severity::Critical => policy.critical_mass,
        }
    }

    /// `Formula:` 2^(-L/SLA), L the days late.
    fn resolved(&self, by: Position, at: Timestamp) -> Resolved {
        let days_late = at.days_since(self.due).max(0.0);
        Resolved { by, at, days_late, value: decay(self.allowed_days, days_late) }
    }
}

impl Issue {
    fn raise(&mut self, raised: Raised) {
        if self.raised.is_some() {
            return;
        }
        self.raised = Some(raised);
        match self.resolved {
            Some(early) => self.resolved = Some(raised.resolved(early.by, early.at)),
            None => self.open = true,
        }
    }

    fn resolve(&mut self, by: Position, at: Timestamp) {
        match &self.raised {
            Some(raised) if self.open => {
                self.resolved = Some(raised.resolved(by, at));
                self.open = false;
            }
            Some(_) => {}
            None => self.resolved = Some(Resolved { by, at, days_late: 0.0, value: 1.0 }),
        }
    }

    /// Reopening an open issue changes nothing.
    fn reopen(&mut self, by: Position, at: Timestamp) {
        if let (Some(raised), false, Some(_)) = (&mut self.raised, self.open, &self.resolved) {
            self.open = true;
            self.reopened = self.reopened.saturating_add(1);
            (raised.by, raised.due) = (by, at.plus_days(raised.allowed_days));
        }
    }

    /// What a resolution is worth after so many reopenings.
    fn value(&self, resolved: &Resolved, policy: &ServicePolicy) -> f64 {
        (resolved.value - policy.reopened_loss * f64::from(self.reopened)).max(0.0)
    }
}

impl Projection for Issues<'_> {
    /// The issue record, in the order in which the issues were first met.
    type View = Vec<IssueLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::IssueRaised { issue, severity, due, project } = fact.matter {
            let raised =
                Raised::new(severity, due.map(|due| self.setting.instant(due)), project, fact, self.policy());
            self.issue(issue, fact).raise(raised);
        } else if let Matter::IssueResolved { issue } = fact.matter {
            self.issue(issue, fact).resolve(fact.position, fact.occurred_at);
        } else if let Matter::IssueReopened { issue } = fact.matter {
            self.issue(issue, fact).reopen(fact.position, fact.occurred_at);
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Vec<IssueLine> {
        let events = self.trail.by_thing();
        self.issues.iter().filter_map(|(number, issue)| self.line(number, issue, &events, as_of)).collect()
    }
}
