//! Composite score 综合积分法: which accounts deserve to be key accounts.

pub mod demonstration;
pub mod potential;
pub mod winnability;

use serde::Serialize;

use crate::demand::Demand;
use crate::event::assessment::Dimension;
use crate::fact::Fact;
use crate::health::{DimensionView, percent};
use crate::judgement::Judgements;
use crate::kernel::{Estimate, Quantity};
use crate::setting::Setting;
use crate::time::Timestamp;
use demonstration::Demonstration;
use potential::Potential;
use winnability::Winnability;

/// Folds the dimensions of the score that do not follow from orders.
#[derive(Debug, Clone)]
pub struct Score<'p, Q: Quantity = f64> {
    setting: Setting<'p>,
    potential: Potential<'p, Q>,
    demonstration: Demonstration<'p, Q>,
    winnability: Winnability<'p, Q>,
}

/// What the score reads beside its own facts.
#[derive(Debug, Clone)]
pub struct Beside<'a, 'p, Q: Quantity = f64> {
    /// The orders.
    pub demand: &'a Demand<'p, Q>,
    /// The judgements.
    pub judgements: &'a Judgements<Q>,
    /// What experience says of the account, 0 to 1.
    pub fit: f64,
    /// Confidence in a volume, 0 to 1.
    pub looked: Q,
}

/// The score as its formulas give it, judgements joined; each figure on 0 to 1.
#[derive(Debug, Clone)]
pub(crate) struct ScoreEstimates<Q> {
    /// The dimensions, in the order of [`Dimension::ALL`], those of health left out.
    pub(crate) dimensions: [Estimate<Q>; 4],
    /// Their weighted sum.
    pub(crate) whole: Estimate<Q>,
}

/// The score at an instant. Figures are on 0 to 100, confidence on 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreView {
    /// The weighted sum of the dimensions.
    pub value: f64,
    /// How much of it comes from evidence.
    pub confidence: f64,
    /// What it would be if all that is not known were bad.
    pub low: f64,
    /// What it would be if all that is not known were good.
    pub high: f64,
    /// The four dimensions.
    pub dimensions: ScoreDimensions,
}

/// The four dimensions of the score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreDimensions {
    /// 销售额.
    pub sales: DimensionView,
    /// 潜力.
    pub potential: DimensionView,
    /// 示范作用.
    pub demonstration: DimensionView,
    /// 能赢能做.
    pub winnability: DimensionView,
}

impl<'p, Q: Quantity> Score<'p, Q> {
    /// Nothing is known yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self {
            setting,
            potential: Potential::new(setting),
            demonstration: Demonstration::new(setting),
            winnability: Winnability::new(setting),
        }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        self.potential.apply(fact);
        self.demonstration.apply(fact);
        self.winnability.apply(fact);
    }

    /// Sales: the annual rate on the portfolio's scale.
    ///
    /// Orders are known whole, so that with a scale the figure is certain; without one it is 0, and nothing is
    /// known of it.
    fn sales(&self, demand: &Demand<'_, Q>, as_of: Timestamp) -> Estimate<Q> {
        let epoch = self.setting.epoch;
        let rate = demand.annual_rate(as_of);
        match epoch.scale(rate.value()) {
            Some(_) => Estimate::certain(rate.through(|rate| epoch.scale(rate).unwrap_or(0.0))),
            None => Estimate::unknown(Q::default()),
        }
    }

    /// The weights of the dimensions, in the order of [`Dimension::ALL`], those of health left out.
    pub(crate) fn weights(&self) -> [f64; 4] {
        let weights = &self.setting.policy.score.weights;
        [weights.sales, weights.potential, weights.demonstration, weights.winnability]
    }

    /// What the formulas give.
    ///
    /// `Formula:` 100 (.40 sales + .25 potential + .15 demonstration + .20 winnability). `Source:` model
    /// specification, section 6.
    pub(crate) fn estimates(&self, beside: &Beside<'_, '_, Q>, as_of: Timestamp) -> ScoreEstimates<Q> {
        let judge = |dimension, formula| beside.judgements.judge(dimension, formula, as_of);
        let sales = judge(Dimension::Sales, self.sales(beside.demand, as_of));
        let potential = judge(Dimension::Potential, self.potential.estimate(beside.fit, as_of));
        let demonstration =
            judge(Dimension::Demonstration, self.demonstration.estimate(beside.looked.clone(), as_of));
        let winnability = judge(Dimension::Winnability, self.winnability.estimate(as_of));
        let dimensions = [sales, potential, demonstration, winnability];
        let whole = Estimate::sum(self.weights().into_iter().zip(dimensions.iter().cloned()));
        ScoreEstimates { dimensions, whole }
    }

    /// The score at an instant.
    pub fn evaluate(&self, beside: &Beside<'_, '_, Q>, as_of: Timestamp) -> ScoreView {
        let weights = &self.setting.policy.score.weights;
        let ScoreEstimates { dimensions, whole } = self.estimates(beside, as_of);
        let whole = whole.bare();
        let [sales, potential, demonstration, winnability] = dimensions.map(|estimate| estimate.bare());
        ScoreView {
            value: percent(whole.q),
            confidence: whole.confidence.min(1.0),
            low: percent(whole.low),
            high: percent(whole.high),
            dimensions: ScoreDimensions {
                sales: DimensionView::of(weights.sales, sales),
                potential: DimensionView::of(weights.potential, potential),
                demonstration: DimensionView::of(weights.demonstration, demonstration),
                winnability: DimensionView::of(weights.winnability, winnability),
            },
        }
    }
}
