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
use crate::ledger::{Asked, Ledger};

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
        let (from, to) = self.sides(&ledger)?;
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

    /// The two coordinates.
    fn sides(&self, ledger: &Ledger) -> Result<(Asked, Asked), Failure> {
        let policy = policy_choice(&self.policy)?;
        let asked = |as_of: When, known_at: Option<When>| Asked {
            as_of: Some(as_of),
            known_at,
            policy: policy.clone(),
        };
        let (zone, now) = (ledger.zone(), When::At(ledger.now()));
        let Some(from) = self.from else {
            let as_of = self.as_of.unwrap_or(now);
            return Ok((asked(as_of, self.known_from), asked(as_of, self.known_to)));
        };
        let seen = |at: When| match (self.as_seen_then, self.known_at) {
            (false, known_at) => known_at,
            (true, None) => Some(at),
            (true, Some(known_at)) => Some(When::At(known_at.instant(zone).min(at.instant(zone)))),
        };
        let to = self.to.unwrap_or(now);
        Ok((asked(from, seen(from)), asked(to, seen(to))))
    }
}
