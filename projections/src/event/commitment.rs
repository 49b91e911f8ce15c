//! Promises of either side.

use super::payload::{Side, payloads};
use crate::form::Note;
use crate::id::CommitmentId;
use crate::time::When;

payloads! {
    /// Payload of `commitment.made`.
    interaction CommitmentMade {
        /// Which promise.
        commitment: CommitmentId,
        /// Who promised.
        by: Side,
        /// By when; may lie in the future.
        due: When,
        /// Whether much hangs on it; `None`: no.
        critical: Option<bool>,
        /// What was promised.
        text: Option<Note<F>>,
    }

    /// Payload of `commitment.moved`.
    interaction CommitmentMoved {
        /// Which promise.
        commitment: CommitmentId,
        /// The new date; may lie in the future.
        due: When,
    }

    /// Payload of `commitment.kept`.
    interaction CommitmentKept {
        /// Which promise.
        commitment: CommitmentId,
    }

    /// Payload of `commitment.broken`.
    interaction CommitmentBroken {
        /// Which promise.
        commitment: CommitmentId,
    }
}
