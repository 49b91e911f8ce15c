//! Replay: what the log has beyond the image's watermark, taken into the image.
//!
//! Events stand in the log as they came, those of one account far apart. Taken in one after the other, nearly every
//! one would fetch another account's memory from afar. So a long stretch is gathered by account at a time, and each
//! account takes in its own, in the order of their positions; every core gathers and takes in its share.

use std::sync::{Arc, Mutex};

use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::position::Position;

use super::{Facts, lock};
use crate::ledger::{LedgerError, shared};
use crate::log::{Gathered, Log, Part, ReadError};

/// Events that one core gathers at a time. More make each account's part larger, and take more memory.
const GATHERED: usize = if cfg!(test) { 64 } else { 1 << 18 };

/// An account's image, and the events that it is to take in: parts in the order of their positions.
type Turn<'f> = Mutex<(&'f mut Image, Vec<Part<'f>>)>;

impl Facts {
    /// Reads what the log has beyond the watermark. Memory: about a hundred megabytes for each core while it lasts, if
    /// there is so much to read.
    ///
    /// # Errors
    /// What the log reports; the image is then empty, and the next question begins anew.
    pub(super) fn catch_up(&mut self, log: &Log) -> Result<(), LedgerError> {
        let until = log.count();
        let starts: Vec<u64> = (self.read..until).step_by(GATHERED).collect();
        let rooms: Vec<Mutex<Gathered>> =
            starts.iter().take(shared::cores()).map(|_| Mutex::default()).collect();
        let caught_up = starts
            .chunks(shared::cores())
            .try_for_each(|starts| self.take_in(starts, rooms.get(..starts.len()).unwrap_or_default(), log));
        if caught_up.is_err() {
            *self = Self::default();
        }
        caught_up
    }

    /// Takes in a stretch from each of the starts on, gathered where there is room for each.
    fn take_in(&mut self, starts: &[u64], rooms: &[Mutex<Gathered>], log: &Log) -> Result<(), LedgerError> {
        let stretches: Vec<_> = starts.iter().zip(rooms).collect();
        let gather = |(start, room): &(&u64, &Mutex<Gathered>)| {
            log.gather(Position(**start), GATHERED, &mut lock(room))
        };
        shared::map(&stretches, gather, |_| ()).into_iter().collect::<Result<(), _>>()?;
        let gathered: Vec<_> = rooms.iter().map(lock).collect();
        let gathered: Vec<&Gathered> = gathered.iter().map(|gathered| &**gathered).collect();
        self.take_own(&gathered, log)?;
        let turns = self.turns(&gathered);
        let take = |turn: &Turn<'_>| {
            let mut turn = lock(turn);
            let (image, parts) = &mut *turn;
            parts.iter().try_for_each(|part| take(image, *part, log))
        };
        shared::map(&turns, take, |_| ()).into_iter().collect::<Result<(), _>>()?;
        for gathered in gathered {
            self.note(gathered);
        }
        Ok(())
    }

    /// The ledger's own stream is kept whole.
    fn take_own(&mut self, gathered: &[&Gathered], log: &Log) -> Result<(), LedgerError> {
        let own = AccountId::ledger();
        let parts = gathered.iter().filter_map(|gathered| gathered.part(&own));
        for position in parts.flat_map(Part::positions) {
            let stored = log.record(position)?;
            let recorded = stored.map(|stored| stored.decode()).transpose().map_err(ReadError::from)?;
            Arc::make_mut(&mut self.own).extend(recorded);
        }
        Ok(())
    }

    /// Every account that has something to take in. Cost: O(accounts).
    fn turns<'f>(&'f mut self, gathered: &[&'f Gathered]) -> Vec<Turn<'f>> {
        let accounts = gathered.iter().flat_map(|gathered| gathered.accounts());
        for account in accounts.filter(|account| !account.is_ledger()) {
            if !self.accounts.contains_key(account) {
                self.accounts.insert(account.clone(), Image::default());
            }
        }
        let turn = |(account, image)| {
            let parts: Vec<_> = gathered.iter().filter_map(|gathered| gathered.part(account)).collect();
            (!parts.is_empty()).then(|| Mutex::new((image, parts)))
        };
        self.accounts.iter_mut().filter_map(turn).collect()
    }

    fn note(&mut self, gathered: &Gathered) {
        for (recording, is_fact) in gathered.recordings() {
            let occurred_at = is_fact.then_some(recording.occurred_at);
            self.reach.note(recording.position, recording.recorded_at, occurred_at);
            (self.read, self.last_recorded_at) = (recording.position.next().0, Some(recording.recorded_at));
        }
    }
}

fn take(image: &mut Image, part: Part<'_>, log: &Log) -> Result<(), LedgerError> {
    image.reserve(part.len());
    for event in part.events() {
        let (recording, event) = event.map_err(ReadError::from)?;
        let mut failed = None;
        let find = |source: &_, id: &_| {
            log.find(source, id).unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        };
        let taken = event.map_or(Ok(()), |event| image.take(recording, &event, find));
        failed.map_or(Ok(()), Err)?;
        taken.map_err(|source| LedgerError::Image { position: recording.position, source })?;
    }
    Ok(())
}
