//! What if: an account without some of its events, or with some that are not recorded. Nothing is written, neither
//! to the log nor to the store of persons.

use std::collections::BTreeSet;

use guanxi_projections::accept;
use guanxi_projections::account::AccountState;
use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::envelope::{Body, Envelope, Recorded};
use guanxi_projections::event::revision::{EventCorrected, EventRetracted, Target};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::fact::EventRef;
use guanxi_projections::id::{AccountId, Actor};
use guanxi_projections::image::Image;
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::projection::fold;
use guanxi_projections::rejection::{Rejection, Rule};
use guanxi_projections::time::{Timestamp, When};
use guanxi_projections::whatif::Comparison;
use guanxi_projections::wire::Draft;
use serde::Serialize;

use super::error::Refused;
use super::facets::{Facets, facets};
use super::submit::{Revising, rejection};
use super::{Asked, Ledger, LedgerError, SubmitError, revise};
use crate::people::Imagining;

/// What is to be imagined.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// Events to do without: originals, corrections or retractions.
    pub without: Vec<Target>,
    /// Events to add, in the order in which they would be recorded.
    pub with: Vec<Draft>,
    /// Who asks.
    pub actor: Actor,
}

/// An account as it is, and as it would be.
#[derive(Debug, Clone, Serialize)]
pub struct WhatIfAnswer {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: String,
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The events done without, ascending.
    pub without: BTreeSet<Position>,
    /// Those of them that are originals, as far as they were known to stand.
    #[serde(skip)]
    pub missing: Vec<EventRef>,
    /// What tells those from others of their type.
    #[serde(skip)]
    pub facets: Facets,
    /// The events added.
    pub with: Vec<Added>,
    /// Before, after, and the change.
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// An event that was added.
#[derive(Debug, Clone, Serialize)]
pub struct Added {
    /// Its type.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it would happen.
    pub occurred_at: Timestamp,
    /// What tells it from others of its type.
    #[serde(skip)]
    pub facet: Option<&'static str>,
}

impl Ledger {
    /// What an account would be without some events and with others, at T, as known at K. Unless asked otherwise T
    /// is now, or the time of the last added event if that is later. The added events are judged by the rules on
    /// appending, at T if that is later than now; what is measured over the whole portfolio is held.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`], [`LedgerError::EventUnknown`]; [`SubmitError::Refused`] for an event that
    /// could not be recorded.
    pub fn what_if(
        &self,
        account: &AccountId,
        what_if: &WhatIf,
        asked: &Asked,
    ) -> Result<WhatIfAnswer, SubmitError> {
        let facts = self.image.current(&self.log)?;
        let last = what_if.with.iter().map(|draft| draft.heading.occurred_at).max();
        let now = self.clock.now();
        let as_of = asked.as_of.unwrap_or_else(|| When::At(last.map_or(now, |last| last.max(now))));
        let ground = self.ground(&Asked { as_of: Some(as_of), ..asked.clone() }, &facts)?;
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let before = self.view_of(&facts, &ground, account)?;
        let without = self.masked(account, &what_if.without)?;
        let image = facts.known(account, &ground.coordinates)?;
        let too_many = |source| LedgerError::Image { position: Position(facts.read()), source };
        let mut imagined = image.imagined(known_at, &without).map_err(too_many)?;
        let judging = Judging { ledger: self, account, now: now.max(as_of), known_at, actor: &what_if.actor };
        judging.add_all(&mut imagined, &what_if.with)?;
        let epoch = self.epoch(&facts, &ground);
        let setting = self.setting(&ground, &epoch, account, &imagined);
        let after = fold(AccountState::new(account.clone(), setting), &imagined, as_of, known_at);
        let first = self.log.head().count;
        let places = (0..what_if.with.len() as u64).map(|place| Position(first + place));
        let imagined_facets = facets(&imagined, places.clone(), (Timestamp::MAX, known_at));
        let added = |(draft, position): (&Draft, Position)| Added {
            event_type: draft.event.event_type(),
            occurred_at: draft.heading.occurred_at,
            facet: imagined_facets.get(&position).copied(),
        };
        let mut missing = Vec::new();
        image.visit(Timestamp::MAX, known_at, |fact| {
            missing.extend(without.contains(&fact.position).then(|| fact.event()));
        });
        Ok(WhatIfAnswer {
            account: account.clone(),
            name: Self::name_of(&facts, &ground, account)?,
            coordinates: ground.coordinates,
            facets: facets(image, without.iter().copied(), (Timestamp::MAX, known_at)),
            without,
            missing,
            with: what_if.with.iter().zip(places).map(added).collect(),
            comparison: Comparison::of(&before, &after),
        })
    }

