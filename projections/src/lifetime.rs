//! Lifetime models: populations of accounts that order at a rate of their own until they leave unnoticed.
//!
//! The fits here are competitors of the outlook in a backtest, and suggest parameters for the own rhythm; no figure
//! of an account reads them. Both models see an account as (x, `t_x`, T): repeats, the time of the last occasion,
//! and how long it was watched, both counted from the first occasion.

mod likelihood;
mod simplex;

use std::collections::BTreeMap;

use serde::Serialize;

pub use likelihood::Model;
use simplex::Simplex;

/// Parameters of the population: the rate of an account is gamma distributed with shape r and scale 1/alpha, the
/// probability to leave after an occasion is beta distributed with a and b.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Population {
    /// Shape of the rates.
    pub r: f64,
    /// Inverse scale of the rates, in the unit of time of the data.
    pub alpha: f64,
    /// First parameter of leaving.
    pub a: f64,
    /// Second parameter of leaving.
    pub b: f64,
}

/// A fitted population.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PopulationFit {
    /// Its parameters.
    #[serde(flatten)]
    pub population: Population,
    /// The logarithm of the likelihood.
    pub log_likelihood: f64,
}

/// What is known of one account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Life {
    /// x: occasions after the first.
    pub repeats: u32,
    /// `t_x`: from the first occasion to the last.
    pub recency: f64,
    /// T: since the first occasion.
    pub age: f64,
}

/// Lives that are equal are computed once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Counted {
    life: Life,
    count: f64,
}

impl Population {
    /// The parameters of greatest likelihood; `None` without any repeat. Deterministic: the search is a simplex from
    /// a fixed start, and sums run over lives in the order of their values.
    pub fn fit(model: Model, lives: &[Life]) -> Option<PopulationFit> {
        if lives.iter().all(|life| life.repeats == 0) {
            return None;
        }
        let counted = counted(lives);
        // Time is measured in mean ages, so that one start suits every unit.
        let unit = lives.iter().map(|life| life.age).sum::<f64>() / lives.len() as f64;
        let start = [1.0, unit, 1.0, 1.0].map(libm::log);
        let loss = |logs: &[f64; 4]| -model.log_likelihood(&Self::of_logs(logs), &counted);
        let found = Simplex::minimise(start, loss);
        let population = Self::of_logs(&found.at);
        let is_fit =
            found.value.is_finite() && [population.alpha, population.r].iter().all(|p| p.is_finite());
        is_fit.then_some(PopulationFit { population, log_likelihood: -found.value })
    }

    fn of_logs(logs: &[f64; 4]) -> Self {
        let [r, alpha, a, b] = logs.map(libm::exp);
        Self { r, alpha, a, b }
    }
}

fn counted(lives: &[Life]) -> Vec<Counted> {
    let mut counts: BTreeMap<(u32, u64, u64), f64> = BTreeMap::new();
    for life in lives {
        // Bits of figures from 0 up sort as the figures do.
        let key = (life.repeats, life.recency.max(0.0).to_bits(), life.age.max(0.0).to_bits());
        *counts.entry(key).or_default() += 1.0;
    }
    let life = |(repeats, recency, age): (u32, u64, u64)| Life {
        repeats,
        recency: f64::from_bits(recency),
        age: f64::from_bits(age),
    };
    counts.into_iter().map(|(key, count)| Counted { life: life(key), count }).collect()
}
