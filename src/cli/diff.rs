pub(super) mod sentences;

use clap::Args;
use guanxi_projections::id::AccountId;
use guanxi_projections::measure::Measure;
use guanxi_projections::time::When;

use super::failure::Failure;
use super::output::{self, Output};
use super::reasons::Speech;
use super::show::account;
use super::trend::measure;
use super::{Global, policy_choice};
use crate::ledger::{DiffAsked, Ledger, Seen};

/// Say why an account's figures changed: what is new, what faded, what was recorded late or corrected, and what policy,
/// epoch and key list did. The parts sum to the change.
///
/// With --from and --to, how it moved from one time to another, as known now or as seen then. With --known-from and
/// --known-to, how what we know of one time (--as-of) was restated.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    /// The earlier time: a date (its end) or a timestamp.
    #[arg(long, value_name = "TIME", required_unless_present = "known_from")]
    from: Option<When>,
    /// The later time [default: now].
    #[arg(long, value_name = "TIME")]
    to: Option<When>,
    /// Take each time as it was known then, rather than as known now.
    #[arg(long, conflicts_with = "known_from")]
    as_seen_then: bool,
    /// Restatement: as known at this time.
    #[arg(long, value_name = "TIME", conflicts_with_all = ["from", "to"])]
    known_from: Option<When>,
    /// Restatement: and as known at this later time [default: now].
    #[arg(long, value_name = "TIME", requires = "known_from")]
    known_to: Option<When>,
    /// Restatement: of this time [default: now].
    #[arg(long, value_name = "TIME", requires = "known_from")]
    as_of: Option<When>,
    /// As far as it was recorded by this time: a date or a timestamp [default: now].
    #[arg(long, value_name = "TIME", conflicts_with = "known_from")]
    known_at: Option<When>,
    /// Which policy the figures follow; see `show`.
    #[arg(long, value_name = "POLICY", default_value = "current")]
    policy: String,
    /// Only these; may be given several times [default: health, score and outlook; in JSON all].
    #[arg(long, value_parser = measure)]
    measure: Vec<Measure>,
    /// List at most so many events of each part one by one; the others are summed [default: 5; in JSON all].
    #[arg(long, value_name = "COUNT")]
    top: Option<usize>,
}

/// How many events of a part people are told of unless they say otherwise.
const TOP: usize = 5;
/// What people are told of unless they say otherwise.
const MEASURES: [Measure; 3] = [Measure::Health, Measure::Score, Measure::Outlook];

impl Diff {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let (from, to) = ledger.sides(&self.asked(&ledger), &policy_choice(&self.policy)?);
        let for_people = global.output() == Output::People;
        let measures = match self.measure.as_slice() {
            [] if for_people => &MEASURES,
            chosen => chosen,
        };
        let top = self.top.unwrap_or(if for_people { TOP } else { usize::MAX });
        let answer = ledger.diff(&self.account, (&from, &to), measures, top)?;
        let speech = Speech {
            words: global.words(),
            zone: ledger.zone(),
            said: Some(&answer.said),
            facets: Some(&answer.facets),
        };
        match global.output() {
            Output::Json => output::json(&answer),
            Output::People => output::text(&sentences::describe(&answer, speech)),
        }
    }

    /// Which two coordinates are compared.
    fn asked(&self, ledger: &Ledger) -> DiffAsked {
        match (self.from, self.known_from) {
            (None, Some(known_from)) => {
                DiffAsked::Restated { as_of: self.as_of, known_from, known_to: self.known_to }
            }
            (from, _) => DiffAsked::Moved {
                from: from.unwrap_or_else(|| When::At(ledger.now())),
                to: self.to,
                seen: if self.as_seen_then { Seen::Then } else { Seen::Now },
                known_at: self.known_at,
            },
        }
    }
}
