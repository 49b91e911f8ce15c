//! Relationship health: six dimensions, their weighted sum, and a colour. Descriptive: it says how the relationship
//! stands, not what will happen.
//!
//! The weights are judgements, and said to be so; each is a value of the policy.

pub mod benefit;
pub mod engagement;
pub mod reciprocity;

use serde::Serialize;

use crate::commitments::Commitments;
use crate::contacts::Contacts;
use crate::event::assessment::Dimension;
use crate::fact::Fact;
use crate::issues::Issues;
use crate::judgement::Judgements;
use crate::kernel::{Estimate, Quantity};
use crate::outlook::OutlookView;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;
use benefit::Benefit;
use engagement::Engagement;
use reciprocity::Reciprocity;

/// Folds the six dimensions.
#[derive(Debug, Clone)]
pub struct Health<'p, Q: Quantity = f64> {
    setting: Setting<'p>,
    engagement: Engagement<'p, Q>,
    contacts: Contacts<'p>,
    commitments: Commitments<'p, Q>,
    benefit: Benefit<'p, Q>,
    reciprocity: Reciprocity<'p, Q>,
    issues: Issues<'p>,
}

/// What health reads beside its own facts.
#[derive(Debug, Clone)]
pub struct Beside<'a, Q: Quantity = f64> {
    /// The outlook; `None` before the first order.
    pub outlook: Option<&'a OutlookView<Q>>,
    /// The judgements.
    pub judgements: &'a Judgements<Q>,
    /// Confidence in a volume: how long the account has been looked at, 0 to 1.
    pub looked: Q,
    /// Whether the flag `stalled` is up.
    pub contact: Contact,
}

/// Whether contact with an account that never ordered has died down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// It goes on.
    Alive,
    /// It has died down.
    Stalled,
}

/// Health as its formulas give it, judgements joined; each figure on 0 to 1.
#[derive(Debug, Clone)]
pub(crate) struct HealthEstimates<Q> {
    /// The dimensions, in the order of [`Dimension::ALL`].
    pub(crate) dimensions: [Estimate<Q>; 6],
    /// Their weighted sum.
    pub(crate) whole: Estimate<Q>,
}

/// Health at an instant. Figures are on 0 to 100, confidence on 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HealthView {
    /// The weighted sum of the dimensions.
    pub value: f64,
    /// How much of it comes from evidence.
    pub confidence: f64,
    /// What it would be if all that is not known were bad.
    pub low: f64,
    /// What it would be if all that is not known were good.
    pub high: f64,
    /// What it means at a glance.
    pub colour: Colour,
    /// The six dimensions.
    pub dimensions: HealthDimensions,
}

/// What health means at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// Too little is known.
    Grey,
    /// Bad.
    Red,
    /// Middling.
    Amber,
    /// Good.
    Green,
}

impl Colour {
    /// Every colour, from unknown to good.
    pub const ALL: [Self; 4] = [Self::Grey, Self::Red, Self::Amber, Self::Green];

    /// The word in answers, such as `green`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Red => "red",
            Self::Amber => "amber",
            Self::Green => "green",
        }
    }
}

/// The six dimensions of health.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HealthDimensions {
    /// 互动.
    pub engagement: DimensionView,
    /// 覆盖.
    pub coverage: DimensionView,
    /// 守正.
    pub integrity: DimensionView,
    /// 惠人达己.
    pub benefit: DimensionView,
    /// 先舍后得.
    pub reciprocity: DimensionView,
    /// 客户服务.
    pub service: DimensionView,
}

/// A dimension of health or of the score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DimensionView {
    /// The figure, 0 to 100.
    pub value: f64,
    /// Its share of the whole.
    pub weight: f64,
    /// How much of it comes from evidence, 0 to 1.
    pub confidence: f64,
    /// What it would be if all that is not known were bad, 0 to 100.
    pub low: f64,
    /// What it would be if all that is not known were good, 0 to 100.
    pub high: f64,
}

impl DimensionView {
    /// An estimate on the scale to 100.
    pub fn of(weight: f64, estimate: Estimate) -> Self {
        let Estimate { q, confidence, low, high } = estimate;
        let confidence = confidence.min(1.0);
        Self { value: percent(q), weight, confidence, low: percent(low), high: percent(high) }
    }
}

/// A share on the scale to 100, which it does not leave by the rounding of a sum.
pub(crate) fn percent(share: f64) -> f64 {
    (100.0 * share).clamp(0.0, 100.0)
}

