mod sentences;

use clap::Args;
use guanxi_projections::time::When;

use super::failure::Failure;
use super::output::{self, Output};
use super::reasons::Speech;
use super::{Global, policy_choice, progress};
use crate::ledger::{Asked, MovementAsked, Seen, Sight};

/// Say who stands elsewhere at a later date than at an earlier one: stage, colour, quadrant, rank and key list, each
/// with what moved it.
#[derive(Debug, Args)]
pub(super) struct Movement {
    /// The first date (its end, in the ledger's zone) or timestamp.
    #[arg(long, value_name = "TIME")]
    from: When,
    /// The second [default: now].
    #[arg(long, value_name = "TIME")]
    to: Option<When>,
    /// Read each date as it was known at its own time, rather than as known now.
    #[arg(long)]
    as_seen_then: bool,
    /// As far as it was recorded by this time: a date or a timestamp [default: now].
    #[arg(long, value_name = "TIME")]
    known_at: Option<When>,
    /// Which policy the figures follow; see `show`.
    #[arg(long, value_name = "POLICY", default_value = "current")]
    policy: String,
}

impl Movement {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let movement = MovementAsked {
            from: self.from,
            to: self.to.unwrap_or_else(|| When::At(ledger.now())),
            seen: if self.as_seen_then { Seen::Then } else { Seen::Now },
            within: Sight::All,
        };
        let policy = policy_choice(&self.policy)?;
        let asked = Asked { as_of: None, known_at: self.known_at, policy };
        let bar = progress::of_things(0);
        let answer = ledger.movement(&movement, &asked, |done, total| bar.hear(done, total))?;
        bar.finish_and_clear();
        if global.output() == Output::Json {
            return output::written(&ledger.to_json(&answer)?);
        }
        let speech = Speech { facets: Some(&answer.facets), ..Speech::plain(global.words(), ledger.zone()) };
        for line in &answer.lines {
            output::text(&sentences::describe(line, speech))?;
        }
        let says = [
            ("count", (answer.lines.len() as u64).into()),
            ("from", speech.moment(answer.from.as_of)),
            ("to", speech.moment(answer.to.as_of)),
        ];
        output::line(&speech.words.say("movement-count", &says))
    }
}
