//! Which policy a question follows.

use std::sync::{Mutex, PoisonError};

use guanxi_projections::coordinates::PolicyName;
use guanxi_projections::event::Event;
use guanxi_projections::event::own::PolicyAdopted;
use guanxi_projections::history::{self, EffectiveEvent};
use guanxi_projections::id::{AccountId, Actor};
use guanxi_projections::policy::{InvalidPolicy, Policy};
use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;
use serde::Serialize;

use super::{Asked, Ledger, LedgerError};

/// How a question names its policy.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum PolicyChoice {
    /// The latest recorded by K.
    #[default]
    Current,
    /// The one in force at T, as known at K.
    Then,
    /// An adopted version.
    Version(u32),
    /// One brought along: what if it were in force?
    File(Box<Policy>),
}

/// Why there is no such policy.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The version was not adopted by K.
    #[error("policy version {0} was not adopted by then")]
    NotAdopted(u32),
    /// A recorded policy is not one that this program can read.
    #[error("policy version {version} cannot be used")]
    Unusable {
        /// Which.
        version: u32,
        /// Why.
        #[source]
        reason: InvalidPolicy,
    },
}

/// The policies adopted.
#[derive(Debug, Clone, Serialize)]
pub struct AdoptionsAnswer {
    /// In the order in which they were recorded.
    pub policies: Vec<Adoption>,
}

/// One adoption of a policy.
#[derive(Debug, Clone, Serialize)]
pub struct Adoption {
    /// The number of the policy.
    pub version: u32,
    /// From when on it is in force.
    pub from: Timestamp,
    /// When that was recorded.
    pub recorded_at: Timestamp,
    /// The event.
    pub position: Position,
    /// Who adopted it.
    pub actor: Actor,
    /// Why.
    pub reason: String,
}

impl Ledger {
    /// The policies that were adopted, as known at K, those not yet in force at T included.
    ///
    /// # Errors
    /// What the log reports.
    pub fn adoptions(&self, asked: &Asked) -> Result<AdoptionsAnswer, LedgerError> {
        let known_at = self.ground_alone(asked)?.coordinates.known_at;
        let recorded = self.log.stream(&AccountId::ledger())?;
        let mut events = history::effective(&recorded, Timestamp::MAX, known_at);
        events.sort_by_key(|event| event.position);
        let policies = adopted(&events).map(|(event, adoption)| Adoption {
            version: adoption.version,
            from: event.occurred_at,
            recorded_at: event.original.envelope.recorded_at,
            position: event.position,
            actor: event.original.envelope.actor.clone(),
            reason: adoption.reason.to_string(),
        });
        Ok(AdoptionsAnswer { policies: policies.collect() })
    }
}

/// The adopted policies that were read already: reading one takes as long as folding a thousand events.
#[derive(Debug, Default)]
pub(super) struct Policies {
    read: Mutex<Vec<(PolicyAdopted, Policy)>>,
}

impl Policies {
    /// Finds the policy. `current` is the ledger's own effective history at (the end of time, K), `then` at (T, K).
    /// Before the first adoption the program's default is in force, as version 1.
    pub(super) fn choose(
        &self,
        choice: &PolicyChoice,
        current: &[EffectiveEvent<'_>],
        then: &[EffectiveEvent<'_>],
    ) -> Result<(PolicyName, Policy), PolicyError> {
        match choice {
            PolicyChoice::Current => self.newest_recorded(current),
            PolicyChoice::Then => match adopted(then).last() {
                Some((_, adoption)) => self.read(adoption),
                None => Ok(default()),
            },
            PolicyChoice::Version(version) => {
                match adopted(current).find(|(_, adoption)| adoption.version == *version) {
                    Some((_, adoption)) => self.read(adoption),
                    None if *version == 1 && adopted(current).next().is_none() => Ok(default()),
                    None => Err(PolicyError::NotAdopted(*version)),
                }
            }
            PolicyChoice::File(policy) => Ok((PolicyName::File, policy.as_ref().clone())),
        }
    }

    fn newest_recorded(&self, current: &[EffectiveEvent<'_>]) -> Result<(PolicyName, Policy), PolicyError> {
        match adopted(current).max_by_key(|(event, _)| event.position) {
            Some((_, adoption)) => self.read(adoption),
            None => Ok(default()),
        }
    }

    fn read(&self, adoption: &PolicyAdopted) -> Result<(PolicyName, Policy), PolicyError> {
        let version = adoption.version;
        let name = PolicyName::Version(version);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, policy)) = read.iter().find(|(known, _)| known == adoption) {
            return Ok((name, policy.clone()));
        }
        let policy = Policy::from_toml(adoption.policy.as_str())
            .map_err(|reason| PolicyError::Unusable { version, reason })?;
        read.push((adoption.clone(), policy.clone()));
        Ok((name, policy))
    }
}

fn default() -> (PolicyName, Policy) {
    let policy = Policy::default_policy();
    (PolicyName::Version(policy.version), policy)
}

fn adopted<'a, 'h>(
    history: &'h [EffectiveEvent<'a>],
) -> impl Iterator<Item = (&'h EffectiveEvent<'a>, &'a PolicyAdopted)> {
    history.iter().filter_map(|event| {
        let Event::PolicyAdopted(adoption) = event.event else { return None };
        Some((event, adoption))
    })
}
