//! The promise ledger: who promised what by when, and what became of it; and the integrity 守正 that follows from
//! our own promises.
//!
//! Readings of the model where it leaves a choice: a promise made twice under one name is the first one. What
//! closes a promise before it was made (a day without a time ends late) closes it all the same. A due date is
//! kept up to its last instant.

use serde::Serialize;

use crate::event::payload::Side;
use crate::fact::{ByNumber, EventRef, Fact, Matter, Number, Trail};
use crate::id::CommitmentId;
use crate::kernel::{Estimate, Evidence, FadingEvidence, Quantity, decay};
use crate::policy::health::IntegrityPolicy;
use crate::position::Position;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the promise ledger. Cost: O(1) per event, O(promises) to read.
#[derive(Debug, Clone)]
pub struct Commitments<'p, Q: Quantity = f64> {
    setting: Setting<'p>,
    /// Also those only named so far.
    promises: ByNumber<CommitmentId, Promise>,
    trail: Trail<CommitmentId>,
    /// Kept ones of ours, late included.
    kept: FadingEvidence<Q>,
    kept_critical: FadingEvidence<Q>,
    broken: FadingEvidence<Q>,
}

#[derive(Debug, Clone, Default)]
struct Promise {
    made: Option<Made>,
    /// The first that was heard.
    closed: Option<Closed>,
}

#[derive(Debug, Clone, Copy)]
struct Closed {
    closing: Closing,
    by: Position,
    at: Timestamp,
}

#[derive(Debug, Clone, Copy)]
struct Made {
    event: Position,
    by: Side,
    critical: bool,
    at: Timestamp,
    /// The due date in force.
    due: Timestamp,
    /// The earliest it has had.
    due_first: Timestamp,
    /// How often it was put off before the due date then in force.
    moves: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    Kept,
    Broken,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitmentState {
    /// Not due yet.
    Open,
    /// Due, and neither kept nor broken.
    Overdue,
    /// Kept by its due date.
    Kept,
    /// Kept after its due date.
    KeptLate,
    /// Said to be broken.
    Broken,
}

/// A line of the promise ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommitmentLine {
    /// The promise.
    pub commitment: String,
    /// Who promised.
    pub by: Side,
    /// Whether it is critical.
    pub critical: bool,
    /// How it stands.
    pub state: CommitmentState,
    /// When it was made.
    pub made_at: Timestamp,
    /// The due date in force.
    pub due: Timestamp,
    /// The earliest due date it has had.
    pub due_first: Timestamp,
    /// How often it was put off in time.
    pub moves: u32,
    /// When it was breached: the due date in force that passed, or when it was said to be broken, if that was
    /// sooner; `None` while it is not.
    pub breached_at: Option<Timestamp>,
    /// When it was kept or broken.
    pub closed_at: Option<Timestamp>,
    /// How late it is, or was when kept, in days; 0 in time.
    pub days_late: f64,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p, Q: Quantity> Commitments<'p, Q> {
    /// No promises yet.
    pub fn new(setting: Setting<'p>) -> Self {
        let fading = || FadingEvidence::new(setting.policy.health.integrity.half_life_days);
        Self {
            setting,
            promises: ByNumber::default(),
            trail: Trail::default(),
            kept: fading(),
            kept_critical: fading(),
            broken: fading(),
        }
    }

