//! How fast questions about the whole portfolio are answered.

use std::ops::ControlFlow;

use guanxi::ledger::{AccountFilter, AlertFilter, Asked, Ledger, MovementAsked, Seen, Sight, TrendAsked};
use guanxi_projections::measure::Measure;
use guanxi_projections::time::{Timestamp, When, Zone};
use guanxi_projections::trend::Every;

use crate::replay::Filled;
use crate::report::{Row, Target, median};
use crate::timing::seconds;

/// The points of a trend over the last three years, by month and by week, both ends included.
const POINTS: [(Every, f64); 2] = [(Every::Month, 36.0), (Every::Week, 157.0)];

/// Where the time of a trend goes, in seconds.
#[derive(Debug, Default)]
pub struct Parts {
    first: Vec<f64>,
    by_month: Vec<f64>,
    by_week: Vec<f64>,
}

impl Parts {
    /// What the first question takes longer is the surveys of the quarters. By week and by month the same facts are
    /// folded, so that the difference is that of the points read.
    pub fn describe(&self) -> String {
        let (first, month, week) = (median(&self.first), median(&self.by_month), median(&self.by_week));
        let ((_, months), (_, weeks)) = (POINTS[0], POINTS[1]);
        let point = (week - month) / (weeks - months);
        let reading = point * months;
        format!(
            "36 monthly points, of {month:.2} s: folding {:.2} s, reading the points {reading:.2} s ({:.1} ms each); \
             surveys of the quarters, the first time {:.2} s",
            month - reading,
            1e3 * point,
            first - month
        )
    }
}

/// Asks for trends, the portfolio, alerts and a movement, each the first time and again.
pub fn measure(filled: &Filled, rounds: usize, parts: &mut Parts) -> Vec<Row> {
    let row = |what, yardstick, target| Row::new(what, yardstick, "ms", target);
    let mut warm = row("36 months of the portfolio, warm", "3 s", Target::AtMost(1.0));
    let mut first = row("the same, the first time", "warm", Target::Told);
    let mut then = row("each point as seen then, warm", "as known now", Target::Told);
    let mut whole = row("portfolio, warm", "250 ms", Target::Told);
    let mut alerts = row("alerts of every account, warm", "250 ms", Target::Told);
    let mut alerts_first = row("the same, the first time", "warm", Target::Told);
    let mut moved = row("movement over a quarter, warm", "250 ms", Target::Told);
    for _ in 0..rounds {
        let ledger = filled.open();
        ledger.refresh().unwrap();
        let trend = |every, seen| 1e3 * seconds(|| assert!(trend(&ledger, filled, every, seen) > 30));
        let cold = trend(Every::Month, Seen::Now);
        let month = trend(Every::Month, Seen::Now);
        let week = trend(Every::Week, Seen::Now);
        warm.add(month, 3e3);
        first.add(cold, month);
        parts.first.push(cold / 1e3);
        parts.by_month.push(month / 1e3);
        parts.by_week.push(week / 1e3);
        trend(Every::Month, Seen::Then);
        then.add(trend(Every::Month, Seen::Then), month);
        portfolio(&ledger, filled);
        whole.add(1e3 * seconds(|| portfolio(&ledger, filled)), 250.0);
        let cold = 1e3 * seconds(|| found(&ledger, filled));
        let again = 1e3 * seconds(|| found(&ledger, filled));
        alerts.add(again, 250.0);
        alerts_first.add(cold, again);
        movement(&ledger, filled);
        moved.add(1e3 * seconds(|| movement(&ledger, filled)), 250.0);
    }
    vec![warm, first, then, whole, alerts, alerts_first, moved]
}

/// The last day of the history, less some days.
fn back(filled: &Filled, days: u64) -> Timestamp {
    filled.day(1_460 - 1 - days)
}

fn asked(filled: &Filled) -> Asked {
    Asked { as_of: Some(When::At(back(filled, 0))), ..Asked::default() }
}

fn trend(ledger: &Ledger, filled: &Filled, every: Every, seen: Seen) -> usize {
    let day = |at| Zone::default().day_of(at);
    let (from, to) = (day(back(filled, 3 * 365 - 25)), day(back(filled, 0)));
    let measures = vec![Measure::Health, Measure::Score, Measure::Outlook];
    let trend = TrendAsked { from, to, every, measures, seen };
    ledger
        .portfolio_trend(&trend, &Sight::All, &Asked::default(), |_, _| ControlFlow::Continue(()))
        .unwrap()
        .points
        .len()
}

fn portfolio(ledger: &Ledger, filled: &Filled) {
    let answer = ledger.portfolio(&asked(filled), &AccountFilter::default(), |_, _| ()).unwrap();
    assert!(answer.view.accounts > 0);
}

fn found(ledger: &Ledger, filled: &Filled) {
    let answer = ledger.alerts(&asked(filled), &AlertFilter::default(), |_, _| ()).unwrap();
    assert!(!answer.alerts.is_empty());
}

fn movement(ledger: &Ledger, filled: &Filled) {
    let (from, to) = (When::At(back(filled, 91)), When::At(back(filled, 0)));
    let answer = ledger
        .movement(
            &MovementAsked { from, to, seen: Seen::Now, within: Sight::All },
            &Asked::default(),
            |_, _| ControlFlow::Continue(()),
        )
        .unwrap();
    assert!(!answer.lines.is_empty());
}
