//! Why an event was refused: by which rule, where, and in words.

use std::fmt;

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)+) => {
        /// The rule that an event broke. The codes are stable: callers may match on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$doc])* $variant,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code, such as `missing-field`.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }
    };
}

rules! {
    /// The text is no JSON, or not the JSON of an event.
    Malformed = "malformed",
    /// A key stands twice in one JSON object.
    DuplicateKey = "duplicate-key",
    /// More bytes than are taken.
    TooLarge = "too-large",
    /// A required attribute or field is absent or null.
    MissingField = "missing-field",
    /// An attribute or field that the type does not have; it would be lost.
    UnknownField = "unknown-field",
    /// No such event type.
    UnknownType = "unknown-type",
    /// A value of the wrong kind or out of range.
    InvalidValue = "invalid-value",
    /// An attribute that only the ledger gives: `position`, `sequence`, `recordedtime`, `actor`, `bodyversion`.
    ReservedAttribute = "reserved-attribute",
    /// A type of the ledger's own stream, or that stream itself: those have commands of their own.
    OwnType = "own-type",
    /// It lies in the future and is no plan.
    Future = "future",
    /// The fields of a payload do not go together.
    Contradiction = "contradiction",
    /// A correction or a feedback that says nothing.
    NothingSaid = "nothing-said",
    /// The account has not been opened.
    AccountUnknown = "account-unknown",
    /// The account has been opened already.
    AccountExists = "account-exists",
    /// A revision of an event that does not exist.
    TargetUnknown = "target-unknown",
    /// A revision of an event of another account.
    TargetForeign = "target-foreign",
    /// A revision of an event of another source, by somebody who may revise only those of their own.
    SourceForeign = "source-foreign",
    /// A correction of a correction or retraction.
    TargetIsCorrection = "target-is-correction",
    /// A retraction of `account.opened` while other events of the account stand.
    OpeningNotAlone = "opening-not-alone",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Why an event was refused. Nothing of it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The rule broken.
    pub rule: Rule,
    /// Where, as a JSON pointer (RFC 6901) into the event as it was submitted; empty for the whole of it.
    pub pointer: String,
    /// What is wrong, for people.
    pub message: String,
}

impl Rejection {
    /// A rejection at a place.
    pub fn new(rule: Rule, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { rule, pointer: pointer.into(), message: message.into() }
    }

    /// The same rejection seen from outside: `outer` is the pointer to the event, such as `/3` in a batch.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.pointer.insert_str(0, outer);
        self
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.pointer, self.message)
        }
    }
}

impl std::error::Error for Rejection {}

/// Appends one step to a JSON pointer.
pub(crate) fn step(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_kebab_case() {
        let mut codes: Vec<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Rule::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|b| b == b'-' || b.is_ascii_lowercase())));
    }

    #[test]
    fn a_rejection_says_where() {
        let mut pointer = "/data".to_owned();
        step(&mut pointer, "a/b~c");
        let rejection = Rejection::new(Rule::InvalidValue, pointer, "no").within("/3");
        assert_eq!(rejection.to_string(), "/3/data/a~1b~0c: no");
        assert_eq!(Rejection::new(Rule::Malformed, "", "no").to_string(), "no");
    }
}
