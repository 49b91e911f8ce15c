//! Account groups: what the accounts under one head come to together.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Standing;
use crate::group::{Groups, Sums};
use crate::id::AccountId;
use crate::text::Label;

/// A group of more than one account. Health and score are figures of one relationship, and are never summed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupTotal {
    /// The account at its head.
    pub head: AccountId,
    /// What people call that one.
    pub name: Option<Label>,
    /// Every account of it, each parent before its children.
    pub accounts: Vec<AccountId>,
    /// Money and effort of all of them.
    pub total: Sums,
}

/// The groups that any chosen account belongs to, whole, by the ids of their heads.
pub(super) fn totals(standings: &[Standing], chosen: &[&Standing]) -> Vec<GroupTotal> {
    let by_account: BTreeMap<&AccountId, &Standing> =
        standings.iter().map(|standing| (&standing.view.account, standing)).collect();
    let parent = |standing: &Standing| (standing.view.account.clone(), standing.view.profile.parent.clone());
    let groups = Groups::of(standings.iter().map(parent).collect());
    let is_chosen = |head: &&AccountId| chosen.iter().any(|one| groups.head(&one.view.account) == *head);
    let total = |head: &AccountId| {
        let places = groups.below(head);
        let members = places.iter().filter_map(|place| by_account.get(place.account));
        GroupTotal {
            head: head.clone(),
            name: by_account.get(head).and_then(|standing| standing.view.profile.name.clone()),
            accounts: places.iter().map(|place| place.account.clone()).collect(),
            total: members.fold(Sums::default(), |sum, standing| sum.plus(standing.sums)),
        }
    };
    groups.heads().filter(is_chosen).map(total).collect()
}
