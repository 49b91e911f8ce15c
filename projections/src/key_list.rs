//! The key list 大客户名单 over time: who entered and left it at which review and by which rule, and what people
//! pinned.
//!
//! The list follows from recorded reviews alone. A pin does not move it: pins are heard by the next review.

use std::collections::BTreeMap;

use chrono::Months;
use serde::Serialize;

use crate::directives::KeyAccountView;
use crate::event::Event;
use crate::event::own::{ListRule, ReviewHeld, ReviewMember};
use crate::history::EffectiveEvent;
use crate::id::AccountId;
use crate::money::Amount;
use crate::position::Position;
use crate::text::Label;
use crate::time::{Day, Timestamp, Zone};

/// The list at (T, K), and how it came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeyList {
    review: Option<Held>,
    members: BTreeMap<AccountId, Member>,
    /// The list before the last review.
    before: BTreeMap<AccountId, Member>,
    /// When each account first entered.
    entered: BTreeMap<AccountId, Timestamp>,
    changes: Vec<Change>,
    pins: BTreeMap<AccountId, Pin>,
}

/// A review that was held. A list that is too long for one record goes on in further events of the same instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held {
    /// The instant looked at.
    pub as_of: Timestamp,
    /// Percent of the accounts that are key accounts.
    pub percent: Amount,
    /// Seats on the list.
    pub seats: u32,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Where it stands in the log: its event, or the first of them.
    pub position: Position,
}

/// An account on the list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Member {
    /// The review since which it has been on the list without a break.
    pub since: Timestamp,
    /// By which rule it entered then.
    pub entered_by: ListRule,
    /// Reviews since, that one included.
    pub reviews: u32,
    /// Its rank in the last review, from 1.
    pub rank: u32,
    /// Its score in the last review, 0 to 100.
    pub score: f64,
    /// By which rule it is on the list since the last review.
    pub rule: ListRule,
}

/// An account entered or left the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The review.
    pub as_of: Timestamp,
    /// Which account.
    pub account: AccountId,
    /// What it did.
    pub change: Move,
    /// By which rule.
    pub rule: ListRule,
    /// Where the review stands in the log.
    pub position: Position,
}

/// The way an account moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Onto the list.
    Entered,
    /// Off the list.
    Left,
}

/// What somebody decided about an account, for reviews up to a date. A later decision replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pin {
    /// On or off the list.
    pub side: PinSide,
    /// The last instant that it counts at.
    pub until: Timestamp,
    /// Why.
    pub reason: Label,
    /// When it was decided.
    pub since: Timestamp,
    /// Where it stands in the log.
    pub position: Position,
}

/// Where a pin keeps an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PinSide {
    /// On the list, by `account.pinned`.
    On,
    /// Off the list, by `account.unpinned`.
    Off,
}

impl Held {
    /// What is recorded of a review; of one in several events, what the first of them says.
    pub fn of(review: &ReviewHeld, event: &EffectiveEvent<'_>, zone: Zone) -> Self {
        Self {
            as_of: review.as_of.instant(zone),
            percent: review.percent,
            seats: review.seats,
            recorded_at: event.original.envelope.recorded_at,
            position: event.position,
        }
    }

    /// The day on which the next review is due: so many months later, or the last day of that month.
    pub fn next_due(&self, months: u32, zone: Zone) -> Day {
        let day = zone.day_of(self.as_of);
        day.date().checked_add_months(Months::new(months)).map_or(day, Day::new)
    }
}

impl KeyList {
    /// Reads the ledger's own effective history; events of other types are passed over. Cost: O(n log n) in
    /// members of reviews.
    pub fn from_history(ledger_stream: &[EffectiveEvent<'_>], zone: Zone) -> Self {
        let mut list = Self::default();
        for event in ledger_stream {
            list.apply(event, zone);
        }
        list
    }

    /// Takes the next event of the ledger's own history.
    pub(crate) fn apply(&mut self, event: &EffectiveEvent<'_>, zone: Zone) {
        if let Event::ReviewHeld(review) = event.event {
            self.hold(review, event, zone);
        } else if let Event::AccountPinned(pinned) = event.event {
            let until = pinned.until.instant(zone);
            self.pin(&pinned.account, PinSide::On, until, &pinned.reason, event);
        } else if let Event::AccountUnpinned(unpinned) = event.event {
            let until = unpinned.until.instant(zone);
            self.pin(&unpinned.account, PinSide::Off, until, &unpinned.reason, event);
        }
    }

    fn pin(
        &mut self,
        account: &AccountId,
        side: PinSide,
        until: Timestamp,
        reason: &Label,
        event: &EffectiveEvent<'_>,
    ) {
        let (since, position) = (event.occurred_at, event.position);
        self.pins.insert(account.clone(), Pin { side, until, reason: reason.clone(), since, position });
    }

    fn hold(&mut self, review: &ReviewHeld, event: &EffectiveEvent<'_>, zone: Zone) {
        let as_of = review.as_of.instant(zone);
        if self.review.as_ref().is_none_or(|held| held.as_of != as_of) {
            self.before = std::mem::take(&mut self.members);
            self.review = Some(Held::of(review, event, zone));
        }
        for member in &review.members {
            self.seat(member, as_of, event.position);
        }
        for exit in &review.exits {
            self.changed(&exit.account, as_of, Move::Left, exit.rule, event.position);
        }
    }

    fn seat(&mut self, member: &ReviewMember, as_of: Timestamp, position: Position) {
        let ReviewMember { account, rank, score, rule } = member;
        let (rank, score, rule) = (*rank, *score, *rule);
        let stayed = self.before.get(account).copied();
        if stayed.is_none() {
            self.entered.entry(account.clone()).or_insert(as_of);
            self.changed(account, as_of, Move::Entered, rule, position);
        }
        let (since, entered_by, reviews) = match stayed {
            Some(before) => (before.since, before.entered_by, before.reviews.saturating_add(1)),
            None => (as_of, rule, 1),
        };
        let seated = Member { since, entered_by, reviews, rank, score, rule };
        self.members.insert(account.clone(), seated);
    }

    fn changed(
        &mut self,
        account: &AccountId,
        as_of: Timestamp,
        change: Move,
        rule: ListRule,
        position: Position,
    ) {
        self.changes.push(Change { as_of, account: account.clone(), change, rule, position });
    }

    /// The last review; `None` before the first.
    pub fn review(&self) -> Option<&Held> {
        self.review.as_ref()
    }

    /// Who is on the list, sorted by id.
    pub fn members(&self) -> &BTreeMap<AccountId, Member> {
        &self.members
    }

    /// Every entry and exit, in the order of the reviews.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// When each account that was ever on a list first entered.
    pub fn entered(&self) -> &BTreeMap<AccountId, Timestamp> {
        &self.entered
    }

    /// The pins that count at an instant, sorted by account.
    pub fn pins(&self, at: Timestamp) -> impl Iterator<Item = (&AccountId, &Pin)> {
        self.pins.iter().filter(move |(_, pin)| at <= pin.until)
    }

    /// The pin of an account that counts at an instant.
    pub fn pin_of(&self, account: &AccountId, at: Timestamp) -> Option<&Pin> {
        self.pins.get(account).filter(|pin| at <= pin.until)
    }

    /// Whether an account is a key account.
    pub fn key_account(&self, account: &AccountId) -> KeyAccountView {
        let member = self.members.get(account);
        KeyAccountView {
            member: member.is_some(),
            since: member.map(|member| member.since),
            rank: member.map(|member| member.rank),
            review: self.review.as_ref().map(|held| held.as_of),
        }
    }
}
