use clap::Args;
use guanxi_projections::id::AccountId;
use guanxi_projections::time::Zone;
use serde_json::Value;

use super::failure::Failure;
use super::output::{self, Output};
use super::show::account;
use super::{AskedArgs, Global};
use crate::ledger::{EntryStanding, HistoryEntry};
use crate::words::{Language, Words};

/// Characters of an event's data that a table shows.
const DATA_CHARS: usize = 100;

/// Show what happened to an account, corrections and retractions visibly so.
#[derive(Debug, Args)]
pub(super) struct History {
    /// The account.
    #[arg(value_parser = account)]
    account: AccountId,
    #[command(flatten)]
    asked: AskedArgs,
}

impl History {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let answer = ledger.history(&self.account, &self.asked.asked()?)?;
        if global.output() == Output::Json {
            return output::json(&answer);
        }
        print(&answer.entries, global.words(), ledger.zone())
    }
}

/// Entries as a table.
fn print(entries: &[HistoryEntry], words: Words, zone: Zone) -> Result<(), Failure> {
    output::columns(
        words,
        &["position", "occurred-at", "type", "standing", "what"],
        entries.iter().map(|entry| {
            vec![
                entry.position.to_string(),
                zone.local(entry.occurred_at),
                kind(&entry.event, words),
                standing(&entry.standing, words),
                what(entry),
            ]
        }),
    )
}

fn text(event: &Value, attribute: &str) -> String {
    event.get(attribute).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The type of an event: in English as it stands on the wire, for it is English; else by its name.
fn kind(event: &Value, words: Words) -> String {
    let kind = text(event, "type");
    match words.language() {
        Language::English => kind,
        Language::Chinese => words.name_if_known("event", &kind.replace('.', "-")),
    }
}

fn standing(standing: &EntryStanding, words: Words) -> String {
    match standing {
        EntryStanding::Stands => String::new(),
        EntryStanding::Corrected { corrected_by } => {
            let by = words.list(corrected_by.iter().map(ToString::to_string));
            words.say("standing-corrected", &[("positions", by.into())])
        }
        EntryStanding::Retracted { retracted_by } => {
            words.say("standing-retracted", &[("position", retracted_by.to_string().into())])
        }
        EntryStanding::Later => words.say("standing-later", &[]),
        EntryStanding::Revision => words.say("standing-revision", &[]),
    }
}

fn what(entry: &HistoryEntry) -> String {
    let data = entry.data_in_force.as_ref().or_else(|| entry.event.get("data"));
    let fields = data.and_then(Value::as_object).into_iter().flatten();
    let said: Vec<String> = fields.map(|(name, value)| format!("{name}: {}", plain(value))).collect();
    let said = said.join("; ").replace('\n', " ");
    if said.chars().count() > DATA_CHARS {
        said.chars().take(DATA_CHARS).chain("...".chars()).collect()
    } else {
        said
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) if fields.len() == 2 && fields.contains_key("currency") => {
            format!("{} {}", text(value, "amount"), text(value, "currency"))
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
