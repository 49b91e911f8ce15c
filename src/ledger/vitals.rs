//! How the ledger is doing, in numbers: for whoever runs it.

use guanxi_projections::fact::Fact;
use guanxi_projections::position::Position;

use super::{Ledger, LedgerError};
use crate::log::CommitCounts;

/// Numbers at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vitals {
    /// Events recorded.
    pub events: u64,
    /// Streams, the ledger's own included.
    pub streams: u64,
    /// Events that wait for the writer.
    pub queued: usize,
    /// Commits by the number of their events, since the ledger was opened.
    pub commits: CommitCounts,
    /// How far the image has read; it reads on when it is asked.
    pub image_watermark: Position,
    /// Accounts that the image has.
    pub image_accounts: usize,
    /// Facts that the image has.
    pub image_facts: usize,
    /// What those take at least, in bytes: without what is kept beside them.
    pub image_bytes: usize,
}

impl Ledger {
    /// Brings the image up to what is recorded, so that the next question need not.
    ///
    /// # Errors
    /// What the log reports.
    pub fn warm_up(&self) -> Result<(), LedgerError> {
        self.refresh().map(drop)
    }

    /// How the ledger is doing. Cost: O(accounts).
    pub fn vitals(&self) -> Vitals {
        let head = self.log.head();
        let facts = self.image.as_it_stands();
        let image_facts = facts.accounts().values().map(guanxi_projections::image::Image::len).sum();
        Vitals {
            events: head.count,
            streams: head.streams,
            queued: self.log.queued(),
            commits: self.log.commits(),
            image_watermark: Position(facts.read()),
            image_accounts: facts.accounts().len(),
            image_facts,
            image_bytes: image_facts * size_of::<Fact>(),
        }
    }
}
