//! Numbers in place of names.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A thing of one account, by the order in which its events first named things of that kind.
///
/// Assigned by [`Names`](super::Names), from 0 upwards without gaps; meaningless outside its account.
pub struct Number<T> {
    /// One more than the place, so that `Option<Number>` has no further bytes.
    one_based: NonZeroU32,
    of: PhantomData<fn() -> T>,
}

impl<T> Number<T> {
    /// The number of the thing at a place of its list; `None` beyond 4 thousand million.
    pub fn at(place: usize) -> Option<Self> {
        let one_based = u32::try_from(place).ok()?.checked_add(1)?;
        Some(Self { one_based: NonZeroU32::new(one_based)?, of: PhantomData })
    }

    /// Its place in the list of its kind.
    pub fn place(self) -> usize {
        self.one_based.get() as usize - 1
    }
}

impl<T> Clone for Number<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Number<T> {}

impl<T> PartialEq for Number<T> {
    fn eq(&self, other: &Self) -> bool {
        self.one_based == other.one_based
    }
}

impl<T> Eq for Number<T> {}

impl<T> PartialOrd for Number<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Number<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.one_based.cmp(&other.one_based)
    }
}

impl<T> fmt::Debug for Number<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.place())
    }
}

impl<T> Serialize for Number<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.one_based.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Number<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { one_based: NonZeroU32::deserialize(deserializer)?, of: PhantomData })
    }
}
