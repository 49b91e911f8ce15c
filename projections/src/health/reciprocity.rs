//! 先舍后得 reciprocity: what we gave against what we gained.
//!
//! Readings of the model where it leaves a choice: a cost without a rate is as no cost. A referral weighs the same
//! whether it was recorded as a reference or as a favour. A payment that names an invoice not issued yet gains
//! once the invoice appears and was due no earlier.

use crate::event::feedback::{FavourForm, ReferenceForm};
use crate::event::payload::Side;
use crate::fact::{ByNumber, Fact, Matter, Number};
use crate::id::InvoiceId;
use crate::kernel::{DecayedSum, Estimate, Evidence};
use crate::money::Money;
use crate::policy::health::ReciprocityPolicy;
use crate::setting::Setting;
use crate::time::{Timestamp, When};

/// The faded concessions and gains. `Source:` model specification, section 5, rule 5.
#[derive(Debug, Clone)]
pub struct Reciprocity<'p> {
    setting: Setting<'p>,
    policy: &'p ReciprocityPolicy,
    /// What we gave, fading.
    given: DecayedSum,
    /// The part of it that has not grown in yet.
    not_grown_in: DecayedSum,
    /// What we gave, fading as goodwill does.
    remembered: DecayedSum,
    gained: DecayedSum,
    invoices: ByNumber<InvoiceId, Invoice>,
}

#[derive(Debug, Clone, Default)]
struct Invoice {
    issued: bool,
    due: Option<Timestamp>,
    /// Payments that named it before it was issued.
    paid_before: Vec<Timestamp>,
}

impl<'p> Reciprocity<'p> {
    /// Nothing given, nothing gained.
    pub fn new(setting: Setting<'p>) -> Self {
        let policy = &setting.policy.health.reciprocity;
        let both = 1.0 / (1.0 / policy.half_life_days + 1.0 / policy.grace_half_life_days);
        Self {
            setting,
            policy,
            given: DecayedSum::new(policy.half_life_days),
            not_grown_in: DecayedSum::new(both),
            remembered: DecayedSum::new(policy.goodwill_half_life_days),
            gained: DecayedSum::new(policy.half_life_days),
            invoices: ByNumber::default(),
        }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        let (at, gains) = (fact.occurred_at, &self.policy.gains);
        if let Matter::ConcessionGranted { by, cost, .. } = fact.matter {
            match by {
                Side::Us => self.give(at, self.weight(cost, at)),
                Side::Customer => self.gained.add(at, gains.concession),
            }
        } else if let Matter::ReferenceGiven { form, .. } = fact.matter {
            let is_referral = form == ReferenceForm::Referral;
            self.gained.add(at, if is_referral { gains.referral } else { gains.reference });
        } else if let Matter::FavourReceived { form } = fact.matter {
            let mass = match form {
                FavourForm::Upsell => gains.upsell,
                FavourForm::Renewal => gains.renewal,
                FavourForm::PreferredSupplier => gains.preferred_supplier,
                FavourForm::MarketInformation => gains.market_information,
                FavourForm::Referral => gains.referral,
            };
            self.gained.add(at, mass);
        } else if let Matter::InvoiceIssued { invoice, due, .. } = fact.matter {
            self.issue(invoice, due);
        } else if let Matter::PaymentReceived { invoice, due, .. } = fact.matter {
            self.receive(at, invoice, due);
        }
    }

    /// `Formula:` x = cost/u, 1 without a cost or a u. `Source:` model specification, section 5, rule 5.
    pub(crate) fn weight_of(setting: &Setting<'_>, cost: Option<Money>, at: Timestamp) -> f64 {
        let unit = setting.epoch.concession_unit(&setting.policy.epoch);
        let cost = cost.and_then(|cost| setting.convert(cost, at));
        cost.zip(unit).map_or(1.0, |(cost, unit)| cost / unit)
    }

    fn weight(&self, cost: Option<Money>, at: Timestamp) -> f64 {
        Self::weight_of(&self.setting, cost, at)
    }

    fn give(&mut self, at: Timestamp, weight: f64) {
        self.given.add(at, weight);
        self.not_grown_in.add(at, weight);
        self.remembered.add(at, weight);
    }

    fn issue(&mut self, invoice: Number<InvoiceId>, due: Option<When>) {
        let due = due.map(|due| self.setting.instant(due));
        let invoice = self.invoices.entry(invoice);
        if invoice.issued {
            return;
        }
        (invoice.issued, invoice.due) = (true, due);
        for at in std::mem::take(&mut invoice.paid_before) {
            if due.is_some_and(|due| at <= due) {
                self.gained.add(at, self.policy.gains.payment_in_time);
            }
        }
    }

    fn receive(&mut self, at: Timestamp, invoice: Option<Number<InvoiceId>>, due: Option<When>) {
        let own_due = due.map(|due| self.setting.instant(due));
        let due = match (own_due, invoice) {
            (Some(due), _) => Some(due),
            (None, Some(invoice)) => {
                let invoice = self.invoices.entry(invoice);
                if !invoice.issued {
                    invoice.paid_before.push(at);
                }
                invoice.due
            }
            (None, None) => None,
        };
        if due.is_some_and(|due| at <= due) {
            self.gained.add(at, self.policy.gains.payment_in_time);
        }
    }

    /// C~: what our concessions still claim.
    ///
    /// `Formula:` ln(1 + sum `x_i` (`d_365` - `d_h'`)), 1/h' = 1/365 + 1/90: it grows in, then fades.
    pub fn claim(&self, as_of: Timestamp) -> f64 {
        libm::log1p((self.given.at(as_of) - self.not_grown_in.at(as_of)).max(0.0))
    }

    /// What we gained, faded.
    pub fn gain(&self, as_of: Timestamp) -> f64 {
        self.gained.at(as_of)
    }

    /// C~/(Gain + 1): above 2 we only give (只舍不得).
    pub fn exposure(&self, as_of: Timestamp) -> f64 {
        self.claim(as_of) / (self.gain(as_of) + 1.0)
    }

    /// Whether anything given or gained has not faded to nothing.
    pub fn has_evidence(&self, as_of: Timestamp) -> bool {
        self.gain(as_of) > 0.0 || self.claim(as_of) > 0.0 || self.remembered.at(as_of) > 0.0
    }

    /// The estimate, judgements apart.
    ///
    /// `Formula:` .85 balance + .15 goodwill; balance: K2 of gains at 1 against the claim at 0; goodwill: K2 of
    /// mass `C_60` = ln(1 + `K1_60` of x) at 1.
    pub fn estimate(&self, as_of: Timestamp) -> Estimate {
        let policy = self.policy;
        let balance = Evidence::default().and(self.gain(as_of), 1.0).and(self.claim(as_of), 0.0);
        let goodwill = Evidence::default().and(libm::log1p(self.remembered.at(as_of)), 1.0);
        Estimate::sum([
            (policy.balance_share, balance.shrunk(policy.balance_prior)),
            (1.0 - policy.balance_share, goodwill.shrunk(policy.goodwill_prior)),
        ])
    }
}
