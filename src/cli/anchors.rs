use clap::Args;
use guanxi_projections::epoch::Quarter;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::{Global, local_actor};
use crate::ledger::AnchorsAnswer;

/// Show what is measured over the whole portfolio at a quarter's start, or freeze it.
///
/// Scales of money, the usual gap between orders, the win rate and the counts by trait hold for a whole quarter. Frozen,
/// they stay as they are for that quarter, whatever is recorded later of the time before it.
#[derive(Debug, Args)]
pub(super) struct Anchors {
    /// Which quarter, such as 2026Q3 [default: that of now].
    #[arg(long, value_name = "QUARTER")]
    quarter: Option<Quarter>,
    /// Freeze the values, once per quarter.
    #[arg(long)]
    record: bool,
}

impl Anchors {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let answer = if self.record {
            global.open_for_writing("guanxi anchors")?.freeze_anchors(&local_actor()?, self.quarter)?
        } else {
            global.open_for_reading()?.anchors(self.quarter)?
        };
        match global.output() {
            Output::Json => output::json(&answer),
            Output::People => print(&answer),
        }
    }
}

fn print(answer: &AnchorsAnswer) -> Result<(), Failure> {
    let anchors = &answer.anchors;
    let figure = |value: Option<f64>| or_dash(value.map(|value| format!("{value:.2}")));
    let share = anchors.win_rate.map(|share| format!("{:.1} %", 100.0 * share.get()));
    let [good, other] = anchors.totals;
    let rows = [
        ("m0", figure(anchors.m0), "median of faded yearly amounts"),
        ("v0", figure(anchors.v0), "median annual sales rate, smoothed"),
        ("v1", figure(anchors.v1), "95th percentile of it, smoothed"),
        ("gap", figure(anchors.gap), "median days between orders"),
        ("win rate", or_dash(share), "of decided bids"),
        ("experience", format!("{good} good, {other} other"), "accounts that others are compared with"),
    ];
    let row = |(name, value, what): (&str, String, &str)| vec![name.to_owned(), value, what.to_owned()];
    output::table(&["anchor", "value", "what"], rows.map(row))?;
    let quarter = &anchors.quarter;
    output::line(&match (answer.recorded, answer.frozen) {
        (Some(position), _) => format!("\nFrozen for {quarter} (position {position})."),
        (None, true) => format!("\nThey were frozen for {quarter} before."),
        (None, false) => format!("\nMeasured at the start of {quarter}, not frozen."),
    })
}
