//! Who a log is: fixed when it is created, never changed.

use guanxi_projections::id::{EventId, Source};
use guanxi_projections::time::{Timestamp, Zone};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::error::{Damage, OpenError};

/// The newest format of the store's tables that this program reads and writes.
pub const FORMAT: u32 = 1;

/// What is fixed when a log is created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Random, to tell ledgers apart.
    pub ledger: [u8; 16],
    /// When the log was created.
    pub created_at: Timestamp,
    /// The zone whose days, months and quarters count.
    pub zone: Zone,
    /// Key of the hash under which source and id are indexed, so that nobody outside can make names collide.
    name_key: [u8; 16],
}

/// The stored shape, frozen for [`FORMAT`] 1.
#[derive(Serialize, Deserialize)]
struct IdentityV1 {
    format: u32,
    #[serde(with = "serde_bytes")]
    ledger: [u8; 16],
    created_at: i64,
    zone: String,
    #[serde(with = "serde_bytes")]
    name_key: [u8; 16],
}

impl Identity {
    /// The identity of a new log; `random` is 32 bytes that nobody can guess.
    pub(super) fn new(created_at: Timestamp, zone: Zone, random: [u8; 32]) -> Self {
        let mut identity = Self { ledger: [0; 16], created_at, zone, name_key: [0; 16] };
        let (ledger, name_key) = random.split_at(16);
        identity.ledger.copy_from_slice(ledger);
        identity.name_key.copy_from_slice(name_key);
        identity
    }

    pub(super) fn encode(&self) -> Result<Vec<u8>, OpenError> {
        let stored = IdentityV1 {
            format: FORMAT,
            ledger: self.ledger,
            created_at: self.created_at.micros(),
            zone: self.zone.name().to_owned(),
            name_key: self.name_key,
        };
        rmp_serde::to_vec_named(&stored).map_err(|error| malformed(&error))
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, OpenError> {
        let stored: IdentityV1 = rmp_serde::from_slice(bytes).map_err(|error| malformed(&error))?;
        if stored.format > FORMAT {
            return Err(OpenError::Newer { found: stored.format, known: FORMAT });
        }
        Ok(Self {
            ledger: stored.ledger,
            created_at: Timestamp::from_micros(stored.created_at),
            zone: Zone::named(&stored.zone).map_err(|error| malformed(&error))?,
            name_key: stored.name_key,
        })
    }

    /// The hash under which an event's name is indexed.
    pub(super) fn name_hash(&self, source: &str, id: &str) -> u64 {
        let mut hasher = Sha256::new();
        hasher.update(self.name_key);
        hasher.update(source);
        hasher.update([0]); // no identifier has control characters
        hasher.update(id);
        let hash: [u8; 32] = hasher.finalize().into();
        hash.first_chunk().map_or(0, |head| u64::from_be_bytes(*head))
    }

    /// As [`Identity::name_hash`], of typed identifiers.
    pub(super) fn name_of(&self, source: &Source, id: &EventId) -> u64 {
        self.name_hash(source.as_str(), id.as_str())
    }
}

fn malformed(error: &impl std::fmt::Display) -> OpenError {
    OpenError::Damaged(Damage::Store(format!("the identity of the log cannot be read: {error}")))
}
