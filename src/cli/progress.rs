//! Progress of long work, on standard error, when a person is watching.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over a known amount of work, in bytes.
pub(super) fn of_bytes(total: u64) -> ProgressBar {
    with("{bar:40} {bytes}/{total_bytes} {msg} ({eta} left)", total)
}

/// A bar over a known number of things.
pub(super) fn of_things(total: u64) -> ProgressBar {
    with("{bar:40} {pos}/{len} {msg} ({eta} left)", total)
}

fn with(template: &str, total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
