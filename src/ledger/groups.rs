//! Account groups: money and effort summed over an account and everything that belongs to it.

use std::collections::BTreeMap;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::group::{Flaw, Groups, Place, Summing, Sums};
use guanxi_projections::id::AccountId;
use guanxi_projections::profile::Profile;
use guanxi_projections::projection::fold;
use serde::Serialize;

use super::adoptions::Glance;
use super::ask::Ground;
use super::image::Facts;
use super::{AccountRow, Asked, Ledger, LedgerError};

/// A group of accounts.
#[derive(Debug, Clone, Serialize)]
pub struct GroupAnswer {
    /// The account asked about.
    pub account: AccountId,
    /// The account at the head of its group.
    pub head: AccountId,
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The whole group.
    pub total: Sums,
    /// Each parent before its children, children by id.
    pub accounts: Vec<GroupLine>,
}

/// An account of a group.
#[derive(Debug, Clone, Serialize)]
pub struct GroupLine {
    /// Which account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// The parent that it stands under.
    pub parent: Option<AccountId>,
    /// How many parents stand above it.
    pub depth: usize,
    /// What is odd about the parent that it names.
    pub flaw: Option<Flaw>,
    /// Where it stands itself: such figures are never summed.
    pub stands: Option<Glance>,
    /// What it adds itself.
    pub own: Sums,
    /// What it and everything below it add.
    pub with_below: Sums,
}

impl Ledger {
    /// The group of an account at T, as known at K.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`] when it has no event there.
    pub fn group(&self, account: &AccountId, asked: &Asked) -> Result<GroupAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let groups = groups(&facts, &ground.coordinates);
        if !groups.contains(account) {
            return Err(LedgerError::AccountUnknown(account.clone()));
        }
        let head = groups.head(account);
        let places = groups.below(head);
        let own: BTreeMap<&AccountId, Sums> =
            places.iter().map(|place| (place.account, self.sums(&facts, &ground, place.account))).collect();
        let sum = |account: &AccountId| {
            let below = groups.below(account);
            below.iter().filter_map(|place| own.get(place.account)).fold(Sums::default(), |a, b| a.plus(*b))
        };
        let line = |place: &Place<'_>| {
            let row = self.row_of(&facts, &ground, place.account)?;
            Ok(GroupLine {
                account: place.account.clone(),
                name: row.as_ref().and_then(|row| row.name.clone()),
                parent: groups.parent(place.account).cloned(),
                depth: place.depth,
                flaw: groups.flaw(place.account),
                stands: row.as_ref().map(Glance::of),
                own: own.get(place.account).copied().unwrap_or_default(),
                with_below: sum(place.account),
            })
        };
        Ok(GroupAnswer {
            account: account.clone(),
            head: head.clone(),
            coordinates: ground.coordinates,
            total: sum(head),
            accounts: places.iter().map(line).collect::<Result<_, LedgerError>>()?,
        })
    }

    fn row_of(
        &self,
        facts: &Facts,
        ground: &Ground,
        account: &AccountId,
    ) -> Result<Option<AccountRow>, LedgerError> {
        Ok(self.row(self.view_of(facts, ground, account)?))
    }

    fn sums(&self, facts: &Facts, ground: &Ground, account: &AccountId) -> Sums {
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let epoch = self.epoch(facts, ground);
        facts.accounts().get(account).map_or_else(Sums::default, |image| {
            fold(Summing::new(self.setting(ground, &epoch, account, image)), image, as_of, known_at)
        })
    }
}

/// The groups of every account known at the coordinates. Cost: O(events).
pub(super) fn groups(facts: &Facts, coordinates: &Coordinates) -> Groups {
    let Coordinates { as_of, known_at, .. } = *coordinates;
    let known = facts.accounts().iter().filter(|(_, image)| image.is_known(as_of, known_at));
    Groups::of(
        known.map(|(account, image)| (account.clone(), Profile::of(image, as_of, known_at).parent)).collect(),
    )
}

/// The accounts above one, as far as they are known: enough to say what is odd about its parent.
pub(super) fn above(facts: &Facts, coordinates: &Coordinates, account: &AccountId) -> Groups {
    let Coordinates { as_of, known_at, .. } = *coordinates;
    let mut named = BTreeMap::new();
    let mut at = Some(account.clone());
    while let Some(account) = at.take().filter(|account| !named.contains_key(account)) {
        let image = facts.accounts().get(&account).filter(|image| image.is_known(as_of, known_at));
        let Some(image) = image else { break };
        let parent = Profile::of(image, as_of, known_at).parent;
        at.clone_from(&parent);
        named.insert(account, parent);
    }
    Groups::of(named)
}
