//! The file of the store: its header and its frames, byte by byte, and how it is read.
//!
//! All integers are little-endian. The header:
//!
//! | bytes  | what                                                               |
//! |--------|--------------------------------------------------------------------|
//! | 0..8   | `GXPEOPLE`                                                         |
//! | 8..10  | format version, 1                                                  |
//! | 10..18 | id of the wrapping key that all entries are sealed by              |
//! | 18..34 | random id of this store                                            |
//! | 34..38 | CRC-32 (IEEE) of the bytes before                                  |
//!
//! Frames follow without gaps, one per entry, numbered from 0:
//!
//! | bytes  | what                                                               |
//! |--------|--------------------------------------------------------------------|
//! | 0..4   | length of the sealed entry, tag included                           |
//! | 4..8   | CRC-32 (IEEE) of bytes 0..4 and of everything from byte 8 on       |
//! | 8..16  | how many bytes of the file were durable before this was written    |
//! | 16..40 | nonce                                                              |
//! | 40..   | the entry, sealed by XChaCha20-Poly1305 under the wrapping key     |
//!
//! The sealed entry is bound to `guanxi people entry v1`, the 38 bytes of the header, the frame's number (u64) and
//! its bytes 8..16: a frame that was swapped, moved, repeated or brought from another store does not open, nor
//! does any frame after one that was taken out. Frames taken off the *end* cannot be missed here; the log, whose
//! records name the keys, shows them.
//!
//! Invariant: one write is durable before the next begins. So only the last write can be torn by a crash, in any
//! of its pages. A frame that is not whole is a torn tail, and cut off, exactly when no whole frame after it says
//! that the place was durable; otherwise it is damage, and an error. A mark (an entry that says nothing) is written
//! when the store is closed, so that what was written last is protected too.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::entry::{ENTRY_BYTES_MAX, Entry, take};
use super::error::Error;
use super::key::{Key, NONCE_BYTES, TAG_BYTES};

const MAGIC: &[u8; 8] = b"GXPEOPLE";
const VERSION: u16 = 1;
/// Bytes of the header.
pub(super) const HEADER_BYTES: usize = 38;
/// Bytes of a frame before its sealed entry.
const FRAME_HEAD_BYTES: usize = 16 + NONCE_BYTES;
const DOMAIN: &[u8] = b"guanxi people entry v1";

/// What the header says, and its bytes.
#[derive(Debug, Clone)]
pub(super) struct Header {
    bytes: [u8; HEADER_BYTES],
    /// The wrapping key needed.
    pub(super) wrapped_by: [u8; 8],
}

impl Header {
    pub(super) fn new(wrapped_by: [u8; 8], store: [u8; 16]) -> Self {
        let mut head = Vec::with_capacity(HEADER_BYTES);
        head.extend_from_slice(MAGIC);
        head.extend_from_slice(&VERSION.to_le_bytes());
        head.extend_from_slice(&wrapped_by);
        head.extend_from_slice(&store);
        head.extend_from_slice(&crc32fast::hash(&head).to_le_bytes());
        let mut bytes = [0; HEADER_BYTES];
        bytes.copy_from_slice(&head);
        Self { bytes, wrapped_by }
    }

    pub(super) fn bytes(&self) -> &[u8; HEADER_BYTES] {
        &self.bytes
    }

    /// Reads the header from the front of the file.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Newer`], [`Error::Io`].
    pub(super) fn read(path: &Path, file: &mut impl Read) -> Result<Self, Error> {
        let damaged = |says| Error::Damaged { path: path.to_owned(), offset: 0, says };
        let mut head = Vec::with_capacity(HEADER_BYTES);
        file.take(HEADER_BYTES as u64).read_to_end(&mut head).map_err(Error::io("read", path))?;
        let bytes: [u8; HEADER_BYTES] =
            head.as_slice().try_into().map_err(|_| damaged("its header is cut short"))?;
        let mut rest = bytes.as_slice();
        let (magic, version) = (take(&mut rest), take(&mut rest).map(u16::from_le_bytes));
        if magic != Some(*MAGIC) {
            return Err(damaged("it is not a store of persons"));
        }
        if let Some(version) = version.filter(|version| *version > VERSION) {
            return Err(Error::Newer { path: path.to_owned(), version });
        }
        let wrapped_by = take(&mut rest).unwrap_or_default();
        let header = Self::new(wrapped_by, take(&mut rest).unwrap_or_default());
        if header.bytes == bytes { Ok(header) } else { Err(damaged("its header is not what was written")) }
    }
}

/// The wrapping key at work on one store.
#[derive(Debug)]
pub(super) struct Wrapping {
    pub(super) key: Key,
    pub(super) header: Header,
}

