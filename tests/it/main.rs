//! Tests of the whole: the real program, and the repository's own rules.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod harness;
mod program;
mod tidy;
