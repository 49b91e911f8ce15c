//! From an event to a fact.

use super::{
    Adjustment, Contract, Fact, Hospitality, Matter, Meeting, NamedAs, Names, Number, Opportunity, Party,
    Plan,
};
use crate::event::meeting::Channel;
use crate::event::payload::{Csat, Hours, Minutes, Nps, Ratio};
use crate::event::{
    Event, account, assessment, bid, commitment, concession, delivery, feedback, issue, opportunity, order,
    people, plan,
};
use crate::event::{Line, Scene, meeting};
use crate::form::{Person, Sealed};
use crate::id::{PersonId, TaskId};
use crate::position::Position;
use crate::time::Timestamp;

impl Fact {
    /// Reads an event, giving numbers to what it names. `None` for a revision or an event of the ledger's own
    /// stream, which are no facts of an account, and when an account has named more things than there are
    /// numbers (see [`Names::number`]).
    pub fn read(
        position: Position,
        occurred_at: Timestamp,
        recorded_at: Timestamp,
        event: &Event<Sealed>,
        names: &mut Names,
    ) -> Option<Self> {
        let Told { matter, scene, line, task } = told(event, names)?;
        let task = optional(task, |task| names.number(task))?;
        Some(Self { position, occurred_at, recorded_at, scene, line, task, matter })
    }
}

/// What an event says, with scene, line and task as it names them itself.
struct Told<'e> {
    matter: Matter,
    scene: Option<Scene>,
    line: Option<Line>,
    task: Option<&'e TaskId>,
}

macro_rules! meeting {
    ($event:ident, $names:ident) => {
        Meeting {
            channel: $event.channel,
            two_way: $event.two_way.unwrap_or($event.channel != Channel::Broadcast),
            minutes: $event.minutes.map(Minutes::get),
            parties: parties(&$event.ours, &$event.customer, $event.third_party.as_deref(), $names)?,
        }
    };
}

fn told<'e>(event: &'e Event<Sealed>, names: &mut Names) -> Option<Told<'e>> {
    match event {
        Event::AccountOpened(event) => event.tell(names),
        Event::AccountUpdated(event) => event.tell(names),
        Event::AccountMerged(event) => event.tell(names),
        Event::AccountClosed(event) => event.tell(names),
        Event::AccountReopened(event) => event.tell(names),
        Event::ContactAdded(event) => event.tell(names),
        Event::ContactChanged(event) => event.tell(names),
        Event::ContactLeft(event) => event.tell(names),
        Event::TeamAssigned(event) => event.tell(names),
        Event::TeamReleased(event) => event.tell(names),
        Event::MeetingHeld(event) => event.tell(names),
        Event::MeetingPlanned(event) => event.tell(names),
        Event::NeedStated(event) => event.tell(names),
        Event::ProjectOpened(event) => event.tell(names),
        Event::ProjectClosed(event) => event.tell(names),
        Event::OpportunityOpened(event) => event.tell(names),
        Event::OpportunityDropped(event) => event.tell(names),
        Event::BidSubmitted(event) => event.tell(names),
        Event::BidWon(event) => event.tell(names),
        Event::BidLost(event) => event.tell(names),
        Event::ContractSigned(event) => event.tell(names),
        Event::OrderPlaced(event) => event.tell(names),
        Event::OrderReturned(event) => event.tell(names),
        Event::InvoiceIssued(event) => event.tell(names),
        Event::PaymentReceived(event) => event.tell(names),
        Event::DeliveryCompleted(event) => event.tell(names),
        Event::ConcessionGranted(event) => event.tell(names),
        Event::HospitalityGiven(event) => event.tell(names),
        Event::CommitmentMade(event) => event.tell(names),
        Event::CommitmentMoved(event) => event.tell(names),
        Event::CommitmentKept(event) => event.tell(names),
        Event::CommitmentBroken(event) => event.tell(names),
        Event::BenefitConfirmed(event) => event.tell(names),
        Event::FeedbackGiven(event) => event.tell(names),
        Event::FavourReceived(event) => event.tell(names),
        Event::IssueRaised(event) => event.tell(names),
        Event::IssueResolved(event) => event.tell(names),
        Event::IssueReopened(event) => event.tell(names),
        Event::ReferenceGiven(event) => event.tell(names),
        Event::EffortSpent(event) => event.tell(names),
        Event::PlanSet(event) => event.tell(names),
        Event::PlanProgressed(event) => event.tell(names),
        Event::AssessmentMade(event) => event.tell(names),
        Event::StrengthRated(event) => event.tell(names),
        Event::AccountEvaluated(event) => event.tell(names),
        Event::NoteTaken(event) => event.tell(names),
        Event::EventCorrected(_)
        | Event::EventRetracted(_)
        | Event::PolicyAdopted(_)
        | Event::RateSet(_)
        | Event::CalibrationFitted(_)
        | Event::AnchorsFrozen(_)
        | Event::ReviewHeld(_)
        | Event::AccountPinned(_)
        | Event::AccountUnpinned(_)
        | Event::IndustryRated(_)
        | Event::PeriodClosed(_)
        | Event::HeadsSealed(_)
        | Event::KeyRotated(_)
        | Event::SubjectErased(_)
        | Event::SubjectReadmitted(_) => None,
    }
}

