use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use guanxi_projections::backtest::{BacktestView, CutoffView, ScoreView, StageShare, svg};
use guanxi_projections::occasion::Occasion;
use guanxi_projections::past::Clock;
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
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
    /// The cut-offs, as shares of the span from the first occasion to the last.
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
        let view = ledger.backtest(&backtest, &self.asked.asked()?, |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            ControlFlow::Continue(())
        })?;
        bar.finish_and_clear();
        if let Some(path) = &self.svg {
            let written = console::create(path).and_then(|mut file| file.write_all(svg(&view).as_bytes()));
            written.map_err(|error| {
                Failure::user(format!("could not write the picture {}: {error}", path.display()))
            })?;
        }
        match global.output() {
            Output::Json => output::json(&view),
            Output::People => print(&view, ledger.zone()),
        }
    }
}

fn print(view: &BacktestView, zone: Zone) -> Result<(), Failure> {
    let day = |at| zone.day_of(at).to_string();
    output::line(&format!(
        "Will an account {} within {} days? Tested on the history from {} to {}; {}.",
        view.occasion.verb(),
        view.horizon_days,
        day(view.span.from),
        day(view.span.to),
        clock(view),
    ))?;
    for cutoff in &view.cutoffs {
        print_cutoff(cutoff, &day(cutoff.at))?;
    }
    let plural = if view.cutoffs.len() == 1 { "cut-off" } else { "cut-offs" };
    output::line(&format!("\nMean of {} {plural}", view.cutoffs.len()))?;
    print_scores(&view.mean)?;
    output::line("\nReliability of the outlook, by tenths of the accounts")?;
    print_reliability(view)?;
    output::line("\nAccounts that returned, by stage at the cut-off")?;
    print_stages(&view.stages)?;
    output::line(&format!("\n{}", view.verdict.sentences.join("\n")))
}

fn clock(view: &BacktestView) -> String {
    match view.clock {
        Clock::Occurred => {
            format!("at each cut-off all that had occurred counts, as known on {}", view.coordinates.known_at)
        }
        Clock::AsKnown => "at each cut-off only what had been recorded by then counts".to_owned(),
    }
}

fn print_cutoff(cutoff: &CutoffView, day: &str) -> Result<(), Failure> {
    let CutoffView { population, returned, .. } = cutoff;
    let fit = match (&cutoff.fit, &cutoff.unfitted) {
        (Some(fitted), _) => {
            let fit = &fitted.fit;
            format!(
                "b0 {:.3}, bS {:.3}, bM {:.3}, bL {:.3}, {} rows",
                fit.b0, fit.b_s, fit.b_m, fit.b_l, fitted.rows
            )
        }
        (None, Some(too_few)) => format!("the policy's defaults: {too_few}"),
        (None, None) => "the policy's defaults".to_owned(),
    };
    output::line(&format!(
        "\nCut-off {day}: {population} accounts, {returned} returned. Outlook fitted: {fit}"
    ))?;
    print_scores(&cutoff.scores)
}

fn print_scores(scores: &[ScoreView]) -> Result<(), Failure> {
    let figure = |value: Option<f64>| or_dash(value.map(|value| format!("{value:.4}")));
    output::table(
        &["score", "AUC", "+-", "Brier", "+-", "Spearman", "lift 10 %"],
        scores.iter().map(|score| {
            let figures =
                [score.auc, score.auc_se, score.brier, score.brier_se, score.spearman, score.lift10];
            std::iter::once(score.name.to_owned()).chain(figures.map(figure)).collect()
        }),
    )
}

fn print_reliability(view: &BacktestView) -> Result<(), Failure> {
    let share = |value: f64| format!("{:.1} %", 100.0 * value);
    output::table(
        &["foretold", "came", "+-", "accounts", "from", "to"],
        view.reliability.iter().map(|decile| {
            vec![
                share(decile.foretold),
                share(decile.observed),
                share(decile.standard_error),
                decile.accounts.to_string(),
                share(decile.from),
                share(decile.to),
            ]
        }),
    )
}

fn print_stages(stages: &[StageShare]) -> Result<(), Failure> {
    output::table(
        &["stage", "accounts", "returned", "share"],
        stages.iter().map(|stage| {
            vec![
                stage.stage.as_str().to_owned(),
                stage.accounts.to_string(),
                stage.returned.to_string(),
                or_dash(stage.share.map(|share| format!("{:.1} %", 100.0 * share))),
            ]
        }),
    )
}
