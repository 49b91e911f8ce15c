//! The shape of the portfolio: how many accounts stand where, and what they bring and take.

use serde::Serialize;

use super::Standing;
use crate::health::Colour;
use crate::quadrant::Quadrant;
use crate::stage::Stage;

/// Accounts in a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FunnelLine {
    /// The stage.
    pub stage: Stage,
    /// How many accounts.
    pub accounts: usize,
    /// Their share of all accounts, 0 to 1.
    pub share: f64,
    /// How many of them are key accounts.
    pub key_accounts: usize,
    /// M365 of them, in the reporting currency.
    pub money: f64,
}

/// Accounts with a colour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColourCount {
    /// The colour.
    pub colour: Colour,
    /// How many accounts.
    pub accounts: usize,
}

/// Accounts in a quadrant of importance and coverage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixLine {
    /// The quadrant.
    pub quadrant: Quadrant,
    /// How many accounts.
    pub accounts: usize,
    /// Their share of all accounts, 0 to 1.
    pub share: f64,
    /// M365 of them, in the reporting currency.
    pub money: f64,
    /// Hours that we worked for them, faded.
    pub hours: f64,
    /// What that cost, faded, in the reporting currency.
    pub cost: f64,
}

/// Means and medians.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Means {
    pub health_mean: f64,
    pub health_median: f64,
    pub score_mean: f64,
    pub score_median: f64,
}

impl Means {
    /// Of accounts in the order of their ids; `None` of none.
    pub(super) fn of<'a>(standings: impl Iterator<Item = &'a Standing>) -> Option<Self> {
        let figures = standings.map(|one| (one.view.figures.health.value, one.view.figures.score.value));
        Self::of_figures(figures.collect())
    }

    /// Of pairs of health and score.
    pub(super) fn of_figures(figures: Vec<(f64, f64)>) -> Option<Self> {
        let (mut health, mut score): (Vec<f64>, Vec<f64>) = figures.into_iter().unzip();
        Some(Self {
            health_mean: mean(&health)?,
            health_median: median(&mut health)?,
            score_mean: mean(&score)?,
            score_median: median(&mut score)?,
        })
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The middle value, or the mean of the two in the middle.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let high = *values.get(values.len() / 2)?;
    let low = *values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(low, high))
}

/// A sum that is 0 of nothing: the sum of no numbers as such is -0.
fn sum(figures: impl Iterator<Item = f64>) -> f64 {
    figures.fold(0.0, |sum, figure| sum + figure)
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

pub(super) fn funnel(standings: &[&Standing]) -> Vec<FunnelLine> {
    let line = |stage| {
        let here = || standings.iter().filter(move |one| one.stage() == Some(stage));
        FunnelLine {
            stage,
            accounts: here().count(),
            share: share(here().count(), standings.len()),
            key_accounts: here().filter(|one| one.view.key_account.member).count(),
            money: sum(here().map(|one| one.money)),
        }
    };
    Stage::ALL.map(line).into()
}

pub(super) fn colours(standings: &[&Standing]) -> Vec<ColourCount> {
    let count = |colour| standings.iter().filter(|one| one.view.figures.health.colour == colour).count();
    Colour::ALL.map(|colour| ColourCount { colour, accounts: count(colour) }).into()
}

pub(super) fn matrix(standings: &[&Standing]) -> Vec<MatrixLine> {
    let line = |quadrant| {
        let here = || standings.iter().filter(move |one| one.view.quadrant == quadrant);
        MatrixLine {
            quadrant,
            accounts: here().count(),
            share: share(here().count(), standings.len()),
            money: sum(here().map(|one| one.money)),
            hours: sum(here().map(|one| one.weight.hours)),
            cost: sum(here().map(|one| one.weight.cost)),
        }
    };
    Quadrant::ALL.map(line).into()
}

impl Standing {
    pub(super) fn stage(&self) -> Option<Stage> {
        self.view.figures.stage.as_ref().map(|stage| stage.name)
    }
}
