//! What tells an event from others of its type, in a word that people would use for it.

use super::Matter;

impl Matter {
    /// The word: the channel of a meeting, the outcome of a delivery or a project, the form of a reference or a
    /// favour, the severity of an issue, whose promise or concession it is; `None` where the type says it all.
    pub fn facet(&self) -> Option<&'static str> {
        if let Self::MeetingHeld(meeting) | Self::MeetingPlanned(meeting) = self {
            Some(meeting.channel.as_str())
        } else if let Self::DeliveryCompleted { outcome, .. } = self {
            Some(outcome.as_str())
        } else if let Self::ProjectClosed { outcome, .. } = self {
            Some(outcome.as_str())
        } else if let Self::ReferenceGiven { form, .. } = self {
            Some(form.as_str())
        } else if let Self::FavourReceived { form } = self {
            Some(form.as_str())
        } else if let Self::IssueRaised { severity, .. } = self {
            Some(severity.as_str())
        } else if let Self::CommitmentMade { by, .. } | Self::ConcessionGranted { by, .. } = self {
            Some(by.as_str())
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::event::delivery::DeliveryOutcome;
    use crate::event::meeting::Channel;
    use crate::event::payload::Side;
    use crate::fact::{Matter, Meeting, Number};

    #[test]
    fn an_event_is_called_by_what_people_see_of_it() {
        let meeting =
            Meeting { channel: Channel::Visit, two_way: true, minutes: None, parties: Box::new([]) };
        assert_eq!(Matter::MeetingHeld(meeting).facet(), Some("visit"));
        let (delivery, outcome) = (Number::at(0).unwrap(), DeliveryOutcome::Defects);
        let delivered =
            Matter::DeliveryCompleted { delivery, order: None, due: None, outcome, project: None };
        assert_eq!(delivered.facet(), Some("defects"));
        let (commitment, due) = (Number::at(0).unwrap(), crate::time::When::At(crate::time::Timestamp::MIN));
        let promised = Matter::CommitmentMade { commitment, by: Side::Us, due, critical: false };
        assert_eq!(promised.facet(), Some("us"));
        assert_eq!(Matter::NoteTaken.facet(), None);
    }
}
