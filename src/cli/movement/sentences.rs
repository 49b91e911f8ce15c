//! A movement in sentences.

use guanxi_projections::diff::Class;
use guanxi_projections::health::Colour;
use guanxi_projections::measure::Measure;
use guanxi_projections::movement::{Cause, Caused, Change, MovementLine};

use super::super::diff::sentences::class_name;
use super::super::reasons::{Speech, is_nothing, points, whole};
use crate::words::{Word, Words};

/// An account with what changed of it, a line each.
pub(super) fn describe(line: &MovementLine, speech: Speech<'_>) -> String {
    let name = line.name.as_ref().map_or_else(|| line.account.to_string(), ToString::to_string);
    let changes = line.changes.iter().map(|change| says(change, speech));
    let lines: Vec<String> = std::iter::once(name).chain(changes).collect();
    lines.join("\n  ") + "\n"
}

fn says(change: &Change, speech: Speech<'_>) -> String {
    let words = speech.words;
    let pair = |kind: &str, from: &str, to: &str| {
        vec![("from", words.name(kind, from).into()), ("to", words.name(kind, to).into())]
    };
    match change {
        Change::Presence { from: false, .. } => words.say("movement-new", &[]),
        Change::Presence { .. } => words.say("movement-not-yet", &[]),
        Change::Stage { from, to, transitions } => {
            stage(pair("stage", from.as_str(), to.as_str()), transitions.last(), speech)
        }
        Change::Colour { from, to, health_from, health_to, stalled, causes, .. } => {
            let mut says = pair("colour", from.as_str(), to.as_str());
            says.extend(before_and_after(*health_from, *health_to));
            let moved = words.say("movement-colour", &says);
            if *stalled {
                let id =
                    if *to == Colour::Grey { "movement-colour-stalled" } else { "movement-colour-revived" };
                return words.say(id, &[("moved", moved.into())]);
            }
            colour(moved, (*from, *to), causes, speech)
        }
        Change::Quadrant { from, to, coverage_from, coverage_to, causes } => {
            let mut says = pair("quadrant", from.as_str(), to.as_str());
            says.extend(before_and_after(*coverage_from, *coverage_to));
            if causes.is_empty() {
                return words.say("movement-quadrant-listed", &says);
            }
            most(words.say("movement-quadrant", &says), Measure::Coverage, causes, speech)
        }
        Change::Rank { from, to, score_from, score_to, causes, .. } => {
            let mut says = vec![("from", place(*from, words)), ("to", place(*to, words))];
            says.extend(before_and_after(*score_from, *score_to));
            let told = causes.iter().any(|cause| !is_nothing(Measure::Score, cause.points));
            if !told && from.is_some() && to.is_some() {
                return words.say("movement-rank-others", &says);
            }
            most(words.say("movement-rank", &says), Measure::Score, causes, speech)
        }
        Change::KeyList { to, review, .. } => {
            let moved = words.say(if *to { "movement-onto-list" } else { "movement-off-list" }, &[]);
            match review {
                Some(at) => {
                    words.say("movement-review", &[("moved", moved.into()), ("day", speech.day(*at))])
                }
                None => words.say("movement-plain", &[("moved", moved.into())]),
            }
        }
    }
}

/// A change of colour: with grey it is about what is known.
fn colour(moved: String, (from, to): (Colour, Colour), causes: &[Cause], speech: Speech<'_>) -> String {
    let says = |id: &str, moved: String| speech.words.say(id, &[("moved", moved.into())]);
    match (from, to) {
        (_, Colour::Grey) => most(says("movement-colour-less", moved), Measure::Confidence, causes, speech),
        (Colour::Grey, _) => most(says("movement-colour-more", moved), Measure::Confidence, causes, speech),
        (Colour::Red | Colour::Amber | Colour::Green, Colour::Red | Colour::Amber | Colour::Green) => {
            most(moved, Measure::Health, causes, speech)
        }
    }
}

fn stage(mut says: Vec<(&'static str, Word)>, came: Option<&Caused>, speech: Speech<'_>) -> String {
    let Some(came) = came else { return speech.words.say("movement-stage", &says) };
    let transition = &came.transition;
    says.push(("day", speech.day(transition.at)));
    let because = speech.because_of(&transition.cause, transition.at, came.events.first());
    says.push(("because", because.into()));
    speech.words.say("movement-stage-caused", &says)
}

fn before_and_after(before: f64, after: f64) -> [(&'static str, Word); 2] {
    [("before", whole(before)), ("after", whole(after))]
}

fn place(rank: Option<u32>, words: Words) -> Word {
    match rank {
        Some(rank) => words.say("movement-ranked", &[("rank", rank.to_string().into())]).into(),
        None => words.say("movement-unranked", &[]).into(),
    }
}

/// A movement with what moved the figure most.
fn most(moved: String, measure: Measure, causes: &[Cause], speech: Speech<'_>) -> String {
    let words = speech.words;
    let told = causes.iter().filter(|cause| !is_nothing(measure, cause.points));
    let cause = |cause: &Cause| {
        let named = match (cause.class, &cause.event) {
            (Class::Faded, Some(event)) => {
                let says = [("event", speech.event(event).into())];
                words.say("movement-cause-faded", &says)
            }
            (_, Some(event)) => speech.event(event),
            (class, None) => class_name(class, speech),
        };
        let says = [("cause", named.into()), ("points", points(measure, cause.points).into())];
        words.say("movement-cause", &says)
    };
    let causes = words.list(told.map(cause));
    if causes.is_empty() {
        return words.say("movement-plain", &[("moved", moved.into())]);
    }
    words.say("movement-most", &[("moved", moved.into()), ("causes", causes.into())])
}
