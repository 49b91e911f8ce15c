use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use guanxi_projections::id::AccountId;
use guanxi_projections::money::Currency;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::{When, Zone};

use super::failure::Failure;
use super::import::{Problems, import_files};
use super::init::with_currency;
use super::output;
use super::show::describe;
use crate::clock::SystemClock;
use crate::import::Mapping;
use crate::ledger::{Access, Asked, ClockCheck, Directory, Genesis, Ledger};
use crate::words::{Language, Words};

/// The bundled log: Northwind, a trader in food, 1996 to 1998 (see fixtures/northwind/README.md).
const FILES: [(&str, &str); 5] = [
    ("northwind/orders.csv", include_str!("../../fixtures/northwind/orders.csv")),
    ("northwind/customers.csv", include_str!("../../fixtures/northwind/customers.csv")),
    ("northwind/employees.csv", include_str!("../../fixtures/northwind/employees.csv")),
    ("northwind/shippers.csv", include_str!("../../fixtures/northwind/shippers.csv")),
    ("mappings/northwind.toml", include_str!("../../fixtures/mappings/northwind.toml")),
];
/// The account looked at closely.
const ACCOUNT: &str = "ernsh";
/// The last day of the log, and a year before.
const DATES: [&str; 2] = ["1998-05-06", "1997-05-06"];

/// See it work: import a bundled log into a temporary ledger and ask it about two dates.
///
/// The log holds the orders, deliveries and discounts of a trading company with 89 customers. Nothing is left behind.
#[derive(Debug, Args)]
pub(super) struct Demo {}

impl Demo {
    #[expect(clippy::unused_self, reason = "every command runs the same way")]
    pub(super) fn run(&self) -> Result<(), Failure> {
        let unwritable = |error| Failure::user(format!("could not write the demonstration's files: {error}"));
        let scratch = tempfile::tempdir().map_err(unwritable)?;
        let ledger = fill(scratch.path())?;
        let head = ledger.head();
        let root: String = output::hex(&head.root).chars().take(16).collect();
        output::line(&format!(
            "Northwind, a trader in food: {} events of {} customers, recorded just now (root {root}...).\n",
            head.count,
            ledger.accounts().len()
        ))?;
        for date in DATES {
            stages(&ledger, date)?;
        }
        let account = AccountId::new(ACCOUNT).map_err(|error| Failure::user(error.to_string()))?;
        for date in DATES {
            let answer = ledger.account(&account, &as_of(date)?)?;
            output::line(&describe(&answer, ledger.zone(), Words::of(Language::English)))?;
        }
        history(&ledger, &account)
    }
}

/// Writes the bundled files and imports them as `guanxi import` would.
fn fill(scratch: &Path) -> Result<Ledger, Failure> {
    for (name, text) in FILES {
        let path = scratch.join(name);
        let folder = path.parent().unwrap_or(scratch);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|error| Failure::user(format!("could not write {}: {error}", path.display())))?;
    }
    let directory = Directory::new(&scratch.join("ledger"), None)?;
    let zone = Zone::named("America/Los_Angeles").map_err(|error| Failure::user(error.to_string()))?;
    let dollar = Currency::new("USD").map_err(|error| Failure::user(error.to_string()))?;
    let genesis = Genesis { zone, policy: Some(with_currency(dollar)?) };
    let clock = Arc::new(SystemClock);
    Ledger::create(&directory, clock.clone(), &genesis)?;
    let ledger = Ledger::open(&directory, clock, Access::Write(ClockCheck::FirstAppend), "guanxi demo")?;
    let mapping = Mapping::load(scratch.join("mappings/northwind.toml"))
        .map_err(|error| Failure::user(error.to_string()))?;
    let files: Vec<PathBuf> = vec![scratch.join("northwind/orders.csv")];
    let mut problems = Problems::new(None)?;
    import_files(&ledger, &files, Some(&mapping), &mut problems, crate::cli::import::OnProblem::GoOn)?;
    problems.finish()?;
    Ok(ledger)
}

fn as_of(date: &str) -> Result<Asked, Failure> {
    let as_of: When = date
        .parse()
        .map_err(|error: guanxi_projections::time::InvalidTime| Failure::user(error.to_string()))?;
    Ok(Asked { as_of: Some(as_of), ..Asked::default() })
}

/// How many accounts were in which stage, and those whose stage ends soonest.
fn stages(ledger: &Ledger, date: &str) -> Result<(), Failure> {
    let mut answer = ledger.all_accounts(&as_of(date)?, |_, _| ())?;
    output::line(&format!("Stages as of {date}:"))?;
    for stage in Stage::ALL {
        let count = answer.accounts.iter().filter(|row| row.stage == stage).count();
        output::line(&format!("  {:<12} {count:>3} {}", stage.as_str(), "#".repeat(count)))?;
    }
    output::line("")?;
    answer.accounts.retain(|row| row.next.is_some_and(|next| next.name == Stage::Decline));
    answer.accounts.sort_by_key(|row| row.next.map_or(i64::MAX, |next| next.at.micros()));
    output::line("Next to decline unless they order:")?;
    output::table(
        &["account", "name", "stage", "since", "decline on", "owner"],
        answer.accounts.iter().take(5).map(|row| {
            let day = |instant| ledger.zone().day_of(instant).to_string();
            vec![
                row.account.to_string(),
                output::or_dash(row.name.as_ref()),
                row.stage.as_str().to_owned(),
                day(row.since),
                output::or_dash(row.next.map(|next| day(next.at))),
                output::or_dash(row.owner.as_ref()),
            ]
        }),
    )?;
    output::line("")
}

fn history(ledger: &Ledger, account: &AccountId) -> Result<(), Failure> {
    let [last, before] = DATES;
    let now = ledger.history(account, &as_of(last)?)?;
    let then = ledger.history(account, &as_of(before)?)?;
    output::line(&format!(
        "Its history held {} events as of {before} and {} as of {last}; the newest five:",
        then.entries.len(),
        now.entries.len()
    ))?;
    let newest = now.entries.len().saturating_sub(5);
    super::history::print(now.entries.get(newest..).unwrap_or_default(), ledger.zone())
}
