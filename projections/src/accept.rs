//! The rules on appending that need no ledger: what a draft must satisfy by itself.
//!
//! Rules about the account and about the target of a revision are the ledger's, which knows both; it reports
//! them as [`Rejection`]s too.

use std::collections::BTreeSet;

use chrono::Datelike as _;

use crate::event::assessment::{AssessmentMade, Dimension};
use crate::event::plan::PlanSet;
use crate::event::revision::EventCorrected;
use crate::event::{Event, EventType};
use crate::form::Clear;
use crate::rejection::{Rejection, Rule};
use crate::time::{Precision, SECOND_US, Timestamp, Zone};
use crate::wire::{self, Draft};

/// How far ahead of the ledger's clock a source's clock may be: five minutes, in microseconds.
pub const FUTURE_TOLERANCE_US: i64 = 300 * SECOND_US;

/// Accepts a draft, as far as that can be judged without the ledger. `now` is the ledger's clock, `zone` its
/// zone.
///
/// # Errors
/// The first rule broken, with a pointer to the field.
pub fn accept(draft: &Draft, now: Timestamp, zone: Zone) -> Result<(), Rejection> {
    let event_type = draft.event.event_type();
    if event_type.is_own() {
        let message = format!("`{}` is written by the ledger's own commands alone", event_type.as_str());
        return Err(Rejection::new(Rule::OwnType, "/type", message));
    }
    if draft.heading.account.is_ledger() {
        let message = "accounts beginning with `$` are the ledger's own";
        return Err(Rejection::new(Rule::OwnType, "/subject", message));
    }
    // A correction's own time does not matter for anything, but a wrong clock should be heard of.
    not_in_future(event_type, draft.heading.occurred_at, draft.heading.precision, "/time", now, zone)?;
    consistent(&draft.event, "/data")
}

/// Accepts a correction against the type of its target, and gives its new data typed like it.
///
/// # Errors
/// [`Rule::TargetIsCorrection`] for a target that is itself a revision, and what [`accept`] would say of the
/// target with the new time and data, with pointers into the correction (`/data/time`, `/data/data/...`).
pub fn accept_correction(
    target: EventType,
    correction: &EventCorrected<Clear>,
    now: Timestamp,
    zone: Zone,
) -> Result<Option<Event<Clear>>, Rejection> {
    if target.is_revision() {
        let message = "a correction or retraction cannot be corrected: retract it";
        return Err(Rejection::new(Rule::TargetIsCorrection, "/data/target", message));
    }
    if let Some(time) = correction.time {
        not_in_future(target, time, Precision::Instant, "/data/time", now, zone)?;
    }
    let Some(replacement) = &correction.data else { return Ok(None) };
    let event = wire::data(target, replacement, "/data/data")?;
    consistent(&event, "/data/data")?;
    Ok(Some(event))
}

/// Only a planned meeting may lie in the future; a day or month may be the one that has not ended yet.
fn not_in_future(
    event_type: EventType,
    time: Timestamp,
    precision: Precision,
    pointer: &str,
    now: Timestamp,
    zone: Zone,
) -> Result<(), Rejection> {
    let latest = now.plus_micros(FUTURE_TOLERANCE_US);
    let (time_day, latest_day) = (zone.day_of(time), zone.day_of(latest));
    let month = |day: crate::time::Day| (day.date().year(), day.date().month());
    let past = match precision {
        Precision::Instant => time <= latest,
        Precision::Day => time_day <= latest_day,
        Precision::Month => month(time_day) <= month(latest_day),
    };
    if past || event_type == EventType::MeetingPlanned {
        return Ok(());
    }
    let message = format!("`{time}` lies in the future: it is {now} by the ledger's clock");
    Err(Rejection::new(Rule::Future, pointer, message))
}

/// Whether the fields of a payload go together.
fn consistent(event: &Event<Clear>, pointer: &str) -> Result<(), Rejection> {
    let refuse =
        |rule, field: &str, message: &str| Err(Rejection::new(rule, format!("{pointer}{field}"), message));
    if let Event::AssessmentMade(assessment) = event {
        return consistent_assessment(assessment, pointer);
    }
    if let Event::PlanSet(plan) = event {
        return distinct_objectives(plan, pointer);
    }
    if let Event::FeedbackGiven(feedback) = event
        && feedback.csat.is_none()
        && feedback.nps.is_none()
    {
        return refuse(Rule::NothingSaid, "", "a feedback needs `csat`, `nps` or both");
    }
    if let Event::EventCorrected(correction) = event {
        match &correction.data {
            None if correction.time.is_none() => {
                return refuse(Rule::NothingSaid, "", "a correction needs `time`, `data` or both");
            }
            Some(data) if !data.is_object() => {
                return refuse(Rule::InvalidValue, "/data", "the data of an event is a JSON object");
            }
            _ => {}
        }
    }
    Ok(())
}

fn consistent_assessment(assessment: &AssessmentMade<Clear>, pointer: &str) -> Result<(), Rejection> {
    let (field, message) = match (assessment.value, assessment.wallet) {
        (None, None) => ("", "an assessment needs a `value` or a `wallet`"),
        (Some(_), Some(_)) => ("/wallet", "an assessment has either a `value` or a `wallet`, not both"),
        (None, Some(_)) if assessment.dimension != Dimension::Potential => {
            ("/wallet", "a `wallet` is a judgement of the dimension `potential` alone")
        }
        _ => return Ok(()),
    };
    Err(Rejection::new(Rule::Contradiction, format!("{pointer}{field}"), message))
}

fn distinct_objectives(plan: &PlanSet, pointer: &str) -> Result<(), Rejection> {
    let mut seen = BTreeSet::new();
    for (index, objective) in plan.objectives.iter().enumerate() {
        if !seen.insert(&objective.objective) {
            let message = format!("the plan has an objective `{}` already", objective.objective);
            let pointer = format!("{pointer}/objectives/{index}/objective");
            return Err(Rejection::new(Rule::Contradiction, pointer, message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
