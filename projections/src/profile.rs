//! What is known about an account.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::account::{AccountOpened, AccountUpdated};
use crate::event::payload::Ratio;
use crate::fact::Matter;
use crate::id::{AccountId, Criterion, TraitName};
use crate::image::Image;
use crate::text::Label;
use crate::time::Timestamp;

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
    /// What it judges suppliers by, with weights between 0 and 1.
    #[serde(skip)]
    pub criteria: BTreeMap<Criterion, Ratio>,
}

impl Profile {
    /// What was known about an account at (T, K). Cost: O(its events).
    pub fn of(image: &Image, as_of: Timestamp, known_at: Timestamp) -> Self {
        let mut profile = Self::default();
        image.visit(as_of, known_at, |fact| profile.apply(&fact.matter));
        profile
    }

    /// Takes what an event says of it; most say nothing.
    pub fn apply(&mut self, matter: &Matter) {
        if let Matter::AccountOpened(opened) = matter {
            self.open(opened);
        } else if let Matter::AccountUpdated(updated) = matter {
            self.update(updated);
        }
    }

    fn open(&mut self, opened: &AccountOpened) {
        let AccountOpened { name, industry, region, segment, size, parent, traits, criteria } = opened;
        set(&mut self.name, Some(name));
        set(&mut self.industry, industry.as_ref());
        set(&mut self.region, region.as_ref());
        set(&mut self.segment, segment.as_ref());
        set(&mut self.size, size.as_ref());
        set(&mut self.parent, parent.as_ref());
        self.set_traits(traits.as_ref());
        self.set_criteria(criteria.as_ref());
    }

    fn update(&mut self, updated: &AccountUpdated) {
        let AccountUpdated { name, industry, region, segment, size, parent, traits, criteria } = updated;
        set(&mut self.name, name.as_ref());
        set(&mut self.industry, industry.as_ref());
        set(&mut self.region, region.as_ref());
        set(&mut self.segment, segment.as_ref());
        set(&mut self.size, size.as_ref());
        set(&mut self.parent, parent.as_ref());
        self.set_traits(traits.as_ref());
        self.set_criteria(criteria.as_ref());
    }

    /// Every trait that experience reads, the four with a field of their own first. One of the others that has the
    /// name of one of those is passed over.
    pub fn all_traits(&self) -> impl Iterator<Item = (TraitName, &Label)> {
        let own = [
            ("industry", &self.industry),
            ("region", &self.region),
            ("segment", &self.segment),
            ("size", &self.size),
        ];
        let named = own.map(|(name, value)| Some((TraitName::new(name).ok()?, value.as_ref()?)));
        let is_own = move |name: &TraitName| own.iter().any(|(own, _)| *own == name.as_str());
        let others = self.traits.iter().filter(move |(name, _)| !is_own(name));
        named.into_iter().flatten().chain(others.map(|(name, value)| (name.clone(), value)))
    }

    fn set_criteria(&mut self, criteria: Option<&BTreeMap<Criterion, Ratio>>) {
        for (criterion, weight) in criteria.into_iter().flatten() {
            self.criteria.insert(criterion.clone(), *weight);
        }
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
