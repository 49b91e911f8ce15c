//! Why the stage is what it is: every transition with the event behind it, what decides now, and what comes next.

use serde::Serialize;

use super::{Cause, Flag, Next, Stage, StageState, StageView, Transition};
use crate::fact::{EventRef, Fact, Matter};
use crate::policy::Policy;
use crate::projection::Projection;
use crate::rates::Rates;
use crate::time::{Timestamp, Zone};

/// Folds one account's effective history into its stage and the reasons for it.
#[derive(Debug, Clone)]
pub struct StageExplainer<'p> {
    state: StageState<'p>,
    /// The first event and those that can bring a transition about, in the order of time.
    events: Vec<EventRef>,
}

/// The reasons for a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageReasons {
    /// The stage.
    pub name: Stage,
    /// When it began.
    pub since: Timestamp,
    /// Why it began.
    pub cause: Cause,
    /// The event behind that.
    pub event: Option<EventRef>,
    /// Remarks.
    pub flags: Vec<Flag>,
    /// Every transition so far, in the order of time.
    pub transitions: Vec<TransitionReason>,
    /// What the stage is decided by, as it stands now.
    pub standing: Standing,
    /// The transition that comes next unless something happens.
    pub next: Option<Next>,
}

/// A transition with the event behind it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TransitionReason {
    /// The transition.
    #[serde(flatten)]
    pub transition: Transition,
    /// The event that brought it about: of a silence, the order that it followed.
    pub event: Option<EventRef>,
}

/// What the stage is decided by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Standing {
    /// Order days since the latest entry into acquisition.
    pub order_days: u32,
    /// The trend at the last of them; `None` while it was not taken.
    pub trend: Option<Cause>,
    /// The silence since the last order day; `None` before the first.
    pub silence: Option<Cause>,
    /// When the silence is long enough to be watched; in growth and maturity.
    pub watch_at: Option<Timestamp>,
    /// When it is long enough for decline; in growth and maturity.
    pub decline_at: Option<Timestamp>,
    /// When it is long enough for churn.
    pub churn_at: Option<Timestamp>,
}

impl<'p> StageExplainer<'p> {
    /// The state before the first event.
    pub fn new(policy: &'p Policy, zone: Zone, rates: &'p Rates) -> Self {
        Self { state: StageState::new(policy, zone, rates), events: Vec::new() }
    }

    fn event_behind(&self, cause: &Cause, at: Timestamp) -> Option<EventRef> {
        let position = match cause {
            Cause::Event { position, .. } | Cause::Trend { position, .. } => Some(*position),
            Cause::Silence { .. } | Cause::Age { .. } => None,
        };
        let order = crate::event::EventType::OrderPlaced;
        let is_behind = |event: &&EventRef| match position {
            Some(position) => event.position == position,
            None => event.event_type == order && event.occurred_at <= at,
        };
        self.events.iter().rev().find(is_behind).copied()
    }
}

impl Projection for StageExplainer<'_> {
    /// `None` before the first event.
    type View = Option<StageReasons>;

    fn apply(&mut self, fact: &Fact) {
        let may_move = matches!(
            fact.matter,
            Matter::OrderPlaced { .. } | Matter::AccountClosed | Matter::AccountReopened
        );
        if may_move || self.events.is_empty() {
            self.events.push(fact.event());
        }
        self.state.apply(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> Option<StageReasons> {
        let StageView { name, since, cause, flags, next, transitions } = self.state.evaluate(as_of)?;
        let reason = |transition: Transition| TransitionReason {
            transition,
            event: self.event_behind(&transition.cause, transition.at),
        };
        Some(StageReasons {
            name,
            since,
            cause,
            event: self.event_behind(&cause, since),
            flags,
            transitions: transitions.into_iter().map(reason).collect(),
            standing: self.state.standing(as_of)?,
            next,
        })
    }
}

impl StageState<'_> {
    /// What the stage is decided by at an instant; `None` before the first event.
    fn standing(&self, as_of: Timestamp) -> Option<Standing> {
        let mut walk = self.walk.clone()?;
        walk.walk_through(as_of);
        Some(walk.standing(as_of))
    }
}
