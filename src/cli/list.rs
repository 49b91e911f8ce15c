use clap::Args;
use guanxi_projections::id::AccountId;
use guanxi_projections::list::List;
use guanxi_projections::time::{Timestamp, Zone};
use serde_json::Value;

use super::failure::Failure;
use super::filter::FilterArgs;
use super::output::{self, Output};
use super::show::account;
use super::{AskedArgs, Global, progress};
use crate::ledger::{Ledger, LineFilter, ListAnswer};
use crate::words::Words;

/// List what is kept of an account line by line: promises, bids, issues and the like, at any point in time.
///
/// Lists: adjustments, balance, bids, commitments, concessions, contacts, contracts, deliveries, hospitality, issues,
/// needs, opportunities, plan, process, projects, receivables, team, value.
#[derive(Debug, Args)]
pub(super) struct ListCommand {
    /// Which list.
    #[arg(value_parser = list)]
    list: List,
    /// The account.
    #[arg(value_parser = account, required_unless_present = "all")]
    account: Option<AccountId>,
    /// All accounts instead, or those that the options leave. In JSON each line says whose it is: `account` and
    /// `account_name`.
    #[arg(long, conflicts_with = "account")]
    all: bool,
    /// With --all: only lines in this state, such as overdue.
    #[arg(long, requires = "all")]
    state: Option<String>,
    /// With --all: only lines of this side, us or customer.
    #[arg(long, requires = "all")]
    by: Option<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    asked: AskedArgs,
}

fn list(name: &str) -> Result<List, String> {
    let names = || List::ALL.map(List::as_str).join(", ");
    List::ALL.into_iter().find(|list| list.as_str() == name).ok_or_else(|| format!("one of {}", names()))
}

impl ListCommand {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let Some(account) = &self.account else { return self.whole(&ledger, global) };
        let answer = ledger.list(account, self.list, &self.asked.asked()?)?;
        match global.output() {
            Output::Json => output::json(&answer),
            Output::People => print(&answer, Telling { words: global.words(), zone: ledger.zone() }),
        }
    }

    /// The list over the portfolio.
    fn whole(&self, ledger: &Ledger, global: &Global) -> Result<(), Failure> {
        let (state, by) = (self.state.clone(), self.by.clone());
        let filter = LineFilter { accounts: self.filter.filter(), state, by };
        let bar = progress::of_things(0);
        let asked = self.asked.asked()?;
        let answer = ledger.whole_list(self.list, &filter, &asked, |done, total| bar.hear(done, total))?;
        bar.finish_and_clear();
        if global.output() == Output::Json {
            return output::json(&answer);
        }
        let telling = Telling { words: global.words(), zone: ledger.zone() };
        let own: &[&str] = if self.list == List::Concessions { &["exposure", "gain"] } else { &[] };
        let columns: Vec<&str> = ["account"].iter().chain(columns(self.list)).chain(own).copied().collect();
        let cell = |line: &Value, column: &str| {
            line.get(column).map_or_else(String::new, |value| telling.cell(column, value))
        };
        let row = |line: &Value| {
            columns.iter().map(|column| cell(line, column)).chain([positions(line)]).collect::<Vec<_>>()
        };
        telling.table(&columns, &["events"], answer.lines.iter().map(row))?;
        let says = [
            ("lines", (answer.lines.len() as u64).into()),
            ("list", telling.words.name("list", self.list.as_str()).into()),
            ("as_of", telling.zone.local(answer.coordinates.as_of).into()),
        ];
        output::line(&format!("\n{}", telling.words.say("list-of-all", &says)))
    }
}

