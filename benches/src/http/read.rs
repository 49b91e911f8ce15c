//! One account, asked for again and again.

use std::path::Path;
use std::time::Duration;

use super::fresh_ledger;
use crate::jsonl::Lines;
use crate::load::{Asked, ask, once};
use crate::program::{self, Cores, Serving};
use crate::report::{Row, Target, percentile};
use crate::timing::fresh;

/// Accounts of the ledger, and the events of all of them.
const ACCOUNTS: u64 = 300;
const EVENTS: u64 = 20_000;
/// Events of the account that is asked for.
const ASKED_EVENTS: u64 = 500;
const CONNECTIONS: usize = 32;
/// Turns in a round, and how long each takes; one more turn before them warms up.
const TURNS: usize = 5;
const TURN: Duration = Duration::from_secs(1);

/// What was measured, and how busy whoever asked was.
#[derive(Debug)]
pub struct Reads {
    /// The comparisons.
    pub rows: Vec<Row>,
    /// How much of the time there was nothing to do but wait, from 0 to 1: against ours, against the yardstick.
    pub waited: (f64, f64),
    /// Bytes of the answer.
    pub bytes: usize,
}

/// Asks the served ledger and the bare route in turns.
pub fn measure(folder: &Path, rounds: usize) -> Reads {
    fresh(folder, |folder| {
        let ledger = fresh_ledger(folder);
        let text = folder.join("events.jsonl");
        std::fs::write(&text, events()).unwrap();
        program::run(&ledger, [Path::new("import"), &text]);
        let ours = Serving::ledger(&ledger, Cores::Serving);
        let path = "/v1/accounts/account-00000";
        let body = once(ours.address, &request(path, "Connection: close\r\n"));
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(json["events"], ASKED_EVENTS);
        let answer = folder.join("answer.json");
        std::fs::write(&answer, &body).unwrap();
        let theirs = Serving::plain(&answer, Cores::Serving);
        assert_eq!(once(theirs.address, &request("/", "Connection: close\r\n")).len(), body.len());
        let mut reads = Reads { rows: rows(), waited: (1.0, 1.0), bytes: body.len() };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The servers keep to the other cores.
                Cores::Asking.keep();
                reads.take_turns(rounds, (&ours, path), (&theirs, "/"));
            });
        });
        reads
    })
}

fn rows() -> Vec<Row> {
    let yardstick = "bare axum JSON route";
    vec![
        Row::new("account of 500 events, 32 connections", yardstick, "requests/s", Target::AtLeast(0.5)),
        Row::new("the same, p50", yardstick, "ms", Target::Told),
        Row::new("the same, p99", yardstick, "ms", Target::Told),
    ]
}

impl Reads {
    fn take_turns(&mut self, rounds: usize, ours: (&Serving, &str), theirs: (&Serving, &str)) {
        let asked = |(serving, path): (&Serving, &str)| {
            let request = request(path, "");
            ask(serving.address, CONNECTIONS, TURN, |to| to.extend_from_slice(request.as_bytes()))
        };
        for turn in 0..=rounds * TURNS {
            let (of_ours, of_theirs) = (asked(ours), asked(theirs));
            if turn > 0 {
                self.add(&of_ours, &of_theirs);
            }
        }
    }

    fn add(&mut self, ours: &Asked, theirs: &Asked) {
        self.waited.0 = self.waited.0.min(ours.waited);
        self.waited.1 = self.waited.1.min(theirs.waited);
        let share = |share| (percentile(&ours.latencies_ms, share), percentile(&theirs.latencies_ms, share));
        let measured = [(ours.per_second(), theirs.per_second()), share(0.5), share(0.99)];
        for (row, (ours, theirs)) in self.rows.iter_mut().zip(measured) {
            row.add(ours, theirs);
        }
    }
}

fn request(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n")
}

/// The first account has so many events, and is as the others otherwise.
fn events() -> String {
    let mut lines = Lines::new(5, ACCOUNTS);
    let mut text = lines.take(ACCOUNTS);
    for made in ACCOUNTS..EVENTS {
        let account = if made < ACCOUNTS + ASKED_EVENTS - 1 { 0 } else { 1 + made % (ACCOUNTS - 1) };
        text += &lines.about(account);
    }
    text
}
