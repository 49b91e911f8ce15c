//! The way from a plain history to the core's effective history, and a check that nothing changed on it.

use guanxi_projections::envelope::{Body, Envelope, Heading, Recorded};
use guanxi_projections::event::Event;
use guanxi_projections::event::account::{AccountClosed, AccountOpened, AccountReopened};
use guanxi_projections::event::assessment::NoteTaken;
use guanxi_projections::event::meeting::{Channel, MeetingHeld};
use guanxi_projections::event::order::{OrderPlaced, OrderReturned};
use guanxi_projections::event::revision::{EventCorrected, EventRetracted, Target};
use guanxi_projections::form::{Note, Sealed};
use guanxi_projections::history::EffectiveEvent;
use guanxi_projections::id::{AccountId, Actor, EventId, OrderId, Source};
use guanxi_projections::money::{Amount, Currency, Money};
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::text::{Label, SealedText};
use guanxi_projections::time::{Precision, Timestamp};

use super::generate::Chance;
use super::happening::{DAY, Happened, Happening, placed};

/// 2026-01-01T00:00:00Z: when the ledger began to record.
const RECORDING: i64 = 1_767_225_600_000_000;

/// The history as the log would give it back: each event at the position of its place.
///
/// A few events are told wrongly and put right by corrections, and a few that never happened are taken back, all
/// recorded after the last event; the effective history does not show it.
pub(super) fn recorded(events: &[Happened], seed: u64) -> Vec<Recorded> {
    let mut chance = Chance::seeded(seed ^ 0x7265_636f_7264_6564);
    let mut told: Vec<(i64, Event<Sealed>)> = Vec::new();
    let mut revisions = Vec::new();
    for (place, event) in events.iter().enumerate() {
        let truth = payload(&event.what, place);
        if !chance.once_in(10) {
            told.push((event.at, truth));
            continue;
        }
        let wrong_time = chance.once_in(2).then(|| event.at + chance.among(-90 * DAY, 90 * DAY));
        told.push((wrong_time.unwrap_or(event.at), payload(&wrong(&event.what), place)));
        revisions.push(Event::EventCorrected(EventCorrected {
            target: at(place),
            reason: label("told wrongly"),
            time: wrong_time.map(|_| Timestamp::from_micros(event.at)),
            data: Some(Box::new(truth)),
        }));
    }
    for _ in 0..if events.is_empty() { 0 } else { chance.among(0, 4) } {
        let untrue = Happening::Order { id: 2_000_000, amount: 77_777.0 };
        revisions
            .push(Event::EventRetracted(EventRetracted { target: at(told.len()), reason: label("untrue") }));
        told.push((events[0].at + chance.among(0, 900 * DAY), payload(&untrue, told.len())));
    }
    told.extend(revisions.into_iter().map(|revision| (RECORDING, revision)));
    told.into_iter().enumerate().map(|(place, (at, event))| in_log(place, at, event)).collect()
}

