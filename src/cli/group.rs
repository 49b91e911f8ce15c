use clap::Args;
use guanxi_projections::group::{Flaw, Sums};
use guanxi_projections::id::AccountId;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::show::account;
use super::{AskedArgs, Global};
use crate::ledger::{Glance, GroupAnswer, GroupLine};

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
        table(&answer)?;
        let as_of = ledger.zone().local(answer.coordinates.as_of);
        for line in &answer.accounts {
            if let Some(flaw) = line.flaw {
                output::line(&format!("{}: {}", line.account, odd(flaw)))?;
            }
        }
        output::line(&format!("\n{} as of {as_of}.", sum_of(&answer)))
    }
}

fn table(answer: &GroupAnswer) -> Result<(), Failure> {
    let header = ["account", "name", "health", "score", "orders", "ordered", "sales a year", "hours", "cost"];
    output::table(&header, answer.accounts.iter().flat_map(rows))
}

/// A line for the account, and one for its sum where others stand below it.
fn rows(line: &GroupLine) -> Vec<Vec<String>> {
    let GroupLine { account, name, depth, stands, own, with_below, .. } = line;
    let health = |stands: &Glance| format!("{:.1} {}", stands.health, stands.colour.as_str());
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
    let mut below = vec![format!("{}  with those below", "  ".repeat(*depth))];
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

fn sum_of(answer: &GroupAnswer) -> String {
    let GroupAnswer { head, total, accounts, .. } = answer;
    let Sums { orders, ordered, annual_sales, effort_hours, .. } = total;
    let count = accounts.len();
    let plural = if count == 1 { "account" } else { "accounts" };
    format!(
        "The group of {head}: {count} {plural}, {orders} orders of {ordered:.2} in all, {annual_sales:.2} a year, for \
         {effort_hours:.1} h of our work"
    )
}

/// A flaw in words.
fn odd(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::UnknownParent => "nothing is known of the parent that it names",
        Flaw::Ring => "is, through its parents, its own parent; the ring is cut at its first account by id",
    }
}