/// The columns of a list, in the order of the table; `events` and `said` come last.
fn columns(list: List) -> &'static [&'static str] {
    match list {
        List::Adjustments => {
            &["adjustment", "state", "owner", "decided_at", "due", "moves", "closed_at", "days_late"]
        }
        List::Balance => &["aspect", "name", "weight", "share", "silent_days"],
        List::Bids => &["bid", "state", "opportunity", "amount", "submitted_at", "decided_at", "project"],
        List::Commitments => &[
            "commitment",
            "by",
            "critical",
            "state",
            "made_at",
            "due",
            "moves",
            "breached_at",
            "closed_at",
            "days_late",
        ],
        List::Concessions => &["concession", "by", "form", "cost", "weight", "claim", "bid", "granted_at"],
        List::Contacts => &["contact", "side", "role", "last_two_way", "warmth", "left_at"],
        List::Contracts => {
            &["contract", "state", "amount", "signed_at", "starts", "expires", "days_left", "bid"]
        }
        List::Deliveries => &["delivery", "outcome", "delivered_at", "due", "days_late", "order", "project"],
        List::Hospitality => &["given_at", "value", "persons", "approval"],
        List::Issues => &[
            "issue",
            "severity",
            "state",
            "raised_at",
            "due",
            "resolved_at",
            "days_late",
            "reopened",
            "project",
        ],
        List::Needs => &["need", "stated_at", "answered_at"],
        List::Opportunities => {
            &["opportunity", "state", "amount", "opened_at", "expected_close", "closed_at", "project"]
        }
        List::Plan => {
            &["plan", "objective", "state", "measure", "target", "value", "due", "budget", "horizon"]
        }
        List::Process => &["step", "done_at"],
        List::Projects => &["project", "outcome", "opened_at", "closed_at"],
        List::Receivables => {
            &["invoice", "state", "amount", "paid", "open", "issued_at", "due", "days_overdue", "order"]
        }
        List::Team => &["person", "role", "since", "until", "contacts", "share"],
        List::Value => &["kind", "whole", "faded"],
    }
}

fn print(answer: &ListAnswer, telling: Telling) -> Result<(), Failure> {
    let columns = columns(answer.list);
    let row = |line: &Value| {
        let cell = |column: &&str| match (*column, line.get(*column)) {
            ("days_late" | "days_overdue", Some(days)) => whole_days(days),
            (_, value) => value.map_or_else(|| "-".to_owned(), |value| telling.cell(column, value)),
        };
        let mut row: Vec<String> = columns.iter().map(cell).collect();
        row.push(line.get("said").and_then(Value::as_str).unwrap_or("-").replace('\n', " "));
        row.push(positions(line));
        row
    };
    telling.table(columns, &["said", "events"], answer.lines.iter().map(row))?;
    let says = [
        ("lines", (answer.lines.len() as u64).into()),
        ("list", telling.words.name("list", answer.list.as_str()).into()),
        ("account", answer.account.as_str().into()),
        ("as_of", telling.zone.local(answer.coordinates.as_of).into()),
    ];
    output::line(&format!("\n{}", telling.words.say("list-of", &says)))
}

fn positions(line: &Value) -> String {
    let events = line.get("events").and_then(Value::as_array).into_iter().flatten();
    let positions = events.filter_map(|event| event.get("position")).map(ToString::to_string);
    positions.collect::<Vec<_>>().join(" ")
}

/// How many days late something is; in time is nothing to tell.
fn whole_days(days: &Value) -> String {
    match days.as_f64() {
        Some(days) if days.abs() >= 0.5 => format!("{days:.0}"),
        _ => "-".to_owned(),
    }
}

/// What lists are told with.
#[derive(Clone, Copy)]
struct Telling {
    words: Words,
    zone: Zone,
}

/// The fields whose words are those of the field, not somebody's own.
const OF_THE_FIELD: [&str; 11] =
    ["state", "by", "side", "role", "severity", "form", "outcome", "aspect", "step", "kind", "name"];

impl Telling {
    fn table(
        self,
        columns: &[&str],
        last: &[&str],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Result<(), Failure> {
        let head = |column: &&str| match *column {
            "by" => self.words.name("column", "side"),
            "side" => self.words.name("column", "contact-side"),
            column => self.words.name("column", column),
        };
        let header: Vec<String> = columns.iter().chain(last).map(head).collect();
        output::table(&header.iter().map(String::as_str).collect::<Vec<_>>(), rows)
    }

    /// A field for people.
    fn cell(self, column: &str, value: &Value) -> String {
        match value.as_str().filter(|_| OF_THE_FIELD.contains(&column)) {
            Some(word) => self.words.name_if_known("value", word),
            None => self.plain(value),
        }
    }

    /// Instants as days, money with its currency, figures with two digits.
    fn plain(self, value: &Value) -> String {
        match value {
            Value::Null => "-".to_owned(),
            Value::Bool(yes) => self.words.name("value", if *yes { "yes" } else { "no" }),
            Value::Number(number) => match number.as_f64() {
                Some(figure) if !number.is_u64() => format!("{figure:.2}"),
                _ => number.to_string(),
            },
            Value::String(text) => match text.parse::<Timestamp>() {
                Ok(instant) => self.zone.day_of(instant).to_string(),
                Err(_) => text.clone(),
            },
            Value::Array(values) => self.words.list(values.iter().map(|value| self.plain(value))),
            Value::Object(money) => {
                let field = |name: &str| money.get(name).and_then(Value::as_str).unwrap_or_default();
                format!("{} {}", field("amount"), field("currency"))
            }
        }
    }
}
