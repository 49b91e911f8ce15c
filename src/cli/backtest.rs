mod sentences;

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use guanxi_projections::backtest::svg;
use guanxi_projections::occasion::Occasion;
use guanxi_projections::past::Clock;

use super::failure::Failure;
use super::output::{self, Output};
use super::{AskedArgs, Global, console, progress};
use crate::ledger::BacktestAsked;

/// Test the figures on the ledger's own history: was the outlook ever right?
///
/// At each cut-off everything is fitted on what happened before, every account is scored, and the days after tell who was
/// right: the outlook, or one of its competitors (recency, frequency, the RFM sum, BG/NBD and MBG/NBD).
#[derive(Debug, Args)]
pub(super) struct Backtest {
    /// How many days ahead [default: the policy's].
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    horizon: Option<u32>,
    /// The cut-offs, as shares of the span from the first occasion to the last, with commas between them.
    #[arg(long, value_name = "SHARES", value_delimiter = ',', default_values_t = BacktestAsked::SHARES)]
    cutoffs: Vec<f64>,
    /// What is foretold: order, bid (won or lost) or contact (two-way).
    #[arg(long, value_parser = occasion, default_value = "order")]
    occasion: Occasion,
    /// Know at each cut-off only what had been recorded by then, rather than all that had occurred. History that was
    /// imported later does not exist there.
    #[arg(long)]
    as_known_then: bool,
    /// Draw reliability and AUC into this file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    asked: AskedArgs,
}

fn occasion(name: &str) -> Result<Occasion, String> {
    let names = || Occasion::ALL.map(Occasion::as_str).join(", ");
    Occasion::ALL
        .into_iter()
        .find(|occasion| occasion.as_str() == name)
        .ok_or_else(|| format!("one of {}", names()))
}

impl Backtest {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let backtest = BacktestAsked {
            horizon_days: self.horizon,
            shares: self.cutoffs.clone(),
            occasion: self.occasion,
            clock: if self.as_known_then { Clock::AsKnown } else { Clock::Occurred },
        };
        let bar = progress::of_things(0);
        let view = ledger.backtest(&backtest, &self.asked.asked()?, |done, total| bar.hear(done, total))?;
        bar.finish_and_clear();
        if let Some(path) = &self.svg {
            let written = console::create(path).and_then(|mut file| file.write_all(svg(&view).as_bytes()));
            written.map_err(|error| {
                Failure::user(format!("could not write the picture {}: {error}", path.display()))
            })?;
        }
        match global.output() {
            Output::Json => output::json(&view),
            Output::People => sentences::print(&view, global.words(), ledger.zone()),
        }
    }
}
