//! The portfolio in words and tables.

use guanxi_projections::id::PersonId;
use guanxi_projections::portfolio::{
    EffortLine, GroupTotal, LoadLine, PortfolioView, RankLine, RiskLine, RiskReason,
};
use guanxi_projections::stage::Stage;
use guanxi_projections::time::Zone;

use super::super::alerts::words::positions;
use super::super::failure::Failure;
use super::super::output::{self, or_dash};
use crate::ledger::PortfolioAnswer;

/// For whom it is written.
pub(super) struct Reader<'a> {
    pub(super) zone: Zone,
    pub(super) limit: usize,
    pub(super) alias: &'a dyn Fn(PersonId) -> String,
}

pub(super) fn print(answer: &PortfolioAnswer, reader: &Reader<'_>) -> Result<(), Failure> {
    let view = &answer.view;
    let as_of = reader.zone.local(answer.coordinates.as_of);
    let PortfolioView { accounts, eligible, key_accounts, .. } = view;
    output::line(&format!(
        "{accounts} accounts as of {as_of}: {eligible} open, {key_accounts} key accounts."
    ))?;
    if let Some(means) = &view.means {
        output::line(&format!(
            "Health is {:.1} on average (median {:.1}), the score {:.1} (median {:.1}).",
            means.health_mean, means.health_median, means.score_mean, means.score_median
        ))?;
    }
    shape(view)?;
    ranking(&view.ranking, reader)?;
    at_risk(&view.at_risk, reader)?;
    load(&view.load, reader)?;
    effort(&view.effort, reader)?;
    groups(&view.groups, reader)?;
    unowned(view, reader)
}

fn heading(text: &str) -> Result<(), Failure> {
    output::line(&format!("\n{text}"))
}

