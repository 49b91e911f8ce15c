//! The real program in an environment of its own: a temporary directory, a fixed time zone, no colours, and
//! nothing of the environment that the tests run in.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use guanxi::clock::{Clock as _, SystemClock};
use guanxi_projections::time::Timestamp;

/// A temporary directory, removed when dropped, in which the program runs. The ledger is `ledger` in it, its keys
/// are in `ledger.keys`.
#[derive(Debug)]
pub(crate) struct Site {
    directory: tempfile::TempDir,
}

/// What one run of the program said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ran {
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a temporary directory") }
    }

    /// A directory with an empty ledger.
    #[track_caller]
    pub(crate) fn with_ledger() -> Self {
        let site = Self::new();
        site.run(["init"]).succeeded();
        site
    }

    /// A directory with a ledger that holds the northwind tables: 2,750 events of 89 accounts, with contacts.
    #[track_caller]
    pub(crate) fn with_northwind() -> Self {
        let site = Self::with_ledger();
        site.run(["import", &northwind_orders(), "--mapping", &northwind_mapping()]).succeeded();
        site
    }

    /// Another directory with the same ledger and the same keys.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        for folder in ["ledger", "ledger.keys"] {
            let (from, to) = (self.path().join(folder), copy.path().join(folder));
            std::fs::create_dir(&to).expect("a new folder");
            for file in files_in(&from) {
                let name = file.file_name().expect("a file has a name");
                std::fs::copy(&file, to.join(name)).expect("a file is copied");
            }
        }
        copy
    }

    /// The whole archive of the ledger.
    #[track_caller]
    pub(crate) fn archive(&self) -> String {
        self.run(["export", "--archive"]).succeeded()
    }

    /// Writes a file beside the ledger and gives its path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, bytes).expect("a file is written");
        path.to_str().expect("the path is UTF-8").to_owned()
    }

    /// A script for bash, which finds the program in `$GUANXI`.
    pub(crate) fn script(&self, script: &str) -> Ran {
        let mut command = Command::new("bash");
        command.args(["-c", script]).current_dir(self.path()).stdin(Stdio::null());
        command.env("GUANXI", env!("CARGO_BIN_EXE_guanxi")).env("TZ", "UTC").env("NO_COLOR", "1");
        command.env_remove("GUANXI_LEDGER").env_remove("GUANXI_KEYS");
        Ran::of(command.output().expect("bash starts"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join("ledger")
    }

    /// The program, ready to be started: for tests that must hold it while it runs.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guanxi"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.path()).env("TZ", "UTC").env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program with nothing on standard input.
    #[track_caller]
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        self.feed(arguments, "")
    }

    /// Runs the program with `input` on standard input. A program that does not read all of it is no failure.
    #[track_caller]
    pub(crate) fn feed<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        input: impl AsRef<[u8]>,
    ) -> Ran {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("its input is a pipe");
        let input = input.as_ref();
        let output = std::thread::scope(|scope| {
            scope.spawn(move || drop(stdin.write_all(input)));
            child.wait_with_output().expect("the program ends")
        });
        Ran::of(output)
    }
}

/// The files of a folder, by name.
pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

/// A file of `fixtures/`.
pub(crate) fn fixture(path: &str) -> String {
    format!("{}/fixtures/{path}", env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn northwind_orders() -> String {
    fixture("northwind/orders.csv")
}

pub(crate) fn northwind_mapping() -> String {
    fixture("mappings/northwind.toml")
}

/// How often a campaign repeats its test: `default`, unless the environment says another number.
pub(crate) fn repeats(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |times| times.parse().expect("a number of repetitions"))
}

/// Tells how long something has taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Timestamp);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(SystemClock.now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        let micros = SystemClock.now().micros() - self.0.micros();
        Duration::from_micros(u64::try_from(micros).unwrap_or_default())
    }
}

/// Random numbers that are the same in every run: splitmix64.
#[derive(Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number in `[0, below)`.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }

    /// Asserts that the program either did what it was asked, or gave up with a reason: exit code 1 or 4, neither
    /// a signal nor a bug. Whether it did.
    #[track_caller]
    pub(crate) fn did_or_said_why_not(&self) -> bool {
        let bug = self.stderr.contains("bug") || self.stderr.contains("panicked");
        assert!(matches!(self.code, Some(0 | 1 | 4)) && !bug, "{self}");
        assert!(self.code == Some(0) || self.stderr.contains("Error: "), "{self}");
        self.code == Some(0)
    }

    /// Asserts exit code 0 and gives standard output.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self}");
        self.stdout
    }

    /// Asserts the exit code of a failure, an empty standard output, and a reason; gives standard error.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self}");
        assert!(self.stdout.is_empty() && !self.stderr.is_empty(), "{self}");
        self.stderr
    }

    /// Asserts exit code 0 and gives standard output as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        let stdout = self.succeeded();
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stdout}"))
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit code {:?}\n{}\n{}", self.code, self.stdout, self.stderr)
    }
}
