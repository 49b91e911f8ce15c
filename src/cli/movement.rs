use clap::Args;
use guanxi_projections::movement::{Caused, Change, DimensionMove, MovementLine};
use guanxi_projections::time::When;

use super::alerts::words::{Speech, positions};
use super::failure::Failure;
use super::output::{self, Output};
use super::{Global, policy_choice};
use crate::ledger::{Asked, MovementAsked, Seen, Sight};
use crate::words::{Word, Words};

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
        let answer = ledger.movement(&movement, &Asked { as_of: None, known_at: self.known_at, policy })?;
        if global.output() == Output::Json {
            return output::json(&answer.json);
        }
        let speech = Speech { words: global.words(), zone: ledger.zone() };
        for line in &answer.lines {
            print(line, speech)?;
        }
        let says = [
            ("count", (answer.lines.len() as u64).into()),
            ("from", speech.zone.local(answer.from.as_of).into()),
            ("to", speech.zone.local(answer.to.as_of).into()),
        ];
        output::line(&speech.words.say("movement-count", &says))
    }
}

fn print(line: &MovementLine, speech: Speech) -> Result<(), Failure> {
    output::line(&line.name.as_ref().map_or_else(|| line.account.to_string(), ToString::to_string))?;
    line.changes.iter().try_for_each(|change| output::line(&format!("  - {}", says(change, speech))))
}

fn says(change: &Change, speech: Speech) -> String {
    let words = speech.words;
    let pair = |kind: &str, from: &str, to: &str| {
        vec![("from", words.name(kind, from).into()), ("to", words.name(kind, to).into())]
    };
    match change {
        Change::Presence { from: false, .. } => words.say("movement-new", &[]),
        Change::Presence { .. } => words.say("movement-not-yet", &[]),
        Change::Stage { from, to, transitions } => {
            stage_says(pair("stage", from.as_str(), to.as_str()), transitions.last(), speech)
        }
        Change::Colour { from, to, health_from, health_to, dimensions } => {
            let mut says = pair("colour", from.as_str(), to.as_str());
            says.extend(before_and_after(*health_from, *health_to));
            most_by(words.say("movement-colour", &says), dimensions, speech)
        }
        Change::Quadrant { from, to, coverage_from, coverage_to } => {
            let mut says = pair("quadrant", from.as_str(), to.as_str());
            says.extend(before_and_after(*coverage_from, *coverage_to));
            words.say("movement-quadrant", &says)
        }
        Change::Rank { from, to, score_from, score_to, dimensions } => {
            let mut says = vec![("from", place(*from, words)), ("to", place(*to, words))];
            says.extend(before_and_after(*score_from, *score_to));
            most_by(words.say("movement-rank", &says), dimensions, speech)
        }
        Change::KeyList { to, review, .. } => {
            let moved = words.say(if *to { "movement-onto-list" } else { "movement-off-list" }, &[]);
            match review {
                Some(at) => {
                    words.say("movement-review", &[("moved", moved.into()), ("day", speech.day(*at))])
                }
                None => moved,
            }
        }
    }
}

fn stage_says(mut says: Vec<(&'static str, Word)>, came: Option<&Caused>, speech: Speech) -> String {
    let words = speech.words;
    let Some(came) = came else { return words.say("movement-stage", &says) };
    says.push(("day", speech.day(came.transition.at)));
    says.push(("because", speech.because(&came.transition.cause).into()));
    let moved = words.say("movement-stage-caused", &says);
    let events = positions(&came.events);
    if events.is_empty() {
        return moved;
    }
    words.say("movement-stage-events", &[("moved", moved.into()), ("events", events.into())])
}

fn before_and_after(before: f64, after: f64) -> [(&'static str, Word); 2] {
    [("before", format!("{before:.0}").into()), ("after", format!("{after:.0}").into())]
}

fn place(rank: Option<u32>, words: Words) -> Word {
    match rank {
        Some(rank) => words.say("movement-ranked", &[("rank", rank.to_string().into())]).into(),
        None => words.say("movement-unranked", &[]).into(),
    }
}

fn most_by(moved: String, dimensions: &[DimensionMove], speech: Speech) -> String {
    if dimensions.is_empty() {
        return moved;
    }
    let says = [("moved", moved.into()), ("dimensions", speech.moved(dimensions).into())];
    speech.words.say("movement-most", &says)
}
