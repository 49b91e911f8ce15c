//! The command line on a ledger that another process serves: the command goes through that process's socket, with the
//! standard streams of this one, and nobody notices.
//!
//! `guanxi serve` holds its ledger and listens on `<ledger>/socket`. A command that finds somebody there sends its
//! arguments, what the environment added to them, its folder and its mask of file modes, and passes its three streams;
//! the server runs the same command on a thread of its own, which reads from and writes to these streams, and answers
//! with the exit code. A client that goes away ends its command: see `console/passed.rs`. Where nobody listens, be it
//! that there never was a server or that one was killed, the command opens the ledger itself.
//!
//! Rejected: to ask over HTTP and print here. Every answer would exist twice, and what a command shows would be what the
//! interface happens to have.

mod message;
mod place;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, stderr, stdin, stdout};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::fs::Mode;
use rustix::process::umask;

pub(super) use message::{Reply, Request, receive, reply};
pub(super) use place::{listen, remove};

use super::failure::Failure;
use super::{Cli, Global};

/// Has the server of the ledger run the command, and gives its exit code; `None` when there is no server, or the
/// command is not one for it.
pub(super) fn hand_over(cli: &Cli, arguments: &[OsString]) -> Result<Option<u8>, Failure> {
    if !cli.command.can_be_served() {
        return Ok(None);
    }
    // Whatever is the matter with the directory is told by whoever opens the ledger.
    let Ok(directory) = cli.global.directory() else { return Ok(None) };
    let Some(connection) = place::connect(&directory.socket()) else { return Ok(None) };
    let input = if cli.command.reads_input() && stdin().is_terminal() { relay()? } else { None };
    let request = request(&cli.global, arguments);
    ask(&connection, &request, input.as_ref()).map(Some)
}

fn request(global: &Global, arguments: &[OsString]) -> Request {
    // A folder that was removed has no name of its own any more.
    let folder = std::env::current_dir().unwrap_or_else(|_| "/proc/self/cwd".into());
    let mask = umask(Mode::empty());
    umask(mask);
    Request {
        arguments: arguments.to_vec(),
        ledger: global.ledger.clone(),
        keys: global.keys.clone(),
        language: global.lang,
        folder,
        mask: mask.bits(),
    }
}

/// A pipe in front of a terminal: a server that reads from the terminal that it was started on itself would be stopped
/// by it.
fn relay() -> Result<Option<OwnedFd>, Failure> {
    let failed = |error: io::Error| Failure::user(format!("could not pass on standard input: {error}"));
    let (reader, mut writer) = io::pipe().map_err(failed)?;
    let relay = move || {
        // Once nobody reads, nobody needs to hear of it.
        let _ = io::copy(&mut stdin(), &mut writer);
    };
    std::thread::Builder::new().name("standard-input".to_owned()).spawn(relay).map_err(failed)?;
    Ok(Some(reader.into()))
}

/// Sends the request and waits for the exit code.
fn ask(mut connection: &UnixStream, request: &Request, input: Option<&OwnedFd>) -> Result<u8, Failure> {
    let (own, output, error) = (stdin(), stdout(), stderr());
    let input = input.map_or_else(|| own.as_fd(), |input| input.as_fd());
    // A server that refuses does not read all of it, but says why.
    let sent = message::send(connection, request, &[input, output.as_fd(), error.as_fd()]);
    let code = match message::reply_from(&mut connection) {
        Ok(reply) => reply.code()?,
        Err(error) => return Err(gone(&sent.err().unwrap_or(error))),
    };
    Ok(code)
}

fn gone(error: &io::Error) -> Failure {
    Failure::user(format!("the server of the ledger ended before it had answered: {error}")).hint(
        "what was recorded stays; run the command again: what it finds recorded it does not record twice",
    )
}
