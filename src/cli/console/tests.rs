//! A console that a client passed, without a client.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::failure::{BUG, Failure, USER};
use super::super::{exit_code, output, progress};
use super::passed::{Client, Passed, Streams};
use super::{Console, create_new, err, open, out};

/// What the client has: its folder, and the other end of its connection.
struct There {
    folder: tempfile::TempDir,
    connection: Option<UnixStream>,
    ending: Arc<AtomicBool>,
    console: Console,
}

impl There {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file =
            |name: &str| File::options().read(true).append(true).create(true).open(folder.path().join(name));
        fs::write(folder.path().join("input"), "asked").unwrap();
        let streams = Streams {
            input: file("input").unwrap(),
            output: file("output").unwrap(),
            error: file("error").unwrap(),
        };
        let client = Client { process: 7, folder: folder.path().to_owned(), mask: 0o077 };
        let (connection, ours) = UnixStream::pair().unwrap();
        let ending = Arc::new(AtomicBool::new(false));
        let passed = Passed::new(streams, client, ours, Arc::clone(&ending));
        let console = Console::Passed(Arc::new(passed));
        Self { folder, connection: Some(connection), ending, console }
    }

    fn said(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

#[test]
fn what_is_said_goes_to_the_client() {
    let there = There::new();
    there.console.within(|| {
        output::line("an answer").unwrap();
        output::notice("something");
        let mut asked = String::new();
        Console::current().input().read_to_string(&mut asked).unwrap();
        assert_eq!(asked, "asked");
        let console = Console::current();
        std::thread::spawn(move || console.within(|| write!(err(), "from another thread")))
            .join()
            .unwrap()
            .unwrap();
        let large = vec![b'x'; 10_000];
        out().write_all(&large).unwrap();
    });
    assert_eq!(there.said("output").len(), "an answer\n".len() + 10_000);
    assert_eq!(there.said("error"), "Note: something\nfrom another thread");
    assert!(matches!(Console::current(), Console::Own));
}

#[test]
fn names_are_the_clients() {
    let there = There::new();
    there.console.within(|| {
        create_new(Path::new("made")).unwrap().write_all(b"1").unwrap();
        assert!(create_new(Path::new("made")).is_err());
        let mut read = String::new();
        open(Path::new("made")).unwrap().read_to_string(&mut read).unwrap();
        assert_eq!(read, "1");
    });
    let made = there.folder.path().join("made");
    assert_eq!(fs::metadata(&made).unwrap().permissions().mode() & 0o777, 0o600);
    let place = |name: &str| there.console.place(Path::new(name));
    assert_eq!(place("made"), made);
    for (own, expected) in [
        ("/etc/hosts", "/etc/hosts"),
        ("/dev/fd/63", "/proc/7/fd/63"),
        ("/dev/stdin", "/proc/7/fd/0"),
        ("/proc/self/fd/1", "/proc/7/fd/1"),
    ] {
        assert_eq!(place(own).to_str(), Some(expected));
        assert_eq!(Console::Own.place(Path::new(own)).to_str(), Some(own));
    }
}

#[test]
fn a_panic_is_a_bug_for_that_client_alone() {
    let there = There::new();
    let bug = || -> Result<u8, Failure> { panic!("a test") };
    assert_eq!(there.console.within(|| exit_code(bug)), BUG);
    assert!(matches!(Console::current(), Console::Own));
    assert_eq!(there.console.within(|| exit_code(|| Err(Failure::user("no")))), USER);
    assert_eq!(there.said("error"), "Error: no\n");
}

#[test]
fn work_ends_when_nobody_waits_for_it() {
    let mut there = There::new();
    let work = |steps: &mut u64| {
        exit_code(|| {
            let bar = progress::of_things(10);
            for step in 0..10 {
                bar.set_position(step);
                *steps += 1;
            }
            Ok(0)
        })
    };
    let mut steps = 0;
    assert_eq!((there.console.within(|| work(&mut steps)), steps), (0, 10));
    there.ending.store(true, Ordering::Relaxed);
    let mut steps = 0;
    assert_eq!((there.console.within(|| work(&mut steps)), steps), (USER, 0));
    there.ending.store(false, Ordering::Relaxed);

    drop(there.connection.take());
    // The end is noticed where something is read or written, or by whoever watches.
    assert!(there.console.within(|| out().write_all(b"late")).is_err());
    let mut steps = 0;
    assert_eq!((there.console.within(|| work(&mut steps)), steps), (USER, 0));
    assert_eq!(there.said("output"), "");
}
