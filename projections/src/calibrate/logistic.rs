//! Logistic regression with a ridge, by Newton's method.

use crate::outlook::probability;

/// What was seen once: the inputs, and whether the thing happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Example<const N: usize> {
    pub(crate) inputs: [f64; N],
    pub(crate) happened: bool,
}

/// Log odds as a linear function of the inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line<const N: usize> {
    pub(crate) intercept: f64,
    pub(crate) slopes: [f64; N],
}

/// A fitted line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ridge<const N: usize> {
    pub(crate) line: Line<N>,
    /// Its slopes per standard deviation of the input, which can be compared with each other.
    pub(crate) weights: [f64; N],
}

/// More steps than this are never needed: Newton's method converges quadratically, with halved steps from far away.
const STEPS_MAX: usize = 100;
/// A step below this, in standard deviations, is no step.
const STEP_MIN: f64 = 1e-11;
/// A step is halved at most so often.
const HALVINGS_MAX: u32 = 30;

impl<const N: usize> Line<N> {
    pub(crate) fn log_odds(&self, inputs: &[f64; N]) -> f64 {
        self.slopes.iter().zip(inputs).fold(self.intercept, |sum, (slope, input)| sum + slope * input)
    }

    /// The line that minimises the penalised loss over the examples; those slopes alone that `free` names, the others
    /// are 0. An input that never varies gets slope 0. Deterministic: sums run in the order of the examples.
    ///
    /// `Formula:` minimise sum ln(1 + e^(-y z)) + (lambda/2) sum `w_k^2`, with y = 1 or -1 and `w_k` the slope of the
    /// input `k` divided by its standard deviation; the intercept is free. `Source:` model specification, section 3.
    pub(crate) fn ridge(examples: &[Example<N>], lambda: f64, free: [bool; N]) -> Ridge<N> {
        let scales = Scale::of_all(examples);
        let used: Vec<usize> = (0..N)
            .filter(|k| free.get(*k) == Some(&true) && scales.get(*k).is_some_and(|s| s.spread > 0.0))
            .collect();
        let columns: Vec<(usize, Scale)> =
            used.iter().filter_map(|k| scales.get(*k).map(|scale| (*k, *scale))).collect();
        let problem = Problem { examples, lambda, columns };
        problem.result(&problem.minimise())
    }

    /// The same line moved up or down so that the examples' mean probability is the share that happened.
    pub(crate) fn with_intercept_of(&self, examples: &[Example<N>]) -> Self {
        let flat = Self { intercept: 0.0, ..*self };
        let offsets: Vec<f64> = examples.iter().map(|example| flat.log_odds(&example.inputs)).collect();
        let happened = examples.iter().filter(|example| example.happened).count() as f64;
        let mut intercept = self.intercept;
        for _ in 0..STEPS_MAX {
            let (mut excess, mut weight) = (-happened, 0.0);
            for offset in &offsets {
                let p = probability(offset + intercept);
                excess += p;
                weight += p * (1.0 - p);
            }
            // At most one unit at a time: far from the solution the weight vanishes.
            let step = (excess / weight.max(f64::MIN_POSITIVE)).clamp(-1.0, 1.0);
            intercept -= step;
            if step.abs() < STEP_MIN {
                break;
            }
        }
        Self { intercept, ..*self }
    }
}

/// Mean and standard deviation of an input.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    mean: f64,
    spread: f64,
}

impl Scale {
    fn of_all<const N: usize>(examples: &[Example<N>]) -> Vec<Self> {
        let count = examples.len().max(1) as f64;
        (0..N)
            .map(|k| {
                let values = || examples.iter().filter_map(move |example| example.inputs.get(k));
                let mean = values().sum::<f64>() / count;
                let variance = values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
                let spread = variance.sqrt();
                // What is left of equal values after rounding is no variation.
                Self { mean, spread: if spread > 1e-12 * mean.abs() { spread } else { 0.0 } }
            })
            .collect()
    }
}

/// The penalised loss over standardised columns. Weights: the intercept, then one for each column.
struct Problem<'e, const N: usize> {
    examples: &'e [Example<N>],
    lambda: f64,
    /// The inputs used, with their scales.
    columns: Vec<(usize, Scale)>,
}

