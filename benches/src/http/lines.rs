//! Any number of events in one request, one per line.

use std::io::{BufWriter, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};

use super::fresh_ledger;
use crate::jsonl::Lines;
use crate::program::{self, Cores, Serving};
use crate::report::{Row, Target};
use crate::timing::{fresh, seconds};

const ACCOUNTS: u64 = 300;
/// Lines of a turn.
const LINES: u64 = 200_000;

/// The same lines by the program's own import, and by one request.
pub fn measure(folder: &Path, rounds: usize) -> Vec<Row> {
    let row = |what| Row::new(what, "guanxi import", "events/s", Target::AtLeast(0.5));
    let mut whole = row("lines, a result for each");
    let mut minimal = row("lines, refusals alone");
    let mut lines = Lines::new(5, ACCOUNTS);
    let (openings, events) = (lines.take(ACCOUNTS), lines.take(LINES));
    for _ in 0..rounds {
        fresh(folder, |folder| {
            let write = |name: &str, text: &str| {
                let path = folder.join(name);
                std::fs::write(&path, text).unwrap();
                path
            };
            let texts = [write("openings.jsonl", &openings), write("events.jsonl", &events)];
            let theirs = imported(folder, &texts);
            whole.add(sent(folder, &texts[0], &events, ""), theirs);
            minimal.add(sent(folder, &texts[0], &events, "Prefer: return=minimal\r\n"), theirs);
        });
    }
    vec![whole, minimal]
}

/// Events a second of the program's own import: without what an import takes that finds everything recorded.
fn imported(folder: &Path, [openings, events]: &[PathBuf; 2]) -> f64 {
    fresh(&folder.join("import"), |folder| {
        let ledger = fresh_ledger(folder);
        let import = |path: &Path| seconds(|| program::run(&ledger, [Path::new("import"), path]));
        import(openings);
        let nothing = import(openings);
        LINES as f64 / (import(events) - nothing)
    })
}

/// Events a second of one request.
fn sent(folder: &Path, openings: &Path, events: &str, more: &str) -> f64 {
    fresh(&folder.join("request"), |folder| {
        let ledger = fresh_ledger(folder);
        program::run(&ledger, [Path::new("import"), openings]);
        let serving = Serving::ledger(&ledger, Cores::All);
        LINES as f64 / seconds(|| send(serving.address, events, more))
    })
}

fn send(address: SocketAddr, events: &str, more: &str) {
    let stream = TcpStream::connect(address).unwrap();
    let mut writing = BufWriter::with_capacity(1 << 16, stream.try_clone().unwrap());
    let mut reading = stream;
    let answer = std::thread::scope(|scope| {
        scope.spawn(move || {
            let length = events.len();
            write!(
                writing,
                "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n{more}Content-Length: {length}\r\n\r\n{events}"
            )
            .and_then(|()| writing.flush())
            .unwrap();
        });
        // Nothing is kept of it but its end.
        let (mut buffer, mut last) = (vec![0; 1 << 16], Vec::new());
        loop {
            let read = reading.read(&mut buffer).unwrap();
            if read == 0 {
                break last;
            }
            last.extend_from_slice(&buffer[..read]);
            last.drain(..last.len().saturating_sub(1_000));
        }
    });
    let told = format!("\"recorded\":{LINES},\"refused\":0");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.contains(&told), "{answer}");
}
