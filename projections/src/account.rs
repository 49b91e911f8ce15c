//! The account: its profile, who answers for it, its stage, and what is odd about its history.
//!
//! Persons appear by their pseudonyms; whoever shows the view resolves names.

mod anomaly;
mod references;
mod sequences;
mod sums;
mod team;
mod unrated;

use serde::Serialize;

use crate::directives::KeyAccountView;
use crate::fact::{Fact, Matter};
use crate::figures::{Figures, FiguresView};
use crate::group::Flaw;
use crate::id::{AccountId, PersonId};
use crate::position::Position;
use crate::profile::Profile;
use crate::projection::Projection;
use crate::quadrant::Quadrant;
use crate::setting::Setting;
use crate::time::Timestamp;

use anomaly::Shown;
pub use anomaly::{Anomaly, Oddity};
use references::References;
pub use references::{PersonKind, Referent};
use sequences::Sequences;
use sums::Sums;
use team::Owners;
use unrated::Unrated;

/// Folds one account's effective history into everything that is shown of it.
///
/// Cost: O(log n) per event that names or brings about a thing, else O(1). Memory: one entry per thing named.
#[derive(Debug, Clone)]
pub struct AccountState<'p> {
    account: AccountId,
    setting: Setting<'p>,
    events: u64,
    opening: Opening,
    merging: Merging,
    /// Where an event names this account in place of another.
    named_itself: Shown<()>,
    merged_into: Option<AccountId>,
    owners: Owners,
    last_contact: Option<Timestamp>,
    parent_named_at: Option<Position>,
    references: References,
    sequences: Sequences<'p>,
    sums: Sums,
    unrated: Unrated,
    figures: Figures<'p>,
}

/// Whether `account.opened` was heard, and what came before it.
#[derive(Debug, Clone, Copy, Default)]
struct Opening {
    heard: bool,
    /// The first event before the opening.
    preceded_by: Option<Position>,
    /// How many events came before it.
    events: u64,
}

/// What came after the account became part of another one.
#[derive(Debug, Clone, Copy, Default)]
struct Merging {
    heard: bool,
    /// The first event after the merging.
    followed_by: Option<Position>,
    /// How many events came after it.
    events: u64,
}

/// What is shown of an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountView {
    /// The account.
    pub account: AccountId,
    /// What is known about it; the fields stand beside `account`.
    #[serde(flatten)]
    pub profile: Profile,
    /// Events folded.
    pub events: u64,
    /// Stage, health, score and outlook; they stand beside `account`.
    #[serde(flatten)]
    pub figures: FiguresView,
    /// Whether it is a key account, by the last review.
    pub key_account: KeyAccountView,
    /// What to do about it, by importance and coverage.
    pub quadrant: Quadrant,
    /// C~/(Gain + 1), 0 or more: above 2 we only give and gain nothing (只舍不得).
    pub exposure: f64,
    /// When the account was closed, while it stands so: an order or a reopening ends that.
    pub closed_at: Option<Timestamp>,
    /// The account that it became part of.
    pub merged_into: Option<AccountId>,
    /// Who answers for it: the one assigned last as owner who was not released.
    pub owner: Option<PersonId>,
    /// When the last meeting was held, of whatever channel, two-way or not.
    pub last_contact: Option<Timestamp>,
    /// What is odd about the history, in the order of the first events that show it.
    pub anomalies: Vec<Anomaly>,
    /// The event that names the parent.
    #[serde(skip)]
    parent_named_at: Option<Position>,
}

impl AccountView {
    /// Adds to the anomalies what is odd about the parent, which the account's own history cannot tell.
    pub fn add_flaw(&mut self, flaw: Flaw) {
        // An account that names itself is an anomaly of its own history.
        let parent = self.profile.parent.clone().filter(|parent| *parent != self.account);
        let (Some(position), Some(parent)) = (self.parent_named_at, parent) else { return };
        let oddity = match flaw {
            Flaw::UnknownParent => Oddity::UnknownParent { parent },
            Flaw::Ring => Oddity::ParentRing { parent },
        };
        self.anomalies.push(oddity.shown_by(position));
        self.anomalies.sort();
    }
}

impl<'p> AccountState<'p> {
    /// The state before the first event.
    pub fn new(account: AccountId, setting: Setting<'p>) -> Self {
        Self {
            account,
            setting,
            events: 0,
            opening: Opening::default(),
            merging: Merging::default(),
            named_itself: Shown::default(),
            merged_into: None,
            owners: Owners::default(),
            last_contact: None,
            parent_named_at: None,
            references: References::default(),
            sequences: Sequences::new(setting),
            sums: Sums::default(),
            unrated: Unrated::default(),
            figures: Figures::new(setting),
        }
    }

