//! Import: files into a stream of `CloudEvents`, one at a time.
//!
//! This room reads and converts; it knows neither the ledger nor the terminal. It holds one line, row or array
//! element of bounded size at a time, so that memory stays flat whatever the size of the file; what a mapping
//! asks to be remembered is stated in `convert.rs`. A bad row is an item of the stream like any other, with its
//! place; only a file that cannot be read further ends the stream with an error.
//!
//! Formats: `CloudEvents` JSON lines (`jsonl`) and tables through a [`Mapping`] (`table`, `convert`), each
//! plain, gzipped or from standard input (`input`).

mod array;
mod condition;
mod convert;
mod dates;
mod desk;
mod filter;
mod input;
mod jsonl;
mod lines;
mod lookup;
mod mapping;
mod options;
mod records;
mod row;
mod shape;
mod table;
mod template;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use convert::{Converted, Converter};
use input::Input;
use jsonl::Jsonl;
use lookup::Lookups;
use row::{Header, Problem, Row};
use table::Table;
use template::{Hole, Template};

pub use desk::{Desk, Source};
pub use input::{Progress, STDIN};
pub use mapping::{Mapping, MappingError};

/// Where something stands. Written `orders.csv:17`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as it was named; `-` for standard input.
    pub file: Arc<Path>,
    /// The line, from 1, of the unpacked file; where a row spans lines, the one it begins on.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// A line or row that gives no event. The ones around it do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {}{reason}", field.as_ref().map_or_else(String::new, |field| format!("column `{field}`: ")))]
pub struct RowProblem {
    /// Where.
    pub place: Place,
    /// The column; `None` when the line as a whole is meant.
    pub field: Option<String>,
    /// What is wrong; shows at most the beginning of a value.
    pub reason: String,
}

/// One item of the stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The line it comes from; several entries may come from one.
    pub place: Place,
    /// Whether the import opened an account with this event, which no row told of. Its id is `open:` and the
    /// account. Whoever already has the account may leave the event out.
    pub opening: bool,
    /// The JSON object of a `CloudEvent`, not yet looked into, or what is wrong with the line.
    pub event: Result<Value, RowProblem>,
}

