//! Ranks and percentiles.

use serde::Serialize;

use super::Standing;
use crate::account::AccountView;
use crate::health::Colour;
use crate::id::{AccountId, PersonId};
use crate::quadrant::Quadrant;
use crate::stage::{Next, Stage};
use crate::text::Label;
use crate::time::Timestamp;

/// An account in the ranking.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(
    missing_docs,
    reason = "each field is that of the account's view of the same name, and documented there"
)]
pub struct RankLine {
    pub account: AccountId,
    pub name: Option<Label>,
    /// Place and percentile; they stand beside the account.
    #[serde(flatten)]
    pub place: Place,
    pub score: f64,
    pub sales: f64,
    pub health: f64,
    pub colour: Colour,
    pub stage: Option<Stage>,
    pub next: Option<Next>,
    pub quadrant: Quadrant,
    pub key_account: bool,
    pub owner: Option<PersonId>,
    pub next_evaluation: Option<Timestamp>,
}

/// Where an account stands among the eligible ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Place {
    /// Place by score, from 1; ties by sales, then by id.
    pub rank: u32,
    /// Mid-rank: the share of eligible accounts with a lower score, those with the same one counted half; 0 to 100.
    /// Shown as information.
    pub percentile: f64,
}

/// The places of accounts given in the order of their ids; `None` for those that are not eligible.
///
/// `Source:` model specification, section 7. Cost: O(n log n).
///
/// Worked example: scores 50, 70, 50, 10 rank 2, 1, 3, 4; the two of 50 have one below and two alike (themselves
/// included): 100 (1 + 2/2)/4 = 50.
pub fn places<'a>(accounts: impl Iterator<Item = (&'a AccountView, bool)>) -> Vec<Option<Place>> {
    let accounts: Vec<_> = accounts.collect();
    let mut eligible: Vec<(usize, &AccountView)> = accounts
        .iter()
        .enumerate()
        .filter(|(_, (_, eligible))| *eligible)
        .map(|(at, (view, _))| (at, *view))
        .collect();
    let (score, sales) = (|view: &AccountView| view.figures.score.value, sales);
    eligible.sort_by(|(_, a), (_, b)| {
        let by_figures = score(b).total_cmp(&score(a)).then(sales(b).total_cmp(&sales(a)));
        by_figures.then_with(|| a.account.cmp(&b.account))
    });
    let count = eligible.len();
    let mut places = vec![None; accounts.len()];
    let mut from = 0;
    while let Some((_, first)) = eligible.get(from) {
        let alike = eligible
            .iter()
            .skip(from)
            .take_while(|(_, other)| score(other).total_cmp(&score(first)).is_eq())
            .count();
        let below = count - from - alike;
        let percentile = 100.0 * (below as f64 + alike as f64 / 2.0) / count as f64;
        for (offset, (at, _)) in eligible.iter().skip(from).take(alike).enumerate() {
            if let Some(place) = places.get_mut(*at) {
                let rank = u32::try_from(from + offset + 1).unwrap_or(u32::MAX);
                *place = Some(Place { rank, percentile });
            }
        }
        from += alike;
    }
    places
}

fn sales(view: &AccountView) -> f64 {
    view.figures.score.dimensions.sales.value
}

/// The eligible accounts by rank.
pub(super) fn ranking(standings: &[Standing]) -> Vec<RankLine> {
    let places = places(standings.iter().map(|standing| (&standing.view, standing.eligible)));
    let ranked = standings.iter().zip(places).filter_map(|(standing, place)| Some((standing, place?)));
    let mut lines: Vec<RankLine> = ranked.map(|(standing, place)| line(standing, place)).collect();
    lines.sort_by_key(|line| line.place.rank);
    lines
}

fn line(standing: &Standing, place: Place) -> RankLine {
    let view = &standing.view;
    let stage = view.figures.stage.as_ref();
    RankLine {
        account: view.account.clone(),
        name: view.profile.name.clone(),
        place,
        score: view.figures.score.value,
        sales: sales(view),
        health: view.figures.health.value,
        colour: view.figures.health.colour,
        stage: stage.map(|stage| stage.name),
        next: stage.and_then(|stage| stage.next),
        quadrant: view.quadrant,
        key_account: view.key_account.member,
        owner: view.owner,
        next_evaluation: standing.next_evaluation,
    }
}
