//! Load per person: who answers for what, and who carries the contact.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Standing;
use crate::event::people::TeamRole;
use crate::id::PersonId;

/// A colleague.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadLine {
    /// Who.
    pub person: PersonId,
    /// Eligible accounts by the role held in them.
    pub roles: Vec<RoleCount>,
    /// Accounts that this person answers for.
    pub owned: usize,
    /// Key accounts among them.
    pub key_accounts: usize,
    /// Our open promises on the accounts that this person answers for.
    pub promises_open: usize,
    /// Those of them that are overdue.
    pub promises_overdue: usize,
    /// The person's contacts, faded with the half-life of the balance.
    pub contacts: f64,
    /// Their share of everyone's, 0 to 1.
    pub share: f64,
}

/// Accounts in which a person holds a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RoleCount {
    /// The role.
    pub role: TeamRole,
    /// How many accounts.
    pub accounts: usize,
}

#[derive(Default)]
struct Load {
    roles: BTreeMap<&'static str, RoleCount>,
    owned: usize,
    key_accounts: usize,
    promises_open: usize,
    promises_overdue: usize,
    contacts: f64,
}

/// By contacts, most first; then by accounts that the person answers for, then by pseudonym.
pub(super) fn load(standings: &[&Standing]) -> Vec<LoadLine> {
    let mut loads: BTreeMap<PersonId, Load> = BTreeMap::new();
    for standing in standings.iter().copied().filter(|standing| standing.eligible) {
        take(&mut loads, standing);
    }
    let all: f64 = loads.values().map(|load| load.contacts).sum();
    let mut lines: Vec<LoadLine> = loads.into_iter().map(|(person, load)| load.line(person, all)).collect();
    lines.sort_by(|a, b| b.contacts.total_cmp(&a.contacts).then(b.owned.cmp(&a.owned)));
    lines
}

fn take(loads: &mut BTreeMap<PersonId, Load>, standing: &Standing) {
    if let Some(owner) = standing.view.owner {
        let load = loads.entry(owner).or_default();
        load.owned += 1;
        load.key_accounts += usize::from(standing.view.key_account.member);
        load.promises_open += standing.promises.len();
        load.promises_overdue += standing.promises.iter().filter(|line| line.breached_at.is_some()).count();
    }
    let mut last = None;
    for line in &standing.team {
        let load = loads.entry(line.person).or_default();
        // Every line of a person repeats the person's contacts.
        if last.replace(line.person) != Some(line.person) {
            load.contacts += line.contacts;
        }
        if let Some(role) = line.role.filter(|_| line.until.is_none()) {
            let none = RoleCount { role, accounts: 0 };
            load.roles.entry(role.as_str()).or_insert(none).accounts += 1;
        }
    }
}

impl Load {
    fn line(self, person: PersonId, all: f64) -> LoadLine {
        LoadLine {
            person,
            roles: self.roles.into_values().collect(),
            owned: self.owned,
            key_accounts: self.key_accounts,
            promises_open: self.promises_open,
            promises_overdue: self.promises_overdue,
            contacts: self.contacts,
            share: if all > 0.0 { self.contacts / all } else { 0.0 },
        }
    }
}
