//! Persons: the aliases that callers use, the pseudonyms that are recorded, and the keys that personal texts are
//! sealed under.
//!
//! A record is kept for ever and proves itself by its bytes, so what must be erasable may not stand in it. It holds
//! random pseudonyms and sealed texts; this room holds, in one file beside the log, what they mean. Destroying a
//! key here makes its texts unreadable in every copy of the log, and every proof stays valid.
//!
//! - The file `people` of a ledger is append-only; every entry in it is sealed by the *wrapping key*, which lives in
//!   a keys directory outside the ledger. Its layout, byte by byte, and what a crash can leave: `people/file.rs`; the
//!   entries: `people/entry.rs`; the key file: `people/wrapping.rs`.
//! - A particular (name, address) is sealed under its person's key; a free text under a key of its own, whose entry
//!   names every person of the payload, since it may speak of all. The layout of a sealed text: `people/text.rs`.
//! - A person first named by an event becomes one with the sealing, before the event is committed. If it is then not
//!   committed, entries stay that nothing uses: harmless, and not worth a protocol between two files. What matters
//!   is the other order: [`People::sync`] comes *before* the commit of a record that uses the keys.
//! - What sealing makes is random: an event sealed twice gives different bytes and one more key per free text. Look
//!   for duplicates by [`People::digest`] of the clear content first.
//!
//! Rejected: keys derived from one secret (none could be destroyed alone); a table in the log's database (its copies
//! and old pages would keep the keys); deterministic pseudonyms (whoever guesses the alias has the person).
//!
//! Invariant: this room does not know the log, who is asking, or where the ledger lies by default. Nothing personal
//! and no key leaves it unsealed but through [`People::show`], [`People::show_replacement`] and [`People::alias`].

mod disk;
mod entry;
mod error;
mod file;
mod imagining;
mod key;
mod keyring;
mod opening;
mod sealing;
mod showing;
mod text;
mod wrapping;
mod writer;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::{Clear, Sealed};
use guanxi_projections::id::{Alias, PersonId};

use entry::{Entry, TextKeyId};
use key::{Key, Randomness};
use keyring::Keyring;
use text::Spot;
use writer::Writer;

pub use error::{Error, Notice};
pub use imagining::Imagining;
pub use showing::{ERASED, SEALED};
pub use text::Place;
pub use wrapping::keys_dir_beside;

/// The name of the store in the ledger directory.
pub const STORE_FILE: &str = "people";

/// What the store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To seal and to show. One process at a time.
    Write,
    /// To show only; beside a writer too, then as of the moment of opening.
    Read,
    /// To show without any key: pseudonyms for persons, [`SEALED`] for texts. The keys directory is not looked at.
    Keyless,
}

/// The persons of one ledger. Shared by threads freely; no lock is held while a file is written.
#[derive(Debug)]
pub struct People {
    path: PathBuf,
    keys: Option<Keys>,
    notices: Vec<Notice>,
    randomness: Randomness,
}

/// What there is when there is a wrapping key.
#[derive(Debug)]
struct Keys {
    ring: RwLock<Keyring>,
    digest: Key,
    /// `None` when opened for reading.
    writer: Option<Writer>,
}

impl People {
    /// What is worth a warning, found at opening.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Whether the store was opened without keys.
    pub fn is_keyless(&self) -> bool {
        self.keys.is_none()
    }

    /// Seals an event. Persons not yet known are entered, and so are the keys of free texts: [`People::sync`]
    /// before the sealed event is committed. A correction with new data goes through
    /// [`People::seal_correction`].
    ///
    /// An alias that is written like a pseudonym (`~` and 22 characters) stands for that very person, known or
    /// not, so that what was shown can be given back.
    ///
    /// # Errors
    /// [`Error::CannotSeal`], [`Error::Poisoned`], [`Error::Randomness`]; about the event [`Error::NoPerson`],
    /// [`Error::PersonUnknown`], [`Error::TooManyPersons`], [`Error::Replacement`]. Entries may have been added
    /// that nothing uses.
    pub fn seal(&self, place: Place<'_>, event: Event<Clear>) -> Result<Event<Sealed>, Error> {
        sealing::seal(self, place, event, None)
    }

    /// As [`People::seal`], for a correction of an event of type `target`: its data are read as that type's.
    ///
    /// # Errors
    /// As [`People::seal`]; [`Error::Replacement`] when the data are not of that type.
    pub fn seal_correction(
        &self,
        place: Place<'_>,
        event: Event<Clear>,
        target: EventType,
    ) -> Result<Event<Sealed>, Error> {
        sealing::seal(self, place, event, Some(target))
    }

    /// Shows an event that was sealed at `place`: aliases for persons and clear texts, as far as there are keys. A
    /// person without one shows as pseudonym, a text as [`ERASED`], or as [`SEALED`] when all keys are missing.
    ///
    /// # Errors
    /// [`Error::TextDamaged`].
    pub fn show(&self, place: Place<'_>, event: Event<Sealed>) -> Result<Event<Clear>, Error> {
        showing::show(self, Spot { place, within: None }, event)
    }

