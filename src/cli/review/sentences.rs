//! A review in words.

use guanxi_projections::event::own::ListRule;
use guanxi_projections::key_list::Pin;
use guanxi_projections::time::Zone;

use super::super::failure::Failure;
use super::super::output::{self, or_dash};
use crate::ledger::{Glance, OverdueAdjustment, ReviewAnswer, ReviewExitLine, ReviewMemberLine};

pub(super) fn review(answer: &ReviewAnswer, zone: Zone) -> Result<(), Failure> {
    output::line(&heading(answer, zone))?;
    members(answer)?;
    for member in answer.members.iter().filter(|member| member.enters) {
        output::line(&enters(member, zone))?;
    }
    for exit in &answer.exits {
        output::line(&leaves(exit, zone))?;
    }
    if answer.previous.is_some()
        && answer.exits.is_empty()
        && answer.members.iter().all(|member| !member.enters)
    {
        output::line("Nobody enters and nobody leaves.")?;
    }
    overdue(&answer.overdue, zone)?;
    output::line(&ending(answer))
}

fn heading(answer: &ReviewAnswer, zone: Zone) -> String {
    let ReviewAnswer { coordinates, percent, eligible, seats, previous, due, .. } = answer;
    let as_of = zone.day_of(coordinates.as_of);
    let before = match (previous, due) {
        (Some(held), Some(due)) => {
            format!("The last one was of {}; this one was due on {due}.", zone.day_of(held.as_of))
        }
        _ => "It is the first.".to_owned(),
    };
    format!("Review of {as_of}: {percent} % of {eligible} accounts are {seats} key accounts. {before}\n")
}

fn members(answer: &ReviewAnswer) -> Result<(), Failure> {
    output::table(
        &["rank", "account", "name", "score", "health", "stage", "rule", "since the last review"],
        answer.members.iter().map(|member| {
            let now = &member.now;
            vec![
                or_dash(now.rank),
                member.account.to_string(),
                or_dash(member.name.as_ref()),
                format!("{:.1}", now.score),
                format!("{:.1} {}", now.health, now.colour.as_str()),
                now.stage.as_str().to_owned(),
                member.rule.as_str().to_owned(),
                moved(member.before.as_ref(), now),
            ]
        }),
    )?;
    output::line("")
}

/// What became other than it was.
fn moved(before: Option<&Glance>, now: &Glance) -> String {
    let Some(before) = before else { return String::new() };
    let mut said = Vec::new();
    if let (Some(old), Some(new)) = (before.rank, now.rank)
        && old != new
    {
        said.push(format!("rank {old} -> {new}"));
    }
    let [score, health] = [now.score - before.score, now.health - before.health];
    for (name, change) in [("score", score), ("health", health)] {
        if change.abs() >= 0.05 {
            said.push(format!("{name} {change:+.1}"));
        }
    }
    if before.stage != now.stage {
        said.push(format!("{} -> {}", before.stage.as_str(), now.stage.as_str()));
    }
    said.join(", ")
}

fn called<'a>(name: Option<&'a String>, account: &'a impl std::fmt::Display) -> String {
    name.map_or_else(|| account.to_string(), |name| format!("{name} ({account})"))
}

fn enters(member: &ReviewMemberLine, zone: Zone) -> String {
    let name = called(member.name.as_ref(), &member.account);
    let rank = or_dash(member.now.rank);
    format!("{name} enters: {}", because(member.rule, &rank, member.pin.as_ref(), zone))
}

fn leaves(exit: &ReviewExitLine, zone: Zone) -> String {
    let name = called(exit.name.as_ref(), &exit.account);
    let rank = or_dash(exit.now.and_then(|now| now.rank));
    format!("{name} leaves: {}", because(exit.rule, &rank, exit.pin.as_ref(), zone))
}

/// A rule as the reason of an entry or exit.
fn because(rule: ListRule, rank: &str, pin: Option<&Pin>, zone: Zone) -> String {
    let pinned = |how: &str| match pin {
        Some(pin) => format!("pinned {how} until {}, because {}.", zone.day_of(pin.until), pin.reason),
        None => format!("pinned {how}."),
    };
    match rule {
        ListRule::Stayed => format!("rank {rank} is within the band in which members stay."),
        ListRule::Settling => format!("rank {rank} is outside the band, but it is new on the list."),
        ListRule::Challenged => {
            format!("rank {rank} is so far up that it takes a seat from a member if it must.")
        }
        ListRule::Filled => format!("rank {rank} fills a free seat."),
        ListRule::Pinned => pinned("to the list"),
        ListRule::Unpinned => pinned("off the list"),
        ListRule::FellOut => format!("rank {rank} is outside the band in which members stay."),
        ListRule::Displaced => {
            format!("at rank {rank} it was the last of the members, and its seat was needed.")
        }
        ListRule::Ineligible => "it is closed, merged away, or not known any more.".to_owned(),
    }
}

fn overdue(overdue: &[OverdueAdjustment], zone: Zone) -> Result<(), Failure> {
    if overdue.is_empty() {
        return Ok(());
    }
    output::line("\nAgreed and overdue:")?;
    for OverdueAdjustment { account, name, adjustment, owner, due, days_late } in overdue {
        output::line(&format!(
            "  {}: {} was to {adjustment} by {}, {days_late:.0} d ago.",
            called(name.as_ref(), account),
            or_dash(owner.as_ref()),
            zone.day_of(*due),
        ))?;
    }
    Ok(())
}

fn ending(answer: &ReviewAnswer) -> String {
    let positions: Vec<String> = answer.recorded.iter().map(ToString::to_string).collect();
    if positions.is_empty() {
        "\nA proposal: nothing was written. With --record this list is the key list until the next review."
            .to_owned()
    } else {
        format!("\nRecorded (position {}): this is the key list until the next review.", positions.join(", "))
    }
}
