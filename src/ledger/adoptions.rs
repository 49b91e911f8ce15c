//! Adopting policies: each a whole text, with a number of its own and a reason; and what adopting one would do.

use std::sync::Arc;

use guanxi_projections::event::Event;
use guanxi_projections::event::own::PolicyAdopted;
use guanxi_projections::health::Colour;
use guanxi_projections::history;
use guanxi_projections::id::{AccountId, Actor};
use guanxi_projections::policy::{Difference, Policy, renumbered};
use guanxi_projections::position::Position;
use guanxi_projections::stage::Stage;
use guanxi_projections::text::{Label, PolicyText};
use guanxi_projections::time::{Timestamp, When};
use serde::Serialize;

use super::own::OwnEvent;
use super::policies::{UNADOPTED_VERSION, adopted};
use super::{AccountRow, Asked, Genesis, Ledger, LedgerError, PolicyChoice, SubmitError};

/// Every policy that was adopted.
#[derive(Debug, Clone, Serialize)]
pub struct PoliciesAnswer {
    /// K: as far as it was recorded by this instant.
    pub known_at: Timestamp,
    /// In the order in which they came into force.
    pub policies: Vec<PolicyVersion>,
}

/// A policy, and who adopted it when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyVersion {
    /// Its number.
    pub version: u32,
    /// From when on it is in force; `None`: from the beginning.
    pub from: Option<Timestamp>,
    /// When it was recorded; `None` for the program's own, which nobody adopted.
    pub recorded_at: Option<Timestamp>,
    /// Who adopted it.
    pub actor: Option<Actor>,
    /// Why.
    pub reason: Option<Label>,
    /// Where the adoption stands in the log.
    pub position: Option<Position>,
    /// Whether answers follow it that ask for no other: the latest recorded.
    pub current: bool,
}

/// What became of an adoption.
#[derive(Debug, Clone, Serialize)]
pub struct Adopted {
    /// The number that the policy has.
    pub version: u32,
    /// The number that its text had, if it was another.
    pub renumbered_from: Option<u32>,
    /// Where it stands in the log.
    pub position: Position,
    /// What it changed.
    pub differences: Vec<Difference>,
}

/// What adopting a policy would do to the figures of now.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyEffect {
    /// The number that it would have.
    pub version: u32,
    /// The instant looked at.
    pub as_of: Timestamp,
    /// As far as it was recorded by this instant.
    pub known_at: Timestamp,
    /// Its fields that differ from those of the current policy.
    pub differences: Vec<Difference>,
    /// Accounts looked at.
    pub accounts: usize,
    /// How many would have another colour of health.
    pub colour: usize,
    /// How many would be in another stage.
    pub stage: usize,
    /// How many would have another rank.
    pub rank: usize,
    /// The accounts that differ, by rank under the current policy.
    pub changes: Vec<PolicyChange>,
}

/// What a policy would change for one account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyChange {
    /// Which account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// Under the current policy.
    pub old: Glance,
    /// Under the other.
    pub new: Glance,
}

/// Where an account stands at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Glance {
    /// The colour of its health.
    pub colour: Colour,
    /// Its health, 0 to 100.
    pub health: f64,
    /// Its stage.
    pub stage: Stage,
    /// Its rank; `None` for an account that is closed or merged away.
    pub rank: Option<u32>,
    /// Its score, 0 to 100.
    pub score: f64,
}

impl Glance {
    /// Where a row says that its account stands.
    pub(super) fn of(row: &AccountRow) -> Self {
        let AccountRow { colour, health, stage, rank, score, .. } = *row;
        Self { colour, health, stage, rank, score }
    }

    /// Whether colour, stage or rank differ.
    fn moved(self, other: Self) -> bool {
        (self.colour, self.stage, self.rank) != (other.colour, other.stage, other.rank)
    }
}

/// The adoption of the policy that a ledger is to be created with.
pub(super) fn first(genesis: &Genesis) -> Result<Option<PolicyAdopted>, LedgerError> {
    let Some((text, policy)) = &genesis.policy else { return Ok(None) };
    let reason = Label::new("the ledger was created with it").map_err(|error| unfit(&error))?;
    Ok(Some(PolicyAdopted { version: policy.version, policy: policy_text(text.clone())?, reason }))
}

fn policy_text(text: String) -> Result<PolicyText, LedgerError> {
    PolicyText::new(text).map_err(|error| LedgerError::OwnEvent(format!("the policy {error}")))
}

fn unfit(error: &impl ToString) -> LedgerError {
    LedgerError::OwnEvent(error.to_string())
}

impl Ledger {
    /// Records the policy that the ledger is created with.
    pub(super) fn adopt_first(&self, adoption: PolicyAdopted) -> Result<(), LedgerError> {
        let actor = Actor::new("local:unauthenticated").map_err(|error| unfit(&error))?;
        let id = format!("policy:{}", adoption.version);
        // In force from the beginning of time: there was no other.
        self.record_own(&actor, &id, Timestamp::MIN, &Event::PolicyAdopted(adoption))
            .map_err(|error| unfit(&error))?;
        Ok(())
    }

