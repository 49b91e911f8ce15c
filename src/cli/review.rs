pub(super) mod sentences;

use clap::Args;
use guanxi_projections::money::Amount;

use super::failure::Failure;
use super::output::{self, Output};
use super::{AskedArgs, Global, local_actor, progress};
use crate::ledger::{Asked, PolicyChoice, ReviewAnswer, ReviewAsked};
use sentences::Telling;

/// Review the portfolio: propose who becomes, stays and ceases to be a key account, and say why.
///
/// Nothing is written unless --record is given; then the list that is shown is the key list until the next review.
/// Each entry and exit names its rule. Accounts whose agreed adjustments are overdue are listed: to evaluate is to
/// adjust.
#[derive(Debug, Args)]
pub(super) struct Review {
    #[command(flatten)]
    asked: AskedArgs,
    /// Percent of the eligible accounts that are key accounts [default: as the policy says].
    #[arg(long, value_name = "PERCENT", value_parser = ReviewAsked::percent)]
    percent: Option<Amount>,
    /// Record the review. It sees everything that is recorded, under the current policy.
    #[arg(long, conflicts_with = "known_at")]
    record: bool,
}

impl Review {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let asked = self.asked.asked()?;
        if self.record && asked.policy != PolicyChoice::Current {
            return Err(Failure::user("a review is recorded under the current policy")
                .hint("leave --policy out, or adopt the other policy first"));
        }
        let purpose = "guanxi review --record";
        let ledger =
            if self.record { global.open_for_writing(purpose)? } else { global.open_for_reading()? };
        let bar = progress::of_things(0);
        let hear = |done: usize, total: usize| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        };
        let Asked { as_of, .. } = asked;
        let answer: ReviewAnswer = if self.record {
            ledger.hold_review(&local_actor()?, as_of, self.percent, hear)?
        } else {
            ledger.review(&ReviewAsked { asked, percent: self.percent }, hear)?
        };
        bar.finish_and_clear();
        match global.output() {
            Output::Json => output::json(&answer),
            Output::People => Telling { zone: ledger.zone(), words: global.words() }.review(&answer),
        }
    }
}