impl Wrapping {
    /// Appends the frame of an entry to `bytes`. `durable`: bytes of the file that are durable now.
    ///
    /// # Errors
    /// [`Error::TooLong`].
    pub(super) fn frame(
        &self,
        number: u64,
        durable: u64,
        nonce: [u8; NONCE_BYTES],
        entry: &Entry,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let sealed = self.key.seal(nonce, &self.bound(number, durable), &entry.encode()?)?;
        let length = u32::try_from(sealed.len()).map_err(|_| Error::TooLong)?.to_le_bytes();
        let covered = [&durable.to_le_bytes(), nonce.as_slice(), &sealed].concat();
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&checksum(length, &covered).to_le_bytes());
        bytes.extend_from_slice(&covered);
        Ok(())
    }

    fn open(&self, number: u64, frame: &Frame<'_>) -> Option<Entry> {
        let clear = self.key.open(frame.nonce, &self.bound(number, frame.durable), frame.sealed)?;
        Entry::decode(&clear)
    }

    fn bound(&self, number: u64, durable: u64) -> Vec<u8> {
        [DOMAIN, &self.header.bytes, &number.to_le_bytes(), &durable.to_le_bytes()].concat()
    }
}

fn checksum(length: [u8; 4], covered: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&length);
    crc.update(covered);
    crc.finalize()
}

/// A frame whose checksum is right.
struct Frame<'a> {
    durable: u64,
    nonce: [u8; NONCE_BYTES],
    sealed: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The length of the sealed entry, as the front of a frame has it; `None` when no entry is so long.
    fn length(head: &[u8]) -> Option<usize> {
        let length = usize::try_from(u32::from_le_bytes(*head.first_chunk()?)).ok()?;
        (TAG_BYTES < length && length <= ENTRY_BYTES_MAX + TAG_BYTES).then_some(length)
    }

    /// The frame at the front of `bytes`.
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let bytes = bytes.get(..FRAME_HEAD_BYTES + Self::length(bytes)?)?;
        let mut rest = bytes;
        let length = take(&mut rest)?;
        let crc = u32::from_le_bytes(take(&mut rest)?);
        if crc != checksum(length, rest) {
            return None;
        }
        Some(Self { durable: u64::from_le_bytes(take(&mut rest)?), nonce: take(&mut rest)?, sealed: rest })
    }
}

/// Where the whole frames of a file end, and what is beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// Length of the file up to there.
    pub(super) len: u64,
    /// Number of the next frame.
    pub(super) number: u64,
    /// Whether the last frame is a mark.
    pub(super) marked: bool,
    /// Torn bytes beyond.
    pub(super) torn: u64,
}

/// Reads all frames after the header; `each` gets the entries in order, and says what is wrong with one.
///
/// # Errors
/// [`Error::Damaged`], [`Error::Io`].
pub(super) fn read(
    path: &Path,
    file: &File,
    wrapping: &Wrapping,
    mut each: impl FnMut(u64, Entry) -> Result<(), &'static str>,
) -> Result<End, Error> {
    let mut end = End { len: HEADER_BYTES as u64, number: 0, marked: false, torn: 0 };
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let mut buffer = Vec::new();
    loop {
        next(&mut reader, &mut buffer).map_err(Error::io("read", path))?;
        if buffer.is_empty() && end.number > 0 {
            return Ok(end);
        }
        let damaged = |says| Error::Damaged { path: path.to_owned(), offset: end.len, says };
        let Some(frame) = Frame::parse(&buffer) else {
            let rest = bytes_from(&mut reader, end.len).map_err(Error::io("read", path))?;
            if Frame::parse(&rest).is_some() {
                // Read beside a writer, which has finished the frame by now.
                reader.seek(SeekFrom::Start(end.len)).map_err(Error::io("read", path))?;
                continue;
            }
            if end.number == 0 || durable_after(&rest, end.len) {
                return Err(damaged("the entry there is not what was written"));
            }
            return Ok(End { torn: rest.len() as u64, ..end });
        };
        let opened = wrapping.open(end.number, &frame).filter(|_| frame.durable <= end.len);
        let entry = opened.ok_or_else(|| damaged("the entry there does not belong there"))?;
        end.marked = entry == Entry::Mark;
        each(end.number, entry).map_err(damaged)?;
        end.number += 1;
        end.len += buffer.len() as u64;
    }
}

/// Reads the next frame into `buffer`, as far as there is one.
fn next(reader: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    reader.take(FRAME_HEAD_BYTES as u64).read_to_end(buffer)?;
    if let Some(length) = Frame::length(buffer).filter(|_| buffer.len() == FRAME_HEAD_BYTES) {
        reader.take(length as u64).read_to_end(buffer)?;
    }
    Ok(())
}

fn bytes_from(file: &mut (impl Read + Seek), offset: u64) -> io::Result<Vec<u8>> {
    let mut rest = Vec::new();
    file.seek(SeekFrom::Start(offset))?;
    file.read_to_end(&mut rest)?;
    Ok(rest)
}

/// Whether any whole frame in `rest`, which begins at `offset`, says that `offset` was passed by what was durable.
fn durable_after(rest: &[u8], offset: u64) -> bool {
    (1..rest.len()).filter_map(|at| Frame::parse(rest.get(at..)?)).any(|frame| frame.durable > offset)
}
