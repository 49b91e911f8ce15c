//! Hospitality: listed for auditors, never scored.

use serde::Serialize;

use crate::fact::{EventRef, Fact, Matter};
use crate::id::PersonId;
use crate::money::Money;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::text::Label;
use crate::time::Timestamp;

/// Folds the list of hospitality.
#[derive(Debug, Clone)]
pub struct Hospitalities<'p> {
    setting: Setting<'p>,
    lines: Vec<HospitalityLine>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HospitalityLine {
    /// When it was given.
    pub given_at: Timestamp,
    /// What it was worth.
    pub value: Money,
    /// Who was treated.
    pub persons: Vec<PersonId>,
    /// Who approved it, as said; `None`: nobody is named.
    pub approval: Option<Label>,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p> Hospitalities<'p> {
    /// None was given yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, lines: Vec::new() }
    }
}

impl Projection for Hospitalities<'_> {
    /// In the order of time.
    type View = Vec<HospitalityLine>;

    fn apply(&mut self, fact: &Fact) {
        let Matter::HospitalityGiven(given) = &fact.matter else { return };
        let persons = given.persons.iter().filter_map(|person| self.setting.names.person(*person));
        self.lines.push(HospitalityLine {
            given_at: fact.occurred_at,
            value: given.value,
            persons: persons.collect(),
            approval: given.approval.clone(),
            events: vec![fact.event()],
        });
    }

    fn evaluate(&self, _as_of: Timestamp) -> Self::View {
        self.lines.clone()
    }
}
