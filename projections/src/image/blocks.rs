//! A list that grows at its end and is copied often: copies share all but what grows.

use std::sync::Arc;

/// So many items share a block. More make a copy that grows dearer, fewer make reading dearer.
const BLOCK: usize = if cfg!(test) { 4 } else { 128 };

/// A list in blocks. A copy shares those that are full and copies the last alone, so that a list that grows while
/// somebody reads what it was costs no more than what is new.
///
/// Invariant: every block of `full` has [`BLOCK`] items, `last` has fewer.
#[derive(Debug, Clone)]
pub(super) struct Blocks<T> {
    full: Vec<Arc<Vec<T>>>,
    last: Vec<T>,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }
}

impl<T> Blocks<T> {
    /// A list of so many items, each made with the one before at hand, in no more memory than it takes; `None` when one
    /// cannot be made.
    pub(super) fn made(len: usize, mut make: impl FnMut(Option<&T>) -> Option<T>) -> Option<Self> {
        let mut blocks = Self { full: Vec::with_capacity(len / BLOCK), last: Vec::new() };
        for from in (0..=len).step_by(BLOCK) {
            let count = BLOCK.min(len - from);
            let mut block = Vec::with_capacity(count);
            while block.len() < count {
                let item = make(block.last().or_else(|| blocks.last()))?;
                block.push(item);
            }
            if count == BLOCK {
                blocks.full.push(Arc::new(block));
            } else {
                blocks.last = block;
            }
        }
        Some(blocks)
    }

    pub(super) fn len(&self) -> usize {
        self.full.len() * BLOCK + self.last.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn get(&self, place: usize) -> Option<&T> {
        self.block(place / BLOCK).get(place % BLOCK)
    }

    pub(super) fn last(&self) -> Option<&T> {
        self.last.last().or_else(|| self.full.last()?.last())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.full.iter().flat_map(|block| block.iter()).chain(&self.last)
    }

    /// How many items at the front satisfy a condition that holds up to some place and nowhere after it. Cost:
    /// O(log n).
    pub(super) fn partition_point(&self, mut is_before: impl FnMut(&T) -> bool) -> usize {
        let whole = self.full.partition_point(|block| block.last().is_some_and(&mut is_before));
        whole * BLOCK + self.block(whole).partition_point(is_before)
    }

    /// The block of a number; the last one after those that are full.
    fn block(&self, number: usize) -> &[T] {
        self.full.get(number).map_or(&self.last, |block| block.as_slice())
    }

    /// Makes room for so many items more, as far as they go into the last block.
    pub(super) fn reserve(&mut self, items: usize) {
        self.last.reserve_exact(items.min(BLOCK - self.last.len()));
    }

    pub(super) fn push(&mut self, item: T) {
        self.last.push(item);
        if self.last.len() == BLOCK {
            self.full.push(Arc::new(std::mem::take(&mut self.last)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of so many numbers, from 0 on.
    fn counted(count: usize) -> Blocks<usize> {
        let mut blocks = Blocks::default();
        (0..count).for_each(|item| blocks.push(item));
        blocks
    }

    #[test]
    fn a_list_in_blocks_is_a_list() {
        for count in 0..4 * BLOCK {
            let (blocks, plain) = (counted(count), (0..count).collect::<Vec<_>>());
            assert_eq!(blocks.iter().copied().collect::<Vec<_>>(), plain);
            let made = Blocks::made(count, |before| Some(before.map_or(0, |before| before + 1))).unwrap();
            assert_eq!((made.full, made.last), (blocks.full.clone(), blocks.last.clone()));
            assert_eq!((blocks.len(), blocks.is_empty(), blocks.last()), (count, count == 0, plain.last()));
            for place in 0..=count {
                assert_eq!(blocks.get(place), plain.get(place));
                assert_eq!(blocks.partition_point(|item| *item < place), place, "of {count}");
            }
        }
    }

    #[test]
    fn a_copy_stays_as_it_was_and_shares_what_is_full() {
        for count in 0..4 * BLOCK {
            let mut grown = counted(count);
            let copy = grown.clone();
            grown.push(count);
            assert_eq!(copy.iter().copied().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
            assert_eq!(grown.last(), Some(&count));
            let shared = copy.full.iter().zip(&grown.full).filter(|(one, other)| Arc::ptr_eq(one, other));
            assert_eq!(shared.count(), count / BLOCK);
        }
    }
}
