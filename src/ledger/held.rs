//! The reviews that were held, one after the other.

use std::collections::BTreeMap;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::event::Event;
use guanxi_projections::history;
use guanxi_projections::id::AccountId;
use guanxi_projections::key_list::{Held, KeyList, Move};
use guanxi_projections::time::Timestamp;
use serde::Serialize;

use super::{Asked, Ledger, LedgerError};

/// The reviews held up to T, as known at K.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewsAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// In the order of their instants.
    pub reviews: Vec<HeldLine>,
}

/// A review that was held, in numbers. Whom it put on the list, the key list of its instant says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldLine {
    /// What was recorded of it.
    #[serde(flatten)]
    pub held: Held,
    /// How many accounts it put on the list.
    pub members: usize,
    /// How many of them entered by it.
    pub entered: usize,
    /// How many left the list by it.
    pub left: usize,
}

impl Ledger {
    /// The reviews held up to T, as known at K. Cost: O(n log n) in members of reviews.
    ///
    /// # Errors
    /// What the log reports.
    pub fn reviews(&self, asked: &Asked) -> Result<ReviewsAnswer, LedgerError> {
        let coordinates = self.ground_alone(asked)?.coordinates;
        let zone = self.zone();
        let own = self.log.stream(&AccountId::ledger())?;
        let history = history::effective(&own, coordinates.as_of, coordinates.known_at);
        let mut reviews: Vec<HeldLine> = Vec::new();
        for event in &history {
            let Event::ReviewHeld(review) = event.event else { continue };
            let as_of = review.as_of.instant(zone);
            // A long list goes on in further events of the same instant.
            if reviews.last().is_none_or(|line| line.held.as_of != as_of) {
                reviews.push(HeldLine {
                    held: Held::of(review, event, zone),
                    members: 0,
                    entered: 0,
                    left: 0,
                });
            }
            if let Some(line) = reviews.last_mut() {
                line.members += review.members.len();
                line.left += review.exits.len();
            }
        }
        let entered = entries(&KeyList::from_history(&history, zone));
        for line in &mut reviews {
            line.entered = entered.get(&line.held.as_of).copied().unwrap_or_default();
        }
        Ok(ReviewsAnswer { coordinates, reviews })
    }
}

/// How many accounts entered the list at each review.
fn entries(list: &KeyList) -> BTreeMap<Timestamp, usize> {
    let mut entries = BTreeMap::new();
    for change in list.changes().iter().filter(|change| change.change == Move::Entered) {
        *entries.entry(change.as_of).or_default() += 1;
    }
    entries
}
