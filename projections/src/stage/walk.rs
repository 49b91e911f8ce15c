//! The walk through the stages: which row of the table holds, and when the next one will.

use crate::order_book::Movement;
use crate::policy::Policy;
use crate::time::{Timestamp, Zone};

use super::cause::{Cause, Next, Transition};
use super::order_days::{OrderDays, SilenceDates};
use super::reasons::Standing;
use super::term::{Instant, Term};
use super::trend::Newest;
use super::{EventRef, Stage, date_after};

/// Where an account stands, after all instants before the one in hand.
///
/// The events of the instant in hand are applied, its conditions not yet tested: that is done when a later
/// instant begins, or on a copy when somebody reads. So it cannot matter how often anyone reads.
#[derive(Debug, Clone)]
pub(super) struct Walk<'p> {
    policy: &'p Policy,
    zone: Zone,
    ratios: Ratios,
    stage: Stage,
    since: Timestamp,
    cause: Cause,
    transitions: Vec<Transition>,
    days: OrderDays,
    /// What restarts with acquisition.
    term: Term,
    /// The closing in force.
    closed_by: Option<EventRef>,
    /// Whether an order came since decline began.
    ordered_in_decline: bool,
    now: Instant,
}

/// The thresholds of the trend, as logarithms.
#[derive(Debug, Clone, Copy)]
struct Ratios {
    growing: f64,
    growth_ended: f64,
    declined: f64,
    recovered: f64,
}

impl<'p> Walk<'p> {
    /// The entry into acquisition with the first event.
    pub(super) fn begin(policy: &'p Policy, zone: Zone, at: Timestamp, first: EventRef) -> Self {
        let (growth, decline) = (&policy.stage.growth, &policy.stage.decline);
        Self {
            policy,
            zone,
            ratios: Ratios {
                growing: libm::log(growth.ratio),
                growth_ended: libm::log(growth.ratio_ended),
                declined: libm::log(decline.ratio),
                recovered: libm::log(decline.ratio_recovered),
            },
            stage: Stage::Acquisition,
            since: at,
            cause: first.into(),
            transitions: Vec::new(),
            days: OrderDays::new(&policy.stage),
            term: Term::new(at, policy),
            closed_by: None,
            ordered_in_decline: false,
            now: Instant::new(at),
        }
    }

    pub(super) fn stage(&self) -> Stage {
        self.stage
    }

    pub(super) fn since(&self) -> Timestamp {
        self.since
    }

    pub(super) fn cause(&self) -> Cause {
        self.cause
    }

    pub(super) fn entered_at(&self) -> Timestamp {
        self.term.entered_at
    }

    pub(super) fn into_transitions(self) -> Vec<Transition> {
        self.transitions
    }

    /// What the stage is decided by, as it stands at an instant. The instant in hand must be settled.
    pub(super) fn standing(&self, at: Timestamp) -> Standing {
        let in_business = matches!(self.stage, Stage::Growth | Stage::Maturity);
        let dates = self.silence_dates();
        Standing {
            order_days: self.term.orders,
            trend: self.trend_cause(),
            silence: self.days.has_any().then(|| self.silence(at)),
            watch_at: dates.watch.filter(|_| in_business),
            decline_at: dates.decline.filter(|_| in_business),
            churn_at: self.churn_date().filter(|_| self.stage != Stage::Churn),
        }
    }

    pub(super) fn is_won_back(&self) -> bool {
        self.stage == Stage::Acquisition && self.term.won_back
    }

    pub(super) fn awaits_first_order(&self) -> bool {
        self.stage == Stage::Acquisition && self.term.orders == 0
    }

    pub(super) fn is_on_watch(&self, at: Timestamp) -> bool {
        matches!(self.stage, Stage::Growth | Stage::Maturity) && reached(self.silence_dates().watch, at)
    }

    /// Takes an order, without its amount.
    pub(super) fn order(&mut self, at: Timestamp, event: EventRef) {
        self.proceed_to(at);
        let day = self.zone.day_of(at);
        self.days.order(day, at, &self.policy.rhythm.orders, &self.policy.stage);
        self.now.order.get_or_insert(event);
        if self.term.last_day.is_none_or(|last| last < day) {
            self.now.is_occasion = true;
            self.term.last_day = Some(day);
            self.term.orders = self.term.orders.saturating_add(1);
            self.term.trend.add_day(at);
        }
        self.closed_by = None;
        self.ordered_in_decline |= self.stage == Stage::Decline;
    }

