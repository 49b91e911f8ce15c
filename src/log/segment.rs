//! Segments: the random-keyed index of a run of positions, flushed as an immutable sorted piece.
//!
//! What is keyed at random (source and id to position, account to positions) lives in memory. Written with
//! every commit it would cost more than everything else; written every few thousand events, sorted, it costs
//! next to nothing. A segment holds derived data alone: were all segments lost, the records would give them
//! back.
//!
//! Layout, integers big-endian, `varint` as in LEB128:
//!
//! ```text
//! version u8 = 1 | first u64 | count u32
//! count times, sorted by hash:  hash u64 | position - first u16
//! streams varint, then per stream, sorted by account:
//!     length varint | account | events varint | events times: varint delta of (position - first)
//! crc32 u32 over everything before
//! ```

use std::collections::HashMap;
use std::sync::Arc;

use super::varint;

/// Events after which the index is flushed. Tests flush often, so that few events meet many segments.
pub(super) const SEGMENT_EVENTS: usize = if cfg!(test) { 16 } else { 8_192 };
/// Bytes of a chunk: with its key and the page's own header it fills one page of 4 KiB.
pub(super) const CHUNK_BYTES: usize = 4_000;

const VERSION: u8 = 1;
const HEADER_BYTES: usize = 13;
const NAME_BYTES: usize = 10;

/// What the index needs to know of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Keyed hash of source and id.
    pub(super) name: u64,
    /// The stream.
    pub(super) account: Arc<str>,
}

/// Encodes the entries of the positions from `first` on.
pub(super) fn encode(first: u64, entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + entries.len() * (NAME_BYTES + 4));
    bytes.push(VERSION);
    bytes.extend(first.to_be_bytes());
    bytes.extend(u32::try_from(entries.len()).unwrap_or(u32::MAX).to_be_bytes());
    encode_names(&mut bytes, entries);
    encode_streams(&mut bytes, entries);
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes
}

fn encode_names(bytes: &mut Vec<u8>, entries: &[Entry]) {
    let mut names: Vec<(u64, u16)> = entries.iter().map(|entry| entry.name).zip(0..).collect();
    names.sort_unstable();
    for (name, offset) in names {
        bytes.extend(name.to_be_bytes());
        bytes.extend(offset.to_be_bytes());
    }
}

fn encode_streams(bytes: &mut Vec<u8>, entries: &[Entry]) {
    let mut streams: HashMap<&str, Vec<u64>> = HashMap::new();
    for (entry, offset) in entries.iter().zip(0..) {
        streams.entry(&entry.account).or_default().push(offset);
    }
    let mut streams: Vec<_> = streams.into_iter().collect();
    streams.sort_unstable();
    varint::push(bytes, streams.len() as u64);
    for (account, offsets) in streams {
        varint::push(bytes, account.len() as u64);
        bytes.extend(account.as_bytes());
        varint::push(bytes, offsets.len() as u64);
        let mut last = 0;
        for offset in offsets {
            varint::push(bytes, offset - last);
            last = offset;
        }
    }
}

/// Decodes a segment: its first position and its entries in the order of their positions. `None` when the
/// bytes are not a whole, undamaged segment of this version.
pub(super) fn decode(bytes: &[u8]) -> Option<(u64, Vec<Entry>)> {
    let (content, crc) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(content) != u32::from_be_bytes(*crc) || *content.first()? != VERSION {
        return None;
    }
    let first = u64::from_be_bytes(*content.get(1..9)?.first_chunk()?);
    let count = u32::from_be_bytes(*content.get(9..13)?.first_chunk()?) as usize;
    let (names, mut streams) = content.get(HEADER_BYTES..)?.split_at_checked(count * NAME_BYTES)?;
    let mut entries: Vec<Option<Entry>> = vec![None; count];
    decode_streams(&mut streams, &mut entries)?;
    for name in names.chunks_exact(NAME_BYTES) {
        let (hash, offset) = name.split_at_checked(8)?;
        let entry = entries.get_mut(usize::from(u16::from_be_bytes(*offset.first_chunk()?)))?.as_mut()?;
        entry.name = u64::from_be_bytes(*hash.first_chunk()?);
    }
    Some((first, entries.into_iter().collect::<Option<Vec<_>>>()?))
}

fn decode_streams(bytes: &mut &[u8], entries: &mut [Option<Entry>]) -> Option<()> {
    for _ in 0..varint::take(bytes)? {
        let length = usize::try_from(varint::take(bytes)?).ok()?;
        let (account, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        let account: Arc<str> = std::str::from_utf8(account).ok()?.into();
        let mut offset = 0;
        for _ in 0..varint::take(bytes)? {
            offset += varint::take(bytes)?;
            let entry = entries.get_mut(usize::try_from(offset).ok()?)?;
            *entry = Some(Entry { name: 0, account: Arc::clone(&account) });
        }
    }
    bytes.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: u64) -> Vec<Entry> {
        (0..count)
            .map(|n| Entry {
                name: n.wrapping_mul(0x9E37_79B9_7F4A_7C15),
                account: format!("客户{}", n * n % 7).into(),
            })
            .collect()
    }

    #[test]
    fn a_segment_is_read_back_as_written() {
        for count in [1, 2, 100, 9_000] {
            let entries = entries(count);
            assert_eq!(decode(&encode(77, &entries)), Some((77, entries)));
        }
    }

    #[test]
    fn a_damaged_segment_is_no_segment() {
        let bytes = encode(5, &entries(20));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            assert_eq!(decode(&damaged), None, "byte {at}");
            assert_eq!(decode(&bytes[..at]), None, "cut at {at}");
        }
    }
}
