//! Alerts of all accounts, at any coordinates.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_projections::account::AccountView;
use guanxi_projections::alerts::{
    Alert, AlertKind, ListChange, ListNews, Midnights, Page, Severity, Span, Why, alerts_of,
};
use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::event::own::{ListRule, ReviewHeld};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::fact::EventRef;
use guanxi_projections::history::{self, EffectiveEvent};
use guanxi_projections::id::{AccountId, Alias, PersonId};
use guanxi_projections::image::Image;
use guanxi_projections::position::Position;
use guanxi_projections::projection::Projection as _;
use guanxi_projections::time::Timestamp;
use serde::Serialize;

use super::ask::placed;
use super::image::Facts;
use super::vantage::{Instants, Measuring, Stretch, Vantage, settings_of};
use super::{Asked, Ledger, LedgerError, Sight, shared};

/// Which alerts are wanted; empty lists want all.
#[derive(Debug, Clone, Default)]
pub struct AlertFilter {
    /// Of these accounts alone.
    pub within: Sight,
    /// Of those named here; none: of all.
    pub accounts: Vec<AccountId>,
    /// Of accounts that this person answers for.
    pub owner: Option<Alias>,
    /// At least this pressing.
    pub severity: Option<Severity>,
    /// Of these kinds.
    pub kinds: Vec<AlertKind>,
    /// Of key accounts alone.
    pub key: bool,
    /// So many at most.
    pub limit: Option<usize>,
}

/// An alert with the account that it is about.
#[derive(Debug, Clone, Serialize)]
pub struct AlertRow {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// Who answers for it.
    pub owner: Option<Alias>,
    /// Whether it is a key account.
    pub key_account: bool,
    /// The colleague that the alert speaks of.
    #[serde(skip)]
    pub colleague: Option<Alias>,
    /// The alert; its fields stand beside the account.
    #[serde(flatten)]
    pub alert: Alert,
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct AlertsAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The most pressing first, then the oldest, then by account; with pseudonyms.
    pub alerts: Vec<AlertRow>,
}

impl Ledger {
    /// What a manager should hear of at T, as known at K. `progress` hears how many accounts are done, and of how
    /// many.
    ///
    /// # Errors
    /// What the log reports; [`LedgerError::AccountUnknown`] for a wanted account that has no event there.
    pub fn alerts(
        &self,
        asked: &Asked,
        filter: &AlertFilter,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<AlertsAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        if let Some(unknown) = filter.accounts.iter().find(|account| {
            !facts.accounts().get(*account).is_some_and(|image| image.is_known(as_of, known_at))
        }) {
            return Err(LedgerError::AccountUnknown(unknown.clone()));
        }
        let midnights = Midnights::before(as_of, self.zone(), &ground.policy.alerts);
        let at: Vec<Timestamp> = midnights.instants().iter().copied().chain([as_of]).collect();
        let instants = Instants { at: &at, known_at, policy: &asked.policy };
        let stretches = self.stretches(&facts, &instants, Measuring::WithYardstick)?;
        let news = list_news(&history::effective(facts.own(), as_of, known_at));
        let wanted = |account: &AccountId| filter.accounts.is_empty() || filter.accounts.contains(account);
        let mut accounts = filter.within.of(facts.accounts());
        accounts.retain(|(account, _)| wanted(account));
        let rows = |(account, image): &(&AccountId, &Image)| {
            let about = About { midnights: &midnights, stretches: &stretches, news: news.get(*account) };
            self.alerts_about(account, image, &about, (as_of, known_at))
        };
        let rows = shared::map(&accounts, rows, |done| progress(done, accounts.len()));
        let mut alerts: Vec<AlertRow> = rows.into_iter().flatten().filter(|row| filter.wants(row)).collect();
        alerts.sort_by_key(|row| (std::cmp::Reverse(row.alert.severity), row.alert.since));
        alerts.truncate(filter.limit.unwrap_or(usize::MAX));
        Ok(AlertsAnswer { coordinates: ground.coordinates, alerts })
    }

