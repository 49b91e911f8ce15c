//! Backups: all of a ledger at one position, in a directory that can be checked by itself.
//!
//! ```text
//! backup.json        what is in it: events, root, and size and hashes of every file; written last
//! archive.jsonl.gz   every record, exactly
//! people             the store of persons; also tokens, access and checkpoints, where the ledger has them
//! keys/              the keys, only if asked for: whoever has both can read every name
//! ```
//!
//! What a kill leaves: while a backup is made, `<backup>.unfinished`, which nobody takes for one and the next attempt
//! removes; while one is restored, `<ledger>.unfinished`, likewise. A directory gets its name when all in it is
//! durable.
//!
//! Keys come before records: a record's keys are durable before it is, so the store of persons is copied after the
//! archive and holds all that the archive needs.

mod check;
mod error;

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use guanxi_projections::time::Zone;
use serde::{Deserialize, Serialize};

use super::{Access, ArchiveError, ArchiveLine, Archived, Directory, Ledger, LedgerError, RestoreSummary};
use crate::clock::Clock;
use crate::people::{self, People};
use check::Checked;
pub use error::BackupError;

/// The version of a backup's layout.
const VERSION: u32 = 1;
const MANIFEST: &str = "backup.json";
const ARCHIVE: &str = "archive.jsonl.gz";
const KEYS: &str = "keys";
/// What lies beside the log in a ledger and belongs to it, where it is there.
const BESIDE: [&str; 4] = [people::STORE_FILE, "tokens", "access", "checkpoints"];

/// The store of persons, as it lies in a ledger, and the wrapping key that opens it, if that came along.
#[derive(Debug, Clone, Copy)]
pub struct Persons<'a> {
    /// The bytes of the store.
    pub store: &'a [u8],
    /// The bytes of the key's file; `None`: it is kept apart.
    pub key: Option<&'a [u8]>,
}

/// What becomes of the keys in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupKeys {
    /// They stay where they are.
    Apart,
    /// They come along.
    Together,
}

/// What a backup is of, and what is in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Backup {
    version: u32,
    /// The ledger, at the position of the backup.
    pub ledger: Archived,
    files: Vec<Checked>,
}

impl Backup {
    /// Whether the keys are in it.
    pub fn has_keys(&self) -> bool {
        self.files.iter().any(|file| file.name.starts_with(KEYS))
    }

    /// Reads what a directory claims to be, and checks every byte against it.
    ///
    /// # Errors
    /// [`BackupError`], naming the file and the place in it.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let manifest = path.join(MANIFEST);
        let bytes = match fs::read(&manifest) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BackupError::NotOne(path.to_owned()));
            }
            Err(error) => return Err(BackupError::io("read", &manifest)(error)),
        };
        let malformed = |error: serde_json::Error| BackupError::damaged(&manifest, error.to_string());
        let backup: Self = serde_json::from_slice(&bytes).map_err(malformed)?;
        if backup.version > VERSION {
            return Err(BackupError::Newer { path: path.to_owned(), version: backup.version });
        }
        for file in &backup.files {
            file.check(path)?;
        }
        Ok(backup)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }
}

impl Ledger {
    /// Writes all that is recorded now into a new directory, which its owner alone may enter, durably. Others go on reading meanwhile, and writing
    /// through this ledger.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no backup.
    pub fn backup(
        &self,
        out: &Path,
        keys: BackupKeys,
        progress: impl FnMut(u64),
    ) -> Result<Backup, BackupError> {
        refuse_existing(out)?;
        let part = unfinished(out)?;
        remove(&part)?;
        create_private(&part).map_err(BackupError::io("create", &part))?;
        let ledger = self.write_archive(&part.join(ARCHIVE), progress)?;
        let mut names = vec![ARCHIVE.to_owned()];
        for name in BESIDE {
            let from = self.directory.path().join(name);
            if from.is_file() {
                copy(&from, &part.join(name))?;
                names.push(name.to_owned());
            }
        }
        if keys == BackupKeys::Together {
            names.extend(copy_keys(self.directory.keys(), &part)?);
        }
        let files = names.iter().map(|name| Checked::of(&part, name)).collect::<Result<_, _>>()?;
        let backup = Backup { version: VERSION, ledger, files };
        let text = serde_json::to_vec_pretty(&backup).map_err(LedgerError::NotJson)?;
        write(&part.join(MANIFEST), &text)?;
        give_name(&part, out)?;
        Ok(backup)
    }

