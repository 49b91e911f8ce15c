//! Yardstick: `SQLite` with a write-ahead log, synced at every commit, with one unique index.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use crate::events::Draft;
use crate::group::Group;

/// Inserts into a table that holds the first `filled` values, with the queue of [`Group`] and one transaction a
/// group.
pub fn start(folder: &Path, filled: usize, drafts: Arc<Vec<Draft>>, values: Arc<Vec<Vec<u8>>>) -> Group {
    let mut connection = Connection::open(folder.join("sqlite")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
             CREATE TABLE records (position INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL,
                 record BLOB NOT NULL);
             CREATE UNIQUE INDEX names ON records (source, id);",
        )
        .unwrap();
    let mut insert = move |items: &[usize]| {
        let transaction = connection.transaction().unwrap();
        let mut insert = transaction
            .prepare_cached("INSERT INTO records (source, id, record) VALUES (?1, ?2, ?3)")
            .unwrap();
        for item in items {
            let draft = &drafts[*item];
            insert.execute((draft.source(), draft.id(), &values[*item])).unwrap();
        }
        drop(insert);
        transaction.commit().unwrap();
    };
    (0..filled).collect::<Vec<_>>().chunks(1_000).for_each(&mut insert);
    Group::start(insert)
}
