//! Differences: why the figures of one account at (T2, K2) are not those at (T1, K1), to the last digit.
//!
//! The account is folded again and again, each time with one thing more as it is on the later side; what each step
//! moves belongs to it, so that the steps sum to the change. `Source:` model specification, section 11.
//!
//! The order, which matters where things act together: first what holds for the whole portfolio (policy, anchors,
//! calibration, rates, key list), on the earlier history at T1; then time alone, from T1 to T2; then, read at T2,
//! what was corrected, what was recorded late, and what is new, each event in the order of its time. So the policy
//! is judged on what was known before, time on what stood still, and news on top of everything else: an event's
//! points are what it changed at T2 when all before it was as it is.
//!
//! - *Corrected*: known at K1 to have happened by T1 and otherwise or no longer known so at K2; or the reverse, by a
//!   correction or by taking back a retraction.
//! - *Late*: happened by T1, recorded in (K1, K2].
//! - *New*: happened in (T1, T2].
//!
//! An outlook that does not exist (no order yet) counts as 0 in the split.

mod changes;
mod walk;

use serde::Serialize;

use crate::fact::EventRef;
use crate::health::Colour;
use crate::id::AccountId;
use crate::image::Image;
use crate::measure::Measure;
use crate::position::Position;
use crate::quadrant::Quadrant;
use crate::setting::Setting;
use crate::stage::{Stage, Transition};
use crate::time::Timestamp;
use walk::Walk;

/// One of the two sides: coordinates, with what holds there.
#[derive(Debug, Clone, Copy)]
pub struct Side<'p> {
    /// T.
    pub as_of: Timestamp,
    /// K.
    pub known_at: Timestamp,
    /// Policy, epoch, fit, rates and key list there.
    pub setting: Setting<'p>,
}

/// What a part of a change is due to, in the order of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Another policy.
    Policy,
    /// Anchors, calibration and rates of exchange.
    Epoch,
    /// On or off the key list.
    KeyList,
    /// Time went by.
    Faded,
    /// Events corrected, taken back, or brought back.
    Corrected,
    /// Events of before T1 that were not known yet.
    Late,
    /// Events since T1.
    New,
}

/// Why the figures differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Every measure.
    pub measures: Vec<Change>,
    /// How the stage moved; `None` when it did not.
    pub stage: Option<Turned<Stage>>,
    /// The transitions on the later side that are not on the earlier one.
    pub transitions: Vec<Transition>,
    /// How the colour moved; `None` when it did not.
    pub colour: Option<Turned<Colour>>,
    /// How the quadrant moved; `None` when it did not.
    pub quadrant: Option<Turned<Quadrant>>,
}

/// Why a measure differs: the change is the sum of its classes and the residual.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What is measured.
    pub measure: Measure,
    /// On the earlier side; `None` for an outlook before the first order.
    pub from: Option<f64>,
    /// On the later side.
    pub to: Option<f64>,
    /// By how much; what does not exist counts as 0.
    pub change: f64,
    /// What it is due to; classes that moved nothing are left out.
    pub classes: Vec<ClassChange>,
    /// What rounding leaves: below 1e-9.
    pub residual: f64,
}

/// What one class moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassChange {
    /// Which.
    pub class: Class,
    /// By how much.
    pub points: f64,
    /// The parts of it that no event did: of [`Class::Epoch`], what moved by which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartChange>,
    /// What each event moved, the greatest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventChange>,
    /// What the events that are not listed moved together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<crate::explain::Rest>,
}

/// What a thing of the whole portfolio moved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PartChange {
    /// Which.
    pub part: Part,
    /// By how much.
    pub points: f64,
}

/// Things of the whole portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Medians, percentiles, counts.
    Anchors,
    /// The fit of the outlook.
    Calibration,
    /// Rates of exchange.
    Rates,
}

/// What one event moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventChange {
    /// The event.
    #[serde(flatten)]
    pub event: EventRef,
    /// By how much.
    pub points: f64,
    /// The corrections and retractions that did it, of [`Class::Corrected`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revised_by: Vec<Position>,
}

/// How something that is no number moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Turned<T> {
    /// On the earlier side.
    pub from: Option<T>,
    /// On the later side.
    pub to: Option<T>,
    /// The steps at which it moved, in their order.
    pub causes: Vec<Turn<T>>,
}

/// A step at which it moved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Turn<T> {
    /// To what.
    pub to: Option<T>,
    /// By what.
    pub class: Class,
    /// By which event, if by one.
    pub event: Option<EventRef>,
}

impl Difference {
    /// Why the figures of an account at `to` are not those at `from`, which is not later on either axis.
    ///
    /// Cost: O(events) per corrected or late event, else that of some ten folds and of reading once per new event.
    pub fn between(account: &AccountId, image: &Image, from: &Side<'_>, to: &Side<'_>) -> Self {
        Self::traced(account, image, (from, to), &Measure::ALL)
    }

    /// The same, with the events that time faded only of some measures, which takes much less than of all.
    pub fn traced(
        account: &AccountId,
        image: &Image,
        (from, to): (&Side<'_>, &Side<'_>),
        traced: &[Measure],
    ) -> Self {
        let mut walk = Walk::begin(account, image, from);
        walk.portfolio(to);
        walk.time(to, traced);
        walk.history(to);
        walk.finish()
    }

    /// The same with no more than so many events of each class listed one by one, the greatest.
    #[must_use]
    pub fn top(mut self, most: usize) -> Self {
        for class in self.measures.iter_mut().flat_map(|change| &mut change.classes) {
            if class.events.len() > most {
                let rest = class.events.split_off(most);
                let points = rest.iter().map(|one| one.points).sum();
                class.rest = Some(crate::explain::Rest { events: rest.len(), points });
            }
        }
        self
    }
}
