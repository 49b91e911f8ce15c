//! How each kind of value is stored in a body, once for all shapes.
//!
//! | value | stored as |
//! |---|---|
//! | identifier, label, currency, amount, closed word | text, as on the wire |
//! | money | text, `12500.00 CNY` |
//! | person | 16 bytes |
//! | sealed text | bytes |
//! | instant | whole microseconds since 1970 |
//! | date or instant | text `2026-03-02`, or whole microseconds |
//! | ratio, score, coefficient | 64-bit float |
//! | absent | nil |
//!
//! These are as frozen as the shapes made of them: another way to store a value is another type here, used by
//! the next version of a shape.

use std::collections::BTreeMap;

use guanxi_projections::event::assessment::Dimension;
use guanxi_projections::event::concession::ConcessionForm;
use guanxi_projections::event::delivery::DeliveryOutcome;
use guanxi_projections::event::feedback::{FavourForm, ReferenceForm};
use guanxi_projections::event::issue::Severity;
use guanxi_projections::event::meeting::Channel;
use guanxi_projections::event::opportunity::ProjectOutcome;
use guanxi_projections::event::own::ListRule;
use guanxi_projections::event::payload::{Csat, Hours, Measure, Minutes, Nps, Ratio, Side};
use guanxi_projections::event::people::{ContactRole, ContactSide, TeamRole};
use guanxi_projections::event::{Line, Scene};
use guanxi_projections::form::{Note, Particular, Person, Sealed};
use guanxi_projections::id::{
    AccountId, BidId, CommitmentId, ConcessionId, ContractId, Criterion, DeliveryId, EventId, InvoiceId,
    IssueId, NeedId, ObjectiveId, OpportunityId, OrderId, PersonId, PlanId, ProjectId, Source, TaskId,
    TraitName,
};
use guanxi_projections::money::{Amount, Currency, Money};
use guanxi_projections::text::{FreeText, Label, PolicyText, SealedText};
use guanxi_projections::time::{Timestamp, When};

use super::envelope::instant;
use super::pack::{Fault, Reader, Reason, Writer};

