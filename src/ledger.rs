//! The ledger: submit and ask. The shell's heart, between the rooms that face callers and the rooms that keep
//! things.
//!
//! A submission passes the rules of the core, is looked up, sealed and encoded here, and goes to the log; a
//! question is given coordinates, its account's image is folded by the core, and names are resolved last. This room
//! knows no command line, no HTTP and no page, and how the log keeps its bytes only by the log's own words.

mod access;
mod adoptions;
mod alerts;
mod archive;
mod ask;
mod backtest;
mod backup;
mod batch;
mod cache;
mod calibration;
mod diff;
mod directory;
mod epochs;
mod error;
mod evaluations;
mod events;
mod experience;
mod explain;
mod facets;
mod follower;
mod groups;
mod held;
mod history;
mod image;
mod json;
mod lists;
mod openings;
mod own;
mod pins;
mod policies;
mod portfolio;
mod portfolio_trend;
mod ranking;
mod reach;
mod reviews;
mod revise;
mod shared;
mod sight;
mod submit;
mod tokens;
mod trend;
mod vantage;
mod vitals;
mod whatif;

use std::sync::Arc;

use guanxi_projections::id::AccountId;
use guanxi_projections::policy::Policy;
use guanxi_projections::position::Position;
use guanxi_projections::time::{Timestamp, Zone};

use crate::clock::Clock;
use crate::log::{Log, StoredRecord};
use crate::people::{self, People};
use access::AccessRecord;
use cache::Cache;
use directory::Hold;
use epochs::Epochs;
use image::LedgerImage;
use openings::Openings;
use policies::Policies;
use tokens::Tokens;
use vantage::Yardsticks;

pub use access::ReadNote;
pub use adoptions::{Adopted, Glance, PoliciesAnswer, PolicyChange, PolicyEffect, PolicyVersion};
pub use alerts::{AlertFilter, AlertRow, AlertsAnswer};
pub use archive::{ArchiveError, ArchiveLine, Archived, RestoreSummary};
pub use ask::{AccountAnswer, AccountRow, AccountsAnswer, Asked};
pub use backtest::BacktestAsked;
pub use backup::{Backup, BackupError, BackupKeys, Persons};
pub use calibration::{AnchorsAnswer, CalibrationAnswer};
pub use diff::{DiffAnswer, DiffAsked};
pub use directory::Directory;
pub use error::{ErrorKind, LedgerError, Refused, SubmitError};
pub use evaluations::{AdjustmentAsked, Evaluated, Evaluation};
pub use events::{EventsAsked, EventsPage, LogReader, ShownEvent};
pub use experience::{ExperienceAnswer, ExperienceLine};
pub use explain::{ExplainAnswer, StageAnswer};
pub use facets::Facets;
pub use follower::Follower;
pub use groups::{GroupAnswer, GroupLine};
pub use held::{HeldLine, ReviewsAnswer};
pub use history::{EntryStanding, HistoryAnswer, HistoryEntry};
pub use lists::{LineFilter, ListAnswer, WholeListAnswer};
pub use policies::{NamedPolicy, PolicyChoice, PolicyError};
pub use portfolio::{AccountFilter, MovementAnswer, MovementAsked, PortfolioAnswer};
pub use portfolio_trend::{PortfolioPoint, PortfolioTrendAnswer};
pub use ranking::{Ranking, Sort};
pub use reviews::{
    KeyListAnswer, KeyListChange, KeyListLine, OverdueAdjustment, PinLine, ReviewAnswer, ReviewAsked,
    ReviewExitLine, ReviewMemberLine,
};
pub use sight::Sight;
pub use submit::{Accepted, Receipt, Revising, Submission};
pub use tokens::{Role, Token, TokenAsked, TokenError};
pub use trend::{Seen, TrendAnswer, TrendAsked, TrendPoint};
pub use vitals::Vitals;
pub use whatif::{Added, WhatIf, WhatIfAnswer};

pub use crate::log::{
    AppendError, COMMIT_SIZES, ClockCheck, ClockTrusted, CommitCounts, LogHead, OpenError, RestoreError,
    Restored, SUBMISSION_EVENTS_MAX, Unit, Verified, panic_is_guarded,
};

