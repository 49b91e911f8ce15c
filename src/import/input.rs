//! Where the bytes come from: a plain file, a gzip file (told by its first bytes, never by its name), or
//! standard input; and how many of them have been read.

use std::fmt;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::desk::Source;
use super::{Desk, ImportError};

/// The name that means standard input.
pub const STDIN: &str = "-";

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BUFFER_BYTES: usize = 64 * 1024;

/// How far an import has read; cheap to clone, and readable from another thread.
#[derive(Debug, Clone)]
pub struct Progress {
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Progress {
    /// Bytes read so far, as they lie on disk (before unpacking).
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes of the whole file as it was when opened; `None` for standard input.
    pub fn bytes_total(&self) -> Option<u64> {
        self.total
    }
}

/// Where bytes come from.
struct Origin(Source);

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Origin")
    }
}

impl Read for Origin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

#[derive(Debug)]
struct Counting<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

type Raw = BufReader<Chain<Cursor<Vec<u8>>, Counting<Origin>>>;

/// The unpacked bytes of one input.
#[derive(Debug)]
pub(crate) struct Input(Bytes);

#[derive(Debug)]
enum Bytes {
    Plain(Raw),
    Gzip(Box<MultiGzDecoder<Raw>>),
}

/// Opens an input and looks at its first bytes.
pub(crate) fn open(desk: &Desk, path: &Path) -> Result<(Input, Progress), ImportError> {
    let cannot = |source| ImportError::Open { file: path.to_owned(), source };
    let (origin, total) = if path == Path::new(STDIN) {
        (desk.stdin(), None)
    } else {
        let (file, meta) = desk.open(path).map_err(cannot)?;
        if meta.is_dir() {
            return Err(cannot(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        (file, meta.is_file().then_some(meta.len()))
    };
    let read = Arc::new(AtomicU64::new(0));
    let mut counting = Counting { inner: Origin(origin), read: Arc::clone(&read) };
    let mut head = Vec::with_capacity(GZIP_MAGIC.len());
    counting.by_ref().take(GZIP_MAGIC.len() as u64).read_to_end(&mut head).map_err(cannot)?;
    let packed = head == GZIP_MAGIC;
    let raw = BufReader::with_capacity(BUFFER_BYTES, Cursor::new(head).chain(counting));
    let bytes = if packed { Bytes::Gzip(Box::new(MultiGzDecoder::new(raw))) } else { Bytes::Plain(raw) };
    Ok((Input(bytes), Progress { read, total }))
}

impl Input {
    /// The same bytes, buffered.
    pub(crate) fn buffered(self) -> BufReader<Self> {
        BufReader::with_capacity(BUFFER_BYTES, self)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Bytes::Plain(raw) => raw.read(buffer),
            Bytes::Gzip(gzip) => gzip.read(buffer).map_err(explain),
        }
    }
}

/// Says what is wrong with a gzip file in words about the file, not about the decoder.
fn explain(error: io::Error) -> io::Error {
    let kind = error.kind();
    if kind == io::ErrorKind::UnexpectedEof {
        io::Error::new(kind, "the gzip data ends too early: the file is truncated")
    } else if matches!(kind, io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) {
        io::Error::new(kind, format!("the gzip data is corrupt: {error}"))
    } else {
        error
    }
}

/// Reads as [`BufRead::fill_buf`], again after an interruption.
pub(crate) fn fill<R: BufRead + ?Sized>(reader: &mut R) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    reader.fill_buf()
}
