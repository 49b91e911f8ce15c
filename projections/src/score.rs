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
use crate::kernel::Estimate;
use crate::setting::Setting;
use crate::time::Timestamp;
use demonstration::Demonstration;
use potential::Potential;
use winnability::Winnability;

/// Folds the dimensions of the score that do not follow from orders.
#[derive(Debug, Clone)]
pub struct Score<'p> {
    setting: Setting<'p>,
    potential: Potential<'p>,
    demonstration: Demonstration<'p>,
    winnability: Winnability<'p>,
}

/// What the score reads beside its own facts.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a, 'p> {
    /// The orders.
    pub demand: &'a Demand<'p>,
    /// The judgements.
    pub judgements: &'a Judgements,
    /// What experience says of the account, 0 to 1.
    pub fit: f64,
    /// Confidence in a volume, 0 to 1.
    pub looked: f64,
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

impl<'p> Score<'p> {
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
    fn sales(&self, demand: &Demand<'_>, as_of: Timestamp) -> Estimate {
        match self.setting.epoch.scale(demand.annual_rate(as_of)) {
            Some(q) => Estimate { q, confidence: 1.0, low: q, high: q },
            None => Estimate { q: 0.0, confidence: 0.0, low: 0.0, high: 1.0 },
        }
    }

    /// The score at an instant.
    ///
    /// `Formula:` 100 (.40 sales + .25 potential + .15 demonstration + .20 winnability). `Source:` model
    /// specification, section 6.
    pub fn evaluate(&self, beside: &Beside<'_, '_>, as_of: Timestamp) -> ScoreView {
        let weights = &self.setting.policy.score.weights;
        let judge = |dimension, formula| beside.judgements.judge(dimension, formula, as_of);
        let sales = judge(Dimension::Sales, self.sales(beside.demand, as_of));
        let potential = judge(Dimension::Potential, self.potential.estimate(beside.fit, as_of));
        let demonstration =
            judge(Dimension::Demonstration, self.demonstration.estimate(beside.looked, as_of));
        let winnability = judge(Dimension::Winnability, self.winnability.estimate(as_of));
        let whole = Estimate::sum([
            (weights.sales, sales),
            (weights.potential, potential),
            (weights.demonstration, demonstration),
            (weights.winnability, winnability),
        ]);
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
