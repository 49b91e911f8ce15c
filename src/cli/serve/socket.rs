//! The server's end of the ledger's socket: it lets in the server's own user, so many commands at once, and ends them
//! with the server.

use std::io;
use std::os::unix::net::UnixStream as Connection;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::geteuid;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::super::socket::{self, Reply};
use super::command;
use crate::ledger::Ledger;

/// How long accepting rests when the machine gives no more connections.
const ACCEPT_REST: Duration = Duration::from_millis(50);
/// How long commands get to notice that they are cut.
const CUT_TIME: Duration = Duration::from_secs(1);
/// The stack of a command: what the main thread of a process has, for the same commands.
const STACK_BYTES: usize = 8 << 20;

/// A ledger's socket, listened on.
#[derive(Debug)]
pub(super) struct Socket {
    listener: UnixListener,
    path: PathBuf,
    ledger: Arc<Ledger>,
    commands: u32,
    places: Arc<Semaphore>,
    ending: Arc<AtomicBool>,
}

impl Socket {
    /// Listens in the ledger's directory, for so many commands at once.
    ///
    /// # Errors
    /// What the system says, such as that the directory's file system has no sockets.
    pub(super) fn open(ledger: &Arc<Ledger>, commands: u32) -> io::Result<Self> {
        let path = ledger.directory().socket();
        let listener = socket::listen(&path)?;
        listener.set_nonblocking(true)?;
        let places = usize::try_from(commands).unwrap_or(Semaphore::MAX_PERMITS);
        Ok(Self {
            listener: UnixListener::from_std(listener)?,
            path,
            ledger: Arc::clone(ledger),
            commands,
            places: Arc::new(Semaphore::new(places)),
            ending: Arc::new(AtomicBool::new(false)),
        })
    }

    /// Runs commands until `stop` is done; then takes no more, and lets those under way finish for so long as `grace`
    /// says.
    pub(super) async fn run(self, stop: impl Future<Output = ()>, grace: Duration) {
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted.and_then(|(stream, _)| self.admit(stream)) {
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(%error, "a command could not be taken from the socket");
                    sleep(ACCEPT_REST).await;
                }
            }
        }
        let Self { listener, path, commands, places, ending, .. } = self;
        socket::remove(&path);
        drop(listener);
        if timeout(grace, places.acquire_many(commands)).await.is_err() {
            tracing::warn!("some commands were still under way and were cut");
            ending.store(true, Ordering::Relaxed);
            let _ = timeout(CUT_TIME, places.acquire_many(commands)).await;
        }
    }

    fn admit(&self, stream: UnixStream) -> io::Result<()> {
        let peer = stream.peer_cred()?;
        let process = peer.pid().and_then(|process| u32::try_from(process).ok()).unwrap_or_default();
        let connection = stream.into_std()?;
        connection.set_nonblocking(false)?;
        if peer.uid() != geteuid().as_raw() {
            return socket::reply(&connection, Reply::Stranger);
        }
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => self.start(connection, process, place),
            Err(_) => socket::reply(&connection, Reply::Busy),
        }
    }

    fn start(&self, connection: Connection, process: u32, place: OwnedSemaphorePermit) -> io::Result<()> {
        let (ledger, ending) = (Arc::clone(&self.ledger), Arc::clone(&self.ending));
        let thread = std::thread::Builder::new().name("command".to_owned()).stack_size(STACK_BYTES);
        thread
            .spawn(move || {
                command::answer(&connection, process, &ledger, ending);
                drop((ledger, place));
            })
            .map(drop)
    }
}