/// What a ledger is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To ask and to submit: one process at a time.
    Write(ClockCheck),
    /// To ask.
    Read,
    /// To restore an archive, and nothing else: the keys of persons are not needed.
    Restore,
}

/// What is fixed when a ledger is created.
#[derive(Debug, Clone)]
pub struct Genesis {
    /// The zone whose days count.
    pub zone: Zone,
    /// The policy to begin with, as TOML text, validated; `None`: the program's default.
    pub policy: Option<(String, Policy)>,
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    directory: Directory,
    // Before the log and the people: it waits for whoever writes the cache, and uses both.
    image: LedgerImage,
    log: Arc<Log>,
    people: Arc<People>,
    clock: Arc<dyn Clock>,
    openings: Openings,
    epochs: Epochs,
    policies: Policies,
    yardsticks: Yardsticks,
    tokens: Tokens,
    access: AccessRecord,
    notices: Vec<String>,
    _hold: Option<Hold>,
}

impl Ledger {
    /// Creates an empty ledger.
    ///
    /// # Errors
    /// [`LedgerError::Exists`] when there is one; what was made before another failure is removed again.
    pub fn create(
        directory: &Directory,
        clock: Arc<dyn Clock>,
        genesis: &Genesis,
    ) -> Result<(), LedgerError> {
        if directory.log().exists() {
            return Err(LedgerError::Exists(directory.path().to_owned()));
        }
        let first_adoption = adoptions::first(genesis)?;
        let path = directory.path();
        let fresh = !path.exists();
        std::fs::create_dir_all(path).map_err(|source| LedgerError::file("create", path, source))?;
        let made = Self::fill(directory, &clock, genesis);
        if made.is_err() && fresh {
            // Best effort: nothing of it was ever used.
            let _ = std::fs::remove_dir_all(path);
        }
        made?;
        if let Some(adoption) = first_adoption {
            let ledger = Self::open(directory, clock, Access::Write(ClockCheck::FirstAppend), "guanxi init")?;
            ledger.adopt_first(adoption)?;
        }
        Ok(())
    }

    fn fill(directory: &Directory, clock: &Arc<dyn Clock>, genesis: &Genesis) -> Result<(), LedgerError> {
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(LedgerError::Randomness)?;
        drop(People::create(directory.path(), directory.keys())?);
        Self::create_log(directory, clock, genesis.zone, random)
    }

    fn create_log(
        directory: &Directory,
        clock: &Arc<dyn Clock>,
        zone: Zone,
        random: [u8; 32],
    ) -> Result<(), LedgerError> {
        Log::create(&directory.storage(), clock.now(), zone, random).map_err(|error| {
            if matches!(error, OpenError::Exists) {
                LedgerError::Exists(directory.path().to_owned())
            } else {
                LedgerError::Open(error)
            }
        })
    }

    /// Opens a ledger. `purpose` tells others who holds it, such as the command line.
    ///
    /// Opened for reading without the key of its persons, a ledger answers all the same, with pseudonyms.
    ///
    /// # Errors
    /// [`LedgerError::Missing`], [`LedgerError::Held`] when another process has it, and what the log and the store
    /// of persons report.
    pub fn open(
        directory: &Directory,
        clock: Arc<dyn Clock>,
        access: Access,
        purpose: &str,
    ) -> Result<Self, LedgerError> {
        if !directory.log().is_file() {
            return Err(LedgerError::Missing(directory.path().to_owned()));
        }
        let (log, hold) = open_log(directory, &clock, access, purpose)?;
        let mut notices = Vec::new();
        let people = open_people(directory, access, &mut notices)?;
        notices.extend(people.notices().iter().map(ToString::to_string));
        if log.index_rebuilt() {
            notices.push("the index on disk was damaged and was rebuilt from the records".to_owned());
        }
        let (log, people) = (Arc::new(log), Arc::new(people));
        let cache = Cache::new(directory.cache(), Arc::clone(&log), Arc::clone(&people));
        Ok(Self {
            directory: directory.clone(),
            image: LedgerImage::new(cache),
            log,
            people,
            clock,
            openings: Openings::default(),
            epochs: Epochs::default(),
            policies: Policies::default(),
            yardsticks: Yardsticks::default(),
            tokens: Tokens::open(directory.tokens())?,
            access: AccessRecord::new(directory.access()),
            notices,
            _hold: hold,
        })
    }