    /// The figures, folded so far.
    pub(crate) fn figures(&self) -> &Figures<'p> {
        &self.figures
    }

    /// Whether it may be a key account: opened, and neither closed nor merged away.
    pub(crate) fn is_eligible(&self) -> bool {
        self.events > 0 && self.merged_into.is_none() && self.figures.closed_at().is_none()
    }

    fn anomalies(&self) -> Vec<Anomaly> {
        let mut anomalies: Vec<_> = self
            .references
            .anomalies(self.setting.names)
            .into_iter()
            .chain(self.sequences.anomalies(self.setting.names))
            .chain(self.sums.anomalies(self.setting.names))
            .chain(self.named_itself.anomalies(|()| Some(Oddity::NamesItself)))
            .chain(self.unrated.anomalies(&self.figures, &self.setting))
            .chain(self.opening.anomaly())
            .chain(self.merging.anomaly())
            .collect();
        anomalies.sort();
        anomalies
    }

    fn apply_standing(&mut self, fact: &Fact) {
        let at = fact.occurred_at;
        if let Matter::AccountMerged { into } = &fact.matter {
            self.merged_into = Some(AccountId::clone(into));
        } else if let Matter::MeetingHeld(_) = fact.matter {
            self.last_contact = Some(at);
        } else if fact.matter.names_parent() {
            self.parent_named_at = Some(fact.position);
        }
        if another(&fact.matter) == Some(&self.account) {
            self.named_itself.add((), fact.position);
        }
    }
}

/// The other account that an event says this one belongs to.
fn another(matter: &Matter) -> Option<&AccountId> {
    if let Matter::AccountOpened(opened) = matter {
        opened.parent.as_ref()
    } else if let Matter::AccountUpdated(updated) = matter {
        updated.parent.as_ref()
    } else if let Matter::AccountMerged { into } = matter {
        Some(into)
    } else {
        None
    }
}

impl Projection for AccountState<'_> {
    type View = AccountView;

    fn apply(&mut self, fact: &Fact) {
        self.events = self.events.saturating_add(1);
        self.opening.apply(fact);
        self.merging.apply(fact);
        self.apply_standing(fact);
        self.owners.apply(&fact.matter);
        self.references.apply(fact);
        self.sequences.apply(fact);
        self.sums.apply(fact);
        self.unrated.apply(fact, &self.setting);
        self.figures.apply(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> AccountView {
        let Setting { key_account, policy, .. } = self.setting;
        let figures = self.figures.evaluate(as_of);
        let coverage = figures.health.dimensions.coverage.value;
        AccountView {
            account: self.account.clone(),
            profile: self.figures.profile().clone(),
            events: self.events,
            figures,
            key_account,
            quadrant: Quadrant::of(key_account.member.into(), coverage, &policy.portfolio),
            exposure: self.figures.exposure(as_of),
            closed_at: self.figures.closed_at(),
            merged_into: self.merged_into.clone(),
            owner: self.owners.current().and_then(|owner| self.setting.names.person(owner)),
            last_contact: self.last_contact,
            anomalies: self.anomalies(),
            parent_named_at: self.parent_named_at,
        }
    }
}

impl Opening {
    fn apply(&mut self, fact: &Fact) {
        if self.heard {
            return;
        }
        if let Matter::AccountOpened(_) = fact.matter {
            self.heard = true;
        } else {
            self.preceded_by.get_or_insert(fact.position);
            self.events = self.events.saturating_add(1);
        }
    }

    fn anomaly(&self) -> Option<Anomaly> {
        let before = Oddity::BeforeOpening { events: self.events };
        self.preceded_by.map(|position| before.shown_by(position))
    }
}

impl Merging {
    fn apply(&mut self, fact: &Fact) {
        if self.heard {
            self.followed_by.get_or_insert(fact.position);
            self.events = self.events.saturating_add(1);
        }
        self.heard |= matches!(fact.matter, Matter::AccountMerged { .. });
    }

    fn anomaly(&self) -> Option<Anomaly> {
        let after = Oddity::AfterMerging { events: self.events };
        self.followed_by.map(|position| after.shown_by(position))
    }
}

#[cfg(test)]
mod tests;
