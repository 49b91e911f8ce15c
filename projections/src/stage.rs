//! Lifecycle stage: acquisition 获取, growth 提升, maturity 成熟, decline 衰退, churn 流失.
//!
//! `Source:` model specification, section 4. The stage reads one account's history and the policy, nothing of
//! other accounts. Conditions are tested at two kinds of instants: where an order, a closing, a reopening or
//! the first event stands, after all events of that instant, and at the dates that silence, age and dwell
//! bring about by themselves. Between those nothing can change, so it cannot matter when anyone asked.
//!
//! | | from -> to | condition |
//! |---|---|---|
//! | 1 | any -> churn | the account stands closed; the churn silence date (n >= 2); one order day, silent 540 d |
//! | 2 | churn -> acquisition | an order (`won_back` while in acquisition) or a reopening; n, age and trend restart |
//! | 3 | acquisition -> growth / maturity | n >= 2 and age >= 60 d: growth if growing, else maturity |
//! | 4 | growth, maturity -> decline | the decline silence date; or g <= ln .75 with n >= 4 |
//! | 5 | maturity -> growth | growing, n >= 3, 14 d in the stage |
//! | 6 | growth -> maturity | g < ln 1.05, 14 d in the stage |
//! | 7 | decline -> growth / maturity | an order since entering decline and g > ln .85 |
//!
//! Rows are tested in this order until none holds, so a stage may last for no time at all; it is recorded then.
//!
//! Readings, where the specification leaves a choice:
//! - *Closed* is a state: an order or a reopening ends it. Events of one instant are applied first, in the order
//!   of their positions: closed and then ordered at one instant is not closed when conditions are tested (no
//!   churn), ordered and then closed is (and stays in churn). For the same reason an order at the very instant
//!   of a silence date prevents it.
//! - A one-order account has one order day since the latest entry into acquisition (n = 1). With n = 0 silence
//!   never brings churn: the flag `stalled` speaks instead.
//! - n, age and trend count orders from the instant of the entry on, the order that caused it included, even
//!   when the account had ordered earlier on that calendar day. The own rhythm goes on over the whole history;
//!   so do the last order day and the silence counted from it.
//! - Order days count whole in the trend, returns notwithstanding. A return moves only amounts.
//! - A return that names an order from before the entry moves nothing.
//! - g at an order day is taken when all events of its first instant are known, and stands until the next.
//!   Later orders of the day, and returns, show in the g of the next order day.
//! - *Nothing was heard* means no two-way contact; the silence begins with the last contact day or the entry,
//!   whichever is later.
//! - `account.merged` does not touch the stage: it goes on by what is in the stream.

mod cause;
mod order_days;
mod reasons;
mod term;
mod trend;
mod walk;

use serde::Serialize;

use crate::event::EventType;
use crate::fact::{Fact, Matter};
use crate::kernel::Rhythm;
use crate::money::Currency;
use crate::order_book::{Movement, OrderBook};
use crate::policy::Policy;
use crate::position::Position;
use crate::projection::Projection;
use crate::rates::Rates;
use crate::time::{DAY_US, Timestamp, Zone};

pub use cause::{Cause, CauseKind, Flag, Next, Transition};
pub use reasons::{StageExplainer, StageReasons, Standing, TransitionReason};
use walk::Walk;

/// A stage of the lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 获取: no steady business yet.
    Acquisition,
    /// 提升: business grows.
    Growth,
    /// 成熟: business is steady.
    Maturity,
    /// 衰退: business shrinks, or has become rarer than the account's own habit.
    Decline,
    /// 流失: business has ended.
    Churn,
}

impl Stage {
    /// Every stage, in the order of the lifecycle.
    pub const ALL: [Self; 5] = [Self::Acquisition, Self::Growth, Self::Maturity, Self::Decline, Self::Churn];

    /// The name in answers, such as `growth`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acquisition => "acquisition",
            Self::Growth => "growth",
            Self::Maturity => "maturity",
            Self::Decline => "decline",
            Self::Churn => "churn",
        }
    }
}

/// The stage at an instant, with how it came about and what comes next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageView {
    /// The stage.
    pub name: Stage,
    /// When it began.
    pub since: Timestamp,
    /// Why it began.
    pub cause: Cause,
    /// Remarks, in the order of [`Flag`].
    pub flags: Vec<Flag>,
    /// The transition that comes next unless something happens; `None` when none ever does by itself.
    pub next: Option<Next>,
    /// Every transition so far, in the order of time.
    pub transitions: Vec<Transition>,
}

