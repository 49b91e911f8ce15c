//! The elements of one JSON array that spans lines, cut out one by one.
//!
//! Only brackets and strings are followed here; whether an element is JSON is asked of the JSON parser, so a
//! broken element costs itself alone.

use std::io::{self, BufRead};

use super::input::fill;
use super::lines::{ITEM_BYTES_MAX, Lines};

/// What stands next in the array.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The bytes of an element, and the line it begins on.
    Element(Vec<u8>, u64),
    /// An element of more than [`ITEM_BYTES_MAX`] bytes, passed over.
    TooLong(u64),
    /// The array cannot be followed from this line on; the rest of it is read as lines.
    Broken(u64, &'static str),
    /// The array ended.
    End,
}

/// Where in an array one stands.
#[derive(Debug)]
pub(crate) struct Elements {
    after_element: bool,
}

/// How deep inside an element one stands.
#[derive(Debug, Default)]
struct Depth {
    brackets: u32,
    in_string: bool,
    escaped: bool,
}

impl Depth {
    /// Follows one byte; whether the element ends with it.
    fn ends_with(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => return false,
            }
            return !self.in_string && !self.escaped && byte == b'"' && self.brackets == 0;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.brackets += 1,
            b'}' | b']' => {
                self.brackets = self.brackets.saturating_sub(1);
                return self.brackets == 0;
            }
            _ => {}
        }
        false
    }

    /// Whether this byte ends a bare word (a number, `true`) without belonging to it.
    fn ends_before(&self, byte: u8) -> bool {
        self.brackets == 0 && !self.in_string && (matches!(byte, b',' | b']') || byte.is_ascii_whitespace())
    }
}

impl Elements {
    /// Begins after the `[` of an array.
    pub(crate) fn begin() -> Self {
        Self { after_element: false }
    }

    /// The next piece.
    pub(crate) fn next_piece<R: BufRead>(&mut self, lines: &mut Lines<R>) -> io::Result<Piece> {
        loop {
            let line = lines.number() + 1;
            let Some(byte) = peek(lines)? else {
                return Ok(Piece::Broken(line, "the file ends before the array does: `]` is missing"));
            };
            match byte {
                b'\n' => lines.skipped(1),
                b']' => {
                    lines.reader().consume(1);
                    return Ok(Piece::End);
                }
                b',' if self.after_element => self.after_element = false,
                _ if byte.is_ascii_whitespace() => {}
                _ if self.after_element => {
                    return Ok(Piece::Broken(line, "`,` or `]` is missing between the elements of an array"));
                }
                _ => {
                    self.after_element = true;
                    return element(lines, line);
                }
            }
            lines.reader().consume(1);
        }
    }
}

fn peek<R: BufRead>(lines: &mut Lines<R>) -> io::Result<Option<u8>> {
    Ok(fill(lines.reader())?.first().copied())
}

fn element<R: BufRead>(lines: &mut Lines<R>, line: u64) -> io::Result<Piece> {
    let mut depth = Depth::default();
    let mut bytes = Vec::new();
    let mut too_long = false;
    while let Some(byte) = peek(lines)? {
        if depth.ends_before(byte) {
            break;
        }
        lines.reader().consume(1);
        lines.skipped(u64::from(byte == b'\n'));
        too_long |= bytes.len() >= ITEM_BYTES_MAX;
        if !too_long {
            bytes.push(byte);
        }
        if depth.ends_with(byte) {
            break;
        }
    }
    Ok(if too_long { Piece::TooLong(line) } else { Piece::Element(bytes, line) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> (Vec<Piece>, Option<String>) {
        let mut lines = Lines::new(text.as_bytes(), 0);
        lines.reader().consume(1);
        let mut elements = Elements::begin();
        let mut all = Vec::new();
        loop {
            let piece = elements.next_piece(&mut lines).unwrap();
            let last = matches!(piece, Piece::End | Piece::Broken(..));
            all.push(piece);
            if last {
                let rest =
                    lines.next_line().unwrap().map(|line| String::from_utf8(line.unwrap().to_vec()).unwrap());
                return (all, rest);
            }
        }
    }

    fn element(text: &str, line: u64) -> Piece {
        Piece::Element(text.as_bytes().to_vec(), line)
    }

    #[test]
    fn elements_are_cut_at_their_brackets() {
        let (found, rest) = pieces("[\n {\"a\":\"]},\\\"\"},\n[1,[2]]\n, 7,\"x\"\n] rest");
        assert_eq!(
            found,
            [
                element("{\"a\":\"]},\\\"\"}", 2),
                element("[1,[2]]", 3),
                element("7", 4),
                element("\"x\"", 4),
                Piece::End
            ]
        );
        assert_eq!(rest.as_deref(), Some(" rest"));
    }

    #[test]
    fn what_cannot_be_followed_is_named_with_its_line() {
        let (found, rest) = pieces("[{}\n{}]");
        assert!(matches!(found.as_slice(), [Piece::Element(..), Piece::Broken(2, _)]), "{found:?}");
        assert_eq!(rest.as_deref(), Some("{}]"));
        assert!(matches!(pieces("[{},\n").0.as_slice(), [Piece::Element(..), Piece::Broken(2, _)]));
        assert!(matches!(pieces("[{\"a\":").0.as_slice(), [Piece::Element(..), Piece::Broken(1, _)]));
    }

    #[test]
    fn a_huge_element_costs_itself_alone() {
        let (found, _) = pieces(&format!("[\"{}\",1]", "x".repeat(2 * ITEM_BYTES_MAX)));
        assert_eq!(found, [Piece::TooLong(1), element("1", 1), Piece::End]);
    }
}
