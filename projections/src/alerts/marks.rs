//! What alerts and the portfolio remember of an account beside its figures.

use crate::evaluation::Weight;
use crate::event::assessment::Dimension;
use crate::fact::{ByNumber, EventRef, Fact, Matter, NamedAs};
use crate::id::PersonId;
use crate::kernel::DecayedSum;
use crate::setting::Setting;
use crate::time::Timestamp;

use super::sight::Busiest;

/// The last events of some kinds, and who worked how much.
#[derive(Debug, Clone)]
pub(super) struct Marks<'p> {
    pub(super) setting: Setting<'p>,
    pub(super) ordered: Option<EventRef>,
    pub(super) worked: Option<EventRef>,
    /// The last event that each dimension of health read.
    heard: [Option<EventRef>; 6],
    contacts: ByNumber<PersonId, Option<DecayedSum>>,
    hours: DecayedSum,
    cost: DecayedSum,
}

impl<'p> Marks<'p> {
    pub(super) fn new(setting: Setting<'p>) -> Self {
        let fading = DecayedSum::new(setting.policy.demand.amounts_half_life_days);
        Self {
            setting,
            ordered: None,
            worked: None,
            heard: [None; 6],
            contacts: ByNumber::default(),
            hours: fading,
            cost: fading,
        }
    }

    pub(super) fn apply(&mut self, fact: &Fact) {
        self.hear(fact);
        self.remember(fact);
    }

    /// What the account adds to the yardstick, with its score.
    pub(super) fn weight(&self, score: f64, at: Timestamp) -> Weight {
        Weight { score, hours: self.hours.at(at), cost: self.cost.at(at) }
    }

    /// The last event that a dimension of health read.
    pub(super) fn last_heard(&self, dimension: Dimension) -> Option<EventRef> {
        self.heard.get(dimension as usize).copied().flatten()
    }

    /// The colleague with the most contacts.
    pub(super) fn busiest(&self, at: Timestamp) -> Option<Busiest> {
        let known = || {
            let known = self.contacts.iter();
            known.filter_map(move |(person, sum)| Some((person, sum.as_ref()?.at(at))))
        };
        let contacts: f64 = known().map(|(_, contacts)| contacts).sum();
        let mut busiest: Option<(_, f64)> = None;
        for (person, most) in known() {
            if busiest.is_none_or(|(_, so_far)| most > so_far) {
                busiest = Some((person, most));
            }
        }
        let (person, most) = busiest.filter(|(_, most)| *most > 0.0)?;
        Some(Busiest { person: self.setting.names.person(person)?, share: most / contacts, contacts })
    }

    fn hear(&mut self, fact: &Fact) {
        for dimension in read_by(&fact.matter) {
            if let Some(heard) = self.heard.get_mut(*dimension as usize) {
                *heard = Some(fact.event());
            }
        }
    }

    fn remember(&mut self, fact: &Fact) {
        let at = fact.occurred_at;
        if let Matter::OrderPlaced { .. } = fact.matter {
            self.ordered = Some(fact.event());
        } else if let Matter::EffortSpent { hours, cost, .. } = fact.matter {
            self.worked = Some(fact.event());
            self.hours.add(at, hours.unwrap_or(0.0));
            let cost = cost.and_then(|cost| self.setting.convert(cost, at));
            self.cost.add(at, cost.unwrap_or(0.0));
        } else if let Matter::MeetingHeld(meeting) = &fact.matter {
            let fading = DecayedSum::new(self.setting.policy.interaction.half_life_days);
            for party in meeting.parties.iter().filter(|party| party.named_as == NamedAs::Ours) {
                self.contacts.entry(party.person).get_or_insert(fading).add(at, 1.0);
            }
        }
    }
}

/// The dimensions of health that read an event.
fn read_by(matter: &Matter) -> &[Dimension] {
    if let Matter::MeetingHeld(_) = matter {
        &[Dimension::Engagement, Dimension::Coverage]
    } else if let Matter::OrderPlaced { .. } = matter {
        &[Dimension::Engagement]
    } else if let Matter::ContactAdded { .. } | Matter::ContactChanged { .. } | Matter::ContactLeft { .. } =
        matter
    {
        &[Dimension::Coverage]
    } else if let Matter::CommitmentMade { .. }
    | Matter::CommitmentMoved { .. }
    | Matter::CommitmentKept { .. }
    | Matter::CommitmentBroken { .. } = matter
    {
        &[Dimension::Integrity]
    } else if let Matter::DeliveryCompleted { .. }
    | Matter::FeedbackGiven { .. }
    | Matter::BenefitConfirmed { .. }
    | Matter::ProjectClosed { .. } = matter
    {
        &[Dimension::Benefit]
    } else if let Matter::ConcessionGranted { .. }
    | Matter::ReferenceGiven { .. }
    | Matter::FavourReceived { .. }
    | Matter::PaymentReceived { .. } = matter
    {
        &[Dimension::Reciprocity]
    } else if let Matter::IssueRaised { .. } | Matter::IssueResolved { .. } | Matter::IssueReopened { .. } =
        matter
    {
        &[Dimension::Service]
    } else if let Matter::AssessmentMade { dimension, .. } = matter {
        std::slice::from_ref(dimension)
    } else {
        &[]
    }
}
