//! Asking: one account, or all of them, at any coordinates.
//!
//! Each answer is a fold over the image of the account asked about; nothing that was asked before can change it.

use std::sync::Arc;

use guanxi_projections::account::{AccountState, AccountView};
use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::directives::Directives;
use guanxi_projections::envelope::Recorded;
use guanxi_projections::figures::FiguresView;
use guanxi_projections::health::Colour;
use guanxi_projections::history;
use guanxi_projections::id::{AccountId, Alias};
use guanxi_projections::image::Image;
use guanxi_projections::key_list::KeyList;
use guanxi_projections::policy::Policy;
use guanxi_projections::profile::Profile;
use guanxi_projections::projection::fold;
use guanxi_projections::quadrant::Quadrant;
use guanxi_projections::rates::Rates;
use guanxi_projections::setting::Setting;
use guanxi_projections::stage::Stage;
use guanxi_projections::state_hash::state_hash;
use guanxi_projections::time::{Timestamp, When};
use serde::Serialize;

use super::epochs::{EpochAt, EpochQuestion};
use super::groups::above;
use super::image::Facts;
use super::policies::{NamedPolicy, PolicyChoice, named};
use super::vantage::Measuring;
use super::{Ledger, LedgerError, shared};

/// What a question names; what it leaves out is now.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// T; a date means the end of that day in the ledger's zone.
    pub as_of: Option<When>,
    /// K; a date means the end of that day in the ledger's zone.
    pub known_at: Option<When>,
    /// The policy.
    pub policy: PolicyChoice,
}

/// The answer about one account. As [`Ledger::to_json`] writes it, the view's fields stand beside the coordinates.
#[derive(Debug, Clone, Serialize)]
pub struct AccountAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// SHA-256 of the view in canonical form, with pseudonyms and without the coordinates.
    pub state_hash: String,
    /// The view, with pseudonyms.
    #[serde(flatten)]
    pub view: AccountView,
    /// Who answers for the account, by alias.
    #[serde(skip)]
    pub owner: Option<Alias>,
    /// When it is to be evaluated next; `None` while it is closed or merged away.
    pub next_evaluation: Option<Timestamp>,
}

/// One line of the answer about all accounts.
#[derive(Debug, Clone, Serialize)]
pub struct AccountRow {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// The name of its stage.
    pub stage: Stage,
    /// When that stage began.
    pub since: Timestamp,
    /// What comes next unless something happens.
    pub next: Option<guanxi_projections::stage::Next>,
    /// Remarks on the stage.
    pub flags: Vec<guanxi_projections::stage::Flag>,
    /// Relationship health, 0 to 100.
    pub health: f64,
    /// How much of it comes from evidence, 0 to 1.
    pub confidence: f64,
    /// What it means at a glance.
    pub colour: Colour,
    /// The composite score, 0 to 100.
    pub score: f64,
    /// Its dimension sales, 0 to 100.
    pub sales: f64,
    /// Place by score among the accounts that are neither closed nor merged away, from 1; `None` for those.
    pub rank: Option<u32>,
    /// The probability of an order within the horizon; `None` before the first order.
    pub outlook: Option<f64>,
    /// Whether it is a key account by the last review.
    pub key_account: bool,
    /// What to do about it, by importance and coverage.
    pub quadrant: Quadrant,
    /// Who answers for it.
    pub owner: Option<Alias>,
    /// When the last meeting was held.
    pub last_contact: Option<Timestamp>,
    /// Events folded.
    pub events: u64,
}

/// The answer about all accounts.
#[derive(Debug, Clone, Serialize)]
pub struct AccountsAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// Those with an event at the coordinates, sorted by id.
    pub accounts: Vec<AccountRow>,
}

/// Everything that a fold needs beside the account's facts.
pub(super) struct Ground {
    pub(super) coordinates: Coordinates,
    pub(super) policy: Arc<Policy>,
    pub(super) rates: Rates,
    pub(super) directives: Directives,
}

impl Ground {
    /// Whether policy, rates, fit and statements of experts are the same; the key list may differ.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.policy == other.policy && self.rates == other.rates && self.directives.is_like(&other.directives)
    }
}

impl Ground {
    /// What the ledger's own stream says beside policies and rates.
    pub(super) fn directives(&self) -> &Directives {
        &self.directives
    }

    /// The key list.
    pub(super) fn key_list(&self) -> &KeyList {
        &self.directives.key_list
    }
}

