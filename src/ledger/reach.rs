//! Which recordings reached back how far: whether anything recorded after one K and by another can have changed
//! what happened up to some instant.
//!
//! A survey of a past quarter asked at two K is the same when nothing recorded between them reached back before
//! the quarter. Most of a ledger is recorded as it happens, so a trend that reads each point as it was known then
//! finds the surveys of its quarters made already.

use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;

/// So many positions are looked at together: few bytes for each event, and K is seldom inside one that matters.
const BLOCK: u64 = 64;

/// For each block of positions how far its events reach back.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    first_recorded_at: Timestamp,
    /// The earliest instant at which anything was said to have happened.
    earliest: Timestamp,
}

/// Stands for every K at which the same is known of what happened up to some instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing.
    Nothing,
    /// What the events up to the end of a block say.
    Block(usize),
    /// What was recorded up to this instant.
    At(Timestamp),
}

impl Reach {
    /// Of events that were noted in whatever order, each by one of several; some positions may be missing, of which
    /// nothing is known.
    pub(super) fn of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut reach = Self::default();
        for part in parts {
            let nothing = Block { first_recorded_at: Timestamp::MAX, earliest: Timestamp::MAX };
            reach.blocks.resize(reach.blocks.len().max(part.blocks.len()), nothing);
            for (block, other) in reach.blocks.iter_mut().zip(part.blocks) {
                block.first_recorded_at = block.first_recorded_at.min(other.first_recorded_at);
                block.earliest = block.earliest.min(other.earliest);
            }
        }
        // A block without any event begins with the next one, so that blocks ascend.
        let mut next = Timestamp::MAX;
        for block in reach.blocks.iter_mut().rev() {
            next = next.min(block.first_recorded_at);
            block.first_recorded_at = next;
        }
        reach
    }

    /// Notes an event, the next one unless the whole is made with [`Reach::of`]; `None` for a revision, which may change
    /// what happened at any time.
    pub(super) fn note(
        &mut self,
        position: Position,
        recorded_at: Timestamp,
        occurred_at: Option<Timestamp>,
    ) {
        let place = usize::try_from(position.0 / BLOCK).unwrap_or(usize::MAX);
        if self.blocks.len() <= place {
            self.blocks.resize(place + 1, Block { first_recorded_at: recorded_at, earliest: Timestamp::MAX });
        }
        if let Some(block) = self.blocks.get_mut(place) {
            block.first_recorded_at = block.first_recorded_at.min(recorded_at);
            block.earliest = block.earliest.min(occurred_at.unwrap_or(Timestamp::MIN));
        }
    }

    /// What is known at K of what happened up to `until`. Two K with the same answer know the same. Cost: O(log n),
    /// and O(n / 64) where nothing reached back.
    pub(super) fn known(&self, known_at: Timestamp, until: Timestamp) -> Known {
        let begun = self.blocks.partition_point(|block| block.first_recorded_at <= known_at);
        let reaches = |block: &Block| block.earliest <= until;
        let blocks = self.blocks.get(..begun).unwrap_or_default();
        match blocks.split_last() {
            None => Known::Nothing,
            Some((last, _)) if reaches(last) => Known::At(known_at),
            Some((_, before)) => before.iter().rposition(reaches).map_or(Known::Nothing, Known::Block),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: u64) -> Timestamp {
        Timestamp::from_micros(i64::try_from(micros).unwrap())
    }

    /// Four blocks; everything happens when it is recorded, but one of the third block happened long before.
    fn reach() -> Reach {
        let mut reach = Reach::default();
        for position in 0..4 * BLOCK {
            let occurred = if position == 2 * BLOCK + 5 { 3 } else { 1_000 + position };
            reach.note(Position(position), at(1_000 + position), Some(at(occurred)));
        }
        reach
    }

    #[test]
    fn what_is_recorded_as_it_happens_changes_nothing_earlier() {
        let reach = reach();
        let known = |known_at, until| reach.known(at(known_at), at(until));
        assert_eq!(known(999, 5_000), Known::Nothing);
        assert_eq!(known(1_063, 2), Known::Nothing, "nothing had happened by then");
        assert_eq!(known(1_070, 1_010), Known::Block(0));
        assert_eq!(known(1_127, 1_010), Known::Block(0), "the second block is all later");
        assert_eq!(known(1_130, 1_010), Known::At(at(1_130)), "some of this block reach back");
        assert_eq!(known(1_195, 1_010), Known::Block(2));
        assert_eq!(known(9_999, 1_010), Known::Block(2));
        assert_eq!(known(9_999, 9_999), Known::At(at(9_999)));
    }

    #[test]
    fn blocks_of_which_nothing_is_known_are_passed_over() {
        // Told backwards and by two, the second block missing.
        let mut parts = [Reach::default(), Reach::default()];
        for position in (0..3 * BLOCK).rev().filter(|position| position / BLOCK != 1) {
            let at = at(1_000 + position);
            parts[usize::from(position % 2 == 0)].note(Position(position), at, Some(at));
        }
        let reach = Reach::of(parts);
        for (known_at, known) in [
            (999, Known::Nothing),
            (1_063, Known::At(at(1_063))),
            (1_070, Known::At(at(1_070))),
            (1_127, Known::At(at(1_127))),
            (1_128, Known::Block(0)),
        ] {
            assert_eq!(reach.known(at(known_at), at(1_050)), known, "{known_at}");
        }
    }

    #[test]
    fn a_revision_reaches_back_to_the_beginning() {
        let mut reach = reach();
        reach.note(Position(3 * BLOCK + 1), at(1_193), None);
        assert_eq!(reach.known(at(1_195), at(1_010)), Known::At(at(1_195)));
    }
}
