//! Calibration: the outlook fitted to the ledger's own past.
//!
//! Accounts are observed at earlier cut-offs E - H, E - 1.5 H and E - 2 H, each with what it did in the H days after
//! it, and the log odds of an occasion are fitted to the outlook's three inputs. Everything is read from a [`Past`]
//! that ends at E, so a fit cannot know what came later. `Source:` model specification, section 3.
//!
//! Readings, where the specification leaves a choice:
//! - An account that stands closed at a cut-off is no row: its outlook is 0 by rule, not by fit.
//! - m0 is the median M365 above 0 of the accounts at E.
//! - The same window one year back enters the intercept alone: the slopes come from the three cut-offs, then the
//!   intercept is fitted again to all four windows. A window that is one of the three already, within two days
//!   (H = 365, H = 182), counts once.
//! - The most negative slope is that per standard deviation of its input.
//! - History is so old as the first occasion of all accounts.

pub(crate) mod logistic;
mod proposal;
pub(crate) mod standing;
mod trial;

use serde::Serialize;

use crate::epoch::{Fit, median};
use crate::event::own::CalibrationFitted;
use crate::occasion::Occasion;
use crate::outlook::{inputs, probability};
use crate::past::Past;
use crate::policy::Policy;
use crate::rates::Rates;
use crate::time::{Timestamp, When, Zone};

use logistic::{Example, Line};
pub use proposal::{Proposal, propose};
pub use standing::{Outcome, Standing};
pub use trial::{Trial, trial};

/// What a fit is about.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'p> {
    /// The policy asked for.
    pub policy: &'p Policy,
    /// The ledger's zone.
    pub zone: Zone,
    /// The rates in force at the end of the past.
    pub rates: &'p Rates,
    /// H: how many days ahead.
    pub horizon_days: u32,
    /// What is to be foretold.
    pub occasion: Occasion,
}

/// Where the training windows of a fit begin; each lasts H days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// E - H, E - 1.5 H, E - 2 H.
    pub recent: [Timestamp; 3],
    /// E less a calendar year, where the window has ended by E and is none of the three.
    pub year_before: Option<Timestamp>,
}

/// How many windows there are at most.
const WINDOWS: usize = 4;
/// Where the recent windows begin, in horizons before E.
const RECENT: [f64; 3] = [1.0, 1.5, 2.0];
/// Months of history from which on the window one year back is read.
const SEASONAL_MONTHS: u32 = 13;
/// Windows that begin so close to each other are one: a calendar year is 365 days or 366.
const SAME_WINDOW_DAYS: f64 = 2.0;
/// Fewer rows than this are not fitted.
pub const ROWS_MIN: u32 = 50;
/// Fewer rows of a class than this are not fitted.
pub const CLASS_MIN: u32 = 20;
/// The ridge.
pub(crate) const LAMBDA: f64 = 1.0;

/// An account at a cut-off, and what it did in the window after it; `None` before its first occasion.
pub(crate) type Row = Option<(Standing, bool)>;

/// What one account adds to a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// At E; `None` before its first occasion.
    pub(crate) now: Option<Standing>,
    /// At the beginning of each window, recent ones first.
    pub(crate) rows: [Row; WINDOWS],
}

/// A fit, and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fitted {
    /// The coefficients.
    #[serde(flatten)]
    pub fit: Fit,
    /// E: the last instant that it knows of.
    pub until: Timestamp,
    /// The cut-offs of its training windows.
    pub cutoffs: Vec<Timestamp>,
    /// Whether the window one year back entered the intercept.
    pub seasonal: bool,
    /// Accounts at cut-offs.
    pub rows: u32,
    /// Those of them with an occasion in the window.
    pub returned: u32,
    /// Mean squared error of its probabilities on the rows that it was fitted to.
    pub brier_in_sample: f64,
}

impl Fitted {
    /// The event that records it.
    pub fn event(&self) -> CalibrationFitted {
        let Fit { horizon_days, b0, b_s, b_m, b_l, m0 } = self.fit;
        let cutoffs = self.cutoffs.iter().copied().map(When::At).collect();
        CalibrationFitted { horizon: horizon_days, b0, b_s, b_m, b_l, m0, cutoffs, rows: self.rows }
    }
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize)]
#[error(
    "there are {rows} accounts at earlier cut-offs, {returned} of them with an occasion in the window; a fit needs \
     at least {ROWS_MIN}, and {CLASS_MIN} of each kind"
)]
pub struct TooFew {
    /// Accounts at cut-offs.
    pub rows: u32,
    /// Those of them with an occasion in the window.
    pub returned: u32,
}

impl Windows {
    /// The windows of a fit as of `until`.
    pub fn before(until: Timestamp, terms: &Terms<'_>) -> Self {
        let horizon = f64::from(terms.horizon_days);
        let recent = RECENT.map(|horizons| until.plus_days(-horizons * horizon));
        let year_before = terms.zone.months_before(until, 12);
        let is_one_of_them =
            recent.iter().any(|begin| begin.days_since(year_before).abs() <= SAME_WINDOW_DAYS);
        let has_ended = year_before.plus_days(horizon) <= until && !is_one_of_them;
        Self { recent, year_before: has_ended.then_some(year_before) }
    }

