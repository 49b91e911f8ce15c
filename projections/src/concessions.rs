//! The concession ledger 让步: who gave way, in what, at what cost, and what it still claims.

use serde::Serialize;

use crate::event::concession::ConcessionForm;
use crate::event::payload::Side;
use crate::fact::{EventRef, Fact, Matter};
use crate::health::reciprocity::weight_of;
use crate::kernel::decay;
use crate::money::Money;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the concession ledger. Each event is a concession of its own.
#[derive(Debug, Clone)]
pub struct Concessions<'p> {
    setting: Setting<'p>,
    lines: Vec<ConcessionLine>,
}

/// A line of the concession ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConcessionLine {
    /// The concession.
    pub concession: String,
    /// Who gave way.
    pub by: Side,
    /// In what.
    pub form: ConcessionForm,
    /// What it cost, as said.
    pub cost: Option<Money>,
    /// x: its cost in units of the epoch; 1 without a cost.
    pub weight: f64,
    /// What it claims at T: grown in, then fading; 0 of the customer's.
    pub claim: f64,
    /// The bid it was granted in.
    pub bid: Option<String>,
    /// When.
    pub granted_at: Timestamp,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p> Concessions<'p> {
    /// No concessions yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, lines: Vec::new() }
    }
}

impl Projection for Concessions<'_> {
    /// In the order of time.
    type View = Vec<ConcessionLine>;

    fn apply(&mut self, fact: &Fact) {
        let Matter::ConcessionGranted { concession, by, form, cost, bid } = fact.matter else { return };
        let names = self.setting.names;
        self.lines.push(ConcessionLine {
            concession: names.text(concession).to_owned(),
            by,
            form,
            cost,
            weight: weight_of(&self.setting, cost, fact.occurred_at),
            claim: 0.0,
            bid: bid.map(|bid| names.text(bid).to_owned()),
            granted_at: fact.occurred_at,
            events: vec![fact.event()],
        });
    }

    fn evaluate(&self, as_of: Timestamp) -> Self::View {
        let policy = &self.setting.policy.health.reciprocity;
        let claim = |line: &ConcessionLine| {
            let days = as_of.days_since(line.granted_at);
            let faded = decay(policy.half_life_days, days);
            line.weight * (faded - faded * decay(policy.grace_half_life_days, days))
        };
        let read = |line: &ConcessionLine| match line.by {
            Side::Us => ConcessionLine { claim: claim(line), ..line.clone() },
            Side::Customer => line.clone(),
        };
        self.lines.iter().map(read).collect()
    }
}
