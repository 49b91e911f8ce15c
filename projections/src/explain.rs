//! Reasons: how much of a figure each event brought about.
//!
//! The same fold and the same formulas that give the figures run over [`Itemised`] numbers; so a value here has
//! the bits of the one that is shown, and its contributions sum to it. `Source:` model specification, section 11.
//!
//! Readings, where the specification leaves a choice:
//! - The baseline is what priors and intercepts give by themselves. For an account that has ordered, that of the
//!   outlook is 1/(1 + e^-b0), and engagement has its share of it.
//! - The own rhythm in the outlook weighs the silence after the last order day, and is that order's.
//! - A closing takes all of the outlook, and is told with what it took.
//! - Evidence of a promise is of what closed it; while it is open, of the promise. Evidence of an issue is of its
//!   resolution; while it is overdue, of what set its due date: the raising or the last reopening.
//! - Confidence in a volume grows with time since the first event, and is that event's.
//! - A return has what it takes away; what cancels out as a whole contributes nothing in its parts.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::experience::Term;
use crate::fact::{EventRef, Fact};
use crate::figures::{Figures, FiguresEstimates};
use crate::health::percent;
use crate::kernel::{Estimate, Itemised, Quantity as _};
use crate::measure::Measure;
use crate::position::Position;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds one account's effective history into its figures and the reasons for them.
///
/// Cost: O(1) per event; to read, O(n log n) for each of a few dozen steps of the formulas.
#[derive(Debug, Clone)]
pub struct Explainer<'p> {
    figures: Figures<'p, Itemised>,
    events: BTreeMap<Position, EventRef>,
}

/// The reasons for every measure at an instant.
#[derive(Debug, Clone)]
pub struct Reasons {
    estimates: FiguresEstimates<Itemised>,
    events: BTreeMap<Position, EventRef>,
}

/// The reasons for one measure: its value is the baseline, all points, those of the rest included, and the
/// residual.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// What is explained.
    pub measure: Measure,
    /// The figure, as it is shown; `None` for an outlook before the first order, which has no reasons.
    pub value: Option<f64>,
    /// What priors and intercepts give by themselves.
    pub baseline: f64,
    /// What each event adds or takes, in the measure's own units; the greatest first.
    pub contributions: Vec<Contribution>,
    /// What the events that are not listed add or take together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<Rest>,
    /// What rounding leaves: below 1e-9.
    pub residual: f64,
    /// The dimensions that the measure is the weighted sum of; empty for one that is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Share>,
    /// The log odds that the baseline of potential comes from; empty while experience says nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
}

/// What one event adds to a figure or takes from it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contribution {
    /// The event.
    #[serde(flatten)]
    pub event: EventRef,
    /// How much.
    pub points: f64,
    /// How much of it through each dimension; empty for a measure that is not a sum of dimensions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub dimensions: BTreeMap<Measure, f64>,
}

/// Events that are not listed one by one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rest {
    /// How many.
    pub events: usize,
    /// What they add or take together.
    pub points: f64,
}

/// A dimension's share of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The dimension.
    pub dimension: Measure,
    /// Its part of the value, weight applied.
    pub value: f64,
    /// Its part of the baseline, weight applied.
    pub baseline: f64,
}

/// The dimensions of health, in the order of their estimates.
const HEALTH: [Measure; 6] = [
    Measure::Engagement,
    Measure::Coverage,
    Measure::Integrity,
    Measure::Benefit,
    Measure::Reciprocity,
    Measure::Service,
];

/// The dimensions of the score, in the order of their estimates.
const SCORE: [Measure; 4] =
    [Measure::Sales, Measure::Potential, Measure::Demonstration, Measure::Winnability];

impl<'p> Explainer<'p> {
    /// The state before the first event.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { figures: Figures::new(setting), events: BTreeMap::new() }
    }
}

