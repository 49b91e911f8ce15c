//! 示范作用 demonstration: what the account shows to others.

use crate::event::feedback::ReferenceForm;
use crate::fact::{Fact, Matter};
use crate::kernel::{DecayedSum, Estimate};
use crate::setting::Setting;
use crate::time::Timestamp;

/// The faded references. `Source:` model specification, section 6.
#[derive(Debug, Clone)]
pub struct Demonstration<'p> {
    setting: Setting<'p>,
    references: DecayedSum,
}

impl<'p> Demonstration<'p> {
    /// No references yet.
    pub fn new(setting: Setting<'p>) -> Self {
        let references = DecayedSum::new(setting.policy.score.demonstration.half_life_days);
        Self { setting, references }
    }

    /// Takes the next fact. A referral counts when its account had ordered by the epoch.
    pub fn apply(&mut self, fact: &Fact) {
        let Matter::ReferenceGiven { form, led_to } = &fact.matter else { return };
        let policy = &self.setting.policy.score.demonstration;
        let had_ordered = led_to.as_ref().is_some_and(|account| self.setting.epoch.ordered.contains(account));
        let mass = match form {
            ReferenceForm::Call => policy.call,
            ReferenceForm::CaseStudy => policy.case_study,
            ReferenceForm::Benchmark => policy.benchmark,
            ReferenceForm::Award => policy.award,
            ReferenceForm::Referral if had_ordered => policy.referral,
            ReferenceForm::Referral => 0.0,
            ReferenceForm::IndustryLeader => policy.industry_leader,
        };
        self.references.add(fact.occurred_at, mass);
    }

    /// The estimate, judgements apart; `looked` is the confidence in a volume.
    pub fn estimate(&self, looked: f64, as_of: Timestamp) -> Estimate {
        let saturation = self.setting.policy.score.demonstration.saturation;
        Estimate::volume(self.references.at(as_of), saturation, looked)
    }
}
