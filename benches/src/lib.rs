//! What the benchmarks share: events to record, and the contestants that record them.
//!
//! Nothing here decides what is fast enough: `log.rs` measures, compares and prints.

pub mod bare;
pub mod counted;
pub mod dice;
pub mod events;
pub mod group;
pub mod ledger_log;
pub mod machine;
pub mod raw;
pub mod report;
pub mod sqlite;
