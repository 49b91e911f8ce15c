//! How a table of separated values is written: the `[csv]` part of a mapping.

use encoding_rs::Encoding;
use serde::Deserialize;

use super::records::Separator;

/// How a table is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawOptions")]
pub(crate) struct Options {
    pub(crate) separator: Separator,
    pub(crate) quote: Option<u8>,
    /// `None`: UTF-8.
    pub(crate) encoding: Option<&'static Encoding>,
    /// Whether the first row names the columns.
    pub(crate) header: bool,
    /// The names of the columns, in place of those of the header.
    pub(crate) columns: Option<Vec<String>>,
    /// Lines to pass over before the table begins.
    pub(crate) skip_lines: u64,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawOptions {
    delimiter: Option<Delimiter>,
    quote: Option<Quote>,
    encoding: Option<Name>,
    header: Option<bool>,
    columns: Option<Vec<String>>,
    #[serde(default)]
    skip_lines: u64,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Delimiter(Separator);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Quote(Option<u8>);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Name(Option<&'static Encoding>);

/// The one ASCII character that a text consists of.
fn one_byte(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0) => Some(*byte),
        _ => None,
    }
}

impl TryFrom<String> for Delimiter {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "whitespace" => Ok(Self(Separator::WhiteSpace)),
            "tab" => Ok(Self(Separator::Byte(b'\t'))),
            other => one_byte(other).map(|byte| Self(Separator::Byte(byte))).ok_or_else(|| {
                format!("the delimiter is one ASCII character, \"tab\" or \"whitespace\", not `{other}`")
            }),
        }
    }
}

impl TryFrom<String> for Quote {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(None));
        }
        let refused = || format!("the quote is one ASCII character or \"none\", not `{text}`");
        one_byte(&text).map(|byte| Self(Some(byte))).ok_or_else(refused)
    }
}

impl TryFrom<String> for Name {
    type Error = String;
    fn try_from(label: String) -> Result<Self, String> {
        let encoding = Encoding::for_label(label.as_bytes())
            .ok_or_else(|| format!("there is no encoding `{label}`; such as utf-8, gb18030, windows-1252"))?;
        Ok(Self((encoding != encoding_rs::UTF_8).then_some(encoding)))
    }
}

impl TryFrom<RawOptions> for Options {
    type Error = String;
    fn try_from(raw: RawOptions) -> Result<Self, String> {
        let header = raw.header.unwrap_or(true);
        if !header && raw.columns.is_none() {
            return Err("without a header the `columns` must be named".to_owned());
        }
        Ok(Self {
            separator: raw.delimiter.map_or(Separator::Byte(b','), |delimiter| delimiter.0),
            quote: raw.quote.map_or(Some(b'"'), |quote| quote.0),
            encoding: raw.encoding.and_then(|name| name.0),
            header,
            columns: raw.columns,
            skip_lines: raw.skip_lines,
        })
    }
}

impl Options {
    /// Commas, double quotes, UTF-8 and a header.
    pub(crate) fn usual() -> Self {
        Self {
            separator: Separator::Byte(b','),
            quote: Some(b'"'),
            encoding: None,
            header: true,
            columns: None,
            skip_lines: 0,
        }
    }
}
