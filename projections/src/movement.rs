//! Movement: who stands elsewhere at a later date than at an earlier one, and what moved them.
//!
//! A change of stage names the transitions between the dates, with the events behind them; a change of colour, quadrant
//! or rank what moved the figure behind it most: events, the passing of time, or what holds for the whole portfolio.

mod causes;

use serde::Serialize;

use crate::account::AccountView;
use crate::event::assessment::Dimension;
use crate::fact::EventRef;
use crate::health::{Colour, DimensionView, HealthDimensions};
use crate::id::{AccountId, PersonId};
use crate::image::Image;
use crate::policy::PortfolioPolicy;
use crate::portfolio::Place;
use crate::quadrant::Quadrant;
use crate::stage::{Flag, Stage, Transition};
use crate::text::Label;
use crate::time::Timestamp;

pub use causes::{Cause, Direction};

/// An account at one of the two dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Stood {
    /// Its view.
    pub view: AccountView,
    /// Its place among the eligible accounts.
    pub place: Option<Place>,
}

/// An account that stands elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MovementLine {
    /// The account.
    pub account: AccountId,
    /// What people call it.
    pub name: Option<Label>,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// What changed.
    pub changes: Vec<Change>,
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "`from` and `to` are what stood at the two dates; nothing before the first event; `causes` are those that \
              moved the figure the way it went, the furthest first"
)]
pub enum Change {
    /// The account came (`to` alone) or was not there yet (`from` alone).
    Presence { from: bool, to: bool },
    /// The stage, by these transitions.
    Stage { from: Stage, to: Stage, transitions: Vec<Caused> },
    /// The colour of health.
    Colour {
        from: Colour,
        to: Colour,
        health_from: f64,
        health_to: f64,
        /// Whether what is grey of the two is so because the account is stalled.
        stalled: bool,
        dimensions: Vec<DimensionMove>,
        causes: Vec<Cause>,
    },
    /// The quadrant of importance and coverage.
    Quadrant { from: Quadrant, to: Quadrant, coverage_from: f64, coverage_to: f64, causes: Vec<Cause> },
    /// The rank by score.
    Rank {
        from: Option<u32>,
        to: Option<u32>,
        score_from: f64,
        score_to: f64,
        dimensions: Vec<DimensionMove>,
        causes: Vec<Cause>,
    },
    /// The key list.
    KeyList { from: bool, to: bool, review: Option<Timestamp> },
}

/// How far a dimension moved the figure that it is part of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DimensionMove {
    /// Which dimension.
    pub dimension: Dimension,
    /// By how many points of the whole, 0 to 100.
    pub points: f64,
}

/// A transition with the events behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Caused {
    /// The transition; its fields stand beside `events`.
    #[serde(flatten)]
    pub transition: Transition,
    /// The events behind it.
    pub events: Vec<EventRef>,
}

impl MovementLine {
    /// The events that its changes name.
    pub fn events(&self) -> impl Iterator<Item = EventRef> + '_ {
        self.changes.iter().flat_map(|change| match change {
            Change::Stage { transitions, .. } => {
                transitions.iter().flat_map(|caused| caused.events.iter().copied()).collect::<Vec<_>>()
            }
            Change::Colour { causes, .. } | Change::Quadrant { causes, .. } | Change::Rank { causes, .. } => {
                causes.iter().filter_map(|cause| cause.event).collect()
            }
            Change::Presence { .. } | Change::KeyList { .. } => Vec::new(),
        })
    }
}

/// The dates, and what was known for the later one.
#[derive(Debug, Clone, Copy)]
pub struct Between<'a> {
    /// The earlier instant, or the later one when asked backwards.
    pub from: Timestamp,
    /// The other.
    pub to: Timestamp,
    /// K of whichever instant is later.
    pub known_at: Timestamp,
    /// What counts as a movement.
    pub policy: &'a PortfolioPolicy,
}

/// What changed of an account; `None` when nothing did. Asked backwards, `from` and `to` change places. What moved its
/// figures is not looked for: see [`MovementLine::trace`].
pub fn movement(
    before: Option<&Stood>,
    after: Option<&Stood>,
    image: &Image,
    between: &Between<'_>,
) -> Option<MovementLine> {
    let shown = after.or(before)?;
    let changes = match (before, after) {
        (Some(before), Some(after)) => changes(before, after, image, between),
        (before, after) => vec![Change::Presence { from: before.is_some(), to: after.is_some() }],
    };
    (!changes.is_empty()).then(|| MovementLine {
        account: shown.view.account.clone(),
        name: shown.view.profile.name.clone(),
        owner: shown.view.owner,
        changes,
    })
}