    /// What the promises that alerts speak of say in words, by the position of the event that made them. Cost: that
    /// of reading the streams of their accounts.
    ///
    /// # Errors
    /// What the log or the store of persons reports.
    pub fn promises_in_words(
        &self,
        rows: &[&AlertRow],
        coordinates: &Coordinates,
    ) -> Result<BTreeMap<Position, String>, LedgerError> {
        let mut promises: BTreeMap<&AccountId, Vec<Position>> = BTreeMap::new();
        for row in rows {
            if let Why::PromiseDue { .. } | Why::PromiseOverdue { .. } = row.alert.why {
                let made = row.alert.events.iter().map(|event| event.position);
                promises.entry(&row.account).or_default().extend(made);
            }
        }
        let mut said = BTreeMap::new();
        for (account, made) in promises {
            said.extend(self.said_at(account, coordinates, made)?);
        }
        Ok(said)
    }

    fn alerts_about(
        &self,
        account: &AccountId,
        image: &Image,
        about: &About<'_>,
        coordinates: (Timestamp, Timestamp),
    ) -> Vec<AlertRow> {
        let spans: Vec<Span<'_>> = settings_of(self, about.stretches, account, image)
            .into_iter()
            .map(|run| Span { first: run.first, setting: run.setting, yardstick: run.yardstick })
            .collect();
        let found = alerts_of(account, image, (about.midnights, &spans), about.news, coordinates);
        let Some((view, alerts)) = found else { return Vec::new() };
        let row = |alert: Alert| AlertRow {
            account: account.clone(),
            name: view.profile.name.as_ref().map(ToString::to_string),
            owner: view.owner.map(|person| self.people.alias(person)),
            key_account: view.key_account.member,
            colleague: colleague(&alert.why).map(|person| self.people.alias(person)),
            alert,
        };
        alerts.into_iter().map(row).collect()
    }
}

/// The colleague that an alert speaks of.
fn colleague(why: &Why) -> Option<PersonId> {
    let Why::OneColleague { person, .. } = why else { return None };
    Some(*person)
}

/// What is the same for all accounts.
struct About<'a> {
    midnights: &'a Midnights,
    stretches: &'a [Stretch],
    news: Option<&'a ListNews>,
}

impl AlertFilter {
    fn wants(&self, row: &AlertRow) -> bool {
        self.owner.as_ref().is_none_or(|owner| row.owner.as_ref() == Some(owner))
            && self.severity.is_none_or(|least| row.alert.severity >= least)
            && (self.kinds.is_empty() || self.kinds.contains(&row.alert.why.kind()))
            && (!self.key || row.key_account)
    }
}

/// Who came onto the key list by the last review, and who left it.
fn list_news(own: &[EffectiveEvent<'_>]) -> BTreeMap<AccountId, ListNews> {
    let reviews = own.iter().filter_map(|event| {
        let Event::ReviewHeld(review) = event.event else { return None };
        Some((event, review))
    });
    let mut reviews = reviews.rev();
    let Some((event, last)) = reviews.next() else { return BTreeMap::new() };
    let before: BTreeSet<&AccountId> =
        reviews.next().into_iter().flat_map(|(_, review)| members(review)).collect();
    let review = EventRef {
        position: event.position,
        event_type: EventType::ReviewHeld,
        occurred_at: event.occurred_at,
    };
    let news =
        |account: &AccountId, change, rule: ListRule| (account.clone(), ListNews { change, rule, review });
    let entered = last.members.iter().filter(|member| !before.contains(&member.account));
    let entered = entered.map(|member| news(&member.account, ListChange::Entered, member.rule));
    let left = last.exits.iter().map(|exit| news(&exit.account, ListChange::Left, exit.rule));
    entered.chain(left).collect()
}

fn members(review: &ReviewHeld) -> impl Iterator<Item = &AccountId> {
    review.members.iter().map(|member| &member.account)
}

impl Ledger {
    /// What an account was, and when it is to be evaluated next, `None` while it is closed or merged away: in one fold.
    pub(super) fn page(
        &self,
        facts: &Facts,
        vantage: &Vantage,
        account: &AccountId,
    ) -> Result<(AccountView, Option<Timestamp>), LedgerError> {
        let Vantage { ground, epoch, yardstick } = vantage;
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let unknown = || LedgerError::AccountUnknown(account.clone());
        let image = facts.accounts().get(account).ok_or_else(unknown)?;
        let mut page = Page::new(account.clone(), self.setting(ground, epoch, account, image));
        image.visit(as_of, known_at, |fact| page.apply(fact));
        let view = page.evaluate(as_of);
        if view.events == 0 {
            return Err(unknown());
        }
        let next_evaluation = page.next_evaluation(&view, yardstick.as_ref());
        Ok((placed(view, facts, &ground.coordinates), next_evaluation))
    }
}
