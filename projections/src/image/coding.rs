//! The compact form of an image: for a cache beside the log, which may be thrown away at any time.
//!
//! Values stand one after the other, without names: whole numbers in groups of seven bits, times as differences
//! to those of the fact before, texts behind their length. It is no archive: only a program with the same
//! [`ENCODING`] reads it, and whoever keeps it sees to it that the bytes are those that were written.
//!
//! Decoding never panics, whatever the bytes; it takes memory in proportion to them; and what it gives holds the
//! invariants of an image.

mod matter;
mod names;
mod values;

use std::sync::Arc;

use super::blocks::Blocks;
use super::{Change, Image, Revision, Told};
use crate::fact::{Fact, Kind};
use crate::position::Position;
use crate::time::Timestamp;

/// What the compact form means: the form itself, and what facts are read of an event. Raised whenever either
/// changes, so that what an older program wrote is not taken for what this one would have read.
pub const ENCODING: u32 = 1;

/// A value with a compact form.
pub(crate) trait Coded: Sized {
    /// Appends the form.
    fn write(&self, into: &mut Vec<u8>);
    /// Takes the value from the front; `None` when the bytes are not one.
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

/// Bytes, read from the front.
pub(crate) struct Reader<'b> {
    bytes: &'b [u8],
    /// How many things of each kind the account has named, persons at the end: no number lies beyond.
    named: [u32; Kind::COUNT + 1],
    /// The times of the fact before.
    before: Before,
}

/// What the times of a fact are told relative to.
#[derive(Debug, Clone, Copy)]
struct Before {
    position: u64,
    recorded_at: i64,
    occurred_at: i64,
}

const FIRST: Before = Before { position: 0, recorded_at: 0, occurred_at: 0 };

impl Image {
    /// Appends the compact form. Cost: O(events).
    pub fn encode(&self, into: &mut Vec<u8>) {
        let Told { names, facts, by_time: _, revisions } = &*self.0;
        names.write(into);
        write_len(facts.len(), into);
        let mut before = FIRST;
        for fact in facts.iter() {
            write_fact(fact, &mut before, into);
        }
        write_len(revisions.len(), into);
        for revision in revisions {
            write_revision(revision, into);
        }
    }

    /// Takes an image from the front of the bytes and leaves the rest; `None` when there is none. Cost:
    /// O(events), without looking a single name up.
    pub fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let mut from = Reader { bytes, named: [0; Kind::COUNT + 1], before: FIRST };
        let names = names::read(&mut from)?;
        let facts = read_facts(&mut from)?;
        let revisions = read_list(&mut from, read_revision)?;
        if !revisions.is_sorted_by(|a, b| a.position < b.position) {
            return None;
        }
        let mut told = Told { names, facts, by_time: Vec::new(), revisions };
        told.sort();
        *bytes = from.bytes;
        Some(Self(Arc::new(told)))
    }
}

impl Told {
    /// Sorts the facts by time, as if they had been pushed one by one.
    fn sort(&mut self) {
        let facts = &self.facts;
        if !facts.iter().is_sorted_by_key(|fact| fact.occurred_at) {
            self.by_time = (0..u32::try_from(facts.len()).unwrap_or(u32::MAX)).collect();
            self.by_time.sort_by_key(|place| facts.get(*place as usize).map(|fact| fact.occurred_at));
        }
    }
}

fn write_fact(fact: &Fact, before: &mut Before, into: &mut Vec<u8>) {
    let Fact { position, occurred_at, recorded_at, scene, line, task, matter } = fact;
    let now =
        Before { position: position.0, recorded_at: recorded_at.micros(), occurred_at: occurred_at.micros() };
    write_number(now.position.wrapping_sub(before.position), into);
    write_signed(now.recorded_at - before.recorded_at, into);
    write_signed(now.occurred_at - before.occurred_at, into);
    *before = now;
    scene.write(into);
    line.write(into);
    task.write(into);
    matter.write(into);
}

fn read_fact(from: &mut Reader<'_>) -> Option<Fact> {
    let Before { position, recorded_at, occurred_at } = from.before;
    let now = Before {
        position: position.checked_add(from.number()?)?,
        recorded_at: recorded_at.checked_add(from.signed()?)?,
        occurred_at: occurred_at.checked_add(from.signed()?)?,
    };
    from.before = now;
    Some(Fact {
        position: Position(now.position),
        occurred_at: instant(now.occurred_at)?,
        recorded_at: instant(now.recorded_at)?,
        scene: Coded::read(from)?,
        line: Coded::read(from)?,
        task: Coded::read(from)?,
        matter: Coded::read(from)?,
    })
}

fn write_revision(revision: &Revision, into: &mut Vec<u8>) {
    let Revision { position, recorded_at, target, change } = revision;
    write_number(position.0, into);
    recorded_at.write(into);
    write_number(target.0, into);
    match change {
        Change::Retracted => into.push(0),
        Change::Corrected { time, fact } => {
            into.push(1);
            time.write(into);
            into.push(u8::from(fact.is_some()));
            if let Some(fact) = fact {
                write_fact(fact, &mut FIRST.clone(), into);
            }
        }
    }
}

fn read_revision(from: &mut Reader<'_>) -> Option<Revision> {
    let (position, recorded_at) = (Position(from.number()?), Timestamp::read(from)?);
    let target = Position(from.number()?);
    let change = match from.byte()? {
        0 => Change::Retracted,
        1 => {
            let time = Coded::read(from)?;
            from.before = FIRST;
            let fact = if bool::read(from)? { Some(Box::new(read_fact(from)?)) } else { None };
            Change::Corrected { time, fact }
        }
        _ => return None,
    };
    Some(Revision { position, recorded_at, target, change })
}

/// Reads the facts, which stand in the order of their positions, as they were recorded.
fn read_facts(from: &mut Reader<'_>) -> Option<Blocks<Fact>> {
    let len = read_len(from)?;
    Blocks::made(len, |before| {
        let fact = read_fact(from)?;
        let follows =
            |before: &Fact| before.position < fact.position && before.recorded_at <= fact.recorded_at;
        before.is_none_or(follows).then_some(fact)
    })
}

/// Reads how many items follow. Every item has a byte at least, so that no length takes more memory than a multiple of
/// the bytes that are left.
fn read_len(from: &mut Reader<'_>) -> Option<usize> {
    usize::try_from(from.number()?).ok().filter(|len| *len <= from.bytes.len())
}

fn read_list<T>(from: &mut Reader<'_>, read: impl Fn(&mut Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    let len = read_len(from)?;
    let mut items = Vec::with_capacity(len);
    for _ in 0..len {
        items.push(read(from)?);
    }
    Some(items)
}

fn instant(micros: i64) -> Option<Timestamp> {
    let instant = Timestamp::from_micros(micros);
    (instant.micros() == micros).then_some(instant)
}

fn write_len(len: usize, into: &mut Vec<u8>) {
    write_number(len as u64, into);
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn write_number(mut number: u64, into: &mut Vec<u8>) {
    while let Some(low) = u8::try_from(number & 0x7f).ok().filter(|_| number > 0x7f) {
        into.push(low | 0x80);
        number >>= 7;
    }
    into.push(u8::try_from(number).unwrap_or_default());
}

/// The sign in the lowest bit, so that small numbers are short on either side of 0.
fn write_signed(number: i64, into: &mut Vec<u8>) {
    write_number(((number << 1) ^ (number >> 63)).cast_unsigned(), into);
}

impl<'b> Reader<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*byte)
    }

    fn take(&mut self, len: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return None;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }
}

#[cfg(test)]
mod tests;
