//! Account groups: accounts that belong to a parent, and what may be summed over them.
//!
//! Money and effort are sums; health and score are figures of one relationship and are never added or averaged.
//! A parent that is not known, and a ring of parents, are odd but kept: the ring is cut at its first account by id,
//! so that every account belongs to one group and counts once.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::demand::Demand;
use crate::fact::{Fact, Matter};
use crate::id::AccountId;
use crate::order_book::OrderBook;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// The groups of the accounts known at (T, K).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Groups {
    /// The parent that each names.
    named: BTreeMap<AccountId, Option<AccountId>>,
    /// The parent that each has: known, and not cut from a ring.
    parents: BTreeMap<AccountId, AccountId>,
    children: BTreeMap<AccountId, BTreeSet<AccountId>>,
    rings: BTreeSet<AccountId>,
}

/// What is odd about the parent that an account names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// Nothing is known of the parent.
    UnknownParent,
    /// The account is, through its parents, its own parent.
    Ring,
}

/// A place in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Which account.
    pub account: &'a AccountId,
    /// How many parents stand above it within the group.
    pub depth: usize,
}

impl Groups {
    /// The groups of accounts, each with the parent that it names. Cost: O(n log n).
    pub fn of(named: BTreeMap<AccountId, Option<AccountId>>) -> Self {
        let mut groups = Self { named, ..Self::default() };
        groups.rings = groups.find_rings();
        for (account, parent) in &groups.named {
            let Some(parent) = parent.as_ref().filter(|parent| groups.named.contains_key(*parent)) else {
                continue;
            };
            if !groups.is_cut(account) {
                groups.parents.insert(account.clone(), parent.clone());
                groups.children.entry(parent.clone()).or_default().insert(account.clone());
            }
        }
        groups
    }

    /// The accounts that are their own parents, each ring found by walking every account once.
    fn find_rings(&self) -> BTreeSet<AccountId> {
        let mut rings = BTreeSet::new();
        let mut walked: BTreeSet<&AccountId> = BTreeSet::new();
        for start in self.named.keys() {
            let mut path: Vec<&AccountId> = Vec::new();
            let mut on_path: BTreeSet<&AccountId> = BTreeSet::new();
            let mut at = Some(start);
            while let Some(account) = at.filter(|account| !walked.contains(account)) {
                if !on_path.insert(account) {
                    let ring = path.iter().rev().take_while(|passed| **passed != account);
                    rings.extend(ring.copied().cloned());
                    rings.insert(account.clone());
                    break;
                }
                path.push(account);
                at = self.named.get(account).and_then(Option::as_ref);
            }
            walked.extend(path);
        }
        rings
    }

    /// Whether an account is the one that its ring is cut at: the first of it by id.
    fn is_cut(&self, account: &AccountId) -> bool {
        self.rings.contains(account) && self.ring_of(account).all(|other| account <= other)
    }

    fn ring_of<'a>(&'a self, account: &'a AccountId) -> impl Iterator<Item = &'a AccountId> {
        let next = |at: &&'a AccountId| self.named.get(*at).and_then(Option::as_ref);
        std::iter::successors(next(&account), next).take_while(move |other| *other != account)
    }

    /// Whether anything is known of an account.
    pub fn contains(&self, account: &AccountId) -> bool {
        self.named.contains_key(account)
    }

    /// What is odd about the parent that an account names.
    pub fn flaw(&self, account: &AccountId) -> Option<Flaw> {
        let parent = self.named.get(account)?.as_ref()?;
        if self.rings.contains(account) {
            Some(Flaw::Ring)
        } else if self.named.contains_key(parent) {
            None
        } else {
            Some(Flaw::UnknownParent)
        }
    }

    /// The parent of an account within its group.
    pub fn parent(&self, account: &AccountId) -> Option<&AccountId> {
        self.parents.get(account)
    }

    /// The account at the head of an account's group; the account itself where it has no parent.
    pub fn head<'a>(&'a self, account: &'a AccountId) -> &'a AccountId {
        let mut head = account;
        while let Some(parent) = self.parents.get(head) {
            head = parent;
        }
        head
    }

    /// The accounts at the head of a group of more than one, sorted by id.
    pub fn heads(&self) -> impl Iterator<Item = &AccountId> {
        self.children.keys().filter(|account| !self.parents.contains_key(*account))
    }

