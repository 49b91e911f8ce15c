//! The benchmarks: events to record, contestants that record them, and what is compared.
//!
//! Times are never tests: a run tells ratios and whether they meet their targets, and fails for neither.

pub mod bare;
pub mod contest;
pub mod counted;
pub mod dice;
pub mod events;
pub mod group;
pub mod http;
pub mod jsonl;
pub mod ledger_log;
pub mod load;
pub mod machine;
pub mod plain;
pub mod portfolio;
pub mod program;
pub mod questions;
pub mod raw;
pub mod replay;
pub mod report;
pub mod scan;
pub mod size;
pub mod sqlite;
pub mod timing;
pub mod whole;
