//! Deliveries.

use super::payload::{payloads, words};
use crate::id::{DeliveryId, OrderId, ProjectId};
use crate::time::When;

words! {
    /// How the customer took a delivery.
    DeliveryOutcome {
        /// Without defects.
        Accepted = "accepted",
        /// With defects.
        Defects = "defects",
        /// Not at all.
        Rejected = "rejected",
    }
}

payloads! {
    /// Payload of `delivery.completed`.
    interaction DeliveryCompleted {
        /// Which delivery.
        delivery: DeliveryId,
        /// The order it fulfils.
        order: Option<OrderId>,
        /// By when it was due.
        due: Option<When>,
        /// How the customer took it.
        outcome: DeliveryOutcome,
        /// The project it belongs to.
        project: Option<ProjectId>,
    }
}
