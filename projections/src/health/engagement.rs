//! 互动 engagement: how much contact there is, and how alive the business.

use crate::event::meeting::Channel;
use crate::fact::{Fact, Matter, Meeting};
use crate::kernel::{Estimate, FadingSum, Quantity};
use crate::outlook::OutlookView;
use crate::policy::health::EngagementPolicy;
use crate::setting::Setting;
use crate::time::{Day, Timestamp, Zone};

/// The faded mass of contacts. `Source:` model specification, section 5, rule 1.
#[derive(Debug, Clone)]
pub struct Engagement<'p, Q: Quantity = f64> {
    policy: &'p EngagementPolicy,
    zone: Zone,
    saturation: f64,
    contacts: Q::Sum,
    /// The newest day of contact, and what its contacts weigh so far.
    newest: Option<(Day, f64)>,
}

impl<'p, Q: Quantity> Engagement<'p, Q> {
    /// No contact yet.
    pub fn new(setting: &Setting<'p>) -> Self {
        let policy = &setting.policy.health.engagement;
        let is_key = setting.key_account.member;
        let saturation = if is_key { policy.saturation_key } else { policy.saturation_other };
        let contacts = Q::Sum::new(policy.half_life_days);
        Self { policy, zone: setting.zone, saturation, contacts, newest: None }
    }

    /// Takes the next fact.
    pub fn apply(&mut self, fact: &Fact) {
        let Matter::MeetingHeld(meeting) = &fact.matter else { return };
        let day = self.zone.day_of(fact.occurred_at);
        let before = self.newest.filter(|(newest, _)| *newest == day).map_or(0.0, |(_, mass)| mass);
        let mass = self.mass(meeting).min(self.policy.day_mass_max - before).max(0.0);
        self.newest = Some((day, before + mass));
        self.contacts.take(fact.position, fact.occurred_at, mass);
    }

    fn mass(&self, meeting: &Meeting) -> f64 {
        let channels = &self.policy.channels;
        match meeting.channel {
            _ if !meeting.two_way => self.policy.one_way,
            Channel::Executive => channels.executive,
            Channel::Visit => channels.visit,
            Channel::Meeting => channels.meeting,
            Channel::Call => channels.call,
            Channel::Message => channels.message,
            Channel::Broadcast => channels.broadcast,
        }
    }

    /// Whether any contact has not faded to nothing.
    pub fn has_evidence(&self, as_of: Timestamp) -> bool {
        self.contacts.read(as_of).value() > 0.0
    }

    /// The estimate, judgements apart; `looked` is the confidence in a volume, `outlook` `None` without orders.
    ///
    /// `Formula:` with orders .5 `A_90` + .5 W/(W + k), else W/(W + k); `A_90` has confidence 1 when calibrated, else
    /// 0 and the interval [0, 1].
    pub fn estimate(&self, outlook: Option<&OutlookView<Q>>, looked: Q, as_of: Timestamp) -> Estimate<Q> {
        let contact = Estimate::volume(self.contacts.read(as_of), self.saturation, looked);
        let Some(outlook) = outlook else { return contact };
        let q = outlook.active_probability.clone();
        let alive = if outlook.calibrated { Estimate::certain(q) } else { Estimate::unknown(q) };
        let share = self.policy.outlook_share;
        Estimate::sum([(share, alive), (1.0 - share, contact)])
    }
}
