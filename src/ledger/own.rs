//! The ledger's own events: written by the ledger itself, each by an operation of its own, never by a submission.

use guanxi_projections::envelope::Heading;
use guanxi_projections::event::Event;
use guanxi_projections::event::own::RateSet;
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{AccountId, Actor, EventId, Source};
use guanxi_projections::money::{Amount, Currency};
use guanxi_projections::position::Position;
use guanxi_projections::time::{Day, Precision, Timestamp, When};

use super::submit::refused;
use super::{Ledger, LedgerError, SubmitError};
use crate::log::{AppendError, EncodedBody, Expect, Outcome, Prepared, Unit};

/// An event of the ledger's own, to be recorded.
#[derive(Debug)]
pub(super) struct OwnEvent {
    /// Its name in the stream, used once.
    pub(super) id: String,
    /// When it is in force from.
    pub(super) occurred_at: Timestamp,
    /// What happened.
    pub(super) event: Event<Sealed>,
}

/// Who speaks in the ledger's own stream.
const SOURCE: &str = "guanxi";

impl Ledger {
    /// Sets a rate of exchange from the beginning of `date` on. Setting the same rate again changes nothing.
    ///
    /// # Errors
    /// [`SubmitError`]; a different rate for the same pair and date is a conflict, to be corrected by a rate of a
    /// later recording.
    pub fn set_rate(
        &self,
        actor: &Actor,
        (from, to): (Currency, Currency),
        rate: Amount,
        date: Day,
    ) -> Result<Position, SubmitError> {
        let count = self.log.stream_len(&AccountId::ledger());
        let event = Event::RateSet(RateSet { from, to, rate, date: When::Day(date) });
        let id = format!("rate:{from}:{to}:{date}:{count}");
        self.record_own(actor, &id, self.zone().start_of(date), &event)
    }

    /// Records an event of the ledger's own.
    pub(super) fn record_own(
        &self,
        actor: &Actor,
        id: &str,
        occurred_at: Timestamp,
        event: &Event<Sealed>,
    ) -> Result<Position, SubmitError> {
        let expected = self.log.stream_len(&AccountId::ledger());
        let event = OwnEvent { id: id.to_owned(), occurred_at, event: event.clone() };
        let positions = self.record_all_own(actor, expected, vec![event])?;
        let silent = || SubmitError::Ledger(LedgerError::OwnEvent("the log gave no answer".to_owned()));
        positions.first().copied().ok_or_else(silent)
    }

    /// Records events of the ledger's own, all or none, if its stream has `expected` events.
    pub(super) fn record_all_own(
        &self,
        actor: &Actor,
        expected: u64,
        events: Vec<OwnEvent>,
    ) -> Result<Vec<Position>, SubmitError> {
        let prepared: Vec<Prepared> = events
            .into_iter()
            .zip(expected..)
            .map(|(event, count)| self.prepare_own(actor, count, event))
            .collect::<Result<_, SubmitError>>()?;
        let outcomes = self.log.append(prepared, Unit::Whole).map_err(|error| {
            if let AppendError::Refused { index, refusal } = error {
                SubmitError::Refused { index, refused: refused(&refusal, None) }
            } else {
                SubmitError::Append(error)
            }
        })?;
        let position = |outcome: Outcome| match outcome {
            Outcome::Recorded { position, .. } | Outcome::Duplicate { position } => Ok(position),
            Outcome::Refused(refusal) => {
                Err(SubmitError::Refused { index: 0, refused: refused(&refusal, None) })
            }
        };
        outcomes.into_iter().map(position).collect()
    }

    fn prepare_own(&self, actor: &Actor, count: u64, event: OwnEvent) -> Result<Prepared, SubmitError> {
        let OwnEvent { id, occurred_at, event } = event;
        let invalid = |what: String| SubmitError::Ledger(LedgerError::OwnEvent(what));
        let body = EncodedBody::of(&event).map_err(|error| invalid(error.to_string()))?;
        let heading = Heading {
            source: Source::new(SOURCE).map_err(|error| invalid(error.to_string()))?,
            id: EventId::new(id.clone()).map_err(|error| invalid(error.to_string()))?,
            account: AccountId::ledger(),
            occurred_at,
            precision: Precision::Instant,
            correlation: None,
            causation: None,
            source_recorded_at: None,
        };
        let digest = self.people.digest_parts(&[id.as_bytes(), &body.bytes])?;
        Ok(Prepared { heading, actor: actor.clone(), body, digest, expect: Expect::Count(count) })
    }
}
