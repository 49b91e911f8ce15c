//! Differences: why an account's figures are not what they were.

use std::collections::BTreeMap;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::diff::{Difference, Side};
use guanxi_projections::id::AccountId;
use guanxi_projections::measure::Measure;
use guanxi_projections::position::Position;
use guanxi_projections::time::{Timestamp, When};
use serde::Serialize;

use super::facets::{Facets, facets};
use super::trend::Seen;
use super::{Asked, Ledger, LedgerError, PolicyChoice};

/// Which two coordinates are compared.
#[derive(Debug, Clone, Copy)]
pub enum DiffAsked {
    /// One time and a later one.
    Moved {
        /// The earlier time.
        from: When,
        /// The later one; `None`: now.
        to: Option<When>,
        /// As known when.
        seen: Seen,
        /// K; `None`: now.
        known_at: Option<When>,
    },
    /// One time, as known once and as known later.
    Restated {
        /// The time; `None`: now.
        as_of: Option<When>,
        /// The earlier K.
        known_from: When,
        /// The later one; `None`: now.
        known_to: Option<When>,
    },
}

/// Why an account's figures differ between two coordinates.
#[derive(Debug, Clone, Serialize)]
pub struct DiffAnswer {
    /// The account.
    pub account: AccountId,
    /// What people call it, at the later coordinates.
    pub name: String,
    /// The earlier coordinates, as resolved.
    pub from: Coordinates,
    /// The later ones.
    pub to: Coordinates,
    /// Why.
    #[serde(flatten)]
    pub difference: Difference,
    /// What the listed events say in words, by position.
    pub said: BTreeMap<Position, String>,
    /// What tells the listed events from others of their type.
    #[serde(skip)]
    pub facets: Facets,
}

impl Ledger {
    /// The two coordinates that are compared.
    pub fn sides(&self, diff: &DiffAsked, policy: &PolicyChoice) -> (Asked, Asked) {
        let now = When::At(self.clock.now());
        match *diff {
            DiffAsked::Moved { from, to, seen, known_at } => {
                let asked = Asked { as_of: None, known_at, policy: policy.clone() };
                (self.asked_at(from, seen, &asked), self.asked_at(to.unwrap_or(now), seen, &asked))
            }
            DiffAsked::Restated { as_of, known_from, known_to } => {
                let as_of = Some(as_of.unwrap_or(now));
                let side = |known_at| Asked { as_of, known_at, policy: policy.clone() };
                (side(Some(known_from)), side(known_to))
            }
        }
    }

    /// Why the figures of an account at `to` are not those at `from`; at most `top` events of each class are listed
    /// one by one. `measures` are those wanted; none: all.
    ///
    /// # Errors
    /// [`LedgerError::Backwards`] when `from` is later on either axis, [`LedgerError::AccountUnknown`] when the
    /// account has no event at `to`.
    pub fn diff(
        &self,
        account: &AccountId,
        (from, to): (&Asked, &Asked),
        measures: &[Measure],
        top: usize,
    ) -> Result<DiffAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let (earlier, later) = (self.ground(from, &facts)?, self.ground(to, &facts)?);
        let (from, to) = (earlier.coordinates, later.coordinates);
        if from.as_of > to.as_of || from.known_at > to.known_at {
            return Err(LedgerError::Backwards);
        }
        let image = facts.known(account, &to)?;
        let (epoch_from, epoch_to) = (self.epoch(&facts, &earlier), self.epoch(&facts, &later));
        let setting = self.setting(&earlier, &epoch_from, account, image);
        let side_from = Side { as_of: from.as_of, known_at: from.known_at, setting };
        let setting = self.setting(&later, &epoch_to, account, image);
        let side_to = Side { as_of: to.as_of, known_at: to.known_at, setting };
        let mut difference = Difference::between(account, image, &side_from, &side_to).top(top);
        difference.measures.retain(|change| measures.is_empty() || measures.contains(&change.measure));
        let listed: Vec<Position> = listed(&difference).collect();
        let said = self.said_at(account, &to, listed.iter().copied())?;
        let told_apart = facets(image, listed, (Timestamp::MAX, to.known_at));
        let name = Self::name_of(&facts, &later, account)?;
        Ok(DiffAnswer { account: account.clone(), name, from, to, difference, said, facets: told_apart })
    }
}

/// The events that a difference names.
fn listed(difference: &Difference) -> impl Iterator<Item = Position> + '_ {
    let classes = difference.measures.iter().flat_map(|change| &change.classes);
    let moved = classes.flat_map(|class| class.events.iter().map(|one| one.event.position));
    let Difference { colour, quadrant, .. } = difference;
    let turned = colour.iter().flat_map(|turned| &turned.causes).filter_map(|turn| turn.event);
    let turned =
        turned.chain(quadrant.iter().flat_map(|turned| &turned.causes).filter_map(|turn| turn.event));
    moved.chain(turned.map(|event| event.position))
}
