//! The real server: it stops without dropping what was accepted, loses nothing that it acknowledged when it is killed,
//! tells every event once to those who follow, and stays there for others whatever somebody sends.
//! `GUANXI_SERVER_KILLS` says how often it is killed.

mod attacks;
mod load;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Dice, Site, repeats};

/// A running server, killed when dropped.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Served {
    #[track_caller]
    pub(crate) fn start(site: &Site, arguments: &[&str]) -> Self {
        let given = ["serve", "--listen", "127.0.0.1:0", "--log-level", "error"];
        let mut child = site.command(given.iter().chain(arguments)).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let place = line.trim().strip_prefix("Listening on ").and_then(|place| place.split_once("://"));
        let (_, address) = place.unwrap_or_else(|| panic!("{line}"));
        Self { address: address.to_owned(), child }
    }

    pub(crate) fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(stream)
    }

    /// Sends a request and gives status and body; an error when the connection broke.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> std::io::Result<(u16, String)> {
        let mut stream = self.connect()?;
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )?;
        answer(stream)
    }

    pub(crate) fn post(&self, event: &Value) -> std::io::Result<(u16, String)> {
        self.ask("POST", "/v1/events", "Content-Type: application/json\r\n", &event.to_string())
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, "", "").unwrap();
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }
}

impl Served {
    /// Sends the server a signal, such as `TERM`.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status and body of an answer that ends with the connection.
fn answer(mut stream: TcpStream) -> std::io::Result<(u16, String)> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    let (_, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    status.map(|status| (status, body.to_owned())).ok_or_else(|| std::io::Error::other("no answer"))
}

pub(crate) fn opening(account: &str) -> Value {
    event(&format!("open-{account}"), "account.opened", account, json!({"name": account}))
}

#[expect(clippy::needless_pass_by_value, reason = "data are written where they are used")]
fn event(id: &str, event_type: &str, account: &str, data: Value) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "crm", "type": event_type, "subject": account,
        "time": "2026-03-02T09:00:00Z", "data": data,
    })
}

pub(crate) fn note(id: &str, account: &str) -> Value {
    event(id, "note.taken", account, json!({"text": id}))
}

#[test]
fn a_server_that_is_asked_to_stop_finishes_what_it_accepted() {
    let site = Site::with_ledger();
    let mut served = Served::start(&site, &[]);
    assert_eq!(served.post(&opening("acme")).unwrap().0, 201);
    assert_eq!(served.get("/v1/accounts/acme")["events"], 1);
    // The headers are there, the body not yet.
    let body = note("n1", "acme").to_string();
    let mut slow = served.connect().unwrap();
    let length = body.len();
    write!(slow, "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n").unwrap();
    slow.write_all(&body.as_bytes()[..10]).unwrap();
    assert_eq!(served.get("/healthz")["status"], "ok");
    served.signal("TERM");
    std::thread::sleep(Duration::from_millis(100));
    slow.write_all(&body.as_bytes()[10..]).unwrap();
    assert_eq!(answer(slow).unwrap().0, 201);
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
    assert_eq!(site.run(["verify", "--json"]).json()["events"], 2);
}

#[test]
fn whatever_is_acknowledged_survives_kills_under_load() {
    let site = Site::with_ledger();
    let mut dice = Dice(7);
    let (next, mut acknowledged) = (AtomicU64::new(0), BTreeMap::new());
    let mut sent = BTreeSet::new();
    for _ in 0..repeats("GUANXI_SERVER_KILLS", 3) {
        let mut served = Served::start(&site, &[]);
        served.post(&opening("acme")).unwrap();
        let pause = Duration::from_millis(20 + dice.below(300));
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let client = || {
                let mut told = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let id = format!("n{}", next.fetch_add(1, Ordering::Relaxed));
                    let Ok((201, body)) = served.post(&note(&id, "acme")) else {
                        told.push((id, None));
                        break;
                    };
                    let body: Value = serde_json::from_str(&body).unwrap();
                    told.push((id, body["events"][0]["position"].as_u64()));
                }
                told
            };
            let clients: Vec<_> = (0..16).map(|_| scope.spawn(client)).collect();
            std::thread::sleep(pause);
            served.signal("KILL");
            stop.store(true, Ordering::Relaxed);
            for (id, position) in clients.into_iter().flat_map(|client| client.join().unwrap()) {
                sent.insert(id.clone());
                acknowledged.extend(position.map(|position| (id, position)));
            }
        });
        served.child.wait().unwrap();
    }
    assert!(!acknowledged.is_empty());
    let (known, all) = (acknowledged.len(), sent.len());
    eprintln!("{known} of {all} events were acknowledged before the server was killed");
    let served = Served::start(&site, &[]);
    for (id, position) in &acknowledged {
        assert_eq!(served.get(&format!("/v1/events/{position}"))["id"], **id);
    }
    // Nobody knows what became of the others: sending them again settles it.
    for id in &sent {
        let (status, _) = served.post(&note(id, "acme")).unwrap();
        assert!(matches!(status, 200 | 201), "{id}: {status}");
    }
    drop(served);
    let verified = site.run(["verify", "--json"]).json();
    assert_eq!(verified["events"].as_u64().unwrap(), sent.len() as u64 + 1);
}

