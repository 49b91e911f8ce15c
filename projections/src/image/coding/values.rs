//! The compact forms of the values that facts are made of.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::{Coded, Reader, instant, read_list, write_len, write_number, write_signed};
use crate::event::assessment::Dimension;
use crate::event::concession::ConcessionForm;
use crate::event::delivery::DeliveryOutcome;
use crate::event::feedback::{FavourForm, ReferenceForm};
use crate::event::issue::Severity;
use crate::event::meeting::Channel;
use crate::event::opportunity::ProjectOutcome;
use crate::event::payload::{Measure, Ratio, Side};
use crate::event::people::{ContactRole, ContactSide, TeamRole};
use crate::event::{Line, Scene};
use crate::fact::{Kind, Named, Number};
use crate::id::{AccountId, Criterion, ObjectiveId, PersonId, PlanId, TraitName};
use crate::money::{Amount, Currency, Money};
use crate::text::Label;
use crate::time::{Day, Timestamp, When};

macro_rules! words {
    ($($word:ty),+ $(,)?) => {$(
        impl Coded for $word {
            fn write(&self, into: &mut Vec<u8>) {
                into.push(*self as u8);
            }
            fn read(from: &mut Reader<'_>) -> Option<Self> {
                Self::ALL.get(usize::from(from.byte()?)).copied()
            }
        }
    )+};
}
words!(Scene, Line, Side, Channel, ContactSide, ContactRole, TeamRole, ProjectOutcome, DeliveryOutcome);
words!(ConcessionForm, FavourForm, ReferenceForm, Severity, Dimension);

macro_rules! texts {
    ($($text:ty),+ $(,)?) => {$(
        impl Coded for $text {
            fn write(&self, into: &mut Vec<u8>) {
                write_len(self.as_str().len(), into);
                into.extend_from_slice(self.as_str().as_bytes());
            }
            fn read(from: &mut Reader<'_>) -> Option<Self> {
                let len = usize::try_from(from.number()?).ok()?;
                Self::new(std::str::from_utf8(from.take(len)?).ok()?).ok()
            }
        }
    )+};
}
texts!(AccountId, Criterion, ObjectiveId, PlanId, TraitName, Label);

macro_rules! floats {
    ($($float:ty),+) => {$(
        impl Coded for $float {
            fn write(&self, into: &mut Vec<u8>) {
                self.get().write(into);
            }
            fn read(from: &mut Reader<'_>) -> Option<Self> {
                Self::try_from(f64::read(from)?).ok()
            }
        }
    )+};
}
floats!(Ratio, Measure);

impl Coded for f64 {
    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.to_bits().to_le_bytes());
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self::from_bits(u64::from_le_bytes(from.array()?)))
    }
}

impl Coded for bool {
    fn write(&self, into: &mut Vec<u8>) {
        into.push(u8::from(*self));
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Coded for u8 {
    fn write(&self, into: &mut Vec<u8>) {
        into.push(*self);
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.byte()
    }
}

impl Coded for u32 {
    fn write(&self, into: &mut Vec<u8>) {
        write_number(u64::from(*self), into);
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::try_from(from.number()?).ok()
    }
}

impl<T: Named> Coded for Number<T> {
    fn write(&self, into: &mut Vec<u8>) {
        write_len(self.place(), into);
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        number(from, T::KIND as usize)
    }
}

impl Coded for Number<PersonId> {
    fn write(&self, into: &mut Vec<u8>) {
        write_len(self.place(), into);
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        number(from, Kind::COUNT)
    }
}

/// A number of a thing that the account has named.
fn number<T>(from: &mut Reader<'_>, kind: usize) -> Option<Number<T>> {
    let place = from.number()?;
    let named = *from.named.get(kind)?;
    Number::at(usize::try_from(place).ok().filter(|_| place < u64::from(named))?)
}

impl Coded for PersonId {
    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self(from.array()?))
    }
}

impl Coded for Currency {
    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(self.as_str().as_bytes());
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::new(std::str::from_utf8(&from.array::<3>()?).ok()?).ok()
    }
}

impl Coded for Money {
    fn write(&self, into: &mut Vec<u8>) {
        self.currency.write(into);
        let (digits, scale) = self.amount.parts();
        // The lowest 64 bits hold every amount of daily business; the rest says how many there are above.
        into.push(scale);
        write_number(u64::try_from(digits >> 63).unwrap_or_default(), into);
        write_number(u64::try_from(digits & LOW).unwrap_or_default(), into);
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let currency = Currency::read(from)?;
        let scale = from.byte()?;
        let digits = u128::from(from.number()?) << 63 | u128::from(from.number()?) & LOW;
        Some(Self { amount: Amount::of_parts(digits, scale)?, currency })
    }
}

const LOW: u128 = (1 << 63) - 1;

impl Coded for Timestamp {
    fn write(&self, into: &mut Vec<u8>) {
        write_signed(self.micros(), into);
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        instant(from.signed()?)
    }
}

impl Coded for When {
    fn write(&self, into: &mut Vec<u8>) {
        match self {
            Self::Day(day) => {
                into.push(0);
                write_signed(i64::from(day.date().num_days_from_ce()), into);
            }
            Self::At(instant) => {
                into.push(1);
                instant.write(into);
            }
        }
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => {
                let days = i32::try_from(from.signed()?).ok()?;
                NaiveDate::from_num_days_from_ce_opt(days).map(Day::new).map(Self::Day)
            }
            1 => Timestamp::read(from).map(Self::At),
            _ => None,
        }
    }
}

impl<T: Coded> Coded for Option<T> {
    fn write(&self, into: &mut Vec<u8>) {
        into.push(u8::from(self.is_some()));
        if let Some(value) = self {
            value.write(into);
        }
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        if bool::read(from)? { T::read(from).map(Some) } else { Some(None) }
    }
}

impl<T: Coded> Coded for Box<T> {
    fn write(&self, into: &mut Vec<u8>) {
        T::write(self, into);
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        T::read(from).map(Self::new)
    }
}

impl<T: Coded> Coded for Box<[T]> {
    fn write(&self, into: &mut Vec<u8>) {
        write_len(self.len(), into);
        for item in &**self {
            item.write(into);
        }
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        read_list(from, T::read).map(Vec::into_boxed_slice)
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn write(&self, into: &mut Vec<u8>) {
        write_len(self.len(), into);
        for item in self {
            item.write(into);
        }
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        read_list(from, T::read)
    }
}

impl<K: Coded + Ord, V: Coded> Coded for BTreeMap<K, V> {
    fn write(&self, into: &mut Vec<u8>) {
        write_len(self.len(), into);
        for (key, value) in self {
            key.write(into);
            value.write(into);
        }
    }
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let pairs = read_list(from, |from| Some((K::read(from)?, V::read(from)?)))?;
        Some(pairs.into_iter().collect())
    }
}
