use clap::Args;
use guanxi_projections::key_list::{Move, PinSide};
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::{AskedArgs, Global};
use crate::ledger::KeyListAnswer;

/// List the key accounts at any point in time, with every entry and exit up to then and its rule.
///
/// The list follows from the recorded reviews: between two of them it does not move.
#[derive(Debug, Args)]
pub(super) struct KeyAccounts {
    #[command(flatten)]
    asked: AskedArgs,
    /// Show every entry and exit up to then as well.
    #[arg(long)]
    changes: bool,
}

impl KeyAccounts {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let answer = ledger.key_list(&self.asked.asked()?)?;
        if global.output() == Output::Json {
            return output::json(&answer);
        }
        let zone = ledger.zone();
        output::line(&heading(&answer, zone))?;
        if !answer.members.is_empty() {
            members(&answer, zone)?;
        }
        pins(&answer, zone)?;
        if self.changes { changes(&answer, zone) } else { Ok(()) }
    }
}

fn heading(answer: &KeyListAnswer, zone: Zone) -> String {
    let as_of = zone.day_of(answer.coordinates.as_of);
    let (Some(held), Some(next)) = (&answer.review, answer.next_due) else {
        return format!("As of {as_of} no review was held: there is no key account.");
    };
    format!(
        "As of {as_of}: {} key accounts on {} seats ({} %), by the review of {} (position {}). The next is due on {next}.",
        answer.members.len(),
        held.seats,
        held.percent,
        zone.day_of(held.as_of),
        held.position,
    )
}

fn members(answer: &KeyListAnswer, zone: Zone) -> Result<(), Failure> {
    output::table(
        &["rank", "account", "name", "score", "rule", "since", "entered by", "reviews"],
        answer.members.iter().map(|line| {
            let member = &line.member;
            vec![
                member.rank.to_string(),
                line.account.to_string(),
                or_dash(line.name.as_ref()),
                format!("{:.1}", member.score),
                member.rule.as_str().to_owned(),
                zone.day_of(member.since).to_string(),
                member.entered_by.as_str().to_owned(),
                member.reviews.to_string(),
            ]
        }),
    )
}

fn pins(answer: &KeyListAnswer, zone: Zone) -> Result<(), Failure> {
    for line in &answer.pins {
        let side = match line.pin.side {
            PinSide::On => "on",
            PinSide::Off => "off",
        };
        output::line(&format!(
            "{} is pinned {side} the list until {}, because {} (position {}).",
            line.account,
            zone.day_of(line.pin.until),
            line.pin.reason,
            line.pin.position,
        ))?;
    }
    Ok(())
}

fn changes(answer: &KeyListAnswer, zone: Zone) -> Result<(), Failure> {
    output::line("")?;
    output::table(
        &["review", "account", "name", "", "rule", "position"],
        answer.changes.iter().map(|line| {
            let change = &line.change;
            let moved = match change.change {
                Move::Entered => "entered",
                Move::Left => "left",
            };
            vec![
                zone.day_of(change.as_of).to_string(),
                change.account.to_string(),
                or_dash(line.name.as_ref()),
                moved.to_owned(),
                change.rule.as_str().to_owned(),
                change.position.to_string(),
            ]
        }),
    )
}
