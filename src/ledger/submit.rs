//! Submitting: from drafts to recorded events. Everything that costs time (rules, sealing, encoding, digests)
//! happens here, on the submitter's thread; the log's writer decides only what must be decided in order.

use std::collections::BTreeSet;

use guanxi_projections::accept;
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Clear;
use guanxi_projections::id::{AccountId, Actor, EventId, Source};
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::rejection::{Rejection, Rule};
use guanxi_projections::time::Timestamp;
use guanxi_projections::wire::{self, Draft};
use serde::Serialize;

use super::error::{Refused, SubmitError};
use super::revise::{self, Revision};
use super::{Ledger, LedgerError};
use crate::log::{AppendError, EncodedBody, Expect, Outcome, Prepared, RecordError, Refusal, Unit};
use crate::people;

/// What became of one submitted event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It is recorded, durably, now or before.
    Accepted(Accepted),
    /// It was refused; only where events stand or fall each for itself.
    Refused(Refused),
}

/// Where an event stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// Who submitted it.
    pub source: Source,
    /// The source's name for it.
    pub id: EventId,
    /// Place in the log.
    pub position: Position,
    /// Place in the stream; `None` for a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<Sequence>,
    /// When it was recorded; `None` for a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
    /// Whether it was recorded before, with the same content.
    pub duplicate: bool,
}

/// Events that stand or fall together, or each for itself, with who submits them.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The events, in the order in which they are to be recorded.
    pub drafts: Vec<Draft>,
    /// Together or each for itself.
    pub unit: Unit,
    /// Who submits them.
    pub actor: Actor,
    /// How many events the stream of the first draft must have; `None` when that does not matter.
    pub expected_count: Option<u64>,
}

/// One draft on its way.
enum Step {
    /// Goes to the log.
    Prepared(Box<Prepared>),
    /// Needs nothing more.
    Settled(Receipt),
}

impl Ledger {
    /// Records events and returns once they are durable, with one receipt per draft.
    ///
    /// # Errors
    /// [`SubmitError`]; its variants say what was recorded.
    pub fn submit(&self, submission: &Submission) -> Result<Vec<Receipt>, SubmitError> {
        if submission.drafts.iter().any(|draft| draft.event.event_type() == EventType::EventRetracted) {
            let _alone = self.openings.changing();
            let receipts = self.submit_held(submission);
            for draft in &submission.drafts {
                self.openings.forget(&draft.heading.account);
            }
            receipts
        } else {
            let _stable = self.openings.stable();
            self.submit_held(submission)
        }
    }

    fn submit_held(&self, submission: &Submission) -> Result<Vec<Receipt>, SubmitError> {
        let mut batch = Batch { ledger: self, submission, opened: BTreeSet::new(), now: self.clock.now() };
        let mut steps = Vec::with_capacity(submission.drafts.len());
        for (index, draft) in submission.drafts.iter().enumerate() {
            match (batch.prepare(index, draft)?, submission.unit) {
                (Ok(step), _) => steps.push(step),
                (Err(refused), Unit::Each) => steps.push(Step::Settled(Receipt::Refused(refused))),
                (Err(refused), Unit::Whole) => return Err(SubmitError::Refused { index, refused }),
            }
        }
        self.people.sync()?;
        self.append(submission, steps)
    }

    /// Hands the prepared ones to the log and puts the answers back in their places.
    fn append(&self, submission: &Submission, steps: Vec<Step>) -> Result<Vec<Receipt>, SubmitError> {
        let mut receipts: Vec<Option<Receipt>> = Vec::with_capacity(steps.len());
        let (mut prepared, mut places) = (Vec::new(), Vec::new());
        for (index, step) in steps.into_iter().enumerate() {
            match step {
                Step::Settled(receipt) => receipts.push(Some(receipt)),
                Step::Prepared(event) => {
                    receipts.push(None);
                    prepared.push(*event);
                    places.push(index);
                }
            }
        }
        if !prepared.is_empty() {
            let outcomes = self.log.append(prepared, submission.unit).map_err(|error| {
                let AppendError::Refused { index, refusal } = error else {
                    return SubmitError::Append(error);
                };
                let index = places.get(index).copied().unwrap_or(index);
                let refused = refused(&refusal, submission.drafts.get(index));
                SubmitError::Refused { index, refused }
            })?;
            for (index, outcome) in places.into_iter().zip(outcomes) {
                if let (Some(place), Some(draft)) = (receipts.get_mut(index), submission.drafts.get(index)) {
                    *place = Some(receipt(draft, outcome));
                }
            }
        }
        Ok(receipts.into_iter().flatten().collect())
    }
}

/// The drafts of one submission, seen in order.
struct Batch<'a> {
    ledger: &'a Ledger,
    submission: &'a Submission,
    /// Accounts opened earlier in the same submission.
    opened: BTreeSet<&'a AccountId>,
    now: Timestamp,
}

