//! Histories told in JSON.

use guanxi_projections::envelope::{Body, Envelope, Heading, Recorded};
use guanxi_projections::event::{Event, EventType};
use guanxi_projections::form::Sealed;
use guanxi_projections::history::effective;
use guanxi_projections::id::{AccountId, Actor, EventId, Source};
use guanxi_projections::position::{Position, Sequence};
use guanxi_projections::time::{Precision, Timestamp};
use serde_json::{Value, json};

use super::generate::{Chance, any_event};

/// Recorded events of one stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    recorded: Vec<Recorded>,
}

/// An event in force, as the definitions read it.
#[derive(Debug, Clone)]
pub(crate) struct InForce {
    pub(crate) at: Timestamp,
    pub(crate) event_type: EventType,
    pub(crate) data: Value,
}

impl InForce {
    pub(crate) fn text(&self, field: &str) -> &str {
        self.data[field].as_str().unwrap_or_default()
    }
}

impl Told {
    pub(crate) fn tell(&mut self, at: Timestamp, event_type: EventType, data: Value) {
        let place = self.recorded.len() as u64;
        let event = Event::<Sealed>::deserialize(event_type, data);
        let event = event.unwrap_or_else(|error| panic!("{}: {error}", event_type.as_str()));
        let heading = Heading {
            source: Source::new("test").unwrap(),
            id: EventId::new(format!("e{place}")).unwrap(),
            account: AccountId::new("acme").unwrap(),
            occurred_at: at,
            precision: Precision::Instant,
            correlation: None,
            causation: None,
            source_recorded_at: None,
        };
        let envelope = Envelope {
            position: Position(place),
            sequence: Sequence(place),
            recorded_at: Timestamp::from_micros(i64::try_from(place).unwrap()),
            actor: Actor::new("test").unwrap(),
            heading,
        };
        self.recorded.push(Recorded { envelope, body: Body::Known(Box::new(event)) });
    }

    pub(crate) fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    fn times(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.recorded.iter().map(|event| event.envelope.heading.occurred_at)
    }

    pub(crate) fn first(&self) -> Timestamp {
        self.times().min().unwrap()
    }

    pub(crate) fn last(&self) -> Timestamp {
        self.times().max().unwrap()
    }

    /// The time of an event, or a moment before or after it.
    pub(crate) fn some_time(&self, chance: &mut Chance) -> Timestamp {
        let place = chance.below(self.recorded.len());
        self.recorded[place]
            .envelope
            .heading
            .occurred_at
            .plus_micros(i64::try_from(chance.below(3)).unwrap() - 1)
    }

    /// When some event was recorded, or everything.
    pub(crate) fn some_knowledge(&self, chance: &mut Chance) -> Timestamp {
        let place = chance.below(2 * self.recorded.len());
        self.recorded.get(place).map_or(Timestamp::MAX, |event| event.envelope.recorded_at)
    }

    /// What stands at (T, K), as if each event had been told right at once, and nothing else had been told.
    pub(crate) fn told_right(&self, as_of: Timestamp, known_at: Timestamp) -> Self {
        let mut recorded: Vec<Recorded> = effective(&self.recorded, as_of, known_at)
            .iter()
            .map(|event| {
                let mut envelope = event.original.envelope.clone();
                envelope.heading.occurred_at = event.occurred_at;
                Recorded { envelope, body: Body::Known(Box::new(event.event.clone())) }
            })
            .collect();
        recorded.sort_by_key(|event| event.envelope.position);
        Self { recorded }
    }

    /// Everything in force at (T, K).
    pub(crate) fn in_force(&self, as_of: Timestamp, known_at: Timestamp) -> Vec<InForce> {
        effective(&self.recorded, as_of, known_at)
            .iter()
            .map(|event| InForce {
                at: event.occurred_at,
                event_type: event.event.event_type(),
                data: serde_json::to_value(event.event).unwrap()["data"].clone(),
            })
            .collect()
    }

    /// The same stream with everything that happened after T replaced by something else, and everything recorded
    /// after K too; corrections and retractions recorded by K stay.
    pub(crate) fn poisoned(&self, as_of: Timestamp, known_at: Timestamp, chance: &mut Chance) -> Self {
        let mut poisoned = Self::default();
        for recorded in &self.recorded {
            let known = recorded.envelope.recorded_at <= known_at;
            let is_revision = recorded.event_type().is_some_and(EventType::is_revision);
            let revised = self.is_revised(recorded.envelope.position);
            if known && (is_revision || revised || recorded.envelope.heading.occurred_at <= as_of) {
                poisoned.recorded.push(recorded.clone());
            } else {
                let after =
                    if known { as_of.plus_days(1.0 + 300.0 * chance.share()) } else { as_of.plus_days(-2.0) };
                let (event_type, data) = any_event(chance);
                poisoned.tell(after, event_type, data);
            }
        }
        poisoned
    }

    fn is_revised(&self, position: Position) -> bool {
        let target = json!({ "position": position.0 });
        self.recorded.iter().any(|event| {
            let data = serde_json::to_value(event.event()).unwrap_or_default();
            data["data"]["target"] == target
        })
    }
}
