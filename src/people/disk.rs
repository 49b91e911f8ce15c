//! Files written so that they survive a crash.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::Error;

/// Rights of the files: their owner's alone.
const FILE_MODE: u32 = 0o600;
/// Rights of the keys directory: its owner's alone.
const DIR_MODE: u32 = 0o700;

/// Writes a file that must not exist yet: after a crash there is the whole file or none.
///
/// The bytes go to `<path>.new`, locked against others that do the same, and are durable before they get their
/// name; the name is durable at return. A `.new` file that a crash left behind is written over.
///
/// # Errors
/// [`Error::Exists`], [`Error::InUse`] when another process is at it, [`Error::Io`].
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(&new)
        .map_err(Error::io("create", &new))?;
    lock(&file, &new)?;
    if path.exists() {
        // Left over, or created just now because the other process finished: nothing is in it that is needed.
        let _ = fs::remove_file(&new);
        return Err(Error::Exists { path: path.to_owned() });
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.set_permissions(Permissions::from_mode(FILE_MODE)))
        .and_then(|()| file.write_all(bytes))
        .and_then(|()| file.sync_all());
    written.map_err(Error::io("write", &new))?;
    fs::rename(&new, path).map_err(Error::io("create", path))?;
    sync_parent(path)
}

/// Keeps others from writing the file while it is open here.
///
/// # Errors
/// [`Error::InUse`], [`Error::Io`].
pub(super) fn lock(file: &File, path: &Path) -> Result<(), Error> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => Error::InUse { path: path.to_owned() },
        TryLockError::Error(error) => Error::io("lock", path)(error),
    })
}

/// Creates a directory, and those above it, for its owner alone; one that exists is left as it is.
pub(super) fn create_dir(dir: &Path) -> Result<(), Error> {
    DirBuilder::new().recursive(true).mode(DIR_MODE).create(dir).map_err(Error::io("create", dir))?;
    sync_parent(dir)
}

/// Makes the names in the directory above `path` durable.
fn sync_parent(path: &Path) -> Result<(), Error> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(parent).and_then(|dir| dir.sync_all()).map_err(Error::io("sync", parent))
}

/// A file being written at its end; tests can make its next sync wait or fail.
#[derive(Debug)]
pub(super) struct Disk {
    file: File,
    #[cfg(test)]
    pub(super) trial: Trial,
}

/// What a test does to a [`Disk`].
#[cfg(test)]
#[derive(Debug, Default)]
pub(super) struct Trial {
    pub(super) syncs: std::sync::atomic::AtomicU64,
    pub(super) sync_fails: std::sync::atomic::AtomicBool,
    pub(super) gate: std::sync::Mutex<()>,
}

impl Disk {
    pub(super) fn new(file: File) -> Self {
        Self {
            file,
            #[cfg(test)]
            trial: Trial::default(),
        }
    }

    pub(super) fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, offset)
    }

    /// Makes everything written durable, the length of the file included.
    pub(super) fn sync(&self) -> io::Result<()> {
        #[cfg(test)]
        {
            use std::sync::atomic::Ordering;
            let _open = self.trial.gate.lock();
            self.trial.syncs.fetch_add(1, Ordering::SeqCst);
            if self.trial.sync_fails.load(Ordering::SeqCst) {
                return Err(io::Error::other("the sync was made to fail"));
            }
        }
        self.file.sync_data()
    }

    pub(super) fn cut(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }
}
