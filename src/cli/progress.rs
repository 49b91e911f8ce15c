//! Progress of long work, on standard error, when a person is watching; and its end, when nobody waits for it. Work that
//! asks whether to go on is told so; other work is unwound.

use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};

use super::console;

/// How far some long work is. Each step but [`Bar::hear`] ends the work of a client that is gone: see
/// [`console::go_on`].
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

/// A bar over a known amount of work, in bytes.
pub(super) fn of_bytes(total: u64) -> Bar {
    with("{bar:40} {bytes}/{total_bytes} {msg} ({eta} left)", total)
}

/// A bar over a known number of things.
pub(super) fn of_things(total: u64) -> Bar {
    with("{bar:40} {pos}/{len} {msg} ({eta} left)", total)
}

fn with(template: &str, total: u64) -> Bar {
    let bar = ProgressBar::with_draw_target(Some(total), console::progress());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    Bar(bar)
}

impl Bar {
    /// So much is done.
    pub(super) fn set_position(&self, position: u64) {
        console::go_on();
        self.0.set_position(position);
    }

    /// So much is done of so much, and whether anybody waits for the rest.
    pub(super) fn hear(&self, done: usize, total: usize) -> ControlFlow<()> {
        if console::is_over() {
            return ControlFlow::Break(());
        }
        self.0.set_length(total as u64);
        self.0.set_position(done as u64);
        ControlFlow::Continue(())
    }

    /// So much more is done.
    pub(super) fn inc(&self, more: u64) {
        console::go_on();
        self.0.inc(more);
    }

    /// So much there is to do.
    pub(super) fn set_length(&self, length: u64) {
        self.0.set_length(length);
    }

    /// What is being done.
    pub(super) fn set_message(&self, message: String) {
        self.0.set_message(message);
    }

    /// The work is done, and leaves no bar behind.
    pub(super) fn finish_and_clear(&self) {
        self.0.finish_and_clear();
    }
}