/// A value that has a stored form.
pub(super) trait Stored: Sized {
    /// Appends the stored form.
    fn write(&self, into: &mut Writer);
    /// Reads the stored form back.
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault>;
    /// What a field means that an older writer did not know; `None`: the field is required.
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads the value of a named field, which may stand only once.
pub(super) fn fill<T: Stored>(slot: &mut Option<T>, name: &str, from: &mut Reader<'_>) -> Result<(), Fault> {
    if slot.is_some() {
        return Err(Fault::from(Reason::Twice).inside(name));
    }
    *slot = Some(T::read(from).map_err(|fault| fault.inside(name))?);
    Ok(())
}

/// The value of a field after the whole map was read.
pub(super) fn filled<T: Stored>(slot: Option<T>, name: &str) -> Result<T, Fault> {
    slot.or_else(T::absent).ok_or_else(|| Fault::from(Reason::Missing).inside(name))
}

fn invalid(reason: impl std::fmt::Display) -> Fault {
    Reason::Invalid(reason.to_string()).into()
}

macro_rules! texts {
    ($($type:ty),+ $(,)?) => {$(
        impl Stored for $type {
            fn write(&self, into: &mut Writer) {
                into.text(self.as_str());
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
                let text = from.text()?;
                Self::new(text).map_err(|reason| invalid(format!("it {reason}")))
            }
        }
    )+};
}
texts!(
    AccountId,
    Source,
    EventId,
    BidId,
    OpportunityId,
    ProjectId,
    ContractId,
    OrderId,
    InvoiceId,
    DeliveryId
);
texts!(ConcessionId, CommitmentId, IssueId, NeedId, PlanId, ObjectiveId, TaskId, Criterion, TraitName);
texts!(Label, FreeText, PolicyText);

macro_rules! closed_words {
    ($($type:ty),+ $(,)?) => {$(
        impl Stored for $type {
            fn write(&self, into: &mut Writer) {
                into.text(self.as_str());
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
                let text = from.text()?;
                let known = Self::ALL.iter().copied().find(|word| word.as_str() == text);
                known.ok_or_else(|| invalid("it is not one of the words of its list"))
            }
        }
    )+};
}
closed_words!(Dimension, ConcessionForm, DeliveryOutcome, FavourForm, ReferenceForm, Severity, Channel);
closed_words!(ProjectOutcome, ListRule, Side, ContactRole, ContactSide, TeamRole, Line, Scene);

macro_rules! printed {
    ($($type:ty: $read:expr),+ $(,)?) => {$(
        impl Stored for $type {
            fn write(&self, into: &mut Writer) {
                into.text(&self.to_string());
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
                $read(from.text()?).map_err(invalid)
            }
        }
    )+};
}
printed!(Money: str::parse::<Money>, Amount: Amount::new, Currency: Currency::new);

macro_rules! whole_numbers {
    ($($type:ty as $inner:ty: $into:expr, $back:expr;)+) => {$(
        impl Stored for $type {
            fn write(&self, into: &mut Writer) {
                into.uint(u64::from($into(*self)));
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
                let number = <$inner>::try_from(from.uint()?).map_err(|_| invalid("it is too large"))?;
                $back(number).map_err(invalid)
            }
        }
    )+};
}
whole_numbers! {
    u16 as u16: u16::from, Ok::<u16, String>;
    u32 as u32: u32::from, Ok::<u32, String>;
    u64 as u64: u64::from, Ok::<u64, String>;
    Csat as u8: Csat::get, Csat::try_from;
    Nps as u8: Nps::get, Nps::try_from;
    Minutes as u32: Minutes::get, Minutes::try_from;
}

macro_rules! floats {
    ($($type:ty: $into:expr, $back:expr;)+) => {$(
        impl Stored for $type {
            fn write(&self, into: &mut Writer) {
                into.float($into(*self));
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
                $back(from.float()?).map_err(invalid)
            }
        }
    )+};
}
floats! {
    f64: f64::from, Ok::<f64, String>;
    Ratio: Ratio::get, Ratio::try_from;
    Hours: Hours::get, Hours::try_from;
    Measure: Measure::get, Measure::try_from;
}

impl Stored for bool {
    fn write(&self, into: &mut Writer) {
        into.bool(*self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        Ok(from.bool()?)
    }
}

impl Stored for String {
    fn write(&self, into: &mut Writer) {
        into.text(self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        Ok(from.text()?.to_owned())
    }
}

impl Stored for Timestamp {
    fn write(&self, into: &mut Writer) {
        into.int(self.micros());
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        Ok(instant(from)?)
    }
}

impl Stored for When {
    fn write(&self, into: &mut Writer) {
        match self {
            Self::Day(day) => into.text(&day.to_string()),
            Self::At(instant) => instant.write(into),
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        if from.next_is_text() {
            from.text()?.parse().map(Self::Day).map_err(invalid)
        } else {
            let kind = |reason| {
                if matches!(reason, Reason::NotA(_)) { Reason::NotA("a date or an instant") } else { reason }
            };
            Ok(Self::At(instant(from).map_err(kind)?))
        }
    }
}

impl Stored for Person<Sealed> {
    fn write(&self, into: &mut Writer) {
        into.bytes(&self.0.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        let bytes = from.bytes()?;
        let id = bytes.try_into().map_err(|_| Reason::NotA("a pseudonym of 16 bytes"))?;
        Ok(Self(PersonId(id)))
    }
}

impl Stored for SealedText {
    fn write(&self, into: &mut Writer) {
        into.bytes(self.bytes());
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        Ok(Self::new(from.sealed_text()?.to_vec()))
    }
}

macro_rules! sealed_texts {
    ($($type:ident),+) => {$(
        impl Stored for $type<Sealed> {
            fn write(&self, into: &mut Writer) {
                self.0.write(into);
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
                SealedText::read(from).map($type)
            }
        }
    )+};
}
sealed_texts!(Note, Particular);

impl<T: Stored> Stored for Option<T> {
    fn write(&self, into: &mut Writer) {
        match self {
            Some(value) => value.write(into),
            None => into.nil(),
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        if from.take_nil() { Ok(None) } else { T::read(from).map(Some) }
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Stored> Stored for Vec<T> {
    fn write(&self, into: &mut Writer) {
        into.list(self.len());
        for value in self {
            value.write(into);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        let len = from.list()?;
        let mut values = Self::new();
        for index in 0..len {
            values.push(T::read(from).map_err(|fault| fault.inside(&index.to_string()))?);
        }
        Ok(values)
    }
}

impl Stored for [u32; 2] {
    fn write(&self, into: &mut Writer) {
        into.list(2);
        for number in self {
            number.write(into);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        match from.list()? {
            2 => Ok([u32::read(from)?, u32::read(from)?]),
            _ => Err(Reason::NotA("a list of two counts").into()),
        }
    }
}

impl<K: Stored + Ord, V: Stored> Stored for BTreeMap<K, V> {
    fn write(&self, into: &mut Writer) {
        into.map(self.len());
        for (key, value) in self {
            key.write(into);
            value.write(into);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Fault> {
        let len = from.map()?;
        let mut map = Self::new();
        for index in 0..len {
            let inside = |fault: Fault| fault.inside(&index.to_string());
            let key = K::read(from).map_err(inside)?;
            if map.insert(key, V::read(from).map_err(inside)?).is_some() {
                return Err(inside(Reason::Twice.into()));
            }
        }
        Ok(map)
    }
}
