mod command;
mod settings;
mod socket;

use std::io::stderr;
use std::sync::Arc;

use clap::Args;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::level_filters::LevelFilter;

use super::failure::Failure;
use super::{Global, output};
use crate::http::{Listening, ServeError, Server, Way};
use crate::ledger::{Follower, Ledger};
use settings::{Given, LogFormat, Settings};
use socket::Socket;

/// Threads that may block beside those of questions and appends: parsing, and what the runtime needs itself.
const OTHER_THREADS: usize = 16;

/// Serve the ledger over HTTP.
///
/// Settings come from flags, then from the environment, then from --config, then from the program. The interface is
/// described at /docs. While the ledger is served, the other commands work on it as ever, through a socket in its
/// directory that its owner alone can use. Stopping it (SIGINT or SIGTERM) finishes what was accepted.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    given: Given,
    /// Print the settings that would hold, as TOML, and serve nothing.
    #[arg(long)]
    print_config: bool,
}

impl Serve {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let settings = Settings::of(&self.given)?;
        if self.print_config {
            let text = toml::to_string(&settings).map_err(|error| Failure::user(error.to_string()))?;
            return output::text(&text);
        }
        trace(&settings);
        let ledger = global.open_for_writing("guanxi serve")?.share();
        let _follower =
            Follower::start(&ledger).map_err(|error| Failure::user(format!("could not start: {error}")))?;
        let runtime =
            runtime(&settings).map_err(|error| Failure::user(format!("could not start: {error}")))?;
        runtime.block_on(serve(&settings, &ledger))
    }
}

fn runtime(settings: &Settings) -> std::io::Result<Runtime> {
    let blocking = 2 * settings.queries + settings.appends + OTHER_THREADS;
    Builder::new_multi_thread().enable_all().max_blocking_threads(blocking).build()
}

/// The log of the server goes to standard error. A second server in one process goes on with the log of the first.
fn trace(settings: &Settings) {
    let level: LevelFilter = settings.log_level.into();
    let log = tracing_subscriber::fmt().with_writer(stderr).with_max_level(level).with_target(false);
    let _ = match settings.log_format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}

async fn serve(settings: &Settings, ledger: &Arc<Ledger>) -> Result<(), Failure> {
    let stopped = stopped()?;
    let way = settings.way();
    let listening = Listening::on(settings.listen, &way, ledger).await?;
    let socket = Socket::open(ledger, settings.commands);
    let server = Server::new(ledger, settings.limits());
    let scheme = if matches!(way, Way::Tls(_)) { "https" } else { "http" };
    output::line(&format!("Listening on {scheme}://{}", listening.address()))?;
    if !ledger.has_tokens() {
        output::notice(
            "there are no tokens: whatever runs on this machine may ask and record, and nothing else may",
        );
    }
    let http = server.run(listening, until(stopped.clone()));
    match socket {
        Ok(socket) => {
            let grace = settings.limits().grace;
            tokio::join!(http, socket.run(until(stopped), grace));
        }
        Err(error) => {
            output::notice(&format!(
                "the command line cannot work on the ledger while it is served: {error}"
            ));
            http.await;
        }
    }
    Ok(())
}

/// Becomes true when somebody asks the server to stop.
fn stopped() -> Result<watch::Receiver<bool>, Failure> {
    let no_signals = |error| Failure::user(format!("could not wait for signals: {error}"));
    let mut interrupted = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(no_signals)?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        stop.send_replace(true);
    });
    Ok(stopped)
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // Whoever would say so is gone: then it is over, too.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        let failure = Self::caused(&error);
        match error {
            ServeError::Open(_) => failure.hint("make one with `guanxi token create`, or listen on 127.0.0.1 or [::1]"),
            ServeError::Clear(_) => failure.hint(
                "give --tls-cert and --tls-key, or say --behind-proxy if a proxy ends TLS and nobody else reaches it",
            ),
            ServeError::Listen { .. } | ServeError::Tls { .. } => failure,
        }
    }
}