/// Folds one account's effective history into its stage.
///
/// Cost: O(log n) per order and return (to find orders by id), O(1) for other events; reading is
/// O(transitions). Memory: one entry per order id, else constant but for transitions and distinct gaps.
#[derive(Debug, Clone)]
pub struct StageState<'p> {
    policy: &'p Policy,
    zone: Zone,
    orders: OrderBook<'p>,
    contacts: Option<Rhythm>,
    /// Begins with the first event.
    walk: Option<Walk<'p>>,
}

impl<'p> StageState<'p> {
    /// The state before the first event. `rates` are those of the ledger's own stream at the same coordinates.
    pub fn new(policy: &'p Policy, zone: Zone, rates: &'p Rates) -> Self {
        let orders = OrderBook::new(policy.money.reporting_currency, rates);
        Self { policy, zone, orders, contacts: None, walk: None }
    }

    /// The events whose amount is left out for want of a rate, in the order of their positions, each with its
    /// currency.
    pub fn unrated(&self) -> impl Iterator<Item = (Position, Currency)> + '_ {
        self.orders.unrated()
    }

    /// Takes the next fact, and tells `hear` each movement of money that it brings about, with the position of the order
    /// or return that it is of.
    pub(crate) fn apply_telling(&mut self, fact: &Fact, mut hear: impl FnMut(Position, Movement)) {
        let at = fact.occurred_at;
        let what = EventRef { position: fact.position, event_type: fact.event_type() };
        let walk = self.walk.get_or_insert_with(|| Walk::begin(self.policy, self.zone, at, what));
        if let Matter::OrderPlaced { .. } = fact.matter {
            walk.order(at, what);
        } else if let Matter::OrderReturned { .. } = fact.matter {
            walk.proceed_to(at);
        } else if let Matter::MeetingHeld(meeting) = &fact.matter {
            if meeting.two_way {
                let law = &self.policy.rhythm.contacts;
                Rhythm::occur(&mut self.contacts, self.zone.day_of(at), at, law);
            }
        } else if let Matter::AccountClosed = fact.matter {
            walk.close(at, what);
        } else if let Matter::AccountReopened = fact.matter {
            walk.reopen(at, what);
        }
        self.orders.apply(fact, |by, movement| {
            walk.movement(movement);
            hear(by, movement);
        });
    }

    /// Whether contact has died down since the entry into acquisition.
    fn is_stalled(&self, entered_at: Timestamp, as_of: Timestamp) -> bool {
        let policy = &self.policy.stage.stalled;
        let (from, outlasted) = match &self.contacts {
            Some(contacts) => (
                contacts.last().max(entered_at),
                contacts.silence_days(policy.survival, &self.policy.rhythm.contacts),
            ),
            None => (entered_at, f64::INFINITY),
        };
        date_after(from, outlasted.min(policy.silent_days)).is_some_and(|date| date <= as_of)
    }

    fn flags(&self, walk: &Walk<'_>, as_of: Timestamp) -> Vec<Flag> {
        let up = [
            (Flag::Watch, walk.is_on_watch(as_of)),
            (Flag::Stalled, walk.awaits_first_order() && self.is_stalled(walk.entered_at(), as_of)),
            (Flag::WonBack, walk.is_won_back()),
        ];
        up.into_iter().filter_map(|(flag, is_up)| is_up.then_some(flag)).collect()
    }
}

impl Projection for StageState<'_> {
    /// `None` before the first event.
    type View = Option<StageView>;

    fn apply(&mut self, fact: &Fact) {
        self.apply_telling(fact, |_, _| ());
    }

    fn evaluate(&self, as_of: Timestamp) -> Option<StageView> {
        let mut walk = self.walk.clone()?;
        walk.walk_through(as_of);
        Some(StageView {
            name: walk.stage(),
            since: walk.since(),
            cause: walk.cause(),
            flags: self.flags(&walk, as_of),
            next: walk.next(),
            transitions: walk.into_transitions(),
        })
    }
}

/// An event as a cause names it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct EventRef {
    position: Position,
    event_type: EventType,
}

impl From<EventRef> for Cause {
    fn from(EventRef { position, event_type }: EventRef) -> Self {
        Self::Event { position, event_type }
    }
}

/// The first whole microsecond at or after `days` days from `at`; `None` beyond the last nameable instant.
fn date_after(at: Timestamp, days: f64) -> Option<Timestamp> {
    let micros = (days * DAY_US as f64).ceil();
    let left = Timestamp::MAX.micros() - at.micros();
    (micros <= left as f64).then(|| at.plus_days(days))
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod scenarios;
