//! Templates: text with holes that the cells of a row fill, such as `"{Meeting ID}-{Organisation|slug}"`.
//!
//! The language is total: every template ends, none loops, computes or calls out. A template whose holes are all
//! empty is empty, whatever text stands between them, so that an optional field simply disappears.

use serde::Deserialize;

use super::filter::Filter;
use super::row::{Problem, Scope};

/// What a hole takes its value from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hole {
    /// `{#}`: the number of the row in the file, from 1.
    RowNumber,
    /// `{##}`: the how-manieth event of the file with the same id this is, from 1.
    Occurrence,
    /// `{@account}`: the account of the row.
    Account,
    /// `{column}` or `{lookup.column}`.
    Column(String),
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Hole(Hole, Vec<Filter>),
}

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Template {
    parts: Vec<Part>,
}

impl TryFrom<String> for Template {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut cursor = Cursor { rest: text };
        while let Some(next) = cursor.take() {
            match next {
                '{' | '}' if cursor.rest.starts_with(next) => {
                    cursor.take();
                    plain.push(next);
                }
                '}' => return Err("`}` without `{`; a brace itself is written `}}`".to_owned()),
                '{' => {
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(cursor.hole()?);
                }
                other => plain.push(other),
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { parts })
    }

    /// Fills the holes from a row.
    ///
    /// # Errors
    /// What a filter says of the value it met, with the column that the value came from.
    pub(crate) fn render(&self, scope: &Scope<'_>) -> Result<String, Problem> {
        let mut text = String::new();
        let mut holes = 0;
        let mut filled = 0;
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Hole(hole, filters) => {
                    let value = fill(hole, filters, scope)?;
                    holes += 1;
                    filled += usize::from(!value.is_empty());
                    text.push_str(&value);
                }
            }
        }
        Ok(if holes > 0 && filled == 0 { String::new() } else { text })
    }

    /// Its text without the holes.
    pub(crate) fn plain(&self) -> String {
        let text = |part: &Part| match part {
            Part::Text(plain) => Some(plain.clone()),
            Part::Hole(..) => None,
        };
        self.parts.iter().filter_map(text).collect()
    }

    /// What it takes its values from, in order.
    pub(crate) fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(hole, _) => Some(hole),
            Part::Text(_) => None,
        })
    }

    /// Its filters, in order.
    pub(crate) fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.parts.iter().flat_map(|part| match part {
            Part::Hole(_, filters) => filters.as_slice(),
            Part::Text(_) => &[],
        })
    }

    /// Whether it has the hole.
    pub(crate) fn has(&self, hole: &Hole) -> bool {
        self.holes().any(|mine| mine == hole)
    }

    /// The first column it takes a value from.
    pub(crate) fn column(&self) -> Option<&str> {
        self.holes().find_map(|hole| match hole {
            Hole::Column(name) => Some(name.as_str()),
            Hole::RowNumber | Hole::Occurrence | Hole::Account => None,
        })
    }
}

fn fill(hole: &Hole, filters: &[Filter], scope: &Scope<'_>) -> Result<String, Problem> {
    let mut value = match hole {
        Hole::RowNumber => scope.row.number.to_string(),
        Hole::Occurrence => scope.occurrence.map(|number| number.to_string()).unwrap_or_default(),
        Hole::Account => scope.account.to_owned(),
        Hole::Column(name) => scope.row.cell(name).to_owned(),
    };
    for filter in filters {
        value = filter.apply(value, scope.row.maps).map_err(|reason| {
            let field = match hole {
                Hole::Column(name) => Some(name.clone()),
                Hole::RowNumber | Hole::Occurrence | Hole::Account => None,
            };
            Problem { field, reason }
        })?;
    }
    Ok(value)
}

/// What is left of a template to parse.
struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    fn take(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next()?;
        self.rest = chars.as_str();
        Some(next)
    }

    fn take_if(&mut self, wanted: char) -> bool {
        self.rest = self.rest.trim_start();
        let found = self.rest.starts_with(wanted);
        if found {
            self.take();
        }
        found
    }

    fn until(&mut self, ends: &[char]) -> Result<String, String> {
        let end = self.rest.find(ends).ok_or("`{` is not closed by `}`; a brace itself is written `{{`")?;
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(taken.trim().to_owned())
    }

    fn hole(&mut self) -> Result<Part, String> {
        let name = self.until(&['|', '}'])?;
        let hole = match name.as_str() {
            "" => return Err("`{}` names no column".to_owned()),
            "#" => Hole::RowNumber,
            "##" => Hole::Occurrence,
            "@account" => Hole::Account,
            _ => Hole::Column(name),
        };
        let mut filters = Vec::new();
        while self.take_if('|') {
            filters.push(self.filter()?);
        }
        if self.take_if('}') { Ok(Part::Hole(hole, filters)) } else { Err("`}` is missing".to_owned()) }
    }

    fn filter(&mut self) -> Result<Filter, String> {
        let name = self.until(&['|', '}', '('])?;
        let mut arguments = Vec::new();
        if self.take_if('(') {
            loop {
                arguments.push(self.argument()?);
                if self.take_if(')') {
                    break;
                }
                if !self.take_if(',') {
                    return Err(format!("`,` or `)` is missing in the arguments of `{name}`"));
                }
            }
        }
        Filter::named(&name, arguments)
    }

    fn argument(&mut self) -> Result<String, String> {
        if !self.take_if('"') {
            return self.until(&[',', ')', '}', '|']);
        }
        let mut text = String::new();
        loop {
            match self.take() {
                None => return Err("a quoted argument is not closed".to_owned()),
                Some('"') => return Ok(text),
                Some('\\') => text.extend(self.take()),
                Some(other) => text.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::check_rendered as check;
    use super::*;

    #[test]
    fn holes_are_filled_and_braces_written() {
        check("{name}-{#}", "Acme-7");
        check("{{{name}}}", "{Acme}");
        check("{ name | lower }", "acme");
        check("{@account}/{##}", "the-account/3");
        check("no hole", "no hole");
        check("{empty} pieces", "");
        check("{empty}{name} pieces", "Acme pieces");
        check("", "");
    }

    #[test]
    fn arguments_may_hold_any_character() {
        check(r#"{price|strip("£,|}")}"#, "1250.5");
        check(r#"{empty|default("a \"b\" \\ }")}"#, "a \"b\" \\ }");
        check("{empty|default(x)}", "x");
        check(r#"{name|replace("A", "a,")}"#, "a,cme");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, says) in [
            ("{name", "not closed"),
            ("name}", "without `{`"),
            ("{}", "names no column"),
            ("{|trim}", "names no column"),
            ("{a|frobnicate}", "no filter `frobnicate`"),
            ("{a|trim(1)}", "takes no argument"),
            ("{a|decimal}", "takes"),
            ("{a|decimal(x)}", "0 to 8"),
            ("{a|strip(\"x)}", "not closed"),
            ("{a|map(x y}", "is missing"),
            ("{a|date(\"%Q\")}", "%Q"),
        ] {
            let error = Template::parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