fn share(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

fn shape(view: &PortfolioView) -> Result<(), Failure> {
    heading("Stages")?;
    output::table(
        &["stage", "accounts", "share", "key accounts", "yearly orders"],
        view.funnel.iter().map(|line| {
            vec![
                line.stage.as_str().to_owned(),
                line.accounts.to_string(),
                share(line.share),
                line.key_accounts.to_string(),
                format!("{:.0}", line.money),
            ]
        }),
    )?;
    let colours: Vec<_> =
        view.colours.iter().map(|count| format!("{} {}", count.accounts, count.colour.as_str())).collect();
    output::line(&format!("Health: {}.", colours.join(", ")))?;
    heading("Importance and coverage")?;
    output::table(
        &["quadrant", "accounts", "share", "yearly orders", "hours", "cost of effort"],
        view.matrix.iter().map(|line| {
            vec![
                line.quadrant.as_str().replace('_', " "),
                line.accounts.to_string(),
                share(line.share),
                format!("{:.0}", line.money),
                format!("{:.0}", line.hours),
                format!("{:.0}", line.cost),
            ]
        }),
    )
}

fn ranking(lines: &[RankLine], reader: &Reader<'_>) -> Result<(), Failure> {
    heading("Highest scores")?;
    output::table(
        &["rank", "percentile", "account", "score", "health", "stage", "quadrant", "owner", "evaluation due"],
        lines.iter().take(reader.limit).map(|line| {
            let key = if line.key_account { "*" } else { "" };
            vec![
                format!("{}{key}", line.place.rank),
                format!("{:.1}", line.place.percentile),
                line.name.as_ref().map_or_else(|| line.account.to_string(), ToString::to_string),
                format!("{:.1}", line.score),
                format!("{:.1} {}", line.health, line.colour.as_str()),
                or_dash(line.stage.map(Stage::as_str)),
                line.quadrant.as_str().replace('_', " "),
                or_dash(line.owner.map(reader.alias)),
                or_dash(line.next_evaluation.map(|at| reader.zone.day_of(at))),
            ]
        }),
    )
}

fn at_risk(lines: &[RiskLine], reader: &Reader<'_>) -> Result<(), Failure> {
    if lines.is_empty() {
        return heading("No account is at risk.");
    }
    heading(&format!("At risk: {}", lines.len()))?;
    for line in lines.iter().take(reader.limit) {
        let name = line.name.as_ref().map_or_else(|| line.account.to_string(), ToString::to_string);
        let key = if line.key_account { ", key account" } else { "" };
        let owner = line.owner.map_or_else(|| "nobody answers for it".to_owned(), reader.alias);
        output::line(&format!("  {name} (score {:.0}{key}; {owner})", line.score))?;
        for risk in &line.reasons {
            let events = positions(&risk.events);
            let events = if events.is_empty() { events } else { format!(" (events {events})") };
            output::line(&format!("    - {}{events}", reason(&risk.reason, reader.zone)))?;
        }
    }
    Ok(())
}

fn reason(reason: &RiskReason, zone: Zone) -> String {
    match reason {
        RiskReason::ColourRed { health, weakest } => {
            let weakest: Vec<_> = weakest.iter().map(|dimension| dimension.as_str()).collect();
            format!("health is {health:.0}: {} cost the most", weakest.join(" and "))
        }
        RiskReason::InDecline { since } => format!("in decline since {}", zone.day_of(*since)),
        RiskReason::DeclinePredicted { at, .. } => {
            format!("decline is due on {} unless something happens", zone.day_of(*at))
        }
        RiskReason::ChurnPredicted { at, .. } => {
            format!("churn is due on {} unless something happens", zone.day_of(*at))
        }
        RiskReason::CriticalPromiseOverdue { commitment, due, days_late } => {
            let due = zone.day_of(*due);
            format!("our critical promise {commitment} was due on {due} and is {days_late:.0} days late")
        }
        RiskReason::Exposed { exposure } => {
            format!("we give and gain little in return: exposure is {exposure:.1}")
        }
        RiskReason::CoverageLow { coverage } => format!("coverage is {coverage:.0} of 100"),
    }
}

fn load(lines: &[LoadLine], reader: &Reader<'_>) -> Result<(), Failure> {
    heading("Load")?;
    output::table(
        &["person", "answers for", "key accounts", "promises", "overdue", "contacts", "share", "roles"],
        lines.iter().take(reader.limit).map(|line| {
            let roles: Vec<_> = line
                .roles
                .iter()
                .map(|count| format!("{} {}", count.accounts, count.role.as_str()))
                .collect();
            vec![
                (reader.alias)(line.person),
                line.owned.to_string(),
                line.key_accounts.to_string(),
                line.promises_open.to_string(),
                line.promises_overdue.to_string(),
                format!("{:.1}", line.contacts),
                share(line.share),
                roles.join(", "),
            ]
        }),
    )
}

fn effort(lines: &[EffortLine], reader: &Reader<'_>) -> Result<(), Failure> {
    heading("Effort and value, by rank")?;
    output::table(
        &["account", "importance", "effort", "ratio", "hours", "cost", "concessions", "ordered", "exposure"],
        lines.iter().take(reader.limit).map(|line| {
            vec![
                line.name.as_ref().map_or_else(|| line.account.to_string(), ToString::to_string),
                or_dash(line.importance_share.map(|part| format!("{:.1} %", 100.0 * part))),
                or_dash(line.effort_share.map(|part| format!("{:.1} %", 100.0 * part))),
                or_dash(line.effort_ratio.map(|ratio| format!("{ratio:.2}"))),
                format!("{:.0}", line.hours),
                format!("{:.0}", line.effort_cost),
                format!("{:.0}", line.concession_cost),
                format!("{:.0}", line.ordered),
                format!("{:.2}", line.exposure),
            ]
        }),
    )
}

fn groups(lines: &[GroupTotal], reader: &Reader<'_>) -> Result<(), Failure> {
    if lines.is_empty() {
        return Ok(());
    }
    heading("Groups")?;
    output::table(
        &["head", "accounts", "orders", "ordered", "sales a year", "hours", "cost"],
        lines.iter().take(reader.limit).map(|line| {
            let total = &line.total;
            vec![
                line.name.as_ref().map_or_else(|| line.head.to_string(), ToString::to_string),
                line.accounts.len().to_string(),
                total.orders.to_string(),
                format!("{:.0}", total.ordered),
                format!("{:.0}", total.annual_sales),
                format!("{:.0}", total.effort_hours),
                format!("{:.0}", total.effort_cost),
            ]
        }),
    )
}

fn unowned(view: &PortfolioView, reader: &Reader<'_>) -> Result<(), Failure> {
    let shown: Vec<_> = view.unowned.iter().take(reader.limit).map(ToString::to_string).collect();
    match view.unowned.len() {
        0 => heading("Somebody answers for every open account."),
        count if count > shown.len() => {
            heading(&format!("Nobody answers for {count} accounts, such as {}.", shown.join(", ")))
        }
        count => heading(&format!("Nobody answers for {count} of the accounts: {}.", shown.join(", "))),
    }
}
