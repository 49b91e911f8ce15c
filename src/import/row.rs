//! One row, as templates and conditions see it.

use std::collections::{BTreeMap, HashMap};

use super::lookup::{Lookup, Lookups};

/// The `[map.NAME]` tables of a mapping.
pub(crate) type Maps = BTreeMap<String, BTreeMap<String, String>>;

/// What is wrong with a row, and in which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The column; `None` when the row as a whole is meant.
    pub(crate) field: Option<String>,
    /// What is wrong.
    pub(crate) reason: String,
}

impl Problem {
    /// A problem of the row as a whole.
    pub(crate) fn whole(reason: impl Into<String>) -> Self {
        Self { field: None, reason: reason.into() }
    }
}

/// The names of the columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Header {
    /// Takes the names, without white space at their ends.
    pub(crate) fn new(names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<String> = names.into_iter().map(|name| name.trim().to_owned()).collect();
        let mut places = HashMap::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            places.entry(name.clone()).or_insert(place);
        }
        Self { names, places }
    }

    /// How many columns there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The names in their order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Where a column stands, from 0.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// How many columns have the name.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.names.iter().filter(|mine| *mine == name).count()
    }
}

/// One row with what is joined to it.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) header: &'a Header,
    pub(crate) cells: &'a [String],
    /// The number of the row in the file, from 1; the header does not count.
    pub(crate) number: u64,
    pub(crate) maps: &'a Maps,
    /// The row of each lookup that belongs to this row, as far as there is one.
    pub(crate) joined: Vec<(&'a Lookup, Option<&'a [String]>)>,
}

impl<'a> Row<'a> {
    /// Takes a row, and finds the rows of the lookups that belong to it.
    ///
    /// # Errors
    /// What a filter says in the template of a lookup's key.
    pub(crate) fn new(
        header: &'a Header,
        cells: &'a [String],
        number: u64,
        maps: &'a Maps,
        lookups: &'a Lookups,
    ) -> Result<Self, Problem> {
        let mut row = Self { header, cells, number, maps, joined: Vec::new() };
        for lookup in lookups.iter() {
            let key = lookup.by.render(&Scope { row: &row, account: "", occurrence: None })?;
            row.joined.push((lookup, lookup.find(&key)));
        }
        Ok(row)
    }

    /// The value of a column, or of a lookup's column: empty when no row of the lookup belongs here.
    pub(crate) fn cell(&self, name: &str) -> &str {
        let own = self.header.place(name).and_then(|place| self.cells.get(place));
        own.map_or_else(|| self.joined_cell(name), String::as_str)
    }

    fn joined_cell(&self, name: &str) -> &str {
        let found = name.split_once('.').and_then(|(table, column)| {
            let (lookup, cells) = self.joined.iter().find(|(lookup, _)| lookup.name == table)?;
            cells.as_ref()?.get(lookup.header.place(column)?)
        });
        found.map_or("", String::as_str)
    }
}

/// A row, and what is known of the event that is made of it.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) row: &'a Row<'a>,
    /// Empty while it is not known.
    pub(crate) account: &'a str,
    /// `None` while it is not known.
    pub(crate) occurrence: Option<u64>,
}

#[cfg(test)]
fn with_sample<T>(look: impl FnOnce(&Scope<'_>) -> T) -> T {
    let sample = [
        ("name", "Acme"),
        ("empty", ""),
        ("price", "£1,250.5"),
        ("german", "1.250,50"),
        ("third", "0.333"),
        ("size", "250"),
        ("day", "10/20/2016"),
        ("dirty", " St\u{a0}John\u{92}s \n Café (UK)"),
        ("chinese", "关系（有限公司）"),
    ];
    let header = Header::new(sample.map(|(name, _)| name.to_owned()));
    let cells = sample.map(|(_, cell)| cell.to_owned());
    let table = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect::<BTreeMap<_, _>>()
    };
    let maps = Maps::from([
        ("names".to_owned(), table(&[("Acme", "mapped"), ("*", "other")])),
        ("partial".to_owned(), table(&[("Acme", "mapped")])),
    ]);
    let lookups = Lookups::default();
    let row = Row::new(&header, &cells, 7, &maps, &lookups).unwrap();
    look(&Scope { row: &row, account: "the-account", occurrence: Some(3) })
}

/// Renders a template over a sample row.
#[cfg(test)]
#[track_caller]
pub(crate) fn check_rendered(template: &str, expected: &str) {
    let template = super::template::Template::parse(template).unwrap();
    assert_eq!(with_sample(|scope| template.render(scope)).unwrap(), expected);
}

/// Renders a template over a sample row, which must fail.
#[cfg(test)]
#[track_caller]
pub(crate) fn check_problem(template: &str, field: &str, reason: &str) {
    let template = super::template::Template::parse(template).unwrap();
    let problem = with_sample(|scope| template.render(scope)).unwrap_err();
    assert_eq!(problem, Problem { field: Some(field.to_owned()), reason: reason.to_owned() });
}

/// Asks something of a sample row.
#[cfg(test)]
pub(crate) fn on_sample<T>(look: impl FnOnce(&Row<'_>) -> T) -> T {
    with_sample(|scope| look(scope.row))
}
