//! Who is at the other end of a command: this process's own terminal, files and folder, or those of a client whose
//! command a server runs on one of its threads.
//!
//! Commands write, read and name files through this module alone, so that they need not know which it is. The console
//! belongs to a thread; work that a command hands to another thread takes it along with [`Console::within`].
//!
//! Invariant: a server never changes its own folder or its own mask of file modes for a client. Names are resolved
//! here, and files are made here.

mod passed;
mod terminal;

use std::cell::RefCell;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, IsTerminal as _, Write, stderr, stdin, stdout};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::ProgressDrawTarget;
use rustix::fs::OFlags;
use rustix::termios::tcgetwinsize;

use crate::import::Source;
use passed::Input;
pub(super) use passed::{Client, Over, Passed, Streams};
use terminal::Terminal;

/// What a new file may be, before the mask of modes.
const FILE_MODE: u32 = 0o666;

thread_local! {
    static CONSOLE: RefCell<Console> = const { RefCell::new(Console::Own) };
}

/// Who is at the other end.
#[derive(Debug, Clone)]
pub(super) enum Console {
    /// Whoever started this process.
    Own,
    /// A client, which passed what it has.
    Passed(Arc<Passed>),
}

impl Console {
    /// That of this thread.
    pub(super) fn current() -> Self {
        // Even a panic in the middle of `within` finds one.
        CONSOLE
            .try_with(|console| console.try_borrow().map(|console| console.clone()))
            .map_or(Self::Own, |found| found.unwrap_or(Self::Own))
    }

    /// Does some work of this console on this thread.
    pub(super) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        let _before = Before(CONSOLE.replace(self.clone()));
        work()
    }

    /// Standard input.
    pub(super) fn input(&self) -> Source {
        match self {
            Self::Own => Box::new(stdin()),
            Self::Passed(passed) => Box::new(Input::standard(Arc::clone(passed))),
        }
    }

    /// Opens a file to read, and tells what it is.
    pub(super) fn open(&self, name: &Path) -> io::Result<(Source, Metadata)> {
        let place = self.place(name);
        match self {
            Self::Own => {
                let file = File::open(place)?;
                let metadata = file.metadata()?;
                Ok((Box::new(file), metadata))
            }
            Self::Passed(passed) => {
                // A pipe is waited for where the end of the client is noticed, and no terminal becomes the server's.
                let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
                let file =
                    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(place)?;
                let metadata = file.metadata()?;
                Ok((Box::new(Input::file(Arc::clone(passed), file)), metadata))
            }
        }
    }

    /// Where the file of a name is.
    pub(super) fn place(&self, name: &Path) -> PathBuf {
        match self {
            Self::Own => name.to_owned(),
            Self::Passed(passed) => passed.place(name),
        }
    }

    fn mode(&self) -> u32 {
        match self {
            Self::Own => FILE_MODE,
            Self::Passed(passed) => FILE_MODE & !passed.mask(),
        }
    }
}

/// Puts the console back that a thread had.
struct Before(Console);

impl Drop for Before {
    fn drop(&mut self) {
        CONSOLE.set(std::mem::replace(&mut self.0, Console::Own));
    }
}

/// Standard output, or standard error.
#[derive(Debug)]
pub(super) enum Stream {
    /// This process's own output.
    Output(io::Stdout),
    /// This process's own place for messages.
    Error(io::Stderr),
    /// One that a client passed.
    Passed(passed::Sink),
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Output(own) => own.write(bytes),
            Self::Error(own) => own.write(bytes),
            Self::Passed(sink) => sink.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Output(own) => own.flush(),
            Self::Error(own) => own.flush(),
            Self::Passed(sink) => sink.flush(),
        }
    }
}

/// Standard output of this thread's console.
pub(super) fn out() -> Stream {
    match Console::current() {
        Console::Own => Stream::Output(stdout()),
        Console::Passed(passed) => Stream::Passed(passed::Sink::output(passed)),
    }
}

/// Standard error of this thread's console.
pub(super) fn err() -> Stream {
    match Console::current() {
        Console::Own => Stream::Error(stderr()),
        Console::Passed(passed) => Stream::Passed(passed::Sink::error(passed)),
    }
}

/// How many columns standard output has; `None` when it is no terminal, 0 when it does not say.
pub(super) fn width() -> Option<u16> {
    match Console::current() {
        Console::Own => width_of(&stdout()),
        Console::Passed(passed) => width_of(passed.output()),
    }
}

fn width_of(stream: &impl AsFd) -> Option<u16> {
    let stream = stream.as_fd();
    stream.is_terminal().then(|| tcgetwinsize(stream).map_or(0, |size| size.ws_col))
}

/// Where progress is drawn: on standard error, if that is a terminal.
pub(super) fn progress() -> ProgressDrawTarget {
    match Console::current() {
        Console::Own => ProgressDrawTarget::stderr(),
        Console::Passed(passed) if passed.error().is_terminal() => {
            ProgressDrawTarget::term_like(Box::new(Terminal::new(passed)))
        }
        Console::Passed(_) => ProgressDrawTarget::hidden(),
    }
}

/// Opens a file to read.
pub(super) fn open(name: &Path) -> io::Result<Source> {
    Console::current().open(name).map(|(source, _)| source)
}

/// Makes a file that must not be there yet.
pub(super) fn create_new(name: &Path) -> io::Result<File> {
    let console = Console::current();
    OpenOptions::new().write(true).create_new(true).mode(console.mode()).open(console.place(name))
}

/// Makes a file, or empties the one that is there.
pub(super) fn create(name: &Path) -> io::Result<File> {
    let console = Console::current();
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(console.mode()).open(console.place(name))
}

/// Whether nobody waits for the work of this console any more.
pub(super) fn is_over() -> bool {
    matches!(Console::current(), Console::Passed(passed) if passed.is_over())
}

/// Ends the work, by unwinding with [`Over`], when nobody waits for it any more. For long work only, where nothing is
/// half done.
pub(super) fn go_on() {
    if is_over() {
        std::panic::resume_unwind(Box::new(Over));
    }
}

#[cfg(test)]
mod tests;
