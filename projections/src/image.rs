//! The image of one account: every fact that its stream ever told, in memory, ready to be folded at any (T, K).
//!
//! The stream itself is in the log; an image holds what folds read of it and can be made again from it at any
//! time. It answers as [`history::effective`](crate::history::effective) does, which reads whole records.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::envelope::Recorded;
use crate::event::Event;
use crate::event::revision::Target;
use crate::fact::{Fact, Names};
use crate::form::Sealed;
use crate::history::settled::{Action, Revising, Settled};
use crate::id::{EventId, Source};
use crate::position::Position;
use crate::time::Timestamp;

/// What one account's stream told.
#[derive(Debug, Clone, Default)]
pub struct Image {
    names: Names,
    /// Original events, in the order of their positions.
    facts: Vec<Fact>,
    /// Places in `facts` in the order (occurred at, position); empty while that is the order of positions.
    by_time: Vec<u32>,
    /// Corrections and retractions, in the order of their positions.
    revisions: Vec<Revision>,
}

/// A correction or retraction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Revision {
    position: Position,
    recorded_at: Timestamp,
    target: Position,
    change: Change,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Change {
    Retracted,
    Corrected {
        time: Option<Timestamp>,
        /// What happened instead; position and times of this fact are those of the correction.
        fact: Option<Box<Fact>>,
    },
}

/// An account has named more things than there are numbers, or has more events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account has more events or names than an image can hold")]
pub struct TooMany;

impl Image {
    /// The image of a whole stream, in the order of its positions. Cost: O(n), and O(n) for every revision that
    /// names its target by source and id.
    ///
    /// # Errors
    /// [`TooMany`].
    pub fn of(stream: &[Recorded]) -> Result<Self, TooMany> {
        let mut image = Self::default();
        for recorded in stream {
            image.admit(recorded, |source, id| {
                let is_named = |event: &&Recorded| {
                    let heading = &event.envelope.heading;
                    heading.id == *id && heading.source == *source
                };
                stream.iter().find(is_named).map(|event| event.envelope.position)
            })?;
        }
        Ok(image)
    }

    /// The identifiers that the account's events use.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// How many original events it holds, whether they stand or not.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// Takes the stream's next event. `find` tells where the event of a source and id stands in the log; it is
    /// asked only for revisions that name their target so. An event of a type that this program does not know is
    /// passed over.
    ///
    /// # Errors
    /// [`TooMany`]; the image is as before, but for names.
    pub fn admit(
        &mut self,
        recorded: &Recorded,
        find: impl FnOnce(&Source, &EventId) -> Option<Position>,
    ) -> Result<(), TooMany> {
        let Some(event) = recorded.event() else { return Ok(()) };
        if let Event::EventRetracted(retraction) = event {
            self.revise(recorded, place(&retraction.target, find), Change::Retracted);
        } else if let Event::EventCorrected(correction) = event {
            let fact = match &correction.data {
                Some(data) => Some(Box::new(self.read(recorded, data)?)),
                None => None,
            };
            let change = Change::Corrected { time: correction.time, fact };
            self.revise(recorded, place(&correction.target, find), change);
        } else if event.event_type().is_own() {
            return Ok(());
        } else {
            let fact = self.read(recorded, event)?;
            self.push(fact)?;
        }
        Ok(())
    }

    fn read(&mut self, recorded: &Recorded, event: &Event<Sealed>) -> Result<Fact, TooMany> {
        let envelope = &recorded.envelope;
        let (position, occurred_at) = (envelope.position, envelope.heading.occurred_at);
        Fact::read(position, occurred_at, envelope.recorded_at, event, &mut self.names).ok_or(TooMany)
    }

    fn revise(&mut self, recorded: &Recorded, target: Option<Position>, change: Change) {
        if let Some(target) = target {
            let (position, recorded_at) = (recorded.envelope.position, recorded.envelope.recorded_at);
            self.revisions.push(Revision { position, recorded_at, target, change });
        }
    }

    fn push(&mut self, fact: Fact) -> Result<(), TooMany> {
        let place = u32::try_from(self.facts.len()).map_err(|_| TooMany)?;
        let newest = match self.by_time.last() {
            Some(newest) => self.facts.get(*newest as usize),
            None => self.facts.last(),
        };
        let in_order = newest.is_none_or(|newest| newest.occurred_at <= fact.occurred_at);
        if !in_order && self.by_time.is_empty() {
            self.by_time = (0..place).collect();
        }
        if !in_order || !self.by_time.is_empty() {
            let facts = &self.facts;
            let before = |other: &u32| {
                facts.get(*other as usize).is_some_and(|other| other.occurred_at <= fact.occurred_at)
            };
            let at = if in_order { self.by_time.len() } else { self.by_time.partition_point(before) };
            self.by_time.insert(at, place);
        }
        self.facts.push(fact);
        Ok(())
    }