    /// Takes a movement of money of the instant in hand.
    pub(super) fn movement(&mut self, movement: Movement) {
        let now = &mut self.now;
        match movement {
            Movement::Ordered(amount) => {
                now.newest.ordered += amount;
                self.term.trend.add_order(now.at, amount);
            }
            Movement::Returned { at, amount } => {
                if at == now.at {
                    now.newest.returned_by_name += amount;
                }
                self.term.add_return(at, amount);
            }
            Movement::ReturnedUnnamed { at, amount } => {
                if at == now.at {
                    now.newest.returned_unnamed += amount;
                }
                self.term.add_return(at, amount);
            }
        }
    }

    pub(super) fn close(&mut self, at: Timestamp, event: EventRef) {
        self.proceed_to(at);
        self.closed_by = Some(event);
    }

    pub(super) fn reopen(&mut self, at: Timestamp, event: EventRef) {
        self.proceed_to(at);
        self.closed_by = None;
        self.now.reopened.get_or_insert(event);
    }

    /// Ends the instant in hand, lets time do what it does before `at`, and begins the instant `at`.
    pub(super) fn proceed_to(&mut self, at: Timestamp) {
        if at > self.now.at {
            self.walk_through(at.plus_micros(-1));
            self.now = Instant::new(at);
        }
    }

    /// Ends the instant in hand and lets time do what it does up to `until`, included.
    pub(super) fn walk_through(&mut self, until: Timestamp) {
        self.settle();
        while let Some(date) = self.next_date(until) {
            self.now = Instant::new(date);
            if !self.settle() {
                break;
            }
        }
    }

    /// The transition that comes next unless something happens. The instant in hand must be settled.
    pub(super) fn next(&self) -> Option<Next> {
        let at = self.next_date(Timestamp::MAX)?;
        let (name, cause) = self.due(&Instant::new(at))?;
        Some(Next { name, at, cause: cause.kind() })
    }

    /// Tests the conditions of the instant in hand until none holds; tells whether any did.
    ///
    /// This ends: row 2 needs an order or a reopening of this instant, after which row 1 cannot hold at the
    /// same instant; rows 5 and 6 exclude each other; row 7 needs a trend above that of row 4 and an order since
    /// decline began. The validation of the policy sees to the thresholds.
    fn settle(&mut self) -> bool {
        if std::mem::take(&mut self.now.is_occasion) && self.stage != Stage::Churn {
            self.take_trend();
        }
        let transitions = self.transitions.len();
        while let Some((to, cause)) = self.due(&self.now) {
            self.enter(to, cause);
        }
        self.transitions.len() > transitions
    }

    fn take_trend(&mut self) {
        let term = &mut self.term;
        term.g = term.trend.at(self.now.at, &self.now.newest, &self.policy.stage.trend);
        term.g_taken_at = self.now.order;
        term.growing = if term.g >= self.ratios.growing { term.growing.saturating_add(1) } else { 0 };
    }

    fn enter(&mut self, to: Stage, cause: Cause) {
        let at = self.now.at;
        self.transitions.push(Transition { from: self.stage, to, at, cause });
        (self.stage, self.since, self.cause) = (to, at, cause);
        self.ordered_in_decline = false;
        if to == Stage::Acquisition {
            self.begin_term();
        }
    }

    /// Starts counting anew, with what the instant in hand has.
    fn begin_term(&mut self) {
        let at = self.now.at;
        self.term = Term::new(at, self.policy);
        if self.now.order.is_some() {
            self.term.won_back = true;
            self.term.orders = 1;
            self.term.last_day = Some(self.zone.day_of(at));
            self.term.trend.add_day(at);
        }
        let Newest { ordered, returned_by_name, returned_unnamed } = self.now.newest;
        self.term.trend.add_order(at, ordered);
        self.term.trend.add_return(at, returned_by_name + returned_unnamed);
        if self.now.order.is_some() {
            self.take_trend();
        }
    }

    /// The first row of the table that holds at an instant.
    fn due(&self, now: &Instant) -> Option<(Stage, Cause)> {
        match self.stage {
            Stage::Acquisition => self.churned(now).or_else(|| self.established(now)),
            Stage::Growth | Stage::Maturity => {
                self.churned(now).or_else(|| self.declined(now)).or_else(|| self.swung(now))
            }
            Stage::Decline => self.churned(now).or_else(|| self.recovered()),
            Stage::Churn => self.returned(now),
        }
    }

    /// Row 1.
    fn churned(&self, now: &Instant) -> Option<(Stage, Cause)> {
        if let Some(closing) = self.closed_by {
            return Some((Stage::Churn, closing.into()));
        }
        let silent = self.days.may_be_silent(now.at) && reached(self.churn_date(), now.at);
        silent.then(|| (Stage::Churn, self.silence(now.at)))
    }

