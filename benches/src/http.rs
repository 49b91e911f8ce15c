//! How fast a ledger is served.

pub mod append;
pub mod lines;
pub mod read;

use std::path::Path;

use crate::program;

/// An empty ledger in a folder.
fn fresh_ledger(folder: &Path) -> std::path::PathBuf {
    let ledger = folder.join("ledger");
    program::run(&ledger, ["init"]);
    ledger
}
