//! Yardstick: redb with one table of records and nothing else.

use std::ops::Range;
use std::path::Path;

use redb::{
    Builder, Database, Durability, ReadableDatabase, ReadableTable as _, ReadableTableMetadata as _,
    TableDefinition,
};

const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");

/// The page cache that the log has while it writes.
const CACHE_BYTES: usize = 64 << 20;
/// The page cache that it has for reading alone.
const READER_CACHE_BYTES: usize = 512 << 10;

/// An open database.
#[derive(Debug)]
pub struct Bare(Database);

impl Bare {
    /// Opens or creates the file `name` in the folder.
    pub fn open(folder: &Path, name: &str) -> Self {
        Self::with_cache(folder, name, CACHE_BYTES)
    }

    /// The same with the little cache that suits one who reads everything once.
    pub fn open_lean(folder: &Path, name: &str) -> Self {
        Self::with_cache(folder, name, READER_CACHE_BYTES)
    }

    fn with_cache(folder: &Path, name: &str, bytes: usize) -> Self {
        Self(Builder::new().set_cache_size(bytes).create(folder.join(name)).unwrap())
    }

    /// Inserts values from `first` on in one durable, two-phase commit.
    pub fn insert(&self, first: u64, values: &[Vec<u8>]) {
        let mut transaction = self.0.begin_write().unwrap();
        transaction.set_durability(Durability::Immediate).unwrap();
        transaction.set_two_phase_commit(true);
        let mut table = transaction.open_table(RECORDS).unwrap();
        for (position, value) in (first..).zip(values) {
            table.insert(position, value.as_slice()).unwrap();
        }
        drop(table);
        transaction.commit().unwrap();
    }

    /// Inserts a slice of the values, `batch` in a commit.
    pub fn insert_all(&self, values: &[Vec<u8>], slice: Range<usize>, batch: usize) {
        for (first, values) in slice.clone().step_by(batch).zip(values[slice].chunks(batch)) {
            self.insert(first as u64, values);
        }
    }

    /// Reads every value; gives how many there are and how many bytes they have.
    pub fn scan(&self) -> (u64, u64) {
        let transaction = self.0.begin_read().unwrap();
        let table = transaction.open_table(RECORDS).unwrap();
        let (mut count, mut bytes) = (0, 0);
        for row in table.iter().unwrap() {
            let (_, value) = row.unwrap();
            count += 1;
            bytes += value.value().iter().map(|byte| u64::from(*byte & 1)).sum::<u64>();
        }
        assert_eq!(count, table.len().unwrap());
        (count, bytes)
    }

    /// Reads every value on several threads, each its share of the positions; gives how many there are.
    pub fn scan_shared(&self, threads: u64) -> u64 {
        let transaction = self.0.begin_read().unwrap();
        let table = transaction.open_table(RECORDS).unwrap();
        let count = table.len().unwrap();
        let share = count.div_ceil(threads);
        let read = |first: u64| {
            let rows = table.range(first..(first + share).min(count)).unwrap();
            let byte_sum = |row: Result<_, redb::StorageError>| {
                let (_, value): (_, redb::AccessGuard<'_, &[u8]>) = row.unwrap();
                value.value().iter().map(|byte| u64::from(*byte & 1)).sum::<u64>()
            };
            std::hint::black_box(rows.map(byte_sum).sum::<u64>());
        };
        std::thread::scope(|scope| {
            let read = &read;
            for first in (0..count).step_by(usize::try_from(share).unwrap()) {
                scope.spawn(move || read(first));
            }
        });
        count
    }

    /// Bytes of the pages in use.
    pub fn bytes_in_use(&self) -> u64 {
        let stats = self.0.begin_write().unwrap().stats().unwrap();
        stats.allocated_pages() * stats.page_size() as u64
    }
}
