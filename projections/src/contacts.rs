//! The people on the other side: who is known, in what role, and when they were last spoken to.
//!
//! A person who was met without ever being added counts as a person of the side on whose list they stood, without
//! a role. Who left stays gone until added again; a meeting alone does not bring them back.

use serde::Serialize;

use crate::event::people::{ContactRole, ContactSide};
use crate::fact::{ByNumber, EventRef, Fact, Matter, Meeting, NamedAs, Number};
use crate::id::PersonId;
use crate::kernel::{Estimate, Quantity, decay};
use crate::policy::health::CoveragePolicy;
use crate::position::Position;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::time::Timestamp;

/// Folds the stakeholder map, and the coverage 覆盖 that follows from it.
///
/// Cost: O(persons) per event, and to read. `Source:` model specification, section 5, rule 2.
#[derive(Debug, Clone)]
pub struct Contacts<'p> {
    setting: Setting<'p>,
    /// `None` for our own people.
    known: ByNumber<PersonId, Option<Contact>>,
}

#[derive(Debug, Clone)]
struct Contact {
    side: ContactSide,
    role: Option<ContactRole>,
    left: Option<Timestamp>,
    last_two_way: Option<Talk>,
    /// What said who they are: added, changed, left; and the last contact.
    events: Vec<EventRef>,
    last_contact: Option<EventRef>,
}

/// A contact in which both sides spoke; the later one is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Talk {
    /// When.
    pub at: Timestamp,
    /// The event.
    pub by: Position,
}

/// A line of the stakeholder map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContactLine {
    /// Who.
    pub contact: PersonId,
    /// On which side.
    pub side: ContactSide,
    /// In what role; `None` for one who was met but never added.
    pub role: Option<ContactRole>,
    /// When they left, if they did.
    pub left_at: Option<Timestamp>,
    /// The last contact in which both sides spoke.
    pub last_two_way: Option<Timestamp>,
    /// What is left of that contact, 0 to 1; a third party's at its lower weight.
    pub warmth: f64,
    /// The events behind the line.
    pub events: Vec<EventRef>,
}

impl<'p> Contacts<'p> {
    /// Nobody is known yet.
    pub fn new(setting: Setting<'p>) -> Self {
        Self { setting, known: ByNumber::default() }
    }

