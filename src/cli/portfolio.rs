mod words;

use clap::Args;

use super::failure::Failure;
use super::filter::FilterArgs;
use super::output::{self, Output};
use super::reasons::Speech;
use super::{AskedArgs, Global, progress};

/// Show all accounts as a whole: stages, importance against coverage, who is at risk, who carries what, and what
/// effort brings, at any point in time.
///
/// With filters the counts are of the accounts that they leave; ranks, percentiles and shares stay those among all.
/// With `--json` the whole ranking is part of the answer.
#[derive(Debug, Args)]
pub(super) struct Portfolio {
    #[command(flatten)]
    asked: AskedArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// At most so many lines in each list for people.
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    limit: usize,
}

impl Portfolio {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let bar = progress::of_things(0);
        let answer = ledger.portfolio(&self.asked.asked()?, &self.filter.filter(), |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        })?;
        bar.finish_and_clear();
        if global.output() == Output::Json {
            return output::written(&ledger.to_json(&answer)?);
        }
        let alias = |person| ledger.alias(person).to_string();
        let speech = Speech::plain(global.words(), ledger.zone());
        words::print(&answer, &words::Reader { speech, limit: self.limit, alias: &alias })
    }
}
