//! The ledger's own events: written by the ledger itself, each by an operation of its own, never by a submission.

use guanxi_projections::envelope::Heading;
use guanxi_projections::event::Event;
use guanxi_projections::event::own::RateSet;
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{AccountId, Actor, EventId, Source};
use guanxi_projections::money::{Amount, Currency};
use guanxi_projections::position::Position;
use guanxi_projections::time::{Day, Precision, Timestamp, When};

use super::{Ledger, LedgerError, Refused, SubmitError};
use crate::log::{AppendError, EncodedBody, Expect, Outcome, Prepared, Refusal, Unit};

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

    pub(super) fn record_own(
        &self,
        actor: &Actor,
        id: &str,
        occurred_at: Timestamp,
        event: &Event<Sealed>,
    ) -> Result<Position, SubmitError> {
        let invalid = |what: String| SubmitError::Ledger(LedgerError::OwnEvent(what));
        let body = EncodedBody::of(event).map_err(|error| invalid(error.to_string()))?;
        let account = AccountId::ledger();
        let expect = Expect::Count(self.log.stream_len(&account));
        let heading = Heading {
            source: Source::new(SOURCE).map_err(|error| invalid(error.to_string()))?,
            id: EventId::new(id).map_err(|error| invalid(error.to_string()))?,
            account,
            occurred_at,
            precision: Precision::Instant,
            correlation: None,
            causation: None,
            source_recorded_at: None,
        };
        let digest = self.people.digest_parts(&[id.as_bytes(), &body.bytes])?;
        let prepared = Prepared { heading, actor: actor.clone(), body, digest, expect };
        let outcomes = self.log.append(vec![prepared], Unit::Whole).map_err(|error| {
            if let AppendError::Refused { index, refusal: Refusal::Count { expected, actual } } = error {
                SubmitError::Refused { index, refused: Refused::PreconditionFailed { expected, actual } }
            } else {
                SubmitError::Append(error)
            }
        })?;
        match outcomes.first() {
            Some(Outcome::Recorded { position, .. } | Outcome::Duplicate { position }) => Ok(*position),
            _ => Err(invalid("the log gave no answer".to_owned())),
        }
    }
}
