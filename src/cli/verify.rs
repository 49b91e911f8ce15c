use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::output::{self, Output, or_dash};
use super::{Global, progress};
use crate::ledger::Restored;

/// Check everything that the ledger claims of itself.
///
/// Every record is read again: positions and sequences without gaps, recorded times ascending, each record whole,
/// readable and tied to the one before it in its stream, every node of the Merkle tree the hash of what it covers,
/// every source and id found where it stands. In the record of who read what, every line follows the one before it.
/// Exit code 4 and the place of the first contradiction if there is one.
#[derive(Debug, Args)]
pub(super) struct Verify {}

impl Verify {
    #[expect(clippy::unused_self, reason = "every command runs the same way")]
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let bar = progress::of_things(ledger.head().count);
        let verified = ledger.verify(|done| bar.set_position(done))?;
        bar.finish_and_clear();
        let reads = ledger.verify_access()?;
        let root = output::hex(&verified.root);
        let restored = ledger.restored();
        if global.output() == Output::Json {
            return output::json(&json!({
                "events": verified.events,
                "streams": verified.streams,
                "root": root,
                "last_recorded_at": verified.last_recorded_at,
                "unknown_types": verified.unknown,
                "reads": reads,
                "restored": restored == Restored::Yes,
            }));
        }
        let streams = if verified.streams == 1 { "stream" } else { "streams" };
        output::line(&format!(
            "{} events in {} {streams}: all in order.",
            verified.events, verified.streams
        ))?;
        output::line(&format!("  root          {root}"))?;
        output::line(&format!("  last recorded {}", or_dash(verified.last_recorded_at)))?;
        if verified.unknown > 0 {
            let count = verified.unknown;
            output::line(&format!(
                "  {count} events of types that this program does not know (a newer one does)"
            ))?;
        }
        if reads > 0 {
            output::line(&format!("  {reads} reads noted, none changed or taken out"))?;
        }
        match restored {
            Restored::No => Ok(()),
            Restored::Yes => output::line("  restored      from an archive"),
            Restored::Unfinished => {
                output::line("  restored      not finished: run `import --restore` again")
            }
        }
    }
}