/// Follows the log until so many events came or the connection ends, and gives their positions.
fn follow(served: &Served, after: Option<u64>, count: u64) -> Vec<u64> {
    let mut stream = served.connect().unwrap();
    let last = after.map(|after| format!("Last-Event-ID: {after}\r\n")).unwrap_or_default();
    write!(stream, "GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n{last}\r\n").unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let ids = lines.filter_map(|line| line.strip_prefix("id: ").and_then(|id| id.parse().ok()));
    ids.take(usize::try_from(count).unwrap()).collect()
}

#[test]
fn who_follows_and_reconnects_sees_every_position_once() {
    const EVENTS: u64 = 400;
    let site = Site::with_ledger();
    let served = Served::start(&site, &[]);
    served.post(&opening("acme")).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let served = &served;
            scope.spawn(move || {
                for n in 0..EVENTS / 4 {
                    assert_eq!(served.post(&note(&format!("{writer}-{n}"), "acme")).unwrap().0, 201);
                }
            });
        }
        for reader in 0..3 {
            let served = &served;
            scope.spawn(move || {
                let (mut dice, mut seen) = (Dice(reader), Vec::new());
                while (seen.len() as u64) < EVENTS + 1 {
                    let left = EVENTS + 1 - seen.len() as u64;
                    seen.extend(follow(served, seen.last().copied(), (1 + dice.below(60)).min(left)));
                }
                assert_eq!(seen, (0..=EVENTS).collect::<Vec<_>>());
            });
        }
    });
}

#[test]
fn nobody_else_is_let_in_without_tokens_and_tls() {
    let site = Site::with_ledger();
    let refused = site.run(["serve", "--listen", "0.0.0.0:0"]).failed(1);
    assert!(refused.contains("has no tokens") && refused.contains("guanxi token create"), "{refused}");
    let secret = site.run(["token", "create", "crm", "--role", "manager", "--source", "crm"]).succeeded();
    let refused = site.run(["serve", "--listen", "0.0.0.0:0"]).failed(1);
    assert!(refused.contains("in the clear") && refused.contains("--behind-proxy"), "{refused}");
    let listed = site.run(["token", "list", "--json"]).succeeded();
    assert!(listed.contains("\"crm\"") && !listed.contains(secret.trim()), "{listed}");

    let served = Served::start(&site, &[]);
    assert_eq!(served.ask("GET", "/v1/accounts", "", "").unwrap().0, 401);
    let bearer = format!("Authorization: Bearer {}\r\n", secret.trim());
    assert_eq!(served.ask("GET", "/v1/accounts", &bearer, "").unwrap().0, 200);
    drop(served);
    site.run(["token", "revoke", "crm"]).succeeded();
    site.run(["token", "revoke", "crm"]).failed(1);
}

#[test]
fn settings_are_printed() {
    let site = Site::with_ledger();
    let printed = site.run(["serve", "--print-config", "--listen", "127.0.0.1:9999"]).succeeded();
    assert!(
        printed.contains("listen = \"127.0.0.1:9999\"") && printed.contains("query_seconds = 30"),
        "{printed}"
    );
    site.write("serve.toml", &printed);
    assert_eq!(site.run(["serve", "--print-config", "--config", "serve.toml"]).succeeded(), printed);
}
