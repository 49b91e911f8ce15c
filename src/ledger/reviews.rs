//! Reviews 动态评估: proposed from the figures, recorded as a fact; and the key list as of any date.

use std::collections::BTreeMap;

use guanxi_projections::adjustments::{AdjustmentLine, AdjustmentState, Adjustments};
use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::event::Event;
use guanxi_projections::event::own::{ListRule, ReviewExit, ReviewHeld, ReviewMember};
use guanxi_projections::id::{AccountId, Actor, Alias};
use guanxi_projections::image::Image;
use guanxi_projections::key_list::{Change, Held, KeyList, Member, Pin};
use guanxi_projections::money::Amount;
use guanxi_projections::position::Position;
use guanxi_projections::profile::Profile;
use guanxi_projections::projection::fold;
use guanxi_projections::review::{Ballot, Candidate, Proposal};
use guanxi_projections::text::Label;
use guanxi_projections::time::{Timestamp, When};
use serde::Serialize;

use super::adoptions::Glance;
use super::ask::Ground;
use super::image::Facts;
use super::own::OwnEvent;
use super::{AccountRow, Asked, Ledger, LedgerError, PolicyChoice, SubmitError, shared};

/// So many bytes of members and exits go into one event; the rest of a long list into further ones.
const PART_BYTES: usize = 48_000;
/// What a member or exit takes beside its account.
const ENTRY_BYTES: usize = 64;

/// What a review is asked for.
#[derive(Debug, Clone, Default)]
pub struct ReviewAsked {
    /// The instant looked at, as known when, and under which policy.
    pub asked: Asked,
    /// Percent of the accounts that are key accounts; `None`: as the policy says.
    pub percent: Option<Amount>,
}

impl ReviewAsked {
    /// Reads a percentage of key accounts.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn percent(text: &str) -> Result<Amount, String> {
        let amount = Amount::new(text).map_err(|error| format!("the percentage {error}"))?;
        let most = Amount::new("100").map_err(|error| error.to_string())?;
        if amount.decimal().is_zero() || amount > most {
            return Err("the percentage must be above 0 and at most 100".to_owned());
        }
        Ok(amount)
    }
}

/// A review, proposed or held.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// Where it was recorded; empty for a proposal.
    pub recorded: Vec<Position>,
    /// Percent of the eligible accounts that are key accounts.
    pub percent: Amount,
    /// Accounts that are opened, and neither closed nor merged away.
    pub eligible: usize,
    /// Seats on the list.
    pub seats: u32,
    /// The review before; `None` for the first.
    pub previous: Option<Held>,
    /// The day on which this review was due; `None` for the first.
    pub due: Option<When>,
    /// Who is on the list, by rank.
    pub members: Vec<ReviewMemberLine>,
    /// Who leaves it, by id.
    pub exits: Vec<ReviewExitLine>,
    /// Adjustments of evaluations that are overdue, by account.
    pub overdue: Vec<OverdueAdjustment>,
}

/// A member of the list.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewMemberLine {
    /// Which account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// By which rule it is on the list.
    pub rule: ListRule,
    /// Whether it enters by this review.
    pub enters: bool,
    /// What it was pinned by.
    pub pin: Option<Pin>,
    /// Where it stands.
    pub now: Glance,
    /// Where it stood at the review before, as known when that was recorded.
    pub before: Option<Glance>,
}

/// An account that leaves the list.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewExitLine {
    /// Which account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// By which rule it leaves.
    pub rule: ListRule,
    /// What it was pinned off the list by.
    pub pin: Option<Pin>,
    /// Where it stands; `None` when nothing of it is known any more.
    pub now: Option<Glance>,
    /// Where it stood at the review before, as known when that was recorded.
    pub before: Option<Glance>,
}

/// An adjustment that is overdue.
#[derive(Debug, Clone, Serialize)]
pub struct OverdueAdjustment {
    /// Which account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// What was to be done.
    pub adjustment: Label,
    /// By whom.
    pub owner: Option<Alias>,
    /// By when.
    pub due: Timestamp,
    /// Days since.
    pub days_late: f64,
}

/// The key list as of a date.
#[derive(Debug, Clone, Serialize)]
pub struct KeyListAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The review that it stands by; `None` before the first.
    pub review: Option<Held>,
    /// The day on which the next review is due.
    pub next_due: Option<When>,
    /// Who is on it, by rank in that review.
    pub members: Vec<KeyListLine>,
    /// Every entry and exit up to then, in the order of the reviews.
    pub changes: Vec<KeyListChange>,
    /// The pins that count then, by account.
    pub pins: Vec<PinLine>,
}

/// A key account.
#[derive(Debug, Clone, Serialize)]
pub struct KeyListLine {
    /// Which account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// Since when and by which rule.
    #[serde(flatten)]
    pub member: Member,
}

/// An entry or exit.
#[derive(Debug, Clone, Serialize)]
pub struct KeyListChange {
    /// What people call the account.
    pub name: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub change: Change,
}

