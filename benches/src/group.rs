//! The yardsticks' queue: one thread, one bounded queue, one commit for everything that waits, as in the log.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// What one commit drains at most, and what may wait: the log's own figures.
const GROUP: usize = 1_024;

type Waiting = (usize, SyncSender<()>);

/// A running queue. Dropping it ends its thread.
#[derive(Debug)]
pub struct Group {
    queue: Option<SyncSender<Waiting>>,
    writer: Option<JoinHandle<()>>,
}

impl Group {
    /// Starts the thread; `commit` makes a group of items durable.
    pub fn start(mut commit: impl FnMut(&[usize]) + Send + 'static) -> Self {
        let (sender, receiver) = sync_channel(GROUP);
        let writer = std::thread::spawn(move || run(&receiver, &mut commit));
        Self { queue: Some(sender), writer: Some(writer) }
    }

    /// Submits an item and waits until it is durable.
    pub fn append(&self, item: usize) {
        let (reply, done) = sync_channel(1);
        self.queue.as_ref().unwrap().try_send((item, reply)).unwrap();
        done.recv().unwrap();
    }
}

fn run(queue: &Receiver<Waiting>, commit: &mut impl FnMut(&[usize])) {
    while let Ok((item, reply)) = queue.recv() {
        let (mut items, mut replies) = (vec![item], vec![reply]);
        let mut yielded_at = 0;
        while items.len() < GROUP {
            if let Ok((item, reply)) = queue.try_recv() {
                items.push(item);
                replies.push(reply);
            } else if yielded_at == items.len() {
                break;
            } else {
                yielded_at = items.len();
                std::thread::yield_now();
            }
        }
        commit(&items);
        for reply in replies {
            let _ = reply.try_send(());
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}
