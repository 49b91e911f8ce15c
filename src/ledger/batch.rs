//! From drafts to recorded events. Everything that costs time (rules, sealing, encoding, digests) happens here, on
//! the submitter's thread; the log's writer decides only what must be decided in order.
//!
//! Drafts are judged in their order, each as if those before it were recorded already. Where events stand or fall
//! each for itself, those whose judgement hangs on an earlier one wait until that one is recorded in fact.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_projections::accept;
use guanxi_projections::envelope::{Body, Envelope, Recorded};
use guanxi_projections::event::revision::{EventCorrected, EventRetracted, Target};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{AccountId, EventId, Source};
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::rejection::{Rejection, Rule};
use guanxi_projections::time::Timestamp;
use guanxi_projections::wire::{self, Draft};

use super::error::{Refused, SubmitError};
use super::revise::{self, Revision};
use super::submit::{Receipt, Submission, receipt, refused, rejection};
use super::{Ledger, LedgerError};
use crate::log::{AppendError, EncodedBody, Expect, Prepared, RecordError, Unit};
use crate::people;

/// What other submissions may do meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Openness {
    /// Record events; which accounts are open does not change.
    Stable,
    /// Nothing: this one may change which accounts are open.
    Changing,
}

/// The drafts of one submission on their way, in order.
pub(super) struct Batch<'a> {
    ledger: &'a Ledger,
    submission: &'a Submission,
    openness: Openness,
    now: Timestamp,
    /// One per draft; `None` while it waits.
    receipts: Vec<Option<Receipt>>,
    /// What waits for the log.
    waiting: Vec<Prepared>,
    /// Which drafts wait.
    places: Vec<usize>,
    names: BTreeSet<(&'a Source, &'a EventId)>,
    /// Accounts opened, taken back or taken up again by what waits, and whether they are open after it.
    open: BTreeMap<&'a AccountId, bool>,
    /// What waits, as it will be read; told only while openings may change.
    told: Vec<Recorded>,
}

type Judged<T> = Result<Result<T, Rejection>, LedgerError>;

impl<'a> Batch<'a> {
    pub(super) fn new(ledger: &'a Ledger, submission: &'a Submission, openness: Openness) -> Self {
        Self {
            ledger,
            submission,
            openness,
            now: ledger.clock.now(),
            receipts: Vec::with_capacity(submission.drafts.len()),
            waiting: Vec::new(),
            places: Vec::new(),
            names: BTreeSet::new(),
            open: BTreeMap::new(),
            told: Vec::new(),
        }
    }

    /// Records the drafts and returns one receipt for each.
    pub(super) fn submit(mut self) -> Result<Vec<Receipt>, SubmitError> {
        for (index, draft) in self.submission.drafts.iter().enumerate() {
            let apart = self.submission.unit == Unit::Each;
            if apart && self.hangs_on_waiting(draft) {
                self.append()?;
            }
            match (self.settle(index, draft)?, self.submission.unit) {
                (Some(Receipt::Refused(refused)), Unit::Whole) => {
                    return Err(SubmitError::Refused { index, refused });
                }
                (settled, _) => self.receipts.push(settled),
            }
            if apart && self.changes_openness(draft) {
                self.append()?;
            }
        }
        self.append()?;
        Ok(self.receipts.into_iter().flatten().collect())
    }

    /// Whether the draft may change which accounts are open, other than by the first opening of one.
    fn changes_openness(&self, draft: &Draft) -> bool {
        let event_type = draft.event.event_type();
        let reopens =
            event_type == EventType::AccountOpened && self.ledger.log.stream_len(&draft.heading.account) > 0;
        self.openness == Openness::Changing && (event_type == EventType::EventRetracted || reopens)
    }

    fn hangs_on_waiting(&self, draft: &Draft) -> bool {
        let corrects_waiting = || {
            let Event::EventCorrected(EventCorrected { target: Target::Named { source, id }, .. }) =
                &draft.event
            else {
                return false;
            };
            self.names.contains(&(source, id))
        };
        self.changes_openness(draft) || corrects_waiting()
    }

