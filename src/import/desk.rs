//! Where whoever imports sits: what a name leads to, and what standard input is.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// Something to read from.
pub type Source = Box<dyn Read + Send>;

/// A file that was opened, and what it is.
type OpenedFile = io::Result<(Source, Metadata)>;

/// What the names of files mean, and what is read for `-`. Messages show names as they were given.
pub struct Desk {
    open: Box<dyn Fn(&Path) -> OpenedFile + Send + Sync>,
    stdin: Box<dyn Fn() -> Source + Send + Sync>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Desk {
    /// That of this process.
    pub fn own() -> Self {
        let open = |path: &Path| {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            Ok((Box::new(file) as Source, metadata))
        };
        Self::new(open, || Box::new(io::stdin()))
    }

    /// One at which `open` opens the file of a name, with a standard input of its own.
    pub fn new(
        open: impl Fn(&Path) -> io::Result<(Source, Metadata)> + Send + Sync + 'static,
        stdin: impl Fn() -> Source + Send + Sync + 'static,
    ) -> Self {
        Self { open: Box::new(open), stdin: Box::new(stdin) }
    }

    pub(super) fn open(&self, name: &Path) -> io::Result<(Source, Metadata)> {
        (self.open)(name)
    }

    pub(super) fn stdin(&self) -> Source {
        (self.stdin)()
    }
}
