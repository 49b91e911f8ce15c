//! From the ledger's errors to problems: the single table. The chain of causes goes to the trace, whole; the caller
//! hears of it only what is about the request.

use std::error::Error;

use guanxi_projections::policy::InvalidPolicy;
use guanxi_projections::rejection::{Rejection, Rule};

use super::problem::{Kind, Problem};
use crate::ledger::{AppendError, LedgerError, PolicyError, Refused, SubmitError};

/// Seconds after which a busy ledger may be asked again.
const BUSY_RETRY_S: u32 = 1;

/// An error with its causes, in one line.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// What the trace hears, and the caller does not.
fn internal(error: &dyn Error) -> Problem {
    tracing::error!(error = %chain(error), "a request failed");
    Problem::new(Kind::Internal, "the request failed inside; nothing that was acknowledged is lost")
}

/// The ledger is asked too much at once.
pub(super) fn busy(detail: &str) -> Problem {
    Problem::new(Kind::Busy, detail).retry_after(BUSY_RETRY_S)
}

impl From<LedgerError> for Problem {
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not about the request is internal")]
    fn from(error: LedgerError) -> Self {
        match &error {
            LedgerError::AccountUnknown(_) => Self::new(Kind::AccountUnknown, error.to_string()),
            LedgerError::EventUnknown { .. } => Self::new(Kind::EventUnknown, error.to_string()),
            LedgerError::PolicyUnchanged(_) => Self::new(Kind::PolicyUnchanged, error.to_string()),
            LedgerError::ReviewOutOfOrder { .. } => Self::new(Kind::ReviewOutOfOrder, error.to_string()),
            LedgerError::NotYet(_) | LedgerError::OwnEvent(_) => {
                Self::new(Kind::NotRecordable, error.to_string())
            }
            LedgerError::Backtest(_) => Self::new(Kind::BacktestImpossible, error.to_string()),
            LedgerError::Stopped => {
                Self::new(Kind::QueryTooLong, "the question takes longer than questions may")
            }
            LedgerError::TooManyPoints(_) => Self::new(Kind::TooManyPoints, error.to_string()),
            LedgerError::Policy(PolicyError::NotAdopted(_) | PolicyError::Unusable { .. }) => {
                Self::new(Kind::PolicyUnknown, chain(&error))
            }
            _ => internal(&error),
        }
    }
}

impl From<Rejection> for Problem {
    #[expect(clippy::wildcard_enum_match_arm, reason = "every rule of the ledger's is one kind of problem")]
    fn from(rejection: Rejection) -> Self {
        let kind = match rejection.rule {
            Rule::Malformed | Rule::DuplicateKey => Kind::Malformed,
            Rule::SourceForeign => Kind::SourceForeign,
            _ => Kind::Rejected,
        };
        Self::new(kind, rejection.message)
            .with("rule", rejection.rule.code())
            .with("pointer", rejection.pointer)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let detail = refused.to_string();
        match refused {
            Refused::Rejected(rejection) => rejection.into(),
            Refused::Conflict { position } => Self::new(Kind::Conflict, detail).with("position", position.0),
            Refused::PreconditionFailed { expected, actual } => {
                Self::new(Kind::PreconditionFailed, detail).with("expected", expected).with("actual", actual)
            }
        }
    }
}

impl From<AppendError> for Problem {
    fn from(error: AppendError) -> Self {
        match &error {
            AppendError::Busy => busy("the writer's queue is full; nothing was recorded"),
            AppendError::TooMany(_) => Self::new(Kind::BatchTooLarge, error.to_string()),
            AppendError::ClockBehind { .. } | AppendError::ClockAhead { .. } | AppendError::Stopped(_) => {
                tracing::error!(error = %chain(&error), "the ledger takes no events");
                Self::new(Kind::Unwritable, error.to_string())
            }
            AppendError::NotRecorded(_) | AppendError::Unknown(_) => {
                tracing::error!(error = %chain(&error), "a commit failed");
                Self::new(Kind::Unwritable, error.to_string())
            }
            AppendError::Refused { .. } => internal(&error),
        }
    }
}

/// Why something was not recorded that the ledger says of itself. It was written for a state of the ledger that somebody
/// else has moved on meanwhile.
pub(super) fn of_own(error: SubmitError) -> Problem {
    match error {
        SubmitError::Refused {
            refused: Refused::PreconditionFailed { .. } | Refused::Conflict { .. },
            ..
        } => {
            Problem::new(Kind::Overtaken, "somebody else recorded something meanwhile; nothing was recorded")
        }
        SubmitError::Refused { .. } | SubmitError::Append(_) | SubmitError::Ledger(_) => error.into(),
    }
}

impl From<InvalidPolicy> for Problem {
    fn from(error: InvalidPolicy) -> Self {
        let says = error.to_string();
        match error {
            InvalidPolicy::NotToml(_) => Self::new(Kind::InvalidPolicy, says),
            InvalidPolicy::Unreadable { field, reason } | InvalidPolicy::Refused { field, reason } => {
                Self::new(Kind::InvalidPolicy, says).with("field", field).with("reason", reason)
            }
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Refused { index, refused } => {
                let within = match refused {
                    Refused::Rejected(rejection) => Refused::Rejected(rejection.within(&format!("/{index}"))),
                    other @ (Refused::Conflict { .. } | Refused::PreconditionFailed { .. }) => other,
                };
                Self::from(within).with("index", index)
            }
            SubmitError::Append(error) => error.into(),
            SubmitError::Ledger(error) => error.into(),
        }
    }
}
