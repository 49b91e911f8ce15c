//! Whatever somebody sends is refused, bounded or cut; and others are served meanwhile.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::wire::Wire;
use super::{Served, answer, opening};
use crate::harness::{Site, Stopwatch};

const JSON: &str = "Content-Type: application/json\r\n";
const LINES: &str = "Content-Type: application/x-ndjson\r\n";
/// Bytes of a body that the server takes here.
const BODY_BYTES: &str = "100000";
/// So long anybody else may have to wait: far more than it takes, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(10);
const GIGABYTE: usize = 1 << 30;

/// Says that an attack is over, also when it was too good.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A server that somebody attacks while somebody else goes on working with it.
#[track_caller]
fn under_attack(attack: impl FnOnce(&Served)) {
    let site = Site::with_ledger();
    let settings = ["--header-seconds", "1", "--body-bytes", BODY_BYTES, "--connections", "200"];
    let served = Served::start(&site, &settings);
    assert_eq!(served.post(&opening("acme")).unwrap().0, 201);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let bystander = scope.spawn(|| {
            let (mut wire, mut asked) = (Wire::to(&served), 0);
            while asked < 3 || !over.load(Ordering::Relaxed) {
                let begun = Stopwatch::start();
                let (status, account) = wire.ask("GET", "/v1/accounts/acme", "");
                assert_eq!((status, account["events"].as_u64()), (200, Some(1)), "{account}");
                assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
                asked += 1;
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let ending = Ending(&over);
        attack(&served);
        drop(ending);
        bystander.join().unwrap();
    });
    assert!(resident_kb(&served) < 400_000, "{} kB", resident_kb(&served));
}

fn resident_kb(served: &Served) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/status", served.child.id())).unwrap();
    let resident = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    resident.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Asserts status and kind of problem of a request.
#[track_caller]
fn refused(served: &Served, request: (&str, &str, &str, &str), status: u16, kind: &str) {
    let (method, path, headers, body) = request;
    let (given, text) = served.ask(method, path, headers, body).unwrap();
    let told = text.contains(&format!("\"/problems/{kind}\""));
    assert!(given == status && told, "{method} {path}: {given} {text}");
}

/// Status and body of the answer to a head that is sent as it is, before any body.
fn to_head(served: &Served, head: &[u8]) -> std::io::Result<(u16, String)> {
    let mut stream = served.connect()?;
    stream.write_all(head)?;
    answer(stream)
}

#[test]
fn pages_of_other_origins_and_names_that_were_rebound() {
    under_attack(|served| {
        for (host, more) in [
            ("evil.example", ""),
            ("localhost.evil.example", ""),
            ("127.0.0.1.nip.io:80", ""),
            ("localhost", "Origin: https://evil.example\r\n"),
            ("localhost", "Origin: null\r\n"),
            ("localhost", "Sec-Fetch-Site: cross-site\r\n"),
        ] {
            for request in ["GET /v1/accounts", "POST /v1/events", "GET /v1/events/stream", "GET /docs/"] {
                let head =
                    format!("{request} HTTP/1.1\r\nHost: {host}\r\n{more}{JSON}Connection: close\r\n\r\n");
                let (status, text) = to_head(served, head.as_bytes()).unwrap();
                assert!(
                    status == 403 && text.contains("/problems/origin-forbidden"),
                    "{head}{status} {text}"
                );
            }
        }
        // What a page may send to another origin without asking it first.
        for simple in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let headers = format!("Content-Type: {simple}\r\n");
            refused(served, ("POST", "/v1/events", &headers, "{}"), 415, "unsupported-media-type");
        }
        // And what it asks first gets no leave.
        let preflight = "Access-Control-Request-Method: POST\r\n";
        let (status, text) = served.ask("OPTIONS", "/v1/events", preflight, "").unwrap();
        assert!(status == 405 && !text.to_lowercase().contains("access-control-allow"), "{status} {text}");
    });
}

