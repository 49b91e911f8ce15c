//! The scores that the outlook must stand against, each fitted on the same past.

use crate::calibrate::logistic::{Example, Line};
use crate::calibrate::{CLASS_MIN, LAMBDA, Observed, Standing, Terms};
use crate::lifetime::{Life, Model, Population, PopulationFit};
use crate::outlook::probability;

use super::Score;
use super::metrics::mid_ranks;

/// The competitors' scores of a population.
pub(super) struct Competitors {
    pub(super) scores: Vec<Score>,
    pub(super) bgnbd: Option<PopulationFit>,
}

/// A score that is no probability: higher is likelier.
type Raw = fn(&[Standing]) -> Vec<f64>;

/// Scores that are scaled to probabilities on an earlier cut-off.
const RAW: [(&str, Raw); 3] = [("recency", recency), ("frequency", frequency), ("rfm", rfm)];

impl Competitors {
    pub(super) fn of(now: &[Standing], observed: &[&Observed], terms: &Terms<'_>) -> Self {
        let earlier: Vec<(Standing, bool)> =
            observed.iter().filter_map(|account| account.rows.first().copied().flatten()).collect();
        let mut scores: Vec<Score> =
            RAW.iter().map(|(name, raw)| scaled(name, *raw, now, &earlier)).collect();
        let lives: Vec<Life> = now.iter().map(Standing::life).collect();
        let bgnbd = Population::fit(Model::Bg, &lives);
        let foretell = |fitted: PopulationFit| -> Vec<f64> {
            let horizon = f64::from(terms.horizon_days);
            lives.iter().map(|life| Model::Bg.active_within(&fitted.population, life, horizon)).collect()
        };
        // Without any repeat nobody is told apart.
        let values = bgnbd.map_or_else(|| vec![0.0; now.len()], foretell);
        scores.push(Score { name: "bgnbd", probabilities: bgnbd.map(|_| values.clone()), values });
        let values: Vec<f64> = now.iter().map(|standing| standing.active).collect();
        scores.push(Score { name: "mbgnbd", probabilities: Some(values.clone()), values });
        Self { scores, bgnbd }
    }
}

/// Scales a score by a logistic line (Platt) fitted at the earlier cut-off, whose window ends with the past.
fn scaled(name: &'static str, raw: Raw, now: &[Standing], earlier: &[(Standing, bool)]) -> Score {
    let standings: Vec<Standing> = earlier.iter().map(|(standing, _)| *standing).collect();
    let examples: Vec<Example<1>> = raw(&standings)
        .into_iter()
        .zip(earlier)
        .map(|(value, (_, happened))| Example { inputs: [value], happened: *happened })
        .collect();
    let returned = examples.iter().filter(|example| example.happened).count();
    let values = raw(now);
    let enough = returned.min(examples.len() - returned) >= CLASS_MIN as usize;
    let probabilities = enough.then(|| {
        let line = Line::ridge(&examples, LAMBDA, [true]).line;
        values.iter().map(|value| probability(line.log_odds(&[*value]))).collect()
    });
    Score { name, values, probabilities }
}

/// How short the silence is.
fn recency(accounts: &[Standing]) -> Vec<f64> {
    accounts.iter().map(|account| -account.silent_days).collect()
}

/// How many occasions there were, on a logarithmic scale, which suits the logistic line better than a plain one.
fn frequency(accounts: &[Standing]) -> Vec<f64> {
    accounts.iter().map(|account| libm::log1p(f64::from(account.repeats))).collect()
}

/// The sum of the quintiles, 1 to 5, by recency, frequency and money.
fn rfm(accounts: &[Standing]) -> Vec<f64> {
    let spent: Vec<f64> = accounts.iter().map(|account| account.spent).collect();
    let quintiles = [recency(accounts), frequency(accounts), spent].map(|values| quintiles(&values));
    let [by_recency, by_frequency, by_money] = quintiles;
    by_recency.iter().zip(&by_frequency).zip(&by_money).map(|((r, f), m)| r + f + m).collect()
}

/// Accounts with the same value are in the same quintile: that of their mean rank.
fn quintiles(values: &[f64]) -> Vec<f64> {
    let count = values.len() as f64;
    mid_ranks(values).into_iter().map(|rank| (5.0 * (rank - 0.5) / count).floor() + 1.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quintiles_are_fifths_by_rank() {
        let values: Vec<f64> = (0..10).map(f64::from).collect();
        assert_eq!(quintiles(&values), [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0]);
        assert_eq!(quintiles(&[7.0, 7.0, 7.0]), [3.0, 3.0, 3.0]);
    }
}
