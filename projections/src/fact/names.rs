//! The names behind the numbers of one account.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use serde::Serialize;
use std::hash::BuildHasher as _;
use std::ops::Range;

use super::Number;
use crate::id::{
    BidId, CommitmentId, ConcessionId, ContractId, Criterion, DeliveryId, InvoiceId, IssueId, NeedId,
    ObjectiveId, OpportunityId, OrderId, PersonId, PlanId, ProjectId, TaskId,
};

/// A kind of thing that events name by an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An offer.
    Bid,
    /// A chance of business.
    Opportunity,
    /// A project.
    Project,
    /// A contract.
    Contract,
    /// An order.
    Order,
    /// An invoice.
    Invoice,
    /// A promise.
    Commitment,
    /// An issue.
    Issue,
    /// An objective of a plan.
    Objective,
    /// A delivery.
    Delivery,
    /// A concession.
    Concession,
    /// A need.
    Need,
    /// A plan.
    Plan,
    /// A core task.
    Task,
    /// A criterion that the account judges suppliers by.
    Criterion,
}

impl Kind {
    /// How many kinds there are.
    pub(crate) const COUNT: usize = 15;

    /// The word in answers, such as `bid`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bid => "bid",
            Self::Opportunity => "opportunity",
            Self::Project => "project",
            Self::Contract => "contract",
            Self::Order => "order",
            Self::Invoice => "invoice",
            Self::Commitment => "commitment",
            Self::Issue => "issue",
            Self::Objective => "objective",
            Self::Delivery => "delivery",
            Self::Concession => "concession",
            Self::Need => "need",
            Self::Plan => "plan",
            Self::Task => "task",
            Self::Criterion => "criterion",
        }
    }
}

/// An identifier that is kept as a [`Number`].
pub trait Named: Sized {
    /// What it names.
    const KIND: Kind;

    /// The identifier as text.
    fn text(&self) -> &str;
}

macro_rules! named {
    ($($id:ident $kind:ident,)+) => {$(
        impl Named for $id {
            const KIND: Kind = Kind::$kind;
            fn text(&self) -> &str {
                self.as_str()
            }
        }
    )+};
}

named! {
    BidId Bid, OpportunityId Opportunity, ProjectId Project, ContractId Contract, OrderId Order, InvoiceId Invoice,
    CommitmentId Commitment, IssueId Issue, ObjectiveId Objective, DeliveryId Delivery, ConcessionId Concession,
    NeedId Need, PlanId Plan, TaskId Task, Criterion Criterion,
}

/// Up to so many names of a kind are found by looking through them: most accounts have no more, and a table of its own
/// for each kind would cost more than it saves.
const LOOKED_THROUGH: u32 = 16;

/// The identifiers that one account's events use, each with its number.
///
/// Memory: the bytes of the identifiers, and about ten bytes for each. Numbers once given never change.
#[derive(Debug, Clone, Default)]
pub struct Names {
    texts: [Texts; Kind::COUNT],
    persons: Persons,
}

/// The identifiers of one kind, one after the other.
#[derive(Debug, Clone, Default)]
struct Texts {
    bytes: String,
    /// Where each ends.
    ends: Vec<u32>,
    /// Places by hash of the text, once there are many; behind `ends` by what was added since a name was looked up.
    places: HashTable<u32>,
}

#[derive(Debug, Clone, Default)]
struct Persons {
    persons: Vec<PersonId>,
    /// As in [`Texts`].
    places: HashTable<u32>,
}

impl Names {
    /// The number of a thing, a new one if it was never named. `None` only when the account has named more than
    /// four thousand million bytes of such things.
    pub fn number<T: Named>(&mut self, id: &T) -> Option<Number<T>> {
        let texts = self.texts.get_mut(T::KIND as usize)?;
        Number::at(texts.place(id.text())?)
    }

    /// The number of a person, a new one if they were never named. `None` as for [`Names::number`].
    pub fn person_number(&mut self, person: PersonId) -> Option<Number<PersonId>> {
        Number::at(self.persons.place(person)?)
    }

    /// The identifier behind a number; empty for one of another account.
    pub fn text<T: Named>(&self, number: Number<T>) -> &str {
        self.texts.get(T::KIND as usize).and_then(|texts| texts.get(number.place())).unwrap_or_default()
    }

    /// The person behind a number; `None` for one of another account.
    pub fn person(&self, number: Number<PersonId>) -> Option<PersonId> {
        self.persons.persons.get(number.place()).copied()
    }

    /// The identifiers of a kind: how long each is, and all of them one after the other.
    pub(crate) fn parts(&self, kind: usize) -> (impl ExactSizeIterator<Item = usize> + '_, &str) {
        let (ends, bytes) =
            self.texts.get(kind).map_or((&[][..], ""), |texts| (texts.ends.as_slice(), texts.bytes.as_str()));
        let mut start = 0;
        let length = move |end: &u32| {
            let length = *end as usize - start;
            start = *end as usize;
            length
        };
        (ends.iter().map(length), bytes)
    }

