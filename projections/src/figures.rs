//! The figures of one account: stage, outlook, health and score, folded together.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::demand::Demand;
use crate::experience::ExperienceView;
use crate::fact::{Fact, Matter};
use crate::health::{self, Contact, Health, HealthView};
use crate::id::Criterion;
use crate::judgement::Judgements;
use crate::kernel::decay;
use crate::outlook::{Dealings, OutlookView};
use crate::profile::Profile;
use crate::projection::Projection;
use crate::score::{self, Score, ScoreView};
use crate::setting::Setting;
use crate::stage::{Flag, StageState, StageView};
use crate::time::Timestamp;

/// Folds one account's effective history into its figures.
#[derive(Debug, Clone)]
pub struct Figures<'p> {
    setting: Setting<'p>,
    /// The first event.
    began_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    profile: Profile,
    strengths: BTreeMap<Criterion, f64>,
    stage: StageState<'p>,
    demand: Demand<'p>,
    judgements: Judgements,
    health: Health<'p>,
    score: Score<'p>,
}

/// The figures at an instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FiguresView {
    /// The lifecycle stage; `None` before the first event.
    pub stage: Option<StageView>,
    /// Relationship health.
    pub health: HealthView,
    /// The composite score.
    pub score: ScoreView,
    /// The outlook; `None` before the first order.
    pub outlook: Option<OutlookView>,
}

impl<'p> Figures<'p> {
    /// The state before the first event.
    pub fn new(setting: Setting<'p>) -> Self {
        Self {
            setting,
            began_at: None,
            closed_at: None,
            profile: Profile::default(),
            strengths: BTreeMap::new(),
            stage: StageState::new(setting.policy, setting.zone, setting.rates),
            demand: Demand::new(setting.policy, setting.zone),
            judgements: Judgements::new(setting.policy),
            health: Health::new(setting),
            score: Score::new(setting),
        }
    }

    /// What is known about the account.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// When the account was closed, while it stands so.
    pub fn closed_at(&self) -> Option<Timestamp> {
        self.closed_at
    }

    /// The stage's own state, with the amounts that had no rate.
    pub fn stage(&self) -> &StageState<'p> {
        &self.stage
    }

    /// C~/(Gain + 1): above 2 we only give.
    pub fn exposure(&self, as_of: Timestamp) -> f64 {
        self.health.exposure(as_of)
    }

    /// What experience says of the account.
    pub fn experience(&self) -> ExperienceView {
        let Setting { epoch, own, policy, .. } = self.setting;
        ExperienceView::of(&self.profile, &self.strengths, epoch, own, &policy.experience)
    }

    fn apply_standing(&mut self, fact: &Fact) {
        if let Matter::AccountClosed = fact.matter {
            self.closed_at = Some(fact.occurred_at);
        } else if let Matter::AccountReopened | Matter::OrderPlaced { .. } = fact.matter {
            self.closed_at = None;
        } else if let Matter::StrengthRated { criterion, value } = fact.matter
            && let Ok(criterion) = Criterion::new(self.setting.names.text(criterion))
        {
            self.strengths.insert(criterion, value);
        }
    }

    /// Confidence in a volume: how long the account has been looked at.
    ///
    /// `Formula:` 1 - `d_90`(T - start of the account). `Source:` model specification, section 2.
    fn looked(&self, as_of: Timestamp) -> f64 {
        let half_life_days = self.setting.policy.health.looked_half_life_days;
        self.began_at.map_or(0.0, |began| 1.0 - decay(half_life_days, as_of.days_since(began)))
    }
}

impl Projection for Figures<'_> {
    type View = FiguresView;

    fn apply(&mut self, fact: &Fact) {
        self.began_at.get_or_insert(fact.occurred_at);
        self.profile.apply(&fact.matter);
        self.apply_standing(fact);
        self.demand.apply(fact);
        let demand = &mut self.demand;
        self.stage.apply_telling(fact, |movement| demand.movement(fact.occurred_at, movement));
        self.judgements.apply(fact);
        self.health.apply(fact);
        self.score.apply(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> FiguresView {
        let stage = self.stage.evaluate(as_of);
        let dealings = if self.closed_at.is_some() { Dealings::Closed } else { Dealings::Open };
        let outlook = OutlookView::of(&self.setting, &self.demand, dealings, as_of);
        let stalled = stage.as_ref().is_some_and(|stage| stage.flags.contains(&Flag::Stalled));
        let (judgements, looked) = (&self.judgements, self.looked(as_of));
        let contact = if stalled { Contact::Stalled } else { Contact::Alive };
        let beside = health::Beside { outlook: outlook.as_ref(), judgements, looked, contact };
        let health = self.health.evaluate(&beside, as_of);
        let fit = self.experience().fit;
        let beside = score::Beside { demand: &self.demand, judgements, fit, looked };
        FiguresView { stage, health, score: self.score.evaluate(&beside, as_of), outlook }
    }
}
