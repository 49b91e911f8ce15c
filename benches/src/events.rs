//! Believable events, as they are once sealed: what a CRM, an ERP and a calendar write about some three hundred
//! accounts. Persons are pseudonyms and texts are random bytes of the length that sealing gives, since that is
//! all that the log ever sees of them.

use guanxi::log::{EncodedBody, Expect, Prepared};
use guanxi_projections::envelope::Heading;
use guanxi_projections::event::Event;
use guanxi_projections::event::account::AccountOpened;
use guanxi_projections::event::assessment::NoteTaken;
use guanxi_projections::event::commitment::CommitmentMade;
use guanxi_projections::event::delivery::{DeliveryCompleted, DeliveryOutcome};
use guanxi_projections::event::meeting::{Channel, MeetingHeld};
use guanxi_projections::event::order::OrderPlaced;
use guanxi_projections::event::payload::{Minutes, Side};
use guanxi_projections::form::{Note, Person, Sealed};
use guanxi_projections::id::{
    AccountId, Actor, CommitmentId, CorrelationId, DeliveryId, EventId, OrderId, PersonId, Source,
};
use guanxi_projections::money::{Amount, Currency, Money};
use guanxi_projections::text::{Label, SealedText};
use guanxi_projections::time::{Precision, Timestamp, When};

use crate::dice::Dice;

/// How many accounts the events are about.
pub const ACCOUNTS: u64 = 300;

const MINUTE_US: i64 = 60_000_000;

/// An event on its way to the log, not yet encoded.
#[derive(Debug, Clone)]
pub struct Draft {
    heading: Heading,
    event: Event<Sealed>,
    digest: [u8; 16],
    expect: Expect,
}

impl Draft {
    /// Encodes the event: what every submitter does before it hands the event to the log.
    pub fn prepare(&self) -> Prepared {
        Prepared {
            heading: self.heading.clone(),
            actor: Actor::new("token:crm-emea").unwrap(),
            body: EncodedBody::of(&self.event).unwrap(),
            digest: self.digest,
            expect: self.expect,
        }
    }

    /// The source's name.
    pub fn source(&self) -> &str {
        self.heading.source.as_str()
    }

    /// The source's name for the event.
    pub fn id(&self) -> &str {
        self.heading.id.as_str()
    }
}

/// Makes events, one after the other, for ever.
#[derive(Debug)]
pub struct Events {
    dice: Dice,
    made: u64,
    now: i64,
    persons: Vec<[PersonId; 6]>,
}