    /// Puts back what [`Names::parts`] gave; `None` when the lengths cut a character in two or are too long.
    pub(crate) fn set_parts(&mut self, kind: usize, lengths: &[usize], bytes: &str) -> Option<()> {
        let texts = self.texts.get_mut(kind)?;
        let mut end = 0;
        texts.ends = Vec::with_capacity(lengths.len());
        for length in lengths {
            end += length;
            texts.ends.push(u32::try_from(end).ok().filter(|_| bytes.is_char_boundary(end))?);
        }
        bytes.clone_into(&mut texts.bytes);
        Some(())
    }

    /// Every person, in the order of their numbers.
    pub(crate) fn persons(&self) -> &[PersonId] {
        &self.persons.persons
    }

    /// Puts back what [`Names::persons`] gave.
    pub(crate) fn set_persons(&mut self, persons: Vec<PersonId>) {
        self.persons.persons = persons;
    }
}

impl Texts {
    fn get(&self, place: usize) -> Option<&str> {
        get(&self.bytes, &self.ends, place)
    }

    fn place(&mut self, text: &str) -> Option<usize> {
        let Self { bytes, ends, places } = self;
        let count = ends.len();
        let text_bytes = text.as_bytes();
        let is = |place: u32| {
            let known = range(ends, place as usize).and_then(|range| bytes.as_bytes().get(range));
            // Most differ in length already, and nearly all others in the last character: they are numbered.
            known.is_some_and(|known| {
                known.len() == text_bytes.len() && known.last() == text_bytes.last() && known == text_bytes
            })
        };
        let hash = |place: u32| get(bytes, ends, place as usize).map(hash_of).unwrap_or_default();
        if let Some(place) = find(places, count, || hash_of(text), is, hash) {
            return Some(place as usize);
        }
        let place = u32::try_from(count).ok()?;
        ends.push(u32::try_from(bytes.len().checked_add(text.len())?).ok()?);
        bytes.push_str(text);
        Some(place as usize)
    }
}

fn get<'t>(bytes: &'t str, ends: &[u32], place: usize) -> Option<&'t str> {
    bytes.get(range(ends, place)?)
}

fn range(ends: &[u32], place: usize) -> Option<Range<usize>> {
    let end = *ends.get(place)? as usize;
    let start = place.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| *end as usize);
    Some(start..end)
}

impl Persons {
    fn place(&mut self, person: PersonId) -> Option<usize> {
        let Self { persons, places } = self;
        let at = |place: u32| persons.get(place as usize);
        let is = |place| at(place) == Some(&person);
        let hash = |place| at(place).map(hash_of).unwrap_or_default();
        if let Some(place) = find(places, persons.len(), || hash_of(person), is, hash) {
            return Some(place as usize);
        }
        let place = u32::try_from(persons.len()).ok()?;
        persons.push(person);
        Some(place as usize)
    }
}

/// Finds a name among `count`. Few are looked through, the newest first: events come back to what was named lately. Of
/// many, those that the table does not have yet are entered first: names that were read from the cache are looked up
/// only when one is added.
fn find(
    places: &mut HashTable<u32>,
    count: usize,
    wanted: impl FnOnce() -> u64,
    is: impl Fn(u32) -> bool,
    hash: impl Fn(u32) -> u64,
) -> Option<u32> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if count <= LOOKED_THROUGH {
        return (0..count).rev().find(|place| is(*place));
    }
    for place in u32::try_from(places.len()).unwrap_or(u32::MAX)..count {
        places.insert_unique(hash(place), place, |place| hash(*place));
    }
    places.find(wanted(), |place| is(*place)).copied()
}

fn hash_of(name: impl std::hash::Hash) -> u64 {
    FixedState::default().hash_one(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_numbers() {
        let mut names = Names::default();
        let order = |text: &str| OrderId::new(text).unwrap();
        let numbers: Vec<_> =
            ["a", "关系", "a", "b"].map(|text| names.number(&order(text)).unwrap().place()).into();
        assert_eq!(numbers, [0, 1, 0, 2]);
        assert_eq!(
            names.number(&BidId::new("b").unwrap()).unwrap().place(),
            0,
            "each kind counts for itself"
        );
        assert_eq!(names.text(Number::<OrderId>::at(1).unwrap()), "关系");
        let person = PersonId([7; 16]);
        let number = names.person_number(person).unwrap();
        assert_eq!((number.place(), names.person(number)), (0, Some(person)));
    }

    #[test]
    fn many_names_are_found_again() {
        let mut names = Names::default();
        let order = |n: usize| OrderId::new(format!("o{n}")).unwrap();
        for n in (0..5_000).chain(0..5_000) {
            assert_eq!(names.number(&order(n)).unwrap().place(), n);
        }
    }
}