impl Projection for Explainer<'_> {
    type View = Reasons;

    fn apply(&mut self, fact: &Fact) {
        self.events.insert(fact.position, fact.event());
        self.figures.apply(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> Reasons {
        Reasons { estimates: self.figures.estimates(as_of), events: self.events.clone() }
    }
}

impl Reasons {
    /// The reasons for a measure.
    pub fn of(&self, measure: Measure) -> Explanation {
        let (health, score) = (&self.estimates.health, &self.estimates.score);
        let whole = match measure {
            Measure::Health => Some(health.whole.q.clone().through(percent)),
            Measure::Confidence => Some(health.whole.confidence.clone().through(|known| known.min(1.0))),
            Measure::Score => Some(score.whole.q.clone().through(percent)),
            Measure::Outlook => {
                self.estimates.outlook.as_ref().map(|outlook| outlook.active_probability.clone())
            }
            Measure::Exposure => Some(self.estimates.exposure.clone()),
            Measure::Engagement
            | Measure::Coverage
            | Measure::Integrity
            | Measure::Benefit
            | Measure::Reciprocity
            | Measure::Service
            | Measure::Sales
            | Measure::Potential
            | Measure::Demonstration
            | Measure::Winnability => {
                self.dimension(measure).map(|estimate| estimate.q.clone().through(percent))
            }
        };
        let parts = self.parts(measure);
        let value = whole.as_ref().map(Itemised::value);
        let whole = whole.unwrap_or_default();
        let contributions = self.contributions(&whole, &parts);
        let points: f64 = contributions.iter().map(|one| one.points).sum();
        let share = |(dimension, part): &(Measure, Itemised)| Share {
            dimension: *dimension,
            value: part.value(),
            baseline: part.baseline(),
        };
        Explanation {
            measure,
            value,
            baseline: whole.baseline(),
            residual: whole.value() - whole.baseline() - points,
            contributions,
            rest: None,
            dimensions: parts.iter().map(share).collect(),
            terms: self.terms(measure),
        }
    }

    fn dimension(&self, measure: Measure) -> Option<&Estimate<Itemised>> {
        let place = |of: &[Measure]| of.iter().position(|dimension| *dimension == measure);
        let health = place(&HEALTH).and_then(|place| self.estimates.health.dimensions.get(place));
        health.or_else(|| place(&SCORE).and_then(|place| self.estimates.score.dimensions.get(place)))
    }

    /// The parts of a measure that is a weighted sum of dimensions.
    fn parts(&self, measure: Measure) -> Vec<(Measure, Itemised)> {
        let (health, score) = (&self.estimates.health.dimensions, &self.estimates.score.dimensions);
        let (health_weights, score_weights) = self.estimates.weights;
        let health = || HEALTH.into_iter().zip(health_weights).zip(health);
        let value = |((dimension, weight), estimate): ((Measure, f64), &Estimate<Itemised>)| {
            (dimension, estimate.q.clone().times(100.0 * weight))
        };
        let confidence = |((dimension, weight), estimate): ((Measure, f64), &Estimate<Itemised>)| {
            (dimension, estimate.confidence.clone().times(weight))
        };
        if measure == Measure::Health {
            health().map(value).collect()
        } else if measure == Measure::Confidence {
            health().map(confidence).collect()
        } else if measure == Measure::Score {
            SCORE.into_iter().zip(score_weights).zip(score).map(value).collect()
        } else {
            Vec::new()
        }
    }

    fn contributions(&self, whole: &Itemised, parts: &[(Measure, Itemised)]) -> Vec<Contribution> {
        let through = |by: &Position| {
            let points = |(dimension, part): &(Measure, Itemised)| {
                part.points().get(by).filter(|points| **points != 0.0).map(|points| (*dimension, *points))
            };
            parts.iter().filter_map(points).collect()
        };
        let contribution = |(by, points): (&Position, &f64)| {
            let event = *self.events.get(by)?;
            (*points != 0.0).then(|| Contribution { event, points: *points, dimensions: through(by) })
        };
        let mut contributions: Vec<_> = whole.points().iter().filter_map(contribution).collect();
        contributions.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
        contributions
    }

    fn terms(&self, measure: Measure) -> Vec<Term> {
        if matches!(measure, Measure::Score | Measure::Potential) {
            self.estimates.experience.terms.clone()
        } else {
            Vec::new()
        }
    }
}

impl Explanation {
    /// The same with no more than so many events listed one by one, the greatest.
    #[must_use]
    pub fn top(mut self, most: usize) -> Self {
        if self.contributions.len() > most {
            let rest = self.contributions.split_off(most);
            let points = rest.iter().map(|one| one.points).sum();
            self.rest = Some(Rest { events: rest.len(), points });
        }
        self
    }
}

#[cfg(test)]
mod tests;
