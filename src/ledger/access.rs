//! The record of who read what: the file `access` in the ledger's directory.
//!
//! One JSON object per line, each with the hash of the line before it, so that no line can be changed or taken out
//! unseen but the last ones. Lines are written by a thread of their own, in the order in which answers were given; the
//! disk has them within a second, and a crash of the machine can cost no more than that. A line that a crash cut in
//! two is dropped when the ledger is opened.
//!
//! Lines may get more fields and lose none; the hash is that of the bytes as they stand, so lines of older programs,
//! which have no `method`, are checked as all others.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use guanxi_projections::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Ledger, LedgerError};

/// Reads that may wait to be noted; then whoever reads waits.
const QUEUE: usize = 4_096;
/// How long a line may be on its way to the disk.
const SYNC: Duration = Duration::from_secs(1);
/// More than any line has: the limits on requests hold what is noted of them.
const LINE_BYTES_MAX: u64 = 1 << 20;
/// What the first line has for the hash of the line before it.
const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One read, or one that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadNote {
    /// When it was answered.
    pub at: Timestamp,
    /// Who read.
    pub actor: String,
    /// By which method of HTTP, which tells a question from what was to change something; `None` in lines of before it
    /// was noted.
    #[serde(default)]
    pub method: Option<String>,
    /// What, without what it was about.
    pub route: String,
    /// About which account, or which position; `None` for what is about all.
    pub about: Option<String>,
    /// T, as it was asked.
    pub as_of: Option<String>,
    /// K, as it was asked.
    pub known_at: Option<String>,
    /// How it was answered.
    pub status: u16,
    /// The id of the request.
    pub request: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    note: ReadNote,
    previous: String,
}

/// The record, opened when the first read is noted.
#[derive(Debug)]
pub(super) struct AccessRecord {
    path: PathBuf,
    writer: Mutex<Option<Writer>>,
}

/// What to do when too many notes wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// Wait until there is room.
    Awaited,
    /// Give the note back.
    Now,
}

#[derive(Debug)]
struct Writer {
    sender: Option<SyncSender<ReadNote>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    /// What was noted is written before the ledger is closed.
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl AccessRecord {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, writer: Mutex::new(None) }
    }

    /// Hands a note to the thread that writes. Gives it back when there was no room for it.
    fn note(&self, note: ReadNote, room: Room) -> Result<Option<ReadNote>, LedgerError> {
        let sender = {
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            if writer.is_none() {
                *writer = Some(open(&self.path)?);
            }
            writer.as_ref().and_then(|writer| writer.sender.clone())
        };
        let gone = || {
            let source = std::io::Error::other("an earlier line could not be written");
            LedgerError::file("write", &self.path, source)
        };
        let sender = sender.ok_or_else(gone)?;
        match room {
            Room::Awaited => sender.send(note).map(|()| None).map_err(|_| gone()),
            Room::Now => match sender.try_send(note) {
                Ok(()) => Ok(None),
                Err(TrySendError::Full(note)) => Ok(Some(note)),
                Err(TrySendError::Disconnected(_)) => Err(gone()),
            },
        }
    }
}

impl Ledger {
    /// Notes a read.
    ///
    /// # Errors
    /// [`LedgerError::File`] when the record cannot be written: what cannot be noted should not be answered.
    pub fn note_read(&self, note: ReadNote) -> Result<(), LedgerError> {
        self.access.note(note, Room::Awaited).map(drop)
    }

    /// Notes a read without waiting; gives it back when too many wait to be noted.
    ///
    /// # Errors
    /// As [`Self::note_read`].
    pub fn try_note_read(&self, note: ReadNote) -> Result<Option<ReadNote>, LedgerError> {
        self.access.note(note, Room::Now)
    }

    /// Checks that no line of the record of reads was changed, moved or taken out; says how many there are. Lines
    /// taken off the end do not show.
    ///
    /// # Errors
    /// [`LedgerError::Access`] with the first line that does not follow the one before it; [`LedgerError::File`] when
    /// the file cannot be read.
    pub fn verify_access(&self) -> Result<u64, LedgerError> {
        let path = self.directory.access();
        let mut file = match File::open(&path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            Err(source) => return Err(LedgerError::file("read", &path, source)),
        };
        let mut previous = NOTHING_BEFORE.to_owned();
        let (mut count, mut line) = (0, Vec::new());
        loop {
            line.clear();
            let read = (&mut file).take(LINE_BYTES_MAX).read_until(b'\n', &mut line);
            read.map_err(|source| LedgerError::file("read", &path, source))?;
            // What has no end is being written, or was when the machine went down.
            let too_long = line.len() as u64 == LINE_BYTES_MAX;
            if !line.ends_with(b"\n") && !too_long {
                return Ok(count);
            }
            count += 1;
            let read: Option<Line> = serde_json::from_slice(&line).ok();
            if read.is_none_or(|read| read.previous != previous) {
                return Err(LedgerError::Access { line: count });
            }
            previous = hash(&line);
        }
    }
}

/// Opens the file behind its last whole line, and starts the thread that writes to it.
fn open(path: &Path) -> Result<Writer, LedgerError> {
    let failed = |source| LedgerError::file("open", path, source);
    let opened =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    let mut file = opened.map_err(failed)?;
    let previous = last_hash(&mut file).map_err(failed)?;
    let (sender, receiver) = sync_channel(QUEUE);
    let thread = std::thread::Builder::new().name("access-record".to_owned());
    let thread = thread.spawn(move || write(file, previous, &receiver)).map_err(failed)?;
    Ok(Writer { sender: Some(sender), thread: Some(thread) })
}

/// Cuts off a line that has no end, and gives the hash of the last whole one.
fn last_hash(file: &mut File) -> std::io::Result<String> {
    const READ: u64 = 64 << 10;
    let length = file.metadata()?.len();
    let from = length.saturating_sub(READ);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    file.set_len(from + whole as u64)?;
    file.seek(SeekFrom::End(0))?;
    tail.truncate(whole);
    Ok(tail.split_inclusive(|byte| *byte == b'\n').next_back().map_or(NOTHING_BEFORE.to_owned(), hash))
}

fn hash(line: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(line).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes until the ledger is closed, or the disk refuses; then nobody reads any more.
fn write(mut file: File, mut previous: String, receiver: &Receiver<ReadNote>) {
    let mut unsynced = false;
    loop {
        let first = if unsynced {
            match receiver.recv_timeout(SYNC) {
                Ok(note) => Some(note),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            }
        } else {
            match receiver.recv() {
                Ok(note) => Some(note),
                Err(_) => break,
            }
        };
        let Some(first) = first else {
            if file.sync_data().is_err() {
                return;
            }
            unsynced = false;
            continue;
        };
        let mut text = Vec::new();
        for note in std::iter::once(first).chain(receiver.try_iter().take(QUEUE)) {
            let Ok(mut line) = serde_json::to_vec(&Line { note, previous }) else { return };
            line.push(b'\n');
            previous = hash(&line);
            text.extend(line);
        }
        if file.write_all(&text).is_err() {
            return;
        }
        unsynced = true;
    }
    let _ = file.sync_data();
}