    fn begins(&self) -> impl Iterator<Item = Timestamp> {
        self.recent.into_iter().chain(self.year_before)
    }
}

impl Observed {
    /// Observes an account. Cost: O(its facts) for each window.
    pub fn of(past: &Past<'_>, windows: &Windows, terms: &Terms<'_>) -> Self {
        let mut rows = [None; WINDOWS];
        for (row, begin) in rows.iter_mut().zip(windows.begins()) {
            *row = Standing::at_end(&past.cut(begin), terms).map(|standing| {
                let window = past.cut(begin.plus_days(f64::from(terms.horizon_days)));
                (standing, Outcome::after(begin, &window, terms).returned)
            });
        }
        Self { now: Standing::at_end(past, terms), rows }
    }
}

/// Fits the outlook. `observed` is every account in the order of ids, each as of `until`.
///
/// # Errors
/// [`TooFew`].
pub fn fit(observed: &[&Observed], until: Timestamp, terms: &Terms<'_>) -> Result<Fitted, TooFew> {
    let windows = Windows::before(until, terms);
    let now: Vec<Standing> = observed.iter().filter_map(|account| account.now).collect();
    let m0 = scale_of_money(&now);
    let examples = |window: usize| {
        observed
            .iter()
            .filter_map(move |account| account.rows.get(window).copied().flatten())
            .filter(|(standing, _)| !standing.closed)
            .map(|(standing, happened)| Example { inputs: inputs_of(&standing, m0), happened })
    };
    let mut rows: Vec<Example<3>> = (0..RECENT.len()).flat_map(examples).collect();
    let (count, returned) = counts(&rows);
    if count < ROWS_MIN || returned < CLASS_MIN || count - returned < CLASS_MIN {
        return Err(TooFew { rows: count, returned });
    }
    let mut line = with_slopes_of_the_right_sign(&rows);
    let mut cutoffs = windows.recent.to_vec();
    let began = now.iter().map(|standing| standing.first).min();
    let is_old = began.is_some_and(|began| began <= terms.zone.months_before(until, SEASONAL_MONTHS));
    let recent = rows.len();
    if let Some(year_before) = windows.year_before.filter(|_| is_old) {
        rows.extend(examples(RECENT.len()));
        if rows.len() > recent {
            line = line.with_intercept_of(&rows);
            cutoffs.push(year_before);
        }
    }
    let (rows_count, returned) = counts(&rows);
    let [b_s, b_m, b_l] = line.slopes;
    Ok(Fitted {
        fit: Fit {
            horizon_days: terms.horizon_days,
            b0: line.intercept,
            b_s,
            b_m,
            b_l,
            m0: m0.unwrap_or(0.0),
        },
        until,
        cutoffs,
        seasonal: rows.len() > recent,
        rows: rows_count,
        returned,
        brier_in_sample: brier(&line, &rows),
    })
}

/// m0: the median M365 above 0; `None` where nobody ordered for money.
pub(crate) fn scale_of_money(accounts: &[Standing]) -> Option<f64> {
    median(accounts.iter().map(|account| account.amounts))
}

/// The outlook's inputs for an account.
pub(crate) fn inputs_of(standing: &Standing, m0: Option<f64>) -> [f64; 3] {
    inputs(standing.occasion_days, standing.amounts, standing.active, m0)
}

/// Drops the input with the most negative slope and fits again, until no slope is negative.
fn with_slopes_of_the_right_sign(rows: &[Example<3>]) -> Line<3> {
    let mut free = [true; 3];
    loop {
        let fitted = Line::ridge(rows, LAMBDA, free);
        let negative = fitted.weights.iter().enumerate().filter(|(_, weight)| **weight < 0.0);
        let Some((worst, _)) = negative.min_by(|(_, a), (_, b)| a.total_cmp(b)) else { return fitted.line };
        if let Some(free) = free.get_mut(worst) {
            *free = false;
        }
    }
}

fn counts(rows: &[Example<3>]) -> (u32, u32) {
    let returned = rows.iter().filter(|row| row.happened).count();
    (u32::try_from(rows.len()).unwrap_or(u32::MAX), u32::try_from(returned).unwrap_or(u32::MAX))
}

