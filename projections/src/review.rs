//! The review 动态评估: who becomes, stays and ceases to be a key account 大客户.
//!
//! Pure: it proposes from the ranking, the list before and the pins. What was decided is an event, and only such
//! events move the list.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Serialize;

use crate::event::own::{ListRule, ReviewExit, ReviewMember};
use crate::id::AccountId;
use crate::key_list::{KeyList, PinSide};
use crate::money::Amount;
use crate::policy::ReviewPolicy;
use crate::time::Timestamp;

/// An account that may be a key account: opened, not closed, not merged away.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which account.
    pub account: AccountId,
    /// Its score, 0 to 100.
    pub score: f64,
    /// Its dimension sales, 0 to 100.
    pub sales: f64,
}

/// What a review decides on.
#[derive(Debug, Clone, Copy)]
pub struct Ballot<'a> {
    /// Every eligible account, in any order, each once.
    pub candidates: &'a [Candidate],
    /// The list before.
    pub list: &'a KeyList,
    /// The instant looked at.
    pub as_of: Timestamp,
    /// Percent of the eligible accounts that are key accounts.
    pub percent: Amount,
    /// The bands around the seats.
    pub policy: &'a ReviewPolicy,
}

/// What a review finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// Seats on the list.
    pub seats: u32,
    /// Who is on it, by rank, each with its rule.
    pub members: Vec<ReviewMember>,
    /// Who leaves it, by id, each with its rule.
    pub exits: Vec<ReviewExit>,
}

/// The order of the ranking: by score, then by sales, both from the highest, then by id.
///
/// `Source:` model specification, section 7.
pub fn ranking(a: &Candidate, b: &Candidate) -> Ordering {
    let by_figures = b.score.total_cmp(&a.score).then(b.sales.total_cmp(&a.sales));
    by_figures.then_with(|| a.account.cmp(&b.account))
}

/// Seats on the list: the percentage of the eligible accounts, rounded up, exactly.
///
/// `Formula:` ceil(X n). `Source:` model specification, section 7.
///
/// ```
/// use guanxi_projections::{money::Amount, review::seats};
/// let percent = |text| Amount::new(text).unwrap();
/// assert_eq!(seats(percent("20"), 15), 3);
/// assert_eq!(seats(percent("20"), 16), 4);
/// // In binary floating point 0.07 * 100 is a little more than 7, and its ceiling 8.
/// assert_eq!(seats(percent("7"), 100), 7);
/// ```
pub fn seats(percent: Amount, eligible: u32) -> u32 {
    let (whole, rest) = times(percent, eligible, 100);
    if rest { whole.saturating_add(1) } else { whole }
}

/// `factor * count / divisor`, exactly: its whole part, and whether there is a rest.
fn times(factor: Amount, count: u32, divisor: i128) -> (u32, bool) {
    let factor: Decimal = factor.decimal();
    // At most 23 digits times at most 10: within 38.
    let product = factor.mantissa().saturating_mul(i128::from(count));
    let unit = divisor.saturating_mul(10_i128.saturating_pow(factor.scale()));
    (u32::try_from(product / unit).unwrap_or(u32::MAX), product % unit != 0)
}

impl Ballot<'_> {
    /// Who is to be on the list.
    ///
    /// Pinned accounts sit first. Then (1) incumbents within the wider band stay, and in their first reviews any
    /// incumbent does; where those are more than the seats, the worst give theirs up. (2) Challengers within the
    /// narrower band enter, displacing the worst incumbent if no seat is free and it ranks below them; (3) the best
    /// of the others fill what is left. The list has as many members as there are seats, unless more accounts are
    /// pinned to it, or fewer may be on it.
    ///
    /// `Source:` model specification, section 7. Cost: O(n log n).
    pub fn propose(&self) -> Proposal {
        let mut ranked: Vec<&Candidate> = self.candidates.iter().collect();
        ranked.sort_by(|a, b| ranking(a, b));
        let mut contest = Contest::new(self, &ranked);
        contest.seat_pinned();
        contest.keep_incumbents();
        contest.let_challengers_enter();
        contest.fill();
        let Contest { seats, seated, .. } = contest;
        let members: Vec<ReviewMember> = ranked
            .iter()
            .zip(1..)
            .filter_map(|(candidate, rank)| {
                let Candidate { account, score, .. } = *candidate;
                let rule = *seated.get(&rank)?;
                Some(ReviewMember { account: account.clone(), rank, score: *score, rule })
            })
            .collect();
        let exits = self.exits(&ranked, &members);
        Proposal { seats, members, exits }
    }

    fn exits(&self, ranked: &[&Candidate], members: &[ReviewMember]) -> Vec<ReviewExit> {
        let seated: BTreeSet<&AccountId> = members.iter().map(|member| &member.account).collect();
        let ranks: BTreeMap<&AccountId, u32> =
            ranked.iter().zip(1..).map(|(candidate, rank)| (&candidate.account, rank)).collect();
        let left = self.list.members().iter().filter(|(account, _)| !seated.contains(account));
        let bands = Bands::of(self, ranked.len());
        left.map(|(account, member)| {
            let rule = match ranks.get(account) {
                None => ListRule::Ineligible,
                Some(_) if self.pinned(account) == Some(PinSide::Off) => ListRule::Unpinned,
                Some(rank) if bands.keep(*rank, member.reviews).is_some() => ListRule::Displaced,
                Some(_) => ListRule::FellOut,
            };
            ReviewExit { account: account.clone(), rule }
        })
        .collect()
    }

    fn pinned(&self, account: &AccountId) -> Option<PinSide> {
        self.list.pin_of(account, self.as_of).map(|pin| pin.side)
    }
}

