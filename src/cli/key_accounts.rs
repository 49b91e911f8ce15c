use clap::Args;
use guanxi_projections::key_list::{Move, PinSide};
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::review::sentences::{called, word};
use super::{AskedArgs, Global};
use crate::ledger::{KeyListAnswer, KeyListChange, KeyListLine, PinLine};
use crate::words::Words;

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
        let telling = Telling { zone: ledger.zone(), words: global.words() };
        output::line(&telling.heading(&answer))?;
        if !answer.members.is_empty() {
            telling.members(&answer)?;
        }
        telling.pins(&answer)?;
        if self.changes { telling.changes(&answer) } else { Ok(()) }
    }
}

/// What the list is told with.
#[derive(Clone, Copy)]
struct Telling {
    zone: Zone,
    words: Words,
}

impl Telling {
    fn heading(self, answer: &KeyListAnswer) -> String {
        let as_of = word(self.zone.day_of(answer.coordinates.as_of));
        let (Some(held), Some(next)) = (&answer.review, answer.next_due) else {
            return self.words.say("list-none", &[("day", as_of)]);
        };
        let says = [
            ("day", as_of),
            ("count", word(answer.members.len())),
            ("seats", word(held.seats)),
            ("percent", word(held.percent)),
            ("review", word(self.zone.day_of(held.as_of))),
            ("position", word(held.position)),
            ("next", word(next)),
        ];
        self.words.say("list-heading", &says)
    }

    fn members(self, answer: &KeyListAnswer) -> Result<(), Failure> {
        let columns = ["rank", "account", "name", "score", "rule", "since", "entered-by", "reviews"];
        let row = |line: &KeyListLine| {
            let member = &line.member;
            vec![
                member.rank.to_string(),
                line.account.to_string(),
                or_dash(line.name.as_ref()),
                format!("{:.1}", member.score),
                self.words.name("rule", member.rule.as_str()),
                self.zone.day_of(member.since).to_string(),
                self.words.name("rule", member.entered_by.as_str()),
                member.reviews.to_string(),
            ]
        };
        self.table(&columns, answer.members.iter().map(row))
    }

    fn table(self, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(), Failure> {
        output::columns(self.words, columns, rows)
    }

    fn pins(self, answer: &KeyListAnswer) -> Result<(), Failure> {
        for PinLine { account, name, pin } in &answer.pins {
            let id = match pin.side {
                PinSide::On => "list-pinned-on",
                PinSide::Off => "list-pinned-off",
            };
            let says = [
                ("name", called(name.as_ref(), account).into()),
                ("day", word(self.zone.day_of(pin.until))),
                ("reason", word(&pin.reason)),
                ("position", word(pin.position)),
            ];
            output::line(&self.words.say(id, &says))?;
        }
        Ok(())
    }

    fn changes(self, answer: &KeyListAnswer) -> Result<(), Failure> {
        output::line("")?;
        let columns = ["review", "account", "name", "moved", "rule", "position"];
        let row = |line: &KeyListChange| {
            let change = &line.change;
            let moved = match change.change {
                Move::Entered => self.words.say("list-entered", &[]),
                Move::Left => self.words.say("list-left", &[]),
            };
            vec![
                self.zone.day_of(change.as_of).to_string(),
                change.account.to_string(),
                or_dash(line.name.as_ref()),
                moved,
                self.words.name("rule", change.rule.as_str()),
                change.position.to_string(),
            ]
        };
        self.table(&columns, answer.changes.iter().map(row))
    }
}
