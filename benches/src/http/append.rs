//! One event in a request, by several clients at once.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use super::fresh_ledger;
use crate::load::ask;
use crate::program::{self, Cores, Serving};
use crate::raw;
use crate::report::{Row, Target, median, percentile};
use crate::timing::{fresh, seconds};

const CLIENTS: [usize; 3] = [1, 16, 64];
/// Turns of each number of clients in a round, and how long each takes; one more turn before them warms up.
const TURNS: usize = 3;
const TURN: Duration = Duration::from_secs(1);
/// What is synced for the yardstick before each turn: so many records of the size that a note has.
const SYNCS: usize = 200;
const RECORD_BYTES: usize = 300;
const ACCOUNTS: u64 = 100;

/// Latencies as multiples of one fdatasync.
pub fn measure(folder: &Path, rounds: usize) -> Vec<Row> {
    let row = |what| Row::new(what, "append + fdatasync p50", "ms", Target::Told);
    let mut half = ["append p50, 1 client", "append p50, 16 clients", "append p50, 64 clients"].map(row);
    let mut most = ["append p99, 1 client", "append p99, 16 clients", "append p99, 64 clients"].map(row);
    fresh(folder, |folder| {
        let ledger = fresh_ledger(folder);
        let openings = folder.join("openings.jsonl");
        std::fs::write(&openings, crate::jsonl::Lines::new(5, ACCOUNTS).take(ACCOUNTS)).unwrap();
        program::run(&ledger, [Path::new("import"), &openings]);
        let serving = Serving::ledger(&ledger, Cores::All);
        let mut file = raw::create(folder);
        let mut made = 0;
        for turn in 0..=rounds * TURNS {
            for (place, clients) in CLIENTS.into_iter().enumerate() {
                let record = [0; RECORD_BYTES];
                let syncs: Vec<f64> =
                    (0..SYNCS).map(|_| seconds(|| raw::append(&mut file, &record)) * 1e3).collect();
                let asked = ask(serving.address, clients, TURN, |request| {
                    made += 1;
                    note(made, request);
                });
                if turn > 0 {
                    half[place].add(median(&asked.latencies_ms), median(&syncs));
                    most[place].add(percentile(&asked.latencies_ms, 0.99), median(&syncs));
                }
            }
        }
    });
    half.into_iter().chain(most).collect()
}

/// Writes a request that records a note.
fn note(made: u64, request: &mut Vec<u8>) {
    let body = format!(
        r#"{{"specversion":"1.0","id":"note-{made}","source":"crm/emea","type":"note.taken","subject":"account-{:05}","time":"2025-03-02T09:00:00Z","data":{{"text":"prices for next year, and the delay in March: {made}"}}}}"#,
        made % ACCOUNTS
    );
    let mut head = String::new();
    let _ = write!(
        head,
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    request.extend_from_slice(head.as_bytes());
    request.extend_from_slice(body.as_bytes());
}
