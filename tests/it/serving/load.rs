//! Many clients append and read at once, others follow and are cut off: nothing is lost, doubled or out of order, and
//! memory grows with the ledger alone. `GUANXI_LOAD_SECONDS` says for how long.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::wire::Wire;
use super::{Served, note, opening};
use crate::harness::{Dice, Site, Stopwatch, repeats};

const CLIENTS: u64 = 64;
const ACCOUNTS: u64 = 16;
const READERS: u64 = 8;
/// Readers that take nothing.
const STALLED: usize = 4;
/// The id of the last event.
const END: &str = "end";
/// From so long on there is enough to say how memory grows.
const LONG: Duration = Duration::from_secs(30);
/// What memory may vary by from one moment to another, whatever the ledger does.
const NOISE_KB: f64 = 16_384.0;

/// What a client was told: places of its events in log and stream, in the order in which it sent them.
type Told = Vec<(String, u64, u64)>;

struct Load<'a> {
    served: &'a Served,
    begun: Stopwatch,
    time: Duration,
    /// Events that were acknowledged.
    recorded: AtomicU64,
    /// Questions that were answered, and those that were put off.
    answered: AtomicU64,
    busy: AtomicU64,
}

impl Load<'_> {
    fn goes_on(&self) -> bool {
        self.begun.elapsed() < self.time
    }

    /// Appends, and looks now and then at what it wrote and at what others did.
    fn client(&self, number: u64) -> Told {
        let (mut wire, mut dice, mut told) = (Wire::to(self.served), Dice(number), Told::new());
        let account = format!("a{}", number % ACCOUNTS);
        while self.goes_on() {
            let id = format!("{number}-{}", told.len());
            let body = note(&id, &account).to_string();
            let (status, answer) = wire.ask("POST", "/v1/events", &body);
            if status == 503 {
                self.busy.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            assert_eq!(status, 201, "{answer}");
            let event = &answer["events"][0];
            let (position, sequence) =
                (event["position"].as_u64().unwrap(), event["sequence"].as_u64().unwrap());
            told.push((id, position, sequence));
            self.recorded.fetch_add(1, Ordering::Relaxed);
            match dice.below(8) {
                0 => self.look(&mut wire, &account, sequence),
                1 => self.find(&mut wire, &told, &mut dice),
                2 => {
                    let (status, again) = wire.ask("POST", "/v1/events", &body);
                    let same =
                        again["events"][0]["duplicate"] == true && again["events"][0]["position"] == position;
                    assert!(status == 503 || status == 200 && same, "{again}");
                }
                _ => {}
            }
        }
        told
    }

    /// What was acknowledged is in the next answer.
    fn look(&self, wire: &mut Wire, account: &str, sequence: u64) {
        let (status, answer) = wire.ask("GET", &format!("/v1/accounts/{account}"), "");
        if self.is_answered(status, &answer) {
            assert!(answer["events"].as_u64().unwrap() > sequence, "{sequence} {answer}");
        }
    }

    /// What was acknowledged is at its place.
    fn find(&self, wire: &mut Wire, told: &Told, dice: &mut Dice) {
        let (id, position, _) = &told[usize::try_from(dice.below(told.len() as u64)).unwrap()];
        let (status, answer) = wire.ask("GET", &format!("/v1/events/{position}"), "");
        if self.is_answered(status, &answer) {
            assert_eq!(answer["id"], **id);
        }
    }

    fn is_answered(&self, status: u16, answer: &Value) -> bool {
        assert!(matches!(status, 200 | 503), "{answer}");
        let count = if status == 200 { &self.answered } else { &self.busy };
        count.fetch_add(1, Ordering::Relaxed);
        status == 200
    }

    /// Follows to the last event, cut off and back again at random; gives how many events there were, in a hash.
    fn reader(&self, number: u64) -> (u64, u64) {
        let (mut dice, mut seen) = (Dice(number), Seen::default());
        while !seen.ended {
            let patience = 1 + dice.below(2_000);
            seen.follow(self.served, patience);
        }
        (seen.count, seen.hasher.finish())
    }

    /// Memory of the server by the number of events recorded, ten times a second.
    fn memory(&self) -> Vec<(f64, f64)> {
        let file = format!("/proc/{}/status", self.served.child.id());
        let mut samples = Vec::new();
        while self.goes_on() {
            let text = std::fs::read_to_string(&file).unwrap();
            let resident = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
            let kilobytes: f64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
            samples.push((self.recorded.load(Ordering::Relaxed) as f64, kilobytes));
            std::thread::sleep(Duration::from_millis(100));
        }
        samples
    }
}

/// What a reader has seen.
#[derive(Default)]
struct Seen {
    count: u64,
    hasher: DefaultHasher,
    ended: bool,
}

impl Seen {
    /// Reads so many events, or to the end, and hangs up. Each has the next position.
    fn follow(&mut self, served: &Served, events: u64) {
        let stream = follow(served, self.count.checked_sub(1));
        let mut position = None;
        let mut left = events;
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Some(id) = line.strip_prefix("id: ") {
                position = Some(id.parse::<u64>().unwrap());
            } else if let Some(data) = line.strip_prefix("data: ") {
                let event: Value = serde_json::from_str(data).unwrap();
                assert_eq!(
                    (position.take(), event["position"].as_u64()),
                    (Some(self.count), Some(self.count))
                );
                self.take(&event);
                left -= 1;
                if self.ended || left == 0 {
                    return;
                }
            }
        }
    }

    fn take(&mut self, event: &Value) {
        self.count += 1;
        event["id"].as_str().unwrap().hash(&mut self.hasher);
        self.ended = event["id"] == END;
    }
}

