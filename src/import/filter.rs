//! Filters: what a template can do to a value on its way from a cell into an event.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use encoding_rs::WINDOWS_1252;
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use super::dates::Format;
use super::row::Maps;

/// The most bytes of a slug; a longer one ends in a digest of the whole.
pub(crate) const SLUG_BYTES_MAX: usize = 120;
const DECIMALS_MAX: u32 = 8;
const SHOWN_CHARS_MAX: usize = 40;

/// One filter. All but `default` and `required` leave an empty value empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    Trim,
    Tidy,
    Lower,
    Upper,
    Slug,
    /// Drops each of these characters, wherever it stands.
    Strip(String),
    Replace(String, String),
    /// A decimal number with exactly so many digits after the point.
    Decimal(u32),
    /// A date in that format, as `YYYY-MM-DD`.
    Date(Format),
    /// The class, `FROM-TO`, that a number falls into; the bounds ascend.
    Classes(Vec<Decimal>),
    Map(String),
    Default(String),
    Required,
}

const KNOWN: &str =
    "trim, tidy, lower, upper, slug, strip, replace, decimal, date, classes, map, default, required";

impl Filter {
    /// The filter of that name.
    ///
    /// # Errors
    /// A sentence about an unknown name or wrong arguments.
    pub(crate) fn named(name: &str, arguments: Vec<String>) -> Result<Self, String> {
        let plain = match name {
            "trim" => Self::Trim,
            "tidy" => Self::Tidy,
            "lower" => Self::Lower,
            "upper" => Self::Upper,
            "slug" => Self::Slug,
            "required" => Self::Required,
            "classes" => return Self::classes(&arguments),
            "replace" => {
                let [from, to] = exactly(name, arguments)?;
                return Ok(Self::Replace(from, to));
            }
            "strip" | "decimal" | "date" | "map" | "default" => {
                let [argument] = exactly(name, arguments)?;
                return Self::with_argument(name, argument);
            }
            _ => return Err(format!("there is no filter `{name}`; the filters are {KNOWN}")),
        };
        if arguments.is_empty() { Ok(plain) } else { Err(format!("the filter `{name}` takes no argument")) }
    }

    fn with_argument(name: &str, argument: String) -> Result<Self, String> {
        match name {
            "strip" => Ok(Self::Strip(argument)),
            "decimal" => match argument.parse() {
                Ok(digits) if digits <= DECIMALS_MAX => Ok(Self::Decimal(digits)),
                _ => {
                    Err(format!("`decimal` takes a number of digits, 0 to {DECIMALS_MAX}, not `{argument}`"))
                }
            },
            "date" => Format::try_from(argument).map(Self::Date),
            "map" => Ok(Self::Map(argument)),
            _ => Ok(Self::Default(argument)),
        }
    }

    fn classes(arguments: &[String]) -> Result<Self, String> {
        let bounds: Option<Vec<Decimal>> = arguments.iter().map(|text| number(text)).collect();
        match bounds {
            Some(bounds) if !bounds.is_empty() && bounds.is_sorted_by(|a, b| a < b) => {
                Ok(Self::Classes(bounds))
            }
            _ => Err("`classes` takes ascending numbers, such as classes(0, 50, 250)".to_owned()),
        }
    }

    /// Puts a value through the filter.
    ///
    /// # Errors
    /// A sentence about the value, showing at most its beginning.
    pub(crate) fn apply(&self, value: String, maps: &Maps) -> Result<String, String> {
        if *self == Self::Required && value.trim().is_empty() {
            return Err("must not be empty".to_owned());
        }
        if value.is_empty() {
            return Ok(if let Self::Default(other) = self { other.clone() } else { value });
        }
        Ok(match self {
            Self::Trim => value.trim().to_owned(),
            Self::Tidy => tidy(&value),
            Self::Lower => value.to_lowercase(),
            Self::Upper => value.to_uppercase(),
            Self::Slug => slug(&value),
            Self::Strip(chars) => value.chars().filter(|c| !chars.contains(*c)).collect(),
            Self::Replace(from, to) => value.replace(from.as_str(), to),
            Self::Decimal(digits) => decimal(&value, *digits)?,
            Self::Date(format) => format.day(value.trim())?.to_string(),
            Self::Classes(bounds) => class(&value, bounds)?,
            Self::Map(name) => mapped(value, maps.get(name)),
            Self::Default(_) | Self::Required => value,
        })
    }
}

fn exactly<const N: usize>(name: &str, arguments: Vec<String>) -> Result<[String; N], String> {
    <[String; N]>::try_from(arguments)
        .map_err(|_| format!("the filter `{name}` takes {N} argument{}", if N == 1 { "" } else { "s" }))
}

/// The beginning of a value, for a message.
pub(crate) fn shown(value: &str) -> String {
    value.chars().take(SHOWN_CHARS_MAX).collect()
}

/// Reads a plain decimal number; white space around it does not count.
pub(crate) fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain && digits.bytes().any(|byte| byte.is_ascii_digit()) {
        Decimal::from_str_exact(text).ok()
    } else {
        None
    }
}

fn decimal(value: &str, digits: u32) -> Result<String, String> {
    let mut exact = number(value).ok_or_else(|| not_number(value))?;
    if exact.normalize().scale() > digits {
        return Err(format!("`{}` has more than {digits} digits after the point", shown(value)));
    }
    exact.rescale(digits);
    if exact.scale() == digits { Ok(exact.to_string()) } else { Err(not_number(value)) }
}

