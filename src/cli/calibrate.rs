use std::ops::ControlFlow;

use clap::Args;
use guanxi_projections::calibrate::{Fitted, Proposal, Trial};
use guanxi_projections::time::{When, Zone};

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::reasons::too_few;
use super::{AskedArgs, Global, local_actor, progress};
use crate::ledger::{CalibrationAnswer, Ledger};
use crate::words::Words;

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
        let watch = |done: usize, total: usize| bar.hear(done, total);
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
            Output::People => Telling { words: global.words(), zone }.print(&answer),
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

/// What a calibration is told with.
#[derive(Clone, Copy)]
struct Telling {
    words: Words,
    zone: Zone,
}

impl Telling {
    fn print(self, answer: &CalibrationAnswer) -> Result<(), Failure> {
        let words = self.words;
        let as_of = self.zone.local(answer.coordinates.as_of);
        let says = [("days", answer.horizon_days.to_string().into()), ("as_of", as_of.as_str().into())];
        output::line(&format!("{}\n", words.say("calibrate-title", &says)))?;
        if let Some(fitted) = &answer.fit {
            self.fit(answer, fitted)?;
        }
        if let Some(few) = answer.unfitted {
            let says = [("reason", too_few(few, words).into())];
            output::line(&words.say("calibrate-unfitted", &says))?;
        }
        if let Some(trial) = &answer.trial {
            self.trial(trial)?;
        }
        if let Some(proposal) = &answer.proposal {
            self.proposal(proposal)?;
        }
        let end = match answer.recorded {
            Some(position) => {
                let says = [("position", position.to_string().into()), ("as_of", as_of.into())];
                words.say("calibrate-recorded", &says)
            }
            None if answer.fit.is_some() => words.say("calibrate-unrecorded", &[]),
            None => return Ok(()),
        };
        output::line(&format!("\n{end}"))
    }

    fn fit(self, answer: &CalibrationAnswer, fitted: &Fitted) -> Result<(), Failure> {
        let (fit, before, words) = (&fitted.fit, answer.in_force.as_ref(), self.words);
        let row = |name: &str, now: f64, before: Option<f64>, id: &str| {
            let before = or_dash(before.map(|before| format!("{before:.4}")));
            vec![name.to_owned(), format!("{now:.4}"), before, words.say(id, &[])]
        };
        let rows = [
            row("b0", fit.b0, before.map(|fit| fit.b0), "calibrate-b0"),
            row("bS", fit.b_s, before.map(|fit| fit.b_s), "calibrate-bs"),
            row("bM", fit.b_m, before.map(|fit| fit.b_m), "calibrate-bm"),
            row("bL", fit.b_l, before.map(|fit| fit.b_l), "calibrate-bl"),
            row("m0", fit.m0, before.map(|fit| fit.m0), "calibrate-m0"),
        ];
        output::columns(words, &["coefficient", "fitted", "in-force-before", "what"], rows)?;
        let cutoffs = words.list(fitted.cutoffs.iter().map(|at| self.zone.day_of(*at).to_string()));
        let Fitted { rows, returned, brier_in_sample, .. } = fitted;
        let says = [
            ("cutoffs", cutoffs.into()),
            ("rows", rows.to_string().into()),
            ("returned", returned.to_string().into()),
            ("others", (rows - returned).to_string().into()),
        ];
        let id = if fitted.seasonal { "calibrate-rows-seasonal" } else { "calibrate-rows" };
        output::line(&format!("\n{}", words.say(id, &says)))?;
        let brier = format!("{brier_in_sample:.4}");
        output::line(&words.say("calibrate-in-sample", &[("brier", brier.into())]))
    }

    fn trial(self, trial: &Trial) -> Result<(), Failure> {
        let Trial { until, rows, returned, brier, brier_of_share } = trial;
        let says = [
            ("day", self.zone.day_of(*until).to_string().into()),
            ("brier", format!("{brier:.4}").into()),
            ("rows", rows.to_string().into()),
            ("returned", returned.to_string().into()),
            ("flat", format!("{brier_of_share:.4}").into()),
        ];
        output::line(&self.words.say("calibrate-trial", &says))
    }

    fn proposal(self, proposal: &Proposal) -> Result<(), Failure> {
        let Proposal { r, alpha_days, a, b, accounts, repeated, .. } = proposal;
        let says = [("accounts", accounts.to_string().into()), ("repeated", repeated.to_string().into())];
        let proposed = self.words.say("calibrate-proposal", &says);
        output::line(&format!(
            "\n{proposed}\n  [rhythm.orders]\n  r = {r:.4}\n  alpha_days = {alpha_days:.3}\n  a = {a:.4}\n  b = {b:.4}"
        ))
    }
}
