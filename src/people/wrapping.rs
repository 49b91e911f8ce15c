//! The wrapping key: the one secret outside the ledger directory, which opens all others.
//!
//! It is a text file `wrap.key` in the keys directory:
//!
//! ```text
//! guanxi wrapping key v1
//! id 6d1f0c9a3be27754
//! key MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
//! ```
//!
//! `id` is the first 8 bytes of SHA-256("guanxi wrapping key id" || key), in hex; the header of the store names it,
//! and it shows when the key has been miscopied. `key` is standard base64 of 32 random bytes.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::disk;
use super::error::{Error, Notice};
use super::key::{Key, Randomness};

/// The name of the key file in the keys directory.
pub(super) const KEY_FILE: &str = "wrap.key";
const TITLE: &str = "guanxi wrapping key v1";

/// The keys directory that a ledger has unless another is named: `<ledger>.keys` beside it.
///
/// # Errors
/// [`Error::Io`] when the ledger directory has no name and cannot be resolved to one.
pub fn keys_dir_beside(ledger: &Path) -> Result<PathBuf, Error> {
    let whole = resolved(ledger)?;
    let mut name = OsString::from(whole.file_name().unwrap_or_default());
    name.push(".keys");
    Ok(whole.with_file_name(name))
}

/// Writes a new wrapping key into `keys`, which is created where needed.
///
/// # Errors
/// [`Error::KeysInside`], [`Error::Exists`], [`Error::InUse`], [`Error::Io`], [`Error::Randomness`].
pub(super) fn create(ledger: &Path, keys: &Path, randomness: &Randomness) -> Result<Key, Error> {
    refuse_inside(ledger, keys)?;
    disk::create_dir(keys)?;
    let key = Key::random(randomness)?;
    disk::write_new(&keys.join(KEY_FILE), text(&key).as_bytes())?;
    Ok(key)
}

/// Writes a wrapping key that was kept elsewhere, as the bytes of its file, into `keys`.
///
/// # Errors
/// As [`create`], and [`Error::KeyMalformed`].
pub(super) fn bring_in(ledger: &Path, keys: &Path, bytes: &[u8]) -> Result<(), Error> {
    refuse_inside(ledger, keys)?;
    let path = keys.join(KEY_FILE);
    parse(bytes).map_err(|says| Error::KeyMalformed { path: path.clone(), says })?;
    disk::create_dir(keys)?;
    disk::write_new(&path, bytes)
}

/// Reads the wrapping key, and says whether others may read it too.
///
/// # Errors
/// [`Error::KeysInside`], [`Error::KeyMissing`], [`Error::KeyMalformed`], [`Error::Io`].
pub(super) fn read(ledger: &Path, keys: &Path) -> Result<(Key, Option<Notice>), Error> {
    refuse_inside(ledger, keys)?;
    let path = keys.join(KEY_FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::KeyMissing { path }),
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    let key = parse(&bytes).map_err(|says| Error::KeyMalformed { path: path.clone(), says })?;
    let mode = fs::metadata(&path).map_err(Error::io("read", &path))?.permissions().mode() & 0o7777;
    Ok((key, (mode & 0o077 != 0).then_some(Notice::KeyExposed { path, mode })))
}

/// A key's short id, as the key file and error messages have it.
pub(super) fn hex(id: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(id))
}

fn text(key: &Key) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(128));
    let encoded = Zeroizing::new(STANDARD.encode(key.bytes()));
    // Writing to a string cannot fail.
    let _ = write!(text, "{TITLE}\nid {}\nkey {}\n", hex(key.id()), encoded.as_str());
    text
}

fn parse(bytes: &[u8]) -> Result<Key, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not text")?;
    let rest = text.strip_prefix(TITLE).ok_or("its first line is not `guanxi wrapping key v1`")?;
    let rest = rest.strip_prefix("\nid ").ok_or("its second line is not the key's id")?;
    let (id, encoded) = rest.split_once("\nkey ").ok_or("its third line is not the key")?;
    let encoded = encoded.strip_suffix('\n').ok_or("it does not end after the key")?;
    let decoded = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| "the key is not base64")?);
    let key = Key::new(decoded.as_slice().try_into().map_err(|_| "the key does not have 32 bytes")?);
    if hex(key.id()) == id { Ok(key) } else { Err("the key does not have the id beside it") }
}

/// Refuses a keys directory inside the ledger, seen through links and dots.
fn refuse_inside(ledger: &Path, keys: &Path) -> Result<(), Error> {
    if resolved(keys)?.starts_with(resolved(ledger)?) {
        return Err(Error::KeysInside { keys: keys.to_owned(), ledger: ledger.to_owned() });
    }
    Ok(())
}

/// The path without links and dots; what does not exist yet is resolved as far as it does.
fn resolved(path: &Path) -> Result<PathBuf, Error> {
    let whole = std::path::absolute(path).map_err(Error::io("find", path))?;
    let mut resolved = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                resolved.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => resolved.push(part),
        }
        match resolved.canonicalize() {
            Ok(canonical) => resolved = canonical,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("find", path)(error)),
        }
    }
    Ok(resolved)
}
