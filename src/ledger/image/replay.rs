//! Replay: what the log has beyond the image's watermark, taken into the image.
//!
//! Events stand in the log as they came, those of one account far apart. Taken in one after the other, nearly every
//! one would fetch another account's memory from afar. So a long stretch is dealt to heaps at a time, each with the
//! events of few accounts, and every core gathers its share and takes in heap by heap.

use std::sync::{Arc, Mutex, MutexGuard};

use guanxi_projections::event::Event;
use guanxi_projections::form::Sealed;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::{Image, Recording};
use guanxi_projections::position::Position;
use hashbrown::HashMap;

use super::{Facts, lock};
use crate::ledger::{LedgerError, shared};
use crate::log::{Gathered, HEAPS, Heap, Log, ReadError, heap_of};

/// The most events that one core gathers at a time. More make each heap larger, and take more memory.
const STRETCH_MAX: usize = if cfg!(test) { 64 } else { 1 << 18 };
/// So few are not worth another thread.
const STRETCH_MIN: usize = STRETCH_MAX / 64;

/// The images of a heap's accounts.
type Images = HashMap<AccountId, Image>;

impl Facts {
    /// Reads what the log has beyond the watermark. Memory: about a hundred megabytes for each core while it lasts, if
    /// there is so much to read.
    ///
    /// # Errors
    /// What the log reports; the image is then empty, and the next question begins anew.
    pub(super) fn catch_up(&mut self, log: &Log) -> Result<(), LedgerError> {
        let until = log.count();
        let stretch = stretch(until.saturating_sub(self.read));
        let starts: Vec<u64> = (self.read..until).step_by(stretch).collect();
        let rooms: Vec<Mutex<Gathered>> =
            starts.iter().take(shared::cores()).map(|_| Mutex::default()).collect();
        let images: Vec<Mutex<Images>> = (0..HEAPS).map(|_| Mutex::default()).collect();
        let caught_up = starts.chunks(shared::cores()).try_for_each(|starts| {
            let gathered = gather(starts, stretch, &rooms, log)?;
            self.take_in(&gathered.iter().map(|gathered| &**gathered).collect::<Vec<_>>(), &images, log)
        });
        self.accounts.extend(images.iter().flat_map(|images| std::mem::take(&mut *lock(images))));
        if caught_up.is_err() {
            *self = Self::default();
        }
        caught_up
    }

    /// Takes in what was gathered of stretches that follow one another; the images of the accounts that may be
    /// concerned go to their heaps. Cost: O(accounts), and that of the events.
    fn take_in(
        &mut self,
        gathered: &[&Gathered],
        images: &[Mutex<Images>],
        log: &Log,
    ) -> Result<(), LedgerError> {
        self.take_own(gathered, log)?;
        let heaps = |number| gathered.iter().filter_map(move |gathered| gathered.heaps().get(number));
        let has_events = |number| !heaps(number).all(Heap::is_empty);
        for (account, image) in self.accounts.extract_if(.., |account, _| has_events(heap_of(account))) {
            if let Some(images) = images.get(heap_of(&account)) {
                lock(images).insert(account, image);
            }
        }
        let turns: Vec<_> = images.iter().enumerate().filter(|(number, _)| has_events(*number)).collect();
        let take = |(number, images): &(usize, &Mutex<Images>)| {
            heaps(*number).try_for_each(|heap| take(heap, &mut lock(images), log))
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
        for position in gathered.iter().flat_map(|gathered| gathered.positions(&own)) {
            let stored = log.record(position)?;
            let recorded = stored.map(|stored| stored.decode()).transpose().map_err(ReadError::from)?;
            Arc::make_mut(&mut self.own).extend(recorded);
        }
        Ok(())
    }

    fn note(&mut self, gathered: &Gathered) {
        for (recording, is_fact) in gathered.recordings() {
            let occurred_at = is_fact.then_some(recording.occurred_at);
            self.reach.note(recording.position, recording.recorded_at, occurred_at);
            self.read = self.read.max(recording.position.next().0);
            self.last_recorded_at = self.last_recorded_at.max(Some(recording.recorded_at));
        }
    }
}

/// How many events a core gathers at a time, so that each has as much to do as the others.
fn stretch(events: u64) -> usize {
    let (events, cores) = (usize::try_from(events).unwrap_or(usize::MAX), shared::cores());
    let rounds = events.div_ceil(STRETCH_MAX * cores).max(1);
    events.div_ceil(rounds * cores).max(STRETCH_MIN)
}

/// Gathers a stretch from each of the starts on, where there is room for each.
fn gather<'r>(
    starts: &[u64],
    stretch: usize,
    rooms: &'r [Mutex<Gathered>],
    log: &Log,
) -> Result<Vec<MutexGuard<'r, Gathered>>, LedgerError> {
    let stretches: Vec<_> = starts.iter().zip(rooms).collect();
    let gather =
        |(start, room): &(&u64, &Mutex<Gathered>)| log.gather(Position(**start), stretch, &mut lock(room));
    shared::map(&stretches, gather, |_| ()).into_iter().collect::<Result<(), _>>()?;
    Ok(stretches.into_iter().map(|(_, room)| lock(room)).collect())
}

/// Takes the events of a heap into the images of its accounts.
fn take(heap: &Heap, images: &mut Images, log: &Log) -> Result<(), LedgerError> {
    for gleaned in heap.events() {
        let image = if let Some(image) = images.get_mut(gleaned.account().map_err(ReadError::from)?) {
            image
        } else {
            let account = gleaned.account_id().map_err(ReadError::from)?;
            if account.is_ledger() {
                continue;
            }
            let events = usize::try_from(log.stream_len(&account)).unwrap_or_default();
            images.entry(account).or_insert_with(|| Image::with_room(events))
        };
        if let Some(event) = gleaned.event().map_err(ReadError::from)? {
            take_event(gleaned.recording(), &event, image, log)?;
        }
    }
    Ok(())
}

fn take_event(
    recording: Recording,
    event: &Event<Sealed>,
    image: &mut Image,
    log: &Log,
) -> Result<(), LedgerError> {
    let mut failed = None;
    let find = |source: &_, id: &_| {
        log.find(source, id).unwrap_or_else(|error| {
            failed = Some(error);
            None
        })
    };
    let taken = image.take(recording, event, find);
    failed.map_or(Ok(()), Err)?;
    taken.map_err(|source| LedgerError::Image { position: recording.position, source })
}