    /// Hands the effective history at (T, K) to `visit`, fact by fact, in the order (occurred at, position).
    /// Cost: O(events) while none is revised, else O(n log n).
    pub fn visit(&self, as_of: Timestamp, known_at: Timestamp, mut visit: impl FnMut(&Fact)) {
        let known = self.facts.partition_point(|fact| fact.recorded_at <= known_at);
        let revised = self.revisions.partition_point(|revision| revision.recorded_at <= known_at);
        if let Some(revisions) = self.revisions.get(..revised).filter(|revisions| !revisions.is_empty()) {
            self.revised(revisions, known, as_of).iter().for_each(|fact| visit(fact));
        } else if self.by_time.is_empty() {
            let known = self.facts.get(..known).unwrap_or_default();
            known.iter().take_while(|fact| fact.occurred_at <= as_of).for_each(visit);
        } else {
            let facts = self.by_time.iter().filter(|place| (**place as usize) < known);
            let facts = facts.filter_map(|place| self.facts.get(*place as usize));
            facts.take_while(|fact| fact.occurred_at <= as_of).for_each(visit);
        }
    }

    /// Whether anything is in the effective history at (T, K).
    pub fn is_known(&self, as_of: Timestamp, known_at: Timestamp) -> bool {
        let mut known = false;
        self.visit(as_of, known_at, |_| known = true);
        known
    }

    /// The effective history at (T, K), as [`Image::visit`] hands it out.
    pub fn effective(&self, as_of: Timestamp, known_at: Timestamp) -> Vec<Fact> {
        let mut facts = Vec::new();
        self.visit(as_of, known_at, |fact| facts.push(fact.clone()));
        facts
    }

    /// What was known at K, without the events at some positions: originals, corrections or retractions. Events
    /// admitted to it come after all that was known.
    ///
    /// # Errors
    /// None in truth: it holds no more than this image does.
    pub fn imagined(&self, known_at: Timestamp, without: &BTreeSet<Position>) -> Result<Self, TooMany> {
        let mut imagined = Self { names: self.names.clone(), ..Self::default() };
        let facts = self.facts.iter().filter(|fact| fact.recorded_at <= known_at);
        for fact in facts.filter(|fact| !without.contains(&fact.position)) {
            imagined.push(fact.clone())?;
        }
        let revisions = self.revisions.iter().filter(|revision| revision.recorded_at <= known_at);
        let kept = revisions.filter(|revision| !without.contains(&revision.position));
        imagined.revisions.extend(kept.cloned());
        Ok(imagined)
    }

    /// The corrections and retractions of an event, and of those in turn, that were recorded in (`after`,
    /// `until`], in the order of their positions.
    pub fn revisions_of(&self, event: Position, after: Timestamp, until: Timestamp) -> Vec<Position> {
        let mut concerned = BTreeSet::from([event]);
        let mut revisions = Vec::new();
        for revision in &self.revisions {
            if concerned.contains(&revision.target) && revision.recorded_at <= until {
                concerned.insert(revision.position);
                if revision.recorded_at > after {
                    revisions.push(revision.position);
                }
            }
        }
        revisions
    }

    fn revised(&self, revisions: &[Revision], known: usize, as_of: Timestamp) -> Vec<Cow<'_, Fact>> {
        let settled = Settled::of(revisions.iter().map(Revision::revising));
        let known = self.facts.get(..known).unwrap_or_default().iter();
        let mut facts: Vec<_> = known
            .filter(|fact| !settled.is_retracted(fact.position))
            .map(|fact| self.corrected(fact, settled.corrections(fact.position)))
            .filter(|fact| fact.occurred_at <= as_of)
            .collect();
        facts.sort_by_key(|fact| (fact.occurred_at, fact.position));
        facts
    }

    fn corrected<'a>(&'a self, fact: &'a Fact, corrections: &[Position]) -> Cow<'a, Fact> {
        let mut version = Cow::Borrowed(fact);
        for position in corrections {
            let place = self.revisions.binary_search_by_key(position, |revision| revision.position);
            let Some(Revision { change, .. }) = place.ok().and_then(|place| self.revisions.get(place)) else {
                continue;
            };
            if let Change::Corrected { time, fact: instead } = change {
                let version = version.to_mut();
                version.occurred_at = time.unwrap_or(version.occurred_at);
                if let Some(instead) = instead {
                    let Fact { scene, line, task, matter, .. } = (**instead).clone();
                    (version.scene, version.line, version.task, version.matter) = (scene, line, task, matter);
                }
            }
        }
        version
    }
}

impl Revision {
    fn revising(&self) -> Revising {
        let action = match self.change {
            Change::Retracted => Action::Retract,
            Change::Corrected { .. } => Action::Correct,
        };
        Revising { position: self.position, target: self.target, action }
    }
}

fn place(target: &Target, find: impl FnOnce(&Source, &EventId) -> Option<Position>) -> Option<Position> {
    match target {
        Target::Position(position) => Some(*position),
        Target::Named { source, id } => find(source, id),
    }
}