#[test]
fn headers_and_bodies_that_come_one_byte_at_a_time() {
    under_attack(|served| {
        let open = |head: &str| {
            let mut stream = served.connect().unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream
        };
        let heads = (0..100).map(|_| open("GET /healthz HTTP/1.1\r\nHost: local"));
        let bodies = ["/v1/events", "/v1/policies?reason=x", "/v1/accounts/acme/whatif"].map(|path| {
            open(&format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{JSON}Content-Length: 1000\r\n\r\n{{"))
        });
        let bodies: Vec<_> = bodies.into_iter().collect();
        let mut heads: Vec<_> = heads.collect();
        // A byte now and then does not help.
        let begun = Stopwatch::start();
        while begun.elapsed() < Duration::from_millis(1_500) {
            std::thread::sleep(Duration::from_millis(300));
            for stream in &mut heads {
                let _ = stream.write_all(b"h");
            }
        }
        for mut stream in heads {
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest);
            assert!(!String::from_utf8_lossy(&rest).contains(" 200 "));
        }
        for stream in bodies {
            let (status, text) = answer(stream).unwrap();
            assert!(status == 408 && text.contains("/problems/body-too-slow"), "{status} {text}");
        }
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    });
}

/// They used to be waited for without end.
#[test]
fn lines_that_stop_coming() {
    under_attack(|served| {
        let begun = Stopwatch::start();
        let open = |lines: &str| {
            let mut stream = served.connect().unwrap();
            write!(stream, "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n{LINES}Connection: close\r\nContent-Length: 10000\r\n\r\n{lines}").unwrap();
            stream
        };
        let silent = ["", "\n", "{\"specversion\""].map(open);
        let telling = open(&format!("{}\n{{", opening("bolt")));
        for stream in silent {
            let (status, text) = answer(stream).unwrap();
            assert!(status == 408 && text.contains("/problems/body-too-slow"), "{status} {text}");
        }
        // What came before the pause stays, and is told.
        let (status, text) = answer(telling).unwrap();
        let told = ["\"status\":\"recorded\"", "\"recorded\":1,\"refused\":0", "/problems/body-too-slow"];
        assert!(status == 200 && told.iter().all(|told| text.contains(told)), "{status} {text}");
        assert_eq!(served.get("/v1/accounts/bolt")["events"], 1);
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    });
}

#[test]
fn more_connections_than_there_are_places() {
    under_attack(|served| {
        // They say nothing, and lose their places: those who wait get one then.
        let idle: Vec<TcpStream> = (0..400).map(|_| served.connect().unwrap()).collect();
        assert_eq!(served.ask("GET", "/healthz", "", "").unwrap().0, 200);
        drop(idle);
    });
}

#[test]
fn bodies_without_end() {
    under_attack(|served| {
        // Of 1 GB, refused by what it says of itself, before any of it is read.
        for path in ["/v1/events", "/v1/policies?reason=x", "/v1/accounts/acme/whatif", "/v1/backtests"] {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\n{JSON}Connection: close\r\nContent-Length: {GIGABYTE}\r\n\r\n"
            );
            let (status, text) = to_head(served, head.as_bytes()).unwrap();
            assert!(status == 413 && text.contains("/problems/too-large"), "{path}: {status} {text}");
        }
        // Of 1 GB, without saying so: hung up on long before its end.
        let endless = |headers: &str| {
            let mut stream = served.connect().unwrap();
            write!(stream, "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
            let reading = BufReader::new(stream.try_clone().unwrap());
            let chunk = [b"10000\r\n".as_slice(), &b" ".repeat(0x10000), b"\r\n"].concat();
            let sent = (0..GIGABYTE / 0x10000).take_while(|_| stream.write_all(&chunk).is_ok()).count();
            (sent * 0x10000, reading.lines().map_while(Result::ok).collect::<Vec<_>>().join("\n"))
        };
        let (sent, text) = endless(JSON);
        assert!(
            sent < GIGABYTE / 10 && (text.is_empty() || text.contains("/problems/too-large")),
            "{sent} {text}"
        );
        // One line of 1 GB among lines.
        let (sent, text) = endless(LINES);
        assert!(
            sent < GIGABYTE / 10 && (text.is_empty() || text.contains("/problems/too-large")),
            "{sent} {text}"
        );
    });
}

#[test]
fn json_that_nests_without_end() {
    under_attack(|served| {
        let lists = "[".repeat(10_000);
        let objects = "{\"a\":".repeat(10_000);
        let closed = lists.clone() + &"]".repeat(10_000);
        for deep in [&lists, &objects, &closed] {
            for path in ["/v1/events", "/v1/policies?reason=x", "/v1/accounts/acme/whatif", "/v1/reviews"] {
                refused(served, ("POST", path, JSON, deep), 400, "malformed");
            }
            // A line is refused for itself, and the others are taken.
            let lines = format!("{deep}\n{}\n", opening("acme"));
            let (status, text) = served.ask("POST", "/v1/events", LINES, &lines).unwrap();
            assert_eq!(status, 200);
            assert!(text.contains("\"duplicates\":1,\"recorded\":0,\"refused\":1"), "{text}");
        }
    });
}

#[test]
fn bodies_that_unpack_to_more() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..100 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 200_000);
    under_attack(|served| {
        for (path, kind) in [("/v1/events", JSON), ("/v1/events", LINES), ("/v1/accounts/acme/whatif", JSON)]
        {
            for coding in ["gzip", "deflate", "br", "gzip, gzip"] {
                let length = bomb.len();
                let head = format!(
                    "POST {path} HTTP/1.1\r\nHost: localhost\r\n{kind}Content-Encoding: {coding}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
                );
                // What comes after the head is not read.
                let mut stream = served.connect().unwrap();
                stream.write_all(head.as_bytes()).unwrap();
                let _ = stream.write_all(&bomb[..1_000]);
                let (status, text) = answer(stream).unwrap();
                assert!(
                    status == 415 && text.contains("/problems/unsupported-media-type"),
                    "{coding}: {text}"
                );
            }
        }
    });
}

