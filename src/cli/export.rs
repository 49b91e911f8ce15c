use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::failure::Failure;
use super::{Global, console, output, progress};
use crate::ledger::{Ledger, LedgerError};

/// Write all events as CloudEvents, one JSON per line.
///
/// With --archive, names stay out (persons are pseudonyms, texts are sealed) and each line also holds the stored
/// record, from which `import --restore` rebuilds a ledger exactly. Names come back only with the keys and the
/// store of persons, which travel apart.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Write an archive.
    #[arg(long)]
    archive: bool,
    /// File to write; `-` is standard output.
    #[arg(long, short, default_value = "-", value_name = "FILE")]
    out: PathBuf,
}

impl Export {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        if self.out.as_os_str() == "-" {
            self.write(&ledger, &mut BufWriter::new(console::out()))?;
            return Ok(());
        }
        let name = self.out.display();
        let unwritable = |error| Failure::user(format!("could not write {name}: {error}"));
        let mut file = BufWriter::new(console::create_new(&self.out).map_err(unwritable)?);
        let count = self.write(&ledger, &mut file)?;
        let file = file.into_inner().map_err(|error| unwritable(error.into_error()))?;
        file.sync_all().map_err(unwritable)?;
        output::notice(&format!("{count} events written to {name}"));
        Ok(())
    }

    fn write(&self, ledger: &Ledger, out: &mut impl Write) -> Result<u64, Failure> {
        let bar = progress::of_things(ledger.head().count);
        let mut failed = None;
        let line = |event: &Value| {
            bar.inc(1);
            if failed.is_none() {
                failed = writeln!(out, "{event}").err();
            }
            match &failed {
                None => Ok(()),
                Some(_) => Err(LedgerError::Interrupted),
            }
        };
        let written = if self.archive { ledger.export_archive(line) } else { ledger.export(line) };
        bar.finish_and_clear();
        if let Some(error) = failed {
            return Err(error.into());
        }
        out.flush()?;
        Ok(written?)
    }
}
