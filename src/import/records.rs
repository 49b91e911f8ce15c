//! Rows of separated values, cut into fields; one row in memory at a time.
//!
//! Own code rather than the `csv` crate, for two properties that an import of unknown files needs: a row has a
//! bounded size (a quote that is never closed does not read the rest of the file into memory), and every row
//! knows the line it begins on, whatever line ends and blank lines stand before it. The tests hold it against
//! the `csv` crate.

use std::io::{self, BufRead};

use super::input::fill;
use super::lines::ITEM_BYTES_MAX;

/// How fields are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// By one byte.
    Byte(u8),
    /// By any run of spaces and tabs; those at the ends of a line do not count, and nothing is quoted.
    WhiteSpace,
}

/// Why a row could not be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordProblem {
    /// Longer than [`ITEM_BYTES_MAX`]. Inside quotes, reading goes on at the next line.
    TooLong {
        /// Whether the limit was met inside quotes.
        in_quotes: bool,
    },
    /// The file ended inside quotes.
    Unclosed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted field: the field's end, or half of a doubled quote.
    QuoteSeen,
}

/// One row: its fields as bytes, and the line it begins on.
#[derive(Debug, Default)]
pub(crate) struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
}

impl Record {
    /// The line it begins on, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// How many fields it has.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// One field, from 0.
    pub(crate) fn field(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.bytes.get(start..end)
    }

    /// Every field.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|index| self.field(index))
    }

    fn clear(&mut self, line: u64) {
        self.bytes.clear();
        self.ends.clear();
        self.line = line;
    }

    fn size(&self) -> usize {
        self.bytes.len() + self.ends.len()
    }

    fn end_field(&mut self) {
        self.ends.push(self.bytes.len());
    }

    /// Whether it has nothing but white space in a single field.
    fn is_blank(&self) -> bool {
        self.len() <= 1 && self.bytes.trim_ascii().is_empty()
    }
}

/// Reads rows.
#[derive(Debug)]
pub(crate) struct Records<R> {
    reader: R,
    separator: Separator,
    quote: Option<u8>,
    /// The line that the next byte stands on.
    line: u64,
    /// The byte before was `\r`, whose `\n` is still to come.
    carriage_return: bool,
    record: Record,
}

/// What following one byte led to.
enum Step {
    Within,
    RecordEnds,
}

impl<R: BufRead> Records<R> {
    /// Takes the bytes of a file.
    pub(crate) fn new(reader: R, separator: Separator, quote: Option<u8>) -> Self {
        let quote = quote.filter(|_| separator != Separator::WhiteSpace);
        Self { reader, separator, quote, line: 1, carriage_return: false, record: Record::default() }
    }

    /// Passes over whole lines, quotes or not.
    pub(crate) fn skip_lines(&mut self, count: u64) -> io::Result<()> {
        let until = self.line + count;
        while self.line < until {
            let Some(byte) = self.next_byte()? else { break };
            self.count_line(byte);
        }
        Ok(())
    }

    /// The next row that is not blank; `None` at the end of the file.
    pub(crate) fn next_record(&mut self) -> io::Result<Option<Result<&Record, (u64, RecordProblem)>>> {
        loop {
            match self.read()? {
                None => return Ok(None),
                Some(Err(problem)) => return Ok(Some(Err((self.record.line, problem)))),
                Some(Ok(())) if self.record.is_blank() => {}
                Some(Ok(())) => return Ok(Some(Ok(&self.record))),
            }
        }
    }

    fn read(&mut self) -> io::Result<Option<Result<(), RecordProblem>>> {
        if self.carriage_return && fill(&mut self.reader)?.first() == Some(&b'\n') {
            self.reader.consume(1);
        }
        self.carriage_return = false;
        self.record.clear(self.line);
        let mut state = State::FieldStart;
        let mut any = false;
        loop {
            let Some(byte) = self.next_byte()? else {
                return Ok(any.then(|| self.at_end(state)));
            };
            any = true;
            self.count_line(byte);
            if let Step::RecordEnds = self.follow(&mut state, byte) {
                return Ok(Some(Ok(())));
            }
            if self.record.size() > ITEM_BYTES_MAX {
                self.skip_rest(byte)?;
                let in_quotes = matches!(state, State::Quoted | State::QuoteSeen);
                return Ok(Some(Err(RecordProblem::TooLong { in_quotes })));
            }
        }
    }

    fn at_end(&mut self, state: State) -> Result<(), RecordProblem> {
        if state == State::Quoted {
            return Err(RecordProblem::Unclosed);
        }
        self.end_last_field(state);
        Ok(())
    }

    fn end_last_field(&mut self, state: State) {
        let trailing_space = self.separator == Separator::WhiteSpace && state == State::FieldStart;
        if !trailing_space {
            self.record.end_field();
        }
    }

    fn follow(&mut self, state: &mut State, byte: u8) -> Step {
        if *state == State::Quoted {
            if Some(byte) == self.quote {
                *state = State::QuoteSeen;
            } else {
                self.record.bytes.push(byte);
            }
            return Step::Within;
        }
        if byte == b'\n' || byte == b'\r' {
            self.end_last_field(*state);
            return Step::RecordEnds;
        }
        if self.separates(byte) {
            self.end_field_at_separator(state);
        } else if Some(byte) == self.quote && *state != State::Plain {
            if *state == State::QuoteSeen {
                self.record.bytes.push(byte);
            }
            *state = State::Quoted;
        } else {
            self.record.bytes.push(byte);
            *state = State::Plain;
        }
        Step::Within
    }

