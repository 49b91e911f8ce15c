use clap::Args;
use guanxi_projections::movement::{Change, MovementLine};
use guanxi_projections::time::{When, Zone};

use super::alerts::words::{because, day, moved, positions};
use super::failure::Failure;
use super::output::{self, Output};
use super::{Global, policy_choice};
use crate::ledger::{Asked, MovementAsked, Seen};

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
        };
        let policy = policy_choice(&self.policy)?;
        let answer = ledger.movement(&movement, &Asked { as_of: None, known_at: self.known_at, policy })?;
        if global.output() == Output::Json {
            return output::json(&answer.json);
        }
        let zone = ledger.zone();
        for line in &answer.lines {
            print(line, zone)?;
        }
        let (from, to) = (zone.local(answer.from.as_of), zone.local(answer.to.as_of));
        output::line(&format!("{} accounts moved between {from} and {to}.", answer.lines.len()))
    }
}

fn print(line: &MovementLine, zone: Zone) -> Result<(), Failure> {
    output::line(&line.name.as_ref().map_or_else(|| line.account.to_string(), ToString::to_string))?;
    line.changes.iter().try_for_each(|change| output::line(&format!("  - {}", says(change, zone))))
}

fn says(change: &Change, zone: Zone) -> String {
    match change {
        Change::Presence { from: false, .. } => "is new".to_owned(),
        Change::Presence { .. } => "was not there yet".to_owned(),
        Change::Stage { from, to, transitions } => {
            let came = transitions.last().map(|caused| {
                let events = positions(&caused.events);
                let at = day(caused.transition.at, zone);
                format!(", last on {at}: {} (events {events})", because(&caused.transition.cause))
            });
            format!("from {} to {}{}", from.as_str(), to.as_str(), came.unwrap_or_default())
        }
        Change::Colour { from, to, health_from, health_to, dimensions } => {
            let most = most_by(&moved(dimensions));
            let (from, to) = (from.as_str(), to.as_str());
            format!("health from {from} to {to} ({health_from:.0} to {health_to:.0}){most}")
        }
        Change::Quadrant { from, to, coverage_from, coverage_to } => {
            let (from, to) = (from.as_str().replace('_', " "), to.as_str().replace('_', " "));
            format!("from \"{from}\" to \"{to}\" (coverage {coverage_from:.0} to {coverage_to:.0})")
        }
        Change::Rank { from, to, score_from, score_to, dimensions } => {
            let place = |rank: &Option<u32>| rank.map_or("no rank".to_owned(), |rank| format!("rank {rank}"));
            let most = most_by(&moved(dimensions));
            format!("from {} to {} (score {score_from:.0} to {score_to:.0}){most}", place(from), place(to))
        }
        Change::KeyList { to, review, .. } => {
            let way = if *to { "came onto" } else { "left" };
            let by =
                review.map(|review| format!(" by the review of {}", day(review, zone))).unwrap_or_default();
            format!("{way} the key list{by}")
        }
    }
}

fn most_by(moved: &str) -> String {
    if moved.is_empty() { String::new() } else { format!(", most by {moved}") }
}
