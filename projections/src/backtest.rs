//! The backtest: were the figures right? Each cut-off is judged by what happened after it.
//!
//! At a cut-off T everything is fitted on the past up to T and scores are given to every account with an occasion
//! by then; the next H days tell who was right. The protocol is that of the model specification, section 12.
//!
//! Leak-free by construction: [`Seen::of`] is given a [`Past`] that ends at T, [`Scores::of`] is given what was seen
//! and nothing else, and only [`CutoffView::of`] brings scores and outcomes together.
//!
//! Readings, where the specification leaves a choice:
//! - M of RFM and later revenue are what the occasions were worth: orders less returns; for bids, the amounts of those
//!   won. M365 of the outlook stays that of orders, whatever the occasion.
//! - For bids and contacts the stage is folded over the occasions in place of orders, without amounts: only silence
//!   moves it.
//! - AUC, Spearman and lift are of the score itself; Brier of its probability after scaling.
//! - The standard error of an AUC is that of its placements, and of a mean over cut-offs that of independent ones. (The
//!   same accounts stand in several, so the true one is somewhat larger.)

mod competitors;
mod metrics;
mod plot;
mod reliability;
mod span;
mod verdict;

use serde::Serialize;

use crate::calibrate::{self, Fitted, Observed, Outcome, Standing, Terms, TooFew, Windows};
use crate::coordinates::Coordinates;
use crate::fact::{Fact, Matter, Number};
use crate::lifetime::PopulationFit;
use crate::money::Money;
use crate::occasion::Occasion;
use crate::outlook::{Coefficients, logit, probability};
use crate::past::{Clock, Past};
use crate::projection::Projection as _;
use crate::stage::{Stage, StageState};
use crate::time::Timestamp;

use competitors::Competitors;
pub use metrics::ScoreView;
use metrics::{Judged, Leads};
pub use plot::svg;
pub use reliability::Decile;
pub use span::{InvalidCutoffs, Span};
pub use verdict::{Comparison, Place, StageShare, Verdict};

/// What is seen of one account at a cut-off, before the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    observed: Observed,
    stage: Option<Stage>,
}

/// Every account's scores at a cut-off, before the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    at: Timestamp,
    fit: Result<Fitted, TooFew>,
    bgnbd: Option<PopulationFit>,
    /// Places in the list of all accounts of those with an occasion by then.
    population: Vec<usize>,
    stages: Vec<Option<Stage>>,
    scores: Vec<Score>,
}

/// One way to foretell, applied to the population.
#[derive(Debug, Clone, PartialEq)]
struct Score {
    name: &'static str,
    /// Higher is likelier.
    values: Vec<f64>,
    /// `None` where the scale could not be fitted.
    probabilities: Option<Vec<f64>>,
}

/// How a cut-off was judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CutoffView {
    /// T.
    pub at: Timestamp,
    /// Accounts with an occasion by then.
    pub population: usize,
    /// Those of them with an occasion in the next H days.
    pub returned: usize,
    /// The outlook's fit; `None`: too few accounts, the policy's defaults were used.
    pub fit: Option<Fitted>,
    /// Why there is no fit.
    pub unfitted: Option<TooFew>,
    /// The population of BG/NBD.
    pub bgnbd: Option<PopulationFit>,
    /// Each score, the outlook first.
    pub scores: Vec<ScoreView>,
    /// Share of accounts that returned, by stage at T.
    pub stages: Vec<StageShare>,
    #[serde(skip)]
    judged: Vec<(f64, bool)>,
}

/// A whole backtest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BacktestView {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// Which axis of time said what was known at a cut-off.
    pub clock: Clock,
    /// What was foretold.
    pub occasion: Occasion,
    /// H.
    pub horizon_days: u32,
    /// From the first occasion to the last.
    pub span: Span,
    /// Each cut-off.
    pub cutoffs: Vec<CutoffView>,
    /// The means over cut-offs.
    pub mean: Vec<ScoreView>,
    /// Foretold and observed shares over tenths of the outlook, all cut-offs together.
    pub reliability: Vec<Decile>,
    /// Share of accounts that returned, by stage, all cut-offs together.
    pub stages: Vec<StageShare>,
    /// What to make of it.
    pub verdict: Verdict,
}

impl Seen {
    /// Looks at an account's past. Cost: O(its facts), several times.
    pub fn of(past: &Past<'_>, terms: &Terms<'_>) -> Self {
        let windows = Windows::before(past.until(), terms);
        Self { observed: Observed::of(past, &windows, terms), stage: stage(past, terms) }
    }
}

impl Scores {
    /// Fits and scores. `seen` is every account in the order of ids, each as of `at`.
    pub fn of(seen: &[Seen], at: Timestamp, terms: &Terms<'_>) -> Self {
        let observed: Vec<&Observed> = seen.iter().map(|seen| &seen.observed).collect();
        let known: Vec<(usize, Standing)> = observed
            .iter()
            .enumerate()
            .filter_map(|(place, observed)| observed.now.map(|standing| (place, standing)))
            .collect();
        let now: Vec<Standing> = known.iter().map(|(_, standing)| *standing).collect();
        let fit = calibrate::fit(&observed, at, terms);
        let outlook = outlook(&now, &fit, terms);
        let competitors = Competitors::of(&now, &observed, terms);
        let bgnbd = competitors.bgnbd;
        let scores = std::iter::once(outlook).chain(competitors.scores).collect();
        let stages = known.iter().map(|(place, _)| seen.get(*place).and_then(|seen| seen.stage)).collect();
        let population = known.into_iter().map(|(place, _)| place).collect();
        Self { at, fit, bgnbd, population, stages, scores }
    }
}

