//! The events behind the lines of a list.

use super::{ByNumber, EventRef, Number};

/// Events by the thing that they are about. Kept in one row: many read a figure off a fold, and few its lines.
#[derive(Debug, Clone)]
pub(crate) struct Trail<T>(Vec<(Number<T>, EventRef)>);

impl<T> Default for Trail<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Trail<T> {
    pub(crate) fn add(&mut self, thing: Number<T>, event: EventRef) {
        self.0.push((thing, event));
    }

    /// The events about each thing, in the order in which they were added. Cost: O(events).
    pub(crate) fn by_thing(&self) -> ByNumber<T, Vec<EventRef>> {
        let mut events = ByNumber::<T, Vec<EventRef>>::default();
        self.0.iter().for_each(|(thing, event)| events.entry(*thing).push(*event));
        events
    }
}
