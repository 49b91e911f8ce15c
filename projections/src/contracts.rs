//! Contracts and their expiry.

use serde::Serialize;

use crate::fact::{ByNumber, Contract, EventRef, Fact, Matter, Number};
use crate::id::ContractId;
use crate::money::Money;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the contracts. One signed twice under one name is the last one.
#[derive(Debug, Clone)]
pub struct Contracts<'p> {
    setting: Setting<'p>,
    contracts: ByNumber<ContractId, Signed>,
}

#[derive(Debug, Clone, Default)]
struct Signed {
    last: Option<(Contract, Timestamp)>,
    events: Vec<EventRef>,
}

/// How a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractState {
    /// Signed, not in force yet.
    Upcoming,
    /// In force.
    Running,
    /// In force, and expiring soon.
    Expiring,
    /// Expired.
    Expired,
}

/// A line of the contracts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContractLine {
    /// The contract.
    pub contract: String,
    /// How it stands.
    pub state: ContractState,
    /// What it is worth.
    pub amount: Option<Money>,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// When it comes into force.
    pub starts: Option<Timestamp>,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// Days until then, below 0 afterwards.
    pub days_left: Option<f64>,
    /// The bid it came from.
    pub bid: Option<String>,
    /// Orders and others that name it, and its own events.
    pub events: Vec<EventRef>,
}

impl<'p> Contracts<'p> {
    /// No contracts yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, contracts: ByNumber::default() }
    }

    fn line(&self, number: Number<ContractId>, signed: &Signed, as_of: Timestamp) -> Option<ContractLine> {
        let (contract, signed_at) = signed.last.as_ref()?;
        let instant = |when| self.setting.instant(when);
        // A contract starts with its first day, whatever the hour.
        let starts = contract.starts.map(|starts| match starts {
            crate::time::When::Day(day) => self.setting.zone.start_of(day),
            crate::time::When::At(at) => at,
        });
        let expires = contract.expires.map(instant);
        let days_left = expires.map(|expires| expires.days_since(as_of));
        let soon = self.setting.policy.portfolio.contract_expiring_days;
        let state = match days_left {
            Some(left) if left < 0.0 => ContractState::Expired,
            _ if starts.is_some_and(|starts| starts > as_of) => ContractState::Upcoming,
            Some(left) if left <= soon => ContractState::Expiring,
            Some(_) | None => ContractState::Running,
        };
        Some(ContractLine {
            contract: self.setting.names.text(number).to_owned(),
            state,
            amount: contract.amount,
            signed_at: *signed_at,
            starts,
            expires,
            days_left,
            bid: contract.bid.map(|bid| self.setting.names.text(bid).to_owned()),
            events: signed.events.clone(),
        })
    }
}

impl Projection for Contracts<'_> {
    /// In the order in which they were first met.
    type View = Vec<ContractLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::ContractSigned(contract) = &fact.matter {
            let signed = self.contracts.entry(contract.contract);
            signed.events.push(fact.event());
            signed.last = Some((Contract::clone(contract), fact.occurred_at));
        } else if let Matter::OrderPlaced { contract: Some(contract), .. } = fact.matter {
            self.contracts.entry(contract).events.push(fact.event());
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Self::View {
        self.contracts.iter().filter_map(|(number, signed)| self.line(number, signed, as_of)).collect()
    }
}