impl CutoffView {
    /// Judges scores by what happened. `outcomes` is every account, in the same order as what was seen.
    pub fn of(scores: Scores, outcomes: &[Outcome]) -> Self {
        let Scores { at, fit, bgnbd, population, stages, scores } = scores;
        let outcomes: Vec<Outcome> =
            population.iter().map(|place| outcomes.get(*place).copied().unwrap_or_default()).collect();
        let judged: Vec<Judged> = scores.iter().map(|score| Judged::of(score, &outcomes)).collect();
        let views = judged.iter().zip(&scores).map(|(one, score)| {
            let leads =
                judged.first().filter(|first| !std::ptr::eq(*first, one)).map(|first| Leads::of(first, one));
            one.view(score.name, leads)
        });
        let foretold = scores.first().and_then(|outlook| outlook.probabilities.as_ref());
        let happened = outcomes.iter().map(|outcome| outcome.returned);
        Self {
            at,
            population: outcomes.len(),
            returned: outcomes.iter().filter(|outcome| outcome.returned).count(),
            unfitted: fit.as_ref().err().copied(),
            fit: fit.ok(),
            bgnbd,
            scores: views.collect(),
            stages: StageShare::of(&stages, &outcomes),
            judged: foretold.into_iter().flatten().copied().zip(happened).collect(),
        }
    }

    /// What was foretold by the outlook of each account, and whether it came.
    pub(crate) fn foretold(&self) -> &[(f64, bool)] {
        &self.judged
    }
}

/// The settings of a backtest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Protocol {
    /// The coordinates, as resolved.
    pub coordinates: Coordinates,
    /// Which axis of time says what was known at a cut-off.
    pub clock: Clock,
    /// What is foretold.
    pub occasion: Occasion,
    /// H.
    pub horizon_days: u32,
    /// From the first occasion to the last.
    pub span: Span,
}

impl BacktestView {
    /// Sums cut-offs up.
    pub fn of(protocol: Protocol, cutoffs: Vec<CutoffView>) -> Self {
        let Protocol { coordinates, clock, occasion, horizon_days, span } = protocol;
        let mean = metrics::mean(&cutoffs);
        let foretold = cutoffs.iter().flat_map(CutoffView::foretold).copied().collect();
        let stages = StageShare::sum(&cutoffs.iter().map(|cutoff| cutoff.stages.as_slice()));
        let verdict = Verdict::of(&mean, &stages);
        let reliability = reliability::deciles(foretold);
        Self { coordinates, clock, occasion, horizon_days, span, cutoffs, mean, reliability, stages, verdict }
    }
}

fn outlook(now: &[Standing], fit: &Result<Fitted, TooFew>, terms: &Terms<'_>) -> Score {
    let m0 = calibrate::scale_of_money(now);
    let fit = fit.as_ref().ok().map(|fitted| &fitted.fit);
    let coefficients = Coefficients::in_force(&terms.policy.outlook, fit, m0);
    let foretell = |standing: &Standing| {
        if standing.closed {
            return 0.0;
        }
        probability(coefficients.z(standing.occasion_days, standing.amounts, logit(standing.active)))
    };
    let values: Vec<f64> = now.iter().map(foretell).collect();
    Score { name: "outlook", probabilities: Some(values.clone()), values }
}

/// The stage at the end of a past, over the occasions.
fn stage(past: &Past<'_>, terms: &Terms<'_>) -> Option<Stage> {
    let mut state = StageState::new(terms.policy, terms.zone, terms.rates);
    let mut occasions = 0;
    past.visit(|fact| match terms.occasion {
        Occasion::Order => state.apply(fact),
        Occasion::Bid | Occasion::Contact => {
            if let Some(fact) = as_order(fact, &mut occasions, terms) {
                state.apply(&fact);
            }
        }
    });
    state.evaluate(past.until()).map(|stage| stage.name)
}

/// An occasion as if it were an order of nothing; `None` for orders and returns themselves.
fn as_order(fact: &Fact, occasions: &mut usize, terms: &Terms<'_>) -> Option<Fact> {
    if matches!(fact.matter, Matter::OrderPlaced { .. } | Matter::OrderReturned { .. }) {
        return None;
    }
    let mut fact = fact.clone();
    if terms.occasion.is(&fact.matter) {
        let order = Number::at(*occasions)?;
        *occasions += 1;
        let amount = Money::zero(terms.policy.money.reporting_currency);
        fact.matter = Matter::OrderPlaced { order, amount, bid: None, contract: None, project: None };
    }
    Some(fact)
}

#[cfg(test)]
mod tests;
