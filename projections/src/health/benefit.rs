//! 惠人达己 benefit: what the customer got out of it.

use crate::event::delivery::DeliveryOutcome;
use crate::event::opportunity::ProjectOutcome;
use crate::fact::{Fact, Matter};
use crate::kernel::{Estimate, FadingEvidence, Quantity};
use crate::policy::health::BenefitPolicy;
use crate::setting::Setting;
use crate::time::Timestamp;

/// The outcomes; each event is one, and a feedback with two ratings is two.
///
/// `Source:` model specification, section 5, rule 4.
#[derive(Debug, Clone)]
pub struct Benefit<'p, Q: Quantity = f64> {
    policy: &'p BenefitPolicy,
    outcomes: FadingEvidence<Q>,
}

impl<'p, Q: Quantity> Benefit<'p, Q> {
    /// No outcomes yet.
    pub fn new(setting: &Setting<'p>) -> Self {
        let policy = &setting.policy.health.benefit;
        Self { policy, outcomes: FadingEvidence::new(policy.half_life_days) }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        let policy = self.policy;
        if let Matter::DeliveryCompleted { outcome, .. } = fact.matter {
            let value = match outcome {
                DeliveryOutcome::Accepted => 1.0,
                DeliveryOutcome::Defects => policy.delivery_with_defects,
                DeliveryOutcome::Rejected => 0.0,
            };
            self.add(fact, policy.delivery_mass, value);
        } else if let Matter::FeedbackGiven { csat, nps, .. } = fact.matter {
            if let Some(csat) = csat {
                self.add(fact, policy.feedback_mass, (f64::from(csat) - 1.0) / 4.0);
            }
            if let Some(nps) = nps {
                self.add(fact, policy.feedback_mass, f64::from(nps) / 10.0);
            }
        } else if let Matter::BenefitConfirmed { value, .. } = fact.matter {
            let mass = if value.is_some() { policy.confirmed_with_value_mass } else { policy.confirmed_mass };
            self.add(fact, mass, 1.0);
        } else if let Matter::ProjectClosed { outcome, .. } = fact.matter {
            let value = match outcome {
                ProjectOutcome::Success => 1.0,
                ProjectOutcome::Partial => policy.project_partial,
                ProjectOutcome::Failure => 0.0,
            };
            self.add(fact, policy.project_mass, value);
        }
    }

    fn add(&mut self, fact: &Fact, mass: f64, value: f64) {
        self.outcomes.add(fact.position, fact.occurred_at, mass, value);
    }

    /// Whether any outcome has not faded to nothing.
    pub fn has_evidence(&self, as_of: Timestamp) -> bool {
        self.outcomes.at(as_of).mass.value() > 0.0
    }

    /// The estimate, judgements apart.
    pub fn estimate(&self, as_of: Timestamp) -> Estimate<Q> {
        self.outcomes.at(as_of).shrunk(self.policy.prior)
    }
}
