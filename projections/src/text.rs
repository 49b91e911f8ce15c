//! Texts that people wrote: short labels, free text and policies, bounded.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// The most bytes (UTF-8) of a label.
pub const LABEL_BYTES_MAX: usize = 500;
/// The most bytes (UTF-8) of a free text.
pub const FREE_TEXT_BYTES_MAX: usize = 16_384;
/// The most bytes (UTF-8) of a policy: three quarters of a record, so that reason and envelope fit beside it.
pub const POLICY_TEXT_BYTES_MAX: usize = 49_152;

/// Why a text is refused. Reads on from "the text ...".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Longer than the bound, in bytes.
    #[error("must not be longer than {0} bytes")]
    TooLong(usize),
    /// A label with a control character (a line break included).
    #[error("must not contain control characters")]
    Control,
}

/// A short text on one line: a name, a region, a reason. Kept as given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

/// A text of any number of lines. Kept as given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FreeText(String);

/// A whole policy as TOML text, comments included. Kept as given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PolicyText(String);

impl Label {
    /// Takes a text as label.
    ///
    /// # Errors
    /// [`InvalidText`] when it is blank, too long, or has control characters.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidText> {
        let text = text.into();
        if text.trim().is_empty() {
            Err(InvalidText::Empty)
        } else if text.len() > LABEL_BYTES_MAX {
            Err(InvalidText::TooLong(LABEL_BYTES_MAX))
        } else if text.chars().any(char::is_control) {
            Err(InvalidText::Control)
        } else {
            Ok(Self(text))
        }
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FreeText {
    /// Takes a text as free text.
    ///
    /// # Errors
    /// [`InvalidText`] when it is blank or too long.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidText> {
        bounded(text.into(), FREE_TEXT_BYTES_MAX).map(Self)
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PolicyText {
    /// Takes a text as policy; whether it is a sound one is asked of [`Policy`](crate::policy::Policy).
    ///
    /// # Errors
    /// [`InvalidText`] when it is blank or too long.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidText> {
        bounded(text.into(), POLICY_TEXT_BYTES_MAX).map(Self)
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn bounded(text: String, bytes_max: usize) -> Result<String, InvalidText> {
    if text.trim().is_empty() {
        Err(InvalidText::Empty)
    } else if text.len() > bytes_max {
        Err(InvalidText::TooLong(bytes_max))
    } else {
        Ok(text)
    }
}

impl fmt::Debug for FreeText {
    /// Says only how long it is: free text may hold personal data, and debug output ends in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FreeText({} bytes)", self.0.len())
    }
}

impl fmt::Debug for PolicyText {
    /// Says only how long it is: nobody wants to read a whole policy in a debug line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicyText({} bytes)", self.0.len())
    }
}

macro_rules! string_conversions {
    ($($name:ident),+) => {$(
        impl TryFrom<String> for $name {
            type Error = InvalidText;
            fn try_from(text: String) -> Result<Self, InvalidText> {
                Self::new(text)
            }
        }
        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}
string_conversions!(Label, FreeText, PolicyText);

/// A text that only the holder of its key can read. What is inside is the business of whoever sealed it.
///
/// In JSON: standard base64, as in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealedText(Vec<u8>);

impl SealedText {
    /// Wraps sealed bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The sealed bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<String> for SealedText {
    type Error = base64::DecodeError;
    fn try_from(text: String) -> Result<Self, base64::DecodeError> {
        STANDARD.decode(text).map(Self)
    }
}

impl From<SealedText> for String {
    fn from(sealed: SealedText) -> String {
        STANDARD.encode(sealed.0)
    }
}
