//! The program itself, and the bare route, as processes of their own: the executable of the benchmark starts itself
//! once more, and is told by the environment what to be.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use rustix::thread::{CpuSet, sched_setaffinity};

use crate::plain;

/// What the process is to be: `program` or `plain`.
const ROLE: &str = "GUANXI_BENCHMARK_AS";
/// The cores that it is to keep to: `FIRST-PAST`, or nothing for all.
const CORES: &str = "GUANXI_BENCHMARK_CORES";

/// The cores that a process keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cores {
    /// Any.
    All,
    /// All but the last, on which whoever asks does.
    Serving,
    /// The last.
    Asking,
}

impl Cores {
    /// Keeps the calling thread, and those that it starts, to the cores. Without a second core there is nothing to
    /// share out.
    pub fn keep(self) {
        let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let cores = match self {
            Self::Serving if count > 1 => 0..count - 1,
            Self::Asking if count > 1 => count - 1..count,
            Self::All | Self::Serving | Self::Asking => 0..count,
        };
        let mut set = CpuSet::new();
        cores.for_each(|core| set.set(core));
        // Where the machine refuses, the cores are shared as they come.
        let _ = sched_setaffinity(None, &set);
    }
}

/// What the process was started to be: to be called before anything else. `None` in the benchmark itself.
pub fn be_what_you_are() -> Option<ExitCode> {
    let role = std::env::var(ROLE).ok()?;
    if std::env::var(CORES).is_ok() {
        Cores::Serving.keep();
    }
    if role == "program" {
        return Some(guanxi::cli::main());
    }
    plain::serve(Path::new(&std::env::args_os().nth(1)?));
    Some(ExitCode::SUCCESS)
}

fn command(role: &str, cores: Cores) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env_clear().env(ROLE, role).env("TZ", "UTC");
    if cores == Cores::Serving {
        command.env(CORES, "serving");
    }
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs the program on a ledger to its end.
pub fn run<A: AsRef<OsStr>>(ledger: &Path, arguments: impl IntoIterator<Item = A>) {
    let mut command = command("program", Cores::All);
    command.arg("--ledger").arg(ledger).args(arguments).stdout(Stdio::null());
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}

/// A server in a process of its own, killed when dropped.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Serving {
    /// Serves a ledger, as the program does by itself: with a line in the log for every request.
    pub fn ledger(ledger: &Path, cores: Cores) -> Self {
        let mut command = command("program", cores);
        command.arg("--ledger").arg(ledger).args(["serve", "--listen", "127.0.0.1:0"]);
        Self::start(command)
    }

    /// Serves the JSON of a file from a bare route.
    pub fn plain(json: &Path, cores: Cores) -> Self {
        let mut command = command("plain", cores);
        command.arg(json);
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Listening on http://").and_then(|text| text.parse().ok());
        Self { child, address: address.unwrap_or_else(|| panic!("{line}")) }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