impl<const N: usize> Problem<'_, N> {
    fn minimise(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.columns.len() + 1];
        let mut loss = self.loss(&weights);
        for _ in 0..STEPS_MAX {
            let Some(step) = self.newton_step(&weights) else { break };
            let mut share = 1.0;
            let mut moved = stepped(&weights, &step, share);
            let mut moved_loss = self.loss(&moved);
            for _ in 0..HALVINGS_MAX {
                if moved_loss <= loss {
                    break;
                }
                share /= 2.0;
                moved = stepped(&weights, &step, share);
                moved_loss = self.loss(&moved);
            }
            if moved_loss > loss {
                break;
            }
            (weights, loss) = (moved, moved_loss);
            if step.iter().all(|part| (share * part).abs() < STEP_MIN) {
                break;
            }
        }
        weights
    }

    /// The standardised inputs of an example, behind a 1 for the intercept.
    fn columns_of(&self, example: &Example<N>, into: &mut Vec<f64>) {
        into.clear();
        into.push(1.0);
        into.extend(self.columns.iter().map(|(k, scale)| {
            let input = example.inputs.get(*k).copied().unwrap_or(scale.mean);
            (input - scale.mean) / scale.spread
        }));
    }

    fn loss(&self, weights: &[f64]) -> f64 {
        let mut columns = Vec::with_capacity(weights.len());
        let mut loss = 0.0;
        for example in self.examples {
            self.columns_of(example, &mut columns);
            let z = dot(weights, &columns);
            let margin = if example.happened { z } else { -z };
            // ln(1 + e^-margin) without overflow.
            loss += libm::log1p(libm::exp(-margin.abs())) + (-margin).max(0.0);
        }
        loss + self.lambda / 2.0 * weights.iter().skip(1).map(|weight| weight * weight).sum::<f64>()
    }

    /// `None` when the curvature has no inverse.
    fn newton_step(&self, weights: &[f64]) -> Option<Vec<f64>> {
        let size = weights.len();
        let mut gradient = vec![0.0; size];
        let mut curvature = vec![vec![0.0; size]; size];
        let mut columns = Vec::with_capacity(size);
        for example in self.examples {
            self.columns_of(example, &mut columns);
            let p = probability(dot(weights, &columns));
            let error = p - if example.happened { 1.0 } else { 0.0 };
            for ((slope, row), column) in gradient.iter_mut().zip(&mut curvature).zip(&columns) {
                *slope += error * column;
                for (cell, other) in row.iter_mut().zip(&columns) {
                    *cell += p * (1.0 - p) * column * other;
                }
            }
        }
        let penalised = gradient.iter_mut().zip(&mut curvature).zip(weights).enumerate().skip(1);
        for (k, ((slope, row), weight)) in penalised {
            *slope += self.lambda * weight;
            if let Some(cell) = row.get_mut(k) {
                *cell += self.lambda;
            }
        }
        solve(curvature, gradient)
    }

    /// Back from standardised inputs to the inputs themselves.
    fn result(&self, fitted: &[f64]) -> Ridge<N> {
        let mut line = Line { intercept: fitted.first().copied().unwrap_or(0.0), slopes: [0.0; N] };
        let mut weights = [0.0; N];
        for ((k, scale), fitted) in self.columns.iter().zip(fitted.iter().skip(1)) {
            if let (Some(slope), Some(weight)) = (line.slopes.get_mut(*k), weights.get_mut(*k)) {
                (*slope, *weight) = (fitted / scale.spread, *fitted);
                line.intercept -= *slope * scale.mean;
            }
        }
        Ridge { line, weights }
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).fold(0.0, |sum, (left, right)| sum + left * right)
}

fn stepped(weights: &[f64], step: &[f64], share: f64) -> Vec<f64> {
    weights.iter().zip(step).map(|(weight, step)| weight - share * step).collect()
}

