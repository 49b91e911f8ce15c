//! The Merkle tree over the log, as RFC 6962 section 2.1 has it: leaf = SHA-256(0x00 || record), node =
//! SHA-256(0x01 || left || right), and a tree of n leaves splits at the largest power of two below n.
//!
//! Only complete interior nodes are stored; leaves are recomputed from the records themselves, so that what is
//! proved is what is stored. A node is numbered by when it becomes complete: appending leaf m (0-based)
//! completes one node at each level 1..=k, k the number of trailing ones of m, and the nodes completed before
//! that are m - popcount(m). So the table grows at its end only, and a node's number is known from its place:
//! node (level, index) is completed by leaf `m = (index + 1) * 2^level - 1`, as number
//! `m - popcount(m) + level - 1`.

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The hash of a node over two subtrees.
pub(super) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The number under which the complete node at (`level` >= 1, `index`) is stored.
pub(super) fn node_number(level: u32, index: u64) -> u64 {
    let last_leaf = ((index + 1) << level) - 1;
    completed_before(last_leaf) + u64::from(level) - 1
}

/// How many interior nodes are complete before leaf `leaf` is appended.
pub(super) fn completed_before(leaf: u64) -> u64 {
    leaf - u64::from(leaf.count_ones())
}

/// The roots of the complete subtrees that make up a tree: all that appending needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Frontier {
    leaves: u64,
    /// From the largest subtree to the smallest: one per set bit of `leaves`.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a tree of `leaves` leaves; `node` gives the root of the complete subtree at (level,
    /// index), level 0 being a leaf.
    ///
    /// # Errors
    /// The first one that `node` reports.
    pub(super) fn load<E>(leaves: u64, mut node: impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Self, E> {
        let mut peaks = Vec::new();
        for level in (0..u64::BITS).rev().filter(|level| leaves >> level & 1 == 1) {
            peaks.push(node(level, (leaves >> level) - 1)?);
        }
        Ok(Self { leaves, peaks })
    }

    /// How many leaves the tree has.
    pub(super) fn leaves(&self) -> u64 {
        self.leaves
    }

    /// Appends a leaf and hands each node that it completes to `completed`, in the order of their numbers.
    pub(super) fn append(&mut self, leaf: Hash, mut completed: impl FnMut(Hash)) {
        let mut hash = leaf;
        for _ in 0..self.leaves.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
                completed(hash);
            }
        }
        self.peaks.push(hash);
        self.leaves += 1;
    }

    /// The root of the tree.
    pub(super) fn root(&self) -> Hash {
        let smaller_first = self.peaks.iter().rev().copied();
        smaller_first.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }
}

#[cfg(test)]
mod differential;

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(data: &[u8]) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(data);
        hasher.finalize().into()
    }

    /// MTH of RFC 6962 section 2.1, word for word.
    fn merkle_tree_hash(leaves: &[Hash]) -> Hash {
        match leaves.len() {
            0 => empty_root(),
            1 => leaves[0],
            n => {
                let k = n.next_power_of_two() / 2;
                node_hash(&merkle_tree_hash(&leaves[..k]), &merkle_tree_hash(&leaves[k..]))
            }
        }
    }

    fn hex(hash: &Hash) -> String {
        hash.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }

    /// The test vectors that accompany RFC 6962 implementations (certificate-transparency, `merkle_tree_test`).
    #[test]
    fn roots_equal_the_published_vectors() {
        let inputs: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut frontier = Frontier::default();
        assert_eq!(hex(&frontier.root()), roots[0]);
        for (input, root) in inputs.iter().zip(&roots[1..]) {
            frontier.append(leaf(input), |_| ());
            assert_eq!(hex(&frontier.root()), *root);
        }
    }

    #[test]
    fn a_frontier_grows_like_the_definition_and_loads_from_its_nodes() {
        let leaves: Vec<Hash> = (0..600_u32).map(|n| leaf(&n.to_be_bytes())).collect();
        let mut frontier = Frontier::default();
        let mut nodes = Vec::new();
        for (n, one) in leaves.iter().enumerate() {
            assert_eq!(nodes.len() as u64, completed_before(n as u64));
            frontier.append(*one, |node| nodes.push(node));
            assert_eq!(frontier.root(), merkle_tree_hash(&leaves[..=n]));
            let loaded = Frontier::load(n as u64 + 1, |level, index| {
                Ok::<_, ()>(match level {
                    0 => leaves[usize::try_from(index).unwrap()],
                    _ => nodes[usize::try_from(node_number(level, index)).unwrap()],
                })
            });
            assert_eq!(loaded.as_ref(), Ok(&frontier));
        }
    }
}