impl Events {
    /// The events of a seed. Names differ from seed to seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let persons = (0..ACCOUNTS).map(|_| std::array::from_fn(|_| PersonId(dice.bytes()))).collect();
        let start: Timestamp = "2023-01-02T08:00:00Z".parse().unwrap();
        Self { dice, made: 0, now: start.micros(), persons }
    }

    /// The openings of all accounts.
    pub fn openings(&mut self) -> Vec<Draft> {
        (0..ACCOUNTS).map(|account| self.opening(account)).collect()
    }

    /// The next `count` events; every account must be open.
    pub fn take(&mut self, count: usize) -> Vec<Draft> {
        (0..count).map(|_| self.next()).collect()
    }

    fn opening(&mut self, account: u64) -> Draft {
        let event = Event::AccountOpened(AccountOpened {
            name: Label::new(format!("华东精密制造 {account} Precision Works")).unwrap(),
            industry: Some(Label::new("machinery").unwrap()),
            region: Some(Label::new("华东").unwrap()),
            segment: None,
            size: Some(Label::new("500-999").unwrap()),
            parent: None,
            traits: None,
            criteria: None,
        });
        self.draft("crm/emea", "crm", account, event, Expect::Absent)
    }

    fn next(&mut self) -> Draft {
        // A few accounts are busy, most are quiet.
        let account = self.dice.below(ACCOUNTS).min(self.dice.below(ACCOUNTS));
        let (source, prefix, event) = match self.dice.below(100) {
            0..45 => ("calendar/shanghai", "cal", self.meeting(account)),
            45..60 => ("erp/sap-prd-100", "so", self.order()),
            60..72 => ("erp/sap-prd-100", "dn", self.delivery()),
            72..82 => ("crm/emea", "crm", self.commitment()),
            _ => ("crm/emea", "crm", self.note()),
        };
        self.draft(source, prefix, account, event, Expect::Present)
    }

    fn draft(
        &mut self,
        source: &str,
        prefix: &str,
        account: u64,
        event: Event<Sealed>,
        expect: Expect,
    ) -> Draft {
        self.made += 1;
        self.now += i64::try_from(self.dice.below(20)).unwrap() * MINUTE_US;
        let exchange = format!("deal-{:06}", self.dice.below(1_000_000));
        let heading = Heading {
            source: Source::new(source).unwrap(),
            id: EventId::new(format!("{prefix}-{:08x}-{}", self.dice.roll() >> 32, self.made)).unwrap(),
            account: AccountId::new(format!("acct-{account:05}")).unwrap(),
            occurred_at: Timestamp::from_micros(self.now),
            precision: Precision::Instant,
            correlation: self.made.is_multiple_of(3).then(|| CorrelationId::new(exchange).unwrap()),
            causation: None,
            source_recorded_at: Some(Timestamp::from_micros(self.now + MINUTE_US)),
        };
        Draft { heading, event, digest: self.dice.bytes(), expect }
    }

    fn text(&mut self) -> Note<Sealed> {
        let length = usize::try_from(self.dice.between(40, 200)).unwrap();
        let mut bytes = vec![0; length];
        self.dice.fill(&mut bytes);
        Note(SealedText::new(bytes))
    }

    fn due(&mut self) -> When {
        let days = i64::try_from(self.dice.between(5, 90)).unwrap();
        When::At(Timestamp::from_micros(self.now + days * 1_440 * MINUTE_US))
    }

    fn person(&mut self, account: u64) -> Person<Sealed> {
        let persons = self.persons[usize::try_from(account).unwrap()];
        Person(*self.dice.pick(&persons))
    }

    fn meeting(&mut self, account: u64) -> Event<Sealed> {
        let channel = *self.dice.pick(&[Channel::Visit, Channel::Meeting, Channel::Call, Channel::Message]);
        let minutes = u32::try_from(self.dice.between(1, 9) * 15).unwrap();
        Event::MeetingHeld(MeetingHeld {
            channel,
            ours: vec![self.person(account)],
            customer: vec![self.person(account), self.person(account)],
            third_party: None,
            two_way: None,
            minutes: Some(Minutes::try_from(minutes).unwrap()),
            topic: Some(self.text()),
            scene: None,
            line: None,
            task: None,
            note: None,
        })
    }

    fn order(&mut self) -> Event<Sealed> {
        let amount = format!("{}.{:02}", self.dice.between(800, 900_000), self.dice.below(100));
        Event::OrderPlaced(OrderPlaced {
            order: OrderId::new(format!("SO-{}", 4_500_000 + self.made)).unwrap(),
            amount: Money { amount: Amount::new(&amount).unwrap(), currency: Currency::new("CNY").unwrap() },
            bid: None,
            contract: None,
            project: None,
            scene: None,
            line: None,
            task: None,
            note: Some(self.text()),
        })
    }

    fn delivery(&mut self) -> Event<Sealed> {
        Event::DeliveryCompleted(DeliveryCompleted {
            delivery: DeliveryId::new(format!("DN-{}", 8_000_000 + self.made)).unwrap(),
            order: Some(OrderId::new(format!("SO-{}", 4_500_000 + self.dice.below(self.made))).unwrap()),
            due: Some(self.due()),
            outcome: DeliveryOutcome::Accepted,
            project: None,
            scene: None,
            line: None,
            task: None,
            note: Some(self.text()),
        })
    }

    fn commitment(&mut self) -> Event<Sealed> {
        Event::CommitmentMade(CommitmentMade {
            commitment: CommitmentId::new(format!("promise-{}", self.made)).unwrap(),
            by: *self.dice.pick(&[Side::Us, Side::Customer]),
            due: self.due(),
            critical: Some(self.dice.below(4) == 0),
            text: Some(self.text()),
            scene: None,
            line: None,
            task: None,
            note: None,
        })
    }

    fn note(&mut self) -> Event<Sealed> {
        Event::NoteTaken(NoteTaken { text: self.text() })
    }
}