/// Says that a value is no number.
pub(crate) fn not_number(value: &str) -> String {
    format!("`{}` is not a decimal number", shown(value))
}

fn class(value: &str, bounds: &[Decimal]) -> Result<String, String> {
    let exact = number(value).ok_or_else(|| not_number(value))?;
    let above = bounds.partition_point(|bound| *bound <= exact);
    let from = above.checked_sub(1).and_then(|index| bounds.get(index));
    Ok(match (from, bounds.get(above)) {
        (Some(from), Some(to)) => format!("{from}-{to}"),
        (Some(from), None) => format!("{from}+"),
        (None, Some(to)) => format!("under {to}"),
        (None, None) => value.to_owned(),
    })
}

fn mapped(value: String, map: Option<&BTreeMap<String, String>>) -> String {
    let Some(map) = map else { return value };
    map.get(value.trim()).or_else(|| map.get("*")).cloned().unwrap_or(value)
}

/// Collapses white space, trims, drops control and invisible characters, and reads the range U+0080 to U+009F,
/// where nothing but mistaken Windows-1252 ever stands, as Windows-1252.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for c in text.chars().map(repaired) {
        if c.is_whitespace() {
            if !tidied.is_empty() && !tidied.ends_with(' ') {
                tidied.push(' ');
            }
        } else if !c.is_control() && !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}') {
            tidied.push(c);
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}

fn repaired(c: char) -> char {
    match u8::try_from(c) {
        // U+0085 is white space in Unicode, but an ellipsis in Windows-1252.
        Ok(byte @ 0x80..=0x9f) => {
            WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(c)
        }
        _ => c,
    }
}

/// The identifier of a name: letters and digits of any script in lower case, one `-` between the words,
/// apostrophes left out. `" St John’s  (UK)"` becomes `st-johns-uk`.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().map(repaired).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}') {
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            slug.push(c);
        } else {
            gap |= !matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '\u{200b}' | '\u{feff}' | '\u{ad}');
        }
    }
    shortened(slug, SLUG_BYTES_MAX)
}

/// The text itself when it fits; else its beginning, `-`, and 16 hexadecimal digits of the SHA-256 of it all.
pub(crate) fn shortened(text: String, bytes_max: usize) -> String {
    const DIGEST_BYTES: usize = 8;
    if text.len() <= bytes_max {
        return text;
    }
    let digest = Sha256::digest(text.as_bytes());
    let keep = text.floor_char_boundary(bytes_max.saturating_sub(2 * DIGEST_BYTES + 1));
    let mut short = text.get(..keep).unwrap_or_default().to_owned();
    short.push('-');
    for byte in digest.iter().take(DIGEST_BYTES) {
        let _ = write!(short, "{byte:02x}");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::super::row::{check_problem, check_rendered as check};
    use super::*;

    #[test]
    fn names_become_identifiers() {
        check("{dirty|slug}", "st-johns-café-uk");
        check("{dirty|tidy}", "St John’s Café (UK)");
        check("{chinese|slug}", "关系-有限公司");
        for same in ["ACME, Inc.", " acme  inc", "Acme-Inc", "acme\u{a0}INC\n"] {
            assert_eq!(slug(same), "acme-inc", "{same:?}");
        }
        assert_eq!(slug("!?"), "");
        let long = slug(&"长".repeat(100));
        assert!(long.len() <= SLUG_BYTES_MAX && long.starts_with("长长"), "{long}");
        assert_ne!(long, slug(&"长".repeat(101)));
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        check("{price|strip(\"£,\")|decimal(2)}", "1250.50");
        check("{german|strip(\".\")|replace(\",\", \".\")|decimal(2)}", "1250.50");
        check("{empty|decimal(2)}", "");
        assert_eq!(decimal("77", 2).unwrap(), "77.00");
        assert_eq!(decimal(" 1.500 ", 1).unwrap(), "1.5");
        assert_eq!(decimal("-3", 0).unwrap(), "-3");
        check_problem("{third|decimal(2)}", "third", "`0.333` has more than 2 digits after the point");
        check_problem("{name|decimal(2)}", "name", "`Acme` is not a decimal number");
        for text in ["", "1e3", "--1", "1.2.3", ".", "٣", "1_000", &"9".repeat(40)] {
            assert!(decimal(text, 2).is_err(), "{text:?}");
        }
    }

    #[test]
    fn classes_and_maps() {
        check("{third|classes(0, 50, 250)}", "0-50");
        check("{size|classes(0, 50, 250)}", "250+");
        check("{size|classes(1000)}", "under 1000");
        check("{name|map(names)}", "mapped");
        check("{size|map(names)}", "other");
        check("{empty|map(names)}", "");
        check("{size|map(partial)}", "250");
        check_problem("{empty|required}", "empty", "must not be empty");
        assert!(Filter::named("classes", vec!["2".into(), "1".into()]).is_err());
    }

    #[test]
    fn dates_are_written_as_the_wire_has_them() {
        check("{day|date(\"%m/%d/%Y\")}", "2016-10-20");
        check_problem("{name|date(\"%m/%d/%Y\")}", "name", "`Acme` is not a date of the form %m/%d/%Y");
    }
}