    /// An account and everything below it: each parent before its children, children by id.
    pub fn below<'a>(&'a self, account: &'a AccountId) -> Vec<Place<'a>> {
        let mut places = Vec::new();
        let mut waiting = vec![Place { account, depth: 0 }];
        while let Some(place) = waiting.pop() {
            places.push(place);
            let children = self.children.get(place.account).into_iter().flatten().rev();
            waiting.extend(children.map(|account| Place { account, depth: place.depth + 1 }));
        }
        places
    }
}

/// What one account adds to its group. Money is in the reporting currency; an amount without a rate is left out.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Sums {
    /// Orders placed.
    pub orders: u64,
    /// What was ordered and not returned, in all.
    pub ordered: f64,
    /// The annual sales rate at T.
    pub annual_sales: f64,
    /// Hours that we worked.
    pub effort_hours: f64,
    /// What that cost.
    pub effort_cost: f64,
}

impl Sums {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            orders: self.orders.saturating_add(other.orders),
            ordered: self.ordered + other.ordered,
            annual_sales: self.annual_sales + other.annual_sales,
            effort_hours: self.effort_hours + other.effort_hours,
            effort_cost: self.effort_cost + other.effort_cost,
        }
    }
}

/// Folds what one account adds to its group.
#[derive(Debug, Clone)]
pub struct Summing<'p> {
    setting: Setting<'p>,
    orders: OrderBook<'p>,
    demand: Demand<'p>,
    sums: Sums,
}

impl<'p> Summing<'p> {
    /// Nothing yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self {
            setting,
            orders: OrderBook::new(setting.policy.money.reporting_currency, setting.rates),
            demand: Demand::new(setting.policy, setting.zone),
            sums: Sums::default(),
        }
    }
}

impl Projection for Summing<'_> {
    type View = Sums;

    fn apply(&mut self, fact: &Fact) {
        self.demand.apply(fact);
        let (demand, sums) = (&mut self.demand, &mut self.sums);
        self.orders.apply(fact, |position, movement| {
            sums.ordered += movement.change();
            demand.movement(position, fact.occurred_at, movement);
        });
        if let Matter::OrderPlaced { .. } = fact.matter {
            self.sums.orders = self.sums.orders.saturating_add(1);
        } else if let Matter::EffortSpent { hours, cost, .. } = fact.matter {
            self.sums.effort_hours += hours.unwrap_or_default();
            let cost = cost.and_then(|cost| self.setting.convert(cost, fact.occurred_at));
            self.sums.effort_cost += cost.unwrap_or_default();
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Sums {
        Sums { annual_sales: self.demand.annual_rate(as_of), ..self.sums }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> AccountId {
        AccountId::new(name).unwrap()
    }

    /// `child>parent` or a lone account, separated by spaces.
    fn groups(said: &str) -> Groups {
        let pair = |word: &str| match word.split_once('>') {
            Some((child, parent)) => (id(child), Some(id(parent))),
            None => (id(word), None),
        };
        Groups::of(said.split_whitespace().map(pair).collect())
    }

    fn below(groups: &Groups, account: &str) -> String {
        let account = id(account);
        let places = groups.below(&account);
        places
            .iter()
            .map(|place| format!("{}{}", ".".repeat(place.depth), place.account))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn an_account_stands_under_its_parent() {
        let groups = groups("a b>a c>a d>b e");
        assert_eq!(below(&groups, "a"), "a .b ..d .c");
        assert_eq!(below(&groups, "e"), "e");
        assert_eq!(groups.head(&id("d")), &id("a"));
        assert_eq!(groups.heads().collect::<Vec<_>>(), [&id("a")]);
        assert_eq!(groups.flaw(&id("d")), None);
    }

    #[test]
    fn an_unknown_parent_leaves_an_account_alone() {
        let groups = groups("a>nobody b>a");
        assert_eq!(groups.flaw(&id("a")), Some(Flaw::UnknownParent));
        assert_eq!((groups.flaw(&id("b")), below(&groups, "a")), (None, "a .b".to_owned()));
    }

    #[test]
    fn a_ring_is_cut_at_its_first_account_and_counts_each_once() {
        let groups = groups("b>c c>d d>b e>d f>e a>a");
        assert_eq!(below(&groups, "b"), "b .d ..c ..e ...f");
        let flaws = ["a", "b", "c", "d"].map(|account| groups.flaw(&id(account)));
        assert_eq!(flaws, [Some(Flaw::Ring); 4]);
        assert_eq!([groups.flaw(&id("e")), groups.flaw(&id("f"))], [None, None], "these hang on the ring");
        assert_eq!(groups.head(&id("f")), &id("b"));
        assert_eq!(groups.heads().collect::<Vec<_>>(), [&id("b")]);
        assert_eq!(below(&groups, "a"), "a");
    }
}