/// A payload that a fact is read from.
trait Tell {
    /// `None` when there are no more numbers.
    fn tell(&self, names: &mut Names) -> Option<Told<'_>>;
}

/// Says for each payload what matter it becomes; an interaction also has scene, line and task.
macro_rules! tells {
    ($($kind:ident $payload:ty: |$event:ident, $names:ident| $matter:expr;)+) => {$(
        impl Tell for $payload {
            fn tell(&self, $names: &mut Names) -> Option<Told<'_>> {
                let $event = self;
                Some(tells!($kind $event, $matter))
            }
        }
    )+};
    (plain $event:ident, $matter:expr) => {
        Told { matter: $matter, scene: None, line: None, task: None }
    };
    (interaction $event:ident, $matter:expr) => {
        Told { matter: $matter, scene: $event.scene, line: $event.line, task: $event.task.as_ref() }
    };
}

tells! {
    plain account::AccountOpened: |e, _names| Matter::AccountOpened(Box::new(e.clone()));
    plain account::AccountUpdated: |e, _names| Matter::AccountUpdated(Box::new(e.clone()));
    plain account::AccountMerged: |e, _names| Matter::AccountMerged { into: Box::new(e.into.clone()) };
    plain account::AccountClosed: |_e, _names| Matter::AccountClosed;
    plain account::AccountReopened: |_e, _names| Matter::AccountReopened;
    plain people::ContactAdded<Sealed>: |e, names|
        Matter::ContactAdded { contact: names.person_number(e.contact.0)?, side: e.side, role: e.role, };
    plain people::ContactChanged<Sealed>: |e, names|
        Matter::ContactChanged { contact: names.person_number(e.contact.0)?, side: e.side, role: e.role, };
    plain people::ContactLeft<Sealed>: |e, names| Matter::ContactLeft { contact: names.person_number(e.contact.0)? };
    plain people::TeamAssigned<Sealed>: |e, names|
        Matter::TeamAssigned { person: names.person_number(e.person.0)?, role: e.role };
    plain people::TeamReleased<Sealed>: |e, names|
        Matter::TeamReleased { person: names.person_number(e.person.0)?, role: e.role };
    interaction meeting::MeetingHeld<Sealed>: |e, names| Matter::MeetingHeld(meeting!(e, names));
    interaction meeting::MeetingPlanned<Sealed>: |e, names| Matter::MeetingPlanned(meeting!(e, names));
    interaction opportunity::NeedStated<Sealed>: |e, names| Matter::NeedStated { need: names.number(&e.need)? };
    interaction opportunity::ProjectOpened<Sealed>: |e, names|
        Matter::ProjectOpened { project: names.number(&e.project)? };
    interaction opportunity::ProjectClosed<Sealed>: |e, names|
        Matter::ProjectClosed { project: names.number(&e.project)?, outcome: e.outcome };
    interaction opportunity::OpportunityOpened<Sealed>: |e, names|
        Matter::OpportunityOpened(Box::new(Opportunity { opportunity: names.number(&e.opportunity)?,
            amount: e.amount, expected_close: e.expected_close, project: optional(e.project.as_ref(),
            |id| names.number(id))? }));
    interaction opportunity::OpportunityDropped<Sealed>: |e, names|
        Matter::OpportunityDropped { opportunity: names.number(&e.opportunity)? };
    interaction bid::BidSubmitted<Sealed>: |e, names|
        Matter::BidSubmitted { bid: names.number(&e.bid)?, opportunity: optional(e.opportunity.as_ref(),
            |id| names.number(id))?, amount: e.amount, project: optional(e.project.as_ref(),
            |id| names.number(id))? };
    interaction bid::BidWon<Sealed>: |e, names| Matter::BidWon { bid: names.number(&e.bid)?, amount: e.amount };
    interaction bid::BidLost<Sealed>: |e, names| Matter::BidLost { bid: names.number(&e.bid)? };
    interaction order::ContractSigned<Sealed>: |e, names|
        Matter::ContractSigned(Box::new(Contract { contract: names.number(&e.contract)?, amount: e.amount,
            starts: e.starts, expires: e.expires, bid: optional(e.bid.as_ref(), |id| names.number(id))? }));
    interaction order::OrderPlaced<Sealed>: |e, names|
        Matter::OrderPlaced { order: names.number(&e.order)?, amount: e.amount, bid: optional(e.bid.as_ref(),
            |id| names.number(id))?, contract: optional(e.contract.as_ref(), |id| names.number(id))?,
            project: optional(e.project.as_ref(), |id| names.number(id))? };
    interaction order::OrderReturned<Sealed>: |e, names|
        Matter::OrderReturned { order: optional(e.order.as_ref(), |id| names.number(id))?, amount: e.amount };
    interaction order::InvoiceIssued<Sealed>: |e, names|
        Matter::InvoiceIssued { invoice: names.number(&e.invoice)?, amount: e.amount, due: e.due,
            order: optional(e.order.as_ref(), |id| names.number(id))? };
    interaction order::PaymentReceived<Sealed>: |e, names|
        Matter::PaymentReceived { invoice: optional(e.invoice.as_ref(), |id| names.number(id))?, amount: e.amount,
            due: e.due };
    interaction delivery::DeliveryCompleted<Sealed>: |e, names|
        Matter::DeliveryCompleted { delivery: names.number(&e.delivery)?, order: optional(e.order.as_ref(),
            |id| names.number(id))?, due: e.due, outcome: e.outcome, project: optional(e.project.as_ref(),
            |id| names.number(id))? };
    interaction concession::ConcessionGranted<Sealed>: |e, names|
        Matter::ConcessionGranted { concession: names.number(&e.concession)?, by: e.by, form: e.form, cost: e.cost,
            bid: optional(e.bid.as_ref(), |id| names.number(id))? };
    interaction concession::HospitalityGiven<Sealed>: |e, names|
        Matter::HospitalityGiven(Box::new(Hospitality { value: e.value, persons: numbers(&e.persons, names)?,
            approval: e.approval.clone() }));
    interaction commitment::CommitmentMade<Sealed>: |e, names|
        Matter::CommitmentMade { commitment: names.number(&e.commitment)?, by: e.by, due: e.due,
            critical: e.critical.unwrap_or(false) };
    interaction commitment::CommitmentMoved<Sealed>: |e, names|
        Matter::CommitmentMoved { commitment: names.number(&e.commitment)?, due: e.due };
    interaction commitment::CommitmentKept<Sealed>: |e, names|
        Matter::CommitmentKept { commitment: names.number(&e.commitment)? };
    interaction commitment::CommitmentBroken<Sealed>: |e, names|
        Matter::CommitmentBroken { commitment: names.number(&e.commitment)? };
    interaction feedback::BenefitConfirmed<Sealed>: |e, names|
        Matter::BenefitConfirmed { value: e.value, contact: optional(e.contact.as_ref(),
            |person| names.person_number(person.0))? };
    interaction feedback::FeedbackGiven<Sealed>: |e, names|
        Matter::FeedbackGiven { csat: e.csat.map(Csat::get), nps: e.nps.map(Nps::get),
            contact: optional(e.contact.as_ref(), |person| names.person_number(person.0))? };
    interaction feedback::FavourReceived<Sealed>: |e, _names| Matter::FavourReceived { form: e.form };
    interaction issue::IssueRaised<Sealed>: |e, names|
        Matter::IssueRaised { issue: names.number(&e.issue)?, severity: e.severity, due: e.due,
            project: optional(e.project.as_ref(), |id| names.number(id))? };
    interaction issue::IssueResolved<Sealed>: |e, names| Matter::IssueResolved { issue: names.number(&e.issue)? };
    interaction issue::IssueReopened<Sealed>: |e, names| Matter::IssueReopened { issue: names.number(&e.issue)? };
    interaction feedback::ReferenceGiven<Sealed>: |e, _names|
        Matter::ReferenceGiven { form: e.form, led_to: e.led_to.clone().map(Box::new) };
    interaction plan::EffortSpent<Sealed>: |e, names|
        Matter::EffortSpent { person: optional(e.person.as_ref(), |person| names.person_number(person.0))?,
            hours: e.hours.map(Hours::get), cost: e.cost };
    plain plan::PlanSet: |e, names| Matter::PlanSet(Box::new(plan(e, names)?));
    plain plan::PlanProgressed: |e, names|
        Matter::PlanProgressed { objective: names.number(&e.objective)?, value: e.value.get(), };
    plain assessment::AssessmentMade<Sealed>: |e, _names|
        Matter::AssessmentMade { dimension: e.dimension, value: e.value.map(Ratio::get), wallet: e.wallet, };
    plain assessment::StrengthRated: |e, names|
        Matter::StrengthRated { criterion: names.number(&e.criterion)?, value: e.value.get(), };
    plain assessment::AccountEvaluated<Sealed>: |e, names|
        Matter::AccountEvaluated { adjustments: adjustments(&e.adjustments, names)? };
    plain assessment::NoteTaken<Sealed>: |_e, _names| Matter::NoteTaken;
}

