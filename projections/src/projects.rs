//! Long-term value: projects with their outcome, and needs with what followed.

use serde::Serialize;

use crate::event::delivery::DeliveryOutcome;
use crate::event::opportunity::ProjectOutcome;
use crate::fact::{ByNumber, EventRef, Fact, Matter, Number};
use crate::id::ProjectId;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the projects. The first closing of a project is its closing.
#[derive(Debug, Clone)]
pub struct Projects<'p> {
    setting: Setting<'p>,
    projects: ByNumber<ProjectId, Project>,
}

#[derive(Debug, Clone, Default)]
struct Project {
    opened_at: Option<Timestamp>,
    closed: Option<(ProjectOutcome, Timestamp)>,
    events: Vec<EventRef>,
}

/// A line of the projects.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProjectLine {
    /// The project.
    pub project: String,
    /// How it ended; `None` while it goes on.
    pub outcome: Option<ProjectOutcome>,
    /// When it began; `None` where nothing says so.
    pub opened_at: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// Its own events, and bids, orders, deliveries and issues that name it.
    pub events: Vec<EventRef>,
}

impl<'p> Projects<'p> {
    /// No projects yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, projects: ByNumber::default() }
    }
}

/// The project that a fact names, if it names one.
fn named(matter: &Matter) -> Option<Number<ProjectId>> {
    if let Matter::ProjectOpened { project } | Matter::ProjectClosed { project, .. } = matter {
        Some(*project)
    } else if let Matter::OpportunityOpened(opened) = matter {
        opened.project
    } else if let Matter::BidSubmitted { project, .. }
    | Matter::OrderPlaced { project, .. }
    | Matter::DeliveryCompleted { project, .. }
    | Matter::IssueRaised { project, .. } = matter
    {
        *project
    } else {
        None
    }
}

impl Projection for Projects<'_> {
    /// In the order in which they were first met.
    type View = Vec<ProjectLine>;

    fn apply(&mut self, fact: &Fact) {
        let Some(number) = named(&fact.matter) else { return };
        let project = self.projects.entry(number);
        project.events.push(fact.event());
        if let Matter::ProjectOpened { .. } = fact.matter {
            project.opened_at.get_or_insert(fact.occurred_at);
        } else if let Matter::ProjectClosed { outcome, .. } = fact.matter {
            project.closed.get_or_insert((outcome, fact.occurred_at));
        }
    }

    fn evaluate(&self, _as_of: Timestamp) -> Self::View {
        let known = self.projects.iter().filter(|(_, project)| !project.events.is_empty());
        let line = |(number, project): (Number<ProjectId>, &Project)| ProjectLine {
            project: self.setting.names.text(number).to_owned(),
            outcome: project.closed.map(|(outcome, _)| outcome),
            opened_at: project.opened_at,
            closed_at: project.closed.map(|(_, at)| at),
            events: project.events.clone(),
        };
        known.map(line).collect()
    }
}

/// Folds the needs. No event says which need it meets, so that a line says what came after it, and no more.
#[derive(Debug, Clone)]
pub struct Needs<'p> {
    setting: Setting<'p>,
    lines: Vec<NeedLine>,
}

/// A line of the needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeedLine {
    /// The need.
    pub need: String,
    /// When it was stated.
    pub stated_at: Timestamp,
    /// The first accepted delivery, successful project or confirmed benefit after it: a sign that it was met.
    pub answered_at: Option<Timestamp>,
    /// The statement, and that sign.
    pub events: Vec<EventRef>,
}

impl<'p> Needs<'p> {
    /// No needs yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, lines: Vec::new() }
    }
}

fn answers(matter: &Matter) -> bool {
    matches!(
        matter,
        Matter::DeliveryCompleted { outcome: DeliveryOutcome::Accepted, .. }
            | Matter::ProjectClosed { outcome: ProjectOutcome::Success, .. }
            | Matter::BenefitConfirmed { .. }
    )
}

impl Projection for Needs<'_> {
    /// In the order of time.
    type View = Vec<NeedLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::NeedStated { need } = fact.matter {
            self.lines.push(NeedLine {
                need: self.setting.names.text(need).to_owned(),
                stated_at: fact.occurred_at,
                answered_at: None,
                events: vec![fact.event()],
            });
        } else if answers(&fact.matter) {
            for line in self.lines.iter_mut().filter(|line| line.answered_at.is_none()) {
                line.answered_at = Some(fact.occurred_at);
                line.events.push(fact.event());
            }
        }
    }

    fn evaluate(&self, _as_of: Timestamp) -> Self::View {
        self.lines.clone()
    }
}