fn changes(before: &Stood, after: &Stood, image: &Image, between: &Between<'_>) -> Vec<Change> {
    let found = [
        stage(before, after, image, between),
        colour(&before.view, &after.view),
        quadrant(&before.view, &after.view),
        rank(before, after, between.policy),
        key_list(&before.view, &after.view),
    ];
    found.into_iter().flatten().collect()
}

fn stage(before: &Stood, after: &Stood, image: &Image, between: &Between<'_>) -> Option<Change> {
    let (old, new) = (before.view.figures.stage.as_ref()?, after.view.figures.stage.as_ref()?);
    let later = if between.from <= between.to { new } else { old };
    let span = (between.from.min(between.to), between.from.max(between.to));
    let inside = |transition: &&Transition| transition.at > span.0 && transition.at <= span.1;
    let caused = |transition: &Transition| Caused {
        transition: *transition,
        events: transition.events(image, between.known_at),
    };
    let transitions = || later.transitions.iter().filter(inside).map(caused).collect();
    (old.name != new.name).then(|| Change::Stage { from: old.name, to: new.name, transitions: transitions() })
}

fn colour(before: &AccountView, after: &AccountView) -> Option<Change> {
    let (old, new) = (&before.figures.health, &after.figures.health);
    (old.colour != new.colour).then(|| Change::Colour {
        from: old.colour,
        to: new.colour,
        health_from: old.value,
        health_to: new.value,
        stalled: [before, after].iter().any(|view| is_stalled(view)),
        dimensions: health_moves(&old.dimensions, &new.dimensions),
        causes: Vec::new(),
    })
}

fn is_stalled(view: &AccountView) -> bool {
    let stage = view.figures.stage.as_ref();
    stage.is_some_and(|stage| stage.flags.contains(&Flag::Stalled))
}

fn quadrant(before: &AccountView, after: &AccountView) -> Option<Change> {
    let coverage = |view: &AccountView| view.figures.health.dimensions.coverage.value;
    (before.quadrant != after.quadrant).then(|| Change::Quadrant {
        from: before.quadrant,
        to: after.quadrant,
        coverage_from: coverage(before),
        coverage_to: coverage(after),
        causes: Vec::new(),
    })
}

fn rank(before: &Stood, after: &Stood, policy: &PortfolioPolicy) -> Option<Change> {
    let rank = |stood: &Stood| stood.place.map(|place| place.rank);
    let moved = match (rank(before), rank(after)) {
        (Some(old), Some(new)) => old.abs_diff(new) > policy.rank_moved_min,
        (old, new) => old != new,
    };
    let (old, new) = (&before.view.figures.score, &after.view.figures.score);
    let dimensions = || {
        let (old, new) = (&old.dimensions, &new.dimensions);
        moves([
            (Dimension::Sales, old.sales, new.sales),
            (Dimension::Potential, old.potential, new.potential),
            (Dimension::Demonstration, old.demonstration, new.demonstration),
            (Dimension::Winnability, old.winnability, new.winnability),
        ])
    };
    moved.then(|| Change::Rank {
        from: rank(before),
        to: rank(after),
        score_from: old.value,
        score_to: new.value,
        dimensions: dimensions(),
        causes: Vec::new(),
    })
}

fn key_list(before: &AccountView, after: &AccountView) -> Option<Change> {
    let (old, new) = (before.key_account, after.key_account);
    let review = old.review.max(new.review);
    (old.member != new.member).then_some(Change::KeyList { from: old.member, to: new.member, review })
}

/// By how many points each dimension moved health, the furthest first; those that did not move are left out.
pub(crate) fn health_moves(old: &HealthDimensions, new: &HealthDimensions) -> Vec<DimensionMove> {
    moves([
        (Dimension::Engagement, old.engagement, new.engagement),
        (Dimension::Coverage, old.coverage, new.coverage),
        (Dimension::Integrity, old.integrity, new.integrity),
        (Dimension::Benefit, old.benefit, new.benefit),
        (Dimension::Reciprocity, old.reciprocity, new.reciprocity),
        (Dimension::Service, old.service, new.service),
    ])
}

/// By how many points each dimension moved the whole, the furthest first; those that did not move are left out.
fn moves<const N: usize>(pairs: [(Dimension, DimensionView, DimensionView); N]) -> Vec<DimensionMove> {
    let points = |old: DimensionView, new: DimensionView| new.weight * new.value - old.weight * old.value;
    let moved = pairs.map(|(dimension, old, new)| DimensionMove { dimension, points: points(old, new) });
    let mut moved: Vec<DimensionMove> = moved.into_iter().filter(|moved| moved.points.abs() > 0.0).collect();
    moved.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
    moved
}