/// The ranks that matter.
#[derive(Debug, Clone, Copy)]
struct Bands {
    seats: u32,
    /// Incumbents stay up to here.
    stay: u32,
    /// Challengers enter up to here, even when no seat is free.
    enter: u32,
    settling_reviews: u32,
}

impl Bands {
    fn of(ballot: &Ballot<'_>, eligible: usize) -> Self {
        let ReviewPolicy { stay_factor, enter_factor, settling_reviews, .. } = *ballot.policy;
        let seats = seats(ballot.percent, u32::try_from(eligible).unwrap_or(u32::MAX));
        let (whole, rest) = times(stay_factor, seats, 1);
        let stay = whole.saturating_add(u32::from(rest));
        Self { seats, stay, enter: times(enter_factor, seats, 1).0, settling_reviews }
    }

    /// Whether an incumbent of `reviews` reviews stays at a rank, and why.
    fn keep(self, rank: u32, reviews: u32) -> Option<ListRule> {
        if rank <= self.stay {
            Some(ListRule::Stayed)
        } else if reviews <= self.settling_reviews {
            Some(ListRule::Settling)
        } else {
            None
        }
    }
}

/// Seats being given away, by rank.
struct Contest<'a> {
    ballot: &'a Ballot<'a>,
    ranked: &'a [&'a Candidate],
    bands: Bands,
    seats: u32,
    seated: BTreeMap<u32, ListRule>,
}

impl<'a> Contest<'a> {
    fn new(ballot: &'a Ballot<'a>, ranked: &'a [&'a Candidate]) -> Self {
        let bands = Bands::of(ballot, ranked.len());
        Self { ballot, ranked, bands, seats: bands.seats, seated: BTreeMap::new() }
    }

    /// Accounts with their ranks, from the best.
    fn standing(&self) -> impl Iterator<Item = (u32, &'a AccountId)> + use<'a> {
        (1..).zip(self.ranked.iter().map(|candidate| &candidate.account))
    }

    /// The same of those that hold no seat and are not pinned off the list.
    fn challengers(&self) -> Vec<u32> {
        let free = self.standing().filter(|(rank, account)| {
            !self.seated.contains_key(rank) && self.ballot.pinned(account) != Some(PinSide::Off)
        });
        free.map(|(rank, _)| rank).collect()
    }

    fn is_full(&self) -> bool {
        self.seated.len() >= self.seats as usize
    }

    /// The incumbent of the lowest standing.
    fn worst_incumbent(&self) -> Option<u32> {
        let is_incumbent = |rule: &ListRule| matches!(rule, ListRule::Stayed | ListRule::Settling);
        let mut from_worst = self.seated.iter().rev();
        from_worst.find(|(_, rule)| is_incumbent(rule)).map(|(rank, _)| *rank)
    }

    fn seat_pinned(&mut self) {
        let pinned = self.standing().filter(|(_, account)| self.ballot.pinned(account) == Some(PinSide::On));
        self.seated = pinned.map(|(rank, _)| (rank, ListRule::Pinned)).collect();
    }

    /// Rule (1).
    fn keep_incumbents(&mut self) {
        for (rank, account) in self.standing() {
            let incumbent = self.ballot.list.members().get(account);
            let kept = incumbent.and_then(|member| self.bands.keep(rank, member.reviews));
            if let Some(rule) = kept.filter(|_| self.ballot.pinned(account).is_none()) {
                self.seated.insert(rank, rule);
            }
        }
        while self.seated.len() > self.seats as usize {
            let Some(worst) = self.worst_incumbent() else { break };
            self.seated.remove(&worst);
        }
    }

    /// Rule (2).
    fn let_challengers_enter(&mut self) {
        for rank in self.challengers().into_iter().take_while(|rank| *rank <= self.bands.enter) {
            if self.is_full() {
                let Some(worst) = self.worst_incumbent().filter(|worst| *worst > rank) else { return };
                self.seated.remove(&worst);
            }
            self.seated.insert(rank, ListRule::Challenged);
        }
    }

    /// Rule (3).
    fn fill(&mut self) {
        for rank in self.challengers() {
            if self.is_full() {
                return;
            }
            self.seated.insert(rank, ListRule::Filled);
        }
    }
}

#[cfg(test)]
mod tests;
