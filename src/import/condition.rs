//! Conditions on the cells of a row.

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use super::filter::{not_number, number};
use super::row::{Problem, Row};

/// One condition: a column and what must hold of its value. White space at the value's ends does not count.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawCondition")]
pub(crate) struct Condition {
    pub(crate) column: Spanned<String>,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Equals(String),
    NotEquals(String),
    In(Vec<String>),
    /// A pattern in which `*` stands for any text and `?` for any one character.
    Matches(String),
    Present,
    Absent,
    Greater(Decimal),
    Less(Decimal),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCondition {
    column: Spanned<String>,
    equals: Option<String>,
    not_equals: Option<String>,
    r#in: Option<Vec<String>>,
    matches: Option<String>,
    present: Option<bool>,
    absent: Option<bool>,
    greater: Option<String>,
    less: Option<String>,
}

impl TryFrom<RawCondition> for Condition {
    type Error = String;

    fn try_from(raw: RawCondition) -> Result<Self, String> {
        let bound = |text: String| number(&text).ok_or_else(|| not_number(&text));
        let presence = |present| if present { Test::Present } else { Test::Absent };
        let mut tests = [
            raw.equals.map(Test::Equals),
            raw.not_equals.map(Test::NotEquals),
            raw.r#in.map(Test::In),
            raw.matches.map(Test::Matches),
            raw.present.map(presence),
            raw.absent.map(|absent| presence(!absent)),
            raw.greater.map(bound).transpose()?.map(Test::Greater),
            raw.less.map(bound).transpose()?.map(Test::Less),
        ]
        .into_iter()
        .flatten();
        match (tests.next(), tests.next()) {
            (Some(test), None) => Ok(Self { column: raw.column, test }),
            _ => Err("a condition takes exactly one of equals, not_equals, in, matches, present, absent, \
                      greater, less"
                .to_owned()),
        }
    }
}

impl Condition {
    /// Whether it holds for a row. `greater` and `less` never hold for an empty value.
    ///
    /// # Errors
    /// When `greater` or `less` meets a value that is no number.
    pub(crate) fn holds(&self, row: &Row<'_>) -> Result<bool, Problem> {
        let value = row.cell(self.column.get_ref()).trim();
        match &self.test {
            Test::Equals(wanted) => Ok(value == wanted),
            Test::NotEquals(other) => Ok(value != other),
            Test::In(list) => Ok(list.iter().any(|wanted| value == wanted)),
            Test::Matches(pattern) => Ok(matches(pattern, value)),
            Test::Present => Ok(!value.is_empty()),
            Test::Absent => Ok(value.is_empty()),
            Test::Greater(_) | Test::Less(_) if value.is_empty() => Ok(false),
            Test::Greater(bound) => self.number(value).map(|number| number > *bound),
            Test::Less(bound) => self.number(value).map(|number| number < *bound),
        }
    }

    fn number(&self, value: &str) -> Result<Decimal, Problem> {
        let field = Some(self.column.get_ref().clone());
        number(value).ok_or_else(|| Problem { field, reason: not_number(value) })
    }
}

/// Whether every condition of a list holds.
pub(crate) fn all_hold(conditions: &[Condition], row: &Row<'_>) -> Result<bool, Problem> {
    for condition in conditions {
        if !condition.holds(row)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a text is of a pattern. Takes O(pattern x text) steps at worst.
fn matches(pattern: &str, text: &str) -> bool {
    let mut rest_pattern = pattern.chars();
    let mut rest_text = text.chars();
    // Where to try again after the last `*`, with one character more under it.
    let mut again = None;
    loop {
        let (mut next_pattern, mut next_text) = (rest_pattern.clone(), rest_text.clone());
        match (next_pattern.next(), next_text.next()) {
            (Some('*'), _) => {
                again = Some((next_pattern.clone(), rest_text.clone()));
                rest_pattern = next_pattern;
            }
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                (rest_pattern, rest_text) = (next_pattern, next_text);
            }
            _ => {
                let Some((pattern, text)) = &mut again else { return false };
                if text.next().is_none() {
                    return false;
                }
                (rest_pattern, rest_text) = (pattern.clone(), text.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::row::on_sample;
    use super::*;

    #[track_caller]
    fn holds(toml: &str) -> Result<bool, Problem> {
        let condition: Condition = toml::from_str(toml).unwrap();
        on_sample(|row| condition.holds(row))
    }

    #[test]
    fn each_test() {
        for (toml, expected) in [
            ("column = 'name'\nequals = 'Acme'", true),
            ("column = 'name'\nequals = 'acme'", false),
            ("column = 'name'\nnot_equals = 'x'", true),
            ("column = 'name'\nin = ['x', 'Acme']", true),
            ("column = 'name'\nin = []", false),
            ("column = 'day'\nmatches = '*/20??'", true),
            ("column = 'name'\npresent = true", true),
            ("column = 'name'\npresent = false", false),
            ("column = 'empty'\nabsent = true", true),
            ("column = 'dirty'\nabsent = true", false),
            ("column = 'third'\ngreater = '0.3329'", true),
            ("column = 'third'\nless = '0.333'", false),
            ("column = 'empty'\nless = '1'", false),
        ] {
            assert_eq!(holds(toml), Ok(expected), "{toml}");
        }
        assert_eq!(holds("column = 'name'\ngreater = '0'").unwrap_err().field.as_deref(), Some("name"));
    }

    #[test]
    fn a_condition_is_exactly_one_test() {
        for toml in [
            "column = 'a'",
            "column = 'a'\npresent = true\nequals = 'x'",
            "column = 'a'\nless = 'x'",
            "present = true",
        ] {
            assert!(toml::from_str::<Condition>(toml).is_err(), "{toml}");
        }
    }

    /// The pattern read naively, by trying every split.
    fn naive(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, _) => text.is_empty(),
            (Some((b'*', rest)), _) => (0..=text.len()).any(|skip| naive(rest, &text[skip..])),
            (Some((wanted, rest)), Some((found, after))) => {
                (wanted == found || *wanted == b'?') && naive(rest, after)
            }
            (Some(_), None) => false,
        }
    }

    proptest! {
        #[test]
        fn patterns_match_as_the_naive_reading(pattern in "[ab*?]{0,7}", text in "[ab]{0,9}") {
            prop_assert_eq!(matches(&pattern, &text), naive(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
