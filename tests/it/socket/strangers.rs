//! Others on the socket: those who do not speak its language, and those who speak another version of it.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};

use super::{Served, eventually, opening};
use crate::harness::Site;

/// What a request and a reply begin with.
const GREETING: &[u8] = b"guanxi\x01\x00";

#[test]
fn the_socket_is_its_owners_alone() {
    let site = Site::with_ledger();
    let _served = Served::start(&site, &[]);
    let mode = std::fs::metadata(site.ledger().join("socket")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_is_no_request_is_refused_and_the_server_goes_on() {
    let site = Site::with_ledger();
    let served = Served::start(&site, &["--commands", "2"]);
    let ask = |bytes: &[u8]| {
        let mut stream = UnixStream::connect(site.ledger().join("socket")).unwrap();
        // What comes after a refusal is not read.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply);
        reply
    };
    let (malformed, too_long, version) = ([3, 0], [4, 0], [5, 0]);
    let head = |length: u32| [GREETING, &length.to_le_bytes()].concat();
    let requests = [
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), malformed),
        (Vec::new(), malformed),
        (GREETING[..3].to_vec(), malformed),
        (b"guanxi\x02\x00".to_vec(), version),
        (head(u32::MAX), too_long),
        (head(5), malformed),
        ([head(5), b"hello".to_vec()].concat(), malformed),
    ];
    for (request, expected) in requests {
        assert_eq!(ask(&request), [GREETING, &expected].concat(), "{request:?}");
        eventually("the server goes on", || site.run(["accounts"]).code == Some(0));
    }
    assert_eq!(served.post(&opening("acme")).unwrap().0, 201);
}

#[test]
fn a_server_of_another_version_is_told_apart() {
    let site = Site::with_ledger();
    let replies = [
        (b"guanxi\x63\x00whatever".to_vec(), "speaks version 99"),
        (b"HTTP/1.1 400".to_vec(), "did not understand"),
        (Vec::new(), "ended before it had answered"),
        (GREETING.to_vec(), "ended before it had answered"),
        ([GREETING, &[2, 0]].concat(), "another user"),
    ];
    for (reply, expected) in replies {
        let path = site.ledger().join("socket");
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path).unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(&reply).unwrap();
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let said = site.run(["accounts"]).failed(1);
        server.join().unwrap();
        assert!(said.contains(expected), "{expected}: {said}");
    }
    // Nobody listens there any more.
    site.run(["accounts"]).succeeded();
}

#[test]
fn a_folder_without_room_for_a_socket_is_served_all_the_same() {
    let site = Site::with_ledger();
    std::fs::create_dir(site.ledger().join("socket.new")).unwrap();
    let mut served = Served::start(&site, &[]);
    assert_eq!(served.post(&opening("acme")).unwrap().0, 201);
    assert!(site.run(["accounts"]).failed(1).contains("held by process"));
    served.signal("TERM");
    let mut said = String::new();
    served.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("the command line cannot work on the ledger while it is served"), "{said}");
}

#[test]
fn other_keys_than_those_of_the_server_are_refused() {
    let site = Site::with_ledger();
    let _served = Served::start(&site, &[]);
    std::fs::create_dir(site.path().join("other")).unwrap();
    for keys in ["other", "nowhere"] {
        let refused = site.run(["accounts", "--keys", keys]).failed(1);
        assert!(
            refused.contains("served with other keys") && refused.contains("leave out --keys"),
            "{refused}"
        );
    }
    site.run(["accounts", "--keys", "ledger.keys"]).succeeded();
}