/// Solves a symmetric, positive definite system by elimination; `None` when it is not definite.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for k in 0..size {
        let pivot_row = matrix.get(k)?.clone();
        let (pivot, pivot_right) = (*pivot_row.get(k)?, *right.get(k)?);
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        for (row, value) in matrix.iter_mut().zip(&mut right).skip(k + 1) {
            let factor = row.get(k)? / pivot;
            for (cell, above) in row.iter_mut().zip(&pivot_row).skip(k) {
                *cell -= factor * above;
            }
            *value -= factor * pivot_right;
        }
    }
    for k in (0..size).rev() {
        let row = matrix.get(k)?;
        let known = dot(row.get(k + 1..)?, right.get(k + 1..)?);
        let pivot = *row.get(k)?;
        let value = right.get_mut(k)?;
        *value = (*value - known) / pivot;
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(rows: &[(f64, f64, bool)]) -> Vec<Example<2>> {
        rows.iter().map(|(a, b, happened)| Example { inputs: [*a, *b], happened: *happened }).collect()
    }

    /// With one input of two values the unpenalised fit is the two shares: 1 of 4 and 3 of 4, so the log odds are
    /// -ln 3 at 0 and ln 3 at 1.
    #[test]
    fn without_a_ridge_two_groups_get_their_shares() {
        let rows = [(0.0, true), (0.0, false), (0.0, false), (0.0, false)];
        let more = [(1.0, false), (1.0, true), (1.0, true), (1.0, true)];
        let all: Vec<_> = rows.iter().chain(&more).map(|(a, happened)| (*a, 5.0, *happened)).collect();
        let line = Line::ridge(&examples(&all), 0.0, [true, true]).line;
        let ln3 = libm::log(3.0);
        assert!((line.intercept + ln3).abs() < 1e-9, "{line:?}");
        assert!((line.slopes[0] - 2.0 * ln3).abs() < 1e-9, "{line:?}");
        assert!(line.slopes[1].abs() < 1e-15, "an input that never varies says nothing");
    }

    /// At the minimum the gradient is 0: sum (p - y) x = -lambda w in standard deviations.
    #[test]
    fn a_ridge_fit_balances_loss_and_penalty() {
        let rows: Vec<_> = (0..60_u32)
            .map(|n| (f64::from(n % 7), f64::from(n % 11) * 3.0, (n * n + 3 * n) % 5 < 1 + n % 3))
            .collect();
        let examples = examples(&rows);
        let line = Line::ridge(&examples, 1.0, [true, true]).line;
        let errors: Vec<f64> = examples
            .iter()
            .map(|e| probability(line.log_odds(&e.inputs)) - f64::from(u8::from(e.happened)))
            .collect();
        assert!(errors.iter().sum::<f64>().abs() < 1e-9);
        for (k, scale) in Scale::of_all(&examples).iter().enumerate() {
            let standardised = |e: &Example<2>| (e.inputs[k] - scale.mean) / scale.spread;
            let pull: f64 = examples.iter().zip(&errors).map(|(e, error)| error * standardised(e)).sum();
            assert!((pull + line.slopes[k] * scale.spread).abs() < 1e-9, "{k}");
        }
    }

    /// Without a ridge a separable history has no minimum; with one it does.
    #[test]
    fn separable_examples_stay_finite() {
        let rows: Vec<_> = (0..40_i32).map(|n| (f64::from(n), 0.0, n >= 20)).collect();
        let line = Line::ridge(&examples(&rows), 1.0, [true, true]).line;
        assert!(line.slopes[0] > 0.0 && line.slopes[0].is_finite() && line.intercept.is_finite());
    }

    #[test]
    fn an_intercept_is_moved_to_the_share() {
        let rows: Vec<_> = (0..100_i32).map(|n| (f64::from(n) / 10.0, 0.0, n % 10 == 0)).collect();
        let line = Line { intercept: 30.0, slopes: [0.5, 0.0] }.with_intercept_of(&examples(&rows));
        let mean: f64 =
            rows.iter().map(|(a, _, _)| probability(line.log_odds(&[*a, 0.0]))).sum::<f64>() / 100.0;
        assert!((mean - 0.1).abs() < 1e-12, "{mean}");
        assert!((line.slopes[0] - 0.5).abs() < 1e-15);
    }
}
