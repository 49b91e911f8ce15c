//! `CloudEvents` JSON, one event per line. A line that holds an array is a batch; a file that begins with `[`
//! begins with one array, which may span lines.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use guanxi_projections::wire;
use serde_json::Value;

use super::array::{Elements, Piece};
use super::input::fill;
use super::lines::{ITEM_BYTES_MAX, Lines};

/// One event with the line it begins on, or what is wrong there.
#[derive(Debug, PartialEq)]
pub(crate) struct Item {
    /// The line, from 1.
    pub(crate) line: u64,
    /// The object, or the reason why there is none.
    pub(crate) object: Result<Value, String>,
}

/// Reads events. Holds one line, or one element of an array, at a time.
#[derive(Debug)]
pub(crate) struct Jsonl<R> {
    lines: Lines<R>,
    /// The array that the file begins with, while it lasts.
    array: Option<Elements>,
    waiting: VecDeque<Item>,
}

impl<R: BufRead> Jsonl<R> {
    /// Takes the bytes of a file; a byte-order mark at their beginning is passed over.
    pub(crate) fn new(reader: R) -> io::Result<Self> {
        let mut lines = Lines::new(reader, 0);
        skip_mark(lines.reader())?;
        let array = begins_array(&mut lines)?.then(Elements::begin);
        Ok(Self { lines, array, waiting: VecDeque::new() })
    }

    /// The next event or problem; `None` at the end.
    pub(crate) fn next_item(&mut self) -> io::Result<Option<Item>> {
        loop {
            if let Some(item) = self.waiting.pop_front() {
                return Ok(Some(item));
            }
            if self.array.is_some() {
                self.read_piece()?;
            } else if !self.read_line()? {
                return Ok(None);
            }
        }
    }

    fn read_piece(&mut self) -> io::Result<()> {
        let Some(elements) = &mut self.array else { return Ok(()) };
        let (line, object) = match elements.next_piece(&mut self.lines)? {
            Piece::Element(bytes, line) => (line, parse(&bytes).and_then(expect_object)),
            Piece::TooLong(line) => (line, Err(too_long("element"))),
            Piece::Broken(line, reason) => {
                self.array = None;
                (line, Err(reason.to_owned()))
            }
            Piece::End => {
                self.array = None;
                return Ok(());
            }
        };
        self.waiting.push_back(Item { line, object });
        Ok(())
    }

    /// Reads one line; whether there was one.
    fn read_line(&mut self) -> io::Result<bool> {
        let parsed = match self.lines.next_line()? {
            None => return Ok(false),
            Some(Err(_)) => Err(too_long("line")),
            Some(Ok(line)) if line.trim_ascii().is_empty() => return Ok(true),
            Some(Ok(line)) => parse(line),
        };
        let line = self.lines.number();
        match parsed {
            Ok(Value::Array(batch)) => {
                self.waiting.extend(batch.into_iter().map(|one| Item { line, object: expect_object(one) }));
            }
            Ok(one) => self.waiting.push_back(Item { line, object: expect_object(one) }),
            Err(reason) => self.waiting.push_back(Item { line, object: Err(reason) }),
        }
        Ok(true)
    }
}

fn too_long(what: &str) -> String {
    format!("the {what} is longer than {ITEM_BYTES_MAX} bytes")
}

/// Passes over a byte-order mark. No JSON begins with a byte of it, so half a mark may go as well.
fn skip_mark<R: BufRead>(reader: &mut R) -> io::Result<()> {
    for byte in b"\xef\xbb\xbf" {
        if fill(reader)?.first() != Some(byte) {
            break;
        }
        reader.consume(1);
    }
    Ok(())
}

/// Passes over white space; when a `[` follows, over that too.
fn begins_array<R: BufRead>(lines: &mut Lines<R>) -> io::Result<bool> {
    while let Some(byte) = fill(lines.reader())?.first().copied() {
        if byte == b'[' {
            lines.reader().consume(1);
            return Ok(true);
        }
        if !byte.is_ascii_whitespace() {
            return Ok(false);
        }
        lines.reader().consume(1);
        lines.skipped(u64::from(byte == b'\n'));
    }
    Ok(false)
}