    /// The policies adopted by K. Before the first of them the program's own was in force, as version 1.
    ///
    /// # Errors
    /// What the log reports.
    pub fn policies(&self, known_at: Option<When>) -> Result<PoliciesAnswer, LedgerError> {
        let last = self.last_recorded_at();
        let known_at = known_at.map_or(last, |when| when.instant(self.zone())).min(last);
        let own = self.log.stream(&AccountId::ledger())?;
        let history = history::effective(&own, Timestamp::MAX, known_at);
        let mut policies: Vec<PolicyVersion> = adopted(&history)
            .map(|(event, adoption)| {
                let envelope = &event.original.envelope;
                PolicyVersion {
                    version: adoption.version,
                    from: (event.occurred_at > Timestamp::MIN).then_some(event.occurred_at),
                    recorded_at: Some(envelope.recorded_at),
                    actor: Some(envelope.actor.clone()),
                    reason: Some(adoption.reason.clone()),
                    position: Some(event.position),
                    current: false,
                }
            })
            .collect();
        if policies.iter().all(|policy| policy.from.is_some()) {
            policies.insert(0, PolicyVersion::of_the_program());
        }
        if let Some(current) = policies.iter_mut().max_by_key(|policy| policy.position) {
            current.current = true;
        }
        Ok(PoliciesAnswer { known_at, policies })
    }

    /// Adopts a policy from now on. A text that is numbered otherwise is given the next number.
    ///
    /// # Errors
    /// [`LedgerError::PolicyUnchanged`] when it says nothing new; [`SubmitError`].
    pub fn adopt(
        &self,
        actor: &Actor,
        (text, policy): (&str, &Policy),
        reason: Label,
    ) -> Result<Adopted, SubmitError> {
        let expected = self.log.stream_len(&AccountId::ledger());
        let (version, differences) = self.next_policy(policy)?;
        let text = match renumbered(text, version) {
            Some(text) if Policy::from_toml(&text).is_ok() => text,
            _ => return Err(unfit(&"the policy has no `version` that could be set").into()),
        };
        let adoption = PolicyAdopted { version, policy: policy_text(text)?, reason };
        let event = OwnEvent {
            id: format!("policy:{version}"),
            occurred_at: self.this_second(),
            event: Event::PolicyAdopted(adoption),
        };
        let position = self.record_all_own(actor, expected, vec![event])?.first().copied();
        let position = position.ok_or_else(|| unfit(&"the log gave no answer"))?;
        let renumbered_from = (policy.version != version).then_some(policy.version);
        Ok(Adopted { version, renumbered_from, position, differences })
    }

    /// The number that a policy would be adopted as, and what it says otherwise than the current one.
    fn next_policy(&self, policy: &Policy) -> Result<(u32, Vec<Difference>), LedgerError> {
        let current = self.policy(&Asked::default())?;
        let differences = current.differences(policy).map_err(LedgerError::NotJson)?;
        if differences.is_empty() {
            return Err(LedgerError::PolicyUnchanged(current.version));
        }
        let last = self.policies(None)?.policies.iter().map(|policy| policy.version).max();
        Ok((last.unwrap_or_default().saturating_add(1), differences))
    }

    /// What adopting a policy would do to the figures of now.
    ///
    /// # Errors
    /// As [`Ledger::adopt`].
    pub fn preview_policy(
        &self,
        policy: &Policy,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<PolicyEffect, LedgerError> {
        let (version, differences) = self.next_policy(policy)?;
        let old = self.all_accounts(&Asked::default(), |done, all| progress(done, 2 * all))?;
        let at = old.coordinates;
        let asked = Asked {
            as_of: Some(When::At(at.as_of)),
            known_at: Some(When::At(at.known_at)),
            policy: PolicyChoice::File(Arc::new(policy.clone())),
        };
        let new = self.all_accounts(&asked, |done, all| progress(all + done, 2 * all))?;
        let mut effect = PolicyEffect {
            version,
            as_of: at.as_of,
            known_at: at.known_at,
            differences,
            accounts: old.accounts.len(),
            colour: 0,
            stage: 0,
            rank: 0,
            changes: Vec::new(),
        };
        for (old, new) in old.accounts.iter().zip(&new.accounts) {
            effect.compare(old, new);
        }
        effect.changes.sort_by_key(|change| (change.old.rank.is_none(), change.old.rank));
        Ok(effect)
    }
}

impl PolicyVersion {
    fn of_the_program() -> Self {
        let version = UNADOPTED_VERSION;
        let (from, recorded_at, actor, reason, position) = (None, None, None, None, None);
        Self { version, from, recorded_at, actor, reason, position, current: false }
    }
}

impl PolicyEffect {
    /// Counts what differs for an account. Both rows are of one account: neither depends on the policy for being
    /// there.
    fn compare(&mut self, old: &AccountRow, new: &AccountRow) {
        let (before, after) = (Glance::of(old), Glance::of(new));
        if !before.moved(after) {
            return;
        }
        self.colour += usize::from(before.colour != after.colour);
        self.stage += usize::from(before.stage != after.stage);
        self.rank += usize::from(before.rank != after.rank);
        let (account, name) = (old.account.clone(), old.name.clone());
        self.changes.push(PolicyChange { account, name, old: before, new: after });
    }
}
