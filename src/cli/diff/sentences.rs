//! A difference in sentences.

use guanxi_projections::diff::{Change, Class, ClassChange, Difference, Part, Turned};
use guanxi_projections::measure::Measure;
use guanxi_projections::stage::Transition;

use super::super::reasons::{Speech, figure, is_nothing, points, points_line, way};
use crate::ledger::DiffAnswer;

/// The difference in sentences.
pub(super) fn describe(answer: &DiffAnswer, speech: Speech<'_>) -> String {
    let difference = &answer.difference;
    let mut text = format!("{}\n", title(answer, speech));
    text += &stage(difference, speech);
    if let Some(turned) = &difference.colour {
        let name = |colour: guanxi_projections::health::Colour| speech.words.name("colour", colour.as_str());
        text += &turn("diff-colour", turned, name, speech);
    }
    if let Some(turned) = &difference.quadrant {
        let name = |quadrant: guanxi_projections::quadrant::Quadrant| {
            speech.words.name("quadrant", quadrant.as_str())
        };
        text += &turn("diff-quadrant", turned, name, speech);
    }
    for change in &difference.measures {
        text += &measure(change, speech);
    }
    text
}

fn title(answer: &DiffAnswer, speech: Speech<'_>) -> String {
    let (from, to) = (&answer.from, &answer.to);
    let says = [
        ("name", answer.name.as_str().into()),
        ("from", speech.moment(from.as_of)),
        ("to", speech.moment(to.as_of)),
        ("known", speech.moment(to.known_at)),
        ("known_from", speech.moment(from.known_at)),
        ("known_to", speech.moment(to.known_at)),
    ];
    let id = if from.known_at == to.known_at {
        "diff-title"
    } else if from.as_of == to.as_of {
        "diff-title-restated"
    } else {
        "diff-title-seen"
    };
    speech.words.say(id, &says)
}

/// How the stage moved, by the transitions where the later side has others than the earlier one.
fn stage(difference: &Difference, speech: Speech<'_>) -> String {
    let Some(turned) = &difference.stage else { return String::new() };
    let words = speech.words;
    let name = |stage: Option<guanxi_projections::stage::Stage>| {
        stage.map(|stage| words.name("stage", stage.as_str()))
    };
    let (Some(from), Some(to)) = (name(turned.from), name(turned.to)) else {
        return format!("{}\n", words.say("diff-began", &[]));
    };
    let says = [("from", from.into()), ("to", to.into())];
    if difference.transitions.is_empty() {
        let name = |stage: guanxi_projections::stage::Stage| words.name("stage", stage.as_str());
        return turn("diff-stage-caused", turned, name, speech);
    }
    let lines = difference.transitions.iter().map(|transition| self::transition(transition, speech));
    let lines: String = lines.collect();
    format!("{}\n{lines}", words.say("diff-stage", &says))
}

fn transition(transition: &Transition, speech: Speech<'_>) -> String {
    let Transition { from, to, at, cause } = transition;
    let says = [
        ("day", speech.day(*at)),
        ("from", speech.words.name("stage", from.as_str()).into()),
        ("to", speech.words.name("stage", to.as_str()).into()),
        ("cause", speech.because(cause, *at).into()),
    ];
    format!("  {}\n", speech.words.say("diff-transition", &says))
}

/// How something that is no number moved; the last step decided.
fn turn<T: Copy>(id: &str, turned: &Turned<T>, name: impl Fn(T) -> String, speech: Speech<'_>) -> String {
    let (Some(from), Some(to), Some(last)) = (turned.from, turned.to, turned.causes.last()) else {
        return String::new();
    };
    let cause = match &last.event {
        Some(event) => speech.event(event),
        None => class_name(last.class, speech),
    };
    let says = [("from", name(from).into()), ("to", name(to).into()), ("cause", cause.into())];
    format!("{}\n", speech.words.say(id, &says))
}

pub(in crate::cli) fn class_name(class: Class, speech: Speech<'_>) -> String {
    let word = match class {
        Class::Policy => "policy",
        Class::Epoch => "epoch",
        Class::KeyList => "key_list",
        Class::Faded => "faded",
        Class::Corrected => "corrected",
        Class::Late => "late",
        Class::New => "new",
    };
    speech.words.name("class", word)
}

fn measure(change: &Change, speech: Speech<'_>) -> String {
    let measure = change.measure;
    let classes: String = change.classes.iter().map(|class| self::class(measure, class, speech)).collect();
    let says = [
        ("measure", speech.measure(measure).into()),
        ("from", figure(measure, change.from).into()),
        ("to", figure(measure, change.to).into()),
        ("change", points(measure, change.change).into()),
        ("way", way(measure, change.change)),
    ];
    let id = match (change.from, change.to) {
        (None, None) => "diff-never",
        (None, Some(_)) => "diff-first",
        (Some(_), None) => "diff-lost",
        (Some(_), Some(_)) if classes.is_empty() => "diff-still",
        (Some(_), Some(_)) => "diff-moved",
    };
    format!("{}\n{classes}", speech.words.say(id, &says))
}

/// What one class moved; nothing where it would be told as 0 throughout.
fn class(measure: Measure, class: &ClassChange, speech: Speech<'_>) -> String {
    let mut inner = String::new();
    let mut line = |points: f64, says: &str| {
        if !is_nothing(measure, points) {
            inner += &format!("    {}", points_line(measure, points, says));
        }
    };
    let single = class.parts.len() == 1;
    for part in class.parts.iter().filter(|_| !single) {
        let word = match part.part {
            Part::Anchors => "anchors",
            Part::Calibration => "calibration",
            Part::Rates => "rates",
        };
        line(part.points, &speech.words.name("part", word));
    }
    for one in &class.events {
        line(one.points, &speech.quoted(&one.event, speech.event(&one.event)));
    }
    if let Some(rest) = class.rest {
        line(rest.points, &speech.rest(rest.events));
    }
    if inner.is_empty() && is_nothing(measure, class.points) {
        return inner;
    }
    points_line(measure, class.points, &class_name(class.class, speech)) + &inner
}
