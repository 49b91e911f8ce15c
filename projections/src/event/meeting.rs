//! Meetings, visits, calls and messages.

use super::payload::{Minutes, payloads, words};
use crate::form::{Note, Person};

words! {
    /// How people met.
    Channel {
        /// Executives on both sides.
        Executive = "executive",
        /// One side came to the other.
        Visit = "visit",
        /// Elsewhere, or by video.
        Meeting = "meeting",
        /// By telephone.
        Call = "call",
        /// In writing, to somebody.
        Message = "message",
        /// In writing, to many at once.
        Broadcast = "broadcast",
    }
}

payloads! {
    /// Payload of `meeting.held`.
    interaction MeetingHeld {
        /// How people met.
        channel: Channel,
        /// Who of ours took part.
        ours: Vec<Person<F>>,
        /// Who of the customer's took part.
        customer: Vec<Person<F>>,
        /// Who else took part.
        third_party: Option<Vec<Person<F>>>,
        /// Whether both sides spoke; `None`: not for a broadcast, else yes.
        two_way: Option<bool>,
        /// How long it took.
        minutes: Option<Minutes>,
        /// What it was about.
        topic: Option<Note<F>>,
    }

    /// Payload of `meeting.planned`: as `meeting.held`, but it may lie in the future.
    interaction MeetingPlanned {
        /// As in `meeting.held`.
        channel: Channel,
        /// As in `meeting.held`.
        ours: Vec<Person<F>>,
        /// As in `meeting.held`.
        customer: Vec<Person<F>>,
        /// As in `meeting.held`.
        third_party: Option<Vec<Person<F>>>,
        /// As in `meeting.held`.
        two_way: Option<bool>,
        /// As in `meeting.held`.
        minutes: Option<Minutes>,
        /// As in `meeting.held`.
        topic: Option<Note<F>>,
    }
}

impl<F: crate::form::Form> MeetingHeld<F> {
    /// Whether both sides spoke.
    pub fn is_two_way(&self) -> bool {
        self.two_way.unwrap_or(self.channel != Channel::Broadcast)
    }
}
