//! 示范作用 demonstration: what the account shows to others.

use crate::event::feedback::ReferenceForm;
use crate::fact::{Fact, Matter};
use crate::kernel::{Estimate, FadingSum, Quantity};
use crate::setting::Setting;
use crate::time::Timestamp;

/// The faded references. `Source:` model specification, section 6.
#[derive(Debug, Clone)]
pub struct Demonstration<'p, Q: Quantity = f64> {
    setting: Setting<'p>,
    references: Q::Sum,
}

impl<'p, Q: Quantity> Demonstration<'p, Q> {
    /// No references yet.
    pub fn new(setting: Setting<'p>) -> Self {
        let references = Q::Sum::new(setting.policy.score.demonstration.half_life_days);
        Self { setting, references }
    }

    /// Takes the next fact. A referral counts when its account had ordered by the epoch.
    pub fn apply(&mut self, fact: &Fact) {
        let Matter::ReferenceGiven { form, led_to } = &fact.matter else { return };
        let policy = &self.setting.policy.score.demonstration;
        let had_ordered =
            led_to.as_deref().is_some_and(|account| self.setting.epoch.ordered.contains(account));
        let mass = match form {
            ReferenceForm::Call => policy.call,
            ReferenceForm::CaseStudy => policy.case_study,
            ReferenceForm::Benchmark => policy.benchmark,
            ReferenceForm::Award => policy.award,
            ReferenceForm::Referral if had_ordered => policy.referral,
            ReferenceForm::Referral => 0.0,
            ReferenceForm::IndustryLeader => policy.industry_leader,
        };
        self.references.take(fact.position, fact.occurred_at, mass);
    }

    /// The estimate, judgements apart; `looked` is the confidence in a volume.
    pub fn estimate(&self, looked: Q, as_of: Timestamp) -> Estimate<Q> {
        let saturation = self.setting.policy.score.demonstration.saturation;
        Estimate::volume(self.references.read(as_of), saturation, looked)
    }
}