/// A pin.
#[derive(Debug, Clone, Serialize)]
pub struct PinLine {
    /// Which account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<String>,
    /// Where it is kept, until when and why.
    #[serde(flatten)]
    pub pin: Pin,
}

impl Ledger {
    /// Proposes a review; nothing is written. `progress` hears how many accounts are folded, and of how many.
    ///
    /// # Errors
    /// What the log reports.
    pub fn review(
        &self,
        asked: &ReviewAsked,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<ReviewAnswer, LedgerError> {
        Ok(self.propose(asked, &mut progress)?.0)
    }

    /// Holds a review and records it. It is as of an instant after the review before, up to now; it sees everything
    /// that is recorded, under the current policy.
    ///
    /// # Errors
    /// [`LedgerError::ReviewOutOfOrder`] when a review of that instant or a later one was recorded,
    /// [`LedgerError::NotYet`] when the instant has not come; [`SubmitError`].
    pub fn hold_review(
        &self,
        actor: &Actor,
        as_of: Option<When>,
        percent: Option<Amount>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<ReviewAnswer, SubmitError> {
        let expected = self.log.stream_len(&AccountId::ledger());
        let asked = Asked { as_of, known_at: None, policy: PolicyChoice::Current };
        let (mut answer, proposal) = self.propose(&ReviewAsked { asked, percent }, &mut progress)?;
        let as_of = answer.coordinates.as_of;
        if as_of > self.clock.now() {
            return Err(LedgerError::NotYet(as_of).into());
        }
        self.after_every_review(as_of)?;
        let parts = parts(&proposal, as_of, answer.percent).into_iter().zip(0_u64..);
        let events = parts.map(|(review, part)| OwnEvent {
            id: format!("review:{}", expected + part),
            occurred_at: as_of,
            event: Event::ReviewHeld(review),
        });
        answer.recorded = self.record_all_own(actor, expected, events.collect())?;
        Ok(answer)
    }

    /// Reviews are recorded in the order of their instants, so that none can change an earlier list.
    fn after_every_review(&self, as_of: Timestamp) -> Result<(), LedgerError> {
        let end = Asked { as_of: Some(When::At(Timestamp::MAX)), ..Asked::default() };
        let last = self.ground_alone(&end)?.key_list().review().map(|held| held.as_of);
        match last.filter(|last| as_of <= *last) {
            Some(last) => Err(LedgerError::ReviewOutOfOrder { as_of, last }),
            None => Ok(()),
        }
    }

    fn propose(
        &self,
        asked: &ReviewAsked,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<(ReviewAnswer, Proposal), LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(&asked.asked, &facts)?;
        let coordinates = ground.coordinates;
        let list = ground.key_list();
        let previous = list.review().cloned();
        let now = self.rows(&facts, &ground, |done, all| progress(done, 2 * all));
        let before = match &previous {
            Some(held) => {
                let then = Asked {
                    as_of: Some(When::At(held.as_of)),
                    known_at: Some(When::At(held.recorded_at.min(coordinates.known_at))),
                    policy: asked.asked.policy.clone(),
                };
                let ground = self.ground(&then, &facts)?;
                self.rows(&facts, &ground, |done, all| progress(all + done, 2 * all))
            }
            None => Vec::new(),
        };
        let candidates = candidates(&now);
        let policy = &ground.policy.review;
        let percent = asked.percent.unwrap_or(policy.percent);
        let as_of = coordinates.as_of;
        let proposal = Ballot { candidates: &candidates, list, as_of, percent, policy }.propose();
        let stand = Stands { list, as_of, now: by_account(&now), before: by_account(&before) };
        let answer = ReviewAnswer {
            coordinates,
            recorded: Vec::new(),
            percent,
            eligible: candidates.len(),
            seats: proposal.seats,
            due: previous.as_ref().map(|held| When::Day(held.next_due(policy.every_months, self.zone()))),
            previous,
            members: proposal.members.iter().filter_map(|member| stand.member(member)).collect(),
            exits: proposal.exits.iter().map(|exit| stand.exit(exit)).collect(),
            overdue: self.overdue(&facts, &ground),
        };
        Ok((answer, proposal))
    }

    /// The overdue adjustments of every account.
    fn overdue(&self, facts: &Facts, ground: &Ground) -> Vec<OverdueAdjustment> {
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let epoch = self.epoch(facts, ground);
        let accounts: Vec<(&AccountId, &Image)> = facts.accounts().iter().collect();
        let lines = |(account, image): &(&AccountId, &Image)| {
            let setting = self.setting(ground, &epoch, account, image);
            let mut lines = fold(Adjustments::new(setting), image, as_of, known_at);
            lines.retain(|line| line.state == AdjustmentState::Overdue);
            let name = (!lines.is_empty()).then(|| name_of(image, &ground.coordinates)).flatten();
            lines.into_iter().map(|line| self.overdue_line(account, name.clone(), line)).collect::<Vec<_>>()
        };
        shared::map(&accounts, lines, |_| ()).into_iter().flatten().collect()
    }

    fn overdue_line(
        &self,
        account: &AccountId,
        name: Option<String>,
        line: AdjustmentLine,
    ) -> OverdueAdjustment {
        OverdueAdjustment {
            account: account.clone(),
            name,
            adjustment: line.adjustment,
            owner: line.owner.map(|owner| self.people.alias(owner)),
            due: line.due,
            days_late: line.days_late.unwrap_or_default(),
        }
    }

    /// The key list at T, as known at K, with every entry and exit up to then.
    ///
    /// # Errors
    /// What the log reports.
    pub fn key_list(&self, asked: &Asked) -> Result<KeyListAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let (coordinates, list) = (ground.coordinates, ground.key_list());
        let name = |account: &AccountId| {
            facts.accounts().get(account).and_then(|image| name_of(image, &coordinates))
        };
        let line = |(account, member): (&AccountId, &Member)| KeyListLine {
            account: account.clone(),
            name: name(account),
            member: *member,
        };
        let mut members: Vec<KeyListLine> = list.members().iter().map(line).collect();
        members.sort_by_key(|line| line.member.rank);
        let change = |change: &Change| KeyListChange { name: name(&change.account), change: change.clone() };
        let pin = |(account, pin): (&AccountId, &Pin)| PinLine {
            account: account.clone(),
            name: name(account),
            pin: pin.clone(),
        };
        let every = ground.policy.review.every_months;
        Ok(KeyListAnswer {
            coordinates,
            review: list.review().cloned(),
            next_due: list.review().map(|held| When::Day(held.next_due(every, self.zone()))),
            members,
            changes: list.changes().iter().map(change).collect(),
            pins: list.pins(coordinates.as_of).map(pin).collect(),
        })
    }
}

/// What is known of the accounts that a review speaks of.
struct Stands<'a> {
    list: &'a KeyList,
    as_of: Timestamp,
    now: BTreeMap<&'a AccountId, &'a AccountRow>,
    before: BTreeMap<&'a AccountId, &'a AccountRow>,
}

