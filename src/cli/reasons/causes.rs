//! Causes of a stage in words.

use guanxi_projections::fact::EventRef;
use guanxi_projections::stage::Cause;
use guanxi_projections::time::Timestamp;

use super::{Speech, percent};

/// A trend that differs by less than this share is called level.
const LEVEL: f64 = 0.005;

impl Speech<'_> {
    /// A cause as a clause. `at` is when the stage that it brought about began.
    pub(in crate::cli) fn because(&self, cause: &Cause, at: Timestamp) -> String {
        let words = self.words;
        match cause {
            Cause::Event { position, event_type } => {
                let facet = self.facets.and_then(|facets| facets.get(position));
                let says = [
                    ("event", self.kind(*event_type, facet.copied()).into()),
                    ("day", self.day(at)),
                    ("position", position.to_string().into()),
                ];
                words.say("because-event", &says)
            }
            Cause::Silence { p, median_gap_days, silent_days, seasonal } => {
                let mut says = vec![("silent", self.span(*silent_days)), ("percent", percent(*p))];
                says.extend(median_gap_days.map(|gap| ("gap", self.span(gap))));
                let id = if median_gap_days.is_some() { "because-silence-gap" } else { "because-silence" };
                let cause = words.say(id, &says);
                if *seasonal { words.say("because-seasonal", &[("cause", cause.into())]) } else { cause }
            }
            Cause::Trend { g, .. } => {
                let change = g.exp_m1();
                let id = if change.abs() < LEVEL {
                    "because-trend-level"
                } else if change < 0.0 {
                    "because-trend-below"
                } else {
                    "because-trend-above"
                };
                words.say(id, &[("percent", percent(change.abs()))])
            }
            Cause::Age { days, orders } => {
                let says = [("orders", u64::from(*orders).into()), ("span", self.span(*days))];
                words.say("because-age", &says)
            }
        }
    }

    /// The same with the event behind it, where the cause does not name it.
    pub(in crate::cli) fn because_of(
        &self,
        cause: &Cause,
        at: Timestamp,
        behind: Option<&EventRef>,
    ) -> String {
        let because = self.because(cause, at);
        let id = match cause {
            Cause::Event { .. } => return because,
            Cause::Silence { .. } => "because-after",
            Cause::Trend { .. } | Cause::Age { .. } => "because-with",
        };
        let Some(event) = behind else { return because };
        let says = [
            ("cause", because.into()),
            ("event", self.kind_of(event).into()),
            ("day", self.day(event.occurred_at)),
            ("position", event.position.to_string().into()),
        ];
        self.words.say(id, &says)
    }
}
