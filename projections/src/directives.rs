//! Directives: what the ledger's own stream says beside policies and rates, at (T, K): frozen anchors, the fit in
//! force, the key list of the last review, and what experts state of industries.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::epoch::{Counts, Fit, Quarter};
use crate::event::Event;
use crate::event::own::{AnchorsFrozen, CalibrationFitted, IndustryRated};
use crate::history::EffectiveEvent;
use crate::id::{AccountId, Actor};
use crate::key_list::KeyList;
use crate::position::Position;
use crate::text::Label;
use crate::time::{Timestamp, Zone};

/// What is in force.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Directives {
    /// The anchors frozen for each quarter, by its name; the last recorded of several.
    anchors: BTreeMap<String, AnchorsFrozen>,
    /// The last fit for each horizon, in days.
    fits: BTreeMap<u32, Fit>,
    /// The key list of the last review, and how it came about.
    pub key_list: KeyList,
    /// What experts stated of industries, in the order of time.
    pub statements: Vec<Statement>,
    /// (good, other) accounts that experts add to an industry.
    pub industries: BTreeMap<Label, Counts>,
}

/// What an expert stated of an industry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Which industry.
    pub industry: Label,
    /// Good accounts added to its count.
    pub positives: u32,
    /// Others added to its count.
    pub negatives: u32,
    /// Why.
    pub reason: Label,
    /// Who stated it.
    pub actor: Actor,
    /// When.
    pub occurred_at: Timestamp,
    /// Where it stands in the log.
    pub position: Position,
}

/// Whether an account is a key account, by the last review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct KeyAccountView {
    /// Whether it is on the list.
    pub member: bool,
    /// Since which review without a break.
    pub since: Option<Timestamp>,
    /// Its rank in the last review.
    pub rank: Option<u32>,
    /// What the last review was as of; `None` before the first.
    pub review: Option<Timestamp>,
}

impl Directives {
    /// Reads the ledger's own effective history; events of other types are passed over. Cost: O(n log n).
    pub fn from_history(ledger_stream: &[EffectiveEvent<'_>], zone: Zone) -> Self {
        let mut directives = Self::default();
        for event in ledger_stream {
            if let Event::AnchorsFrozen(anchors) = event.event {
                directives.anchors.insert(anchors.quarter.to_string(), anchors.clone());
            } else if let Event::CalibrationFitted(fitted) = event.event {
                directives.fits.insert(fitted.horizon, fit(fitted));
            } else if let Event::IndustryRated(rated) = event.event {
                directives.state(rated, event);
            } else {
                directives.key_list.apply(event, zone);
            }
        }
        directives
    }

    /// Whether all but the key list is the same.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.anchors, &self.fits, &self.industries) == (&other.anchors, &other.fits, &other.industries)
    }

    fn state(&mut self, rated: &IndustryRated, event: &EffectiveEvent<'_>) {
        let IndustryRated { industry, positives, negatives, reason } = rated.clone();
        let [good, other] = self.industries.entry(industry.clone()).or_default();
        *good = good.saturating_add(positives);
        *other = other.saturating_add(negatives);
        let actor = event.original.envelope.actor.clone();
        let (occurred_at, position) = (event.occurred_at, event.position);
        self.statements.push(Statement {
            industry,
            positives,
            negatives,
            reason,
            actor,
            occurred_at,
            position,
        });
    }

    /// The anchors recorded for a quarter.
    pub fn anchors(&self, quarter: Quarter) -> Option<&AnchorsFrozen> {
        self.anchors.get(&quarter.to_string())
    }

    /// The fit for a horizon; one for another horizon does not end it.
    pub fn fit(&self, horizon_days: u32) -> Option<&Fit> {
        self.fits.get(&horizon_days)
    }

    /// Accounts that ever entered a review's list.
    pub fn reviewed(&self) -> BTreeSet<AccountId> {
        self.key_list.entered().keys().cloned().collect()
    }

    /// Whether an account is a key account.
    pub fn key_account(&self, account: &AccountId) -> KeyAccountView {
        self.key_list.key_account(account)
    }
}

fn fit(fitted: &CalibrationFitted) -> Fit {
    let CalibrationFitted { horizon, b0, b_s, b_m, b_l, m0, cutoffs: _, rows: _ } = fitted;
    Fit { horizon_days: *horizon, b0: *b0, b_s: *b_s, b_m: *b_m, b_l: *b_l, m0: *m0 }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::event::EventType;
    use crate::story::{Story, at};

    fn directives(events: &[(EventType, serde_json::Value)]) -> Directives {
        let mut ledger = Story::default();
        for (event_type, data) in events {
            ledger.tell(at("2026-01-01"), *event_type, data.clone());
        }
        Directives::from_history(&ledger.effective(Timestamp::MAX), Zone::default())
    }

    /// Anchors used to be looked up as `2026-Q1`, while events name the quarter `2026Q1`.
    #[test]
    fn anchors_are_found_by_the_name_that_events_give_their_quarter() {
        let sample = include_str!("../../fixtures/events/anchors.frozen.json");
        let sample: serde_json::Value = serde_json::from_str(sample).unwrap();
        let directives = directives(&[(EventType::AnchorsFrozen, sample["data"].clone())]);
        let zone = Zone::default();
        assert!(directives.anchors(Quarter::of(at("2026-03-31"), zone)).is_some());
        assert!(directives.anchors(Quarter::of(at("2026-04-30"), zone)).is_none());
    }

    /// A fit for another horizon used to end the one in force.
    #[test]
    fn each_horizon_has_its_last_fit() {
        let fitted = |horizon: u32, b0: f64| {
            let coefficients = json!({ "horizon": horizon, "b0": b0, "bS": 1.0, "bM": 1.0, "bL": 1.0, "m0": 1.0,
                "cutoffs": [], "rows": 50 });
            (EventType::CalibrationFitted, coefficients)
        };
        let directives = directives(&[fitted(90, -1.0), fitted(90, -2.0), fitted(45, -3.0)]);
        let b0 = |horizon| directives.fit(horizon).map(|fit| fit.b0);
        assert_eq!((b0(90), b0(45), b0(180)), (Some(-2.0), Some(-3.0), None));
    }
}
