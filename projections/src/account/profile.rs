//! What is known about an account.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::account::{AccountOpened, AccountUpdated};
use crate::fact::Matter;
use crate::id::{AccountId, TraitName};
use crate::text::Label;

/// The facts of `account.opened`, as later updates left them. A fact that an update does not name stays.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Profile {
    /// What people call the account; `None` while nothing named it.
    pub name: Option<Label>,
    /// Its trade.
    pub industry: Option<Label>,
    /// Where it is.
    pub region: Option<Label>,
    /// The part of the market it belongs to.
    pub segment: Option<Label>,
    /// Its size class.
    pub size: Option<Label>,
    /// The account it belongs to.
    pub parent: Option<AccountId>,
    /// Further traits, by name.
    pub traits: BTreeMap<TraitName, Label>,
}

impl Profile {
    pub(super) fn apply(&mut self, matter: &Matter) {
        if let Matter::AccountOpened(opened) = matter {
            self.open(opened);
        } else if let Matter::AccountUpdated(updated) = matter {
            self.update(updated);
        }
    }

    fn open(&mut self, opened: &AccountOpened) {
        let AccountOpened { name, industry, region, segment, size, parent, traits, criteria: _ } = opened;
        set(&mut self.name, Some(name));
        set(&mut self.industry, industry.as_ref());
        set(&mut self.region, region.as_ref());
        set(&mut self.segment, segment.as_ref());
        set(&mut self.size, size.as_ref());
        set(&mut self.parent, parent.as_ref());
        self.set_traits(traits.as_ref());
    }

    fn update(&mut self, updated: &AccountUpdated) {
        let AccountUpdated { name, industry, region, segment, size, parent, traits, criteria: _ } = updated;
        set(&mut self.name, name.as_ref());
        set(&mut self.industry, industry.as_ref());
        set(&mut self.region, region.as_ref());
        set(&mut self.segment, segment.as_ref());
        set(&mut self.size, size.as_ref());
        set(&mut self.parent, parent.as_ref());
        self.set_traits(traits.as_ref());
    }

    fn set_traits(&mut self, traits: Option<&BTreeMap<TraitName, Label>>) {
        for (name, value) in traits.into_iter().flatten() {
            self.traits.insert(name.clone(), value.clone());
        }
    }
}

fn set<T: Clone>(fact: &mut Option<T>, said: Option<&T>) {
    if let Some(said) = said {
        *fact = Some(said.clone());
    }
}
