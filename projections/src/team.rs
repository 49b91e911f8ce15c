//! Responsibility: who does what for the account, and who carries the contact.

use serde::Serialize;

use crate::event::people::TeamRole;
use crate::fact::{ByNumber, EventRef, Fact, Matter, NamedAs, Number};
use crate::id::PersonId;
use crate::kernel::DecayedSum;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the team. Assigning a role again changes nothing while it is held.
#[derive(Debug, Clone)]
pub struct Team<'p> {
    setting: Setting<'p>,
    colleagues: ByNumber<PersonId, Option<Colleague>>,
}

#[derive(Debug, Clone)]
struct Colleague {
    terms: Vec<Term>,
    touches: DecayedSum,
}

#[derive(Debug, Clone)]
struct Term {
    role: TeamRole,
    since: Timestamp,
    until: Option<Timestamp>,
    events: Vec<EventRef>,
}

/// A line of the team: a colleague in a role, or one who met the customer without any.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TeamLine {
    /// Who.
    pub person: PersonId,
    /// In what role; `None` for one who has met the customer and never had one.
    pub role: Option<TeamRole>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Until when; `None` while it lasts.
    pub until: Option<Timestamp>,
    /// The colleague's faded contacts (half-life of the balance), each of weight 1.
    pub contacts: f64,
    /// Their share of everyone's.
    pub share: f64,
    /// The events behind the role.
    pub events: Vec<EventRef>,
}

impl<'p> Team<'p> {
    /// Nobody yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, colleagues: ByNumber::default() }
    }

    fn colleague(&mut self, person: Number<PersonId>) -> &mut Colleague {
        let touches = DecayedSum::new(self.setting.policy.interaction.half_life_days);
        self.colleagues.entry(person).get_or_insert(Colleague { terms: Vec::new(), touches })
    }
}

impl Projection for Team<'_> {
    /// By colleague in the order in which they were first met, each with the roles in the order of time.
    type View = Vec<TeamLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::TeamAssigned { person, role } = fact.matter {
            let terms = &mut self.colleague(person).terms;
            if !terms.iter().any(|term| term.role == role && term.until.is_none()) {
                terms.push(Term { role, since: fact.occurred_at, until: None, events: vec![fact.event()] });
            }
        } else if let Matter::TeamReleased { person, role } = fact.matter {
            let mut terms = self.colleague(person).terms.iter_mut();
            if let Some(term) = terms.find(|term| term.role == role && term.until.is_none()) {
                term.until = Some(fact.occurred_at);
                term.events.push(fact.event());
            }
        } else if let Matter::MeetingHeld(meeting) = &fact.matter {
            for party in meeting.parties.iter().filter(|party| party.named_as == NamedAs::Ours) {
                self.colleague(party.person).touches.add(fact.occurred_at, 1.0);
            }
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Self::View {
        let known = || self.colleagues.iter().filter_map(|(number, known)| Some((number, known.as_ref()?)));
        let all: f64 = known().map(|(_, colleague)| colleague.touches.at(as_of)).sum();
        let mut lines = Vec::new();
        for (number, colleague) in known() {
            let Some(person) = self.setting.names.person(number) else { continue };
            let contacts = colleague.touches.at(as_of);
            let share = if all > 0.0 { contacts / all } else { 0.0 };
            let bare =
                TeamLine { person, role: None, since: None, until: None, contacts, share, events: vec![] };
            let line = |term: &Term| TeamLine {
                role: Some(term.role),
                since: Some(term.since),
                until: term.until,
                events: term.events.clone(),
                ..bare.clone()
            };
            lines.extend(colleague.terms.iter().map(line));
            if colleague.terms.is_empty() {
                lines.push(bare);
            }
        }
        lines
    }
}