    /// As [`People::show`], for the data of a correction on their own; `place` is the correction's, not that of
    /// the event it corrects.
    ///
    /// # Errors
    /// [`Error::TextDamaged`].
    pub fn show_replacement(&self, place: Place<'_>, data: Event<Sealed>) -> Result<Event<Clear>, Error> {
        showing::show(self, Spot { place, within: Some("data") }, data)
    }

    /// The person of that alias, or of that pseudonym; `None` when no event has named such a person yet, and for
    /// every alias when keyless.
    pub fn person(&self, alias: &Alias) -> Option<PersonId> {
        PersonId::of_pseudonym(alias.as_str()).or_else(|| self.keys.as_ref()?.ring().person(alias))
    }

    /// How a person is called: by alias, or by pseudonym when that is erased or there are no keys.
    pub fn alias(&self, person: PersonId) -> Alias {
        let known = self.keys.as_ref().and_then(|keys| keys.ring().alias(person).cloned());
        known.unwrap_or_else(|| as_alias(person))
    }

    /// A digest that only the holder of the keys can make: the first 16 bytes of HMAC-SHA256 under a key of this
    /// store. Give it the canonical clear content of an event to recognise the same content again.
    ///
    /// # Errors
    /// [`Error::CannotSeal`] when keyless.
    pub fn digest(&self, content: &[u8]) -> Result<[u8; 16], Error> {
        Ok(self.keys()?.digest.digest([content]))
    }

    /// As [`People::digest`], of several parts, each behind its length (u64, little-endian): whatever the parts
    /// hold, other parts give another digest.
    ///
    /// # Errors
    /// [`Error::CannotSeal`] when keyless.
    pub fn digest_parts(&self, parts: &[&[u8]]) -> Result<[u8; 16], Error> {
        let lengths: Vec<_> = parts.iter().map(|part| (part.len() as u64).to_le_bytes()).collect();
        let all = lengths.iter().zip(parts).flat_map(|(length, part)| [length.as_slice(), part]);
        Ok(self.keys()?.digest.digest(all))
    }

    /// Returns once everything that was entered before the call is durable. Calls at the same time share one sync
    /// of the file; nothing new costs nothing.
    ///
    /// # Errors
    /// [`Error::Write`], [`Error::Poisoned`], [`Error::Randomness`]: nothing that was sealed since the last success
    /// may be committed. [`Error::CannotSeal`] unless opened for writing.
    pub fn sync(&self) -> Result<(), Error> {
        self.writer(self.keys()?)?.sync(&self.randomness)
    }

    /// The person of that alias, entered now if nobody has that alias yet.
    fn resolve(&self, keys: &Keys, alias: &Alias) -> Result<PersonId, Error> {
        if let Some(person) = self.person(alias) {
            return Ok(person);
        }
        let (id, key) = (PersonId(self.randomness.bytes()?), Key::random(&self.randomness)?);
        let mut ring = keys.ring_mut();
        if let Some(person) = ring.person(alias) {
            return Ok(person);
        }
        // Queued while the ring is locked: whoever finds the person in the ring finds it queued, and its own sync
        // then covers it.
        self.enter(keys, &mut ring, Entry::Person { id, alias: alias.clone(), key })?;
        Ok(id)
    }

    fn new_text_key(&self, keys: &Keys, persons: Vec<PersonId>) -> Result<(TextKeyId, Key), Error> {
        let (id, key) = (self.randomness.bytes()?, Key::random(&self.randomness)?);
        let entry = Entry::TextKey { id, key: key.clone(), persons };
        self.enter(keys, &mut keys.ring_mut(), entry)?;
        Ok((id, key))
    }

    fn enter(&self, keys: &Keys, ring: &mut Keyring, entry: Entry) -> Result<(), Error> {
        self.writer(keys)?.append(entry.clone())?;
        // Only two equal ids out of 2^128 could be refused.
        let _ = ring.insert(entry);
        Ok(())
    }

    fn keys(&self) -> Result<&Keys, Error> {
        self.keys.as_ref().ok_or_else(|| Error::CannotSeal { path: self.path.clone() })
    }

    fn keys_to_seal(&self) -> Result<&Keys, Error> {
        let keys = self.keys()?;
        self.writer(keys).map(|_| keys)
    }

    fn writer<'a>(&self, keys: &'a Keys) -> Result<&'a Writer, Error> {
        keys.writer.as_ref().ok_or_else(|| Error::CannotSeal { path: self.path.clone() })
    }
}

impl Drop for People {
    fn drop(&mut self) {
        if let Some(writer) = self.keys.as_mut().and_then(|keys| keys.writer.as_mut()) {
            writer.close(&self.randomness);
        }
    }
}

impl Keys {
    // The ring is whole after every change, so a panic elsewhere does not spoil it.
    fn ring(&self) -> RwLockReadGuard<'_, Keyring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring_mut(&self) -> RwLockWriteGuard<'_, Keyring> {
        self.ring.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::expect_used, reason = "a pseudonym is 23 bytes of `~` and URL-safe base64")]
fn as_alias(person: PersonId) -> Alias {
    Alias::new(person.to_string()).expect("a pseudonym is an identifier")
}
