//! Contracts, orders, invoices and payments.

use super::payload::payloads;
use crate::id::{BidId, ContractId, InvoiceId, OrderId, ProjectId};
use crate::money::Money;
use crate::time::When;

payloads! {
    /// Payload of `contract.signed`.
    interaction ContractSigned {
        /// Which contract.
        contract: ContractId,
        /// What it is worth.
        amount: Option<Money>,
        /// When it begins; may lie in the future.
        starts: Option<When>,
        /// When it ends; may lie in the future.
        expires: Option<When>,
        /// The bid it came from.
        bid: Option<BidId>,
    }

    /// Payload of `order.placed`.
    interaction OrderPlaced {
        /// Which order.
        order: OrderId,
        /// What was ordered, in money.
        amount: Money,
        /// The bid it came from.
        bid: Option<BidId>,
        /// The contract it draws on.
        contract: Option<ContractId>,
        /// The project it belongs to.
        project: Option<ProjectId>,
    }

    /// Payload of `order.returned`.
    interaction OrderReturned {
        /// The order given back; `None`: not said which.
        order: Option<OrderId>,
        /// What was given back, in money.
        amount: Money,
    }

    /// Payload of `invoice.issued`.
    interaction InvoiceIssued {
        /// Which invoice.
        invoice: InvoiceId,
        /// What is to be paid.
        amount: Money,
        /// By when; may lie in the future.
        due: Option<When>,
        /// The order it is for.
        order: Option<OrderId>,
    }

    /// Payload of `payment.received`.
    interaction PaymentReceived {
        /// The invoice paid; `None`: not said which.
        invoice: Option<InvoiceId>,
        /// What was paid.
        amount: Money,
        /// By when it was due; `None`: as the invoice says.
        due: Option<When>,
    }
}
