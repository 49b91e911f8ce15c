//! The rules on corrections and retractions that need the ledger: what the target is, and whose.

use guanxi_projections::accept;
use guanxi_projections::envelope::{Heading, Recorded};
use guanxi_projections::event::EventType;
use guanxi_projections::event::revision::{EventCorrected, Target};
use guanxi_projections::form::Clear;
use guanxi_projections::rejection::{Rejection, Rule};
use guanxi_projections::time::Timestamp;
use guanxi_projections::wire::Draft;

use super::openings::Footing;
use super::submit::{Revising, rejection};
use super::{Ledger, LedgerError};

/// A revision that may be recorded.
pub(super) struct Revision {
    /// For a correction: the type of the event it is about.
    pub(super) corrects: Option<EventType>,
    /// Whether the account is open after it; `None`: as before.
    pub(super) open: Option<bool>,
}

/// The type of a target; `None` when this program does not know it.
pub(super) type TargetType = Option<EventType>;

fn refuse(rule: Rule, message: impl Into<String>) -> Rejection {
    Rejection::new(rule, "/data/target", message)
}

/// Finds the target of a revision. `earlier` are the drafts before it in the same submission, whose
/// positions are not known yet: they can be named by source and id.
pub(super) fn find<'d>(
    ledger: &Ledger,
    target: &Target,
    draft: &Draft,
    mut earlier: impl Iterator<Item = &'d Draft>,
    revising: Revising,
) -> Result<Result<TargetType, Rejection>, LedgerError> {
    let unknown = || Ok(Err(refuse(Rule::TargetUnknown, "there is no such event")));
    let place = match target {
        Target::Position(position) => Some(*position),
        Target::Named { source, id } => ledger.log.find(source, id)?,
    };
    let Some(position) = place else {
        let named = |draft: &&Draft| match target {
            Target::Named { source, id } => draft.heading.source == *source && draft.heading.id == *id,
            Target::Position(_) => false,
        };
        let Some(found) = earlier.find(named) else { return unknown() };
        return Ok(of(draft, &found.heading, Some(found.event.event_type()), revising));
    };
    let Some(stored) = ledger.log.record(position)? else { return unknown() };
    let recorded = stored.decode()?;
    Ok(of(draft, &recorded.envelope.heading, recorded.event_type(), revising))
}

fn of(
    draft: &Draft,
    target: &Heading,
    target_type: TargetType,
    revising: Revising,
) -> Result<TargetType, Rejection> {
    let owner = &target.account;
    if draft.heading.account != *owner {
        let message = "the target is an event of another account";
        return Err(refuse(Rule::TargetForeign, format!("{message}, `{owner}`")));
    }
    if revising == Revising::OwnSource && draft.heading.source != target.source {
        let message = "the target is an event of another source: only a manager may revise it";
        return Err(refuse(Rule::SourceForeign, message));
    }
    Ok(target_type)
}

/// Judges a correction of a target of the account's own.
pub(super) fn correct(
    target: TargetType,
    correction: &EventCorrected<Clear>,
    ledger: &Ledger,
    now: Timestamp,
) -> Result<Revision, Rejection> {
    let Some(target_type) = target else {
        let message = "the target is of a type that this program does not know: use a newer one";
        return Err(refuse(Rule::UnknownType, message));
    };
    accept::accept_correction(target_type, correction, now, ledger.zone())?;
    Ok(Revision { corrects: Some(target_type), open: None })
}

/// Whether retracting a target of this type can take an opening back, or bring anything back.
pub(super) fn may_change_openness(target: TargetType) -> bool {
    matches!(target, Some(EventType::AccountOpened | EventType::EventRetracted))
}

/// Judges a retraction by what stands before and after it: an opening may be taken back only when nothing else of
/// the account stands, nothing else may be brought back while no opening stands, and never a second opening.
pub(super) fn retract(
    mut stream: Vec<Recorded>,
    retraction: Recorded,
    draft: &Draft,
) -> Result<Revision, Rejection> {
    let before = Footing::of(&stream);
    stream.push(retraction);
    let after = Footing::of(&stream);
    if after.openings > 1 && after.openings > before.openings {
        return Err(refuse(Rule::AccountExists, "another opening of the account stands"));
    }
    if after.openings == 0 && before.openings > 0 && after.others > 0 {
        let message = "the opening of an account can be retracted only when nothing else of it stands";
        return Err(refuse(Rule::OpeningNotAlone, message));
    }
    if after.openings == 0 && after.others > before.others {
        return Err(rejection(Rule::AccountUnknown, draft));
    }
    Ok(Revision { corrects: None, open: Some(after.openings > 0) })
}
