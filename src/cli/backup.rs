use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::console::Console;
use super::failure::Failure;
use super::output::{self, Output};
use super::{Global, progress};
use crate::ledger::BackupKeys;

/// Copy the whole ledger, as of one position, into a new directory.
///
/// The directory is its owner's alone. It holds every record exactly, the store of persons, and hashes of all of it; `guanxi restore` checks
/// them. The keys stay apart unless asked for, and should: whoever has both can read every name.
#[derive(Debug, Args)]
pub(super) struct BackupCommand {
    /// Directory to write; it must be new or empty.
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Take the keys along.
    #[arg(long)]
    with_keys: bool,
}

impl BackupCommand {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let (directory, ledger) = (global.directory()?, global.open_for_reading()?);
        let bar = progress::of_things(ledger.head().count);
        let keys = if self.with_keys { BackupKeys::Together } else { BackupKeys::Apart };
        let whole = std::path::absolute(Console::current().place(&self.out))
            .map_err(|error| Failure::user(format!("could not find {}: {error}", self.out.display())))?;
        let backup = ledger.backup(&whole, keys, |done| bar.set_position(done))?;
        bar.finish_and_clear();
        let (out, keys) = (self.out.display(), directory.keys().display());
        if self.with_keys {
            output::notice(&format!("{out} holds the keys too: whoever has it can read every name"));
        } else {
            output::notice(&format!("the keys in {keys} are not in it: back them up, apart from it"));
        }
        let (count, root) = (backup.ledger.count, &backup.ledger.root);
        if global.output() == Output::Json {
            return output::json(&json!({
                "backup": out.to_string(), "events": count, "root": root, "with_keys": backup.has_keys(),
            }));
        }
        output::line(&format!("{count} events are in {out}."))?;
        output::line(&format!("  root {root}"))
    }
}
