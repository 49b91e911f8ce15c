use clap::Args;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::filter::FilterArgs;
use super::output::{self, Output, or_dash};
use super::{AskedArgs, Global, progress};
use crate::ledger::{AccountRow, Sort};

/// Rank all accounts, at any point in time.
#[derive(Debug, Args)]
pub(super) struct Accounts {
    #[command(flatten)]
    asked: AskedArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// At most so many.
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
    /// In which order.
    ///
    /// By rank, worst health, least outlook, account, name, stage, newest stage (since), soonest transition (next) or
    /// most events.
    #[arg(long, value_parser = sort, default_value = "rank")]
    sort: Sort,
}

fn sort(name: &str) -> Result<Sort, String> {
    let names = || Sort::ALL.map(Sort::as_str).join(", ");
    Sort::ALL.into_iter().find(|sort| sort.as_str() == name).ok_or_else(|| format!("one of {}", names()))
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
        self.filter.ranking(self.sort).apply(&mut answer.accounts);
        answer.accounts.truncate(self.limit.unwrap_or(usize::MAX));
        if global.output() == Output::Json {
            return output::json(&answer);
        }
        table(&answer.accounts, ledger.zone())?;
        summary(&answer.accounts, &ledger.zone().local(answer.coordinates.as_of))
    }
}

fn table(rows: &[AccountRow], zone: Zone) -> Result<(), Failure> {
    let day = |instant| zone.day_of(instant).to_string();
    let header = [
        "rank",
        "account",
        "name",
        "score",
        "health",
        "outlook",
        "stage",
        "since",
        "next",
        "owner",
        "last contact",
    ];
    output::table(
        &header,
        rows.iter().map(|row| {
            let flags = row.flags.iter().map(|flag| format!(" ({})", flag.as_str()));
            let key = if row.key_account { "*" } else { "" };
            vec![
                or_dash(row.rank.map(|rank| format!("{rank}{key}"))),
                row.account.to_string(),
                or_dash(row.name.as_ref()),
                format!("{:.1}", row.score),
                format!("{:.0} {}", row.health, row.colour.as_str()),
                or_dash(row.outlook.map(|probability| format!("{:.0} %", 100.0 * probability))),
                format!("{}{}", row.stage.as_str(), flags.collect::<String>()),
                day(row.since),
                or_dash(row.next.map(|next| format!("{} {}", next.name.as_str(), day(next.at)))),
                or_dash(row.owner.as_ref()),
                or_dash(row.last_contact.map(day)),
            ]
        }),
    )
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