    /// Where the events to do without stand; all are the account's own.
    fn masked(&self, account: &AccountId, targets: &[Target]) -> Result<BTreeSet<Position>, LedgerError> {
        let mut masked = BTreeSet::new();
        for target in targets {
            let unknown = || LedgerError::EventUnknown { account: account.clone(), event: named(target) };
            let position = match target {
                Target::Position(position) => *position,
                Target::Named { source, id } => self.log.find(source, id)?.ok_or_else(unknown)?,
            };
            let stored = self.log.record(position)?.ok_or_else(unknown)?;
            if stored.decode()?.envelope.heading.account != *account {
                return Err(unknown());
            }
            masked.insert(position);
        }
        Ok(masked)
    }
}

fn named(target: &Target) -> String {
    match target {
        Target::Position(position) => format!("at position {position}"),
        Target::Named { source, id } => format!("{source}/{id}"),
    }
}

/// Judges events that will not be recorded.
struct Judging<'a> {
    ledger: &'a Ledger,
    account: &'a AccountId,
    /// When they are judged.
    now: Timestamp,
    known_at: Timestamp,
    actor: &'a Actor,
}

impl Judging<'_> {
    fn add_all(&self, imagined: &mut Image, drafts: &[Draft]) -> Result<(), SubmitError> {
        let mut persons = self.ledger.people.imagining();
        let mut added: Vec<Recorded> = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            let refused = |refused| SubmitError::Refused { index, refused };
            let rejected = |rejection| refused(Refused::Rejected(rejection));
            let heading = &draft.heading;
            if let Some(position) = self.ledger.log.find(&heading.source, &heading.id)? {
                return Err(refused(Refused::Conflict { position }));
            }
            accept::accept(draft, self.now, self.ledger.zone()).map_err(rejected)?;
            self.allowed(draft).map_err(rejected)?;
            let earlier = drafts.get(..index).unwrap_or_default();
            let corrects = self.revision(draft, earlier, &added)?.map_err(rejected)?;
            let recorded =
                self.as_if_recorded(draft, corrects, &mut persons, added.len()).map_err(rejected)?;
            let find = |source: &_, id: &_| {
                let is_named = |one: &&Recorded| {
                    one.envelope.heading.source == *source && one.envelope.heading.id == *id
                };
                let among = added.iter().find(is_named).map(|one| one.envelope.position);
                among.or_else(|| self.ledger.log.find(source, id).ok().flatten())
            };
            let position = recorded.envelope.position;
            let too_many = |source| LedgerError::Image { position, source };
            imagined.admit(&recorded, find).map_err(too_many)?;
            added.push(recorded);
        }
        Ok(())
    }

    /// The rules on the account.
    fn allowed(&self, draft: &Draft) -> Result<(), Rejection> {
        if draft.heading.account != *self.account {
            let message = format!("the question is about `{}`", self.account);
            return Err(Rejection::new(Rule::InvalidValue, "/subject", message));
        }
        // The account has an event at the coordinates, so that it is open.
        if draft.event.event_type() == EventType::AccountOpened {
            return Err(rejection(Rule::AccountExists, draft));
        }
        Ok(())
    }

    /// The rules on revisions; what a correction corrects.
    fn revision(
        &self,
        draft: &Draft,
        earlier: &[Draft],
        added: &[Recorded],
    ) -> Result<Result<Option<EventType>, Rejection>, LedgerError> {
        let (Event::EventCorrected(EventCorrected { target, .. })
        | Event::EventRetracted(EventRetracted { target, .. })) = &draft.event
        else {
            return Ok(Ok(None));
        };
        let found = match revise::find(self.ledger, target, draft, earlier.iter(), Revising::Any)? {
            Ok(found) => found,
            Err(rejection) => return Ok(Err(rejection)),
        };
        if let Event::EventCorrected(correction) = &draft.event {
            let judged = revise::correct(found, correction, self.ledger, self.now);
            return Ok(judged.map(|revision| revision.corrects));
        }
        if let (Event::EventRetracted(retraction), true) = (&draft.event, revise::may_change_openness(found))
        {
            let mut stream = self.ledger.log.stream(self.account)?;
            stream.extend(added.iter().cloned());
            let retraction = self.recorded(draft, Event::EventRetracted(retraction.clone()), added.len());
            return Ok(revise::retract(stream, retraction, draft).map(|_| None));
        }
        Ok(Ok(None))
    }

    fn as_if_recorded(
        &self,
        draft: &Draft,
        corrects: Option<EventType>,
        persons: &mut Imagining<'_>,
        place: usize,
    ) -> Result<Recorded, Rejection> {
        let imagined = persons.imagine(draft.event.clone(), corrects);
        let about_data =
            |error: crate::people::Error| Rejection::new(Rule::InvalidValue, "/data/data", error.to_string());
        Ok(self.recorded(draft, imagined.map_err(about_data)?, place))
    }

    fn recorded(
        &self,
        draft: &Draft,
        event: Event<guanxi_projections::form::Sealed>,
        place: usize,
    ) -> Recorded {
        let position = self.ledger.log.head().count + place as u64;
        let envelope = Envelope {
            position: Position(position),
            sequence: Sequence(position),
            recorded_at: self.known_at,
            actor: self.actor.clone(),
            heading: draft.heading.clone(),
        };
        Recorded { envelope, body: Body::Known(Box::new(event)) }
    }
}
