//! Shape of deliveries, version 1.

use guanxi_projections::event::delivery as live;
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{DeliveryId, OrderId, ProjectId};
use guanxi_projections::time::When;

use super::shape::frozen;

frozen! {
    /// `delivery.completed`.
    interaction DeliveryCompleted of live::DeliveryCompleted<Sealed> {
        delivery: DeliveryId,
        order: Option<OrderId>,
        due: Option<When>,
        outcome: live::DeliveryOutcome,
        project: Option<ProjectId>,
    }
}
