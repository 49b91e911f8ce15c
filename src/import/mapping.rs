//! A mapping: how the rows of a table become events. Written in TOML; `fixtures/mappings/README.md` is its
//! manual.

mod check;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guanxi_projections::event::EventType;
use guanxi_projections::id::Source;
use guanxi_projections::time::{Precision, Zone};
use serde::Deserialize;
use toml::Spanned;

use super::Desk;
use super::condition::Condition;
use super::dates::Format;
use super::options::Options;
use super::row::Maps;
use super::shape::Shape;
use super::template::Template;

const SHOWN_CHARS_MAX: usize = 100;

/// Why a mapping cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// The file cannot be read.
    #[error("failed to read the mapping {}", file.display())]
    Read {
        /// The mapping.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error("{}, line {line}: `{text}`: {reason}", file.display())]
    Invalid {
        /// The mapping.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The beginning of the line, which shows the key.
        text: String,
        /// What is wrong.
        reason: String,
    },
}

/// A checked mapping. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mapping {
    rules: Arc<Rules>,
    text: Arc<str>,
    file: Arc<Path>,
}

/// The mapping as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    pub(crate) source: Source,
    pub(crate) zone: ZoneName,
    #[serde(default = "Options::usual")]
    pub(crate) csv: Options,
    pub(crate) account: AccountRule,
    #[serde(default)]
    pub(crate) lookup: BTreeMap<String, LookupRule>,
    #[serde(default)]
    pub(crate) map: Maps,
    /// The time of the events that name none of their own.
    pub(crate) time: Option<TimeRule>,
    #[serde(default)]
    pub(crate) reject: Vec<RejectRule>,
    pub(crate) event: Vec<EventRule>,
}

/// Whose events they are, and how an account is opened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountRule {
    pub(crate) id: Spanned<Template>,
    pub(crate) name: Option<Spanned<Template>>,
    /// Whether `account.opened` is given before the first event of an account.
    #[serde(default = "yes")]
    pub(crate) open: bool,
    /// Further fields of `account.opened`.
    pub(crate) opened: Option<Shape>,
}

/// A small table joined to each row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookupRule {
    pub(crate) file: PathBuf,
    #[serde(default)]
    pub(crate) beside: Beside,
    /// The column of the lookup that is the key.
    pub(crate) key: String,
    /// The key, made of a row of the main table.
    pub(crate) by: Spanned<Template>,
    #[serde(default = "Options::usual")]
    pub(crate) csv: Options,
}

/// Where the file of a lookup lies.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Beside {
    /// Its path begins at the folder of the mapping.
    #[default]
    Mapping,
    /// Its path begins at the folder of the imported file; at the current folder for standard input.
    Input,
}

/// When an event happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimeRule {
    pub(crate) value: Spanned<Template>,
    pub(crate) formats: Vec<Format>,
    /// In place of the mapping's zone.
    pub(crate) zone: Option<ZoneName>,
    /// In place of the formats' precision.
    pub(crate) precision: Option<Precision>,
    /// What is asked when `value` is empty.
    pub(crate) fallback: Option<Box<TimeRule>>,
}

/// Rows that are refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RejectRule {
    pub(crate) when: Vec<Condition>,
    pub(crate) reason: String,
}

/// One event that a row may give.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventRule {
    pub(crate) r#type: TypeName,
    pub(crate) id: Spanned<Template>,
    #[serde(default)]
    pub(crate) when: Vec<Condition>,
    /// Given only for the first row with this value.
    pub(crate) once: Option<Spanned<Template>>,
    /// In place of the row's account.
    pub(crate) subject: Option<Spanned<Template>>,
    pub(crate) time: Option<TimeRule>,
    pub(crate) data: Shape,
}

/// A zone by its IANA name.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ZoneName(pub(crate) Zone);

/// A type of event that may be appended.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct TypeName(pub(crate) EventType);

fn yes() -> bool {
    true
}

impl TryFrom<String> for ZoneName {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        Zone::named(&name).map(Self).map_err(|error| error.to_string())
    }
}

impl TryFrom<String> for TypeName {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        match EventType::named(&name) {
            Some(event_type) if event_type.is_own() => {
                Err(format!("`{name}` is written by the ledger alone"))
            }
            Some(event_type) => Ok(Self(event_type)),
            None => Err(format!("there is no type of event `{name}`")),
        }
    }
}

impl Mapping {
    /// Reads and checks a mapping.
    ///
    /// # Errors
    /// [`MappingError`], with the line and what is wrong there. Whether the columns exist is only asked when a
    /// table is opened.
    pub fn load(desk: &Desk, path: impl AsRef<Path>) -> Result<Self, MappingError> {
        let file = path.as_ref();
        let cannot = |source| MappingError::Read { file: file.to_owned(), source };
        Self::parse(&desk.open(file).and_then(|(file, _)| io::read_to_string(file)).map_err(cannot)?, file)
    }

    /// Checks a mapping that is at hand as text. `file` names it in errors, and its folder is where lookups
    /// are looked for.
    ///
    /// # Errors
    /// As [`Mapping::load`].
    pub fn parse(text: &str, file: &Path) -> Result<Self, MappingError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let rules: Rules = toml::from_str(text)
            .map_err(|error| invalid(file, text, error.span().unwrap_or(0..0), error.message().to_owned()))?;
        let mapping = Self { rules: Arc::new(rules), text: text.into(), file: file.into() };
        mapping.check()?;
        Ok(mapping)
    }

    /// The source under which the events are submitted.
    pub fn source(&self) -> &Source {
        &self.rules.source
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// An error about what stands at a place of the mapping's text.
    pub(crate) fn error_at(&self, start: usize, reason: String) -> MappingError {
        invalid(&self.file, &self.text, start..start, reason)
    }
}

fn invalid(file: &Path, text: &str, span: Range<usize>, reason: String) -> MappingError {
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let shown = text.lines().nth(line - 1).unwrap_or_default().trim();
    MappingError::Invalid {
        file: file.to_owned(),
        line,
        text: shown.chars().take(SHOWN_CHARS_MAX).collect(),
        reason,
    }
}
