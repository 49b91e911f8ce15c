//! How answers look: tables for people, JSON for programs.

use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::PanicHookInfo;

use comfy_table::{ContentArrangement, Table, TableStyle};
use serde::Serialize;
use serde_json::Value;

use super::console;
use super::failure::Failure;
use crate::words::Words;

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    /// A person.
    People,
    /// A program.
    Json,
}

/// Bytes as lowercase hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Prints text as it is.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    let mut out = console::out();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Prints a line.
pub(super) fn line(line: &str) -> Result<(), Failure> {
    text(&format!("{line}\n"))
}

/// Prints an answer as JSON.
pub(super) fn json(answer: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(answer).map_err(|error| Failure::user(error.to_string()))?;
    line(&text)
}

/// Prints an answer that is JSON already.
pub(super) fn written(answer: &str) -> Result<(), Failure> {
    json(&value(answer)?)
}

/// An answer that is JSON already, as a part of another.
pub(super) fn value(answer: &str) -> Result<Value, Failure> {
    serde_json::from_str(answer).map_err(|error| Failure::user(error.to_string()))
}

/// Prints a table; wrapped to the terminal when there is one.
pub(super) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<(), Failure> {
    let mut table = Table::new();
    table.load_style(TableStyle::new()).set_header(header.to_vec());
    if let Some(width) = console::width() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if width > 0 {
            table.set_width(width);
        }
    }
    for row in rows {
        table.add_row(row);
    }
    line(&table.trim_fmt())
}

/// Prints a table under the heads of its columns, in the reader's language.
pub(super) fn columns(
    words: Words,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<(), Failure> {
    let header = words.columns(columns);
    table(&header.iter().map(String::as_str).collect::<Vec<_>>(), rows)
}

/// Says something worth knowing, beside the answer.
pub(super) fn notice(notice: &str) {
    let _ = writeln!(console::err(), "Note: {notice}");
}

/// Says something in words that are whole already.
pub(super) fn complaint(text: &str) {
    let _ = write!(console::err(), "{text}");
}

/// Says what went wrong.
pub(super) fn error(message: &str, causes: &[String], hint: Option<&str>) {
    let mut err = console::err();
    let _ = writeln!(err, "Error: {message}");
    for cause in causes {
        let _ = writeln!(err, "  because: {cause}");
    }
    if let Some(hint) = hint {
        let _ = writeln!(err, "Hint: {hint}");
    }
}

/// A panic is a bug, unless it becomes an error on the spot.
pub(super) fn panic_hook(panic: &PanicHookInfo<'_>) {
    if !crate::ledger::panic_is_guarded() {
        let mut err = console::err();
        let _ = writeln!(err, "Error: this is a bug in guanxi: {panic}");
        let _ = writeln!(err, "Hint: nothing that was acknowledged is lost; please report this message");
    }
}

/// What stands in a cell for nothing.
pub(super) fn or_dash(text: Option<impl ToString>) -> String {
    text.map_or_else(|| "-".to_owned(), |text| text.to_string())
}