impl Ledger {
    /// Fills in and clamps what was asked, and finds what holds there for every account.
    pub(super) fn ground(&self, asked: &Asked, facts: &Facts) -> Result<Ground, LedgerError> {
        let last = facts.last_recorded_at().unwrap_or(self.log.identity().created_at);
        self.ground_at(asked, last, facts.own())
    }

    /// The same for a question that needs no image.
    pub(super) fn ground_alone(&self, asked: &Asked) -> Result<Ground, LedgerError> {
        let last = self.last_recorded_at();
        self.ground_at(asked, last, &self.log.stream(&AccountId::ledger())?)
    }

    /// `own` is the ledger's own stream, at least up to `last`, the end of what may be known.
    fn ground_at(&self, asked: &Asked, last: Timestamp, own: &[Recorded]) -> Result<Ground, LedgerError> {
        let zone = self.zone();
        let (as_of, known_at) = self.instants_at(asked, last);
        let then = history::effective(own, as_of, known_at);
        let current = history::effective(own, Timestamp::MAX, known_at);
        let (policy_name, policy) = self.policies.choose(&asked.policy, &current, &then)?;
        let rates = Rates::from_history(&then, zone);
        let coordinates = Coordinates::resolve(Some(as_of), Some(known_at), as_of, last, policy_name);
        let directives = Directives::from_history(&then, zone);
        Ok(Ground { coordinates, policy, rates, directives })
    }

    /// T and K of a question, filled in and clamped: asked with them instead, it has the same answer from now on.
    pub fn instants(&self, asked: &Asked) -> (Timestamp, Timestamp) {
        self.instants_at(asked, self.last_recorded_at())
    }

    fn instants_at(&self, asked: &Asked, last: Timestamp) -> (Timestamp, Timestamp) {
        let instant = |when: Option<When>| when.map(|when| when.instant(self.zone()));
        let known_at = instant(asked.known_at).unwrap_or(last).min(last);
        let as_of = instant(asked.as_of).unwrap_or_else(|| self.clock.now()).truncated_to_second();
        (as_of, known_at)
    }

    /// The policy that a question follows.
    ///
    /// # Errors
    /// [`LedgerError::Policy`] when there is none such.
    pub fn policy(&self, asked: &Asked) -> Result<Policy, LedgerError> {
        Ok(Policy::clone(&self.ground_alone(asked)?.policy))
    }

    /// The same with its text.
    ///
    /// # Errors
    /// As [`Ledger::policy`].
    pub fn named_policy(&self, asked: &Asked) -> Result<NamedPolicy, LedgerError> {
        let Coordinates { as_of, known_at, .. } = self.ground_alone(asked)?.coordinates;
        let own = self.log.stream(&AccountId::ledger())?;
        let [current, then] = [Timestamp::MAX, as_of].map(|until| history::effective(&own, until, known_at));
        Ok(named(&asked.policy, &current, &then)?)
    }