    /// Row 2.
    fn returned(&self, now: &Instant) -> Option<(Stage, Cause)> {
        let event = now.order.or(now.reopened).filter(|_| self.closed_by.is_none())?;
        Some((Stage::Acquisition, event.into()))
    }

    /// Row 3.
    fn established(&self, now: &Instant) -> Option<(Stage, Cause)> {
        let first = self.term.trend.first().filter(|_| reached(self.established_date(), now.at))?;
        let by_age = Cause::Age { days: now.at.days_since(first), orders: self.term.orders };
        Some((self.grown_or_mature(), now.order.map_or(by_age, Cause::from)))
    }

    /// Row 4.
    fn declined(&self, now: &Instant) -> Option<(Stage, Cause)> {
        if self.days.may_be_silent(now.at) && reached(self.silence_dates().decline, now.at) {
            return Some((Stage::Decline, self.silence(now.at)));
        }
        let policy = &self.policy.stage.decline;
        let cause = self.trend_cause()?;
        let fallen = self.term.orders >= policy.orders_min && self.term.g <= self.ratios.declined;
        fallen.then_some((Stage::Decline, cause))
    }

    /// Rows 5 and 6.
    fn swung(&self, now: &Instant) -> Option<(Stage, Cause)> {
        let to = self.swing()?;
        let cause = self.trend_cause()?;
        reached(self.dwell_date(), now.at).then_some((to, cause))
    }

    /// Row 7.
    fn recovered(&self) -> Option<(Stage, Cause)> {
        let cause = self.trend_cause()?;
        let recovered = self.ordered_in_decline && self.term.g > self.ratios.recovered;
        recovered.then_some((self.grown_or_mature(), cause))
    }

    /// Where growth or maturity would turn to, the dwell apart.
    fn swing(&self) -> Option<Stage> {
        let enough = self.term.orders >= self.policy.stage.growth.orders_min;
        match self.stage {
            Stage::Maturity if self.is_growing() && enough => Some(Stage::Growth),
            Stage::Growth if self.term.g < self.ratios.growth_ended => Some(Stage::Maturity),
            Stage::Acquisition | Stage::Growth | Stage::Maturity | Stage::Decline | Stage::Churn => None,
        }
    }

    fn grown_or_mature(&self) -> Stage {
        if self.is_growing() { Stage::Growth } else { Stage::Maturity }
    }

    fn is_growing(&self) -> bool {
        self.term.growing >= self.policy.stage.growth.occasions
    }

    fn trend_cause(&self) -> Option<Cause> {
        self.term.g_taken_at.map(|order| Cause::Trend { g: self.term.g, position: order.position })
    }

    fn silence(&self, at: Timestamp) -> Cause {
        self.days.silence(at, self.zone.day_of(at), &self.policy.rhythm.orders, &self.policy.stage)
    }

    fn silence_dates(&self) -> &SilenceDates {
        self.days.dates(&self.policy.rhythm.orders, &self.policy.stage)
    }

    fn churn_date(&self) -> Option<Timestamp> {
        match self.term.orders {
            0 => None,
            n if n >= self.policy.stage.churn.orders_min => self.silence_dates().churn,
            _ => self.silence_dates().one_order_churn,
        }
    }

    fn established_date(&self) -> Option<Timestamp> {
        let policy = &self.policy.stage.acquisition;
        let first = self.term.trend.first().filter(|_| self.term.orders >= policy.orders_min)?;
        date_after(first, policy.age_days_min)
    }

    fn dwell_date(&self) -> Option<Timestamp> {
        date_after(self.since, self.policy.stage.growth.dwell_days)
    }

    /// The first date up to `until`, included, at which a row will hold by itself. The instant in hand must be settled.
    fn next_date(&self, until: Timestamp) -> Option<Timestamp> {
        let silent = self.days.may_be_silent(until);
        let churn = || silent.then(|| self.churn_date()).flatten();
        let decline = || silent.then(|| self.silence_dates().decline).flatten();
        let dates = match self.stage {
            Stage::Acquisition => [churn(), self.established_date(), None],
            Stage::Growth | Stage::Maturity => {
                [churn(), decline(), self.swing().and_then(|_| self.dwell_date())]
            }
            Stage::Decline => [churn(), None, None],
            Stage::Churn => [None, None, None],
        };
        dates.into_iter().flatten().min().filter(|date| *date <= until)
    }
}

/// Whether a date is reached at an instant; one that never comes is not.
fn reached(date: Option<Timestamp>, at: Timestamp) -> bool {
    date.is_some_and(|date| date <= at)
}