impl<'a> Batch<'a> {
    fn prepare(&mut self, index: usize, draft: &'a Draft) -> Result<Result<Step, Refused>, LedgerError> {
        let ledger = self.ledger;
        if let Err(rejection) = accept::accept(draft, self.now, ledger.zone()) {
            return Ok(Err(Refused::Rejected(rejection)));
        }
        let digest = ledger.people.digest(&wire::canonical(draft))?;
        if let Some(seen) = ledger.seen(draft, digest)? {
            return Ok(seen);
        }
        let expect = match self.expect(index, draft)? {
            Ok(expect) => expect,
            Err(rejection) => return Ok(Err(Refused::Rejected(rejection))),
        };
        let revision = match revise::check(ledger, draft, self.earlier(index), self.now)? {
            Ok(revision) => revision,
            Err(rejection) => return Ok(Err(Refused::Rejected(rejection))),
        };
        let body = match self.encode(draft, revision.as_ref())? {
            Ok(body) => body,
            Err(rejection) => return Ok(Err(Refused::Rejected(rejection))),
        };
        let expect = revision.and_then(|revision| revision.expect).unwrap_or(expect);
        let actor = self.submission.actor.clone();
        let heading = draft.heading.clone();
        Ok(Ok(Step::Prepared(Box::new(Prepared { heading, actor, body, digest, expect }))))
    }

    fn earlier(&self, index: usize) -> &'a [Draft] {
        self.submission.drafts.get(..index).unwrap_or_default()
    }

    /// The rule on opening, and what the log shall expect of the stream.
    fn expect(&mut self, index: usize, draft: &'a Draft) -> Result<Result<Expect, Rejection>, LedgerError> {
        let account = &draft.heading.account;
        let log = &self.ledger.log;
        let asked = self.submission.expected_count.filter(|_| index == 0).map(Expect::Count);
        let here = self.opened.contains(account);
        let open = here || self.ledger.openings.is_open(log, account)?;
        let opens = draft.event.event_type() == EventType::AccountOpened;
        if opens && !here {
            self.opened.insert(account);
        }
        // A stream without a standing opening is taken up again by another opening, or by taking the retraction
        // of the first one back.
        let revives = draft.event.event_type().is_revision() && log.stream_len(account) > 0;
        Ok(match (opens, open) {
            (true, true) => Err(rejection(Rule::AccountExists, draft)),
            (true, false) if log.stream_len(account) > 0 => {
                Ok(asked.unwrap_or(Expect::Count(log.stream_len(account))))
            }
            (true, false) => Ok(asked.unwrap_or(Expect::Absent)),
            (false, false) if !revives => Err(rejection(Rule::AccountUnknown, draft)),
            (false, _) => Ok(asked.unwrap_or(Expect::Present)),
        })
    }

    /// Seals and encodes.
    fn encode(
        &self,
        draft: &Draft,
        revision: Option<&Revision>,
    ) -> Result<Result<EncodedBody, Rejection>, LedgerError> {
        let place = people::Place::from(&draft.heading);
        let event: Event<Clear> = draft.event.clone();
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
            Ok(body) => Ok(body),
            Err(error @ RecordError::TooLarge(_)) => {
                Err(Rejection::new(Rule::TooLarge, "/data", error.to_string()))
            }
            Err(error) => Err(Rejection::new(Rule::InvalidValue, "/data", error.to_string())),
        })
    }
}

impl Ledger {
    /// Whether the event is recorded already. Looked up before sealing, since sealing makes keys.
    fn seen(&self, draft: &Draft, digest: [u8; 16]) -> Result<Option<Result<Step, Refused>>, LedgerError> {
        let Some(position) = self.log.find(&draft.heading.source, &draft.heading.id)? else {
            return Ok(None);
        };
        let same = self.log.record(position)?.is_some_and(|stored| stored.digest == digest);
        Ok(Some(if same {
            Ok(Step::Settled(receipt(draft, Outcome::Duplicate { position })))
        } else {
            Err(Refused::Conflict { position })
        }))
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

fn rejection(rule: Rule, draft: &Draft) -> Rejection {
    let account = &draft.heading.account;
    let message = if rule == Rule::AccountExists {
        format!("the account `{account}` is open already: use `account.updated`")
    } else {
        format!("the account `{account}` is unknown: its first event must be `account.opened`")
    };
    Rejection::new(rule, "/subject", message)
}

fn refused(refusal: &Refusal, draft: Option<&Draft>) -> Refused {
    let about = |rule| match draft {
        Some(draft) => Refused::Rejected(rejection(rule, draft)),
        None => Refused::Rejected(Rejection::new(rule, "/subject", "")),
    };
    match *refusal {
        Refusal::Conflict { position } => Refused::Conflict { position },
        Refusal::Count { expected, actual } => Refused::PreconditionFailed { expected, actual },
        Refusal::Exists => about(Rule::AccountExists),
        Refusal::Missing => about(Rule::AccountUnknown),
        Refusal::TooLarge { max } => {
            let message = format!("the record would have more than {max} bytes");
            Refused::Rejected(Rejection::new(Rule::TooLarge, "", message))
        }
    }
}

fn receipt(draft: &Draft, outcome: Outcome) -> Receipt {
    let (position, sequence, recorded_at) = match outcome {
        Outcome::Recorded { position, sequence, recorded_at } => {
            (position, Some(sequence), Some(recorded_at))
        }
        Outcome::Duplicate { position } => (position, None, None),
        Outcome::Refused(refusal) => return Receipt::Refused(refused(&refusal, Some(draft))),
    };
    Receipt::Accepted(Accepted {
        source: draft.heading.source.clone(),
        id: draft.heading.id.clone(),
        position,
        sequence,
        recorded_at,
        duplicate: sequence.is_none(),
    })
}
