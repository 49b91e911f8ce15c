//! What the store promises, tried out; each promise in a file of its own.

mod concurrency;
mod damage;
mod format;
mod sealing;
mod secrecy;
mod wrapping;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;

use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Clear;
use guanxi_projections::id::{AccountId, Alias, EventId, Source};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::key::Randomness;
use super::{Access, Error, People, Place, STORE_FILE};

/// A ledger directory and a keys directory beside it, both gone at the end of the test.
struct Dirs {
    _root: TempDir,
    ledger: PathBuf,
    keys: PathBuf,
}

impl Dirs {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        let (ledger, keys) = (root.path().join("ledger"), root.path().join("ledger.keys"));
        fs::create_dir(&ledger).unwrap();
        Self { _root: root, ledger, keys }
    }

    /// A new store with the same random bytes in every run.
    fn create(&self) -> People {
        People::create_with(&self.ledger, &self.keys, Randomness::Counted(AtomicU64::new(0))).unwrap()
    }

    fn open(&self, access: Access) -> Result<People, Error> {
        People::open(&self.ledger, &self.keys, access)
    }

    fn store(&self) -> PathBuf {
        self.ledger.join(STORE_FILE)
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.store()).unwrap()
    }

    fn overwrite(&self, bytes: &[u8]) {
        fs::write(self.store(), bytes).unwrap();
    }
}

/// The names of an event, owned.
struct Names {
    account: AccountId,
    source: Source,
    id: EventId,
}

impl Names {
    fn new(id: &str) -> Self {
        Self {
            account: AccountId::new("acme").unwrap(),
            source: Source::new("crm/emea").unwrap(),
            id: EventId::new(id).unwrap(),
        }
    }

    fn place(&self) -> Place<'_> {
        Place { account: &self.account, source: &self.source, id: &self.id }
    }
}

fn alias(text: &str) -> Alias {
    Alias::new(text).unwrap()
}

fn event(event_type: EventType, data: Value) -> Event<Clear> {
    Event::deserialize(event_type, data).unwrap()
}

fn contact() -> Event<Clear> {
    let data = json!({"contact": "acme-cto", "name": "Marguerite Öztürk", "side": "customer",
        "role": "decision", "title": "CTO", "email": "m.o@acme.example"});
    event(EventType::ContactAdded, data)
}

fn meeting() -> Event<Clear> {
    let data = json!({"channel": "visit", "ours": ["li.wei"], "customer": ["acme-cto"],
        "topic": "pilot scope 试点", "note": "she seemed tired"});
    event(EventType::MeetingHeld, data)
}
