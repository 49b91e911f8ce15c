//! How reasons are said: figures, points, events and moves, the same in every command that gives reasons.

use std::collections::BTreeMap;

use guanxi_projections::fact::EventRef;
use guanxi_projections::measure::Measure;
use guanxi_projections::position::Position;
use guanxi_projections::stage::Next;
use guanxi_projections::time::Zone;

use crate::words::Words;

/// How reasons are said to one reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speech<'a> {
    pub(super) words: Words,
    pub(super) zone: Zone,
    /// What events say in words.
    pub(super) said: Option<&'a BTreeMap<Position, String>>,
}

/// Whether a measure runs to 100, or is small.
fn is_percent(measure: Measure) -> bool {
    !matches!(measure, Measure::Outlook | Measure::Confidence | Measure::Exposure)
}

/// A figure of a measure.
pub(super) fn figure(measure: Measure, value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) if is_percent(measure) => format!("{value:.1}"),
        Some(value) => format!("{value:.3}"),
    }
}

/// Points of a measure, with their sign.
pub(super) fn points(measure: Measure, points: f64) -> String {
    if is_percent(measure) { format!("{points:+.2}") } else { format!("{points:+.4}") }
}

impl Speech<'_> {
    pub(super) fn measure(&self, measure: Measure) -> String {
        self.words.name("measure", measure.as_str())
    }

    /// An event with its day, its place and what it says.
    pub(super) fn event(&self, event: &EventRef) -> String {
        let kind = self.words.name("event", &event.event_type.as_str().replace('.', "-"));
        let says = [
            ("event", kind.into()),
            ("day", self.zone.day_of(event.occurred_at).to_string().into()),
            ("position", event.position.to_string().into()),
        ];
        let named = self.words.say("reason-event", &says);
        match self.said.and_then(|said| said.get(&event.position)) {
            Some(said) => {
                let quoted = [("named", named.into()), ("said", said.as_str().into())];
                self.words.say("reason-event-said", &quoted)
            }
            None => named,
        }
    }

    /// How a figure moves.
    pub(super) fn moved(
        &self,
        measure: Measure,
        (from, to): (Option<f64>, Option<f64>),
        change: f64,
    ) -> String {
        let says = [
            ("measure", self.measure(measure).into()),
            ("from", figure(measure, from).into()),
            ("to", figure(measure, to).into()),
            ("change", points(measure, change).into()),
        ];
        self.words.say("reason-moved", &says)
    }

    /// How something that is no number moves.
    pub(super) fn turned(&self, kind: &str, (from, to): (Option<&str>, Option<&str>)) -> String {
        let name =
            |word: Option<&str>| word.map_or_else(|| "-".to_owned(), |word| self.words.name(kind, word));
        let what = self.words.say(&format!("label-{kind}"), &[]);
        let says = [("what", what.into()), ("from", name(from).into()), ("to", name(to).into())];
        self.words.say("reason-turned", &says)
    }

    /// What comes next unless something happens.
    pub(super) fn next(&self, next: Option<&Next>) -> String {
        let Some(next) = next else { return self.words.say("stage-next-none", &[]) };
        let says = [
            ("stage", self.words.name("stage", next.name.as_str()).into()),
            ("day", self.zone.day_of(next.at).to_string().into()),
            ("cause", self.words.name("cause", next.cause.as_str()).into()),
        ];
        self.words.say("stage-next", &says)
    }
}

/// A line of points, and what brought them.
pub(super) fn points_line(measure: Measure, moved: f64, what: &str) -> String {
    format!("  {:>9}  {what}\n", points(measure, moved))
}
