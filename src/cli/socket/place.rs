//! Where the socket is. The name of a socket has at most some hundred bytes, a directory any length: a longer name is
//! reached through the directory, which is opened first.

use std::fs::Permissions;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

/// The most bytes that every system takes.
const NAME_BYTES_MAX: usize = 100;
/// What its owner may do, and nobody else.
const MODE: u32 = 0o600;

/// A name short enough, which holds as long as the directory is open.
struct Near {
    name: PathBuf,
    _directory: Option<OwnedFd>,
}

fn near(path: &Path) -> io::Result<Near> {
    if path.as_os_str().as_bytes().len() <= NAME_BYTES_MAX {
        return Ok(Near { name: path.to_owned(), _directory: None });
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let directory = rustix::fs::open(parent, flags, Mode::empty())?;
    let name = Path::new("/proc/self/fd").join(directory.as_raw_fd().to_string()).join(name);
    Ok(Near { name, _directory: Some(directory) })
}

/// Connects to whoever listens; `None` when nobody does, or nobody that can be reached.
pub(super) fn connect(path: &Path) -> Option<UnixStream> {
    near(path).and_then(|near| UnixStream::connect(&near.name)).ok()
}

/// Listens on a socket that only the owner reaches, in the place of one that a killed server left behind. Only for
/// whoever holds the ledger.
pub(in crate::cli) fn listen(path: &Path) -> io::Result<UnixListener> {
    // It gets its name when its mode is right: nobody reaches it before.
    let new = path.with_extension("new");
    remove(&new);
    let listener = UnixListener::bind(&near(&new)?.name)?;
    std::fs::set_permissions(&new, Permissions::from_mode(MODE))?;
    std::fs::rename(&new, path)?;
    Ok(listener)
}

/// Removes a socket, if it is there.
pub(in crate::cli) fn remove(path: &Path) {
    // One that stays is one on which nobody listens.
    let _ = std::fs::remove_file(path);
}