/// Reads strictly, as a submission is read: of a key given twice it would be unknown which one was meant.
fn parse(bytes: &[u8]) -> Result<Value, String> {
    std::str::from_utf8(bytes).map_err(|error| not_utf8(error.valid_up_to()))?;
    wire::read(bytes, bytes.len()).map_err(|rejection| {
        let said = rejection.to_string();
        match said.split_once(" at line ") {
            Some((what, place)) => {
                let column = place.rsplit(' ').next().unwrap_or_default();
                format!("{what} (byte {column} of the line)")
            }
            None => said,
        }
    })
}

/// Says where a line stops being UTF-8.
pub(crate) fn not_utf8(valid_bytes: usize) -> String {
    format!("byte {} of the line is not UTF-8", valid_bytes + 1)
}

fn expect_object(value: Value) -> Result<Value, String> {
    let found = match value {
        Value::Object(_) => return Ok(value),
        Value::Array(_) => "an array",
        Value::String(_) => "a string",
        Value::Number(_) => "a number",
        Value::Bool(_) => "a boolean",
        Value::Null => "null",
    };
    Err(format!("expected the JSON object of a CloudEvent, found {found}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(bytes: &[u8]) -> Vec<(u64, Result<String, String>)> {
        let mut reader = Jsonl::new(bytes).unwrap();
        let mut all = Vec::new();
        while let Some(item) = reader.next_item().unwrap() {
            all.push((item.line, item.object.map(|object| object.to_string())));
        }
        all
    }

    fn ok(line: u64, json: &str) -> (u64, Result<String, String>) {
        (line, Ok(json.to_owned()))
    }

    #[test]
    fn lines_batches_and_blank_lines() {
        let text = b"\xef\xbb\xbf{\"a\":1}\r\n\r\n  \n[{\"b\":2},{\"c\":3}]\n{\"d\":4}";
        assert_eq!(
            items(text),
            [ok(1, "{\"a\":1}"), ok(4, "{\"b\":2}"), ok(4, "{\"c\":3}"), ok(5, "{\"d\":4}")]
        );
        assert_eq!(items(b""), []);
        assert_eq!(items(b"\n \n"), []);
    }

    #[test]
    fn a_file_that_is_one_array_and_lines_after_it() {
        assert_eq!(
            items(b"\n[\n{\"a\":1},\n{\"b\":\n2}]\n{\"c\":3}\n"),
            [ok(3, "{\"a\":1}"), ok(4, "{\"b\":2}"), ok(6, "{\"c\":3}")]
        );
        assert_eq!(items(b"[]\n[]\n[{}]"), [ok(3, "{}")]);
    }

    /// A key given twice used to be read as its last value, though `append` refused it.
    #[test]
    fn a_key_given_twice_is_a_problem() {
        let reasons: Vec<_> =
            items(b"{\"a\":1,\"a\":2}\n[{\"b\":{\"c\":1,\"c\":1}}]\n").into_iter().collect();
        assert_eq!(reasons.len(), 2);
        for (_, item) in reasons {
            assert!(item.unwrap_err().contains("twice"));
        }
    }

    #[test]
    fn problems_cost_their_own_line() {
        let mut text = b"{\"a\":\"\xff\"}\n{\"a\":}\n7\n[1,{}]\n".to_vec();
        text.extend(std::iter::repeat_n(b'[', ITEM_BYTES_MAX + 1));
        text.extend_from_slice(b"\n{}\n\0\n");
        text.extend(std::iter::repeat_n(b'[', 1000));
        let found = items(&text);
        let reasons: Vec<_> =
            found.iter().map(|(line, item)| (*line, item.clone().unwrap_or_else(|e| e))).collect();
        assert_eq!(
            reasons,
            [
                (1, "byte 7 of the line is not UTF-8".to_owned()),
                (2, "not JSON: expected value (byte 6 of the line)".to_owned()),
                (3, "expected the JSON object of a CloudEvent, found a number".to_owned()),
                (4, "expected the JSON object of a CloudEvent, found a number".to_owned()),
                (4, "{}".to_owned()),
                (5, "the line is longer than 1048576 bytes".to_owned()),
                (6, "{}".to_owned()),
                (7, "not JSON: expected value (byte 1 of the line)".to_owned()),
                (8, format!("{}: the JSON is nested too deeply", "/0".repeat(32))),
            ]
        );
    }
}
