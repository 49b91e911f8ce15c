use std::ops::ControlFlow;

use clap::Args;
use guanxi_projections::calibrate::{Fitted, Proposal, Trial};
use guanxi_projections::time::{Timestamp, When, Zone};

use super::failure::Failure;
use super::output::{self, Output};
use super::{AskedArgs, Global, local_actor, progress};
use crate::ledger::{CalibrationAnswer, Ledger};

/// Fit the outlook to the ledger's own past.
///
/// The fit is shown with what it rests on and how good the same fit would have been one horizon earlier. With --record it
/// is recorded and in force from --as-of on; without, nothing is written. Parameters of the own rhythm may be suggested:
/// to use them, adopt a policy that has them.
#[derive(Debug, Args)]
pub(super) struct Calibrate {
    /// How many days ahead [default: the policy's].
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    horizon: Option<u32>,
    /// Record the fit.
    #[arg(long, conflicts_with_all = ["known_at", "policy"])]
    record: bool,
    #[command(flatten)]
    asked: AskedArgs,
}

impl Calibrate {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let bar = progress::of_things(0);
        let watch = |done: usize, total: usize| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            ControlFlow::Continue(())
        };
        let (answer, zone) = if self.record {
            let ledger = global.open_for_writing("guanxi calibrate")?;
            (self.record(&ledger, self.asked.as_of, watch)?, ledger.zone())
        } else {
            let ledger = global.open_for_reading()?;
            (ledger.calibrate(self.horizon, &self.asked.asked()?, watch)?, ledger.zone())
        };
        bar.finish_and_clear();
        match global.output() {
            Output::Json => output::json(&answer),
            Output::People => print(&answer, zone),
        }
    }

    fn record(
        &self,
        ledger: &Ledger,
        as_of: Option<When>,
        watch: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<CalibrationAnswer, Failure> {
        Ok(ledger.record_calibration(&local_actor()?, self.horizon, as_of, watch)?)
    }
}

fn print(answer: &CalibrationAnswer, zone: Zone) -> Result<(), Failure> {
    let horizon = answer.horizon_days;
    let as_of = zone.local(answer.coordinates.as_of);
    output::line(&format!("Will an account order within {horizon} days? Fitted as of {as_of}.\n"))?;
    if let Some(fitted) = &answer.fit {
        print_fit(answer, fitted, zone)?;
    }
    if let Some(too_few) = &answer.unfitted {
        output::line(&format!("No fit: {too_few}."))?;
    }
    if let Some(trial) = &answer.trial {
        print_trial(trial, zone)?;
    }
    if let Some(proposal) = &answer.proposal {
        print_proposal(proposal)?;
    }
    match answer.recorded {
        Some(position) => {
            output::line(&format!("\nRecorded (position {position}): in force from {as_of} on."))
        }
        None if answer.fit.is_some() => output::line("\nNot recorded: say --record to put the fit in force."),
        None => Ok(()),
    }
}

fn print_fit(answer: &CalibrationAnswer, fitted: &Fitted, zone: Zone) -> Result<(), Failure> {
    let (fit, before) = (&fitted.fit, answer.in_force.as_ref());
    let row = |name: &str, now: f64, before: Option<f64>, what: &str| {
        let before = before.map_or_else(|| "-".to_owned(), |before| format!("{before:.4}"));
        vec![name.to_owned(), format!("{now:.4}"), before, what.to_owned()]
    };
    let rows = [
        row("b0", fit.b0, before.map(|fit| fit.b0), "intercept"),
        row("bS", fit.b_s, before.map(|fit| fit.b_s), "of faded order days, ln(1 + S180)"),
        row("bM", fit.b_m, before.map(|fit| fit.b_m), "of faded amounts, ln(1 + M365/m0)"),
        row("bL", fit.b_l, before.map(|fit| fit.b_l), "of the own rhythm, logit of P_act"),
        row("m0", fit.m0, before.map(|fit| fit.m0), "median of faded amounts"),
    ];
    output::table(&["coefficient", "fitted", "in force before", "what"], rows)?;
    let day = |at: &Timestamp| zone.day_of(*at).to_string();
    let cutoffs: Vec<String> = fitted.cutoffs.iter().map(day).collect();
    let season = if fitted.seasonal { ", the last for the intercept alone" } else { "" };
    let Fitted { rows, returned, brier_in_sample, .. } = fitted;
    output::line(&format!(
        "\nCut-offs {}{season}: {rows} rows, {returned} with an order in the window, {} without.\n\
         In sample: Brier {brier_in_sample:.4}.",
        cutoffs.join(", "),
        rows - returned,
    ))
}

fn print_trial(trial: &Trial, zone: Zone) -> Result<(), Failure> {
    let Trial { until, rows, returned, brier, brier_of_share } = trial;
    output::line(&format!(
        "Out of sample: the same fit made as of {} and tested on what came since: Brier {brier:.4} over {rows} accounts, \
         {returned} of which ordered; the same probability for all: {brier_of_share:.4}.",
        zone.day_of(*until)
    ))
}

fn print_proposal(proposal: &Proposal) -> Result<(), Failure> {
    let Proposal { r, alpha_days, a, b, accounts, repeated, .. } = proposal;
    output::line(&format!(
        "\nThe rhythm of {accounts} accounts, {repeated} with a repeat, suggests for a policy (nothing follows it until \
         one is adopted):\n  [rhythm.orders]\n  r = {r:.4}\n  alpha_days = {alpha_days:.3}\n  a = {a:.4}\n  b = {b:.4}"
    ))
}
