//! Which accounts a question may see.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;

/// The accounts that whoever asks may see. What is computed over all of these is computed over no others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sight {
    /// All of them.
    #[default]
    All,
    /// These.
    Only(BTreeSet<AccountId>),
}

impl Sight {
    /// Whether it has an account in it.
    pub fn sees(&self, account: &AccountId) -> bool {
        match self {
            Self::All => true,
            Self::Only(accounts) => accounts.contains(account),
        }
    }

    /// Those of the accounts that it has in it, in the order of their ids.
    pub(super) fn of<'a>(&self, accounts: &'a BTreeMap<AccountId, Image>) -> Vec<(&'a AccountId, &'a Image)> {
        accounts.iter().filter(|(account, _)| self.sees(account)).collect()
    }
}
