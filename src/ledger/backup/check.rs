//! What a backup knows of each of its files, so that damage is found, and named by its place.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::archive::hex;
use super::BackupError;

/// Bytes under one hash.
const BLOCK_BYTES: u64 = 1 << 16;

/// A file, with its size and the hashes of its blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checked {
    /// Its path in the backup.
    pub(super) name: String,
    bytes: u64,
    /// SHA-256 of each 64 KiB, in hex.
    blocks: Vec<String>,
}

impl Checked {
    /// Reads a file.
    pub(super) fn of(folder: &Path, name: &str) -> Result<Self, BackupError> {
        let path = folder.join(name);
        let (bytes, blocks) = hashed(&path).map_err(BackupError::io("read", &path))?;
        Ok(Self { name: name.to_owned(), bytes, blocks })
    }

    /// Compares a file with what it should be.
    pub(super) fn check(&self, folder: &Path) -> Result<(), BackupError> {
        let path = folder.join(&self.name);
        let (bytes, blocks) = match hashed(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BackupError::damaged(&path, "it is missing"));
            }
            other => other.map_err(BackupError::io("read", &path))?,
        };
        let differs = |(_, (there, expected)): &(u64, (&String, &String))| there != expected;
        if let Some((block, _)) = (0..).zip(blocks.iter().zip(&self.blocks)).find(differs)
            && bytes >= self.bytes.min((block + 1) * BLOCK_BYTES)
        {
            let from = block * BLOCK_BYTES;
            let until = self.bytes.min(from + BLOCK_BYTES);
            return Err(BackupError::damaged(
                &path,
                format!("bytes {from} to {until} are not what was written"),
            ));
        }
        if bytes == self.bytes {
            return Ok(());
        }
        Err(BackupError::damaged(&path, format!("it has {bytes} bytes instead of {}", self.bytes)))
    }
}

fn hashed(path: &Path) -> io::Result<(u64, Vec<String>)> {
    let mut file = File::open(path)?;
    let (mut bytes, mut blocks, mut block) = (0, Vec::new(), Vec::new());
    loop {
        block.clear();
        let read = file.by_ref().take(BLOCK_BYTES).read_to_end(&mut block)?;
        if read == 0 {
            return Ok((bytes, blocks));
        }
        bytes += read as u64;
        blocks.push(hex(&Sha256::digest(&block).into()));
    }
}
