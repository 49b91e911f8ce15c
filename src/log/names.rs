//! From the hash of an event's source and id to its position, in few bytes an event: of the largest thing in
//! memory there is one entry per event ever recorded.
//!
//! A slot holds 40 bits of the hash and 40 bits of the position, and a table is one of [`SHARDS`], chosen by other
//! bits of the hash, so that growing moves a small part at a time. Two names may share all 46 bits; whoever looks a
//! name up reads the record and sees.

use hashbrown::HashTable;

/// Tables. A power of two.
const SHARDS: usize = 64;
const SHARD_BITS: u32 = SHARDS.ilog2();

/// 40 bits, most significant first. A log has fewer than 2^40 positions for as long as its file system exists.
type Bits40 = [u8; 5];

#[derive(Debug, Clone, Copy)]
struct Slot {
    fragment: Bits40,
    position: Bits40,
}

/// Positions by the hash of source and id.
#[derive(Debug, Default)]
pub(super) struct Names {
    shards: Vec<HashTable<Slot>>,
}

impl Names {
    /// Takes a name in. The same name taken in twice is found twice.
    pub(super) fn insert(&mut self, hash: u64, position: u64) {
        if self.shards.is_empty() {
            self.shards.resize_with(SHARDS, HashTable::new);
        }
        let slot = Slot { fragment: low(hash), position: low(position) };
        if let Some(table) = self.shards.get_mut(shard(hash)) {
            table.insert_unique(spread(slot.fragment), slot, |slot| spread(slot.fragment));
        }
    }

    /// Positions of the events whose source and id may have this hash: nearly always none or one.
    pub(super) fn find(&self, hash: u64) -> impl Iterator<Item = u64> + '_ {
        let fragment = low(hash);
        let table = self.shards.get(shard(hash));
        let slots = table.into_iter().flat_map(move |table| table.iter_hash(spread(fragment)));
        slots.filter(move |slot| slot.fragment == fragment).map(|slot| number(slot.position))
    }
}

fn shard(hash: u64) -> usize {
    usize::try_from(hash >> (u64::BITS - SHARD_BITS)).unwrap_or(0)
}

fn low(number: u64) -> Bits40 {
    let [_, _, _, low @ ..] = number.to_be_bytes();
    low
}

fn number(bits: Bits40) -> u64 {
    bits.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The table's own hash of a slot: its fragment, spread over all bits.
fn spread(fragment: Bits40) -> u64 {
    number(fragment).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: u64) -> u64 {
        let mixed = (n ^ (n >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed ^ (mixed >> 27)
    }

    #[test]
    fn every_name_is_found_where_it_was_taken_in() {
        let mut names = Names::default();
        assert_eq!(names.find(7).count(), 0);
        for n in 0..50_000 {
            names.insert(hash(n), n * 1_000_003);
        }
        for n in 0..50_000 {
            assert_eq!(names.find(hash(n)).collect::<Vec<_>>(), [n * 1_000_003]);
        }
        assert_eq!(names.find(hash(50_001)).count(), 0);
    }

    #[test]
    fn names_that_share_a_hash_are_all_found() {
        let mut names = Names::default();
        names.insert(42, 1);
        names.insert(42, 2);
        let mut found: Vec<_> = names.find(42).collect();
        found.sort_unstable();
        assert_eq!(found, [1, 2]);
    }

    #[test]
    fn a_slot_takes_ten_bytes() {
        assert_eq!(size_of::<Slot>(), 10);
    }
}
