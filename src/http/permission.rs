//! Who may do what: the single table from routes to what they need, and from roles to what they have. A route that
//! nobody has put here is refused to everybody.

use axum::http::Method;

use crate::ledger::Role;

/// What a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: it shows no data.
    Nothing,
    /// To record events.
    Record,
    /// To read what accounts are.
    Read,
    /// To decide for the whole ledger: policies, reviews, calibrations, backtests.
    Decide,
    /// To see how the server is doing.
    Operate,
}

impl Need {
    /// The word for it in a problem.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Record => "record",
            Self::Read => "read",
            Self::Decide => "decide",
            Self::Operate => "operate",
        }
    }
}

/// What a route needs; `None` for one that is not in the table. `route` is as the router writes it.
pub(super) fn need(method: &Method, route: &str) -> Option<Need> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    match route {
        "/" | "/openapi.json" | "/docs" | "/docs/" | "/docs/{*path}" | "/problems" | "/problems/{name}"
        | "/healthz" | "/readyz" => Some(Need::Nothing),
        "/v1/events" if *method == Method::POST => Some(Need::Record),
        "/v1/policies" | "/v1/reviews" | "/v1/backtests" | "/v1/calibrations" if *method == Method::POST => {
            Some(Need::Decide)
        }
        // What is imagined is not recorded.
        "/v1/accounts/{account}/whatif" if *method == Method::POST => Some(Need::Read),
        "/v1/events"
        | "/v1/events/stream"
        | "/v1/events/{position}"
        | "/v1/accounts"
        | "/v1/accounts/{account}"
        | "/v1/accounts/{account}/history"
        | "/v1/accounts/{account}/trend"
        | "/v1/accounts/{account}/explain/{measure}"
        | "/v1/accounts/{account}/diff"
        | "/v1/accounts/{account}/{list}"
        | "/v1/portfolio"
        | "/v1/portfolio/trend"
        | "/v1/portfolio/movement"
        | "/v1/alerts"
        | "/v1/reviews"
        | "/v1/reviews/proposal"
        | "/v1/key-accounts"
        | "/v1/jobs/{job}"
        | "/v1/policies"
        | "/v1/policies/{policy}"
            if reads =>
        {
            Some(Need::Read)
        }
        "/metrics" if reads => Some(Need::Operate),
        _ => None,
    }
}

/// Whether a role has what is needed.
pub(super) fn has(role: Role, need: Need) -> bool {
    match need {
        Need::Nothing => true,
        Need::Record => matches!(role, Role::Recorder | Role::Manager | Role::Admin),
        Need::Read => matches!(role, Role::Manager | Role::Auditor | Role::Privacy | Role::Admin),
        Need::Decide => matches!(role, Role::Manager | Role::Admin),
        Need::Operate => matches!(role, Role::Auditor | Role::Admin),
    }
}
