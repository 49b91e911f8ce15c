//! The hash of a view: two answers with one hash are the same answer.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::jcs;

/// SHA-256 over the JSON of a view in its canonical form (JCS, RFC 8785), as 64 lower-case hexadecimal digits.
///
/// A view shows persons by their pseudonyms and leaves its coordinates out, so that the hash depends on what
/// happened alone.
///
/// ```
/// use guanxi_projections::state_hash::state_hash;
/// let hash = state_hash(&std::collections::BTreeMap::from([("b", 2.0), ("a", 0.5)])).unwrap();
/// // printf '{"a":0.5,"b":2}' | sha256sum
/// assert_eq!(hash, "852e495ebe2e5380e30620f5b6a56d69e26cd283012166437a2ad15fe2b91be8");
/// ```
///
/// # Errors
/// What the serializer says of a value that JSON cannot hold; a view of this crate holds none.
pub fn state_hash<V: Serialize>(view: &V) -> Result<String, serde_json::Error> {
    let canonical = jcs::to_vec(view)?;
    let digest = Sha256::digest(&canonical);
    Ok(digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex_digit).collect())
}

fn hex_digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0')
}
