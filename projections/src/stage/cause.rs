//! What a stage is reported with: causes, transitions, flags and what comes next.

use serde::Serialize;

use crate::event::EventType;
use crate::fact::{EventRef, Matter};
use crate::image::Image;
use crate::position::Position;
use crate::time::Timestamp;

use super::Stage;

/// Why a stage began.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// An event: the first of the account, an order, a closing or a reopening.
    Event {
        /// Its place in the log.
        position: Position,
        /// Its type.
        #[serde(rename = "type")]
        event_type: EventType,
    },
    /// No order for too long.
    Silence {
        /// S: how probable a silence at least as long is under the account's own rhythm.
        p: f64,
        /// Median gap between the account's order days, in calendar days; `None` with a single one.
        median_gap_days: Option<f64>,
        /// Days since the last order day.
        silent_days: f64,
        /// Whether the same window was silent in each of the years before that the policy asks for.
        seasonal: bool,
    },
    /// The trend of the amounts.
    Trend {
        /// The trend at the last order day.
        g: f64,
        /// The order at which it was taken.
        position: Position,
    },
    /// The first order since acquisition began was long enough ago.
    Age {
        /// Days since that order.
        days: f64,
        /// Order days since acquisition began.
        orders: u32,
    },
}

/// [`Cause`] by its kind alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// [`Cause::Event`].
    Event,
    /// [`Cause::Silence`].
    Silence,
    /// [`Cause::Trend`].
    Trend,
    /// [`Cause::Age`].
    Age,
}

impl Cause {
    /// The kind.
    pub fn kind(&self) -> CauseKind {
        match self {
            Self::Event { .. } => CauseKind::Event,
            Self::Silence { .. } => CauseKind::Silence,
            Self::Trend { .. } => CauseKind::Trend,
            Self::Age { .. } => CauseKind::Age,
        }
    }
}

/// A change of stage. The entry into acquisition with which every account begins is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Transition {
    /// The stage left.
    pub from: Stage,
    /// The stage entered.
    pub to: Stage,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub cause: Cause,
}

impl Transition {
    /// The events behind it: the one that its cause names, and for a silence or an age the last order before it.
    /// Cost: O(events).
    pub fn events(&self, image: &Image, known_at: Timestamp) -> Vec<EventRef> {
        let named = match self.cause {
            Cause::Event { position, .. } | Cause::Trend { position, .. } => Some(position),
            Cause::Silence { .. } | Cause::Age { .. } => None,
        };
        let mut behind = None;
        image.visit(self.at, known_at, |fact| {
            let ordered = matches!(fact.matter, Matter::OrderPlaced { .. });
            if named.map_or(ordered, |named| named == fact.position) {
                behind = Some(fact.event());
            }
        });
        behind.into_iter().collect()
    }
}

/// The transition that comes next unless something happens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Next {
    /// The stage it leads to.
    pub name: Stage,
    /// When.
    pub at: Timestamp,
    /// Why: silence, trend or age.
    pub cause: CauseKind,
}

/// A remark on a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// In growth or maturity: silent for longer than usual.
    Watch,
    /// In acquisition without an order: contact has died down.
    Stalled,
    /// In acquisition: an order ended churn.
    WonBack,
}

impl Flag {
    /// The word in answers, such as `won_back`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Watch => "watch",
            Self::Stalled => "stalled",
            Self::WonBack => "won_back",
        }
    }
}

impl CauseKind {
    /// The word in answers, such as `silence`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Silence => "silence",
            Self::Trend => "trend",
            Self::Age => "age",
        }
    }
}
