//! The image of one account: every fact that its stream ever told, in memory, ready to be folded at any (T, K).
//!
//! The stream itself is in the log; an image holds what folds read of it and can be made again from it at any
//! time. It answers as [`history::effective`](crate::history::effective) does, which reads whole records.

mod blocks;
mod coding;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::envelope::Recorded;
use crate::event::Event;
use crate::event::revision::Target;
use crate::fact::{Fact, Names};
use crate::form::Sealed;
use crate::history::settled::{Action, Revising, Settled};
use crate::id::{EventId, Source};
use crate::position::Position;
use crate::time::Timestamp;

use blocks::Blocks;
pub use coding::ENCODING;

/// What one account's stream told. A copy costs nothing and stays as it is; the first event admitted after that copies
/// the names and a few facts, and shares the others.
#[derive(Debug, Clone, Default)]
pub struct Image(Arc<Told>);

#[derive(Debug, Clone, Default)]
struct Told {
    names: Names,
    /// Original events, in the order of their positions.
    facts: Blocks<Fact>,
    /// Places in `facts` in the order (occurred at, position); empty while that is the order of positions.
    by_time: Vec<u32>,
    /// Corrections and retractions, in the order of their positions.
    revisions: Vec<Revision>,
}

/// Where and when an event was recorded, and when it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recording {
    /// Place in the log.
    pub position: Position,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When it happened, as its source said.
    pub occurred_at: Timestamp,
}

/// A correction or retraction.
#[derive(Debug, Clone, PartialEq)]
struct Revision {
    position: Position,
    recorded_at: Timestamp,
    target: Position,
    change: Change,
}

#[derive(Debug, Clone, PartialEq)]
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
        &self.0.names
    }

    /// How many original events it holds, whether they stand or not.
    pub fn len(&self) -> usize {
        self.0.facts.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.0.facts.is_empty()
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
        let envelope = &recorded.envelope;
        let told = Recording {
            position: envelope.position,
            recorded_at: envelope.recorded_at,
            occurred_at: envelope.heading.occurred_at,
        };
        self.take(told, event, find)
    }

    /// As [`Image::admit`], of the event alone and its place and times.
    ///
    /// # Errors
    /// As [`Image::admit`].
    pub fn take(
        &mut self,
        recording: Recording,
        event: &Event<Sealed>,
        find: impl FnOnce(&Source, &EventId) -> Option<Position>,
    ) -> Result<(), TooMany> {
        if event.event_type().is_own() {
            return Ok(());
        }
        Arc::make_mut(&mut self.0).take(recording, event, find)
    }

    /// An empty one with room for the first of so many events.
    pub fn with_room(events: usize) -> Self {
        let mut told = Told::default();
        told.facts.reserve(events);
        Self(Arc::new(told))
    }

    /// Every event that it holds, whether it stands or not: its position, when it was recorded and when it
    /// happened; `None` for a correction or retraction, which may change what happened at any time.
    pub fn recordings(&self) -> impl Iterator<Item = (Position, Timestamp, Option<Timestamp>)> + '_ {
        let Told { facts, revisions, .. } = &*self.0;
        let facts = facts.iter().map(|fact| (fact.position, fact.recorded_at, Some(fact.occurred_at)));
        facts.chain(revisions.iter().map(|revision| (revision.position, revision.recorded_at, None)))
    }

    /// Hands the effective history at (T, K) to `visit`, fact by fact, in the order (occurred at, position).
    /// Cost: O(events), and O(log n) more for each where any is revised.
    pub fn visit(&self, as_of: Timestamp, known_at: Timestamp, visit: impl FnMut(&Fact)) {
        self.0.visit(as_of, known_at, visit);
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
        let mut imagined = Told { names: self.0.names.clone(), ..Told::default() };
        let facts = self.0.facts.iter().filter(|fact| fact.recorded_at <= known_at);
        for fact in facts.filter(|fact| !without.contains(&fact.position)) {
            imagined.push(fact.clone())?;
        }
        let revisions = self.0.revisions.iter().filter(|revision| revision.recorded_at <= known_at);
        let kept = revisions.filter(|revision| !without.contains(&revision.position));
        imagined.revisions.extend(kept.cloned());
        Ok(Self(Arc::new(imagined)))
    }

    /// The corrections and retractions of an event, and of those in turn, that were recorded in (`after`,
    /// `until`], in the order of their positions.
    pub fn revisions_of(&self, event: Position, after: Timestamp, until: Timestamp) -> Vec<Position> {
        let mut concerned = BTreeSet::from([event]);
        let mut revisions = Vec::new();
        for revision in &self.0.revisions {
            if concerned.contains(&revision.target) && revision.recorded_at <= until {
                concerned.insert(revision.position);
                if revision.recorded_at > after {
                    revisions.push(revision.position);
                }
            }
        }
        revisions
    }
}

