//! The tree against an implementation that others wrote: `ct-merkle`, an RFC 6962 tree kept whole in memory.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;
use crate::log::record::leaf_hash;

/// Both trees over the same records, growing together.
#[derive(Default)]
struct Pair {
    ours: Frontier,
    nodes: Vec<Hash>,
    theirs: MemoryBackedTree<Sha256, Vec<u8>>,
}

impl Pair {
    fn append(&mut self, record: Vec<u8>) {
        self.ours.append(leaf_hash(&record), |node| self.nodes.push(node));
        self.theirs.push(record);
    }

    /// Compares the roots of the whole tree, and the frontier with one loaded from the stored nodes.
    #[track_caller]
    fn check(&self) {
        let size = self.theirs.len();
        assert_eq!(self.ours.leaves(), size);
        assert_eq!(self.ours.root().as_slice(), self.theirs.root().as_bytes().as_slice(), "{size} leaves");
        let loaded = Frontier::load(size, |level, index| self.node(level, index).ok_or((level, index)));
        assert_eq!(loaded.as_ref(), Ok(&self.ours), "{size} leaves");
    }

    fn node(&self, level: u32, index: u64) -> Option<Hash> {
        if level == 0 {
            self.theirs.get(usize::try_from(index).ok()?).map(|record| leaf_hash(record))
        } else {
            self.nodes.get(usize::try_from(node_number(level, index)).ok()?).copied()
        }
    }
}

#[test]
fn the_roots_of_every_small_size_agree() {
    let mut pair = Pair::default();
    pair.check();
    for size in 1..=300_u32 {
        pair.append(size.to_le_bytes().repeat(usize::try_from(size).unwrap()));
        pair.check();
    }
}

#[test]
fn the_roots_around_every_power_of_two_agree() {
    let mut pair = Pair::default();
    for size in 1..=(1_u64 << 16) + 1 {
        pair.append(size.to_le_bytes().to_vec());
        let nearest = size.next_power_of_two();
        if nearest - size <= 1 || size - nearest / 2 <= 1 {
            pair.check();
        }
    }
}

proptest! {
    #[test]
    fn the_roots_of_any_records_agree(
        records in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..48), 0..600),
    ) {
        let mut pair = Pair::default();
        for record in records {
            pair.append(record);
        }
        pair.check();
    }
}