    /// Hands what waits to the log and puts the answers in their places.
    fn append(&mut self) -> Result<(), SubmitError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.ledger.people.sync()?;
        let (waiting, places) = (std::mem::take(&mut self.waiting), std::mem::take(&mut self.places));
        let appended = self.ledger.log.append(waiting, self.submission.unit);
        self.names.clear();
        self.told.clear();
        for account in std::mem::take(&mut self.open).into_keys() {
            self.ledger.openings.forget(account);
        }
        let drafts = &self.submission.drafts;
        let outcomes = appended.map_err(|error| {
            let AppendError::Refused { index, refusal } = error else {
                return SubmitError::Append(error);
            };
            let index = places.get(index).copied().unwrap_or(index);
            SubmitError::Refused { index, refused: refused(&refusal, drafts.get(index)) }
        })?;
        for (index, outcome) in places.into_iter().zip(outcomes) {
            if let (Some(place), Some(draft)) = (self.receipts.get_mut(index), drafts.get(index)) {
                *place = Some(receipt(draft, outcome));
            }
        }
        Ok(())
    }

    /// Judges a draft; `None`: it waits for the log.
    fn settle(&mut self, index: usize, draft: &'a Draft) -> Result<Option<Receipt>, LedgerError> {
        let ledger = self.ledger;
        if let Err(rejection) = accept::accept(draft, self.now, ledger.zone()) {
            return Ok(Some(Receipt::Refused(Refused::Rejected(rejection))));
        }
        let digest = ledger.people.digest(&wire::canonical(draft))?;
        // Before sealing, since sealing makes keys.
        if let Some(seen) = ledger.seen(draft, digest)? {
            return Ok(Some(seen));
        }
        match self.prepare(index, draft, digest)? {
            Ok(()) => Ok(None),
            // It may have been recorded by another submission since it was looked up.
            Err(rejection) => Ok(Some(match ledger.seen(draft, digest)? {
                Some(seen) => seen,
                None => Receipt::Refused(Refused::Rejected(rejection)),
            })),
        }
    }

    fn prepare(&mut self, index: usize, draft: &'a Draft, digest: [u8; 16]) -> Judged<()> {
        let repeats = self.names.contains(&(&draft.heading.source, &draft.heading.id));
        let expect = match self.expect(index, draft)? {
            Ok(expect) => expect,
            // The log tells a duplicate from a conflict.
            Err(_) if repeats => Expect::Present,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let revision = match self.revision(draft)? {
            Ok(revision) => revision,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let (body, sealed) = match self.encode(draft, revision.as_ref())? {
            Ok(encoded) => encoded,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let (actor, heading) = (self.submission.actor.clone(), draft.heading.clone());
        self.waiting.push(Prepared { heading, actor, body, digest, expect });
        self.places.push(index);
        if !repeats {
            self.tell(draft, sealed, revision);
        }
        Ok(Ok(()))
    }

    /// Remembers what waits, for the judgement of what follows.
    fn tell(&mut self, draft: &'a Draft, sealed: Event<Sealed>, revision: Option<Revision>) {
        self.names.insert((&draft.heading.source, &draft.heading.id));
        let opens = draft.event.event_type() == EventType::AccountOpened;
        let open = if opens { Some(true) } else { revision.and_then(|revision| revision.open) };
        if let Some(open) = open {
            self.open.insert(&draft.heading.account, open);
        }
        if self.openness == Openness::Changing {
            self.told.push(self.as_if_recorded(draft, sealed));
        }
    }

    /// The draft as it would be read if it were recorded after all that waits.
    fn as_if_recorded(&self, draft: &Draft, event: Event<Sealed>) -> Recorded {
        let place = self.ledger.log.head().count + self.told.len() as u64;
        let envelope = Envelope {
            position: Position(place),
            sequence: Sequence(place),
            recorded_at: Timestamp::MAX,
            actor: self.submission.actor.clone(),
            heading: draft.heading.clone(),
        };
        Recorded { envelope, body: Body::Known(Box::new(event)) }
    }

    /// The rule on opening, and what the log shall expect of the stream.
    fn expect(&self, index: usize, draft: &Draft) -> Judged<Expect> {
        let account = &draft.heading.account;
        let log = &self.ledger.log;
        let told = self.open.get(account).copied();
        let begun = told.is_some() || log.stream_len(account) > 0;
        let open = match told {
            Some(open) => open,
            None => self.ledger.openings.is_open(log, account)?,
        };
        let event_type = draft.event.event_type();
        let expect = match (event_type == EventType::AccountOpened, open) {
            (true, true) => return Ok(Err(rejection(Rule::AccountExists, draft))),
            (true, false) if !begun => Expect::Absent,
            // A stream without a standing opening is taken up again by another opening, or by taking the
            // retraction of the first one back.
            (false, false) if !(begun && event_type.is_revision()) => {
                return Ok(Err(rejection(Rule::AccountUnknown, draft)));
            }
            _ => Expect::Present,
        };
        Ok(Ok(self.submission.expected_count.filter(|_| index == 0).map_or(expect, Expect::Count)))
    }

    /// Judges the draft against its target, if it is a revision.
    fn revision(&self, draft: &Draft) -> Judged<Option<Revision>> {
        let (Event::EventCorrected(EventCorrected { target, .. })
        | Event::EventRetracted(EventRetracted { target, .. })) = &draft.event
        else {
            return Ok(Ok(None));
        };
        let earlier = self.places.iter().filter_map(|index| self.submission.drafts.get(*index));
        let found = match revise::find(self.ledger, target, draft, earlier, self.submission.revising)? {
            Ok(found) => found,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let judged = if let Event::EventCorrected(correction) = &draft.event {
            revise::correct(found, correction, self.ledger, self.now)
        } else {
            self.retraction(draft, found)?
        };
        Ok(judged.map(Some))
    }

    fn retraction(&self, draft: &Draft, target: revise::TargetType) -> Judged<Revision> {
        let (Event::EventRetracted(retraction), true) = (&draft.event, revise::may_change_openness(target))
        else {
            return Ok(Ok(Revision { corrects: None, open: None }));
        };
        let account = &draft.heading.account;
        let mut stream = self.ledger.log.stream(account)?;
        stream.extend(self.told.iter().filter(|told| told.envelope.heading.account == *account).cloned());
        let retraction = self.as_if_recorded(draft, Event::EventRetracted(retraction.clone()));
        Ok(revise::retract(stream, retraction, draft))
    }

    /// Seals and encodes.
    fn encode(&self, draft: &Draft, revision: Option<&Revision>) -> Judged<(EncodedBody, Event<Sealed>)> {
        let place = people::Place::from(&draft.heading);
        let event = draft.event.clone();
        let people = &self.ledger.people;
        let sealed = match revision.and_then(|revision| revision.corrects) {
            Some(target) => people.seal_correction(place, event, target),
            None => people.seal(place, event),
        };
        let sealed = match sealed {
            Ok(sealed) => sealed,
            Err(error) => return about_the_event(error),
        };
        Ok(match EncodedBody::of(&sealed) {
            Ok(body) => Ok((body, sealed)),
            Err(error @ RecordError::TooLarge(_)) => {
                Err(Rejection::new(Rule::TooLarge, "/data", error.to_string()))
            }
            Err(error) => Err(Rejection::new(Rule::InvalidValue, "/data", error.to_string())),
        })
    }
}

/// Errors of sealing that are about the event are rejections; others are the ledger's.
fn about_the_event<T>(error: people::Error) -> Result<Result<T, Rejection>, LedgerError> {
    let within = matches!(
        error,
        people::Error::PersonUnknown { .. }
            | people::Error::NoPerson { .. }
            | people::Error::TooManyPersons { .. }
            | people::Error::TooLong
    );
    let pointer = if within {
        "/data"
    } else if matches!(error, people::Error::Replacement { .. }) {
        "/data/data"
    } else {
        return Err(error.into());
    };
    Ok(Err(Rejection::new(Rule::InvalidValue, pointer, error.to_string())))
}