    /// Brings the image of the accounts up to what is recorded, so that the next question need not; tells how many
    /// events it has read. A [`Follower`] does so whenever something is recorded.
    ///
    /// # Errors
    /// What the log reports.
    pub fn refresh(&self) -> Result<u64, LedgerError> {
        Ok(self.image.current(&self.log)?.read())
    }

    /// What was found at opening that the operator should hear of.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Where it is.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The ledger's time zone.
    pub fn zone(&self) -> Zone {
        self.log.identity().zone
    }

    /// What time it is, as the ledger sees it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The second that it is: what is decided now holds for a question about now, which is cut to the second.
    fn this_second(&self) -> Timestamp {
        self.clock.now().truncated_to_second()
    }

    /// Takes the clock to be right, however far it is from the last record, until what this returns is dropped.
    pub fn trust_clock(&self) -> ClockTrusted {
        self.log.trust_clock()
    }

    /// Count, time and root of what is recorded.
    pub fn head(&self) -> LogHead {
        self.log.head()
    }

    /// Whether it was restored from an archive.
    pub fn restored(&self) -> Restored {
        self.log.restored()
    }

    /// Every customer with a stream, sorted.
    pub fn accounts(&self) -> Vec<AccountId> {
        let mut accounts = self.log.accounts();
        accounts.retain(|account| !account.is_ledger());
        accounts
    }

    /// Checks everything that the log claims of itself against the records; see [`Log::verify`].
    ///
    /// # Errors
    /// The first contradiction.
    pub fn verify(&self, progress: impl FnMut(u64)) -> Result<Verified, LedgerError> {
        Ok(self.log.verify(progress)?)
    }

    /// When the last visible event was recorded; in an empty ledger, when it was created.
    fn last_recorded_at(&self) -> Timestamp {
        self.log.head().last_recorded_at.unwrap_or(self.log.identity().created_at)
    }

    fn scan(&self, visit: impl FnMut(StoredRecord) -> Result<(), LedgerError>) -> Result<(), LedgerError> {
        self.log.scan(Position(0), visit)
    }
}

fn open_log(
    directory: &Directory,
    clock: &Arc<dyn Clock>,
    access: Access,
    purpose: &str,
) -> Result<(Log, Option<Hold>), LedgerError> {
    let for_writing = |check| {
        let hold = directory.hold(purpose, clock.now())?;
        let log = Log::open(directory.storage(), Arc::clone(clock), check);
        Ok((log.map_err(|error| explain(directory, error))?, Some(hold)))
    };
    match access {
        Access::Write(check) => for_writing(check),
        Access::Restore => for_writing(ClockCheck::Overruled),
        Access::Read => match Log::open_read_only(directory.storage()) {
            Ok(log) => Ok((log, None)),
            // Left by a crash: opening it for writing repairs it.
            Err(OpenError::Store(error)) if error.wants_repair() => for_writing(ClockCheck::FirstAppend),
            Err(error) => Err(explain(directory, error)),
        },
    }
}

fn explain(directory: &Directory, error: OpenError) -> LedgerError {
    if matches!(&error, OpenError::Store(error) if error.is_held_elsewhere()) {
        directory.held()
    } else {
        LedgerError::Open(error)
    }
}

fn open_people(
    directory: &Directory,
    access: Access,
    notices: &mut Vec<String>,
) -> Result<People, LedgerError> {
    let open = |access| People::open(directory.path(), directory.keys(), access);
    match access {
        Access::Write(_) => Ok(open(people::Access::Write)?),
        Access::Restore => Ok(open(people::Access::Keyless)?),
        Access::Read => match open(people::Access::Read) {
            Err(error @ people::Error::KeyMissing { .. }) => {
                notices.push(format!("{error}; persons are shown by their pseudonyms"));
                Ok(open(people::Access::Keyless)?)
            }
            other => Ok(other?),
        },
    }
}

#[cfg(test)]
mod tests;
