//! Which events moved a figure most, out of a difference between the two dates.

use serde::Serialize;

use crate::diff::{Class, Difference, EventChange};
use crate::fact::EventRef;
use crate::health::Colour;
use crate::measure::Measure;
use crate::quadrant::Quadrant;

use super::{Change, MovementLine};

/// So many causes are named; the others moved less.
const NAMED: usize = 3;

/// Something that moved a figure the way it went.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cause {
    /// What kind of thing.
    pub class: Class,
    /// Which event; of the passing of time the one that faded most; `None` for what no event did: policy, epoch and key
    /// list.
    pub event: Option<EventRef>,
    /// By how many points, in the measure's own units; of the passing of time all that it did.
    pub points: f64,
}

/// Which way the difference was taken, for movements may be asked backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// As the movement.
    Forwards,
    /// Against it.
    Backwards,
}

impl MovementLine {
    /// The figures that moved, whose causes are to be found.
    pub fn measures(&self) -> Vec<Measure> {
        self.changes.iter().filter_map(Change::measure).collect()
    }

    /// Fills in what moved its figures, from the difference between the two dates.
    pub fn trace(&mut self, difference: &Difference, direction: Direction) {
        for change in &mut self.changes {
            let Some(measure) = change.measure() else { continue };
            let found = of(difference, measure, direction);
            if let Change::Colour { causes, .. }
            | Change::Quadrant { causes, .. }
            | Change::Rank { causes, .. } = change
            {
                *causes = found;
            }
        }
    }
}

impl Change {
    /// The figure behind it. Grey is a matter of how much is known, or of having stalled; the other colours are of
    /// health.
    fn measure(&self) -> Option<Measure> {
        match self {
            Self::Colour { stalled: true, .. } => None,
            Self::Colour { from: Colour::Grey, .. } | Self::Colour { to: Colour::Grey, .. } => {
                Some(Measure::Confidence)
            }
            Self::Colour { .. } => Some(Measure::Health),
            Self::Quadrant { from, to, .. } if is_covered(*from) != is_covered(*to) => {
                Some(Measure::Coverage)
            }
            Self::Rank { from, to, score_from, score_to, .. }
                if goes_with((*from, *to), score_to - score_from) =>
            {
                Some(Measure::Score)
            }
            // Else it was the key list that moved the quadrant, and other accounts that moved the rank.
            Self::Quadrant { .. }
            | Self::Rank { .. }
            | Self::Presence { .. }
            | Self::Stage { .. }
            | Self::KeyList { .. } => None,
        }
    }
}

/// Whether coverage is high there.
fn is_covered(quadrant: Quadrant) -> bool {
    matches!(quadrant, Quadrant::Cultivate | Quadrant::ScaleBack)
}

/// Whether a rank went the way that the own score did.
fn goes_with((from, to): (Option<u32>, Option<u32>), risen: f64) -> bool {
    match (from, to) {
        (Some(from), Some(to)) => (to < from && risen > 0.0) || (to > from && risen < 0.0),
        _ => risen.abs() > 0.0,
    }
}

/// What moved a measure the way it went, the furthest first.
fn of(difference: &Difference, measure: Measure, direction: Direction) -> Vec<Cause> {
    let Some(change) = difference.measures.iter().find(|change| change.measure == measure) else {
        return Vec::new();
    };
    let sign = if direction == Direction::Forwards { 1.0 } else { -1.0 };
    let mut causes = Vec::new();
    for class in &change.classes {
        let whole = Cause { class: class.class, event: None, points: sign * class.points };
        match class.class {
            Class::Policy | Class::Epoch | Class::KeyList => causes.push(whole),
            Class::Faded => {
                let along = |one: &&EventChange| one.points * class.points > 0.0;
                let most = class.events.iter().find(along).map(|one| one.event);
                causes.push(Cause { event: most, ..whole });
            }
            Class::Corrected | Class::Late | Class::New => {
                let cause = |(event, points)| Cause { event: Some(event), points: sign * points, ..whole };
                causes.extend(class.events.iter().map(|one| cause((one.event, one.points))));
            }
        }
    }
    causes.retain(|cause| cause.points * sign * change.change > 0.0);
    causes.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
    causes.truncate(NAMED);
    causes
}
