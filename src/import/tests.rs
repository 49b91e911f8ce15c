//! The whole room over files: what goes in, what comes out.

mod files;
mod fixtures;
mod mappings;

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::{Desk, Entry, ImportError, Mapping, open};

/// A folder of its own for each test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn mapping(&self, text: &str) -> Mapping {
        Mapping::parse(text, &self.0.path().join("test.toml")).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The smallest mapping over columns `id`, `who` and `day`, with more keys at its head and its end.
fn small(head: &str, tail: &str) -> String {
    format!(
        "source = 'test'\nzone = 'UTC'\n{head}\n[account]\nid = '{{who|slug}}'\n[time]\nvalue = '{{day}}'\n\
         formats = ['%Y-%m-%d']\n[[event]]\ntype = 'need.stated'\nid = '{{id}}'\ndata = {{ need = '{{id}}', text = '{{who}}' }}\n{tail}"
    )
}

fn entries(path: &Path, mapping: Option<&Mapping>) -> Result<Vec<Entry>, ImportError> {
    open(&Desk::own(), path, mapping)?.collect()
}

/// Each entry in a few words: the line, and type and subject, or column and reason.
fn summary(entries: &[Entry]) -> Vec<String> {
    let word = |event: &Value, key: &str| event.get(key).and_then(Value::as_str).unwrap_or("?").to_owned();
    let one = |entry: &Entry| match &entry.event {
        Ok(event) => format!("{} {} {}", entry.place.line, word(event, "type"), word(event, "id")),
        Err(problem) => {
            assert_eq!(problem.place, entry.place);
            format!("{} {}: {}", entry.place.line, problem.field.as_deref().unwrap_or("-"), problem.reason)
        }
    };
    entries.iter().map(one).collect()
}

/// The error and its causes, as a person would read them.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
