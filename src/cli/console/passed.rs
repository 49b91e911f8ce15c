//! What a client passed: its streams, its folder, its mask of modes, and the connection that tells whether it is still
//! there.
//!
//! Nobody waits for a stream of a client that is gone: every wait for a stream waits for the end of the connection as
//! well. Otherwise a command would stay for as long as whatever was at the other end of a pipe.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// So many bytes do not block on a pipe that says it has room.
const PIPE_BYTES: usize = 4_096;
/// How long it takes at most to notice that the server ends.
const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// What the work of a command ends with when nobody waits for it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Over;

/// The three streams of a client.
#[derive(Debug)]
pub(in crate::cli) struct Streams {
    pub(in crate::cli) input: File,
    pub(in crate::cli) output: File,
    pub(in crate::cli) error: File,
}

impl From<[OwnedFd; 3]> for Streams {
    fn from([input, output, error]: [OwnedFd; 3]) -> Self {
        Self { input: input.into(), output: output.into(), error: error.into() }
    }
}

/// Who a client is, for the names of files that it says, and for those that it makes.
#[derive(Debug)]
pub(in crate::cli) struct Client {
    /// Its process.
    pub(in crate::cli) process: u32,
    /// Where relative names begin.
    pub(in crate::cli) folder: PathBuf,
    /// Bits that its new files do not get.
    pub(in crate::cli) mask: u32,
}

/// Names that mean something else in each process, and what they mean among the files of one.
const OWN_NAMES: [(&str, &str); 5] = [
    ("/proc/self", ""),
    ("/dev/fd", "fd"),
    ("/dev/stdin", "fd/0"),
    ("/dev/stdout", "fd/1"),
    ("/dev/stderr", "fd/2"),
];

impl Client {
    fn place(&self, name: &Path) -> PathBuf {
        let whole = self.folder.join(name);
        let own = OWN_NAMES.iter().find_map(|(own, means)| {
            let rest = whole.strip_prefix(own).ok()?;
            let process = Path::new("/proc").join(self.process.to_string());
            // Nothing pushed at the end would say that it is a folder.
            let parts = [Path::new(means), rest].into_iter().filter(|part| !part.as_os_str().is_empty());
            Some(parts.fold(process, |whole, part| whole.join(part)))
        });
        own.unwrap_or(whole)
    }
}

/// What a client passed.
#[derive(Debug)]
pub(in crate::cli) struct Passed {
    streams: Streams,
    client: Client,
    connection: UnixStream,
    gone: AtomicBool,
    /// Whether the server ends without waiting any longer.
    ending: Arc<AtomicBool>,
}

impl Passed {
    pub(in crate::cli) fn new(
        streams: Streams,
        client: Client,
        connection: UnixStream,
        ending: Arc<AtomicBool>,
    ) -> Self {
        Self { streams, client, connection, gone: AtomicBool::new(false), ending }
    }

    pub(super) fn place(&self, name: &Path) -> PathBuf {
        self.client.place(name)
    }

    pub(super) fn mask(&self) -> u32 {
        self.client.mask
    }

    pub(super) fn output(&self) -> &File {
        &self.streams.output
    }

    pub(super) fn error(&self) -> &File {
        &self.streams.error
    }

    /// Whether nobody waits for the work any more.
    pub(in crate::cli) fn is_over(&self) -> bool {
        self.gone.load(Ordering::Relaxed) || self.ending.load(Ordering::Relaxed)
    }

    /// Returns when the client is gone, or the connection was shut down. A client says nothing after its request.
    pub(in crate::cli) fn watch(&self) {
        let _ = (&self.connection).read(&mut [0]);
        self.gone.store(true, Ordering::Relaxed);
    }

    /// Waits until a stream is ready.
    fn wait(&self, stream: &File, ready: PollFlags) -> io::Result<()> {
        loop {
            let gone = PollFlags::IN | PollFlags::RDHUP;
            let mut waited = [PollFd::new(stream, ready), PollFd::new(&self.connection, gone)];
            match poll(&mut waited, Some(&PATIENCE)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            let [stream, client] = waited.map(|waited| !waited.revents().is_empty());
            if client {
                self.gone.store(true, Ordering::Relaxed);
                return Err(io::Error::new(ErrorKind::BrokenPipe, "whoever asked is gone"));
            }
            if stream {
                return Ok(());
            }
            if self.ending.load(Ordering::Relaxed) {
                return Err(io::Error::other("the server has stopped"));
            }
        }
    }

    fn read(&self, mut file: &File, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            self.wait(file, PollFlags::IN)?;
            match file.read(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                other => return other,
            }
        }
    }

    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<usize> {
        let some = bytes.get(..PIPE_BYTES).unwrap_or(bytes);
        loop {
            self.wait(file, PollFlags::OUT)?;
            match file.write(some) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                other => return other,
            }
        }
    }
}

/// What is read for a client: its standard input, or a file.
#[derive(Debug)]
pub(super) struct Input {
    passed: Arc<Passed>,
    file: Option<File>,
}

impl Input {
    pub(super) fn standard(passed: Arc<Passed>) -> Self {
        Self { passed, file: None }
    }

    pub(super) fn file(passed: Arc<Passed>, file: File) -> Self {
        Self { passed, file: Some(file) }
    }
}

impl Read for Input {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.passed.read(self.file.as_ref().unwrap_or(&self.passed.streams.input), bytes)
    }
}

/// One of the two streams that a client hears on.
#[derive(Debug)]
pub(in crate::cli) struct Sink {
    passed: Arc<Passed>,
    which: fn(&Passed) -> &File,
}

impl Sink {
    pub(super) fn output(passed: Arc<Passed>) -> Self {
        Self { passed, which: Passed::output }
    }

    pub(super) fn error(passed: Arc<Passed>) -> Self {
        Self { passed, which: Passed::error }
    }

    pub(super) fn file(&self) -> impl AsFd {
        (self.which)(&self.passed)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.passed.write((self.which)(&self.passed), bytes)
    }

    /// Nothing is held back.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
