mod before;
mod explained;
mod portfolio;
mod words;

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use flate2::read::GzDecoder;
use guanxi_projections::id::AccountId;
use guanxi_projections::time::{When, Zone};
use serde::Serialize;
use serde_json::Value;

use super::failure::Failure;
use super::output::{self, Output};
use super::{Global, show};
use crate::clock::{Clock, SystemClock};
use crate::ledger::{Access, AccountsAnswer, ArchiveLine, Asked, Directory, Ledger, Persons};
use before::Before;

/// The bundled archive, the store of its persons and their key (see fixtures/README.md).
const ARCHIVE: &[u8] = include_bytes!("../../fixtures/demo/archive.jsonl.gz");
const PERSONS: Persons<'static> = Persons {
    store: include_bytes!("../../fixtures/demo/people"),
    key: Some(include_bytes!("../../fixtures/demo/wrap.key")),
};
const ZONE: &str = "Asia/Shanghai";
/// The account looked at closely.
const ACCOUNT: &str = "nordwind";
/// The last day of the archive.
const TODAY: &str = "2026-09-30";
/// A year earlier.
const YEAR_BEFORE: &str = "2025-09-30";

/// See it work: three years of an invented supplier, restored into a temporary ledger and asked about two dates.
///
/// Prints the ranked portfolio, one account explained, and the same account a year earlier: as it was seen then, and
/// as it is seen today. Answers are the same on any day. Nothing is left behind unless told.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Leave the ledger in this new directory, to go on playing with it; its keys go to <DIR>.keys.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// All that the demonstration says.
#[derive(Debug, Serialize)]
struct DemoAnswer {
    /// Everybody, by rank.
    portfolio: AccountsAnswer,
    /// The account looked at closely.
    account: Value,
    /// The same account a year before.
    before: Before,
}

impl Demo {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        if let Some(kept) = &self.keep {
            return self.tell(global, &restored(kept)?);
        }
        let unwritable =
            |error| Failure::user(format!("could not write the demonstration's ledger: {error}"));
        let scratch = tempfile::tempdir().map_err(unwritable)?;
        self.tell(global, &restored(&scratch.path().join("ledger"))?)
    }

    fn tell(&self, global: &Global, ledger: &Ledger) -> Result<(), Failure> {
        let account = show::account(ACCOUNT).map_err(Failure::user)?;
        let mut portfolio = ledger.all_accounts(&as_of(TODAY)?, |_, _| ())?;
        portfolio.accounts.sort_by_key(|row| row.rank.unwrap_or(u32::MAX));
        let answer = ledger.account(&account, &as_of(TODAY)?)?;
        let before = Before::of(ledger, &account)?;
        if global.output() == Output::Json {
            let account = output::value(&ledger.to_json(&answer)?)?;
            return output::json(&DemoAnswer { portfolio, account, before });
        }
        introduce(ledger)?;
        portfolio::print(&portfolio, ledger.zone())?;
        explained::print(ledger, &account, &answer)?;
        before.print(ledger.zone())?;
        self.take_leave()
    }

    fn take_leave(&self) -> Result<(), Failure> {
        match &self.keep {
            None => {
                output::line("`guanxi demo --keep DIR` leaves this ledger in DIR, to go on playing with it.")
            }
            Some(kept) => output::line(&format!(
                "The ledger is in {kept}. Ask it more, for instance:\n  \
                 guanxi --ledger {kept} show {ACCOUNT} --as-of {YEAR_BEFORE} --known-at {YEAR_BEFORE}",
                kept = kept.display()
            )),
        }
    }
}

/// Rebuilds the bundled ledger in a directory that is not there yet, and opens it.
fn restored(path: &Path) -> Result<Ledger, Failure> {
    if path.exists() {
        return Err(Failure::user(format!("{} is there already", path.display())));
    }
    let directory = Directory::new(path, None)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let zone = Zone::named(ZONE).map_err(|error| Failure::user(error.to_string()))?;
    let lines = ArchiveLine::read_all(BufReader::new(GzDecoder::new(ARCHIVE)));
    Ledger::rebuild(&directory, &clock, zone, PERSONS, lines)?;
    Ok(Ledger::open(&directory, clock, Access::Read, "guanxi demo")?)
}

fn introduce(ledger: &Ledger) -> Result<(), Failure> {
    output::line(&format!(
        "Three years of an invented supplier of drives and controls: {} accounts, {} events,\n\
         each recorded when its people learned of it: some late, some wrong at first, some taken back.\n",
        ledger.accounts().len(),
        ledger.head().count
    ))
}

fn as_of(date: &str) -> Result<Asked, Failure> {
    Ok(Asked { as_of: Some(when(date)?), ..Asked::default() })
}

fn when(date: &str) -> Result<When, Failure> {
    date.parse().map_err(|error: guanxi_projections::time::InvalidTime| Failure::user(error.to_string()))
}

/// The account beside which figures stand, for its parts.
fn named<'a>(answer: &'a crate::ledger::AccountAnswer, account: &'a AccountId) -> &'a str {
    answer.view.profile.name.as_ref().map_or(account.as_str(), |name| name.as_str())
}