fn follow(served: &Served, after: Option<u64>) -> TcpStream {
    let mut stream = served.connect().unwrap();
    let last = after.map(|after| format!("Last-Event-ID: {after}\r\n")).unwrap_or_default();
    write!(stream, "GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n{last}\r\n").unwrap();
    stream
}

/// The whole log, page by page: ids and accounts with sequences.
fn logged(served: &Served) -> Vec<Value> {
    let (mut wire, mut events, mut after) = (Wire::to(served), Vec::new(), String::new());
    loop {
        let (status, mut page) = wire.ask("GET", &format!("/v1/events?limit=1000{after}"), "");
        assert_eq!(status, 200, "{page}");
        if let Value::Array(more) = page["events"].take() {
            events.extend(more);
        }
        if page["more"] != true {
            return events;
        }
        after = format!("&after={}", page["after"]);
    }
}

#[test]
fn many_clients_at_once_lose_nothing_and_memory_stays_flat() {
    let site = Site::with_ledger();
    let served = Served::start(&site, &["--connections", "2000"]);
    for account in 0..ACCOUNTS {
        assert_eq!(served.post(&opening(&format!("a{account}"))).unwrap().0, 201);
    }
    let time = Duration::from_secs(repeats("GUANXI_LOAD_SECONDS", 2));
    let load = Load {
        served: &served,
        begun: Stopwatch::start(),
        time,
        recorded: AtomicU64::new(0),
        answered: AtomicU64::new(0),
        busy: AtomicU64::new(0),
    };
    let stalled: Vec<TcpStream> = (0..STALLED).map(|_| follow(&served, None)).collect();
    let (told, seen, memory) = std::thread::scope(|scope| {
        let load = &load;
        let readers: Vec<_> = (0..READERS).map(|number| scope.spawn(move || load.reader(number))).collect();
        let memory = scope.spawn(move || load.memory());
        let clients: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || load.client(number))).collect();
        let told: Vec<Told> = clients.into_iter().map(|client| client.join().unwrap()).collect();
        assert_eq!(served.post(&note(END, "a0")).unwrap().0, 201);
        let seen: Vec<_> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
        (told, seen, memory.join().unwrap())
    });
    drop(stalled);
    let log = logged(&served);
    each_once_and_in_order(&log, &told);
    let mut whole = Seen::default();
    for event in &log {
        whole.take(event);
    }
    assert!(seen.iter().all(|seen| *seen == (whole.count, whole.hasher.finish())), "{seen:?}");
    let count = load.recorded.load(Ordering::Relaxed);
    let (answered, busy) = (load.answered.load(Ordering::Relaxed), load.busy.load(Ordering::Relaxed));
    eprintln!("{time:?}: {count} events recorded, {answered} questions answered, {busy} requests put off");
    memory_is_flat(&memory, time);
    drop(served);
    let verified = site.run(["verify", "--json"]).json();
    assert_eq!(verified["events"].as_u64(), Some(log.len() as u64));
}

/// Every event that was acknowledged is where it was said to be, and there are no others.
fn each_once_and_in_order(log: &[Value], told: &[Told]) {
    let acknowledged: usize = told.iter().map(Vec::len).sum();
    assert_eq!(log.len() as u64, acknowledged as u64 + ACCOUNTS + 1);
    let mut lengths: BTreeMap<&str, u64> = BTreeMap::new();
    for (position, event) in log.iter().enumerate() {
        let length = lengths.entry(event["subject"].as_str().unwrap()).or_default();
        assert_eq!(event["position"].as_u64(), Some(position as u64));
        assert_eq!(event["sequence"].as_u64(), Some(*length), "{event}");
        *length += 1;
    }
    for told in told {
        assert!(told.is_sorted_by_key(|(_, position, _)| *position), "{told:?}");
        for (id, position, sequence) in told {
            let event = &log[usize::try_from(*position).unwrap()];
            assert_eq!((event["id"].as_str(), event["sequence"].as_u64()), (Some(&**id), Some(*sequence)));
        }
    }
}

/// An event costs no more memory in the last third of the time than in the first, where the pages that the store keeps
/// are most of it, until it has as many as it may.
fn memory_is_flat(samples: &[(f64, f64)], time: Duration) {
    let third = samples.len() / 3;
    let growth = |samples: &[(f64, f64)]| match (samples.first(), samples.last()) {
        (Some((from, before)), Some((to, after))) => (to - from, after - before),
        _ => (0.0, 0.0),
    };
    let (first, last) = (growth(&samples[..third]), growth(&samples[samples.len() - third..]));
    let told = |(events, kilobytes): (f64, f64)| format!("{events} events, {kilobytes} kB more");
    let resident = samples.last().map_or(0.0, |(_, kilobytes)| *kilobytes);
    eprintln!("memory: first third {}; last third {}; {resident} kB in the end", told(first), told(last));
    if time >= LONG {
        let per_event = first.1.max(0.0) / first.0.max(1.0);
        assert!(last.1 <= per_event * last.0 + NOISE_KB, "{first:?} {last:?}");
    }
}