/// Why a file cannot be imported, or not any further. Nothing after it is given; what was given before stands.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("failed to open {}", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be read to its end, such as a truncated gzip file.
    #[error("failed to read {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system or the unpacking said.
        source: io::Error,
    },
    /// The table has no usable header.
    #[error("failed to read the header of {}: {reason}", file.display())]
    Header {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A lookup cannot be used.
    #[error("failed to load the lookup `{name}` from {}, line {line}: {reason}", file.display())]
    Lookup {
        /// The file of the lookup.
        file: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The lookup.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The mapping does not fit the table.
    #[error("failed to apply the mapping to {}", file.display())]
    Mapping {
        /// The table.
        file: PathBuf,
        /// What does not fit.
        source: MappingError,
    },
}

/// The events of one file, in its order. Ends after the first error.
#[derive(Debug)]
pub struct Entries {
    reader: Reader,
    file: Arc<Path>,
    progress: Progress,
    waiting: VecDeque<Entry>,
    ended: bool,
}

#[derive(Debug)]
enum Reader {
    Jsonl(Box<Jsonl<BufReader<Input>>>),
    Table(Box<Mapped>),
}

/// What a line gave, and its number.
type Found = (u64, Result<VecDeque<Converted>, Problem>);

/// A table under a mapping.
#[derive(Debug)]
struct Mapped {
    table: Table,
    lookups: Lookups,
    mapping: Mapping,
    converter: Converter,
    rows: u64,
}

/// Opens a file, or standard input when the path is `-`: as a table when there is a mapping, else as
/// `CloudEvents` JSON lines. Gzip is told by the file's first bytes.
///
/// # Errors
/// [`ImportError`] when the file or a lookup cannot be opened, or the mapping does not fit the header.
pub fn open(desk: &Desk, path: impl AsRef<Path>, mapping: Option<&Mapping>) -> Result<Entries, ImportError> {
    let path = path.as_ref();
    let (reader, progress) =
        mapping.map_or_else(|| open_jsonl(desk, path), |mapping| open_table(desk, path, mapping))?;
    Ok(Entries { reader, file: path.into(), progress, waiting: VecDeque::new(), ended: false })
}

fn open_jsonl(desk: &Desk, path: &Path) -> Result<(Reader, Progress), ImportError> {
    let (input, progress) = input::open(desk, path)?;
    let cannot = |source| ImportError::Read { file: path.to_owned(), source };
    let jsonl = Jsonl::new(input.buffered()).map_err(cannot)?;
    Ok((Reader::Jsonl(Box::new(jsonl)), progress))
}

fn open_table(desk: &Desk, path: &Path, mapping: &Mapping) -> Result<(Reader, Progress), ImportError> {
    let lookups = Lookups::load(desk, mapping, path)?;
    let (table, progress) = Table::open(desk, path, &mapping.rules().csv)?;
    let misfit = |source| ImportError::Mapping { file: path.to_owned(), source };
    check_columns(mapping, table.header(), &lookups).map_err(misfit)?;
    let converter = Converter::new(mapping.clone());
    let mapped = Mapped { table, lookups, mapping: mapping.clone(), converter, rows: 0 };
    Ok((Reader::Table(Box::new(mapped)), progress))
}

/// Checks that every column a mapping names is there, once.
fn check_columns(mapping: &Mapping, header: &Header, lookups: &Lookups) -> Result<(), MappingError> {
    let check = |start: usize, name: &str| {
        let reason = match header.count(name) {
            1 => return Ok(()),
            0 if lookups.has(name) => return Ok(()),
            0 => format!("there is no column `{name}`; the columns are {}", header.names().join(", ")),
            _ => format!("there is more than one column `{name}`: name the `columns` in [csv]"),
        };
        Err(mapping.error_at(start, reason))
    };
    mapping.visit_conditions(&mut |start, condition| check(start, condition.column.get_ref()))?;
    mapping.visit_templates(&mut |path: &str, start, template: &Template| {
        template.holes().try_for_each(|hole| match hole {
            Hole::Column(name) if path.starts_with("lookup.") && header.place(name).is_none() => {
                Err(mapping.error_at(start, format!("{path}: `{name}` is no column of the table itself")))
            }
            Hole::Column(name) => check(start, name),
            Hole::RowNumber | Hole::Occurrence | Hole::Account => Ok(()),
        })
    })
}

impl Entries {
    /// How far the file has been read; may be kept while the entries are taken.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    fn read(&mut self) -> io::Result<Option<Entry>> {
        loop {
            if let Some(entry) = self.waiting.pop_front() {
                return Ok(Some(entry));
            }
            let (line, found) = match &mut self.reader {
                Reader::Jsonl(jsonl) => {
                    let Some(item) = jsonl.next_item()? else { return Ok(None) };
                    let event = item.object.map_err(Problem::whole);
                    (item.line, event.map(|event| VecDeque::from([Converted { event, opening: false }])))
                }
                Reader::Table(mapped) => {
                    let Some(found) = mapped.next_events()? else { return Ok(None) };
                    found
                }
            };
            self.queue(line, found);
        }
    }

    fn queue(&mut self, line: u64, found: Result<VecDeque<Converted>, Problem>) {
        let place = Place { file: Arc::clone(&self.file), line };
        match found {
            Ok(events) => self.waiting.extend(events.into_iter().map(|converted| Entry {
                place: place.clone(),
                opening: converted.opening,
                event: Ok(converted.event),
            })),
            Err(Problem { field, reason }) => {
                let problem = RowProblem { place: place.clone(), field, reason };
                self.waiting.push_back(Entry { place, opening: false, event: Err(problem) });
            }
        }
    }
}

impl Mapped {
    fn next_events(&mut self) -> io::Result<Option<Found>> {
        let Some((line, cells)) = self.table.next_row()? else { return Ok(None) };
        self.rows += 1;
        let (converter, maps) = (&mut self.converter, &self.mapping.rules().map);
        let events = cells.and_then(|cells| {
            let row = Row::new(self.table.header(), &cells, self.rows, maps, &self.lookups)?;
            converter.convert(&row)
        });
        Ok(Some((line, events)))
    }
}

impl Iterator for Entries {
    type Item = Result<Entry, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read().map_err(|source| ImportError::Read { file: self.file.to_path_buf(), source });
        self.ended = !matches!(read, Ok(Some(_)));
        read.transpose()
    }
}
