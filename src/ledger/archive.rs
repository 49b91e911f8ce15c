//! Export and restore. An archive is lines of JSON: each an event with pseudonyms, and beside it the record
//! itself, so that a ledger can be rebuilt exactly: positions, recorded times, hashes, tree.

use std::io::BufRead;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;
use guanxi_projections::wire;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Ledger, LedgerError};
use crate::log::{Hash, StoredRecord};

/// The version of the archive's lines.
const VERSION: u32 = 1;
/// Records taken over in one commit.
const RESTORE_RECORDS: usize = 1_000;

/// What the first line of an archive says of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// Version of the lines.
    pub version: u32,
    /// The ledger's time zone.
    pub zone: String,
    /// When the ledger was created.
    pub created_at: Timestamp,
    /// How many lines there are.
    pub count: u64,
    /// Root of the tree over all of them, in hex.
    pub root: String,
}

/// The part of an archive's line that restoring reads.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ArchiveLine {
    position: u64,
    record: String,
    digest: String,
    archive: Option<Archived>,
}

/// Why an archive cannot be restored.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A line is not one of an archive.
    #[error("line {line}: {says}")]
    Line {
        /// Which, from 1.
        line: u64,
        /// What is wrong.
        says: String,
    },
    /// The archive is of another zone than the ledger.
    #[error(
        "the archive is of a ledger in the zone {archive}, and this one is in {ledger}: create it with `init --zone {archive}`"
    )]
    Zone {
        /// The archive's.
        archive: String,
        /// The ledger's.
        ledger: String,
    },
    /// The archive is cut short, or not what its first line says.
    #[error("the archive should hold {expected} events with root {root}; {found} were restored{}", if *.found == *.expected { ", with another root" } else { "" })]
    Incomplete {
        /// How many there should be.
        expected: u64,
        /// How many there are.
        found: u64,
        /// The root there should be.
        root: String,
    },
    /// The ledger could not take it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// What a restore did.
#[derive(Debug, Clone, Serialize)]
pub struct RestoreSummary {
    /// Events in the ledger now.
    pub events: u64,
    /// Events taken over now; the others were there from an earlier, interrupted restore.
    pub restored: u64,
    /// Root of the tree, in hex.
    pub root: String,
}

impl Ledger {
    /// Hands every event to `line` as a `CloudEvent`, with names as far as there are keys, in order.
    ///
    /// # Errors
    /// What reading or `line` reports.
    pub fn export(
        &self,
        mut line: impl FnMut(&Value) -> Result<(), LedgerError>,
    ) -> Result<u64, LedgerError> {
        let mut count = 0;
        self.scan(|stored| {
            count += 1;
            line(&self.shown(&stored.decode()?)?)
        })?;
        Ok(count)
    }

    /// Hands every event to `line` as a line of an archive, in order.
    ///
    /// # Errors
    /// What reading or `line` reports.
    pub fn export_archive(
        &self,
        line: impl FnMut(&Value) -> Result<(), LedgerError>,
    ) -> Result<u64, LedgerError> {
        self.export_archived(&self.archived(), line)
    }

    /// What the first line of an archive would say now.
    pub(super) fn archived(&self) -> Archived {
        let (head, identity) = (self.head(), self.log.identity());
        Archived {
            version: VERSION,
            zone: identity.zone.name().to_owned(),
            created_at: identity.created_at,
            count: head.count,
            root: hex(&head.root),
        }
    }

    /// Hands every event that was there when `archived` was said to `line`.
    pub(super) fn export_archived(
        &self,
        archived: &Archived,
        mut line: impl FnMut(&Value) -> Result<(), LedgerError>,
    ) -> Result<u64, LedgerError> {
        let mut count = 0;
        self.scan(|stored| {
            if count == archived.count {
                return Ok(());
            }
            let mut shown = wire::render_recorded(&stored.decode()?);
            if let Value::Object(attributes) = &mut shown {
                attributes.insert("record".to_owned(), STANDARD.encode(&stored.frame).into());
                attributes.insert("digest".to_owned(), STANDARD.encode(stored.digest).into());
                if count == 0 {
                    attributes.insert("archive".to_owned(), json!(archived));
                }
            }
            count += 1;
            line(&shown)
        })?;
        Ok(count)
    }

