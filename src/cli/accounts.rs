use clap::Args;
use guanxi_projections::stage::{Flag, Stage};
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::filter::FilterArgs;
use super::output::{self, Output, or_dash};
use super::{AskedArgs, Global, progress};
use crate::ledger::{AccountRow, Ranking, Sort};
use crate::words::Words;

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
        Ranking { filter: self.filter.filter(), sort: self.sort }.apply(&mut answer.accounts);
        answer.accounts.truncate(self.limit.unwrap_or(usize::MAX));
        if global.output() == Output::Json {
            return output::json(&answer);
        }
        let (words, zone) = (global.words(), ledger.zone());
        table(&answer.accounts, words, zone)?;
        summary(&answer.accounts, words, &zone.local(answer.coordinates.as_of))
    }
}

fn table(rows: &[AccountRow], words: Words, zone: Zone) -> Result<(), Failure> {
    let day = |instant| zone.day_of(instant).to_string();
    let stage = |stage: Stage| words.name("stage", stage.as_str());
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
        "last-contact",
    ];
    output::columns(
        words,
        &header,
        rows.iter().map(|row| {
            let key = if row.key_account { "*" } else { "" };
            vec![
                or_dash(row.rank.map(|rank| format!("{rank}{key}"))),
                row.account.to_string(),
                or_dash(row.name.as_ref()),
                format!("{:.1}", row.score),
                format!("{:.0} {}", row.health, words.name("colour", row.colour.as_str())),
                or_dash(row.outlook.map(|probability| format!("{:.0} %", 100.0 * probability))),
                row.flags.iter().fold(stage(row.stage), |said, flag| flagged(said, *flag, words)),
                day(row.since),
                or_dash(row.next.map(|next| format!("{} {}", stage(next.name), day(next.at)))),
                or_dash(row.owner.as_ref()),
                or_dash(row.last_contact.map(day)),
            ]
        }),
    )
}

/// A stage with a remark.
fn flagged(stage: String, flag: Flag, words: Words) -> String {
    let flag = words.name("flag", flag.as_str());
    words.say("accounts-flagged", &[("stage", stage.into()), ("flag", flag.into())])
}

fn summary(rows: &[AccountRow], words: Words, as_of: &str) -> Result<(), Failure> {
    let count = |stage: Stage| rows.iter().filter(|row| row.stage == stage).count();
    let share = |stage: Stage| {
        let says = [
            ("count", count(stage).to_string().into()),
            ("stage", words.name("stage", stage.as_str()).into()),
        ];
        words.say("accounts-stage", &says)
    };
    let stages = words.list(Stage::ALL.into_iter().filter(|stage| count(*stage) > 0).map(share));
    let says = [("count", rows.len().to_string().into()), ("as_of", as_of.into()), ("stages", stages.into())];
    output::line(&format!("\n{}", words.say("accounts-count", &says)))
}
