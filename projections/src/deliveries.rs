//! The delivery record.

use serde::Serialize;

use crate::event::delivery::DeliveryOutcome;
use crate::fact::{EventRef, Fact, Matter};
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the delivery record. Each event is a delivery of its own.
#[derive(Debug, Clone)]
pub struct Deliveries<'p> {
    setting: Setting<'p>,
    lines: Vec<DeliveryLine>,
}

/// A line of the delivery record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeliveryLine {
    /// The delivery.
    pub delivery: String,
    /// What the customer said of it.
    pub outcome: DeliveryOutcome,
    /// When it was delivered.
    pub delivered_at: Timestamp,
    /// When it was due.
    pub due: Option<Timestamp>,
    /// How late it was, in days; 0 in time or without a due date.
    pub days_late: f64,
    /// The order it belongs to.
    pub order: Option<String>,
    /// The project it belongs to.
    pub project: Option<String>,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p> Deliveries<'p> {
    /// No deliveries yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, lines: Vec::new() }
    }
}

impl Projection for Deliveries<'_> {
    /// In the order of time.
    type View = Vec<DeliveryLine>;

    fn apply(&mut self, fact: &Fact) {
        let Matter::DeliveryCompleted { delivery, order, due, outcome, project } = fact.matter else {
            return;
        };
        let (names, at) = (self.setting.names, fact.occurred_at);
        let due = due.map(|due| self.setting.instant(due));
        self.lines.push(DeliveryLine {
            delivery: names.text(delivery).to_owned(),
            outcome,
            delivered_at: at,
            due,
            days_late: due.map_or(0.0, |due| at.days_since(due).max(0.0)),
            order: order.map(|order| names.text(order).to_owned()),
            project: project.map(|project| names.text(project).to_owned()),
            events: vec![fact.event()],
        });
    }

    fn evaluate(&self, _as_of: Timestamp) -> Self::View {
        self.lines.clone()
    }
}
