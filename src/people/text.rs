//! A sealed text, byte by byte, and the place it is bound to.
//!
//! | bytes  | what                                                                      |
//! |--------|---------------------------------------------------------------------------|
//! | 0      | form, 1                                                                   |
//! | 1..17  | id of the key: the person's for a particular, the text's own for a note   |
//! | 17..41 | nonce                                                                     |
//! | 41..   | the text in UTF-8, sealed by XChaCha20-Poly1305; the last 16 bytes its tag |
//!
//! It is bound to: `guanxi text v1`; 1 for a note or 2 for a particular; the key id; account, source and id of the
//! event and the field's name, each behind its length (u32, little-endian). A field's name is its JSON name; within
//! a correction's data it is `data/` and that name, which no other field is called. Every payload has each name at
//! most once as a personal text. So a sealed text opens in its own place only. Its length shows.

use std::borrow::Cow;

use guanxi_projections::envelope::Heading;
use guanxi_projections::id::{AccountId, EventId, Source};
use guanxi_projections::text::{FreeText, SealedText};

use super::entry::take;
use super::error::Error;
use super::key::{Key, NONCE_BYTES, TAG_BYTES};

const FORM: u8 = 1;
const DOMAIN: &[u8] = b"guanxi text v1";
const HEAD_BYTES: usize = 1 + 16 + NONCE_BYTES;

/// The event that a text belongs to, named for ever.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Whose stream.
    pub account: &'a AccountId,
    /// Who submitted the event.
    pub source: &'a Source,
    /// The source's name for it.
    pub id: &'a EventId,
}

impl<'a> From<&'a Heading> for Place<'a> {
    fn from(heading: &'a Heading) -> Self {
        Self { account: &heading.account, source: &heading.source, id: &heading.id }
    }
}

/// Which of the two ways a text is personal.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Free text under a key of its own.
    Note = 1,
    /// A particular, under its person's key.
    Particular = 2,
}

/// One field of one event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) place: Place<'a>,
    /// The correction's field that the payload stands in; `None` for an event's own payload.
    pub(super) within: Option<&'static str>,
}

impl Spot<'_> {
    /// The name of the field in bindings and messages.
    pub(super) fn field(&self, name: &'static str) -> Cow<'static, str> {
        match self.within {
            Some(outer) => format!("{outer}/{name}").into(),
            None => name.into(),
        }
    }

    fn bound(&self, kind: Kind, field: &str, key_id: [u8; 16]) -> Vec<u8> {
        let Place { account, source, id } = self.place;
        let mut bound = [DOMAIN, &[kind as u8], &key_id].concat();
        for part in [account.as_str(), source.as_str(), id.as_str(), field] {
            // Identifiers are at most 200 bytes, names of fields shorter.
            bound.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
            bound.extend_from_slice(part.as_bytes());
        }
        bound
    }

    /// Seals the text of one field.
    ///
    /// # Errors
    /// [`Error::TooLong`].
    pub(super) fn seal(
        &self,
        kind: Kind,
        name: &'static str,
        (key_id, key): ([u8; 16], &Key),
        nonce: [u8; NONCE_BYTES],
        text: &FreeText,
    ) -> Result<SealedText, Error> {
        let bound = self.bound(kind, &self.field(name), key_id);
        let sealed = key.seal(nonce, &bound, text.as_str().as_bytes())?;
        Ok(SealedText::new([&[FORM], key_id.as_slice(), &nonce, &sealed].concat()))
    }

    /// Opens the text of one field. `key` finds the key of an id; `None` when there is none.
    ///
    /// # Errors
    /// [`Error::TextDamaged`].
    pub(super) fn open(
        &self,
        kind: Kind,
        name: &'static str,
        sealed: &SealedText,
        key: impl FnOnce([u8; 16]) -> Option<Key>,
    ) -> Result<Option<FreeText>, Error> {
        let (key_id, nonce, sealed) = parts(sealed.bytes()).map_err(|says| self.damaged(name, says))?;
        let Some(key) = key(key_id) else { return Ok(None) };
        let clear = key
            .open(nonce, &self.bound(kind, &self.field(name), key_id), sealed)
            .ok_or_else(|| self.damaged(name, "it is not what was sealed there"))?;
        let text = std::str::from_utf8(&clear).ok().and_then(|text| FreeText::new(text).ok());
        text.map(Some).ok_or_else(|| self.damaged(name, "what was sealed there is no text"))
    }

    pub(super) fn damaged(&self, name: &'static str, says: &'static str) -> Error {
        Error::TextDamaged {
            field: self.field(name).into_owned(),
            source_name: self.place.source.to_string(),
            id: self.place.id.to_string(),
            says,
        }
    }
}

type Parts<'a> = ([u8; 16], [u8; NONCE_BYTES], &'a [u8]);

fn parts(sealed: &[u8]) -> Result<Parts<'_>, &'static str> {
    match sealed.split_first() {
        Some((&FORM, _)) if sealed.len() < HEAD_BYTES + TAG_BYTES => Err("it is cut short"),
        Some((&FORM, mut rest)) => {
            take(&mut rest).zip(take(&mut rest)).map(|(id, nonce)| (id, nonce, rest)).ok_or("it is cut short")
        }
        _ => Err("it has a form that this program does not know"),
    }
}
