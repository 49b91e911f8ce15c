//! Shapes of contracts, orders, invoices and payments, version 1.

use guanxi_projections::event::order as live;
use guanxi_projections::form::Sealed;
use guanxi_projections::id::{BidId, ContractId, InvoiceId, OrderId, ProjectId};
use guanxi_projections::money::Money;
use guanxi_projections::time::When;

use super::shape::frozen;

frozen! {
    /// `contract.signed`.
    interaction ContractSigned of live::ContractSigned<Sealed> {
        contract: ContractId,
        amount: Option<Money>,
        starts: Option<When>,
        expires: Option<When>,
        bid: Option<BidId>,
    }

    /// `order.placed`.
    interaction OrderPlaced of live::OrderPlaced<Sealed> {
        order: OrderId,
        amount: Money,
        bid: Option<BidId>,
        contract: Option<ContractId>,
        project: Option<ProjectId>,
    }

    /// `order.returned`.
    interaction OrderReturned of live::OrderReturned<Sealed> {
        order: Option<OrderId>,
        amount: Money,
    }

    /// `invoice.issued`.
    interaction InvoiceIssued of live::InvoiceIssued<Sealed> {
        invoice: InvoiceId,
        amount: Money,
        due: Option<When>,
        order: Option<OrderId>,
    }

    /// `payment.received`.
    interaction PaymentReceived of live::PaymentReceived<Sealed> {
        invoice: Option<InvoiceId>,
        amount: Money,
        due: Option<When>,
    }
}
