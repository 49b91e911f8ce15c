//! How to fold: a projection takes events one at a time and can be read at any instant after the last of them.

use crate::fact::Fact;
use crate::image::Image;
use crate::time::Timestamp;

/// A fold over one account's effective history.
///
/// Invariant: both functions are total. History is never rejected here; what is odd about it shows in the view.
pub trait Projection {
    /// What the projection answers.
    type View;

    /// Takes the next fact of the effective history. Facts come in the order (occurred at, position).
    fn apply(&mut self, fact: &Fact);

    /// Reads the state at `as_of`, which is not before the last event applied. Does not change the state, so
    /// that it cannot matter when anyone asked before.
    fn evaluate(&self, as_of: Timestamp) -> Self::View;
}

/// Folds an account's effective history at (T, K) and reads it at T.
pub fn fold<P: Projection>(
    mut projection: P,
    image: &Image,
    as_of: Timestamp,
    known_at: Timestamp,
) -> P::View {
    image.visit(as_of, known_at, |fact| projection.apply(fact));
    projection.evaluate(as_of)
}
