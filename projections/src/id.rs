//! Identifiers: newtypes, so that a bid can never be taken for an order.
//!
//! Every identifier that somebody else chose (accounts, sources, bids, ...) is text of 1 to
//! [`TEXT_ID_BYTES_MAX`] bytes without control characters and without white space at its ends. It is
//! compared byte by byte: neither case nor Unicode form is folded, since the ledger must give back what it got.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// The most bytes (UTF-8) an identifier chosen outside the ledger may have.
pub const TEXT_ID_BYTES_MAX: usize = 200;

/// The subject of the ledger's own stream, which holds policies, rates, reviews and the like.
pub const LEDGER_STREAM: &str = "$ledger";

/// Why a text is not an identifier. Reads on from "the identifier ...".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// The text has no bytes.
    #[error("must not be empty")]
    Empty,
    /// The text has more than [`TEXT_ID_BYTES_MAX`] bytes.
    #[error("must not be longer than {TEXT_ID_BYTES_MAX} bytes")]
    TooLong,
    /// The text has a control character, or begins or ends with white space.
    #[error("must not contain control characters, nor begin or end with white space")]
    Untidy,
    /// The text begins with `$`, which the ledger keeps for its own streams.
    #[error("must not begin with `$`: that is reserved for the ledger itself")]
    Reserved,
}

fn tidy(text: &str) -> Result<(), InvalidId> {
    if text.is_empty() {
        Err(InvalidId::Empty)
    } else if text.len() > TEXT_ID_BYTES_MAX {
        Err(InvalidId::TooLong)
    } else if !is_plain(text) && (text.trim() != text || text.chars().any(char::is_control)) {
        Err(InvalidId::Untidy)
    } else {
        Ok(())
    }
}

/// Whether it is tidy at a glance: ASCII that can be seen, and no blank. Nearly every identifier is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(CompactString);

        impl $name {
            /// Takes a text as identifier.
            ///
            /// # Errors
            /// [`InvalidId`] when it is empty, too long, has control characters or white space at an end.
            pub fn new(text: impl Into<CompactString>) -> Result<Self, InvalidId> {
                let text = text.into();
                tidy(&text)?;
                Ok(Self(text))
            }

            /// The text as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_id! {
    /// The customer: the subject of a stream. `$ledger` names the ledger's own stream.
    AccountId,
    /// The system that submitted an event, such as `crm/emea`.
    Source,
    /// The source's own name for an event. With [`Source`] it identifies the event for ever.
    EventId,
    /// A person as callers name them, such as `li.wei`. Never stored in the clear.
    Alias,
    /// Who appended an event, as the ledger knows its callers.
    Actor,
    /// Ties events of one business exchange together (`CloudEvents` extension `correlationid`).
    CorrelationId,
    /// A bid, named by the source.
    BidId,
    /// An opportunity, named by the source.
    OpportunityId,
    /// A project, named by the source.
    ProjectId,
    /// A contract, named by the source.
    ContractId,
    /// An order, named by the source.
    OrderId,
    /// An invoice, named by the source.
    InvoiceId,
    /// A delivery, named by the source.
    DeliveryId,
    /// A concession, named by the source.
    ConcessionId,
    /// A promise, named by the source.
    CommitmentId,
    /// An issue, named by the source.
    IssueId,
    /// A need that the customer stated, named by the source.
    NeedId,
    /// A plan for an account, named by the source.
    PlanId,
    /// An objective inside a plan.
    ObjectiveId,
    /// A core task of the policy's list, such as `incubate`.
    TaskId,
    /// A criterion that an account judges suppliers by.
    Criterion,
    /// A trait of an account beside industry, region, segment and size.
    TraitName,
}

/// Equality, order and hash are those of the text, so that a map keyed by accounts is asked by it.
impl std::borrow::Borrow<str> for AccountId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl AccountId {
    /// The ledger's own stream.
    pub fn ledger() -> Self {
        Self(CompactString::const_new(LEDGER_STREAM))
    }

    /// Whether this is a stream of the ledger's own rather than a customer's.
    pub fn is_ledger(&self) -> bool {
        self.0.starts_with('$')
    }

    /// Takes a text as the identifier of a customer.
    ///
    /// # Errors
    /// As [`AccountId::new`], and [`InvalidId::Reserved`] for a text that begins with `$`.
    pub fn customer(text: impl Into<CompactString>) -> Result<Self, InvalidId> {
        let id = Self::new(text)?;
        if id.is_ledger() { Err(InvalidId::Reserved) } else { Ok(id) }
    }
}

/// `~`, and six bits in each character after it.
const PSEUDONYM_BYTES: usize = 23;

/// A person's pseudonym: 16 random bytes, assigned by the ledger when it first hears an [`Alias`].
///
/// Written as `~` and 22 characters of URL-safe base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonId(pub [u8; 16]);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pseudonym())
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonId({self})")
    }
}

impl From<PersonId> for String {
    fn from(id: PersonId) -> String {
        id.pseudonym().into_string()
    }
}

impl PersonId {
    /// The pseudonym as text.
    pub fn pseudonym(self) -> CompactString {
        let mut pseudonym = [b'~'; PSEUDONYM_BYTES];
        // There is room for them all, and they are ASCII.
        let _ = URL_SAFE_NO_PAD.encode_slice(self.0, pseudonym.get_mut(1..).unwrap_or_default());
        std::str::from_utf8(&pseudonym).unwrap_or_default().into()
    }

    /// The person whose pseudonym this text is; `None` when it is not written like one.
    pub fn of_pseudonym(text: &str) -> Option<Self> {
        let text = text.strip_prefix('~').filter(|text| text.len() == PSEUDONYM_BYTES - 1)?;
        // Room as for any text so long; what it holds is less.
        let mut bytes = [0; PSEUDONYM_BYTES];
        let decoded = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        bytes.get(..decoded)?.try_into().ok().map(Self)
    }
}

impl TryFrom<String> for PersonId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::of_pseudonym(&text).ok_or_else(|| format!("`{text}` is not a pseudonym of 16 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_ids_keep_what_they_were_given() {
        for text in ["acme", "关系", "🏭 works", "a b", &"x".repeat(TEXT_ID_BYTES_MAX)] {
            assert_eq!(AccountId::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn untidy_texts_are_no_ids() {
        assert_eq!(AccountId::new(""), Err(InvalidId::Empty));
        assert_eq!(AccountId::new("x".repeat(TEXT_ID_BYTES_MAX + 1)), Err(InvalidId::TooLong));
        for text in [" a", "a ", "a\n", "a\u{0}b", "\u{7f}"] {
            assert_eq!(AccountId::new(text), Err(InvalidId::Untidy), "{text:?}");
        }
        assert_eq!(AccountId::customer("$ledger"), Err(InvalidId::Reserved));
    }

    #[test]
    fn a_pseudonym_is_read_back_as_written() {
        let person = PersonId([7; 16]);
        assert_eq!(PersonId::try_from(person.to_string()), Ok(person));
        assert!(PersonId::try_from("~short".to_owned()).is_err());
    }
}
