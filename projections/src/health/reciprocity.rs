//! 先舍后得 reciprocity: what we gave against what we gained.
//!
//! Readings of the model where it leaves a choice: a cost without a rate is as no cost. A referral weighs the same
//! whether it was recorded as a reference or as a favour. A payment that names an invoice not issued yet gains
//! once the invoice appears and was due no earlier.

use crate::event::feedback::{FavourForm, ReferenceForm};
use crate::event::payload::Side;
use crate::fact::{ByNumber, Fact, Matter, Number};
use crate::id::InvoiceId;
use crate::kernel::{Estimate, Evidence, FadingSum, Quantity};
use crate::money::Money;
use crate::policy::health::ReciprocityPolicy;
use crate::position::Position;
use crate::setting::Setting;
use crate::time::{Timestamp, When};

/// The faded concessions and gains. `Source:` model specification, section 5, rule 5.
#[derive(Debug, Clone)]
pub struct Reciprocity<'p, Q: Quantity = f64> {
    setting: Setting<'p>,
    policy: &'p ReciprocityPolicy,
    /// What we gave, fading.
    given: Q::Sum,
    /// The part of it that has not grown in yet.
    not_grown_in: Q::Sum,
    /// What we gave, fading as goodwill does.
    remembered: Q::Sum,
    gained: Q::Sum,
    invoices: ByNumber<InvoiceId, Invoice>,
}

#[derive(Debug, Clone, Default)]
struct Invoice {
    issued: bool,
    due: Option<Timestamp>,
    /// Payments that named it before it was issued.
    paid_before: Vec<(Position, Timestamp)>,
}

impl<'p, Q: Quantity> Reciprocity<'p, Q> {
    /// Nothing given, nothing gained.
    pub fn new(setting: Setting<'p>) -> Self {
        let policy = &setting.policy.health.reciprocity;
        let both = 1.0 / (1.0 / policy.half_life_days + 1.0 / policy.grace_half_life_days);
        Self {
            setting,
            policy,
            given: Q::Sum::new(policy.half_life_days),
            not_grown_in: Q::Sum::new(both),
            remembered: Q::Sum::new(policy.goodwill_half_life_days),
            gained: Q::Sum::new(policy.half_life_days),
            invoices: ByNumber::default(),
        }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        let (event, at, gains) = (fact.position, fact.occurred_at, &self.policy.gains);
        if let Matter::ConcessionGranted { by, cost, .. } = fact.matter {
            match by {
                Side::Us => self.give(event, at, weight_of(&self.setting, cost, at)),
                Side::Customer => self.gained.take(event, at, gains.concession),
            }
        } else if let Matter::ReferenceGiven { form, .. } = fact.matter {
            let is_referral = form == ReferenceForm::Referral;
            self.gained.take(event, at, if is_referral { gains.referral } else { gains.reference });
        } else if let Matter::FavourReceived { form } = fact.matter {
            let mass = match form {
                FavourForm::Upsell => gains.upsell,
                FavourForm::Renewal => gains.renewal,
                FavourForm::PreferredSupplier => gains.preferred_supplier,
                FavourForm::MarketInformation => gains.market_information,
                FavourForm::Referral => gains.referral,
            };
            self.gained.take(event, at, mass);
        } else if let Matter::InvoiceIssued { invoice, due, .. } = fact.matter {
            self.issue(invoice, due);
        } else if let Matter::PaymentReceived { invoice, due, .. } = fact.matter {
            self.receive(fact, invoice, due);
        }
    }

    fn give(&mut self, by: Position, at: Timestamp, weight: f64) {
        self.given.take(by, at, weight);
        self.not_grown_in.take(by, at, weight);
        self.remembered.take(by, at, weight);
    }

    fn issue(&mut self, invoice: Number<InvoiceId>, due: Option<When>) {
        let due = due.map(|due| self.setting.instant(due));
        let invoice = self.invoices.entry(invoice);
        if invoice.issued {
            return;
        }
        (invoice.issued, invoice.due) = (true, due);
        for (by, at) in std::mem::take(&mut invoice.paid_before) {
            if due.is_some_and(|due| at <= due) {
                self.gained.take(by, at, self.policy.gains.payment_in_time);
            }
        }
    }

    fn receive(&mut self, fact: &Fact, invoice: Option<Number<InvoiceId>>, due: Option<When>) {
        let (by, at) = (fact.position, fact.occurred_at);
        let own_due = due.map(|due| self.setting.instant(due));
        let due = match (own_due, invoice) {
            (Some(due), _) => Some(due),
            (None, Some(invoice)) => {
                let invoice = self.invoices.entry(invoice);
                if !invoice.issued {
                    invoice.paid_before.push((by, at));
                }
                invoice.due
            }
            (None, None) => None,
        };
        if due.is_some_and(|due| at <= due) {
            self.gained.take(by, at, self.policy.gains.payment_in_time);
        }
    }

    /// C~: what our concessions still claim.
    ///
    /// `Formula:` ln(1 + sum `x_i` (`d_365` - `d_h'`)), 1/h' = 1/365 + 1/90: it grows in, then fades.
    pub fn claim(&self, as_of: Timestamp) -> Q {
        let grown_in = self.given.read(as_of).minus(self.not_grown_in.read(as_of));
        grown_in.through(|given| libm::log1p(given.max(0.0)))
    }

    /// What we gained, faded.
    pub fn gain(&self, as_of: Timestamp) -> Q {
        self.gained.read(as_of)
    }

    /// C~/(Gain + 1): above 2 we only give (只舍不得).
    pub fn exposure(&self, as_of: Timestamp) -> Q {
        self.claim(as_of).against(&self.gain(as_of))
    }

    /// Whether anything given or gained has not faded to nothing.
    pub fn has_evidence(&self, as_of: Timestamp) -> bool {
        let sums = [self.gain(as_of), self.claim(as_of), self.remembered.read(as_of)];
        sums.iter().any(|sum| sum.value() > 0.0)
    }

    /// The estimate, judgements apart.
    ///
    /// `Formula:` .85 balance + .15 goodwill; balance: K2 of gains at 1 against the claim at 0; goodwill: K2 of
    /// mass `C_60` = ln(1 + `K1_60` of x) at 1.
    pub fn estimate(&self, as_of: Timestamp) -> Estimate<Q> {
        let policy = self.policy;
        let balance = Evidence::default().and(self.gain(as_of), 1.0).and(self.claim(as_of), 0.0);
        let goodwill = Evidence::default().and(self.remembered.read(as_of).through(libm::log1p), 1.0);
        Estimate::sum([
            (policy.balance_share, balance.shrunk(policy.balance_prior)),
            (1.0 - policy.balance_share, goodwill.shrunk(policy.goodwill_prior)),
        ])
    }
}

/// `Formula:` x = cost/u, 1 without a cost or a u. `Source:` model specification, section 5, rule 5.
pub(crate) fn weight_of(setting: &Setting<'_>, cost: Option<Money>, at: Timestamp) -> f64 {
    let unit = setting.epoch.concession_unit(&setting.policy.epoch);
    let cost = cost.and_then(|cost| setting.convert(cost, at));
    cost.zip(unit).map_or(1.0, |(cost, unit)| cost / unit)
}