/// Asserts that an effective history is the plain one up to `until`.
#[track_caller]
pub(super) fn assert_same(effective: &[EffectiveEvent<'_>], events: &[Happened], until: i64) {
    let wanted = placed(events, until);
    assert_eq!(effective.len(), wanted.len());
    for (event, wanted) in effective.iter().zip(wanted) {
        let place = usize::try_from(event.position.0).unwrap();
        assert_eq!((event.occurred_at.micros(), place), wanted.key);
        assert_eq!(plain(event.event), wanted.what);
    }
}

fn in_log(place: usize, at: i64, event: Event<Sealed>) -> Recorded {
    let place = place as u64;
    let heading = Heading {
        source: Source::new("test").unwrap(),
        id: EventId::new(format!("event-{place}")).unwrap(),
        account: AccountId::customer("acme").unwrap(),
        occurred_at: Timestamp::from_micros(at),
        precision: Precision::Instant,
        correlation: None,
        causation: None,
        source_recorded_at: None,
    };
    let envelope = Envelope {
        position: Position(place),
        sequence: Sequence(place),
        recorded_at: Timestamp::from_micros(RECORDING).plus_micros(i64::try_from(place).unwrap()),
        actor: Actor::new("tester").unwrap(),
        heading,
    };
    Recorded { envelope, body: Body::Known(Box::new(event)) }
}

fn at(place: usize) -> Target {
    Target::Position(Position(place as u64))
}

fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

fn money(amount: f64) -> Money {
    Money { amount: Amount::new(&format!("{amount:.2}")).unwrap(), currency: Currency::new("CNY").unwrap() }
}

fn order_id(id: u32) -> OrderId {
    OrderId::new(format!("order-{id}")).unwrap()
}

/// The same kind of event with other contents.
fn wrong(what: &Happening) -> Happening {
    match what.clone() {
        Happening::Order { id, amount } => {
            Happening::Order { id: id + 3_000_000, amount: amount * 3.0 + 1.0 }
        }
        Happening::Return { order: _, amount } => Happening::Return { order: None, amount: amount + 7.0 },
        Happening::Meeting { two_way } => Happening::Meeting { two_way: !two_way },
        other @ (Happening::Opened | Happening::Noted | Happening::Closed | Happening::Reopened) => other,
    }
}

fn payload(what: &Happening, place: usize) -> Event<Sealed> {
    match *what {
        Happening::Opened => Event::AccountOpened(AccountOpened {
            name: label("Acme"),
            industry: None,
            region: None,
            segment: None,
            size: None,
            parent: None,
            traits: None,
            criteria: None,
        }),
        Happening::Order { id, amount } => Event::OrderPlaced(OrderPlaced {
            order: order_id(id),
            amount: money(amount),
            bid: None,
            contract: None,
            project: None,
            scene: None,
            line: None,
            task: None,
            note: None,
        }),
        Happening::Return { order, amount } => Event::OrderReturned(OrderReturned {
            order: order.map(order_id),
            amount: money(amount),
            scene: None,
            line: None,
            task: None,
            note: None,
        }),
        Happening::Meeting { two_way } if place.is_multiple_of(2) => {
            Event::MeetingHeld(meeting(Channel::Message, Some(two_way)))
        }
        Happening::Meeting { two_way } => {
            let channel = if two_way { Channel::Call } else { Channel::Broadcast };
            Event::MeetingHeld(meeting(channel, None))
        }
        Happening::Noted => Event::NoteTaken(NoteTaken { text: Note(SealedText::new(vec![7])) }),
        Happening::Closed => Event::AccountClosed(AccountClosed { reason: label("over") }),
        Happening::Reopened => Event::AccountReopened(AccountReopened { reason: label("again") }),
    }
}

/// A meeting that says whether it was two-way, or leaves it to its channel.
fn meeting(channel: Channel, said: Option<bool>) -> MeetingHeld<Sealed> {
    MeetingHeld {
        channel,
        ours: Vec::new(),
        customer: Vec::new(),
        third_party: None,
        two_way: said,
        minutes: None,
        topic: None,
        scene: None,
        line: None,
        task: None,
        note: None,
    }
}

fn plain(event: &Event<Sealed>) -> Happening {
    let number = |id: &OrderId| id.as_str().strip_prefix("order-").unwrap().parse().unwrap();
    let amount = |money: &Money| money.amount.to_string().parse().unwrap();
    if let Event::AccountOpened(_) = event {
        Happening::Opened
    } else if let Event::OrderPlaced(order) = event {
        Happening::Order { id: number(&order.order), amount: amount(&order.amount) }
    } else if let Event::OrderReturned(back) = event {
        Happening::Return { order: back.order.as_ref().map(number), amount: amount(&back.amount) }
    } else if let Event::MeetingHeld(meeting) = event {
        Happening::Meeting { two_way: meeting.is_two_way() }
    } else if let Event::NoteTaken(_) = event {
        Happening::Noted
    } else if let Event::AccountClosed(_) = event {
        Happening::Closed
    } else if let Event::AccountReopened(_) = event {
        Happening::Reopened
    } else {
        panic!("no history of ours has a {}", event.event_type().as_str())
    }
}