    /// What an account was at T, as known at K.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`] when it has no event there.
    pub fn account(&self, account: &AccountId, asked: &Asked) -> Result<AccountAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let vantage = self.vantage(&facts, asked, Measuring::WithYardstick)?;
        let (view, next_evaluation) = self.page(&facts, &vantage, account)?;
        let coordinates = vantage.ground.coordinates;
        let state_hash = state_hash(&view).map_err(LedgerError::NotJson)?;
        let owner = view.owner.map(|person| self.people.alias(person));
        Ok(AccountAnswer { coordinates, state_hash, view, owner, next_evaluation })
    }

    /// What an account was at the coordinates of `ground`.
    pub(super) fn view_of(
        &self,
        facts: &Facts,
        ground: &Ground,
        account: &AccountId,
    ) -> Result<AccountView, LedgerError> {
        let unknown = || LedgerError::AccountUnknown(account.clone());
        let image = facts.accounts().get(account).ok_or_else(unknown)?;
        let epoch = self.epoch(facts, ground);
        let view = self.view(ground, &epoch, account, image).ok_or_else(unknown)?;
        Ok(placed(view, facts, &ground.coordinates))
    }

    /// What people call an account at the coordinates; its id where nothing says.
    pub(super) fn name_of(
        facts: &Facts,
        ground: &Ground,
        account: &AccountId,
    ) -> Result<String, LedgerError> {
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let mut profile = Profile::default();
        let image = facts.known(account, &ground.coordinates)?;
        image.visit(as_of, known_at, |fact| profile.apply(&fact.matter));
        Ok(profile.name.map_or_else(|| account.to_string(), |name| name.to_string()))
    }

    /// What is measured over the whole portfolio at the coordinates.
    pub(super) fn epoch(&self, facts: &Facts, ground: &Ground) -> EpochAt {
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let (policy, zone, directives) = (&ground.policy, self.zone(), &ground.directives);
        self.epochs.at(facts, EpochQuestion { policy, zone, as_of, known_at, directives })
    }

    /// What all accounts were at T, as known at K. `progress` hears how many are folded, and of how many.
    ///
    /// # Errors
    /// What the log reports.
    pub fn all_accounts(
        &self,
        asked: &Asked,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<AccountsAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let accounts = self.rows(&facts, &ground, &mut progress);
        Ok(AccountsAnswer { coordinates: ground.coordinates, accounts })
    }

    /// What all accounts were at the coordinates of `ground`, ranked, sorted by id.
    pub(super) fn rows(
        &self,
        facts: &Facts,
        ground: &Ground,
        mut progress: impl FnMut(usize, usize),
    ) -> Vec<AccountRow> {
        let epoch = self.epoch(facts, ground);
        let accounts: Vec<(&AccountId, &Image)> = facts.accounts().iter().collect();
        let view = |(account, image): &(&AccountId, &Image)| {
            let view = self.view(ground, &epoch, account, image)?;
            Some(placed(view, facts, &ground.coordinates))
        };
        let views = shared::map(&accounts, view, |done| progress(done, accounts.len()));
        let mut rows: Vec<_> = views.into_iter().flatten().filter_map(|view| self.row(view)).collect();
        rank(&mut rows);
        rows
    }

    /// What holds for a fold of an account.
    pub(super) fn setting<'p>(
        &self,
        ground: &'p Ground,
        epoch: &'p EpochAt,
        account: &AccountId,
        image: &'p Image,
    ) -> Setting<'p> {
        Setting {
            policy: &ground.policy,
            zone: self.zone(),
            rates: &ground.rates,
            names: image.names(),
            epoch: &epoch.epoch,
            own: epoch.own(account),
            fit: ground.directives.fit(ground.policy.outlook.horizon_days),
            key_account: ground.directives.key_account(account),
        }
    }

    /// `None` when nothing of the account is in the effective history.
    fn view(
        &self,
        ground: &Ground,
        epoch: &EpochAt,
        account: &AccountId,
        image: &Image,
    ) -> Option<AccountView> {
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let setting = self.setting(ground, epoch, account, image);
        let view = fold(AccountState::new(account.clone(), setting), image, as_of, known_at);
        (view.events > 0).then_some(view)
    }

    pub(super) fn row(&self, view: AccountView) -> Option<AccountRow> {
        let FiguresView { stage, health, score, outlook } = view.figures;
        let stage = stage?;
        let eligible = view.closed_at.is_none() && view.merged_into.is_none();
        Some(AccountRow {
            account: view.account,
            name: view.profile.name.map(|name| name.to_string()),
            stage: stage.name,
            since: stage.since,
            next: stage.next,
            flags: stage.flags,
            health: health.value,
            confidence: health.confidence,
            colour: health.colour,
            score: score.value,
            sales: score.dimensions.sales.value,
            rank: eligible.then_some(0),
            outlook: outlook.map(|outlook| outlook.active_probability),
            key_account: view.key_account.member,
            quadrant: view.quadrant,
            owner: view.owner.map(|person| self.people.alias(person)),
            last_contact: view.last_contact,
            events: view.events,
        })
    }
}

/// The view with what is odd about the account's place in a group. Cost: O(events of the accounts above it).
pub(super) fn placed(mut view: AccountView, facts: &Facts, coordinates: &Coordinates) -> AccountView {
    let above = view.profile.parent.is_some().then(|| above(facts, coordinates, &view.account));
    if let Some(flaw) = above.and_then(|groups| groups.flaw(&view.account)) {
        view.add_flaw(flaw);
    }
    view
}

/// Ranks those that may become key accounts: by score, then by sales, both from the highest, then by id.
fn rank(rows: &mut [AccountRow]) {
    let mut eligible: Vec<&mut AccountRow> = rows.iter_mut().filter(|row| row.rank.is_some()).collect();
    eligible.sort_by(|a, b| {
        let by_figures = b.score.total_cmp(&a.score).then(b.sales.total_cmp(&a.sales));
        by_figures.then_with(|| a.account.cmp(&b.account))
    });
    for (row, rank) in eligible.into_iter().zip(1..) {
        row.rank = Some(rank);
    }
}
