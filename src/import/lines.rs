//! Lines of bounded length: an over-long line costs its own line, never the memory of the machine.

use std::io::{self, BufRead};

use super::input::fill;

/// The most bytes that one line, one row or one element of an array may have.
pub(crate) const ITEM_BYTES_MAX: usize = 1024 * 1024;

/// Why no line could be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Reads lines ended by `\n` or `\r\n`, and counts them.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Takes the bytes of a file; `lines_before` lines of it have been read already.
    pub(crate) fn new(reader: R, lines_before: u64) -> Self {
        Self { reader, buffer: Vec::new(), number: lines_before }
    }

    /// The number of the line given last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The reader, positioned after the line given last.
    pub(crate) fn reader(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Says that the reader was used directly, and has passed so many line ends.
    pub(crate) fn skipped(&mut self, lines: u64) {
        self.number += lines;
    }

    /// The next line without its end; `None` at the end of the file.
    ///
    /// Of a line longer than [`ITEM_BYTES_MAX`] nothing is kept.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Result<&[u8], TooLong>>> {
        self.buffer.clear();
        let mut too_long = false;
        let mut any = false;
        loop {
            let available = fill(&mut self.reader)?;
            if available.is_empty() {
                break;
            }
            any = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
            too_long |= self.buffer.len() + part.len() > ITEM_BYTES_MAX;
            if !too_long {
                self.buffer.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        if too_long {
            return Ok(Some(Err(TooLong)));
        }
        Ok(Some(Ok(self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Result<Vec<u8>, TooLong>> {
        let mut lines = Lines::new(io::BufReader::with_capacity(3, bytes), 0);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            all.push(line.map(<[u8]>::to_vec));
        }
        assert_eq!(lines.number(), all.len() as u64);
        all
    }

    #[test]
    fn both_line_ends_and_a_missing_last_one() {
        assert_eq!(lines(b"a\r\n\nb"), [Ok(b"a".to_vec()), Ok(vec![]), Ok(b"b".to_vec())]);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn an_over_long_line_is_dropped_without_being_kept() {
        let mut bytes = vec![b'x'; 10 * ITEM_BYTES_MAX];
        bytes.extend_from_slice(b"\nshort\n");
        let mut lines = Lines::new(bytes.as_slice(), 0);
        assert_eq!(lines.next_line().unwrap(), Some(Err(TooLong)));
        assert!(lines.buffer.capacity() <= 2 * ITEM_BYTES_MAX);
        assert_eq!(lines.next_line().unwrap(), Some(Ok(b"short".as_slice())));
        assert_eq!(lines.number(), 2);
    }
}
