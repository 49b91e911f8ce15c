//! How to fold: a projection takes events one at a time and can be read at any instant after the last of them.

use crate::history::EffectiveEvent;
use crate::time::Timestamp;

/// A fold over one account's effective history.
///
/// Invariant: both functions are total. History is never rejected here; what is odd about it shows in the view.
pub trait Projection {
    /// What the projection answers.
    type View;

    /// Takes the next event of the effective history. Events come in the order (occurred at, position).
    fn apply(&mut self, event: &EffectiveEvent<'_>);

    /// Reads the state at `as_of`, which is not before the last event applied. Does not change the state, so
    /// that it cannot matter when anyone asked before.
    fn evaluate(&self, as_of: Timestamp) -> Self::View;
}

/// Folds a whole history and reads it once.
pub fn fold<P: Projection>(mut projection: P, history: &[EffectiveEvent<'_>], as_of: Timestamp) -> P::View {
    for event in history {
        projection.apply(event);
    }
    projection.evaluate(as_of)
}
