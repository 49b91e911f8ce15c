//! Lookups: small tables held in memory, joined to each row by a key.

use std::collections::HashMap;
use std::path::Path;

use super::mapping::{Beside, LookupRule, Mapping};
use super::row::{Header, Problem};
use super::table::Table;
use super::template::Template;
use super::{Desk, ImportError};

/// The most rows of a lookup.
const ROWS_MAX: usize = 1_000_000;

/// One loaded lookup.
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) name: String,
    /// The key, rendered over a row of the main table.
    pub(crate) by: Template,
    pub(crate) header: Header,
    rows: HashMap<String, Vec<String>>,
}

/// All lookups of a mapping.
#[derive(Debug, Default)]
pub(crate) struct Lookups(Vec<Lookup>);

impl Lookup {
    /// The row with this key. White space around keys does not count; no row has the empty key.
    pub(crate) fn find(&self, key: &str) -> Option<&[String]> {
        let key = key.trim();
        if key.is_empty() { None } else { self.rows.get(key).map(Vec::as_slice) }
    }
}

impl Lookups {
    /// Loads the lookups of a mapping; `input` is the file that is imported.
    ///
    /// # Errors
    /// When a file cannot be read, or a row of it cannot be used: a lookup is part of the mapping, so nothing
    /// in it is passed over.
    pub(crate) fn load(desk: &Desk, mapping: &Mapping, input: &Path) -> Result<Self, ImportError> {
        let rules = mapping.rules();
        rules
            .lookup
            .iter()
            .map(|(name, rule)| load(desk, (name, rule), mapping.file(), input))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Each lookup.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Lookup> {
        self.0.iter()
    }

    /// Whether a name is `lookup.column`, with both known.
    pub(crate) fn has(&self, name: &str) -> bool {
        name.split_once('.').is_some_and(|(table, column)| {
            self.iter().any(|lookup| lookup.name == table && lookup.header.place(column).is_some())
        })
    }
}

fn load(
    desk: &Desk,
    (name, rule): (&str, &LookupRule),
    mapping: &Path,
    input: &Path,
) -> Result<Lookup, ImportError> {
    let neighbour = match rule.beside {
        Beside::Mapping => mapping,
        Beside::Input => input,
    };
    let path = neighbour.parent().unwrap_or(Path::new("")).join(&rule.file);
    let bad = |line: u64, problem: Problem| ImportError::Lookup {
        file: path.clone(),
        line,
        name: name.to_owned(),
        reason: problem.field.map_or_else(String::new, |field| format!("column `{field}`: "))
            + &problem.reason,
    };
    let (mut table, _) = Table::open(desk, &path, &rule.csv)?;
    let header = table.header().clone();
    let place = header.place(&rule.key).ok_or_else(|| {
        bad(1, Problem::whole(format!("there is no column `{}`, which is to be the key", rule.key)))
    })?;
    let mut rows = HashMap::new();
    let cannot = |source| ImportError::Read { file: path.clone(), source };
    while let Some((line, cells)) = table.next_row().map_err(cannot)? {
        let cells = cells.map_err(|problem| bad(line, problem))?;
        let key = cells.get(place).map(|key| key.trim().to_owned()).unwrap_or_default();
        if rows.len() == ROWS_MAX {
            return Err(bad(line, Problem::whole(format!("a lookup has at most {ROWS_MAX} rows"))));
        }
        if rows.insert(key, cells).is_some() {
            return Err(bad(
                line,
                Problem {
                    field: Some(rule.key.clone()),
                    reason: "the key stands in an earlier row too".into(),
                },
            ));
        }
    }
    Ok(Lookup { name: name.to_owned(), by: rule.by.get_ref().clone(), header, rows })
}
