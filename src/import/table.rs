//! A table of separated values: its header, its encoding, its rows as text.

use std::io::{self, BufReader};
use std::path::Path;

use encoding_rs::Encoding;
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::input::{self, Input, Progress};
use super::lines::ITEM_BYTES_MAX;
use super::options::Options;
use super::records::{Record, RecordProblem, Records};
use super::row::{Header, Problem};
use super::{Desk, ImportError};

type Decoded = BufReader<DecodeReaderBytes<Input, Vec<u8>>>;

/// One row: the line it begins on, and its cells or what is wrong with it.
pub(crate) type TableRow = (u64, Result<Vec<String>, Problem>);

/// Reads a table, one row in memory at a time.
pub(crate) struct Table {
    records: Records<Decoded>,
    header: Header,
    /// What the bytes were turned into UTF-8 from; `None`: nothing was turned.
    encoding: Option<&'static Encoding>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("header", &self.header).finish_non_exhaustive()
    }
}

impl Table {
    /// Opens a table and reads its header.
    ///
    /// # Errors
    /// When the file cannot be opened or read, or has no header that fits.
    pub(crate) fn open(desk: &Desk, path: &Path, options: &Options) -> Result<(Self, Progress), ImportError> {
        let (input, progress) = input::open(desk, path)?;
        let decoder = DecodeReaderBytesBuilder::new()
            .encoding(options.encoding)
            .utf8_passthru(options.encoding.is_none())
            .strip_bom(true)
            .build(input);
        let mut records = Records::new(BufReader::new(decoder), options.separator, options.quote);
        let cannot = |source| ImportError::Read { file: path.to_owned(), source };
        records.skip_lines(options.skip_lines).map_err(cannot)?;
        let mut table = Self { records, header: Header::default(), encoding: options.encoding };
        let bad = |reason| ImportError::Header { file: path.to_owned(), reason };
        table.header = table.read_header(options).map_err(cannot)?.map_err(bad)?;
        Ok((table, progress))
    }

    /// The names of the columns.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    fn read_header(&mut self, options: &Options) -> io::Result<Result<Header, String>> {
        if !options.header {
            return Ok(Ok(Header::new(options.columns.clone().unwrap_or_default())));
        }
        let Some((line, found)) = self.next_cells()? else {
            return Ok(Err("the file is empty: it has no header".to_owned()));
        };
        let found = match found {
            Ok(found) => found,
            Err(problem) => {
                return Ok(Err(format!("line {line}: the header cannot be read: {}", problem.reason)));
            }
        };
        let Some(columns) = &options.columns else { return Ok(Ok(Header::new(found))) };
        if columns.len() == found.len() {
            return Ok(Ok(Header::new(columns.clone())));
        }
        Ok(Err(format!(
            "line {line}: the header has {} columns, but the mapping names {}",
            found.len(),
            columns.len()
        )))
    }

    /// The next row that is not blank; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> io::Result<Option<TableRow>> {
        let width = self.header.len();
        let row = self.next_cells()?;
        Ok(row.map(|(line, cells)| (line, cells.and_then(|cells| expect_width(cells, width)))))
    }

    fn next_cells(&mut self) -> io::Result<Option<TableRow>> {
        let (header, encoding) = (&self.header, self.encoding);
        Ok(self.records.next_record()?.map(|record| match record {
            Ok(record) => (record.line(), cells(record, header, encoding)),
            Err((line, problem)) => (line, Err(Problem::whole(explain(problem)))),
        }))
    }
}

fn explain(problem: RecordProblem) -> String {
    match problem {
        RecordProblem::TooLong { in_quotes: false } => {
            format!("the row is longer than {ITEM_BYTES_MAX} bytes")
        }
        RecordProblem::TooLong { in_quotes: true } => {
            format!("a quote is not closed within {ITEM_BYTES_MAX} bytes; reading goes on after them")
        }
        RecordProblem::Unclosed => "a quote is not closed before the file ends".to_owned(),
    }
}

fn expect_width(cells: Vec<String>, width: usize) -> Result<Vec<String>, Problem> {
    if cells.len() == width {
        return Ok(cells);
    }
    Err(Problem::whole(format!("the row has {} columns, the header {width}", cells.len())))
}

/// The cells as text. Bytes that the stated encoding does not know arrive as U+FFFD.
fn cells(
    record: &Record,
    header: &Header,
    encoding: Option<&'static Encoding>,
) -> Result<Vec<String>, Problem> {
    let mut cells = Vec::with_capacity(record.len());
    for (place, bytes) in record.fields().enumerate() {
        let problem = |reason| Problem { field: header.names().get(place).cloned(), reason };
        let text = std::str::from_utf8(bytes).map_err(|error| {
            problem(format!(
                "byte {} of the value is not UTF-8; is another encoding meant?",
                error.valid_up_to() + 1
            ))
        })?;
        if let Some(encoding) = encoding
            && text.contains(char::REPLACEMENT_CHARACTER)
        {
            return Err(problem(format!("the bytes of the value are not {}", encoding.name())));
        }
        cells.push(text.to_owned());
    }
    Ok(cells)
}
