use clap::Args;
use guanxi_projections::group::{Flaw, Sums};
use guanxi_projections::id::AccountId;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::show::account;
use super::{AskedArgs, Global};
use crate::ledger::{Glance, GroupAnswer, GroupLine};
use crate::words::Words;

/// Show the group that an account belongs to, at any point in time.
///
/// Money and effort are summed over the group. Health and score are not: each is the figure of one relationship.
#[derive(Debug, Args)]
pub(super) struct Group {
    /// Any account of the group.
    #[arg(value_parser = account)]
    account: AccountId,
    #[command(flatten)]
    asked: AskedArgs,
}

impl Group {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let answer = ledger.group(&self.account, &self.asked.asked()?)?;
        if global.output() == Output::Json {
            return output::json(&answer);
        }
        let words = global.words();
        table(&answer, words)?;
        for line in &answer.accounts {
            if let Some(flaw) = line.flaw {
                let flaw = words.say(odd(flaw), &[]);
                let says = [("account", line.account.as_str().into()), ("flaw", flaw.into())];
                output::line(&words.say("group-odd", &says))?;
            }
        }
        let as_of = ledger.zone().local(answer.coordinates.as_of);
        output::line(&format!("\n{}", sum_of(&answer, as_of, words)))
    }
}

fn table(answer: &GroupAnswer, words: Words) -> Result<(), Failure> {
    let columns =
        ["account", "name", "health", "score", "orders", "ordered", "sales-a-year", "hours", "cost"];
    output::columns(words, &columns, answer.accounts.iter().flat_map(|line| rows(line, words)))
}

/// A line for the account, and one for its sum where others stand below it.
fn rows(line: &GroupLine, words: Words) -> Vec<Vec<String>> {
    let GroupLine { account, name, depth, stands, own, with_below, .. } = line;
    let health =
        |stands: &Glance| format!("{:.1} {}", stands.health, words.name("colour", stands.colour.as_str()));
    let mut row = vec![
        format!("{}{account}", "  ".repeat(*depth)),
        or_dash(name.as_ref()),
        or_dash(stands.as_ref().map(health)),
        or_dash(stands.as_ref().map(|stands| format!("{:.1}", stands.score))),
    ];
    row.extend(sums(own));
    if own == with_below {
        return vec![row];
    }
    let mut below = vec![format!("{}  {}", "  ".repeat(*depth), words.say("group-below", &[]))];
    below.extend(std::iter::repeat_n(String::new(), 3));
    below.extend(sums(with_below));
    vec![row, below]
}

fn sums(sums: &Sums) -> [String; 5] {
    let Sums { orders, ordered, annual_sales, effort_hours, effort_cost } = sums;
    let [ordered, annual, hours, cost] =
        [ordered, annual_sales, effort_hours, effort_cost].map(|figure| format!("{figure:.2}"));
    [orders.to_string(), ordered, annual, hours, cost]
}

fn sum_of(answer: &GroupAnswer, as_of: String, words: Words) -> String {
    let GroupAnswer { head, total, accounts, .. } = answer;
    let Sums { orders, ordered, annual_sales, effort_hours, .. } = total;
    let says = [
        ("head", head.as_str().into()),
        ("accounts", (accounts.len() as u64).into()),
        ("orders", orders.to_string().into()),
        ("ordered", format!("{ordered:.2}").into()),
        ("annual", format!("{annual_sales:.2}").into()),
        ("hours", format!("{effort_hours:.1}").into()),
        ("as_of", as_of.into()),
    ];
    words.say("group-sum", &says)
}

/// The message of a flaw.
fn odd(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::UnknownParent => "group-odd-parent",
        Flaw::Ring => "group-odd-ring",
    }
}