    fn policy(&self) -> &'p CoveragePolicy {
        &self.setting.policy.health.coverage
    }

    fn meet(&mut self, fact: &Fact, meeting: &Meeting) {
        for party in &meeting.parties {
            let side = match party.named_as {
                NamedAs::Ours => continue,
                NamedAs::Customer => ContactSide::Customer,
                NamedAs::ThirdParty => ContactSide::ThirdParty,
            };
            let known = self.contact(party.person, side);
            known.last_contact = Some(fact.event());
            if meeting.two_way {
                known.last_two_way = Some(Talk { at: fact.occurred_at, by: fact.position });
            }
        }
    }

    fn contact(&mut self, person: Number<PersonId>, side: ContactSide) -> &mut Contact {
        let unknown = Contact {
            side,
            role: None,
            left: None,
            last_two_way: None,
            events: Vec::new(),
            last_contact: None,
        };
        self.known.entry(person).get_or_insert(unknown)
    }

    fn living(&self) -> impl Iterator<Item = &Contact> {
        self.known.values().flatten().filter(|contact| contact.left.is_none())
    }

    /// The last two-way contact with anyone who holds a role on the customer's side and has not left.
    pub fn last_with(&self, role: ContactRole) -> Option<Talk> {
        let holders = self.living().filter(|one| one.role == Some(role) && one.side == ContactSide::Customer);
        holders.filter_map(|holder| holder.last_two_way).max()
    }

    /// The last contact, two-way or not, with anyone who holds a role on the customer's side and has not left.
    pub(crate) fn last_event_with(&self, role: ContactRole) -> Option<EventRef> {
        let holders = self.living().filter(|one| one.role == Some(role) && one.side == ContactSide::Customer);
        holders
            .filter_map(|holder| holder.last_contact)
            .max_by_key(|event| (event.occurred_at, event.position))
    }

    fn warmth<Q: Quantity>(&self, contact: &Contact, as_of: Timestamp) -> Q {
        let policy = self.policy();
        let weight = match contact.side {
            ContactSide::Customer => 1.0,
            ContactSide::ThirdParty => policy.third_party,
        };
        let left = |last: Talk| {
            Q::of_event(last.by, weight * decay(policy.half_life_days, as_of.days_since(last.at)))
        };
        contact.last_two_way.map_or_else(Q::default, left)
    }

    /// R: the roles spoken to, each at its weight and faded since its last contact; 0 to 1.
    ///
    /// Each role's term is of its last contact.
    pub fn roles<Q: Quantity>(&self, as_of: Timestamp) -> Q {
        let policy = self.policy();
        let weights = [
            (ContactRole::Decision, policy.roles.decision),
            (ContactRole::Technical, policy.roles.technical),
            (ContactRole::Champion, policy.roles.champion),
            (ContactRole::User, policy.roles.user),
            (ContactRole::Purchasing, policy.roles.purchasing),
        ];
        let faded =
            |last: Talk| Q::of_event(last.by, decay(policy.half_life_days, as_of.days_since(last.at)));
        let term = |(role, weight)| self.last_with(role).map_or_else(Q::default, faded).times(weight);
        weights.map(term).into_iter().fold(Q::default(), Q::plus)
    }

    /// E: the living persons spoken to, each faded since the last contact.
    pub fn persons<Q: Quantity>(&self, as_of: Timestamp) -> Q {
        self.living().map(|contact| self.warmth(contact, as_of)).fold(Q::default(), Q::plus)
    }

    /// Whether any two-way contact with a living person has not faded to nothing.
    pub fn has_evidence(&self, as_of: Timestamp) -> bool {
        self.persons::<f64>(as_of) > 0.0
    }

    /// Coverage, judgements apart; `looked` is the confidence in a volume.
    ///
    /// `Formula:` .6 R + .4 E/(E + 1.5).
    pub fn estimate<Q: Quantity>(&self, looked: Q, as_of: Timestamp) -> Estimate<Q> {
        let policy = self.policy();
        let roles = Estimate::of_volume(self.roles(as_of), looked.clone());
        let persons = Estimate::volume(self.persons(as_of), policy.persons_saturation, looked);
        Estimate::sum([(policy.roles_share, roles), (1.0 - policy.roles_share, persons)])
    }

    fn line(&self, person: Number<PersonId>, contact: &Contact, as_of: Timestamp) -> Option<ContactLine> {
        let person = self.setting.names.person(person)?;
        let gone = contact.left.is_some();
        Some(ContactLine {
            contact: person,
            side: contact.side,
            role: contact.role,
            left_at: contact.left,
            last_two_way: contact.last_two_way.map(|last| last.at),
            warmth: if gone { 0.0 } else { self.warmth(contact, as_of) },
            events: contact.events.iter().copied().chain(contact.last_contact).collect(),
        })
    }
}

impl Projection for Contacts<'_> {
    /// The stakeholder map, in the order in which the persons were first met.
    type View = Vec<ContactLine>;

    fn apply(&mut self, fact: &Fact) {
        if let Matter::ContactAdded { contact, side, role } = fact.matter {
            let known = self.contact(contact, side);
            (known.side, known.role, known.left) = (side, Some(role), None);
            known.events.push(fact.event());
        } else if let Matter::ContactChanged { contact, side, role } = fact.matter {
            let known = self.contact(contact, ContactSide::Customer);
            known.side = side.unwrap_or(known.side);
            known.role = role.or(known.role);
            known.events.push(fact.event());
        } else if let Matter::ContactLeft { contact } = fact.matter {
            let known = self.contact(contact, ContactSide::Customer);
            known.left.get_or_insert(fact.occurred_at);
            known.events.push(fact.event());
        } else if let Matter::MeetingHeld(meeting) = &fact.matter {
            self.meet(fact, meeting);
        }
    }

    fn evaluate(&self, as_of: Timestamp) -> Vec<ContactLine> {
        let known = self.known.iter();
        known.filter_map(|(person, contact)| self.line(person, contact.as_ref()?, as_of)).collect()
    }
}