    fn policy(&self) -> &'p IntegrityPolicy {
        &self.setting.policy.health.integrity
    }

    fn promise(&mut self, commitment: Number<CommitmentId>, fact: &Fact) -> &mut Promise {
        self.trail.add(commitment, fact.event());
        self.promises.entry(commitment)
    }

    fn close(&mut self, commitment: Number<CommitmentId>, fact: &Fact, closing: Closing) {
        let promise = self.promise(commitment, fact);
        if promise.closed.is_none() {
            promise.closed = Some(Closed { closing, by: fact.position, at: fact.occurred_at });
            self.settle(commitment);
        }
    }

    /// Takes the evidence of a promise of ours, once it is both made and closed.
    fn settle(&mut self, commitment: Number<CommitmentId>) {
        let policy = self.policy();
        let promise = self.promises.get(commitment);
        let Some(Promise { made: Some(made), closed: Some(closed), .. }) = promise else { return };
        if made.by != Side::Us {
            return;
        }
        let Closed { closing, by, at } = *closed;
        let (mass, value) = (made.mass(policy), made.value_kept(at, policy));
        match (closing, made.critical) {
            (Closing::Broken, _) => self.broken.add(by, at, mass, 0.0),
            (Closing::Kept, true) => self.kept_critical.add(by, at, mass, value),
            (Closing::Kept, false) => self.kept.add(by, at, mass, value),
        }
    }

    /// The evidence at an instant.
    ///
    /// `Source:` model specification, section 5, rule 3: kept and open put-off promises are scaled down to the
    /// policy's most, critical ones and others apart; broken and overdue ones are not. A closed promise's evidence
    /// is of its closing, an open one's of the promise.
    pub fn evidence(&self, as_of: Timestamp) -> Evidence<Q> {
        let policy = self.policy();
        let (mut ordinary, mut critical) = (self.kept.at(as_of), self.kept_critical.at(as_of));
        let mut bad = self.broken.at(as_of);
        let open = self.promises.values().filter(|promise| promise.closed.is_none());
        for made in open.filter_map(|promise| promise.made).filter(|made| made.by == Side::Us) {
            let mass = made.ripe_mass(as_of, policy);
            if mass <= 0.0 {
                continue;
            }
            let mass = Q::of_event(made.event, mass);
            match (made.value_open(as_of, policy), made.critical) {
                (None, _) => {}
                (Some(value), _) if value <= 0.0 => bad = bad.and(mass, 0.0),
                (Some(value), true) => critical = critical.and(mass, value),
                (Some(value), false) => ordinary = ordinary.and(mass, value),
            }
        }
        ordinary.at_most(policy.mass_max).plus(critical.at_most(policy.critical_mass_max)).plus(bad)
    }

    /// Integrity, judgements apart.
    pub fn estimate(&self, as_of: Timestamp) -> Estimate<Q> {
        self.evidence(as_of).shrunk(self.policy().prior)
    }

    fn line(
        &self,
        commitment: Number<CommitmentId>,
        promise: &Promise,
        events: &ByNumber<CommitmentId, Vec<EventRef>>,
        as_of: Timestamp,
    ) -> Option<CommitmentLine> {
        let made = promise.made.as_ref()?;
        let read_at = promise.closed.map_or(as_of, |closed| closed.at);
        let days_late = made.days_late(read_at);
        let state = match promise.closed.map(|closed| closed.closing) {
            Some(Closing::Broken) => CommitmentState::Broken,
            Some(Closing::Kept) if days_late > 0.0 => CommitmentState::KeptLate,
            Some(Closing::Kept) => CommitmentState::Kept,
            None if days_late > 0.0 => CommitmentState::Overdue,
            None => CommitmentState::Open,
        };
        let breached_at = match (state, promise.closed) {
            (CommitmentState::Overdue | CommitmentState::KeptLate, _) => Some(made.due),
            (CommitmentState::Broken, Some(closed)) => Some(closed.at.min(made.due)),
            _ => None,
        };
        Some(CommitmentLine {
            commitment: self.setting.names.text(commitment).to_owned(),
            by: made.by,
            critical: made.critical,
            state,
            made_at: made.at,
            due: made.due,
            due_first: made.due_first,
            moves: made.moves,
            breached_at,
            closed_at: promise.closed.map(|closed| closed.at),
            days_late,
            events: events.get(commitment).cloned().unwrap_or_default(),
        })
    }
}

impl Promise {
    /// A move after the due date then in force, or after the closing, changes nothing.
    fn put_off(&mut self, at: Timestamp, due: Timestamp) {
        if let (Some(made), None) = (&mut self.made, self.closed)
            && at <= made.due
        {
            made.moves = made.moves.saturating_add(1);
            made.due = due;
            made.due_first = made.due_first.min(due);
        }
    }
}

impl Made {
    fn mass(&self, policy: &IntegrityPolicy) -> f64 {
        if self.critical { policy.critical_mass } else { 1.0 }
    }

    fn days_late(&self, at: Timestamp) -> f64 {
        at.days_since(self.due).max(0.0)
    }

    fn moved_factor(&self, policy: &IntegrityPolicy) -> f64 {
        libm::pow(policy.moved_factor, f64::from(self.moves))
    }

    /// `Formula:` 2^(-L/14) .8^moves, L the days late.
    fn value_kept(&self, at: Timestamp, policy: &IntegrityPolicy) -> f64 {
        decay(policy.lateness_half_life_days, self.days_late(at)) * self.moved_factor(policy)
    }

    /// `Formula:` m (1 - 2^(-(T - due1)/14)), due1 the earliest due date; 0 before it.
    fn ripe_mass(&self, as_of: Timestamp, policy: &IntegrityPolicy) -> f64 {
        let days = as_of.days_since(self.due_first).max(0.0);
        self.mass(policy) * (1.0 - decay(policy.ripening_days, days))
    }

    /// The value of an open promise; `None` while it says nothing yet.
    fn value_open(&self, as_of: Timestamp, policy: &IntegrityPolicy) -> Option<f64> {
        let overdue = as_of > self.due;
        let forgotten = as_of.days_since(self.due_first) >= policy.forgotten_days;
        if overdue || forgotten {
            Some(0.0)
        } else if self.moves > 0 {
            Some(policy.moved_value * self.moved_factor(policy))
        } else {
            None
        }
    }
}

impl<Q: Quantity> Projection for Commitments<'_, Q> {
    /// The promise ledger of both sides, in the order in which the promises were first met.
    type View = Vec<CommitmentLine>;

    fn apply(&mut self, fact: &Fact) {
        let at = fact.occurred_at;
        if let Matter::CommitmentMade { commitment, by, due, critical } = fact.matter {
            let due = self.setting.instant(due);
            let promise = self.promise(commitment, fact);
            if promise.made.is_none() {
                promise.made =
                    Some(Made { event: fact.position, by, critical, at, due, due_first: due, moves: 0 });
                self.settle(commitment);
            }
        } else if let Matter::CommitmentMoved { commitment, due } = fact.matter {
            let due = self.setting.instant(due);
            self.promise(commitment, fact).put_off(at, due);
        } else if let Matter::CommitmentKept { commitment } = fact.matter {
            self.close(commitment, fact, Closing::Kept);
        } else if let Matter::CommitmentBroken { commitment } = fact.matter {
            self.close(commitment, fact, Closing::Broken);
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Vec<CommitmentLine> {
        let events = self.trail.by_thing();
        let line = |(commitment, promise)| self.line(commitment, promise, &events, as_of);
        self.promises.iter().filter_map(line).collect()
    }
}
