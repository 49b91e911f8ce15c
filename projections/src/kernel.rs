//! The kernels that every figure is made of: constant work per event, exact at any instant after it.
//!
//! Logarithms and powers come from `libm`, so that figures have the same bits on every platform. The kernels
//! know no account and of events only their positions, else instants and numbers.

pub mod decayed_sum;
pub mod itemised;
pub mod quantity;
pub mod rhythm;
pub mod shrunk_mean;

pub use decayed_sum::DecayedSum;
pub use itemised::Itemised;
pub use quantity::{FadingSum, Quantity};
pub use rhythm::Rhythm;
pub use shrunk_mean::{Estimate, Evidence, FadingEvidence, Prior};

/// What is left of 1 after `days`, with a half-life of `half_life_days`.
///
/// `Formula:` `d_h(x) = 2^(-x/h)`. `Source:` model specification, section 1.
///
/// ```
/// use guanxi_projections::kernel::decay;
/// assert_eq!(decay(90.0, 0.0), 1.0);
/// assert_eq!(decay(90.0, 90.0), 0.5);
/// assert_eq!(decay(90.0, 180.0), 0.25);
/// ```
pub fn decay(half_life_days: f64, days: f64) -> f64 {
    libm::exp2(-days / half_life_days)
}
