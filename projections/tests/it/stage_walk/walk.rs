//! The walk itself: through time event by event, and between events in small steps.

use super::happening::{DAY, HOUR, Happened, Happening, Key, Placed, days, placed};
use super::policy::NUMBERS;
use super::sums::{Rhythm, contact_days, order_days, trend};

/// How far the walk goes before it looks whether something changed.
const STEP: i64 = 6 * HOUR;
/// How far ahead the next transition is looked for.
const HORIZON: i64 = 30 * 365 * DAY;
/// No instant has so many transitions unless the rules run in a circle.
const TRANSITIONS_MAX: usize = 100_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Acquisition,
    Growth,
    Maturity,
    Decline,
    Churn,
}

impl Stage {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Acquisition => "acquisition",
            Self::Growth => "growth",
            Self::Maturity => "maturity",
            Self::Decline => "decline",
            Self::Churn => "churn",
        }
    }
}

/// A transition found by walking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Walked {
    pub(super) from: Stage,
    pub(super) to: Stage,
    pub(super) at: i64,
}

/// What the walk knows when it arrives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arrived {
    pub(super) stage: Stage,
    pub(super) since: i64,
    pub(super) watch: bool,
    pub(super) stalled: bool,
    pub(super) won_back: bool,
    pub(super) transitions: Vec<Walked>,
    /// What would come next if nothing happened; the first one where one instant brings several.
    pub(super) next: Option<Walked>,
}

/// Walks from the first event to `until`; `None` when nothing had happened by then.
pub(super) fn walk(events: &[Happened], until: i64) -> Option<Arrived> {
    let events = placed(events, until);
    let first = events.first()?;
    let mut walker = Walker {
        stage: Stage::Acquisition,
        since: first.at(),
        entry: (first.at(), 0),
        won_back: false,
        transitions: Vec::new(),
    };
    let mut now = first.at();
    let mut known: &[Placed] = &[];
    for event in &events {
        if event.at() > now || known.is_empty() {
            walker.pass_time(known, now, event.at() - 1);
            now = event.at();
            known = &events[..events.partition_point(|other| other.at() <= now)];
            walker.settle(known, now);
        }
    }
    walker.pass_time(known, now, until);
    Some(walker.arrived(known, until))
}

/// Which stage a rule leads to.
struct Turn {
    to: Stage,
}

/// What the events known say about an account that stands where it stands.
struct Facts<'a> {
    known: &'a [Placed],
    rhythm: Rhythm,
    /// Order days since the entry into acquisition.
    days: Vec<i64>,
    trend: f64,
    growing: bool,
}

impl<'a> Facts<'a> {
    fn of(known: &'a [Placed], entry: Key) -> Self {
        let rhythm = Rhythm::of(&order_days(known, (i64::MIN, 0)));
        let days = order_days(known, entry);
        let trends: Vec<_> = days.iter().rev().take(2).map(|day| trend(known, entry, *day)).collect();
        let growing = trends.len() == 2 && trends.iter().all(|trend| *trend >= libm::log(NUMBERS.grown));
        Self { known, rhythm, days, trend: trends.first().copied().unwrap_or(0.0), growing }
    }

    /// Whether one of those wanted is of this very instant.
    fn event(&self, now: i64, wanted: fn(&Happening) -> bool) -> bool {
        self.known.iter().any(|event| event.at() == now && wanted(&event.what))
    }

    /// Whether the account stands closed: of its closings, orders and reopenings the last is a closing.
    fn is_closed(&self) -> bool {
        let decisive = |what: &Happening| {
            matches!(what, Happening::Closed | Happening::Order { .. } | Happening::Reopened)
        };
        self.known.iter().rfind(|event| decisive(&event.what)).is_some_and(|e| e.what == Happening::Closed)
    }
}

#[derive(Debug, Clone)]
struct Walker {
    stage: Stage,
    since: i64,
    /// The latest entry into acquisition: everything of its instant belongs to what follows.
    entry: Key,
    won_back: bool,
    transitions: Vec<Walked>,
}

impl Walker {
    /// Goes from `from` to `to` inclusive, during which nothing happens.
    fn pass_time(&mut self, known: &[Placed], from: i64, to: i64) {
        let mut now = from;
        while let Some((at, _)) = self.first_turn(known, now, to) {
            self.settle(known, at);
            now = at;
        }
    }

