//! How reasons are said: figures, points, events and moves, the same in every command that gives reasons.

mod causes;

use std::collections::BTreeMap;

use guanxi_projections::calibrate::{CLASS_MIN, ROWS_MIN, TooFew};
use guanxi_projections::event::EventType;
use guanxi_projections::fact::EventRef;
use guanxi_projections::measure::Measure;
use guanxi_projections::position::Position;
use guanxi_projections::stage::Next;
use guanxi_projections::time::{Timestamp, Zone};

use crate::ledger::Facets;
use crate::words::{Language, Word, Words};

/// How reasons are said to one reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speech<'a> {
    pub(super) words: Words,
    pub(super) zone: Zone,
    /// What events say in words.
    pub(super) said: Option<&'a BTreeMap<Position, String>>,
    /// What tells events from others of their type.
    pub(super) facets: Option<&'a Facets>,
}

/// Whether a measure is a share of 1, told as a percentage.
fn is_share(measure: Measure) -> bool {
    matches!(measure, Measure::Outlook | Measure::Confidence)
}

/// A figure of a measure.
pub(super) fn figure(measure: Measure, value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) if is_share(measure) => format!("{:.1} %", 100.0 * value),
        Some(value) => format!("{value:.1}"),
    }
}

/// Points of a measure, with their sign; of a share in hundredths.
pub(super) fn points(measure: Measure, points: f64) -> String {
    let points = if is_share(measure) { 100.0 * points } else { points };
    format!("{points:+.2}")
}

/// Whether points are so few that they would be told as 0.
pub(super) fn is_nothing(measure: Measure, moved: f64) -> bool {
    matches!(points(measure, moved).as_str(), "+0.00" | "-0.00")
}

impl Speech<'_> {
    /// Without anything beside the events.
    pub(super) fn plain(words: Words, zone: Zone) -> Self {
        Self { words, zone, said: None, facets: None }
    }

    pub(super) fn measure(&self, measure: Measure) -> String {
        self.words.name("measure", measure.as_str())
    }

    /// What people call an event of a type; a facet makes it plainer.
    pub(super) fn kind(&self, event_type: EventType, facet: Option<&str>) -> String {
        let kind = event_type.as_str().replace('.', "-");
        let kind = facet.map_or_else(|| kind.clone(), |facet| format!("{kind}-{facet}"));
        self.words.name("event", &kind)
    }

    /// The same of an event that is referred to.
    pub(super) fn kind_of(&self, event: &EventRef) -> String {
        let facet = self.facets.and_then(|facets| facets.get(&event.position));
        self.kind(event.event_type, facet.copied())
    }

    /// An event with its day and its place.
    pub(super) fn event(&self, event: &EventRef) -> String {
        let says = [
            ("event", self.kind_of(event).into()),
            ("day", self.day(event.occurred_at)),
            ("position", event.position.to_string().into()),
        ];
        self.words.say("reason-event", &says)
    }

    /// What names an event, with what the event says itself.
    pub(super) fn quoted(&self, event: &EventRef, named: String) -> String {
        match self.said.and_then(|said| said.get(&event.position)) {
            Some(said) => {
                let quoted = [("named", named.into()), ("said", said.as_str().into())];
                self.words.say("reason-event-said", &quoted)
            }
            None => named,
        }
    }

    /// What comes next unless something happens.
    pub(super) fn next(&self, next: Option<&Next>) -> String {
        let Some(next) = next else { return self.words.say("stage-next-none", &[]) };
        let says = [
            ("stage", self.words.name("stage", next.name.as_str()).into()),
            ("day", self.day(next.at)),
            ("cause", self.words.name("cause", next.cause.as_str()).into()),
        ];
        self.words.say("stage-next", &says)
    }

    /// A day, such as `11 February 2027`.
    pub(super) fn day(&self, at: Timestamp) -> Word {
        let format = match self.words.language() {
            Language::English => "%-d %B %Y",
            Language::Chinese => "%Y年%-m月%-d日",
        };
        self.zone.day_of(at).date().format(format).to_string().into()
    }

    /// An instant: the day alone where it is the day's end, which is what a date means in a question.
    pub(super) fn moment(&self, at: Timestamp) -> Word {
        let local = self.zone.local(at);
        if local.ends_with("23:59:59") { self.day(at) } else { local.into() }
    }

    /// A span of days, such as `1 day` or `104 days`; whole days that have passed.
    pub(super) fn span(&self, days: f64) -> Word {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole days, 0 or more")]
        let days = days.max(0.0).floor() as u64;
        self.words.say("span-days", &[("days", days.into())]).into()
    }

    /// How many further events there are.
    pub(super) fn rest(&self, events: usize) -> String {
        self.words.say("reason-rest", &[("events", (events as u64).into())])
    }
}

/// Which way a figure went, as the messages ask for it.
pub(super) fn way(measure: Measure, change: f64) -> Word {
    match change {
        change if is_nothing(measure, change) => "level",
        0.0.. => "up",
        _ => "down",
    }
    .into()
}

/// A line of points, and what brought them.
pub(super) fn points_line(measure: Measure, moved: f64, what: &str) -> String {
    format!("  {:>9}  {what}\n", points(measure, moved))
}

/// Why there is no fit.
pub(super) fn too_few(few: TooFew, words: Words) -> String {
    let says = [
        ("rows", few.rows.to_string().into()),
        ("returned", few.returned.to_string().into()),
        ("rows_min", ROWS_MIN.to_string().into()),
        ("class_min", CLASS_MIN.to_string().into()),
    ];
    words.say("too-few", &says)
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> Word {
    whole(100.0 * share)
}

/// A figure without decimals.
pub(super) fn whole(figure: f64) -> Word {
    format!("{figure:.0}").into()
}

#[cfg(test)]
mod tests;
