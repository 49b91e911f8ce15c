//! The span of a history, and the cut-offs in it.

use serde::Serialize;

use crate::occasion::Occasion;
use crate::past::Past;
use crate::time::{Timestamp, Zone};

/// From the first occasion of all accounts to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first.
    pub from: Timestamp,
    /// The last.
    pub to: Timestamp,
}

/// Why a backtest has no such cut-offs.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InvalidCutoffs {
    /// There is no occasion at all.
    #[error("there is no {0} in the history: nothing can be foretold")]
    NoOccasion(&'static str),
    /// A share is not one.
    #[error("a cut-off is a share of the span of the history, above 0 and below 1, not {0}")]
    NotAShare(f64),
    /// None was named.
    #[error("a backtest needs at least one cut-off")]
    None,
    /// The window after a cut-off is not over.
    #[error("the {horizon_days} days after the cut-off {at} end after the last occasion, {last}")]
    NotOver {
        /// H.
        horizon_days: u32,
        /// The cut-off, a day.
        at: String,
        /// The last occasion, a day.
        last: String,
    },
}

impl Span {
    /// One account's; `None` without an occasion.
    pub fn of(past: &Past<'_>, occasion: Occasion) -> Option<Self> {
        let mut span: Option<Self> = None;
        past.visit(|fact| {
            if occasion.is(&fact.matter) {
                let at = fact.occurred_at;
                span = Some(Self { from: span.map_or(at, |span| span.from), to: at });
            }
        });
        span
    }

    /// From the earliest beginning to the latest end.
    pub fn of_all(spans: impl IntoIterator<Item = Self>) -> Option<Self> {
        spans.into_iter().reduce(|all, one| Self { from: all.from.min(one.from), to: all.to.max(one.to) })
    }

    /// The cut-offs at shares of the span, ascending: each the end of the day on which so much of it is over.
    ///
    /// # Errors
    /// [`InvalidCutoffs`]: no cut-off may be so late that the days after it are not over.
    pub fn cutoffs(
        &self,
        shares: &[f64],
        horizon_days: u32,
        zone: Zone,
    ) -> Result<Vec<Timestamp>, InvalidCutoffs> {
        if shares.is_empty() {
            return Err(InvalidCutoffs::None);
        }
        let whole = self.to.days_since(self.from);
        let mut cutoffs = Vec::new();
        for share in shares {
            if !(*share > 0.0 && *share < 1.0) {
                return Err(InvalidCutoffs::NotAShare(*share));
            }
            let day = zone.day_of(self.from.plus_days(share * whole));
            let at = zone.end_of(day);
            if at.plus_days(f64::from(horizon_days)) > zone.end_of(zone.day_of(self.to)) {
                let last = zone.day_of(self.to).to_string();
                return Err(InvalidCutoffs::NotOver { horizon_days, at: day.to_string(), last });
            }
            cutoffs.push(at);
        }
        cutoffs.sort();
        cutoffs.dedup();
        Ok(cutoffs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::at;

    #[test]
    fn cut_offs_are_ends_of_days_and_leave_time_for_the_outcome() {
        let span = Span { from: at("2026-01-01T10:00"), to: at("2026-04-11T10:00") };
        let zone = Zone::default();
        let cutoffs = span.cutoffs(&[0.4, 0.1], 30, zone).unwrap();
        assert_eq!(cutoffs, [at("2026-01-11T15:59:59Z"), at("2026-02-10T15:59:59Z")]);
        assert!(matches!(span.cutoffs(&[0.8], 30, zone), Err(InvalidCutoffs::NotOver { .. })));
        assert_eq!(span.cutoffs(&[0.7], 30, zone).unwrap().len(), 1, "the window ends with the last day");
        for share in [0.0, 1.0, f64::NAN] {
            assert!(matches!(span.cutoffs(&[share], 1, zone), Err(InvalidCutoffs::NotAShare(_))));
        }
        assert_eq!(span.cutoffs(&[], 1, zone), Err(InvalidCutoffs::None));
    }
}
