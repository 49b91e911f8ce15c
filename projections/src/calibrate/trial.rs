//! How good a fit would have been: the same fit made one horizon earlier, tested on what came since.

use serde::Serialize;

use crate::outlook::probability;
use crate::time::Timestamp;

use super::logistic::Line;
use super::{Observed, Terms, TooFew, fit, inputs_of};

/// A fit as of E - H, tested on the window that ends at E.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// E - H: the last instant that the tested fit knew of.
    pub until: Timestamp,
    /// Accounts tested.
    pub rows: u32,
    /// Those of them with an occasion in the window.
    pub returned: u32,
    /// Mean squared error of the probabilities.
    pub brier: f64,
    /// That of one probability for all, the share of the tested fit's own rows.
    pub brier_of_share: f64,
}

/// Tests a fit. `earlier` is every account as of E - H, `observed` as of E, both in the order of ids.
///
/// # Errors
/// [`TooFew`] when there was no fit at E - H.
pub fn trial(
    observed: &[&Observed],
    earlier: &[&Observed],
    until: Timestamp,
    terms: &Terms<'_>,
) -> Result<Trial, TooFew> {
    let at = until.plus_days(-f64::from(terms.horizon_days));
    let fitted = fit(earlier, at, terms)?;
    let line = Line { intercept: fitted.fit.b0, slopes: [fitted.fit.b_s, fitted.fit.b_m, fitted.fit.b_l] };
    let share = f64::from(fitted.returned) / f64::from(fitted.rows);
    let (mut rows, mut returned, mut error, mut error_of_share) = (0_u32, 0_u32, 0.0, 0.0);
    let tested = observed.iter().filter_map(|account| account.rows.first().copied().flatten());
    for (standing, happened) in tested.filter(|(standing, _)| !standing.closed) {
        let foretold = probability(line.log_odds(&inputs_of(&standing, Some(fitted.fit.m0))));
        let came = if happened { 1.0 } else { 0.0 };
        error += (foretold - came) * (foretold - came);
        error_of_share += (share - came) * (share - came);
        rows = rows.saturating_add(1);
        returned = returned.saturating_add(u32::from(happened));
    }
    let count = f64::from(rows.max(1));
    Ok(Trial { until: at, rows, returned, brier: error / count, brier_of_share: error_of_share / count })
}
