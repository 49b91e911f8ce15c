//! What a fold knows of each thing, found by its number.

use super::Number;

/// A value for each thing of one kind. Memory: one value up to the highest number asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ByNumber<T, V> {
    values: Vec<V>,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T, V> Default for ByNumber<T, V> {
    fn default() -> Self {
        Self { values: Vec::new(), of: std::marker::PhantomData }
    }
}

impl<T, V: Default + Clone> ByNumber<T, V> {
    /// The value of a thing, a default one if it is new.
    #[expect(clippy::indexing_slicing, reason = "the list was made long enough in the line before")]
    pub(crate) fn entry(&mut self, number: Number<T>) -> &mut V {
        if self.values.len() <= number.place() {
            self.values.resize(number.place() + 1, V::default());
        }
        &mut self.values[number.place()]
    }

    /// The value of a thing, if it or a later one was asked for before.
    pub(crate) fn get(&self, number: Number<T>) -> Option<&V> {
        self.values.get(number.place())
    }

    /// Every value, in the order of numbers.
    pub(crate) fn values(&self) -> std::slice::Iter<'_, V> {
        self.values.iter()
    }

    /// Every number with its value.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Number<T>, &V)> {
        self.values.iter().enumerate().filter_map(|(place, value)| Some((Number::at(place)?, value)))
    }
}