    fn end_field_at_separator(&mut self, state: &mut State) {
        if self.separator != Separator::WhiteSpace || *state != State::FieldStart {
            self.record.end_field();
        }
        *state = State::FieldStart;
    }

    fn separates(&self, byte: u8) -> bool {
        match self.separator {
            Separator::Byte(separator) => byte == separator,
            Separator::WhiteSpace => byte == b' ' || byte == b'\t',
        }
    }

    /// Passes over the rest of the line, so that the next row begins with the next line.
    fn skip_rest(&mut self, last: u8) -> io::Result<()> {
        self.record.bytes = Vec::new();
        self.record.ends = Vec::new();
        let mut byte = last;
        while byte != b'\n' && byte != b'\r' {
            let Some(next) = self.next_byte()? else { return Ok(()) };
            self.count_line(next);
            byte = next;
        }
        Ok(())
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        let byte = fill(&mut self.reader)?.first().copied();
        if byte.is_some() {
            self.reader.consume(1);
        }
        Ok(byte)
    }

    /// Counts `\n`, `\r` and `\r\n` as one line end each.
    fn count_line(&mut self, byte: u8) {
        if byte == b'\r' || (byte == b'\n' && !self.carriage_return) {
            self.line += 1;
        }
        self.carriage_return = byte == b'\r';
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<Result<(u64, Vec<String>), (u64, RecordProblem)>>;

    fn rows_of(bytes: &[u8], separator: Separator, skip: u64) -> Rows {
        let mut records = Records::new(io::BufReader::with_capacity(5, bytes), separator, Some(b'"'));
        records.skip_lines(skip).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = records.next_record().unwrap() {
            rows.push(row.map(|record| {
                let texts = record.fields().map(|field| String::from_utf8_lossy(field).into_owned());
                (record.line(), texts.collect())
            }));
        }
        rows
    }

    #[expect(clippy::unnecessary_wraps, reason = "it stands among the rows that cannot be cut")]
    fn row(line: u64, fields: &[&str]) -> Result<(u64, Vec<String>), (u64, RecordProblem)> {
        Ok((line, fields.iter().map(|field| (*field).to_owned()).collect()))
    }

    #[test]
    fn quotes_line_ends_and_lines() {
        let text = b"a,b\r\n\r\n\"x\r\ny\",\"q\"\"q\"\n,\r,,\n\"\"\n \nlast,\"";
        assert_eq!(
            rows_of(text, Separator::Byte(b','), 0),
            [
                row(1, &["a", "b"]),
                row(3, &["x\r\ny", "q\"q"]),
                row(5, &["", ""]),
                row(6, &["", "", ""]),
                Err((9, RecordProblem::Unclosed)),
            ]
        );
    }

    #[test]
    fn white_space_separates_in_runs() {
        let text = b"\n id  date\tn \r\n 1 2   3\r\n   \r\n4 \"5 6\"";
        assert_eq!(
            rows_of(text, Separator::WhiteSpace, 0),
            [row(2, &["id", "date", "n"]), row(3, &["1", "2", "3"]), row(5, &["4", "\"5", "6\""])]
        );
    }

    #[test]
    fn lines_before_the_table_are_passed_over() {
        let text = b"report \"of\r\n2026\r\na;b\n";
        assert_eq!(rows_of(text, Separator::Byte(b';'), 2), [row(3, &["a", "b"])]);
        assert_eq!(rows_of(text, Separator::Byte(b';'), 9), []);
    }

    #[test]
    fn a_quote_never_closed_costs_a_bounded_piece() {
        let mut text = b"a,b\n1,\"2\n".to_vec();
        text.extend(b"3,4\n".repeat(600_000));
        let rows = rows_of(&text, Separator::Byte(b','), 0);
        assert_eq!(rows.get(1), Some(&Err((2, RecordProblem::TooLong { in_quotes: true }))));
        assert_eq!(rows.last(), Some(&row(600_002, &["3", "4"])));
        let lost = 600_002 - rows.len();
        assert!(lost < ITEM_BYTES_MAX / 4 + 2, "{lost}");
    }

    #[test]
    fn a_ten_megabyte_line_costs_itself() {
        let mut text = vec![b'x'; 10 * ITEM_BYTES_MAX];
        text.extend_from_slice(b"\r\n1,2");
        text.extend(vec![b','; 2 * ITEM_BYTES_MAX]);
        text.extend_from_slice(b"\n3,4\0\n");
        assert_eq!(
            rows_of(&text, Separator::Byte(b','), 0),
            [
                Err((1, RecordProblem::TooLong { in_quotes: false })),
                Err((2, RecordProblem::TooLong { in_quotes: false })),
                row(3, &["3", "4\0"]),
            ]
        );
    }

    proptest! {
        /// Whatever the bytes, rows are those that the `csv` crate finds (it keeps no blank line either).
        #[test]
        fn rows_are_those_of_the_csv_crate(text in "[ab,\"\r\n]{0,40}") {
            let mine = rows_of(text.as_bytes(), Separator::Byte(b','), 0);
            prop_assume!(!matches!(mine.last(), Some(Err(_))));
            let mut oracle = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> = oracle
                .records()
                .map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
                .filter(|fields| fields.len() > 1 || fields.iter().any(|field| !field.trim().is_empty()))
                .collect();
            let mine: Vec<Vec<String>> = mine.into_iter().map(|row| row.unwrap().1).collect();
            prop_assert_eq!(mine, theirs);
        }
    }
}
