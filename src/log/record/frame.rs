//! The frame: what makes bytes recognisable as a record, and damage to them visible.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 2 | magic `GX` |
//! | 2 | 1 | frame version: 1 |
//! | 3 | 1 | codec of the payload: 1 = `MessagePack` |
//! | 4 | 1 | flags: 0; others are refused |
//! | 5 | 4 | CRC-32 (IEEE), little endian, over everything else in the frame |
//! | 9 | | payload: the envelope, which ends with the body |

use super::RecordError;

/// The most bytes that a frame may have.
pub(crate) const RECORD_BYTES_MAX: usize = 65_535;

const MAGIC: [u8; 2] = *b"GX";
const VERSION: u8 = 1;
const CODEC_MESSAGE_PACK: u8 = 1;
const FLAGS: u8 = 0;
/// What stands before the checksum.
const PREFIX: [u8; 5] = [MAGIC[0], MAGIC[1], VERSION, CODEC_MESSAGE_PACK, FLAGS];
const CHECKSUM_BYTES: usize = 4;

/// Begins a frame at the end of `into`, with room for the checksum.
pub(super) fn begin(into: &mut Vec<u8>) {
    into.extend_from_slice(&PREFIX);
    into.extend_from_slice(&[0; CHECKSUM_BYTES]);
}

/// Ends the frame that begins at `start`: puts the checksum in.
///
/// # Errors
/// [`RecordError::TooLarge`]; the bytes from `start` on are then taken away again.
pub(super) fn end(into: &mut Vec<u8>, start: usize) -> Result<(), RecordError> {
    let bytes = into.len().saturating_sub(start);
    if bytes > RECORD_BYTES_MAX {
        into.truncate(start);
        return Err(RecordError::TooLarge(bytes));
    }
    let frame = into.get_mut(start..).unwrap_or_default();
    if let Some((prefix, rest)) = frame.split_first_chunk_mut::<{ PREFIX.len() }>()
        && let Some((slot, payload)) = rest.split_first_chunk_mut::<CHECKSUM_BYTES>()
    {
        *slot = checksum(prefix, payload).to_le_bytes();
    }
    Ok(())
}

/// The payload of a frame that is whole.
///
/// # Errors
/// What is wrong with the frame. The version is judged before the checksum, since it says where that stands.
pub(super) fn open(frame: &[u8]) -> Result<&[u8], RecordError> {
    if frame.len() > RECORD_BYTES_MAX {
        return Err(RecordError::TooLarge(frame.len()));
    }
    let short = RecordError::Short(frame.len());
    let (prefix, rest) = frame.split_first_chunk::<{ PREFIX.len() }>().ok_or(short)?;
    let (stored, payload) =
        rest.split_first_chunk::<CHECKSUM_BYTES>().ok_or(RecordError::Short(frame.len()))?;
    let [magic_0, magic_1, version, codec, flags] = *prefix;
    if [magic_0, magic_1] != MAGIC {
        return Err(RecordError::NotARecord);
    }
    if version != VERSION {
        return Err(RecordError::FrameVersion(version));
    }
    let (stored, computed) = (u32::from_le_bytes(*stored), checksum(prefix, payload));
    if stored != computed {
        return Err(RecordError::Checksum { stored, computed });
    }
    match (codec, flags) {
        (CODEC_MESSAGE_PACK, FLAGS) => Ok(payload),
        (CODEC_MESSAGE_PACK, _) => Err(RecordError::Flags(flags)),
        _ => Err(RecordError::Codec(codec)),
    }
}

fn checksum(prefix: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(prefix);
    hasher.update(payload);
    hasher.finalize()
}
