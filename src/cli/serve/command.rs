//! One command of a client, run in the server's process.

use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::{CommandFactory as _, FromArgMatches as _};

use super::super::console::{Client, Console, Passed, Streams};
use super::super::failure::{BUG, Failure, USAGE};
use super::super::socket::{self, Reply, Request};
use super::super::{Cli, exit_code, output};
use crate::ledger::Ledger;

/// How long a request may take to come.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// Reads the request of a process, runs the command and says how it went.
pub(super) fn answer(connection: &UnixStream, process: u32, ledger: &Arc<Ledger>, ending: Arc<AtomicBool>) {
    let run = || -> io::Result<Reply> {
        connection.set_read_timeout(Some(REQUEST_TIME))?;
        let (request, streams) = match socket::receive(connection) {
            Ok(received) => received,
            Err(reply) => return Ok(reply),
        };
        connection.set_read_timeout(None)?;
        let client = Client { process, folder: request.folder.clone(), mask: request.mask };
        let console = console(client, streams, connection, ending)?;
        Ok(Reply::Done(console.within(|| exit_code(|| run(request, ledger)))))
    };
    let reply = run().unwrap_or_else(|error| {
        tracing::warn!(%error, "a command from the socket could not be run");
        Reply::Busy
    });
    // Whoever is gone by now hears nothing.
    let _ = socket::reply(connection, reply);
    // Whoever watches the connection hears of the end.
    let _ = connection.shutdown(Shutdown::Both);
}

/// The console of a client, watched for its end.
fn console(
    client: Client,
    streams: Streams,
    connection: &UnixStream,
    ending: Arc<AtomicBool>,
) -> io::Result<Console> {
    let passed = Arc::new(Passed::new(streams, client, connection.try_clone()?, ending));
    let watched = Arc::clone(&passed);
    std::thread::Builder::new().name("command-watch".to_owned()).spawn(move || watched.watch())?;
    Ok(Console::Passed(passed))
}

fn run(request: Request, ledger: &Arc<Ledger>) -> Result<u8, Failure> {
    let parsed = Cli::command().try_get_matches_from(request.arguments).and_then(|matches| {
        let name = matches.subcommand_name().unwrap_or_default().to_owned();
        Ok((name, Cli::from_arg_matches(&matches)?))
    });
    let (name, mut cli) = match parsed {
        Ok(parsed) => parsed,
        // The client has understood them: it is not quite the same program.
        Err(error) => {
            output::complaint(&error.to_string());
            return Ok(USAGE);
        }
    };
    if !cli.command.can_be_served() {
        return Err(Failure::user(format!("the server does not run `guanxi {name}` for others")));
    }
    cli.global.ledger = request.ledger;
    cli.global.keys = request.keys;
    cli.global.lang = request.language;
    cli.global.served = Some(Arc::clone(ledger));
    let began = ledger.now();
    let code = exit_code(|| cli.run());
    let microseconds = ledger.now().micros() - began.micros();
    if code == BUG {
        tracing::error!(command = name, "a bug: a command panicked");
    }
    tracing::info!(command = name, code, microseconds, "ran a command");
    Ok(code)
}
