//! Shapes of meetings, version 1.

use guanxi_projections::event::meeting as live;
use guanxi_projections::event::payload::Minutes;
use guanxi_projections::form::{Note, Person, Sealed};

use super::shape::frozen;

frozen! {
    /// `meeting.held`.
    interaction MeetingHeld of live::MeetingHeld<Sealed> {
        channel: live::Channel,
        ours: Vec<Person<Sealed>>,
        customer: Vec<Person<Sealed>>,
        third_party: Option<Vec<Person<Sealed>>>,
        two_way: Option<bool>,
        minutes: Option<Minutes>,
        topic: Option<Note<Sealed>>,
    }

    /// `meeting.planned`.
    interaction MeetingPlanned of live::MeetingPlanned<Sealed> {
        channel: live::Channel,
        ours: Vec<Person<Sealed>>,
        customer: Vec<Person<Sealed>>,
        third_party: Option<Vec<Person<Sealed>>>,
        two_way: Option<bool>,
        minutes: Option<Minutes>,
        topic: Option<Note<Sealed>>,
    }
}
