//! What tells events from others of their type, in a word: looked up in the image for those that an answer names.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_projections::image::Image;
use guanxi_projections::position::Position;
use guanxi_projections::time::Timestamp;

/// The facets of events, by position; see [`facet`](guanxi_projections::fact::Matter::facet).
pub type Facets = BTreeMap<Position, &'static str>;

/// The facets of events of an account, as corrected; those that have none are left out. Cost: O(events).
pub(super) fn facets(
    image: &Image,
    named: impl IntoIterator<Item = Position>,
    (as_of, known_at): (Timestamp, Timestamp),
) -> Facets {
    let named: BTreeSet<Position> = named.into_iter().collect();
    let mut facets = Facets::new();
    image.visit(as_of, known_at, |fact| {
        if let Some(facet) = fact.matter.facet().filter(|_| named.contains(&fact.position)) {
            facets.insert(fact.position, facet);
        }
    });
    facets
}
