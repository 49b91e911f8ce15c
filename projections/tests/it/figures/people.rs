//! Coverage by definition: replays who is who, then sums.

use std::collections::BTreeMap;

use guanxi_projections::event::EventType;
use guanxi_projections::time::Timestamp;

use super::definition::{World, d};

#[derive(Clone, Default)]
struct Someone {
    side: String,
    role: Option<String>,
    left: bool,
    last: Option<Timestamp>,
}

impl World<'_> {
    /// R and E.
    pub(super) fn spoken_to(&self) -> (f64, f64) {
        let policy = &self.health().coverage;
        let people = self.people();
        let mut roles = 0.0;
        for (role, weight) in [
            ("decision", policy.roles.decision),
            ("technical", policy.roles.technical),
            ("champion", policy.roles.champion),
            ("user", policy.roles.user),
            ("purchasing", policy.roles.purchasing),
        ] {
            let holders =
                people.values().filter(|one| one.role.as_deref() == Some(role) && one.side == "customer");
            let last = holders.filter(|one| !one.left).filter_map(|one| one.last).max();
            roles += weight * last.map_or(0.0, |last| d(policy.half_life_days, self.since(last)));
        }
        let persons = people.values().filter(|one| !one.left).filter_map(|one| {
            let weight = if one.side == "third_party" { policy.third_party } else { 1.0 };
            Some(weight * d(policy.half_life_days, self.since(one.last?)))
        });
        (roles, persons.sum())
    }

    fn people(&self) -> BTreeMap<String, Someone> {
        let mut people: BTreeMap<String, Someone> = BTreeMap::new();
        let someone = |side: &str| Someone { side: side.to_owned(), ..Someone::default() };
        for event in &self.events {
            let name = event.text("contact").to_owned();
            let said = |field: &str| event.data[field].as_str().map(str::to_owned);
            match event.event_type {
                EventType::ContactAdded => {
                    let one = people.entry(name).or_insert_with(|| someone(""));
                    (one.side, one.role, one.left) = (said("side").unwrap(), said("role"), false);
                }
                EventType::ContactChanged => {
                    let one = people.entry(name).or_insert_with(|| someone("customer"));
                    one.side = said("side").unwrap_or_else(|| one.side.clone());
                    one.role = said("role").or_else(|| one.role.clone());
                }
                EventType::ContactLeft => {
                    people.entry(name).or_insert_with(|| someone("customer")).left = true;
                }
                EventType::MeetingHeld => {
                    let two_way =
                        event.data["two_way"].as_bool().unwrap_or(event.text("channel") != "broadcast");
                    for side in ["customer", "third_party"] {
                        for person in event.data[side].as_array().into_iter().flatten() {
                            let one = people.entry(person.as_str().unwrap().to_owned());
                            let one = one.or_insert_with(|| someone(side));
                            if two_way {
                                one.last = Some(event.at);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        people
    }
}
