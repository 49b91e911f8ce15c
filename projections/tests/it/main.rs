//! The one integration binary of the core.

#[cfg(test)]
mod absurd;
#[cfg(test)]
mod diff;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod history;
#[cfg(test)]
mod image;
#[cfg(test)]
mod sanity;
#[cfg(test)]
mod stage_walk;
#[cfg(test)]
mod worked;
