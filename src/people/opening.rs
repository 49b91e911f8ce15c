//! Creating and opening the store.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::RwLock;

use super::disk::{self, Disk};
use super::entry::Entry;
use super::error::{Error, Notice};
use super::file::{self, End, Header, Wrapping};
use super::key::{Key, Randomness};
use super::keyring::Keyring;
use super::writer::Writer;
use super::{Access, Keys, People, STORE_FILE, wrapping};

impl People {
    /// Creates the store of a new ledger in `dir`, which must exist, and its wrapping key in `keys_dir`, which must
    /// lie outside `dir`, and opens it for writing. Both are durable at return.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::KeysInside`], [`Error::InUse`], [`Error::Io`], [`Error::Randomness`]. A wrapping
    /// key may have been written; if it was, another attempt says that it exists.
    pub fn create(dir: &Path, keys_dir: &Path) -> Result<Self, Error> {
        Self::create_with(dir, keys_dir, Randomness::System)
    }

    pub(super) fn create_with(dir: &Path, keys_dir: &Path, randomness: Randomness) -> Result<Self, Error> {
        let path = dir.join(STORE_FILE);
        if path.exists() {
            return Err(Error::Exists { path });
        }
        let key = wrapping::create(dir, keys_dir, &randomness)?;
        let header = Header::new(key.id(), randomness.bytes()?);
        let mut bytes = header.bytes().to_vec();
        let first = Entry::DigestKey { key: Key::random(&randomness)? };
        Wrapping { key, header }.frame(0, 0, randomness.bytes()?, &first, &mut bytes)?;
        disk::write_new(&path, &bytes)?;
        Self::open_with(dir, keys_dir, Access::Write, randomness)
    }

    /// Writes a store that was kept elsewhere into `dir`, and its wrapping key, if it came along, into `keys_dir`,
    /// which must lie outside `dir`. Nothing is opened. Both are durable at return.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::KeysInside`], [`Error::InUse`], [`Error::Io`]. The key may have been written.
    pub fn bring_in(dir: &Path, keys_dir: &Path, store: &[u8], key: Option<&[u8]>) -> Result<(), Error> {
        if let Some(key) = key {
            wrapping::bring_in(dir, keys_dir, key)?;
        }
        disk::write_new(&dir.join(STORE_FILE), store)
    }

    /// Opens the store of the ledger in `dir`. Cost: every entry is opened once (a few microseconds each) and kept
    /// in memory, unless keyless.
    ///
    /// # Errors
    /// [`Error::KeyMissing`], [`Error::KeyMalformed`], [`Error::KeyWrong`], [`Error::KeysInside`], [`Error::InUse`]
    /// (only for writing), [`Error::Newer`], [`Error::Damaged`], [`Error::Io`]. Nothing was written, unless a torn
    /// tail had been cut off before an [`Error::Io`].
    pub fn open(dir: &Path, keys_dir: &Path, access: Access) -> Result<Self, Error> {
        Self::open_with(dir, keys_dir, access, Randomness::System)
    }

    pub(super) fn open_with(
        dir: &Path,
        keys_dir: &Path,
        access: Access,
        randomness: Randomness,
    ) -> Result<Self, Error> {
        let path = dir.join(STORE_FILE);
        let for_writing = access == Access::Write;
        let opened = OpenOptions::new().read(true).write(for_writing).open(&path);
        let mut file = opened.map_err(Error::io("open", &path))?;
        if for_writing {
            disk::lock(&file, &path)?;
        }
        let header = Header::read(&path, &mut file)?;
        if access == Access::Keyless {
            return Ok(Self { path, keys: None, notices: Vec::new(), randomness });
        }
        let (key, notice) = wrapping::read(dir, keys_dir)?;
        check_key(&path, keys_dir, &header, &key)?;
        let wrapping = Wrapping { key, header };
        let mut ring = Keyring::default();
        let end = file::read(&path, &file, &wrapping, |number, entry| read_in(&mut ring, number, entry))?;
        let digest = ring.digest_key().cloned().ok_or_else(|| no_digest_key(&path))?;
        let writer = for_writing.then(|| append_at(&path, file, wrapping, end)).transpose()?;
        let torn =
            (end.torn > 0).then(|| Notice::TornTail { path: path.clone(), offset: end.len, bytes: end.torn });
        let keys = Keys { ring: RwLock::new(ring), digest, writer };
        Ok(Self { path, keys: Some(keys), notices: notice.into_iter().chain(torn).collect(), randomness })
    }
}

fn check_key(path: &Path, keys_dir: &Path, header: &Header, key: &Key) -> Result<(), Error> {
    if header.wrapped_by == key.id() {
        return Ok(());
    }
    Err(Error::KeyWrong {
        key: keys_dir.join(wrapping::KEY_FILE),
        found: wrapping::hex(key.id()),
        store: path.to_owned(),
        needed: wrapping::hex(header.wrapped_by),
    })
}

/// Takes in an entry read from the file: the digest key comes first.
fn read_in(ring: &mut Keyring, number: u64, entry: Entry) -> Result<(), &'static str> {
    if (number == 0) != matches!(entry, Entry::DigestKey { .. }) {
        return Err("the digest key is not where it belongs");
    }
    ring.insert(entry)
}

fn no_digest_key(path: &Path) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        offset: file::HEADER_BYTES as u64,
        says: "there is no digest key",
    }
}

/// Makes the file end where its whole frames end, and everything up to there durable: whoever wrote it may have been
/// killed before its sync.
fn append_at(path: &Path, file: File, wrapping: Wrapping, end: End) -> Result<Writer, Error> {
    if end.torn > 0 {
        file.set_len(end.len).map_err(Error::io("cut the torn end off", path))?;
    }
    file.sync_all().map_err(Error::io("sync", path))?;
    Ok(Writer::new(path.to_owned(), Disk::new(file), wrapping, End { torn: 0, ..end }))
}
