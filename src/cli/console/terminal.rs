//! Progress drawn on the terminal of a client.

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::TermLike;
use rustix::termios::tcgetwinsize;

use super::passed::{Passed, Sink};

/// Columns and rows of a terminal that does not say.
const SIZE: (u16, u16) = (80, 24);

/// The standard error of a client, a terminal. What is drawn goes there at once when it is flushed.
#[derive(Debug)]
pub(super) struct Terminal {
    sink: Mutex<(Sink, Vec<u8>)>,
}

impl Terminal {
    pub(super) fn new(passed: Arc<Passed>) -> Self {
        Self { sink: Mutex::new((Sink::error(passed), Vec::new())) }
    }

    fn size(&self) -> (u16, u16) {
        let sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        let size = tcgetwinsize(sink.0.file()).map_or(SIZE, |size| (size.ws_col, size.ws_row));
        if size.0 == 0 || size.1 == 0 { SIZE } else { size }
    }

    fn draw(&self, text: &str) {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner).1.extend_from_slice(text.as_bytes());
    }

    fn move_by(&self, count: usize, direction: char) {
        if count > 0 {
            self.draw(&format!("\u{1b}[{count}{direction}"));
        }
    }
}

impl TermLike for Terminal {
    fn width(&self) -> u16 {
        self.size().0
    }

    fn height(&self) -> u16 {
        self.size().1
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.move_by(n, 'A');
        Ok(())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.move_by(n, 'B');
        Ok(())
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.move_by(n, 'C');
        Ok(())
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.move_by(n, 'D');
        Ok(())
    }

    fn write_line(&self, s: &str) -> io::Result<()> {
        self.draw(s);
        self.draw("\n");
        Ok(())
    }

    fn write_str(&self, s: &str) -> io::Result<()> {
        self.draw(s);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.draw("\r\u{1b}[2K");
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        let drawn = std::mem::take(&mut sink.1);
        sink.0.write_all(&drawn)
    }
}
