//! What a fold knows of each thing, found by its number.

use super::Number;

/// A value for each thing of one kind that a fold has met.
///
/// Values stand in the order in which the fold first met their things. That order follows from the effective
/// history alone; the order of numbers does not, since numbers are given as events are recorded, those after T
/// included. So a sum over the values has the same bits whatever happened after T.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ByNumber<T, V> {
    /// By number: one more than the place in `values`; 0 for a thing that was not met.
    places: Vec<u32>,
    values: Vec<(Number<T>, V)>,
}

impl<T, V> Default for ByNumber<T, V> {
    fn default() -> Self {
        Self { places: Vec::new(), values: Vec::new() }
    }
}

impl<T, V: Default> ByNumber<T, V> {
    /// The value of a thing, a default one if it is new.
    #[expect(clippy::indexing_slicing, reason = "both lists were made long enough in the lines before")]
    pub(crate) fn entry(&mut self, number: Number<T>) -> &mut V {
        if self.places.len() <= number.place() {
            self.places.resize(number.place() + 1, 0);
        }
        if self.places[number.place()] == 0 {
            self.values.push((number, V::default()));
            // There are no more things than numbers, and numbers have 32 bits.
            self.places[number.place()] = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        }
        let place = self.places[number.place()] as usize - 1;
        &mut self.values[place].1
    }

    /// The value of a thing that was met.
    pub(crate) fn get(&self, number: Number<T>) -> Option<&V> {
        let place = (*self.places.get(number.place())? as usize).checked_sub(1)?;
        self.values.get(place).map(|(_, value)| value)
    }

    /// Every value, in the order in which their things were met.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> + Clone {
        self.values.iter().map(|(_, value)| value)
    }

    /// Every number with its value, in the same order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Number<T>, &V)> {
        self.values.iter().map(|(number, value)| (*number, value))
    }
}
