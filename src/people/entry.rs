//! The entries of the store in the clear, before they are sealed.
//!
//! ```text
//! person      1 | id 16 | key 32 | alias (UTF-8, to the end)
//! text key    2 | id 16 | key 32 | count u16 | count x person id 16
//! digest key  3 | key 32
//! mark        4
//! ```
//! Integers are little-endian. A mark says nothing: it is there for what its frame says, namely up to where the
//! file was durable when it was written.

use guanxi_projections::id::{Alias, PersonId};
use zeroize::Zeroizing;

use super::error::Error;
use super::key::{KEY_BYTES, Key};

/// Names the key of one text; random.
pub(super) type TextKeyId = [u8; 16];

const PERSON: u8 = 1;
const TEXT_KEY: u8 = 2;
const DIGEST_KEY: u8 = 3;
const MARK: u8 = 4;

/// The most bytes of an entry in the clear: a text key with 65,535 persons is the longest.
pub(super) const ENTRY_BYTES_MAX: usize = 1 + 16 + KEY_BYTES + 2 + 16 * u16::MAX as usize;

/// One thing that the store remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// A person: the alias that callers use, and the key of the person's particulars.
    Person { id: PersonId, alias: Alias, key: Key },
    /// The key of one free text, and everybody whom its payload names: erasing one of them erases the text.
    TextKey { id: TextKeyId, key: Key, persons: Vec<PersonId> },
    /// The key of the digests that recognise duplicates: the first entry of every store, once.
    DigestKey { key: Key },
    /// Nothing.
    Mark,
}

impl Entry {
    /// The bytes of the entry.
    ///
    /// # Errors
    /// [`Error::TooLong`] for a text key with more than 65,535 persons.
    pub(super) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(256));
        match self {
            Self::Person { id, alias, key } => {
                bytes.push(PERSON);
                bytes.extend_from_slice(&id.0);
                bytes.extend_from_slice(key.bytes());
                bytes.extend_from_slice(alias.as_str().as_bytes());
            }
            Self::TextKey { id, key, persons } => {
                let count = u16::try_from(persons.len()).map_err(|_| Error::TooLong)?;
                bytes.reserve(16 * persons.len());
                bytes.push(TEXT_KEY);
                bytes.extend_from_slice(id);
                bytes.extend_from_slice(key.bytes());
                bytes.extend_from_slice(&count.to_le_bytes());
                for person in persons {
                    bytes.extend_from_slice(&person.0);
                }
            }
            Self::DigestKey { key } => {
                bytes.push(DIGEST_KEY);
                bytes.extend_from_slice(key.bytes());
            }
            Self::Mark => bytes.push(MARK),
        }
        Ok(bytes)
    }

    /// The entry of these bytes; `None` when they are none.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (kind, mut rest) = bytes.split_first()?;
        match *kind {
            PERSON => {
                let (id, key) = (PersonId(take(&mut rest)?), Key::new(take(&mut rest)?));
                let alias = Alias::new(std::str::from_utf8(rest).ok()?).ok()?;
                Some(Self::Person { id, alias, key })
            }
            TEXT_KEY => {
                let (id, key) = (take(&mut rest)?, Key::new(take(&mut rest)?));
                let count = u16::from_le_bytes(take(&mut rest)?);
                let (persons, odd) = rest.as_chunks::<16>();
                let whole = odd.is_empty() && persons.len() == usize::from(count);
                whole.then(|| Self::TextKey {
                    id,
                    key,
                    persons: persons.iter().copied().map(PersonId).collect(),
                })
            }
            DIGEST_KEY => {
                let key = Key::new(take(&mut rest)?);
                rest.is_empty().then_some(Self::DigestKey { key })
            }
            MARK => rest.is_empty().then_some(Self::Mark),
            _ => None,
        }
    }
}

/// Takes the next `N` bytes off the front.
pub(super) fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*taken)
}
