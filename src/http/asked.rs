//! The coordinates that a question names, and how an account is named in a path.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::id::AccountId;
use guanxi_projections::time::{Timestamp, When};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::answer::Keeping;
use super::problem::{Kind, Problem};
use super::query;
use super::schema;
use crate::ledger::{Asked, Ledger, PolicyChoice};

/// T, as a parameter.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AsOf {
    /// What was the case at this time: a date (its end, in the ledger's zone) or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-06-30")]
    pub(super) as_of: Option<When>,
}

/// K, as a parameter.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct KnownAt {
    /// As far as it was recorded by this time: a date or a timestamp. Default: now.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::When, inline, example = "2026-07-01T08:00:00Z")]
    pub(super) known_at: Option<When>,
}

/// The policy, as a parameter.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Policy {
    /// Which policy the figures follow: `current` (the latest recorded by `known_at`), `then` (in force at the time
    /// that is asked about) or the number of an adopted one. Default: `current`.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = schema::PolicyName, inline, example = "current")]
    policy: Option<PolicyWord>,
}

/// The coordinates of a question that says by itself what times it is about.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct KnownQuery(KnownAt, Policy);

impl IntoParams for KnownQuery {
    fn into_params(at: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        [KnownAt::into_params(&at), Policy::into_params(&at)].concat()
    }
}

impl KnownQuery {
    /// As of now, until a time is put in its place.
    pub(super) fn asked(self) -> Asked {
        let Self(KnownAt { known_at }, Policy { policy }) = self;
        asked(None, known_at, policy)
    }
}

/// The coordinates of a question; what is left out is now.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct AskedQuery(AsOf, KnownQuery);

impl IntoParams for AskedQuery {
    fn into_params(at: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        [AsOf::into_params(&at), KnownQuery::into_params(&at)].concat()
    }
}

impl AskedQuery {
    pub(super) fn asked(self) -> Asked {
        Asked { as_of: self.0.as_of, ..self.1.asked() }
    }

    pub(super) fn policy(self) -> PolicyWord {
        let KnownQuery(_, Policy { policy }) = self.1;
        policy.unwrap_or_default()
    }
}

/// How a query names a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum PolicyWord {
    /// The latest recorded.
    #[default]
    Current,
    /// The one in force.
    Then,
    /// An adopted one.
    Version(u32),
}

impl FromStr for PolicyWord {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "current" => Ok(Self::Current),
            "then" => Ok(Self::Then),
            number => number
                .parse()
                .map(Self::Version)
                .map_err(|_| "expected `current`, `then` or the number of a policy".to_owned()),
        }
    }
}

impl From<PolicyWord> for PolicyChoice {
    fn from(word: PolicyWord) -> Self {
        match word {
            PolicyWord::Current => Self::Current,
            PolicyWord::Then => Self::Then,
            PolicyWord::Version(version) => Self::Version(version),
        }
    }
}

/// What a question names, as the ledger takes it.
pub(super) fn asked(as_of: Option<When>, known_at: Option<When>, policy: Option<PolicyWord>) -> Asked {
    Asked { as_of, known_at, policy: policy.unwrap_or_default().into() }
}

/// How long an answer without names may be kept: for ever when both coordinates were named and lie in the past, so
/// that nothing that is recorded from now on can be in it.
pub(super) fn keeping(ledger: &Ledger, asked: &Asked, answered: &Coordinates) -> Keeping {
    kept_as_known(ledger, asked, answered.known_at)
}

/// The same, where `known_at` is the K that was answered.
pub(super) fn kept_as_known(ledger: &Ledger, asked: &Asked, answered: Timestamp) -> Keeping {
    let zone = ledger.zone();
    let as_of_past = asked.as_of.is_some_and(|as_of| as_of.instant(zone) < ledger.now());
    let known_past = asked.known_at.is_some_and(|known_at| known_at.instant(zone) == answered);
    if as_of_past && known_past { Keeping::Immutable } else { Keeping::Revalidate }
}

/// The account named by the path.
#[derive(Debug, Clone)]
pub(super) struct AccountPath(pub(super) AccountId);

impl<S: Send + Sync> FromRequestParts<S> for AccountPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let axum::extract::Path(text) = path.map_err(unreadable)?;
        // What cannot be the id of a customer is the id of none.
        AccountId::customer(text).map(Self).map_err(|error| {
            Problem::new(Kind::AccountUnknown, format!("there is no such account: the id {error}"))
        })
    }
}

/// The position named by the path.
#[derive(Debug, Clone, Copy)]
pub(super) struct PositionPath(pub(super) guanxi_projections::position::Position);

impl<S: Send + Sync> FromRequestParts<S> for PositionPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let axum::extract::Path(text) = path.map_err(unreadable)?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let position = text.parse().ok().filter(|_| digits);
        position.map(guanxi_projections::position::Position).map(Self).ok_or_else(|| {
            Problem::new(Kind::BadRequest, "a position is a whole number of at most 20 digits")
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unreadable(rejection: PathRejection) -> Problem {
    Problem::new(Kind::BadRequest, rejection.body_text())
}