fn plan(said: &plan::PlanSet, names: &mut Names) -> Option<Plan> {
    let objectives = said.objectives.iter().map(|objective| names.number(&objective.objective));
    let objectives = objectives.collect::<Option<_>>()?;
    Some(Plan { plan: names.number(&said.plan)?, objectives, said: said.clone() })
}

#[expect(
    clippy::option_option,
    reason = "outside: there are no more numbers; inside: the event names nothing"
)]
fn optional<T, N>(said: Option<T>, number: impl FnOnce(T) -> Option<N>) -> Option<Option<N>> {
    match said {
        Some(said) => number(said).map(Some),
        None => Some(None),
    }
}

fn numbers(persons: &[Person<Sealed>], names: &mut Names) -> Option<Box<[Number<PersonId>]>> {
    persons.iter().map(|person| names.person_number(person.0)).collect()
}

fn parties(
    ours: &[Person<Sealed>],
    customer: &[Person<Sealed>],
    third_party: Option<&[Person<Sealed>]>,
    names: &mut Names,
) -> Option<Box<[Party]>> {
    let lists = [
        (NamedAs::Ours, ours),
        (NamedAs::Customer, customer),
        (NamedAs::ThirdParty, third_party.unwrap_or_default()),
    ];
    let mut parties = Vec::with_capacity(lists.iter().map(|(_, list)| list.len()).sum());
    for (named_as, list) in lists {
        for person in list {
            parties.push(Party { person: names.person_number(person.0)?, named_as });
        }
    }
    Some(parties.into())
}

fn adjustments(said: &[assessment::Adjustment<Sealed>], names: &mut Names) -> Option<Box<[Adjustment]>> {
    let adjustment = |said: &assessment::Adjustment<Sealed>| {
        let owner = names.person_number(said.owner.0)?;
        Some(Adjustment { text: said.text.clone(), owner, due: said.due })
    };
    said.iter().map(adjustment).collect()
}
