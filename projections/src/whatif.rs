//! What if: an account as it is beside the same account with events taken away or added.
//!
//! The other history is an [`Image`](crate::image::Image) like any, and folded like any; here the two views are
//! compared. What is measured over the whole portfolio is held: other accounts do not move.

use serde::Serialize;

use crate::account::AccountView;
use crate::health::Colour;
use crate::measure::Measure;
use crate::quadrant::Quadrant;
use crate::stage::{Flag, Next, Stage};
use crate::time::Timestamp;

/// An account as it is, and as it would be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Every measure.
    pub measures: Vec<MeasureCompared>,
    /// How the account stands.
    pub before: Outline,
    /// How it would stand.
    pub after: Outline,
}

/// A measure as it is, and as it would be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeasureCompared {
    /// What is measured.
    pub measure: Measure,
    /// As it is; `None` where there is no such figure.
    pub before: Option<f64>,
    /// As it would be.
    pub after: Option<f64>,
    /// The difference; `None` unless there are both.
    pub change: Option<f64>,
}

/// How an account stands, beside its measures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outline {
    /// Events folded.
    pub events: u64,
    /// The stage; `None` without events.
    pub stage: Option<Stage>,
    /// When it began.
    pub since: Option<Timestamp>,
    /// Remarks on it.
    pub flags: Vec<Flag>,
    /// What comes next unless something happens.
    pub next: Option<Next>,
    /// What health means at a glance.
    pub colour: Colour,
    /// What to do about the account.
    pub quadrant: Quadrant,
}

impl Comparison {
    /// Compares two views.
    pub fn of(before: &AccountView, after: &AccountView) -> Self {
        let compared = |measure: Measure| {
            let (before, after) = (measure.read(before), measure.read(after));
            let change = before.zip(after).map(|(before, after)| after - before);
            MeasureCompared { measure, before, after, change }
        };
        let measures = Measure::ALL.into_iter().map(compared).collect();
        Self { measures, before: Outline::of(before), after: Outline::of(after) }
    }
}

impl Outline {
    /// How a view stands.
    pub fn of(view: &AccountView) -> Self {
        let stage = view.figures.stage.as_ref();
        Self {
            events: view.events,
            stage: stage.map(|stage| stage.name),
            since: stage.map(|stage| stage.since),
            flags: stage.map(|stage| stage.flags.clone()).unwrap_or_default(),
            next: stage.and_then(|stage| stage.next),
            colour: view.figures.health.colour,
            quadrant: view.quadrant,
        }
    }
}
