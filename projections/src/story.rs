//! Histories for tests: short words and JSON become recorded events.

use serde_json::{Value, json};

use crate::envelope::{Body, Envelope, Heading, Recorded};
use crate::event::{Event, EventType};
use crate::form::Sealed;
use crate::history::{EffectiveEvent, effective};
use crate::id::{AccountId, Actor, EventId, PersonId, Source};
use crate::image::Image;
use crate::position::{Position, Sequence};
use crate::time::{Precision, Timestamp};

/// Recorded events of one stream, in the order they were told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Story {
    recorded: Vec<Recorded>,
}

impl Story {
    /// Adds an event of any type with the payload given as JSON; its position is the number of events before.
    pub(crate) fn tell(&mut self, at: Timestamp, event_type: EventType, data: Value) -> &mut Self {
        let event = Event::<Sealed>::deserialize(event_type, data).expect("the payload fits the type");
        let place = self.recorded.len() as u64;
        let envelope = Envelope {
            position: Position(place),
            sequence: Sequence(place),
            recorded_at: Timestamp::MIN.plus_micros(i64::try_from(place).unwrap()),
            actor: Actor::new("test").unwrap(),
            heading: Heading {
                source: Source::new("test").unwrap(),
                id: EventId::new(format!("e{place}")).unwrap(),
                account: AccountId::new("acme").unwrap(),
                occurred_at: at,
                precision: Precision::Instant,
                correlation: None,
                causation: None,
                source_recorded_at: None,
            },
        };
        self.recorded.push(Recorded { envelope, body: Body::Known(Box::new(event)) });
        self
    }

    pub(crate) fn opened(&mut self, at: Timestamp) -> &mut Self {
        self.tell(at, EventType::AccountOpened, json!({ "name": "Acme" }))
    }

    pub(crate) fn order(&mut self, at: Timestamp, id: &str, money: &str) -> &mut Self {
        self.tell(at, EventType::OrderPlaced, json!({ "order": id, "amount": self::money(money) }))
    }

    pub(crate) fn give_back(&mut self, at: Timestamp, id: Option<&str>, money: &str) -> &mut Self {
        self.tell(at, EventType::OrderReturned, json!({ "order": id, "amount": self::money(money) }))
    }

    pub(crate) fn met(&mut self, at: Timestamp, channel: &str) -> &mut Self {
        let data = json!({ "channel": channel, "ours": [], "customer": [] });
        self.tell(at, EventType::MeetingHeld, data)
    }

    pub(crate) fn closed(&mut self, at: Timestamp) -> &mut Self {
        self.tell(at, EventType::AccountClosed, json!({ "reason": "r" }))
    }

    pub(crate) fn reopened(&mut self, at: Timestamp) -> &mut Self {
        self.tell(at, EventType::AccountReopened, json!({ "reason": "r" }))
    }

    /// What was told, as it was recorded.
    pub(crate) fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    /// The image of what was told.
    pub(crate) fn image(&self) -> Image {
        Image::of(&self.recorded).expect("few events")
    }

    /// What happened up to `as_of`, in the order (occurred at, position).
    pub(crate) fn effective(&self, as_of: Timestamp) -> Vec<EffectiveEvent<'_>> {
        effective(&self.recorded, as_of, Timestamp::MAX)
    }
}

/// `100` is 100 CNY; `100 USD` says so itself.
fn money(text: &str) -> Value {
    let (amount, currency) = text.split_once(' ').unwrap_or((text, "CNY"));
    json!({ "amount": amount, "currency": currency })
}

/// A pseudonym for tests.
pub(crate) fn person(number: u8) -> PersonId {
    PersonId([number; 16])
}

/// `2026-01-31`, `2026-01-31T10:00` or a whole timestamp, in UTC.
pub(crate) fn at(text: &str) -> Timestamp {
    let whole = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        16 => format!("{text}:00Z"),
        _ => text.to_owned(),
    };
    whole.parse().unwrap_or_else(|error| panic!("{error}"))
}
