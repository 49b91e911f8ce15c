//! The value of a record in the store: a digest of its content, a checksum of the digest, and the frame.
//!
//! ```text
//! digest 16 bytes | CRC-32 (IEEE) of the digest, u32 little-endian | frame
//! ```
//!
//! The tree covers the frame and not the digest, so the digest has a checksum of its own: a flipped bit in it would
//! turn a duplicate into a conflict.

use super::error::Damage;

/// Bytes of a record's content digest.
pub(super) const DIGEST_BYTES: usize = 16;
/// Bytes before the frame.
pub(super) const VALUE_HEAD_BYTES: usize = DIGEST_BYTES + 4;

/// Begins a value: the frame is appended next.
pub(super) fn begin(value: &mut Vec<u8>, digest: [u8; DIGEST_BYTES]) {
    value.extend(digest);
    value.extend(crc32fast::hash(&digest).to_le_bytes());
}

/// A value taken apart.
pub(super) struct Value<'a> {
    pub(super) digest: &'a [u8; DIGEST_BYTES],
    pub(super) frame: &'a [u8],
}

/// Takes the value at a position apart. What is in the frame is not looked at.
pub(super) fn read(position: u64, value: &[u8]) -> Result<Value<'_>, Damage> {
    let parts = value.split_first_chunk().and_then(|(digest, rest)| {
        let (crc, frame) = rest.split_first_chunk()?;
        Some((digest, u32::from_le_bytes(*crc), frame))
    });
    match parts {
        Some((digest, crc, frame)) if crc32fast::hash(digest) == crc => Ok(Value { digest, frame }),
        Some(_) => {
            Err(Damage::Store(format!("the digest beside the record at position {position} is damaged")))
        }
        None => Err(Damage::Store(format!("the record at position {position} is cut short"))),
    }
}

/// The frame of the value at a position.
pub(super) fn frame_of(position: u64, value: &[u8]) -> Result<&[u8], Damage> {
    read(position, value).map(|value| value.frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_back_and_a_changed_digest_is_damage() {
        let mut value = Vec::new();
        begin(&mut value, *b"0123456789abcdef");
        value.extend(b"frame");
        let read_back = read(0, &value).unwrap();
        assert_eq!((read_back.digest, read_back.frame), (b"0123456789abcdef", b"frame".as_slice()));
        for byte in 0..VALUE_HEAD_BYTES {
            let mut changed = value.clone();
            changed[byte] ^= 4;
            assert!(read(0, &changed).is_err(), "byte {byte}");
            assert!(read(0, &value[..byte]).is_err(), "cut at {byte}");
        }
    }
}