impl<'p, Q: Quantity> Health<'p, Q> {
    /// Nothing is known yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self {
            setting,
            engagement: Engagement::new(&setting),
            contacts: Contacts::new(setting),
            commitments: Commitments::new(setting),
            benefit: Benefit::new(&setting),
            reciprocity: Reciprocity::new(setting),
            issues: Issues::new(setting),
        }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        self.engagement.apply(fact);
        self.contacts.apply(fact);
        self.commitments.apply(fact);
        self.benefit.apply(fact);
        self.reciprocity.apply(fact);
        self.issues.apply(fact);
    }

    /// The people on the other side.
    pub fn contacts(&self) -> &Contacts<'p> {
        &self.contacts
    }

    /// What we gained, faded.
    pub(crate) fn gain(&self, as_of: Timestamp) -> Q {
        self.reciprocity.gain(as_of)
    }

    /// C~/(Gain + 1): above 2 we only give.
    pub fn exposure(&self, as_of: Timestamp) -> Q {
        self.reciprocity.exposure(as_of)
    }

    /// The weights of the dimensions, in the order of [`Dimension::ALL`].
    pub(crate) fn weights(&self) -> [f64; 6] {
        let weights = &self.setting.policy.health.weights;
        [
            weights.engagement,
            weights.coverage,
            weights.integrity,
            weights.benefit,
            weights.reciprocity,
            weights.service,
        ]
    }

    /// What the formulas give.
    ///
    /// `Formula:` 100 sum `w_d` `q_d`; confidence and interval are the same sums of theirs. `Source:` model
    /// specification, section 5.
    pub(crate) fn estimates(&self, beside: &Beside<'_, Q>, as_of: Timestamp) -> HealthEstimates<Q> {
        let looked = || beside.looked.clone();
        let formulas = [
            (Dimension::Engagement, self.engagement.estimate(beside.outlook, looked(), as_of)),
            (Dimension::Coverage, self.contacts.estimate(looked(), as_of)),
            (Dimension::Integrity, self.commitments.estimate(as_of)),
            (Dimension::Benefit, self.benefit.estimate(as_of)),
            (Dimension::Reciprocity, self.reciprocity.estimate(as_of)),
            (Dimension::Service, self.issues.estimate(as_of)),
        ];
        let judge = |(dimension, formula)| beside.judgements.judge(dimension, formula, as_of);
        let dimensions = formulas.map(judge);
        let whole = Estimate::sum(self.weights().into_iter().zip(dimensions.iter().cloned()));
        HealthEstimates { dimensions, whole }
    }

    fn has_evidence(&self, beside: &Beside<'_, Q>, as_of: Timestamp) -> bool {
        let judged = |dimension: &Dimension| beside.judgements.has_evidence(*dimension, as_of);
        self.engagement.has_evidence(as_of)
            || self.contacts.has_evidence(as_of)
            || self.commitments.evidence(as_of).mass.value() > 0.0
            || self.benefit.has_evidence(as_of)
            || self.reciprocity.has_evidence(as_of)
            || self.issues.evidence::<f64>(as_of).mass > 0.0
            || Dimension::ALL.iter().take(6).any(judged)
    }

    /// Health at an instant.
    pub fn evaluate(&self, beside: &Beside<'_, Q>, as_of: Timestamp) -> HealthView {
        let weights = &self.setting.policy.health.weights;
        let HealthEstimates { dimensions, whole } = self.estimates(beside, as_of);
        let whole = whole.bare();
        let [engagement, coverage, integrity, benefit, reciprocity, service] =
            dimensions.map(|estimate| estimate.bare());
        HealthView {
            value: percent(whole.q),
            confidence: whole.confidence.min(1.0),
            low: percent(whole.low),
            high: percent(whole.high),
            colour: self.colour(&whole, beside, as_of),
            dimensions: HealthDimensions {
                engagement: DimensionView::of(weights.engagement, engagement),
                coverage: DimensionView::of(weights.coverage, coverage),
                integrity: DimensionView::of(weights.integrity, integrity),
                benefit: DimensionView::of(weights.benefit, benefit),
                reciprocity: DimensionView::of(weights.reciprocity, reciprocity),
                service: DimensionView::of(weights.service, service),
            },
        }
    }

    fn colour(&self, whole: &Estimate, beside: &Beside<'_, Q>, as_of: Timestamp) -> Colour {
        let policy = &self.setting.policy.health.colour;
        let health = 100.0 * whole.q;
        if whole.confidence < policy.confidence_min
            || beside.contact == Contact::Stalled
            || !self.has_evidence(beside, as_of)
        {
            Colour::Grey
        } else if health >= policy.green_from {
            Colour::Green
        } else if health < policy.red_below {
            Colour::Red
        } else {
            Colour::Amber
        }
    }
}
