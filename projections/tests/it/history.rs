//! Effective history: scenarios worked out by hand, and a naive second reading of its definition.

mod naive;
mod properties;
mod scenarios;
mod told;
