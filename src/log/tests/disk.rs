//! A disk in memory that does to unsynced writes what real ones do.

use std::io;
use std::sync::{Arc, Mutex};

use redb::StorageBackend;

use super::Dice;
use crate::log::Storage;

/// What happens at the chosen sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Power fails: some unsynced writes are lost, some torn, in any order; then nothing works any more.
    PowerLoss,
    /// The sync reports an error, and nothing of it was written. The disk works on.
    FailedNotPersisted,
    /// The sync reports an error, though everything was written. The disk works on.
    FailedPersisted,
}

#[derive(Debug, Clone)]
enum Pending {
    Write { offset: usize, data: Vec<u8> },
    Resize(usize),
}

impl Pending {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Resize(len) => bytes.resize(*len, 0),
            Self::Write { offset, data } => {
                let end = offset + data.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*offset..end].copy_from_slice(data);
            }
        }
    }

    /// Keeps only some sectors of a write.
    fn torn(&self, dice: &mut Dice) -> Vec<Self> {
        const SECTOR: usize = 512;
        match self {
            Self::Resize(_) => vec![self.clone()],
            Self::Write { offset, data } => data
                .chunks(SECTOR)
                .enumerate()
                .filter(|_| dice.chance(50))
                .map(|(n, part)| Self::Write { offset: offset + n * SECTOR, data: part.to_vec() })
                .collect(),
        }
    }
}

#[derive(Debug, Default)]
struct Platter {
    /// What survives a power loss.
    durable: Vec<u8>,
    /// What readers see.
    current: Vec<u8>,
    pending: Vec<Pending>,
    syncs: u64,
    /// At which sync what happens.
    fault: Option<(u64, Fault)>,
    dead: bool,
    /// Syncs report success and do nothing.
    lying: bool,
    dice: Option<Dice>,
}

/// A disk; clones are the same disk.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk(Arc<Mutex<Platter>>);

impl Disk {
    pub(super) fn with_bytes(bytes: Vec<u8>) -> Self {
        let disk = Self::default();
        disk.with(|platter| {
            platter.durable.clone_from(&bytes);
            platter.current = bytes;
        });
        disk
    }

    fn with<T>(&self, with: impl FnOnce(&mut Platter) -> T) -> T {
        with(&mut self.0.lock().unwrap())
    }

    pub(super) fn storage(&self) -> Storage {
        let disk = self.clone();
        Storage::Backend(Arc::new(move || Box::new(disk.clone())))
    }

    /// Plans a fault at the `nth` sync from now on (0 is the next one).
    pub(super) fn plan(&self, nth: u64, fault: Fault, seed: u64) {
        self.with(|platter| {
            platter.fault = Some((platter.syncs + nth, fault));
            platter.dice = Some(Dice(seed));
        });
    }

    pub(super) fn forget_plan(&self) {
        self.with(|platter| platter.fault = None);
    }

    /// From now on syncs lie.
    pub(super) fn lie(&self) {
        self.with(|platter| platter.lying = true);
    }

    pub(super) fn is_dead(&self) -> bool {
        self.with(|platter| platter.dead)
    }

    pub(super) fn syncs(&self) -> u64 {
        self.with(|platter| platter.syncs)
    }

    /// What is on the disk after the machine starts again.
    pub(super) fn bytes_after_restart(&self) -> Vec<u8> {
        self.with(|platter| platter.durable.clone())
    }

    /// Power fails now.
    pub(super) fn cut_power(&self, seed: u64) {
        self.with(|platter| {
            platter.dice = Some(Dice(seed));
            platter.lose_power();
        });
    }
}

impl Platter {
    fn alive(&self) -> io::Result<()> {
        if self.dead { Err(io::Error::other("the power is off")) } else { Ok(()) }
    }

    fn change(&mut self, pending: Pending) -> io::Result<()> {
        self.alive()?;
        pending.apply(&mut self.current);
        self.pending.push(pending);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.alive()?;
        let planned = self.fault.filter(|(at, _)| *at == self.syncs).map(|(_, fault)| fault);
        self.syncs += 1;
        match planned {
            Some(Fault::PowerLoss) => {
                self.lose_power();
                self.alive()
            }
            Some(Fault::FailedNotPersisted) => {
                self.current = self.durable.clone();
                self.pending.clear();
                Err(io::Error::other("the disk reports an error"))
            }
            Some(Fault::FailedPersisted) => {
                self.persist();
                Err(io::Error::other("the disk reports an error"))
            }
            None if self.lying => Ok(()),
            None => {
                self.persist();
                Ok(())
            }
        }
    }

    fn persist(&mut self) {
        for pending in self.pending.drain(..) {
            pending.apply(&mut self.durable);
        }
    }

    /// Any subset of the unsynced writes reaches the platter, in any order, some of them torn.
    fn lose_power(&mut self) {
        let mut dice = self.dice.clone().unwrap_or(Dice(0));
        let keep = [0, 20, 50, 80, 100][usize::try_from(dice.below(5)).unwrap()];
        let mut survivors: Vec<Pending> = Vec::new();
        for pending in self.pending.drain(..) {
            if !dice.chance(keep) {
                continue;
            }
            if dice.chance(30) { survivors.extend(pending.torn(&mut dice)) } else { survivors.push(pending) }
        }
        if dice.chance(50) {
            for at in (1..survivors.len()).rev() {
                survivors.swap(at, usize::try_from(dice.below(at as u64 + 1)).unwrap());
            }
        }
        for pending in survivors {
            pending.apply(&mut self.durable);
        }
        self.dead = true;
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.with(|platter| platter.alive().map(|()| platter.current.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.with(|platter| {
            platter.alive()?;
            let start = usize::try_from(offset).map_err(io::Error::other)?;
            let bytes = platter.current.get(start..start + out.len());
            out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let len = usize::try_from(len).map_err(io::Error::other)?;
        self.with(|platter| platter.change(Pending::Resize(len)))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.with(Platter::sync)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let offset = usize::try_from(offset).map_err(io::Error::other)?;
        self.with(|platter| platter.change(Pending::Write { offset, data: data.to_vec() }))
    }
}
