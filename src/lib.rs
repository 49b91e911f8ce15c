//! guanxi: an event-sourced ledger of account relationships.

pub mod cli;
pub mod clock;
pub mod import;
pub mod ledger;
pub mod log;
pub mod people;
