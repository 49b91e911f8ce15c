use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::Global;
use super::failure::Failure;
use super::output::{self, Output};
use crate::clock::{Clock, SystemClock};
use crate::ledger::Ledger;

/// Rebuild a ledger from a backup, where there is none.
///
/// Every byte of the backup is checked first, and the root of the rebuilt log against that of the old one: either all
/// of it is restored, or nothing. The keys have to be where the ledger looks for them, unless the backup holds them;
/// without them persons are shown by their pseudonyms.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// Directory that `guanxi backup` wrote.
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
}

impl Restore {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let directory = global.directory()?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let (backup, summary) = Ledger::restore_backup(&self.backup, &directory, &clock)?;
        // Says so if the keys are missing.
        let ledger = global.open_for_reading()?;
        if global.output() == Output::Json {
            return output::json(&json!({
                "ledger": directory.path().display().to_string(), "events": summary.events,
                "root": summary.root, "with_keys": backup.has_keys(), "zone": ledger.zone().name(),
            }));
        }
        output::line(&format!("{} events restored into {}.", summary.events, directory.path().display()))?;
        output::line(&format!("  root {}", summary.root))
    }
}
