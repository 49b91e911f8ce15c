//! Adopting policies: each a whole text, with a number of its own and a reason.

use guanxi_projections::event::Event;
use guanxi_projections::event::own::PolicyAdopted;
use guanxi_projections::id::Actor;
use guanxi_projections::text::{Label, PolicyText};
use guanxi_projections::time::Timestamp;

use super::{Genesis, Ledger, LedgerError};

/// The adoption of the policy that a ledger is to be created with.
pub(super) fn first(genesis: &Genesis) -> Result<Option<PolicyAdopted>, LedgerError> {
    let Some((text, policy)) = &genesis.policy else { return Ok(None) };
    let invalid = |what: String| LedgerError::OwnEvent(what);
    Ok(Some(PolicyAdopted {
        version: policy.version,
        policy: PolicyText::new(text.clone()).map_err(|error| invalid(format!("the policy {error}")))?,
        reason: Label::new("the ledger was created with it").map_err(|error| invalid(error.to_string()))?,
    }))
}

impl Ledger {
    /// Records the policy that the ledger is created with.
    pub(super) fn adopt_first(&self, adoption: PolicyAdopted) -> Result<(), LedgerError> {
        let actor =
            Actor::new("local:unauthenticated").map_err(|error| LedgerError::OwnEvent(error.to_string()))?;
        let id = format!("policy:{}", adoption.version);
        // In force from the beginning of time: there was no other.
        self.record_own(&actor, &id, Timestamp::MIN, &Event::PolicyAdopted(adoption))
            .map_err(|error| LedgerError::OwnEvent(error.to_string()))?;
        Ok(())
    }
}
