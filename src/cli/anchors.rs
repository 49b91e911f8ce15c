use clap::Args;
use guanxi_projections::epoch::Quarter;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::{Global, local_actor};
use crate::ledger::AnchorsAnswer;
use crate::words::Words;

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
            Output::People => print(&answer, global.words()),
        }
    }
}

fn print(answer: &AnchorsAnswer, words: Words) -> Result<(), Failure> {
    let anchors = &answer.anchors;
    let figure = |value: Option<f64>| or_dash(value.map(|value| format!("{value:.2}")));
    let share = anchors.win_rate.map(|share| format!("{:.1} %", 100.0 * share.get()));
    let [good, other] = anchors.totals;
    let counts = [("good", good.to_string().into()), ("other", other.to_string().into())];
    let rows = [
        ("m0", figure(anchors.m0), "anchor-m0"),
        ("v0", figure(anchors.v0), "anchor-v0"),
        ("v1", figure(anchors.v1), "anchor-v1"),
        ("gap", figure(anchors.gap), "anchor-gap"),
        ("win_rate", or_dash(share), "anchor-win-rate"),
        ("experience", words.say("anchor-counts", &counts), "anchor-experience"),
    ];
    let row = |(name, value, what): (&str, String, &str)| {
        vec![words.name_if_known("anchor-word", name), value, words.say(what, &[])]
    };
    output::columns(words, &["anchor", "value", "what"], rows.map(row))?;
    let mut says = vec![("quarter", anchors.quarter.to_string().into())];
    says.extend(answer.recorded.map(|position| ("position", position.to_string().into())));
    let id = match (answer.recorded, answer.frozen) {
        (Some(_), _) => "anchors-frozen-now",
        (None, true) => "anchors-frozen",
        (None, false) => "anchors-measured",
    };
    output::line(&format!("\n{}", words.say(id, &says)))
}
