//! The figures of one account: stage, outlook, health and score, folded together.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::demand::Demand;
use crate::experience::ExperienceView;
use crate::fact::{Fact, Matter};
use crate::health::{self, Contact, Health, HealthEstimates, HealthView};
use crate::id::Criterion;
use crate::judgement::Judgements;
use crate::kernel::{Quantity, decay};
use crate::outlook::{Dealings, OutlookView};
use crate::position::Position;
use crate::profile::Profile;
use crate::projection::Projection;
use crate::score::{self, Score, ScoreEstimates, ScoreView};
use crate::setting::Setting;
use crate::stage::{Flag, StageState, StageView};
use crate::time::Timestamp;

/// Folds one account's effective history into its figures.
///
/// Over `f64` it gives the figures alone, over [`Itemised`](crate::kernel::Itemised) also what each event
/// contributes to them.
#[derive(Debug, Clone)]
pub struct Figures<'p, Q: Quantity = f64> {
    setting: Setting<'p>,
    /// The first event.
    began: Option<(Position, Timestamp)>,
    closed: Option<(Position, Timestamp)>,
    profile: Profile,
    strengths: BTreeMap<Criterion, f64>,
    stage: StageState<'p>,
    demand: Demand<'p, Q>,
    judgements: Judgements<Q>,
    health: Health<'p, Q>,
    score: Score<'p, Q>,
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

/// What the formulas give, before it is shown.
#[derive(Debug, Clone)]
pub(crate) struct FiguresEstimates<Q: Quantity> {
    pub(crate) health: HealthEstimates<Q>,
    pub(crate) score: ScoreEstimates<Q>,
    /// Of the dimensions of health and score.
    pub(crate) weights: ([f64; 6], [f64; 4]),
    pub(crate) outlook: Option<OutlookView<Q>>,
    pub(crate) exposure: Q,
    pub(crate) experience: ExperienceView,
}

impl<'p, Q: Quantity> Figures<'p, Q> {
    /// The state before the first event.
    pub fn new(setting: Setting<'p>) -> Self {
        Self {
            setting,
            began: None,
            closed: None,
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
        self.closed.map(|(_, at)| at)
    }

    /// The stage's own state, with the amounts that had no rate.
    pub fn stage(&self) -> &StageState<'p> {
        &self.stage
    }

    /// When the first event happened.
    pub(crate) fn began_at(&self) -> Option<Timestamp> {
        self.began.map(|(_, at)| at)
    }

    /// The orders.
    pub(crate) fn demand(&self) -> &Demand<'p, Q> {
        &self.demand
    }

    /// The dimensions of health.
    pub(crate) fn health(&self) -> &Health<'p, Q> {
        &self.health
    }

    /// C~/(Gain + 1): above 2 we only give.
    pub fn exposure(&self, as_of: Timestamp) -> Q {
        self.health.exposure(as_of)
    }

    /// What experience says of the account.
    pub fn experience(&self) -> ExperienceView {
        let Setting { epoch, own, policy, .. } = self.setting;
        ExperienceView::of(&self.profile, &self.strengths, epoch, own, &policy.experience)
    }

    fn apply_standing(&mut self, fact: &Fact) {
        if let Matter::AccountClosed = fact.matter {
            self.closed = Some((fact.position, fact.occurred_at));
        } else if let Matter::AccountReopened | Matter::OrderPlaced { .. } = fact.matter {
            self.closed = None;
        } else if let Matter::StrengthRated { criterion, value } = fact.matter
            && let Ok(criterion) = Criterion::new(self.setting.names.text(criterion))
        {
            self.strengths.insert(criterion, value);
        }
    }

    /// Confidence in a volume: how long the account has been looked at.
    ///
    /// `Formula:` 1 - `d_90`(T - start of the account). `Source:` model specification, section 2.
    fn looked(&self, as_of: Timestamp) -> Q {
        let half_life_days = self.setting.policy.health.looked_half_life_days;
        let looked = |(by, began)| Q::of_event(by, 1.0 - decay(half_life_days, as_of.days_since(began)));
        self.began.map_or_else(Q::default, looked)
    }

    fn outlook(&self, as_of: Timestamp) -> Option<OutlookView<Q>> {
        let dealings = self.closed.map_or(Dealings::Open, |(by, _)| Dealings::Closed(by));
        OutlookView::of(&self.setting, &self.demand, dealings, as_of)
    }

    fn beside_health<'a>(
        &'a self,
        outlook: Option<&'a OutlookView<Q>>,
        contact: Contact,
        as_of: Timestamp,
    ) -> health::Beside<'a, Q> {
        health::Beside { outlook, judgements: &self.judgements, looked: self.looked(as_of), contact }
    }

    fn beside_score(&self, fit: f64, as_of: Timestamp) -> score::Beside<'_, 'p, Q> {
        let (demand, judgements) = (&self.demand, &self.judgements);
        score::Beside { demand, judgements, fit, looked: self.looked(as_of) }
    }

    /// The stage alone.
    pub(crate) fn stage_at(&self, as_of: Timestamp) -> Option<StageView> {
        self.stage.evaluate(as_of)
    }

    /// The score alone.
    pub(crate) fn score_at(&self, as_of: Timestamp) -> ScoreView {
        self.score.evaluate(&self.beside_score(self.experience().fit, as_of), as_of)
    }

    /// Health alone, of an account that is not stalled: where it is, the colour is not the true one.
    pub(crate) fn health_at(&self, as_of: Timestamp) -> HealthView {
        let outlook = self.outlook(as_of);
        self.health.evaluate(&self.beside_health(outlook.as_ref(), Contact::Alive, as_of), as_of)
    }

    /// What the formulas give, before it is shown.
    pub(crate) fn estimates(&self, as_of: Timestamp) -> FiguresEstimates<Q> {
        let outlook = self.outlook(as_of);
        let beside = self.beside_health(outlook.as_ref(), Contact::Alive, as_of);
        let health = self.health.estimates(&beside, as_of);
        let experience = self.experience();
        let score = self.score.estimates(&self.beside_score(experience.fit, as_of), as_of);
        let weights = (self.health.weights(), self.score.weights());
        FiguresEstimates { health, score, weights, outlook, experience, exposure: self.exposure(as_of) }
    }
}

impl<Q: Quantity> Projection for Figures<'_, Q> {
    type View = FiguresView;

    fn apply(&mut self, fact: &Fact) {
        self.began.get_or_insert((fact.position, fact.occurred_at));
        self.profile.apply(&fact.matter);
        self.apply_standing(fact);
        self.demand.apply(fact);
        let demand = &mut self.demand;
        self.stage.apply_telling(fact, |by, movement| demand.movement(by, fact.occurred_at, movement));
        self.judgements.apply(fact);
        self.health.apply(fact);
        self.score.apply(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> FiguresView {
        let stage = self.stage_at(as_of);
        let outlook = self.outlook(as_of);
        let stalled = stage.as_ref().is_some_and(|stage| stage.flags.contains(&Flag::Stalled));
        let contact = if stalled { Contact::Stalled } else { Contact::Alive };
        let health = self.health.evaluate(&self.beside_health(outlook.as_ref(), contact, as_of), as_of);
        let score = self.score_at(as_of);
        FiguresView { stage, health, score, outlook: outlook.map(|outlook| outlook.bare()) }
    }
}
