//! The one integration binary of the core.

#[cfg(test)]
mod history;
#[cfg(test)]
mod stage_walk;
