//! The image on disk: what opening would otherwise read from the whole log again.
//!
//! The file is disposable. It is used only when it is whole, was written with the key of this ledger by a program
//! that reads events as this one does, and when the log's tree had, after so many events, the very root that the
//! file names: a cache of another history, or of one that has not happened here, is as good as none. So deleting
//! or damaging it costs the first question some time and changes no answer, and neither does forging it without
//! the key, which is kept outside the ledger's directory. Without that key no cache is read or written.
//!
//! ```text
//! magic, version | encoding | ledger | events | root | last recorded | parts: bytes, SHA-256 | seal | parts
//! ```
//!
//! Numbers are little-endian. The seal is a keyed digest of everything before it, so that the hashes of the parts
//! need no key; a part holds accounts, each its id behind its length and the compact form of its image, so that
//! parts are made and read side by side. The ledger's own stream is small and comes from the log.
//!
//! Rejected: a checksum alone. It would see damage, but whoever can write to the directory could then change
//! answers without touching a record.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use guanxi_projections::id::AccountId;
use guanxi_projections::image::{ENCODING, Image};
use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;
use sha2::{Digest as _, Sha256};

use super::image::Facts;
use super::reach::Reach;
use super::shared;
use crate::log::{Hash, Log};
use crate::people::People;

/// What the file begins with, the version of its layout at the end.
const MAGIC: [u8; 8] = *b"GXIMAGE\x01";
/// A part holds about so many facts.
const PART_FACTS: usize = 4_096;
/// So many runs of parts are decoded, each by one core.
const RUNS: usize = 32;
/// Bytes of the seal.
const SEAL: usize = 16;
/// Fewer new events than this are read from the log as fast.
const PAYS_FROM: u64 = 4_096;

/// Where the cache of a ledger is, and how far the newest one goes that this process knows of.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    log: Arc<Log>,
    people: Arc<People>,
    covers: AtomicU64,
}

/// What a cache says of itself.
#[derive(Debug, PartialEq, Eq)]
struct Heading {
    ledger: [u8; 16],
    /// How many of the log's first events it has read.
    events: u64,
    /// The root of the log's tree over those.
    root: Hash,
    last_recorded_at: i64,
    parts: Vec<PartHeading>,
}

#[derive(Debug, PartialEq, Eq)]
struct PartHeading {
    bytes: u64,
    hash: Hash,
}

impl Cache {
    pub(super) fn new(folder: PathBuf, log: Arc<Log>, people: Arc<People>) -> Self {
        Self { folder, log, people, covers: AtomicU64::new(0) }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("image")
    }

    /// The image as it was when the cache was written; `None` when there is none that is of this log.
    pub(super) fn load(&self) -> Option<Facts> {
        let file = fs::read(self.path()).ok()?;
        let (heading, mut bytes) = self.open(&file)?;
        let root = self.log.root_at(heading.events).ok()??;
        if heading.ledger != self.log.identity().ledger || heading.root != root {
            return None;
        }
        let mut parts = Vec::with_capacity(heading.parts.len());
        for part in &heading.parts {
            let (taken, rest) = bytes.split_at_checked(usize::try_from(part.bytes).ok()?)?;
            parts.push((taken, &part.hash));
            bytes = rest;
        }
        let runs: Vec<_> = parts.chunks(parts.len().div_ceil(RUNS).max(1)).collect();
        let (mut accounts, mut reaches) = (Vec::new(), Vec::new());
        for run in shared::map(&runs, |parts| decode_run(parts), |_| ()) {
            let (decoded, reach) = run?;
            accounts.extend(decoded);
            reaches.push(reach);
        }
        let mut own = self.log.stream(&AccountId::ledger()).ok()?;
        own.retain(|recorded| recorded.envelope.position < Position(heading.events));
        self.covers.store(heading.events, Ordering::Relaxed);
        let last = Timestamp::from_micros(heading.last_recorded_at);
        Some(Facts::cached(heading.events, last, accounts.into_iter().collect(), own, reaches))
    }

