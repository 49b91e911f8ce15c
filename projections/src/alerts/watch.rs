//! The fold that alerts are read from.

use crate::account::{AccountState, AccountView};
use crate::evaluation::{Clocked, Weight, Yardstick, next_evaluation};
use crate::event::assessment::Dimension;
use crate::event::people::ContactRole;
use crate::fact::{ByNumber, EventRef, Fact, Matter, NamedAs};
use crate::figures::FiguresView;
use crate::id::{AccountId, PersonId};
use crate::kernel::DecayedSum;
use crate::projection::Projection;
use crate::setting::Setting;
use crate::stage::StageView;
use crate::time::Timestamp;

use super::reading::{Busiest, Signs, Silence};

/// Folds one account with what alerts, the review clock and the portfolio read beside its view.
#[derive(Debug, Clone)]
pub struct Watch<'p> {
    setting: Setting<'p>,
    account: AccountState<'p>,
    opened: Option<EventRef>,
    evaluated: Option<EventRef>,
    ordered: Option<EventRef>,
    worked: Option<EventRef>,
    /// The last event that each dimension of health read.
    heard: [Option<EventRef>; 6],
    contacts: ByNumber<PersonId, Option<DecayedSum>>,
    hours: DecayedSum,
    cost: DecayedSum,
}

impl<'p> Watch<'p> {
    /// The state before the first event.
    pub fn new(account: AccountId, setting: Setting<'p>) -> Self {
        let fading = DecayedSum::new(setting.policy.demand.amounts_half_life_days);
        Self {
            setting,
            account: AccountState::new(account, setting),
            opened: None,
            evaluated: None,
            ordered: None,
            worked: None,
            heard: [None; 6],
            contacts: ByNumber::default(),
            hours: fading,
            cost: fading,
        }
    }

    /// Whether the account may be a key account: it is opened, and neither closed nor merged away.
    pub fn is_eligible(&self) -> bool {
        self.account.is_eligible()
    }

    /// What the account adds to the yardstick; `None` while it is not eligible.
    pub fn weight(&self, at: Timestamp) -> Option<Weight> {
        self.is_eligible().then(|| self.weight_with(self.account.figures().evaluate(at).score.value, at))
    }

    /// The same with a score already read.
    pub fn weight_with(&self, score: f64, at: Timestamp) -> Weight {
        Weight { score, hours: self.hours.at(at), cost: self.cost.at(at) }
    }

    /// When the account is to be evaluated next; `None` while it is not eligible.
    pub fn next_evaluation(&self, view: &AccountView, yardstick: Option<&Yardstick>) -> Option<Timestamp> {
        self.is_eligible().then(|| self.clock(&view.figures, yardstick)).flatten()
    }

    fn clock(&self, figures: &FiguresView, yardstick: Option<&Yardstick>) -> Option<Timestamp> {
        let began = self.opened.map(|opened| opened.occurred_at).or(self.account.figures().began_at());
        let clocked = Clocked {
            last: self.evaluated.map(|evaluated| evaluated.occurred_at).or(began)?,
            member: self.setting.key_account.member,
            health: figures.health.value,
            coverage: figures.health.dimensions.coverage.value,
            score: figures.score.value,
            stage: figures.stage.as_ref(),
        };
        Some(next_evaluation(&clocked, self.setting.policy, yardstick))
    }

    fn busiest(&self, at: Timestamp) -> Option<Busiest> {
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

    fn silence(&self, at: Timestamp) -> Option<Silence> {
        let rhythm = self.account.figures().demand().rhythm()?;
        let days = at.days_since(rhythm.last());
        Some(Silence { days, survival: rhythm.survival(days, &self.setting.policy.rhythm.orders) })
    }

    /// M365: the faded amount that was ordered and not returned.
    pub fn money(&self, at: Timestamp) -> f64 {
        self.account.figures().demand().amounts(at)
    }

    /// What we gained from the account, faded.
    pub fn gain(&self, at: Timestamp) -> f64 {
        self.account.figures().health().gain(at)
    }

    /// What the conditions on continuous figures read at an instant.
    pub(super) fn signs(&self, at: Timestamp, yardstick: Option<&Yardstick>) -> Signs {
        let figures = self.account.figures().evaluate(at);
        let folded = self.account.figures();
        let decided = folded.health().contacts().last_with(ContactRole::Decision).map(|talk| talk.at);
        let silent_from = decided.or(folded.began_at());
        let weight = self.weight_with(figures.score.value, at);
        Signs {
            eligible: self.is_eligible(),
            member: self.setting.key_account.member,
            began_at: folded.began_at(),
            next: figures.stage.as_ref().and_then(|stage: &StageView| stage.next),
            next_evaluation: self.clock(&figures, yardstick),
            silence: self.silence(at),
            decision_last: decided,
            decision_silent_days: silent_from.map_or(0.0, |from| at.days_since(from)),
            living_contacts: folded.health().contacts().persons(at),
            busiest: self.busiest(at),
            exposure: folded.exposure(at),
            effort_ratio: yardstick.and_then(|yardstick| yardstick.effort_ratio(&weight)),
            score: figures.score.value,
            health: figures.health,
        }
    }

    /// Which roles on the customer's side were never spoken to, or not for as long as makes those who decide silent.
    pub(super) fn roles_silent(&self, at: Timestamp) -> Vec<ContactRole> {
        let contacts = self.account.figures().health().contacts();
        let days = self.setting.policy.alerts.decision_silent_days;
        let roles = [
            ContactRole::Decision,
            ContactRole::Technical,
            ContactRole::Champion,
            ContactRole::User,
            ContactRole::Purchasing,
        ];
        let silent =
            |role: &ContactRole| contacts.last_with(*role).is_none_or(|last| at.days_since(last.at) > days);
        roles.into_iter().filter(silent).collect()
    }

    pub(crate) fn last_order(&self) -> Option<EventRef> {
        self.ordered
    }

    pub(crate) fn last_effort(&self) -> Option<EventRef> {
        self.worked
    }

    /// The last evaluation.
    pub(super) fn last_evaluation(&self) -> Option<EventRef> {
        self.evaluated
    }

    /// The last evaluation, else the opening.
    pub(super) fn clock_started(&self) -> Option<EventRef> {
        self.evaluated.or(self.opened)
    }

    /// The last event that a dimension of health read.
    pub(crate) fn last_heard(&self, dimension: Dimension) -> Option<EventRef> {
        self.heard.get(dimension as usize).copied().flatten()
    }

    pub(super) fn last_with_decision(&self) -> Option<EventRef> {
        self.account.figures().health().contacts().last_event_with(ContactRole::Decision)
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
        if let Matter::AccountOpened(_) = fact.matter {
            self.opened.get_or_insert(fact.event());
        } else if let Matter::AccountEvaluated { .. } = fact.matter {
            self.evaluated = Some(fact.event());
        } else if let Matter::OrderPlaced { .. } = fact.matter {
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

impl Projection for Watch<'_> {
    type View = AccountView;

    fn apply(&mut self, fact: &Fact) {
        self.account.apply(fact);
        self.hear(fact);
        self.remember(fact);
    }

    fn evaluate(&self, as_of: Timestamp) -> AccountView {
        self.account.evaluate(as_of)
    }
}