    fn write_archive(&self, path: &Path, mut progress: impl FnMut(u64)) -> Result<Archived, BackupError> {
        let file = File::create_new(path).map_err(BackupError::io("create", path))?;
        let mut out = GzEncoder::new(BufWriter::new(file), Compression::default());
        let (mut failed, mut done, archived) = (None, 0, self.archived());
        self.export_archived(&archived, |event| {
            done += 1;
            progress(done);
            failed = writeln!(out, "{event}").err();
            if failed.is_some() { Err(LedgerError::Interrupted) } else { Ok(()) }
        })
        .map_err(|error| match failed.take() {
            Some(source) => BackupError::io("write", path)(source),
            None => error.into(),
        })?;
        let file = out.finish().and_then(|out| out.into_inner().map_err(io::IntoInnerError::into_error));
        file.and_then(|file| file.sync_all()).map_err(BackupError::io("write", path))?;
        Ok(archived)
    }

    /// Rebuilds a ledger from a backup, where there is none. Keys that come along are put into their place, unless
    /// the same ones are there already.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no ledger.
    pub fn restore_backup(
        path: &Path,
        directory: &Directory,
        clock: &Arc<dyn Clock>,
    ) -> Result<(Backup, RestoreSummary), BackupError> {
        refuse_existing(directory.path())?;
        let backup = Backup::open(path)?;
        let keys = keys_to_place(&backup, path, directory.keys())?;
        let part = unfinished(directory.path())?;
        remove(&part)?;
        let summary = rebuild_in(&backup, path, &part, directory.keys(), clock)?;
        for (file, bytes) in keys {
            fs::create_dir_all(directory.keys()).map_err(BackupError::io("create", directory.keys()))?;
            write(&file, &bytes)?;
        }
        give_name(&part, directory.path())?;
        Ok((backup, summary))
    }

    /// Rebuilds a ledger of the zone from the lines of its archive and its persons. There must be none in the
    /// directory, and no wrapping key where the one that comes along goes.
    ///
    /// # Errors
    /// [`ArchiveError`]; what was begun is left for the caller to remove.
    pub fn rebuild<I>(
        directory: &Directory,
        clock: &Arc<dyn Clock>,
        zone: Zone,
        persons: Persons<'_>,
        lines: I,
    ) -> Result<RestoreSummary, ArchiveError>
    where
        I: IntoIterator<Item = Result<ArchiveLine, ArchiveError>>,
    {
        Self::create_around(directory, clock, zone, persons)?;
        let ledger = Self::open(directory, Arc::clone(clock), Access::Restore, "guanxi restore")?;
        ledger.restore(lines, |_| ())
    }

    fn create_around(
        directory: &Directory,
        clock: &Arc<dyn Clock>,
        zone: Zone,
        persons: Persons<'_>,
    ) -> Result<(), LedgerError> {
        let path = directory.path();
        if directory.log().exists() {
            return Err(LedgerError::Exists(path.to_owned()));
        }
        fs::create_dir_all(path).map_err(|source| LedgerError::file("create", path, source))?;
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(LedgerError::Randomness)?;
        People::bring_in(path, directory.keys(), persons.store, persons.key)?;
        Self::create_log(directory, clock, zone, random)
    }
}