    /// The first microsecond after `from`, up to `to`, at which a rule applies.
    fn first_turn(&self, known: &[Placed], from: i64, to: i64) -> Option<(i64, Turn)> {
        let facts = Facts::of(known, self.entry);
        let mut before = from;
        while before < to {
            let mut after = to.min(before + STEP);
            if self.turn(&facts, after).is_some() {
                while after - before > 1 {
                    let middle = before + (after - before) / 2;
                    if self.turn(&facts, middle).is_some() { after = middle } else { before = middle }
                }
                return self.turn(&facts, after).map(|turn| (after, turn));
            }
            before = after;
        }
        None
    }

    /// Applies the rules at one instant until none applies.
    fn settle(&mut self, known: &[Placed], now: i64) {
        while let Some(turn) = self.turn(&Facts::of(known, self.entry), now) {
            self.transitions.push(Walked { from: self.stage, to: turn.to, at: now });
            assert!(self.transitions.len() < TRANSITIONS_MAX, "the rules run in a circle");
            self.stage = turn.to;
            self.since = now;
            if turn.to == Stage::Acquisition {
                self.entry = (now, 0);
                self.won_back = known.iter().any(|event| event.at() == now && event.is_order());
            }
        }
    }

    /// The first rule of the table that applies at `now`.
    fn turn(&self, facts: &Facts<'_>, now: i64) -> Option<Turn> {
        let to = |to| Some(Turn { to });
        let settled = if facts.growing { Stage::Growth } else { Stage::Maturity };
        if self.stage != Stage::Churn && (facts.is_closed() || Self::silent_to_the_end(facts, now)) {
            return to(Stage::Churn);
        }
        match self.stage {
            Stage::Churn => {
                let back = |what: &Happening| matches!(what, Happening::Order { .. } | Happening::Reopened);
                if facts.event(now, back) && !facts.is_closed() { to(Stage::Acquisition) } else { None }
            }
            Stage::Acquisition if facts.days.len() >= 2 => {
                if days(facts.days[0], now) >= NUMBERS.settling_age { to(settled) } else { None }
            }
            Stage::Growth | Stage::Maturity if Self::declining(facts, now) => to(Stage::Decline),
            Stage::Maturity if facts.growing && facts.days.len() >= 3 && self.rested(now) => {
                to(Stage::Growth)
            }
            Stage::Growth if facts.trend < libm::log(NUMBERS.cooled) && self.rested(now) => {
                to(Stage::Maturity)
            }
            Stage::Decline if self.recovered(facts) => to(settled),
            Stage::Acquisition | Stage::Growth | Stage::Maturity | Stage::Decline => None,
        }
    }

    fn silent_to_the_end(facts: &Facts<'_>, now: i64) -> bool {
        match (facts.days.len(), facts.rhythm.last) {
            (0, _) | (_, None) => false,
            (1, Some(last)) => days(last, now) >= NUMBERS.one_order_silence,
            _ => facts.rhythm.silent_for(NUMBERS.churn, now),
        }
    }

    fn declining(facts: &Facts<'_>, now: i64) -> bool {
        facts.rhythm.silent_for(NUMBERS.decline, now)
            || (facts.trend <= libm::log(NUMBERS.shrunk) && facts.days.len() >= 4)
    }

    fn recovered(&self, facts: &Facts<'_>) -> bool {
        let ordered = facts.known.iter().any(|event| event.at() > self.since && event.is_order());
        ordered && facts.trend > libm::log(NUMBERS.recovered)
    }

    fn rested(&self, now: i64) -> bool {
        days(self.since, now) >= NUMBERS.rest
    }

    fn stalled(&self, facts: &Facts<'_>, now: i64) -> bool {
        if self.stage != Stage::Acquisition || !facts.days.is_empty() {
            return false;
        }
        let contacts = Rhythm::of(&contact_days(facts.known));
        let heard = contacts.last.map_or(self.entry.0, |last| last.max(self.entry.0));
        let silent = days(heard, now);
        silent >= NUMBERS.stalled_silence
            || contacts.survival(NUMBERS.contacts, silent) <= NUMBERS.stalled_theta
    }

    fn arrived(self, known: &[Placed], now: i64) -> Arrived {
        let facts = Facts::of(known, self.entry);
        let steady = matches!(self.stage, Stage::Growth | Stage::Maturity);
        let next = self.first_turn(known, now, now + HORIZON);
        Arrived {
            stage: self.stage,
            since: self.since,
            watch: steady && facts.rhythm.silent_for(NUMBERS.watch, now),
            stalled: self.stalled(&facts, now),
            won_back: self.won_back && self.stage == Stage::Acquisition,
            next: next.map(|(at, turn)| Walked { from: self.stage, to: turn.to, at }),
            transitions: self.transitions,
        }
    }
}
