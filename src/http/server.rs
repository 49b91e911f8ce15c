//! The server itself: it listens, holds what connections may cost, and stops without dropping what was accepted.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::jobs::Jobs;
use super::tls::TlsFiles;
use super::{Limits, router};
use crate::ledger::Ledger;

/// The most headers of a request.
const HEADERS_MAX: usize = 100;
/// About so many bytes of a request are held before its headers are complete, and of what is read ahead of a body; the
/// frame holds headers to a limit of their own.
const BUFFER_BYTES: usize = 64 << 10;
/// How long accepting rests when the machine gives no more connections.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// Why a server did not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("could not listen on {address}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Whoever can reach the address could do anything.
    #[error("{0} can be reached from other machines, and this ledger has no tokens")]
    Open(SocketAddr),
    /// Whoever listens on the way could read tokens.
    #[error("{0} can be reached from other machines, and tokens would go there in the clear")]
    Clear(SocketAddr),
    /// A certificate or key cannot be used.
    #[error("could not use {}: {says}", path.display())]
    Tls {
        /// Which file.
        path: PathBuf,
        /// Why not.
        says: String,
    },
}

/// What lies between the server and those who ask.
#[derive(Debug, Clone)]
pub enum Way {
    /// Nothing: requests come in the clear, from this machine.
    Clear,
    /// TLS, ended by the server itself.
    Tls(TlsFiles),
    /// A proxy that ends TLS, and which alone reaches the server.
    Proxy,
}

/// A server that is bound to its address.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
}

/// What is served, and within what limits.
#[derive(Debug)]
pub struct Server {
    router: Router,
    pub(super) jobs: Arc<Jobs>,
    limits: Limits,
    stopping: watch::Sender<bool>,
}

impl std::fmt::Debug for Listening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listening").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Listening {
    /// Binds to an address.
    ///
    /// # Errors
    /// For an address that other machines can reach: [`ServeError::Open`] without tokens, [`ServeError::Clear`]
    /// without TLS or a proxy.
    pub async fn on(address: SocketAddr, way: &Way, ledger: &Ledger) -> Result<Self, ServeError> {
        if !address.ip().is_loopback() {
            if !ledger.has_tokens() {
                return Err(ServeError::Open(address));
            }
            if matches!(way, Way::Clear) {
                return Err(ServeError::Clear(address));
            }
        }
        let tls = match way {
            Way::Tls(files) => Some(files.acceptor()?),
            Way::Clear | Way::Proxy => None,
        };
        let listen = |source| ServeError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        Ok(Self { listener, address, tls })
    }

    /// Where it listens: with the port that the machine gave, if 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Server {
    /// A server of a ledger.
    pub fn new(ledger: &Arc<Ledger>, limits: Limits) -> Self {
        let (stopping, stopped) = watch::channel(false);
        let (router, jobs) = router(ledger, limits, stopped);
        Self { router, jobs, limits, stopping }
    }

    /// Serves until `stop` is done; then takes no more connections, ends the streams, stops the jobs, and lets the
    /// requests under way finish, for so long as the limits grant.
    pub async fn run(self, listening: Listening, stop: impl Future<Output = ()>) {
        let Self { router, jobs, limits, stopping } = self;
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(limits.connections));
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = accept(&listening.listener, &places) => accepted,
                () = &mut stop => break,
            };
            let Some((stream, place)) = accepted else {
                sleep(ACCEPT_REST).await;
                continue;
            };
            let (watcher, router, tls) = (graceful.watcher(), router.clone(), listening.tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => speak(stream, router, limits, watcher).await,
                    Some(tls) => {
                        if let Ok(Ok(stream)) = timeout(limits.header_time, tls.accept(stream)).await {
                            speak(stream, router, limits, watcher).await;
                        }
                    }
                }
                drop(place);
            });
        }
        drop(listening);
        stopping.send_replace(true);
        let all_ended = async {
            graceful.shutdown().await;
            jobs.ended().await;
        };
        if timeout(limits.grace, all_ended).await.is_err() {
            tracing::warn!("some requests or jobs were still under way and were cut");
        }
    }
}

/// Serves one connection to its end. One that breaks is the other side's business.
async fn speak<S>(stream: S, router: Router, limits: Limits, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = TowerToHyperService::new(router);
    let _ = watcher.watch(builder(&limits).serve_connection(TokioIo::new(stream), service)).await;
}

/// The next connection and its place among them; `None` when the machine refused.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => {
            // Answers are written whole: waiting for more of them only makes them late.
            let _ = stream.set_nodelay(true);
            Some((stream, place))
        }
        Err(error) => {
            tracing::warn!(%error, "no connection could be accepted");
            None
        }
    }
}

fn builder(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_headers(HEADERS_MAX)
        .max_buf_size(BUFFER_BYTES)
        .half_close(true);
    builder
}