impl Told {
    fn take(
        &mut self,
        told: Recording,
        event: &Event<Sealed>,
        find: impl FnOnce(&Source, &EventId) -> Option<Position>,
    ) -> Result<(), TooMany> {
        if let Event::EventRetracted(retraction) = event {
            self.revise(told, place(&retraction.target, find), Change::Retracted);
        } else if let Event::EventCorrected(correction) = event {
            let fact = match &correction.data {
                Some(data) => Some(Box::new(self.read(told, data)?)),
                None => None,
            };
            let change = Change::Corrected { time: correction.time, fact };
            self.revise(told, place(&correction.target, find), change);
        } else {
            let fact = self.read(told, event)?;
            self.push(fact)?;
        }
        Ok(())
    }

    fn read(&mut self, told: Recording, event: &Event<Sealed>) -> Result<Fact, TooMany> {
        let Recording { position, recorded_at, occurred_at } = told;
        Fact::read(position, occurred_at, recorded_at, event, &mut self.names).ok_or(TooMany)
    }

    fn revise(&mut self, told: Recording, target: Option<Position>, change: Change) {
        if let Some(target) = target {
            let Recording { position, recorded_at, .. } = told;
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

    fn visit(&self, as_of: Timestamp, known_at: Timestamp, mut visit: impl FnMut(&Fact)) {
        let known = self.facts.partition_point(|fact| fact.recorded_at <= known_at);
        let revised = self.revisions.partition_point(|revision| revision.recorded_at <= known_at);
        let told = self.in_time(known).take_while(|fact| fact.occurred_at <= as_of);
        match self.revisions.get(..revised) {
            None | Some([]) => told.for_each(visit),
            Some(revisions) => {
                let settled = Settled::of(revisions.iter().map(Revision::revising));
                let (touched, changed) = (self.touched(&settled), self.changed(&settled, as_of));
                let (mut touched, mut changed) = (touched.iter().peekable(), changed.iter().peekable());
                for fact in told {
                    if touched.next_if(|touched| touched.position == fact.position).is_some() {
                        continue;
                    }
                    while let Some(earlier) = changed.next_if(|changed| changed.stands_before(fact)) {
                        visit(earlier);
                    }
                    visit(fact);
                }
                changed.for_each(visit);
            }
        }
    }

    /// The first `known` facts, in the order (occurred at, position).
    fn in_time(&self, known: usize) -> impl Iterator<Item = &Fact> {
        let as_told = if self.by_time.is_empty() { known } else { 0 };
        let sorted = self.by_time.iter().filter(move |place| (**place as usize) < known);
        let sorted = sorted.filter_map(|place| self.facts.get(*place as usize));
        self.facts.iter().take(as_told).chain(sorted)
    }

    /// The facts that are not as they were told, in the order (occurred at, position).
    fn touched(&self, settled: &Settled) -> Vec<&Fact> {
        let mut touched: Vec<_> = settled.touched().filter_map(|position| self.fact(position)).collect();
        touched.sort_by_key(|fact| (fact.occurred_at, fact.position));
        touched.dedup_by_key(|fact| fact.position);
        touched
    }

    fn fact(&self, position: Position) -> Option<&Fact> {
        let place = self.facts.partition_point(|fact| fact.position < position);
        self.facts.get(place).filter(|fact| fact.position == position)
    }

    /// The facts whose corrections stand, as corrected, in the order (occurred at, position).
    fn changed(&self, settled: &Settled, as_of: Timestamp) -> Vec<Fact> {
        let standing = settled.corrected().filter(|(position, _)| !settled.is_retracted(*position));
        let changed = standing.filter_map(|(position, corrections)| {
            Some(self.corrected(self.fact(position)?, corrections).into_owned())
        });
        let mut changed: Vec<_> = changed.filter(|fact| fact.occurred_at <= as_of).collect();
        changed.sort_by_key(|fact| (fact.occurred_at, fact.position));
        changed
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
