//! Tests of the whole: the real program, and the repository's own rules.

#![expect(clippy::print_stderr, reason = "a test says what it could not run")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod archive;
mod backtest;
mod backup;
mod chinese;
mod coordinates;
mod damage;
mod demo;
mod encrypted;
mod evaluation;
mod groups;
mod harness;
mod holding;
mod hostile;
mod kills;
mod logs;
mod personal;
mod program;
mod reasons;
mod serving;
mod socket;
mod surroundings;
mod tidy;
mod tour;