    /// The heading of a file that is sealed by this ledger, and the bytes of the parts.
    fn open<'f>(&self, file: &'f [u8]) -> Option<(Heading, &'f [u8])> {
        let mut rest = file;
        let heading = Heading::read(&mut rest)?;
        let sealed = file.get(..file.len() - rest.len())?;
        let (seal, parts) = rest.split_at_checked(SEAL)?;
        (self.seal(sealed)? == seal).then_some((heading, parts))
    }

    fn seal(&self, heading: &[u8]) -> Option<[u8; SEAL]> {
        let program = env!("CARGO_PKG_VERSION").as_bytes();
        self.people.digest_parts(&[b"cache of the image", program, heading]).ok()
    }

    /// Whether writing a cache of an image that has read so many events saves more time than it takes.
    pub(super) fn pays(&self, read: u64) -> bool {
        pays(self.covers.load(Ordering::Relaxed), read) && !self.people.is_keyless()
    }

    /// Writes the cache, whole or not at all.
    ///
    /// # Errors
    /// What the file system reports: nothing is lost but time.
    pub(super) fn store(&self, facts: &Facts) -> io::Result<()> {
        let events = facts.read();
        let root = self.log.root_at(events).map_err(io::Error::other)?;
        let (Some(root), Some(last)) = (root, facts.last_recorded_at()) else { return Ok(()) };
        let groups = groups(facts.accounts());
        let parts = shared::map(&groups, |accounts| encode_part(accounts), |_| ());
        let heading = Heading {
            ledger: self.log.identity().ledger,
            events,
            root,
            last_recorded_at: last.micros(),
            parts: parts.iter().map(|part| PartHeading::of(part)).collect(),
        };
        let heading = heading.written();
        let Some(seal) = self.seal(&heading) else { return Ok(()) };
        self.replace(&[heading, seal.to_vec()], &parts)?;
        self.covers.store(events, Ordering::Relaxed);
        Ok(())
    }

    /// Puts a new file in the place of the old one. It is not synced: what a crash leaves of it is not whole, and
    /// so is not used.
    fn replace(&self, head: &[Vec<u8>], parts: &[Vec<u8>]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        for bytes in head.iter().chain(parts) {
            file.write_all(bytes)?;
        }
        file.persist(self.path()).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Whether `read` events are so many more than those that the newest cache covers.
fn pays(covers: u64, read: u64) -> bool {
    read.saturating_sub(covers) >= PAYS_FROM.max(read / 16)
}

/// Accounts in groups of about as many facts.
fn groups(accounts: &BTreeMap<AccountId, Image>) -> Vec<Vec<(&AccountId, &Image)>> {
    let mut groups = Vec::new();
    let (mut group, mut facts) = (Vec::new(), 0);
    for (account, image) in accounts {
        group.push((account, image));
        facts += image.len();
        if facts >= PART_FACTS {
            groups.push(std::mem::take(&mut group));
            facts = 0;
        }
    }
    if !group.is_empty() {
        groups.push(group);
    }
    groups
}

fn encode_part(accounts: &[(&AccountId, &Image)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (account, image) in accounts {
        // An id has 200 bytes at most.
        bytes.push(u8::try_from(account.as_str().len()).unwrap_or_default());
        bytes.extend_from_slice(account.as_str().as_bytes());
        image.encode(&mut bytes);
    }
    bytes
}

/// The images of some parts, and how far their events reach back, which is read of each while it is at hand.
fn decode_run(parts: &[(&[u8], &Hash)]) -> Option<(Vec<(AccountId, Image)>, Reach)> {
    let (mut accounts, mut reach) = (Vec::new(), Reach::default());
    for (bytes, hash) in parts {
        let first = accounts.len();
        decode_part(bytes, hash, &mut accounts)?;
        for (_, image) in accounts.iter().skip(first) {
            for (position, recorded_at, occurred_at) in image.recordings() {
                reach.note(position, recorded_at, occurred_at);
            }
        }
    }
    Some((accounts, reach))
}

fn decode_part(mut bytes: &[u8], hash: &Hash, accounts: &mut Vec<(AccountId, Image)>) -> Option<()> {
    if Sha256::digest(bytes).as_slice() != hash {
        return None;
    }
    while let Some((len, rest)) = bytes.split_first() {
        let (id, rest) = rest.split_at_checked(usize::from(*len))?;
        bytes = rest;
        let account = AccountId::customer(std::str::from_utf8(id).ok()?).ok()?;
        accounts.push((account, Image::decode(&mut bytes)?));
    }
    Some(())
}

impl PartHeading {
    fn of(part: &[u8]) -> Self {
        Self { bytes: part.len() as u64, hash: Sha256::digest(part).into() }
    }
}

impl Heading {
    fn written(&self) -> Vec<u8> {
        let Self { ledger, events, root, last_recorded_at, parts } = self;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(ENCODING.to_le_bytes());
        bytes.extend(ledger);
        bytes.extend(events.to_le_bytes());
        bytes.extend(root);
        bytes.extend(last_recorded_at.to_le_bytes());
        bytes.extend((parts.len() as u64).to_le_bytes());
        for PartHeading { bytes: length, hash } in parts {
            bytes.extend(length.to_le_bytes());
            bytes.extend(hash);
        }
        bytes
    }

    /// Takes a heading from the front; `None` when it is of another layout or encoding, or cut short.
    fn read(from: &mut &[u8]) -> Option<Self> {
        if take::<8>(from)? != MAGIC || u32::from_le_bytes(take(from)?) != ENCODING {
            return None;
        }
        let (ledger, events, root) = (take(from)?, u64::from_le_bytes(take(from)?), take(from)?);
        let last_recorded_at = i64::from_le_bytes(take(from)?);
        let mut parts = Vec::new();
        for _ in 0..u64::from_le_bytes(take(from)?) {
            parts.push(PartHeading { bytes: u64::from_le_bytes(take(from)?), hash: take(from)? });
        }
        Some(Self { ledger, events, root, last_recorded_at, parts })
    }
}

fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_pays_when_much_is_new() {
        assert!(!pays(0, PAYS_FROM - 1));
        assert!(pays(0, PAYS_FROM));
        assert!(!pays(1_000_000, 1_030_000));
        assert!(pays(1_000_000, 1_100_000));
        assert!(!pays(5_000, 1_000), "another process wrote it");
    }

    #[test]
    fn a_heading_is_read_back_and_nothing_else_is() {
        let part = PartHeading { bytes: 7, hash: [3; 32] };
        let heading =
            Heading { ledger: [1; 16], events: 9, root: [2; 32], last_recorded_at: -5, parts: vec![part] };
        let written = heading.written();
        assert_eq!(Heading::read(&mut written.as_slice()), Some(heading));
        for len in 0..written.len() {
            assert_eq!(Heading::read(&mut &written[..len]), None, "{len}");
        }
        for other in [7, 8] {
            let mut changed = written.clone();
            changed[other] += 1;
            assert_eq!(Heading::read(&mut changed.as_slice()), None, "another version");
        }
    }
}
