//! Events as they stand in the log: one, a page, or all that come.

use std::time::Duration;

use guanxi_projections::envelope::Recorded;
use guanxi_projections::event::EventType;
use guanxi_projections::id::{AccountId, Source};
use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;
use serde_json::Value;

use super::{Ledger, LedgerError};
use crate::log::{StoredRecord, Subscription};

/// Records looked at for one page: a page of rare events ends there, and says where to go on.
const LOOKED_AT_MAX: usize = 20_000;
/// Records read at once.
const CHUNK: usize = 1_000;

/// Which events a page shall have.
#[derive(Debug, Clone)]
pub struct EventsAsked {
    /// The first position that may be on the page.
    pub from_position: Position,
    /// At most so many events.
    pub limit: usize,
    /// Only those of this account.
    pub account: Option<AccountId>,
    /// Only those of these types; all when empty.
    pub types: Vec<EventType>,
    /// Only those that occurred at this time or later.
    pub from: Option<Timestamp>,
    /// Only those that occurred at this time or before.
    pub to: Option<Timestamp>,
}

/// A page of the log.
#[derive(Debug, Clone)]
pub struct EventsPage {
    /// The events, in the order of their positions.
    pub events: Vec<ShownEvent>,
    /// The first position that was not looked at.
    pub next: Position,
    /// Whether the log goes on there.
    pub more: bool,
}

/// An event as it was recorded, with names.
#[derive(Debug, Clone)]
pub struct ShownEvent {
    /// Its place in the log.
    pub position: Position,
    /// Whose it is.
    pub account: AccountId,
    /// Who submitted it.
    pub source: Source,
    /// All of it as a `CloudEvent`.
    pub json: Value,
}

/// A reader of the log that goes on from a position and can wait for more.
#[derive(Debug)]
pub struct LogReader {
    subscription: Subscription,
}

impl LogReader {
    /// The position of the event that comes next.
    pub fn position(&self) -> Position {
        self.subscription.position()
    }
}

impl EventsAsked {
    fn wants(&self, recorded: &Recorded) -> bool {
        let heading = &recorded.envelope.heading;
        let wanted = |event_type: EventType| self.types.contains(&event_type);
        self.account.as_ref().is_none_or(|account| heading.account == *account)
            && (self.types.is_empty() || recorded.event_type().is_some_and(wanted))
            && self.from.is_none_or(|from| heading.occurred_at >= from)
            && self.to.is_none_or(|to| heading.occurred_at <= to)
    }
}

impl Ledger {
    /// The event at a position; `None` beyond the end.
    ///
    /// # Errors
    /// What the log or the store of persons reports.
    pub fn event(&self, position: Position) -> Result<Option<ShownEvent>, LedgerError> {
        self.log.record(position)?.map(|stored| self.shown_event(&stored.decode()?)).transpose()
    }

    /// A page of events. Cost: O(records looked at), at most so many; with an account O(events of the account).
    ///
    /// # Errors
    /// What the log or the store of persons reports.
    pub fn events(&self, asked: &EventsAsked) -> Result<EventsPage, LedgerError> {
        match &asked.account {
            Some(account) => self.events_of(account, asked),
            None => self.events_of_all(asked),
        }
    }

    fn events_of(&self, account: &AccountId, asked: &EventsAsked) -> Result<EventsPage, LedgerError> {
        let end = Position(self.log.head().count);
        let mut page = EventsPage { events: Vec::new(), next: end.max(asked.from_position), more: false };
        for recorded in self.log.stream(account)? {
            let position = recorded.envelope.position;
            if position < asked.from_position || !asked.wants(&recorded) {
                continue;
            }
            if page.events.len() == asked.limit {
                (page.next, page.more) = (position, true);
                break;
            }
            page.events.push(self.shown_event(&recorded)?);
        }
        Ok(page)
    }

    fn events_of_all(&self, asked: &EventsAsked) -> Result<EventsPage, LedgerError> {
        let mut page = EventsPage { events: Vec::new(), next: asked.from_position, more: true };
        let mut looked_at = 0;
        while looked_at < LOOKED_AT_MAX && page.events.len() < asked.limit {
            let wanted = if asked.types.is_empty() && asked.from.is_none() && asked.to.is_none() {
                (asked.limit - page.events.len()).min(CHUNK)
            } else {
                CHUNK
            };
            let records = self.log.records(page.next, wanted)?;
            looked_at += records.len();
            if records.is_empty() {
                break;
            }
            for stored in records {
                if page.events.len() == asked.limit {
                    break;
                }
                let recorded = stored.decode()?;
                page.next = stored.position.next();
                if asked.wants(&recorded) {
                    page.events.push(self.shown_event(&recorded)?);
                }
            }
        }
        page.more = page.next.0 < self.log.head().count;
        Ok(page)
    }

    /// How many events an account has, whatever they say.
    pub fn stream_length(&self, account: &AccountId) -> u64 {
        self.log.stream_len(account)
    }

    /// Waits until more than `count` events are visible, or `patience` passed; says how many are.
    pub fn wait_beyond(&self, count: u64, patience: Duration) -> u64 {
        self.log.wait_beyond(count, patience)
    }

    /// A reader that begins at `from`, whether there is anything yet or not.
    pub fn follow(&self, from: Position) -> LogReader {
        LogReader { subscription: self.log.subscribe(from) }
    }

    /// The next events of a reader, up to `limit`: gapless, in order. Waits up to `patience` for the first one,
    /// and gives none when it passed.
    ///
    /// # Errors
    /// What the log or the store of persons reports.
    pub fn next_events(
        &self,
        follower: &mut LogReader,
        limit: usize,
        patience: Duration,
    ) -> Result<Vec<ShownEvent>, LedgerError> {
        let records = follower.subscription.next(limit, patience)?;
        records.iter().map(|stored: &StoredRecord| self.shown_event(&stored.decode()?)).collect()
    }

    fn shown_event(&self, recorded: &Recorded) -> Result<ShownEvent, LedgerError> {
        let envelope = &recorded.envelope;
        Ok(ShownEvent {
            position: envelope.position,
            account: envelope.heading.account.clone(),
            source: envelope.heading.source.clone(),
            json: self.shown(recorded)?,
        })
    }
}
