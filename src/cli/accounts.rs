use clap::{Args, ValueEnum};
use guanxi_projections::stage::Stage;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::{AskedArgs, Global, progress};
use crate::ledger::AccountRow;

/// List all accounts with their stage, at any point in time.
#[derive(Debug, Args)]
pub(super) struct Accounts {
    #[command(flatten)]
    asked: AskedArgs,
    /// Only those in this stage; may be given several times.
    #[arg(long, value_parser = stage)]
    stage: Vec<Stage>,
    /// Only those that this person answers for.
    #[arg(long, value_name = "ALIAS")]
    owner: Option<String>,
    /// In which order.
    #[arg(long, value_enum, default_value_t = Sort::Account)]
    sort: Sort,
}

/// An order of accounts; ties by account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// By the account's id.
    Account,
    /// By name.
    Name,
    /// By stage, in the order of the lifecycle.
    Stage,
    /// By the beginning of the stage, newest first.
    Since,
    /// By the next predicted transition, soonest first.
    Next,
    /// By the number of events, most first.
    Events,
}

fn stage(name: &str) -> Result<Stage, String> {
    let names = || Stage::ALL.map(Stage::as_str).join(", ");
    Stage::ALL.into_iter().find(|stage| stage.as_str() == name).ok_or_else(|| format!("one of {}", names()))
}

impl Accounts {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let bar = progress::of_things(0);
        let mut answer = ledger.all_accounts(&self.asked.asked()?, |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        })?;
        bar.finish_and_clear();
        answer.accounts.retain(|row| self.wants(row));
        self.order(&mut answer.accounts);
        if global.output() == Output::Json {
            return output::json(&answer);
        }
        let zone = ledger.zone();
        let day = |instant| zone.day_of(instant).to_string();
        output::table(
            &["account", "name", "stage", "since", "next", "flags", "owner", "last contact", "events"],
            answer.accounts.iter().map(|row| {
                let flags: Vec<_> = row.flags.iter().map(|flag| flag.as_str()).collect();
                vec![
                    row.account.to_string(),
                    or_dash(row.name.as_ref()),
                    row.stage.as_str().to_owned(),
                    day(row.since),
                    or_dash(row.next.map(|next| format!("{} {}", next.name.as_str(), day(next.at)))),
                    flags.join(" "),
                    or_dash(row.owner.as_ref()),
                    or_dash(row.last_contact.map(day)),
                    row.events.to_string(),
                ]
            }),
        )?;
        summary(&answer.accounts, &zone.local(answer.coordinates.as_of))
    }

    fn wants(&self, row: &AccountRow) -> bool {
        let stage = self.stage.is_empty() || self.stage.contains(&row.stage);
        let owner = self.owner.as_deref();
        stage && owner.is_none_or(|owner| row.owner.as_ref().is_some_and(|has| has.as_str() == owner))
    }

    fn order(&self, rows: &mut [AccountRow]) {
        match self.sort {
            Sort::Account => {}
            Sort::Name => rows.sort_by(|a, b| a.name.cmp(&b.name)),
            Sort::Stage => rows.sort_by_key(|row| row.stage),
            Sort::Since => rows.sort_by_key(|row| std::cmp::Reverse(row.since)),
            Sort::Next => rows.sort_by_key(|row| row.next.map_or(i64::MAX, |next| next.at.micros())),
            Sort::Events => rows.sort_by_key(|row| std::cmp::Reverse(row.events)),
        }
    }
}

fn summary(rows: &[AccountRow], as_of: &str) -> Result<(), Failure> {
    let shares: Vec<String> = Stage::ALL
        .into_iter()
        .map(|stage| (stage, rows.iter().filter(|row| row.stage == stage).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(stage, count)| format!("{count} {}", stage.as_str()))
        .collect();
    output::line(&format!("\n{} accounts as of {as_of}: {}", rows.len(), shares.join(", ")))
}
