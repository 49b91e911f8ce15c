//! Submitting: what is handed in and what comes back.

use guanxi_projections::event::EventType;
use guanxi_projections::id::{Actor, EventId, Source};
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::rejection::{Rejection, Rule};
use guanxi_projections::time::Timestamp;
use guanxi_projections::wire::Draft;
use serde::Serialize;

use super::batch::{Batch, Openness};
use super::error::{Refused, SubmitError};
use super::{Ledger, LedgerError};
use crate::log::{Outcome, Refusal, Unit};

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

/// Whose events a submission may correct and retract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revising {
    /// Anybody's.
    Any,
    /// Those of the source that the correction or retraction itself is from.
    OwnSource,
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
    /// Whose events may be corrected and retracted.
    pub revising: Revising,
    /// How many events the stream of the first draft must have; `None` when that does not matter.
    pub expected_count: Option<u64>,
}

impl Ledger {
    /// Records events and returns once they are durable, with one receipt per draft.
    ///
    /// # Errors
    /// [`SubmitError`]; its variants say what was recorded.
    pub fn submit(&self, submission: &Submission) -> Result<Vec<Receipt>, SubmitError> {
        {
            let _stable = self.openings.stable();
            if !self.changes_openings(submission)? {
                return Batch::new(self, submission, Openness::Stable).submit();
            }
        }
        let _alone = self.openings.changing();
        Batch::new(self, submission, Openness::Changing).submit()
    }

    /// Whether accounts may cease to be open, or be taken up again, by these events.
    fn changes_openings(&self, submission: &Submission) -> Result<bool, SubmitError> {
        for draft in &submission.drafts {
            let account = &draft.heading.account;
            let event_type = draft.event.event_type();
            let changes = event_type == EventType::EventRetracted
                || event_type == EventType::AccountOpened
                    && self.log.stream_len(account) > 0
                    && !self.openings.is_open(&self.log, account)?;
            if changes {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What became of the event if it is recorded already.
    pub(super) fn seen(&self, draft: &Draft, digest: [u8; 16]) -> Result<Option<Receipt>, LedgerError> {
        let Some(position) = self.log.find(&draft.heading.source, &draft.heading.id)? else {
            return Ok(None);
        };
        let same = self.log.record(position)?.is_some_and(|stored| stored.digest == digest);
        Ok(Some(if same {
            receipt(draft, Outcome::Duplicate { position })
        } else {
            Receipt::Refused(Refused::Conflict { position })
        }))
    }
}

pub(super) fn rejection(rule: Rule, draft: &Draft) -> Rejection {
    let account = &draft.heading.account;
    let message = if rule == Rule::AccountExists {
        format!("the account `{account}` is open already: use `account.updated`")
    } else {
        format!("the account `{account}` is unknown: its first event must be `account.opened`")
    };
    Rejection::new(rule, "/subject", message)
}

pub(super) fn refused(refusal: &Refusal, draft: Option<&Draft>) -> Refused {
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

pub(super) fn receipt(draft: &Draft, outcome: Outcome) -> Receipt {
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
