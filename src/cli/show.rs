mod figures;

use clap::Args;
use guanxi_projections::account::Anomaly;
use guanxi_projections::id::AccountId;
use guanxi_projections::stage::{Cause, StageView};
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::{AskedArgs, Global};
use crate::ledger::AccountAnswer;

/// Show one account, at any point in time.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    #[command(flatten)]
    asked: AskedArgs,
}

pub(super) fn account(text: &str) -> Result<AccountId, String> {
    AccountId::new(text).map_err(|error| format!("the account {error}"))
}

impl Show {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let answer = ledger.account(&self.account, &self.asked.asked()?)?;
        match global.output() {
            Output::Json => output::json(&answer.json),
            Output::People => output::text(&describe(&answer, ledger.zone())),
        }
    }
}

/// The account in words.
pub(super) fn describe(answer: &AccountAnswer, zone: Zone) -> String {
    let view = &answer.view;
    let name = view.profile.name.as_ref().map_or_else(|| view.account.to_string(), ToString::to_string);
    let coordinates = &answer.coordinates;
    let mut text = format!(
        "{name} ({}) as of {}, as known at {}\n",
        view.account,
        zone.local(coordinates.as_of),
        zone.local(coordinates.known_at),
    );
    let facts = [
        ("industry", view.profile.industry.as_ref()),
        ("region", view.profile.region.as_ref()),
        ("segment", view.profile.segment.as_ref()),
        ("size", view.profile.size.as_ref()),
    ];
    let known: Vec<_> =
        facts.iter().filter_map(|(word, fact)| fact.map(|fact| format!("{word} {fact}"))).collect();
    if !known.is_empty() {
        line(&mut text, "about", &known.join(", "));
    }
    line(&mut text, "owner", &or_dash(answer.owner.as_ref()));
    line(&mut text, "last contact", &or_dash(view.last_contact.map(|at| zone.local(at))));
    line(&mut text, "events", &view.events.to_string());
    if let Some(stage) = &view.figures.stage {
        describe_stage(&mut text, stage, zone);
    }
    figures::describe(&mut text, view, zone);
    for anomaly in &view.anomalies {
        line(&mut text, "anomaly", &odd(anomaly));
    }
    line(&mut text, "state hash", &answer.state_hash);
    text
}

fn line(text: &mut String, word: &str, says: &str) {
    use std::fmt::Write as _;
    let _ = writeln!(text, "  {word:<13} {says}");
}

fn describe_stage(text: &mut String, stage: &StageView, zone: Zone) {
    let since = zone.day_of(stage.since);
    line(text, "stage", &format!("{} since {since}: {}", stage.name.as_str(), because(&stage.cause)));
    if !stage.flags.is_empty() {
        let flags: Vec<_> = stage.flags.iter().map(|flag| flag.as_str()).collect();
        line(text, "flags", &flags.join(", "));
    }
    let next = match &stage.next {
        Some(next) => {
            let day = zone.day_of(next.at);
            format!("{} on {day} unless something happens ({})", next.name.as_str(), next.cause.as_str())
        }
        None => "nothing by itself".to_owned(),
    };
    line(text, "next", &next);
    for transition in &stage.transitions {
        let (from, to) = (transition.from.as_str(), transition.to.as_str());
        let day = zone.day_of(transition.at);
        line(text, "was", &format!("{day}: {from} -> {to}, {}", because(&transition.cause)));
    }
}

/// An anomaly in words.
fn odd(anomaly: &Anomaly) -> String {
    match anomaly {
        Anomaly::UnknownReference { position, to, id } => {
            format!("position {position} names an unknown {}: {id}", to.as_str())
        }
        Anomaly::NoRate { position, from, to } => {
            format!(
                "position {position}: no rate from {from} to {to}, so its amount is left out of the figures"
            )
        }
        Anomaly::BeforeOpening { position, events } => {
            format!("{events} events before the account was opened, the first at position {position}")
        }
        Anomaly::AfterMerging { position, events } => {
            format!("{events} events after the account was merged, the first at position {position}")
        }
        Anomaly::NamesItself { position } => {
            format!("position {position} says that the account belongs to itself")
        }
        Anomaly::Duplicate { position, to, id } => {
            format!("position {position} uses the identifier of another {}: {id}", to.as_str())
        }
        Anomaly::WithoutEffect { position, to, id } => {
            format!("position {position} changes nothing, as the {} {id} stands", to.as_str())
        }
        Anomaly::EndsBeforeStart { position, to, id } => {
            format!("position {position}: the {} {id} is due, or ends, before it begins", to.as_str())
        }
        Anomaly::MetAfterLeaving { position, id } => {
            format!("position {position}: {id} was met after leaving")
        }
        Anomaly::PaidAboveInvoice { position, id } => {
            format!("position {position}: more was paid of the invoice {id} than it asks for")
        }
        Anomaly::ReturnedAboveOrder { position, id } => {
            format!("position {position}: more was returned of the order {id} than it had")
        }
        Anomaly::ReturnedAboveOrders { position, currency } => {
            format!("position {position}: more {currency} were returned than ever ordered")
        }
    }
}

/// A cause in words.
fn because(cause: &Cause) -> String {
    match cause {
        Cause::Event { position, event_type } => format!("{} (position {position})", event_type.as_str()),
        Cause::Silence { p, median_gap_days, silent_days, seasonal } => {
            let gap = median_gap_days.map(|days| format!(", median gap {days:.0} d")).unwrap_or_default();
            let season = if *seasonal { ", as in the same season of the years before" } else { "" };
            format!("silence: p={p:.2} of own rhythm{gap}, silent {silent_days:.0} d{season}")
        }
        Cause::Trend { g, position } => format!("trend g={g:+.2} at the order of position {position}"),
        Cause::Age { days, orders } => format!("{orders} order days, the first {days:.0} d ago"),
    }
}
