//! Histories in plain words, and the way from them to recorded events and back.

use guanxi_projections::envelope::{Body, Envelope, Heading, Recorded};
use guanxi_projections::event::account::AccountOpened;
use guanxi_projections::event::order::OrderPlaced;
use guanxi_projections::event::revision::{EventCorrected, EventRetracted, Target};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::history::EffectiveEvent;
use guanxi_projections::id::{AccountId, Actor, EventId, OrderId, Source};
use guanxi_projections::money::{Amount, Currency, Money};
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::text::Label;
use guanxi_projections::time::{Precision, Timestamp};

/// One recorded event in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) position: u64,
    pub(super) recorded: Timestamp,
    pub(super) occurred: Timestamp,
    pub(super) what: What,
}

/// What is told. Targets are places in the list of what was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Original(Fact),
    Correct { target: usize, by_name: bool, time: Option<Timestamp>, fact: Option<Fact> },
    Retract { target: usize, by_name: bool },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// The account was opened under this name.
    Opened(String),
    /// An order of this id over so many CNY.
    Ordered(String, u32),
}

/// An event in force, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InForce {
    pub(super) position: u64,
    pub(super) occurred: Timestamp,
    pub(super) fact: Fact,
    pub(super) corrections: Vec<u64>,
}

/// The stream as the log would give it back.
pub(super) fn recorded(told: &[Told]) -> Vec<Recorded> {
    told.iter().enumerate().map(|(place, one)| in_log(told, place, one)).collect()
}

fn in_log(told: &[Told], place: usize, one: &Told) -> Recorded {
    let target = |target: usize, by_name: bool| {
        if by_name {
            Target::Named { source: source(), id: id(target) }
        } else {
            Target::Position(Position(told[target].position))
        }
    };
    let event = match &one.what {
        What::Original(fact) => payload(fact),
        What::Correct { target: of, by_name, time, fact } => Event::EventCorrected(EventCorrected {
            target: target(*of, *by_name),
            reason: label("told wrongly"),
            time: *time,
            data: fact.as_ref().map(|fact| Box::new(payload(fact))),
        }),
        What::Retract { target: of, by_name } => {
            Event::EventRetracted(EventRetracted { target: target(*of, *by_name), reason: label("untrue") })
        }
    };
    let heading = Heading {
        source: source(),
        id: id(place),
        account: AccountId::customer("acme").unwrap(),
        occurred_at: one.occurred,
        precision: Precision::Instant,
        correlation: None,
        causation: None,
        source_recorded_at: None,
    };
    let envelope = Envelope {
        position: Position(one.position),
        sequence: Sequence(place as u64),
        recorded_at: one.recorded,
        actor: Actor::new("tester").unwrap(),
        heading,
    };
    Recorded { envelope, body: Body::Known(Box::new(event)) }
}

fn source() -> Source {
    Source::new("test").unwrap()
}

fn id(place: usize) -> EventId {
    EventId::new(format!("e{place}")).unwrap()
}

fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

fn payload(fact: &Fact) -> Event<Sealed> {
    match fact {
        Fact::Opened(name) => Event::AccountOpened(AccountOpened {
            name: label(name),
            industry: None,
            region: None,
            segment: None,
            size: None,
            parent: None,
            traits: None,
            criteria: None,
        }),
        Fact::Ordered(order, amount) => Event::OrderPlaced(OrderPlaced {
            order: OrderId::new(order.clone()).unwrap(),
            amount: Money {
                amount: Amount::new(&amount.to_string()).unwrap(),
                currency: Currency::new("CNY").unwrap(),
            },
            bid: None,
            contract: None,
            project: None,
            scene: None,
            line: None,
            task: None,
            note: None,
        }),
    }
}

/// What the core says is in force, in plain words.
pub(super) fn plain(effective: &[EffectiveEvent<'_>]) -> Vec<InForce> {
    effective.iter().map(one_in_force).collect()
}

fn one_in_force(event: &EffectiveEvent<'_>) -> InForce {
    let fact = if let Event::AccountOpened(opened) = event.event {
        Fact::Opened(opened.name.to_string())
    } else if let Event::OrderPlaced(order) = event.event {
        Fact::Ordered(order.order.to_string(), order.amount.amount.to_string().parse().unwrap())
    } else {
        panic!("no history of ours has a {}", event.event.event_type().as_str())
    };
    assert_eq!(event.original.envelope.position, event.position);
    let corrected = event.data_from.event_type() == Some(EventType::EventCorrected);
    assert!(!corrected || event.corrections.contains(&event.data_from.envelope.position));
    InForce {
        position: event.position.0,
        occurred: event.occurred_at,
        fact,
        corrections: event.corrections.iter().map(|position| position.0).collect(),
    }
}