fn brier(line: &Line<3>, rows: &[Example<3>]) -> f64 {
    let error = |row: &Example<3>| {
        let error = probability(line.log_odds(&row.inputs)) - if row.happened { 1.0 } else { 0.0 };
        error * error
    };
    rows.iter().map(error).sum::<f64>() / rows.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::at;

    fn windows(until: &str, horizon_days: u32) -> Windows {
        let (policy, rates) = (Policy::default_policy(), Rates::none());
        let zone = Zone::default();
        let terms = Terms { policy: &policy, zone, rates: &rates, horizon_days, occasion: Occasion::Order };
        Windows::before(at(until), &terms)
    }

    #[test]
    fn windows_end_by_the_end_of_the_past() {
        let quarter = windows("2026-06-30", 90);
        assert_eq!(quarter.recent, [at("2026-04-01"), at("2026-02-15"), at("2026-01-01")]);
        assert_eq!(quarter.year_before, Some(at("2025-06-30")));
        // The year before 2024-06-30 has 366 days: its window is the first of the three, but for a day.
        for (until, horizon_days) in
            [("2026-06-30", 365), ("2024-06-30", 365), ("2026-06-30", 182), ("2026-06-30", 400)]
        {
            assert_eq!(windows(until, horizon_days).year_before, None, "{until} {horizon_days}");
        }
    }

    fn standing(occasion_days: f64, amounts: f64, first: Timestamp) -> Standing {
        let (recency_days, age_days, silent_days) = (0.0, 100.0, 100.0);
        Standing {
            first,
            repeats: 0,
            recency_days,
            age_days,
            silent_days,
            occasion_days,
            amounts,
            spent: amounts,
            active: 0.5,
            closed: false,
        }
    }

    /// Of 200 rows those with more occasions return more often, and those with more money less often.
    fn observed(first: &str, year_before: Option<bool>) -> Vec<Observed> {
        (0..200_u32)
            .map(|n| {
                let (often, rich) = (n % 2 == 0, n % 4 < 2);
                let happened = n % 8 == 7 || (often && n % 8 != 0);
                let standing =
                    standing(if often { 3.0 } else { 1.0 }, if rich { 900.0 } else { 100.0 }, at(first));
                let row = |happened| Some((standing, happened));
                let rows = [row(happened), None, None, year_before.and_then(row)];
                Observed { now: Some(standing), rows }
            })
            .collect()
    }

    fn fitted(observed: &[Observed]) -> Result<Fitted, TooFew> {
        let (policy, rates) = (Policy::default_policy(), Rates::none());
        let zone = Zone::default();
        let terms =
            Terms { policy: &policy, zone, rates: &rates, horizon_days: 90, occasion: Occasion::Order };
        fit(&observed.iter().collect::<Vec<_>>(), at("2026-06-30"), &terms)
    }

    #[test]
    fn a_slope_of_the_wrong_sign_is_dropped() {
        let all = observed("2026-01-01", None);
        let fitted = fitted(&all).unwrap();
        assert!(fitted.fit.b_s > 0.0 && fitted.fit.b_m >= 0.0 && fitted.fit.b_l >= 0.0, "{fitted:?}");
        let examples: Vec<Example<3>> = all
            .iter()
            .filter_map(|account| account.rows[0])
            .map(|(standing, happened)| Example {
                inputs: inputs_of(&standing, Some(fitted.fit.m0)),
                happened,
            })
            .collect();
        let unrestricted = Line::ridge(&examples, LAMBDA, [true; 3]).line;
        assert!(unrestricted.slopes[1] < 0.0, "money points the wrong way: {unrestricted:?}");
        assert!(fitted.fit.b_m == 0.0 && fitted.fit.b_l == 0.0, "{fitted:?}");
        // The mean probability is the share that returned.
        let mean =
            examples.iter().map(|e| probability(fitted.fit.b0 + fitted.fit.b_s * e.inputs[0])).sum::<f64>()
                / 200.0;
        assert!((mean - f64::from(fitted.returned) / 200.0).abs() < 1e-9);
    }

    #[test]
    fn the_window_one_year_back_moves_the_intercept_alone_and_only_after_13_months() {
        let without = fitted(&observed("2025-01-01", None)).unwrap();
        let nobody = fitted(&observed("2025-01-01", Some(false))).unwrap();
        assert!(nobody.seasonal && !without.seasonal);
        assert_eq!((nobody.rows, nobody.returned), (400, without.returned));
        assert!(nobody.fit.b0 < without.fit.b0, "{nobody:?}");
        assert_eq!(nobody.fit.b_s.to_bits(), without.fit.b_s.to_bits());
        let young = fitted(&observed("2025-06-01", Some(false))).unwrap();
        assert_eq!((young.seasonal, young.fit), (false, without.fit));
    }

    #[test]
    fn a_fit_needs_rows_of_both_kinds() {
        let mut all = observed("2026-01-01", None);
        all.truncate(49);
        assert_eq!(fitted(&all).map_err(|few| few.rows), Err(49));
        let mut all = observed("2026-01-01", None);
        for (place, account) in all.iter_mut().enumerate() {
            account.rows[0] = account.rows[0].map(|(standing, _)| (standing, place < 19));
        }
        assert_eq!(fitted(&all), Err(TooFew { rows: 200, returned: 19 }));
    }

    #[test]
    fn a_closed_account_is_no_row() {
        let mut all = observed("2026-01-01", None);
        let (standing, happened) = all[0].rows[0].unwrap();
        all[0].rows[0] = Some((Standing { closed: true, ..standing }, happened));
        assert_eq!(fitted(&all).unwrap().rows, 199);
    }
}
