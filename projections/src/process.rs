//! The process 识别 分配 规划 孵化 提升 动态评估 价值产出 as a checklist, derived from events; apart from the stage.
//!
//! Which event does a step is our reading: the account was identified when it was opened, assigned with the first
//! owner, planned with the first plan, incubated with the first need or opportunity, uplifted with the first bid won
//! or order, evaluated with the first evaluation, and value was realised with the first accepted delivery,
//! successful project or confirmed benefit.

use serde::Serialize;

use crate::event::delivery::DeliveryOutcome;
use crate::event::opportunity::ProjectOutcome;
use crate::event::people::TeamRole;
use crate::fact::{EventRef, Fact, Matter};
use crate::projection::Projection;
use crate::time::Timestamp;

/// A step of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 识别.
    Identify,
    /// 分配.
    Assign,
    /// 规划.
    Plan,
    /// 孵化.
    Incubate,
    /// 提升.
    Uplift,
    /// 动态评估.
    Evaluate,
    /// 价值产出.
    RealiseValue,
}

impl Step {
    /// Every step, in the order of the process.
    pub const ALL: [Self; 7] = [
        Self::Identify,
        Self::Assign,
        Self::Plan,
        Self::Incubate,
        Self::Uplift,
        Self::Evaluate,
        Self::RealiseValue,
    ];

    /// The step that an event does.
    fn done_by(matter: &Matter) -> Option<Self> {
        if let Matter::AccountOpened(_) = matter {
            Some(Self::Identify)
        } else if let Matter::TeamAssigned { role: TeamRole::Owner, .. } = matter {
            Some(Self::Assign)
        } else if let Matter::PlanSet(_) = matter {
            Some(Self::Plan)
        } else if let Matter::NeedStated { .. } | Matter::OpportunityOpened(_) = matter {
            Some(Self::Incubate)
        } else if let Matter::BidWon { .. } | Matter::OrderPlaced { .. } = matter {
            Some(Self::Uplift)
        } else if let Matter::AccountEvaluated { .. } = matter {
            Some(Self::Evaluate)
        } else if let Matter::DeliveryCompleted { outcome: DeliveryOutcome::Accepted, .. }
        | Matter::ProjectClosed { outcome: ProjectOutcome::Success, .. }
        | Matter::BenefitConfirmed { .. } = matter
        {
            Some(Self::RealiseValue)
        } else {
            None
        }
    }
}

/// Folds the checklist.
#[derive(Debug, Clone, Default)]
pub struct Process {
    done: [Option<EventRef>; 7],
}

/// A line of the checklist.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProcessLine {
    /// The step.
    pub step: Step,
    /// When it was first done; `None` while it is not.
    pub done_at: Option<Timestamp>,
    /// The event that did it.
    pub events: Vec<EventRef>,
}

impl Projection for Process {
    /// In the order of the process.
    type View = Vec<ProcessLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Some(step) = Step::done_by(&fact.matter)
            && let Some(done) = self.done.get_mut(step as usize)
        {
            done.get_or_insert(fact.event());
        }
    }

    fn evaluate(&self, _as_of: Timestamp) -> Self::View {
        let steps = Step::ALL.into_iter().zip(self.done);
        let line = |(step, done): (Step, Option<EventRef>)| ProcessLine {
            step,
            done_at: done.map(|event| event.occurred_at),
            events: done.into_iter().collect(),
        };
        steps.map(line).collect()
    }
}
