//! Restoring records byte for byte.

use guanxi_projections::position::Position;

use super::{event, fresh_disk, open};
use crate::log::{AppendError, Expect, Log, RestoreError, Restored, StoredRecord, Unit};

fn original() -> (Log, Vec<StoredRecord>) {
    let log = open(fresh_disk().storage());
    for n in 0..50_u64 {
        let account = format!("account-{}", n % 3);
        let expect = if n < 3 { Expect::Absent } else { Expect::Present };
        log.append(vec![event(&account, &format!("e{n}"), n, expect)], Unit::Whole).unwrap();
    }
    let records = log.records(Position(0), 100).unwrap();
    (log, records)
}

#[test]
fn a_restored_log_is_the_same_log() {
    let (original, records) = original();
    let disk = fresh_disk();
    let log = open(disk.storage());
    assert_eq!(log.restore(records[..20].to_vec()).unwrap(), 20);
    let answer = log.append(vec![event("new", "x", 1, Expect::Absent)], Unit::Whole);
    assert!(matches!(answer, Err(AppendError::Stopped(_))), "{answer:?}");
    drop(log);
    // Interrupted; run again from the beginning.
    let log = open(disk.storage());
    assert_eq!(log.restore(records.clone()).unwrap(), 30);
    log.finish_restore().unwrap();
    assert_eq!(log.restored(), Restored::Yes);
    assert_eq!(log.head(), original.head());
    assert_eq!(log.records(Position(0), 100).unwrap(), records);
    log.verify(|_| ()).unwrap();
    log.append(vec![event("account-0", "x", 1, Expect::Count(17))], Unit::Whole).unwrap();
    log.verify(|_| ()).unwrap();
}

#[test]
fn only_an_empty_log_is_restored_into() {
    let (log, records) = original();
    assert!(matches!(log.restore(records), Err(RestoreError::NotEmpty)));
}

#[test]
fn an_archive_with_a_gap_or_a_change_is_refused() {
    let (_, records) = original();
    let mut gap = records.clone();
    gap.remove(7);
    let mut changed = records.clone();
    let last = changed[9].frame.len() - 1;
    changed[9].frame[last] ^= 1;
    let mut swapped = records;
    swapped.swap(3, 4);
    for archive in [gap, changed, swapped] {
        let log = open(fresh_disk().storage());
        assert!(matches!(log.restore(archive), Err(RestoreError::Damaged(_))));
        assert_eq!(log.head().count, 0);
    }
}
