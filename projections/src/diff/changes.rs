//! How two effective histories of one account differ.

use std::collections::{BTreeMap, BTreeSet};

use super::{Class, Side};
use crate::fact::Fact;
use crate::image::Image;
use crate::position::Position;

/// One event that differs.
#[derive(Debug, Clone)]
pub(super) struct FactChange {
    pub(super) class: Class,
    pub(super) before: Option<Fact>,
    pub(super) after: Option<Fact>,
}

impl FactChange {
    /// As it stands after, else as it stood before.
    pub(super) fn fact(&self) -> Option<&Fact> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// The events that differ: corrected, late, new, each class in the order of time.
pub(super) fn between(image: &Image, from: &Side<'_>, to: &Side<'_>) -> Vec<FactChange> {
    let by_position = |facts: Vec<Fact>| -> BTreeMap<Position, Fact> {
        facts.into_iter().map(|fact| (fact.position, fact)).collect()
    };
    let mut before = by_position(image.effective(from.as_of, from.known_at));
    let mut after = by_position(image.effective(to.as_of, to.known_at));
    let known = by_position(image.effective(crate::time::Timestamp::MAX, from.known_at));
    let positions: BTreeSet<Position> = before.keys().chain(after.keys()).copied().collect();
    let mut changes: Vec<FactChange> = Vec::new();
    for position in positions {
        let (before, after) = (before.remove(&position), after.remove(&position));
        if before == after {
            continue;
        }
        let class =
            match (&before, &after) {
                (None, Some(after)) if after.recorded_at > from.known_at => {
                    if after.occurred_at > from.as_of { Class::New } else { Class::Late }
                }
                (None, Some(after)) if known.get(&position) == Some(after) => Class::New,
                _ => Class::Corrected,
            };
        changes.push(FactChange { class, before, after });
    }
    let place =
        |change: &FactChange| (change.class, change.fact().map(|fact| (fact.occurred_at, fact.position)));
    changes.sort_by_key(place);
    changes
}