impl Stands<'_> {
    /// `None` never: every member has a row.
    fn member(&self, member: &ReviewMember) -> Option<ReviewMemberLine> {
        let ReviewMember { account, rule, .. } = member;
        let row = self.now.get(account)?;
        Some(ReviewMemberLine {
            account: account.clone(),
            name: row.name.clone(),
            rule: *rule,
            enters: !self.list.members().contains_key(account),
            pin: self.list.pin_of(account, self.as_of).cloned(),
            now: Glance::of(row),
            before: self.before(account),
        })
    }

    fn exit(&self, exit: &ReviewExit) -> ReviewExitLine {
        let row = self.now.get(&exit.account);
        ReviewExitLine {
            account: exit.account.clone(),
            name: row.and_then(|row| row.name.clone()),
            rule: exit.rule,
            pin: self.list.pin_of(&exit.account, self.as_of).cloned(),
            now: row.map(|row| Glance::of(row)),
            before: self.before(&exit.account),
        }
    }

    fn before(&self, account: &AccountId) -> Option<Glance> {
        self.before.get(account).map(|row| Glance::of(row))
    }
}

fn by_account(rows: &[AccountRow]) -> BTreeMap<&AccountId, &AccountRow> {
    rows.iter().map(|row| (&row.account, row)).collect()
}

/// Those with a rank: it is what eligible accounts have.
fn candidates(rows: &[AccountRow]) -> Vec<Candidate> {
    let eligible = rows.iter().filter(|row| row.rank.is_some());
    let candidate =
        |row: &AccountRow| Candidate { account: row.account.clone(), score: row.score, sales: row.sales };
    eligible.map(candidate).collect()
}

/// What people call an account at the coordinates.
pub(super) fn name_of(image: &Image, coordinates: &Coordinates) -> Option<String> {
    let profile = Profile::of(image, coordinates.as_of, coordinates.known_at);
    profile.name.map(|name| name.to_string())
}

/// The events that a list is recorded in: as many as it takes for each to fit into a record.
fn parts(proposal: &Proposal, as_of: Timestamp, percent: Amount) -> Vec<ReviewHeld> {
    let empty = || ReviewHeld {
        as_of: When::At(as_of),
        percent,
        seats: proposal.seats,
        members: Vec::new(),
        exits: Vec::new(),
    };
    let mut parts = vec![empty()];
    let mut bytes = 0;
    let mut part_for = |account: &AccountId, parts: &mut Vec<ReviewHeld>| {
        let entry = ENTRY_BYTES + account.as_str().len();
        if bytes + entry > PART_BYTES {
            parts.push(empty());
            bytes = 0;
        }
        bytes += entry;
    };
    for member in &proposal.members {
        part_for(&member.account, &mut parts);
        parts.last_mut().into_iter().for_each(|part| part.members.push(member.clone()));
    }
    for exit in &proposal.exits {
        part_for(&exit.account, &mut parts);
        parts.last_mut().into_iter().for_each(|part| part.exits.push(exit.clone()));
    }
    parts
}