#[test]
fn more_headers_and_larger_ones_than_anybody_needs() {
    under_attack(|served| {
        let many = (0..200).map(|n| format!("X-{n}: 1\r\n")).collect::<Vec<_>>().concat();
        assert_eq!(served.ask("GET", "/healthz", &many, "").unwrap().0, 431);
        let long = format!("X: {}\r\n", "x".repeat(40_000));
        refused(served, ("GET", "/healthz", &long, ""), 431, "headers-too-large");
        // More than a connection holds: it is cut, or refused in one of two places, but not served, as it used to be
        // when its bytes came at once.
        for size in [100_000, 10_000_000] {
            let longer = format!("X: {}\r\n", "x".repeat(size));
            let status = served.ask("GET", "/healthz", &longer, "").map_or(431, |(status, _)| status);
            assert_eq!(status, 431, "{size}");
        }
        let path = format!("/v1/events?account={}", "x".repeat(9_000));
        refused(served, ("GET", &path, "", ""), 414, "uri-too-long");
        // Headers without end, line by line.
        let mut stream = served.connect().unwrap();
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n").unwrap();
        let sent = (0..1_000_000).take_while(|n| write!(stream, "X-{n}: {n}\r\n").is_ok()).count();
        assert!(sent < 1_000_000, "all of them were taken");
    });
}

#[test]
fn paths_that_are_not_what_they_seem() {
    under_attack(|served| {
        // There is nothing at these, and no file of the machine either.
        for path in [
            "/v1/../../etc/passwd",
            "/docs/../../etc/passwd",
            "/docs/%2e%2e%2fetc%2fpasswd",
            "/docs/..%2f..%2fetc%2fpasswd",
            "/docs/%2e%2e/%2e%2e/etc/passwd",
            "/docs/..%5c..%5cetc%5cpasswd",
            "/docs//etc/passwd",
            "/docs/%00",
            "/problems/..%2f..%2fetc%2fpasswd",
            "//v1/accounts",
            "/v1//accounts",
            "/v1/accounts/",
            "/v1%2faccounts",
            "/V1/accounts",
            "/v1/accounts/acme/",
            "/v1/accounts/acme/..;/bolt",
            "/v1/accounts/acme%2fhistory",
            "/v1/accounts/..",
            "/v1/accounts/%2e%2e",
            "/v1/accounts/%00",
            "/v1/accounts/acme%00",
            "/v1/accounts/%24ledger",
            "/v1/accounts/$ledger/history",
        ] {
            let (status, text) = served.ask("GET", path, "", "").unwrap();
            let kind =
                ["/problems/not-found", "/problems/account-unknown"].iter().any(|kind| text.contains(kind));
            assert!(status == 404 && kind && !text.contains("root:"), "{path}: {status} {text}");
        }
        // Bytes that are no text: overlong forms of `/`, `.` and NUL, a lone byte, half of a pair.
        for bytes in ["%c0%af", "%c0%ae%c0%ae", "%e0%80%af", "%c0%80", "%ff", "%ed%a0%80"] {
            for path in [format!("/v1/accounts/{bytes}"), format!("/v1/accounts/acme/explain/{bytes}")] {
                refused(served, ("GET", &path, "", ""), 400, "bad-request");
            }
        }
        refused(served, ("GET", "/v1/events?account=%c0%af", "", ""), 400, "invalid-parameter");
        // What is no request line at all.
        for line in
            ["GET /v1/acc\0ounts HTTP/1.1", "GET /v1/acc ounts HTTP/1.1", "GET v1/accounts HTTP/1.1", "\0"]
        {
            let head = format!("{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let status = to_head(served, head.as_bytes()).map_or(400, |(status, _)| status);
            assert_eq!(status, 400, "{line:?}");
        }
        // Named whole, the host is the one that counts.
        let head = b"GET http://evil.example/v1/accounts HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
        assert_eq!(to_head(served, head).unwrap().0, 403);
    });
}