fn rebuild_in(
    backup: &Backup,
    path: &Path,
    part: &Path,
    keys: &Path,
    clock: &Arc<dyn Clock>,
) -> Result<RestoreSummary, BackupError> {
    let store = path.join(people::STORE_FILE);
    let store = fs::read(&store).map_err(BackupError::io("read", &store))?;
    let archive = path.join(ARCHIVE);
    let malformed = |says: String| BackupError::damaged(&path.join(MANIFEST), says);
    let zone = Zone::named(&backup.ledger.zone).map_err(|error| malformed(error.to_string()))?;
    let lines = File::open(&archive).map_err(BackupError::io("open", &archive))?;
    let lines = ArchiveLine::read_all(BufReader::new(GzDecoder::new(BufReader::new(lines))));
    let directory = Directory::new(part, Some(keys))?;
    let persons = Persons { store: &store, key: None };
    let summary = Ledger::rebuild(&directory, clock, zone, persons, lines)
        .map_err(|source| BackupError::Archive { path: archive, source })?;
    if (summary.events, &summary.root) != (backup.ledger.count, &backup.ledger.root) {
        return Err(malformed("it is of another archive".to_owned()));
    }
    for name in BESIDE.iter().filter(|name| **name != people::STORE_FILE) {
        if backup.names().any(|have| have == *name) {
            copy(&path.join(name), &part.join(name))?;
        }
    }
    Ok(summary)
}

/// The keys of a backup that are not in their place yet.
fn keys_to_place(backup: &Backup, path: &Path, keys: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, BackupError> {
    let mut missing = Vec::new();
    for name in backup.names() {
        let Some(file) = name.strip_prefix("keys/") else { continue };
        let (from, to) = (path.join(name), keys.join(file));
        let bytes = fs::read(&from).map_err(BackupError::io("read", &from))?;
        match fs::read(&to) {
            Ok(there) if there == bytes => {}
            Ok(_) => return Err(BackupError::OtherKeys(to)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push((to, bytes)),
            Err(error) => return Err(BackupError::io("read", &to)(error)),
        }
    }
    Ok(missing)
}

fn copy_keys(keys: &Path, part: &Path) -> Result<Vec<String>, BackupError> {
    let to = part.join(KEYS);
    fs::create_dir(&to).map_err(BackupError::io("create", &to))?;
    let mut names = Vec::new();
    for entry in fs::read_dir(keys).map_err(BackupError::io("read", keys))? {
        let entry = entry.map_err(BackupError::io("read", keys))?;
        let (path, name) = (entry.path(), entry.file_name());
        // A key that is being written is not one yet.
        let finished = path.is_file() && path.extension().is_none_or(|extension| extension != "new");
        if let Some(name) = name.to_str().filter(|_| finished) {
            copy(&path, &to.join(name))?;
            names.push(format!("{KEYS}/{name}"));
        }
    }
    names.sort();
    Ok(names)
}

/// The name of a directory until all in it is durable.
fn unfinished(path: &Path) -> Result<PathBuf, BackupError> {
    let whole = std::path::absolute(path).map_err(BackupError::io("find", path))?;
    let mut name = whole.file_name().ok_or_else(|| BackupError::Nameless(path.to_owned()))?.to_owned();
    name.push(".unfinished");
    Ok(whole.with_file_name(name))
}

/// An empty directory may be taken.
fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    let taken = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    if taken { Err(BackupError::Exists(path.to_owned())) } else { Ok(()) }
}

fn remove(part: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BackupError::io("remove", part)(error)),
        _ => Ok(()),
    }
}

/// Makes a directory for its owner alone, whoever makes it and for whom.
fn create_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    fs::copy(from, to).map_err(BackupError::io("copy", from))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(BackupError::io("write", to))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = opened.map_err(BackupError::io("create", path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(BackupError::io("write", path))
}

fn give_name(part: &Path, name: &Path) -> Result<(), BackupError> {
    let sync = |path: &Path| File::open(path).and_then(|dir| dir.sync_all());
    let parent = part.parent().unwrap_or(part);
    sync(part)
        .and_then(|()| fs::rename(part, name))
        .and_then(|()| sync(parent))
        .map_err(BackupError::io("finish", name))
}
