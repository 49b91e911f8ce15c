//! Restoring: records taken over from an archive, byte for byte, into an empty log.
//!
//! A restore is begun by its first batch, which marks the log as unfinished; until it is finished nothing else
//! may be written. Run again after an interruption it passes over what is there, comparing every byte.

use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;

use super::append::{Writer, begin, commit};
use super::error::{AppendError, Damage, Doing as _, ReadError, RestoreError};
use super::group::Group;
use super::load::{Restored, head_at};
use super::read::StoredRecord;
use super::record::{self, leaf_hash};
use super::segment::Entry;
use super::store::{META, MetaKey};
use super::tree::Hash;
use super::value::{self, VALUE_HEAD_BYTES};

/// What the writer is asked to restore.
#[derive(Debug)]
pub(super) enum RestoreCommand {
    /// The next records of the archive.
    Records(Vec<StoredRecord>),
    /// The archive is at its end.
    Finish,
}

/// How many records were taken over; the others were there already.
pub(super) type RestoreReply = Result<u64, RestoreError>;

impl Writer {
    pub(super) fn restore(&mut self, command: RestoreCommand) -> RestoreReply {
        if let Some(reason) = &self.stopped {
            return Err(AppendError::Stopped(reason.clone()).into());
        }
        match command {
            RestoreCommand::Records(records) => self.restore_records(records),
            RestoreCommand::Finish => self.mark(Restored::Yes).map(|()| 0),
        }
    }

    fn restore_records(&mut self, records: Vec<StoredRecord>) -> RestoreReply {
        let (count, restored) = {
            let state = self.shared.state();
            (state.count(), state.restored)
        };
        match restored {
            Restored::Unfinished => {}
            Restored::No if count == 0 => self.mark(Restored::Unfinished)?,
            Restored::No | Restored::Yes => return Err(RestoreError::NotEmpty),
        }
        let fresh = self.pass_over(records, count)?;
        if fresh.is_empty() {
            return Ok(0);
        }
        let staged = self.stage_archived(fresh)?;
        let taken = staged.len() as u64;
        self.record(staged).map_err(|failure| failure.to_error())?;
        Ok(taken)
    }

    /// Compares the records that are there already, and gives back the others.
    fn pass_over(&self, records: Vec<StoredRecord>, count: u64) -> Result<Vec<StoredRecord>, RestoreError> {
        let (there, fresh): (Vec<_>, Vec<_>) =
            records.into_iter().partition(|record| record.position.0 < count);
        for record in there {
            let stored = self
                .shared
                .with_store(|store| super::read::value_at(store, record.position.0))
                .map_err(damaged)?;
            if stored != record.value() {
                let found = "the archive differs from what was restored before".to_owned();
                return Err(Damage::Store(format!("position {}: {found}", record.position)).into());
            }
        }
        Ok(fresh)
    }

    /// Checks that the records follow each other and what is there, in place, time and stream.
    fn stage_archived(&self, records: Vec<StoredRecord>) -> Result<Group, RestoreError> {
        let state = self.shared.state();
        let mut last = state.last_recorded_at;
        let mut tips: std::collections::HashMap<String, (u64, Hash)> = std::collections::HashMap::new();
        let mut staged = Group::default();
        for (record, expected) in records.into_iter().zip(state.count()..) {
            if record.position.0 != expected {
                return Err(Damage::Gap { expected: Position(expected), found: record.position }.into());
            }
            let leaf = leaf_hash(&record.frame);
            let entry = {
                let head = head_at(expected, &record.frame)?;
                record::decode(&record.frame)
                    .map_err(|source| Damage::Record { position: record.position, source })?;
                if last.is_some_and(|last| last >= head.recorded_at()) {
                    return Err(Damage::Recorded(record.position).into());
                }
                last = Some(head.recorded_at());
                let tip = match tips.get(head.account()) {
                    Some(tip) => *tip,
                    None => self.stored_tip(&state, head.account())?,
                };
                follows(&head, tip)?;
                tips.insert(head.account().to_owned(), (tip.0 + 1, leaf));
                Entry {
                    name: self.shared.identity.name_hash(head.source(), head.id()),
                    account: state.index.shared_name(head.account()),
                }
            };
            let recorded_at = last.unwrap_or(Timestamp::MIN);
            staged.buffer().extend(record.value());
            staged.push(entry, leaf, recorded_at);
        }
        Ok(staged)
    }

    fn stored_tip(&self, state: &super::load::State, account: &str) -> Result<(u64, Hash), RestoreError> {
        let Some(stream) = state.index.stream(account) else { return Ok((0, [0; 32])) };
        let last = stream.last().0;
        let head = if let Some(head) = stream.head {
            head
        } else {
            let value =
                self.shared.with_store(|store| super::read::value_at(store, last)).map_err(damaged)?;
            leaf_hash(super::value::frame_of(last, &value)?)
        };
        Ok((stream.count, head))
    }

    fn mark(&mut self, restored: Restored) -> Result<(), RestoreError> {
        let byte = if restored == Restored::Yes { 2_u8 } else { 1 };
        let written = self.shared.with_store(|store| {
            let transaction = begin(store)?;
            {
                let mut meta = transaction.open_table(META).doing("open the log's own facts")?;
                meta.insert(MetaKey::Restored as u32, [byte].as_slice()).doing("mark the restore")?;
            }
            Ok(commit(transaction, 1)?)
        });
        written.map_err(damaged)?;
        self.shared.state_mut().restored = restored;
        Ok(())
    }
}

fn follows(head: &record::Head<'_>, tip: (u64, Hash)) -> Result<(), Damage> {
    let account = head.account().to_owned();
    let position = head.position();
    if head.sequence().0 != tip.0 {
        return Err(Damage::Sequence { position, account, expected: tip.0, found: head.sequence().0 });
    }
    if *head.prev() != tip.1 {
        return Err(Damage::Chain { position, account });
    }
    Ok(())
}

fn damaged(error: ReadError) -> RestoreError {
    match error {
        ReadError::Store(error) => RestoreError::Store(error),
        ReadError::Damaged(damage) => RestoreError::Damaged(damage),
        ReadError::Closed => RestoreError::Append(AppendError::Stopped("the log is not open".to_owned())),
    }
}

impl StoredRecord {
    /// Digest and frame, as stored.
    pub(super) fn value(&self) -> Vec<u8> {
        let mut value = Vec::with_capacity(VALUE_HEAD_BYTES + self.frame.len());
        value::begin(&mut value, self.digest);
        value.extend(&self.frame);
        value
    }
}
