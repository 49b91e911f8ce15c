//! Which events of a stream stand, once every revision has had its say.

use std::collections::BTreeMap;

use crate::position::Position;

/// A correction or retraction, with the event that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Revising {
    pub(crate) position: Position,
    pub(crate) target: Position,
    pub(crate) action: Action,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Correct,
    Retract,
}

/// What the revisions known at some K come to.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// First standing retraction of an event.
    retracted_by: BTreeMap<Position, Position>,
    /// Standing corrections of an event, in the order of recording.
    corrected_by: BTreeMap<Position, Vec<Position>>,
}

impl Settled {
    /// Settles revisions of one stream, in the order of their positions. One whose target was not recorded before
    /// it has no effect. Cost: O(n log n) in the number of revisions.
    pub(crate) fn of<I>(revisions: I) -> Self
    where
        I: IntoIterator<Item = Revising, IntoIter: DoubleEndedIterator>,
    {
        let mut settled = Self::default();
        // A revision is recorded after its target, so going backwards every revision's own standing is settled
        // before it is applied.
        for Revising { position, target, action } in revisions.into_iter().rev() {
            if settled.is_retracted(position) || target >= position {
                continue;
            }
            match action {
                Action::Retract => {
                    settled.retracted_by.insert(target, position);
                }
                Action::Correct => settled.corrected_by.entry(target).or_default().push(position),
            }
        }
        settled.corrected_by.values_mut().for_each(|corrections| corrections.reverse());
        settled
    }

    /// The retraction that took an event back; the first of several.
    pub(crate) fn retracted_by(&self, position: Position) -> Option<Position> {
        self.retracted_by.get(&position).copied()
    }

    pub(crate) fn is_retracted(&self, position: Position) -> bool {
        self.retracted_by.contains_key(&position)
    }

    /// The events that are not as they were told; twice those that were both corrected and retracted.
    pub(crate) fn touched(&self) -> impl Iterator<Item = Position> + '_ {
        self.retracted_by.keys().chain(self.corrected_by.keys()).copied()
    }

    /// The corrected events, ascending, each with its corrections in the order of recording.
    pub(crate) fn corrected(&self) -> impl Iterator<Item = (Position, &[Position])> {
        self.corrected_by.iter().map(|(position, corrections)| (*position, corrections.as_slice()))
    }

    /// The corrections of an event that stand, in the order of recording.
    pub(crate) fn corrections(&self, position: Position) -> &[Position] {
        self.corrected_by.get(&position).map(Vec::as_slice).unwrap_or_default()
    }
}
