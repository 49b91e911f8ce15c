//! Judgements: what people say of a dimension beside what its formula finds.

use crate::event::assessment::Dimension;
use crate::fact::{Fact, Matter};
use crate::kernel::{Estimate, FadingEvidence, Quantity};
use crate::policy::Policy;
use crate::time::Timestamp;

/// The assessments of every dimension of health and score, each of mass 1, fading.
///
/// `Source:` model specification, section 5, Judgement.
#[derive(Debug, Clone)]
pub struct Judgements<Q: Quantity = f64> {
    /// By dimension, in the order of [`Dimension::ALL`].
    evidence: [FadingEvidence<Q>; 10],
}

impl<Q: Quantity> Judgements<Q> {
    /// No judgements yet.
    pub fn new(policy: &Policy) -> Self {
        let health = &policy.health;
        let half_life_days = |dimension: &Dimension| match dimension {
            Dimension::Engagement => health.engagement.half_life_days,
            Dimension::Coverage => health.coverage.half_life_days,
            Dimension::Integrity => health.integrity.half_life_days,
            Dimension::Benefit => health.benefit.half_life_days,
            Dimension::Reciprocity => health.reciprocity.judgement_half_life_days,
            Dimension::Service => health.service.half_life_days,
            Dimension::Sales | Dimension::Potential | Dimension::Demonstration | Dimension::Winnability => {
                policy.score.judgement_half_life_days
            }
        };
        let new = |place: usize| {
            FadingEvidence::new(Dimension::ALL.get(place).map_or(f64::INFINITY, half_life_days))
        };
        Self { evidence: std::array::from_fn(new) }
    }

    /// Takes the next fact; one that judges nothing is passed over.
    pub fn apply(&mut self, fact: &Fact) {
        if let Matter::AssessmentMade { dimension, value: Some(value), .. } = fact.matter
            && let Some(evidence) = self.evidence.get_mut(dimension as usize)
        {
            evidence.add(fact.position, fact.occurred_at, 1.0, value);
        }
    }

    /// Whether anything was said of a dimension that has not faded to nothing.
    pub fn has_evidence(&self, dimension: Dimension, as_of: Timestamp) -> bool {
        self.evidence.get(dimension as usize).is_some_and(|evidence| evidence.at(as_of).mass.value() > 0.0)
    }

    /// What the formula found, joined with what was said.
    pub fn judge(&self, dimension: Dimension, formula: Estimate<Q>, as_of: Timestamp) -> Estimate<Q> {
        match self.evidence.get(dimension as usize) {
            Some(evidence) => evidence.at(as_of).judge(formula),
            None => formula,
        }
    }
}
