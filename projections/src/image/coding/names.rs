//! Names: the identifiers of each kind, one after the other, then the persons.

use super::{Coded, Reader, read_list, write_len};
use crate::fact::{Kind, Names};
use crate::id::PersonId;

impl Names {
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        for kind in 0..Kind::COUNT {
            let (lengths, bytes) = self.parts(kind);
            write_len(lengths.len(), into);
            for length in lengths {
                write_len(length, into);
            }
            into.extend_from_slice(bytes.as_bytes());
        }
        write_len(self.persons().len(), into);
        for person in self.persons() {
            into.extend_from_slice(&person.0);
        }
    }
}

/// Reads the names, and tells the reader how many there are.
pub(super) fn read(from: &mut Reader<'_>) -> Option<Names> {
    let mut names = Names::default();
    for kind in 0..Kind::COUNT {
        let lengths = read_list(from, |from| usize::try_from(from.number()?).ok())?;
        let total = lengths.iter().try_fold(0_usize, |total, length| total.checked_add(*length))?;
        let bytes = std::str::from_utf8(from.take(total)?).ok()?;
        *from.named.get_mut(kind)? = u32::try_from(lengths.len()).ok()?;
        names.set_parts(kind, &lengths, bytes)?;
    }
    let persons = read_list(from, PersonId::read)?;
    *from.named.get_mut(Kind::COUNT)? = u32::try_from(persons.len()).ok()?;
    names.set_persons(persons);
    Some(names)
}
