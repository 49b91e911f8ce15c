//! Measures: what can be asked for as one number.

use serde::Serialize;

use crate::account::AccountView;
use crate::figures::FiguresView;

/// One number of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Relationship health, 0 to 100.
    Health,
    /// Its confidence, 0 to 1.
    Confidence,
    /// The composite score, 0 to 100.
    Score,
    /// The probability of an order within the horizon, 0 to 1.
    Outlook,
    /// The dimension of health, 0 to 100.
    Engagement,
    /// The dimension of health, 0 to 100.
    Coverage,
    /// The dimension of health, 0 to 100.
    Integrity,
    /// The dimension of health, 0 to 100.
    Benefit,
    /// The dimension of health, 0 to 100.
    Reciprocity,
    /// The dimension of health, 0 to 100.
    Service,
    /// The dimension of the score, 0 to 100.
    Sales,
    /// The dimension of the score, 0 to 100.
    Potential,
    /// The dimension of the score, 0 to 100.
    Demonstration,
    /// The dimension of the score, 0 to 100.
    Winnability,
    /// What we gave and did not get back, 0 or more.
    Exposure,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 15] = [
        Self::Health,
        Self::Confidence,
        Self::Score,
        Self::Outlook,
        Self::Engagement,
        Self::Coverage,
        Self::Integrity,
        Self::Benefit,
        Self::Reciprocity,
        Self::Service,
        Self::Sales,
        Self::Potential,
        Self::Demonstration,
        Self::Winnability,
        Self::Exposure,
    ];

    /// The name in questions and answers, such as `health`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Confidence => "confidence",
            Self::Score => "score",
            Self::Outlook => "outlook",
            Self::Engagement => "engagement",
            Self::Coverage => "coverage",
            Self::Integrity => "integrity",
            Self::Benefit => "benefit",
            Self::Reciprocity => "reciprocity",
            Self::Service => "service",
            Self::Sales => "sales",
            Self::Potential => "potential",
            Self::Demonstration => "demonstration",
            Self::Winnability => "winnability",
            Self::Exposure => "exposure",
        }
    }

    /// Reads it from an account's view; `None` for an outlook before the first order.
    pub fn read(self, view: &AccountView) -> Option<f64> {
        self.read_figures(&view.figures, || view.exposure)
    }

    /// Reads it from figures, and the exposure beside them.
    pub fn read_figures(self, figures: &FiguresView, exposure: impl FnOnce() -> f64) -> Option<f64> {
        let (health, score) = (&figures.health, &figures.score);
        match self {
            Self::Health => Some(health.value),
            Self::Confidence => Some(health.confidence),
            Self::Score => Some(score.value),
            Self::Outlook => figures.outlook.map(|outlook| outlook.active_probability),
            Self::Engagement => Some(health.dimensions.engagement.value),
            Self::Coverage => Some(health.dimensions.coverage.value),
            Self::Integrity => Some(health.dimensions.integrity.value),
            Self::Benefit => Some(health.dimensions.benefit.value),
            Self::Reciprocity => Some(health.dimensions.reciprocity.value),
            Self::Service => Some(health.dimensions.service.value),
            Self::Sales => Some(score.dimensions.sales.value),
            Self::Potential => Some(score.dimensions.potential.value),
            Self::Demonstration => Some(score.dimensions.demonstration.value),
            Self::Winnability => Some(score.dimensions.winnability.value),
            Self::Exposure => Some(exposure()),
        }
    }
}
