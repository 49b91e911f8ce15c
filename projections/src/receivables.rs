//! Receivables: what was invoiced, and what was paid of it.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::fact::{ByNumber, EventRef, Fact, Matter, Number};
use crate::id::InvoiceId;
use crate::money::Money;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the receivables. An invoice issued twice under one name is the first one.
#[derive(Debug, Clone)]
pub struct Receivables<'p> {
    setting: Setting<'p>,
    invoices: ByNumber<InvoiceId, Invoice>,
    /// Payments that name no invoice.
    unnamed: Vec<ReceivableLine>,
}

#[derive(Debug, Clone, Default)]
struct Invoice {
    issued: Option<Issued>,
    payments: Vec<Money>,
    events: Vec<EventRef>,
}

#[derive(Debug, Clone)]
struct Issued {
    at: Timestamp,
    amount: Money,
    due: Option<Timestamp>,
    order: Option<String>,
}

/// How an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceivableState {
    /// Not paid in full, not due yet.
    Open,
    /// Not paid in full, and due.
    Overdue,
    /// Paid in full.
    Paid,
    /// Paid without an invoice that is known.
    NotInvoiced,
}

/// A line of the receivables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReceivableLine {
    /// The invoice; `None` for a payment that names none.
    pub invoice: Option<String>,
    /// How it stands.
    pub state: ReceivableState,
    /// What was invoiced.
    pub amount: Option<Money>,
    /// What was paid of it in its own currency, as a decimal.
    pub paid: String,
    /// What is open of it, as a decimal; never less than 0.
    pub open: String,
    /// When it was issued.
    pub issued_at: Option<Timestamp>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// How long it has been due, in days.
    pub days_overdue: f64,
    /// The order it belongs to.
    pub order: Option<String>,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p> Receivables<'p> {
    /// No invoices yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, invoices: ByNumber::default(), unnamed: Vec::new() }
    }

    fn line(&self, number: Number<InvoiceId>, invoice: &Invoice, as_of: Timestamp) -> Option<ReceivableLine> {
        if invoice.events.is_empty() {
            return None;
        }
        let issued = invoice.issued.as_ref();
        let currency = issued.map(|issued| issued.amount.currency);
        let same = invoice.payments.iter().filter(|paid| currency.is_none_or(|of| of == paid.currency));
        let paid = same.fold(Decimal::ZERO, |sum, paid| sum.saturating_add(paid.amount.decimal()));
        let amount = issued.map_or(Decimal::ZERO, |issued| issued.amount.amount.decimal());
        let open = amount.saturating_sub(paid).max(Decimal::ZERO);
        let due = issued.and_then(|issued| issued.due);
        let late = due.map_or(0.0, |due| as_of.days_since(due).max(0.0));
        let state = match issued {
            None => ReceivableState::NotInvoiced,
            Some(_) if open.is_zero() => ReceivableState::Paid,
            Some(_) if late > 0.0 => ReceivableState::Overdue,
            Some(_) => ReceivableState::Open,
        };
        Some(ReceivableLine {
            invoice: Some(self.setting.names.text(number).to_owned()),
            state,
            amount: issued.map(|issued| issued.amount),
            paid: paid.to_string(),
            open: open.to_string(),
            issued_at: issued.map(|issued| issued.at),
            due,
            days_overdue: if state == ReceivableState::Overdue { late } else { 0.0 },
            order: issued.and_then(|issued| issued.order.clone()),
            events: invoice.events.clone(),
        })
    }
}

impl Projection for Receivables<'_> {
    /// Invoices in the order in which they were first met, then payments that name none.
    type View = Vec<ReceivableLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::InvoiceIssued { invoice, amount, due, order } = fact.matter {
            let due = due.map(|due| self.setting.instant(due));
            let order = order.map(|order| self.setting.names.text(order).to_owned());
            let invoice = self.invoices.entry(invoice);
            invoice.events.push(fact.event());
            invoice.issued.get_or_insert(Issued { at: fact.occurred_at, amount, due, order });
        } else if let Matter::PaymentReceived { invoice: Some(invoice), amount, .. } = fact.matter {
            let invoice = self.invoices.entry(invoice);
            invoice.events.push(fact.event());
            invoice.payments.push(amount);
        } else if let Matter::PaymentReceived { invoice: None, amount, .. } = fact.matter {
            self.unnamed.push(ReceivableLine {
                invoice: None,
                state: ReceivableState::NotInvoiced,
                amount: Some(amount),
                paid: amount.amount.decimal().to_string(),
                open: Decimal::ZERO.to_string(),
                issued_at: None,
                due: None,
                days_overdue: 0.0,
                order: None,
                events: vec![fact.event()],
            });
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Self::View {
        let invoices = self.invoices.iter().filter_map(|(number, invoice)| self.line(number, invoice, as_of));
        invoices.chain(self.unnamed.iter().cloned()).collect()
    }
}
