//! Who asks: the actor that events are recorded under, and what this one may see and do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use guanxi_projections::id::{AccountId, Actor, Alias};
use guanxi_projections::wire::Draft;

use super::problem::{Kind, Outcome, Problem};
use crate::ledger::{Asked, Ledger, Revising, Role, Sight, Token};

/// Who sent a request.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// Under whom events are recorded and reads are noted.
    pub(super) actor: Actor,
    /// `None`: whoever is on this machine, while there are no tokens.
    pub(super) token: Option<Arc<Token>>,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    /// Put there by the gate, which every request passes.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Problem::new(Kind::Internal, "nobody has said who asks"))
    }
}

impl Caller {
    /// Whether no account is hidden from it.
    pub(super) fn sees_all(&self) -> bool {
        self.token.as_ref().is_none_or(|token| !token.is_scoped())
    }

    /// Whose events it may correct and retract.
    pub(super) fn revising(&self) -> Revising {
        match self.token.as_ref().map(|token| token.role) {
            None | Some(Role::Manager | Role::Admin) => Revising::Any,
            Some(Role::Recorder | Role::Auditor | Role::Privacy) => Revising::OwnSource,
        }
    }

    /// Whether it may record an event: as its own source, about an account in its scope.
    pub(super) fn may_record(&self, sight: &Sight, draft: &Draft) -> Outcome<()> {
        let Some(token) = &self.token else { return Ok(()) };
        if !token.sources.contains(&draft.heading.source) {
            let detail = format!("the token may not write as `{}`", draft.heading.source);
            return Err(Problem::new(Kind::SourceForeign, detail));
        }
        sight.must_see(&draft.heading.account)
    }
}

impl Sight {
    /// # Errors
    /// The same problem whether there is such an account or not.
    pub(super) fn must_see(&self, account: &AccountId) -> Outcome<()> {
        if self.sees(account) {
            return Ok(());
        }
        Err(Problem::new(Kind::OutOfScope, "the account is outside the scope of the token"))
    }

    /// # Errors
    /// When there are accounts that are not seen.
    pub(super) fn must_see_all(&self) -> Outcome<()> {
        if *self == Self::All {
            return Ok(());
        }
        Err(Problem::new(Kind::OutOfScope, "this is about all accounts, and the token is limited to some"))
    }
}

type Owners = BTreeMap<AccountId, Alias>;

/// Who answers for which account now: what a scope of owners means. Kept until the log grows.
#[derive(Debug, Default)]
pub(super) struct Sights {
    owners: Mutex<Option<(u64, Arc<Owners>)>>,
}

impl Sights {
    /// What a caller may see now, whatever the coordinates of its question.
    pub(super) fn of(&self, caller: &Caller, ledger: &Ledger) -> Outcome<Sight> {
        let Some(token) = caller.token.as_ref().filter(|_| !caller.sees_all()) else {
            return Ok(Sight::All);
        };
        let mut accounts: BTreeSet<AccountId> = token.accounts.iter().cloned().collect();
        if !token.owners.is_empty() {
            let owners = self.owners(ledger)?;
            let owned = owners.iter().filter(|(_, owner)| token.owners.contains(owner));
            accounts.extend(owned.map(|(account, _)| account.clone()));
        }
        Ok(Sight::Only(accounts))
    }

    fn owners(&self, ledger: &Ledger) -> Outcome<Arc<Owners>> {
        let count = ledger.head().count;
        let mut kept = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, owners)) = kept.as_ref().filter(|(at, _)| *at == count) {
            debug_assert_eq!(*at, count);
            return Ok(Arc::clone(owners));
        }
        let rows = ledger.all_accounts(&Asked::default(), |_, _| ())?.accounts;
        let owners = rows.into_iter().filter_map(|row| Some((row.account, row.owner?)));
        let owners = Arc::new(owners.collect::<Owners>());
        *kept = Some((count, Arc::clone(&owners)));
        Ok(owners)
    }
}
