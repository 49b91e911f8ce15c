//! Which policy a question follows.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use guanxi_projections::coordinates::PolicyName;
use guanxi_projections::event::Event;
use guanxi_projections::event::own::PolicyAdopted;
use guanxi_projections::history::EffectiveEvent;
use guanxi_projections::policy::{DEFAULT_TOML, InvalidPolicy, Policy};
use guanxi_projections::time::Timestamp;

/// The number of the program's own policy, in force where none was adopted.
pub(super) const UNADOPTED_VERSION: u32 = 1;

/// The program's own policy.
static UNADOPTED: LazyLock<Arc<Policy>> = LazyLock::new(|| Arc::new(Policy::default_policy()));

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
    File(Arc<Policy>),
}

/// A policy with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPolicy {
    /// Which.
    pub name: PolicyName,
    /// As it was adopted, comments included.
    pub text: String,
    /// What it says.
    pub policy: Policy,
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

/// The adopted policies that were read already: reading one takes as long as folding a thousand events.
#[derive(Debug, Default)]
pub(super) struct Policies {
    read: Mutex<Vec<(PolicyAdopted, Arc<Policy>)>>,
}

impl Policies {
    /// Finds the policy, of which all questions that follow it share one copy. `current` is the ledger's own effective
    /// history at (the end of time, K), `then` at (T, K).
    pub(super) fn choose(
        &self,
        choice: &PolicyChoice,
        current: &[EffectiveEvent<'_>],
        then: &[EffectiveEvent<'_>],
    ) -> Result<(PolicyName, Arc<Policy>), PolicyError> {
        match find(choice, current, then)? {
            Found::Adopted(adoption) => self.read(adoption),
            Found::Unadopted => Ok((PolicyName::Version(UNADOPTED_VERSION), Arc::clone(&UNADOPTED))),
            Found::Brought(policy) => Ok((PolicyName::File, Arc::clone(policy))),
        }
    }

    fn read(&self, adoption: &PolicyAdopted) -> Result<(PolicyName, Arc<Policy>), PolicyError> {
        let name = PolicyName::Version(adoption.version);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, policy)) = read.iter().find(|(known, _)| known == adoption) {
            return Ok((name, Arc::clone(policy)));
        }
        let policy = Arc::new(parse(adoption)?);
        read.push((adoption.clone(), Arc::clone(&policy)));
        Ok((name, policy))
    }
}

/// Finds the policy with its text; that of one that was brought along is made from its values.
pub(super) fn named(
    choice: &PolicyChoice,
    current: &[EffectiveEvent<'_>],
    then: &[EffectiveEvent<'_>],
) -> Result<NamedPolicy, PolicyError> {
    Ok(match find(choice, current, then)? {
        Found::Adopted(adoption) => NamedPolicy {
            name: PolicyName::Version(adoption.version),
            text: adoption.policy.to_string(),
            policy: parse(adoption)?,
        },
        Found::Unadopted => NamedPolicy {
            name: PolicyName::Version(UNADOPTED_VERSION),
            text: DEFAULT_TOML.to_owned(),
            policy: Policy::default_policy(),
        },
        Found::Brought(policy) => NamedPolicy {
            name: PolicyName::File,
            text: toml::to_string(&**policy).unwrap_or_default(),
            policy: Policy::clone(policy),
        },
    })
}

/// Where the policy of a choice is.
enum Found<'a> {
    /// In the ledger.
    Adopted(&'a PolicyAdopted),
    /// In the program: its own was in force before the first adoption.
    Unadopted,
    /// In the question.
    Brought(&'a Arc<Policy>),
}

fn find<'a>(
    choice: &'a PolicyChoice,
    current: &[EffectiveEvent<'a>],
    then: &[EffectiveEvent<'a>],
) -> Result<Found<'a>, PolicyError> {
    let adoption = match choice {
        PolicyChoice::Current => adopted(current).max_by_key(|(event, _)| event.position),
        PolicyChoice::Then => adopted(then).last(),
        PolicyChoice::Version(version) => {
            let found = adopted(current).find(|(_, adoption)| adoption.version == *version);
            let ever_unadopted = adopted(current).all(|(event, _)| event.occurred_at > Timestamp::MIN);
            if found.is_none() && !(*version == UNADOPTED_VERSION && ever_unadopted) {
                return Err(PolicyError::NotAdopted(*version));
            }
            found
        }
        PolicyChoice::File(policy) => return Ok(Found::Brought(policy)),
    };
    Ok(adoption.map_or(Found::Unadopted, |(_, adoption)| Found::Adopted(adoption)))
}

pub(super) fn adopted<'a, 'h>(
    history: &'h [EffectiveEvent<'a>],
) -> impl Iterator<Item = (&'h EffectiveEvent<'a>, &'a PolicyAdopted)> {
    history.iter().filter_map(|event| {
        let Event::PolicyAdopted(adoption) = event.event else { return None };
        Some((event, adoption))
    })
}

fn parse(adoption: &PolicyAdopted) -> Result<Policy, PolicyError> {
    let version = adoption.version;
    Policy::from_toml(adoption.policy.as_str()).map_err(|reason| PolicyError::Unusable { version, reason })
}