    /// Rebuilds this ledger, which must be empty or hold the beginning of the same archive, from an archive's
    /// lines. `progress` hears how many lines are done.
    ///
    /// # Errors
    /// [`ArchiveError`], naming the line. What was taken over stays, and restoring can be run again.
    pub fn restore<I>(&self, lines: I, mut progress: impl FnMut(u64)) -> Result<RestoreSummary, ArchiveError>
    where
        I: IntoIterator<Item = Result<ArchiveLine, ArchiveError>>,
    {
        let mut expected: Option<Archived> = None;
        let mut restored = 0;
        let mut batch = Vec::with_capacity(RESTORE_RECORDS);
        let mut seen = 0;
        for line in lines {
            let line = line?;
            seen += 1;
            if seen == 1 {
                expected = Some(self.check_archive(line.archive.clone(), seen)?);
            }
            batch.push(line.stored(seen)?);
            if batch.len() == RESTORE_RECORDS {
                restored += self.take_over(std::mem::take(&mut batch))?;
                progress(seen);
            }
        }
        if !batch.is_empty() {
            restored += self.take_over(batch)?;
        }
        progress(seen);
        self.finish(expected, restored)
    }

    fn take_over(&self, batch: Vec<StoredRecord>) -> Result<u64, ArchiveError> {
        Ok(self.log.restore(batch).map_err(LedgerError::from)?)
    }

    fn check_archive(&self, archived: Option<Archived>, line: u64) -> Result<Archived, ArchiveError> {
        let says = "this is not the first line of an archive: make one with `export --archive`";
        let archived = archived.ok_or_else(|| ArchiveError::Line { line, says: says.to_owned() })?;
        if archived.version > VERSION {
            let says = format!("the archive has version {}; this program reads {VERSION}", archived.version);
            return Err(ArchiveError::Line { line, says });
        }
        if archived.zone != self.zone().name() {
            let ledger = self.zone().name().to_owned();
            return Err(ArchiveError::Zone { archive: archived.zone, ledger });
        }
        Ok(archived)
    }

    fn finish(&self, expected: Option<Archived>, restored: u64) -> Result<RestoreSummary, ArchiveError> {
        let Some(expected) = expected else {
            return Err(ArchiveError::Line { line: 1, says: "the archive is empty".to_owned() });
        };
        let head = self.head();
        let root = hex(&head.root);
        if head.count != expected.count || root != expected.root {
            return Err(ArchiveError::Incomplete {
                expected: expected.count,
                found: head.count,
                root: expected.root,
            });
        }
        self.log.finish_restore().map_err(LedgerError::from)?;
        Ok(RestoreSummary { events: head.count, restored, root })
    }
}

impl ArchiveLine {
    /// Reads the lines of an archive.
    pub fn read_all(archive: impl BufRead) -> impl Iterator<Item = Result<Self, ArchiveError>> {
        archive.lines().zip(1..).map(|(text, line)| {
            let wrong = |says: String| ArchiveError::Line { line, says };
            let text = text.map_err(|error| wrong(error.to_string()))?;
            Self::parse(line, serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?)
        })
    }

    /// Reads a line.
    ///
    /// # Errors
    /// [`ArchiveError::Line`].
    pub fn parse(line: u64, json: Value) -> Result<Self, ArchiveError> {
        serde_json::from_value(json).map_err(|error| ArchiveError::Line { line, says: error.to_string() })
    }

    fn stored(&self, line: u64) -> Result<StoredRecord, ArchiveError> {
        let says = |says: &str| ArchiveError::Line { line, says: says.to_owned() };
        let frame = STANDARD.decode(&self.record).map_err(|_| says("`record` is not base64"))?;
        let digest = STANDARD.decode(&self.digest).map_err(|_| says("`digest` is not base64"))?;
        let digest = digest.try_into().map_err(|_| says("`digest` does not have 16 bytes"))?;
        Ok(StoredRecord { position: Position(self.position), digest, frame })
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(hash: &Hash) -> String {
    use std::fmt::Write as _;
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
