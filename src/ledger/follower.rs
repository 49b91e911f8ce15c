//! Keeping the image current while a ledger is served, so that no question waits for what was recorded before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Ledger;

/// How long it takes at most to notice that it should stop.
const PATIENCE: Duration = Duration::from_millis(50);

/// A thread that reads what is recorded as soon as it is. Ends when dropped.
///
/// A question catches up by itself with what the follower has not read yet; without one, the first question after a
/// long import would pay for all of it.
#[derive(Debug)]
pub struct Follower {
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Follower {
    /// Follows a ledger from now on.
    ///
    /// # Errors
    /// [`std::io::Error`] when there is no thread to be had.
    pub fn start(ledger: &Arc<Ledger>) -> std::io::Result<Self> {
        let stopped = Arc::new(AtomicBool::new(false));
        let (ledger, is_stopped) = (Arc::clone(ledger), Arc::clone(&stopped));
        let follow = move || {
            while !is_stopped.load(Ordering::Relaxed) {
                // What cannot be read is told to whoever asks.
                match ledger.refresh() {
                    Ok(read) => {
                        ledger.log.wait_beyond(read, PATIENCE);
                    }
                    Err(_) => std::thread::sleep(PATIENCE),
                }
            }
        };
        let thread = std::thread::Builder::new().name("image-follower".to_owned()).spawn(follow)?;
        Ok(Self { stopped, thread: Some(thread) })
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
