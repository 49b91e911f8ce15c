//! The rules on corrections and retractions that need the ledger: what the target is, and whose.

use guanxi_projections::accept;
use guanxi_projections::event::revision::{EventCorrected, EventRetracted, Target};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Clear;
use guanxi_projections::id::AccountId;
use guanxi_projections::rejection::{Rejection, Rule};
use guanxi_projections::time::Timestamp;
use guanxi_projections::wire::Draft;

use super::openings::stands_alone;
use super::{Ledger, LedgerError};
use crate::log::Expect;

/// A revision that may be recorded.
pub(super) struct Revision {
    /// For a correction: the type of the event it is about.
    pub(super) corrects: Option<EventType>,
    /// What the stream must look like when it is recorded; `None`: nothing in particular.
    pub(super) expect: Option<Expect>,
}

/// What a revision is about.
struct Found {
    account: AccountId,
    /// `None` when this program does not know the type.
    event_type: Option<EventType>,
}

type Checked<T> = Result<Result<T, Rejection>, LedgerError>;

/// Checks a draft against its target, if it is a revision. `earlier` are the drafts before it in the same
/// submission, whose positions are not known yet: they can be named by source and id.
pub(super) fn check(
    ledger: &Ledger,
    draft: &Draft,
    earlier: &[Draft],
    now: Timestamp,
) -> Checked<Option<Revision>> {
    let (Event::EventCorrected(EventCorrected { target, .. })
    | Event::EventRetracted(EventRetracted { target, .. })) = &draft.event
    else {
        return Ok(Ok(None));
    };
    let Some(found) = find(ledger, target, earlier)? else {
        return Ok(Err(refuse(Rule::TargetUnknown, "there is no such event")));
    };
    if found.account != draft.heading.account {
        let message = format!("the target is an event of another account, `{}`", found.account);
        return Ok(Err(refuse(Rule::TargetForeign, message)));
    }
    if let Event::EventCorrected(correction) = &draft.event {
        Ok(correct(&found, correction, ledger, now))
    } else {
        retract(&found, ledger)
    }
}

fn refuse(rule: Rule, message: impl Into<String>) -> Rejection {
    Rejection::new(rule, "/data/target", message)
}

fn find(ledger: &Ledger, target: &Target, earlier: &[Draft]) -> Result<Option<Found>, LedgerError> {
    let position = match target {
        Target::Position(position) => Some(*position),
        Target::Named { source, id } => {
            let same = |draft: &&Draft| draft.heading.source == *source && draft.heading.id == *id;
            if let Some(draft) = earlier.iter().find(same) {
                let event_type = Some(draft.event.event_type());
                return Ok(Some(Found { account: draft.heading.account.clone(), event_type }));
            }
            ledger.log.find(source, id)?
        }
    };
    let Some(position) = position else { return Ok(None) };
    let Some(stored) = ledger.log.record(position)? else { return Ok(None) };
    let recorded = stored.decode()?;
    let event_type = recorded.event_type();
    Ok(Some(Found { account: recorded.envelope.heading.account, event_type }))
}

fn correct(
    found: &Found,
    correction: &EventCorrected<Clear>,
    ledger: &Ledger,
    now: Timestamp,
) -> Result<Option<Revision>, Rejection> {
    let Some(target_type) = found.event_type else {
        let message = "the target is of a type that this program does not know: use a newer one";
        return Err(refuse(Rule::UnknownType, message));
    };
    accept::accept_correction(target_type, correction, now, ledger.zone())?;
    Ok(Some(Revision { corrects: Some(target_type), expect: None }))
}

/// An opening may be retracted only when nothing else of the account stands.
fn retract(found: &Found, ledger: &Ledger) -> Checked<Option<Revision>> {
    let Some(EventType::AccountOpened) = found.event_type else {
        let target_type = found.event_type.unwrap_or(EventType::NoteTaken);
        return Ok(Ok(Some(Revision { corrects: Some(target_type), expect: None })));
    };
    let stream = ledger.log.stream(&found.account)?;
    if !stands_alone(&stream) {
        let message = "the opening of an account can be retracted only when nothing else of it stands";
        return Ok(Err(refuse(Rule::OpeningNotAlone, message)));
    }
    let expect = Some(Expect::Count(stream.len() as u64));
    Ok(Ok(Some(Revision { corrects: None, expect })))
}
