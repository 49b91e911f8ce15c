//! The past: one account's history up to an instant, for code that must not see what came after.
//!
//! Fits and scores that are to be tested on what happened next are given a [`Past`] and no image. There is no way
//! from it to a later fact: it can be cut shorter, never longer.

use serde::Serialize;

use crate::fact::Fact;
use crate::image::Image;
use crate::time::Timestamp;

/// Which of the two axes of time says what was known at a cut-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Everything that had occurred by the cut-off, with all that was recorded by K, later corrections included.
    #[default]
    Occurred,
    /// What had been recorded by the cut-off itself. History that was imported later does not exist there.
    AsKnown,
}

/// What one account's stream says up to an instant.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    image: &'a Image,
    until: Timestamp,
    known_at: Timestamp,
    clock: Clock,
}

impl<'a> Past<'a> {
    /// The history up to `until`, that instant included, as known at `known_at` at the latest.
    pub fn new(image: &'a Image, until: Timestamp, known_at: Timestamp, clock: Clock) -> Self {
        let known_at = match clock {
            Clock::Occurred => known_at,
            Clock::AsKnown => known_at.min(until),
        };
        Self { image, until, known_at, clock }
    }

    /// The same history up to an earlier instant; a later one changes nothing.
    #[must_use]
    pub fn cut(&self, until: Timestamp) -> Self {
        Self::new(self.image, until.min(self.until), self.known_at, self.clock)
    }

    /// The last instant that it reaches.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Hands out its facts in the order (occurred at, position).
    pub(crate) fn visit(&self, visit: impl FnMut(&Fact)) {
        self.image.visit(self.until, self.known_at, visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{Story, at};

    fn count(past: Past<'_>) -> usize {
        let mut count = 0;
        past.visit(|_| count += 1);
        count
    }

    #[test]
    fn a_past_is_never_cut_longer() {
        let mut story = Story::default();
        story.opened(at("2026-01-01")).order(at("2026-02-01"), "a", "1").order(at("2026-03-01"), "b", "1");
        let image = story.image();
        let past = Past::new(&image, at("2026-02-01"), Timestamp::MAX, Clock::Occurred);
        assert_eq!(count(past), 2);
        assert_eq!(count(past.cut(at("2026-01-31"))), 1);
        assert_eq!(count(past.cut(Timestamp::MAX)), 2);
        assert_eq!(count(past.cut(at("2026-01-31")).cut(at("2026-02-01"))), 1);
    }

    /// Told events are recorded a microsecond apart from the beginning of time, long before they occur here.
    #[test]
    fn as_known_leaves_out_what_was_recorded_later() {
        let mut story = Story::default();
        story.opened(Timestamp::MIN).order(Timestamp::MIN, "a", "1").order(Timestamp::MIN, "b", "1");
        let image = story.image();
        let second = Timestamp::MIN.plus_micros(1);
        assert_eq!(count(Past::new(&image, second, Timestamp::MAX, Clock::Occurred)), 3);
        let past = Past::new(&image, second, Timestamp::MAX, Clock::AsKnown);
        assert_eq!(count(past), 2);
        assert_eq!(count(past.cut(Timestamp::MIN)), 1);
    }
}
