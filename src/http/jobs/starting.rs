//! Starting a job: backtests and calibrations.

use axum::extract::{Extension, State};
use axum::http::StatusCode;
use guanxi_projections::occasion::Occasion;
use guanxi_projections::past::Clock;
use guanxi_projections::time::When;
use serde::Deserialize;
use serde_json::Value;

use super::super::answer::{Posted, posted};
use super::super::asked::{PolicyWord, asked};
use super::super::body::{self, Json};
use super::super::caller::Caller;
use super::super::frame::RequestId;
use super::super::problem::Outcome;
use super::super::query::Word;
use super::super::{Api, wire};
use super::{Hear, Order};
use crate::ledger::{Asked, BacktestAsked, Ledger, LedgerError, SubmitError};

/// The longest horizon.
const HORIZON_DAYS_MAX: u32 = 3_650;
/// The most cut-offs: each takes as long as a calibration.
pub(in super::super) const CUTOFFS_MAX: usize = 20;

/// Whether a horizon is one that can be asked for.
fn check_horizon(horizon: Option<u32>) -> Outcome<()> {
    if horizon.is_none_or(|days| (1..=HORIZON_DAYS_MAX).contains(&days)) {
        return Ok(());
    }
    Err(body::invalid("/horizon", format!("expected 1 to {HORIZON_DAYS_MAX} days")))
}

impl Api {
    /// Starts a job over all accounts, under a policy that there is.
    async fn start(
        &self,
        (caller, request): (Caller, RequestId),
        kind: &'static str,
        asked: Asked,
        work: impl FnOnce(&Ledger, &Caller, &Asked, Hear<'_>) -> Result<Value, SubmitError> + Send + 'static,
    ) -> Outcome<Posted> {
        let order = Order { kind, owner: caller.actor.clone(), request: request.0 };
        let (caller, asked) = self
            .ask(move |ledger, sights| {
                sights.of(&caller, ledger)?.must_see_all()?;
                ledger.policy(&asked)?;
                Ok((caller, asked))
            })
            .await?;
        let work = move |ledger: &Ledger, hear: Hear<'_>| work(ledger, &caller, &asked, hear);
        let job = self.jobs().start(&self.0.ledger, order, work)?;
        Ok(posted(StatusCode::ACCEPTED, &job)?.at(&job.path()))
    }
}

fn json(answer: &impl serde::Serialize) -> Result<Value, SubmitError> {
    Ok(serde_json::to_value(answer).map_err(LedgerError::NotJson)?)
}

/// What is to be tested.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Backtest {
    #[serde(default, deserialize_with = "body::whole_number")]
    horizon: Option<u32>,
    cutoffs: Option<Vec<f64>>,
    #[serde(default, deserialize_with = "body::text")]
    occasion: Option<Word<Occasion>>,
    #[serde(default)]
    as_known_then: bool,
    #[serde(default, deserialize_with = "body::text")]
    as_of: Option<When>,
    #[serde(default, deserialize_with = "body::text")]
    known_at: Option<When>,
    #[serde(default, deserialize_with = "body::text")]
    policy: Option<PolicyWord>,
}

impl Backtest {
    fn asked(self) -> Outcome<BacktestAsked> {
        check_horizon(self.horizon)?;
        let shares = self.cutoffs.unwrap_or_else(|| BacktestAsked::SHARES.to_vec());
        if !(1..=CUTOFFS_MAX).contains(&shares.len()) {
            return Err(body::invalid("/cutoffs", format!("expected 1 to {CUTOFFS_MAX} of them")));
        }
        if let Some(place) = shares.iter().position(|share| *share <= 0.0 || *share >= 1.0) {
            return Err(body::invalid(&format!("/cutoffs/{place}"), "expected a share above 0 and below 1"));
        }
        Ok(BacktestAsked {
            horizon_days: self.horizon,
            shares,
            occasion: self.occasion.map_or(Occasion::Order, |word| word.0),
            clock: if self.as_known_then { Clock::AsKnown } else { Clock::Occurred },
        })
    }
}

/// Test the figures on the ledger's own history
///
/// At each cut-off everything is fitted on what happened before, every account is scored, and the days after tell who was
/// right: the outlook, or one of its competitors. It is a job: `Location` says where to fetch what came of it. It is for
/// managers and admins, and for no token with a scope.
#[utoipa::path(post, path = "/v1/backtests", tag = "jobs",
    request_body(description = "What to test; an empty object for the defaults of the command line", content((wire::Backtest = "application/json"))),
    responses((status = 202, description = "The job has begun", body = wire::Job,
        headers(("location" = String, description = "The job")))))]
pub(in super::super) async fn backtest(
    State(api): State<Api>,
    caller: Caller,
    Extension(request): Extension<RequestId>,
    Json(backtest): Json<Backtest>,
) -> Outcome<Posted> {
    let asked = asked(backtest.as_of, backtest.known_at, backtest.policy);
    let backtest = backtest.asked()?;
    api.start((caller, request), "backtest", asked, move |ledger, _, asked, hear| {
        json(&ledger.backtest(&backtest, asked, hear)?)
    })
    .await
}

/// What is to be fitted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Calibration {
    #[serde(default, deserialize_with = "body::whole_number")]
    horizon: Option<u32>,
    #[serde(default)]
    record: bool,
    #[serde(default, deserialize_with = "body::text")]
    as_of: Option<When>,
    #[serde(default, deserialize_with = "body::text")]
    known_at: Option<When>,
    #[serde(default, deserialize_with = "body::text")]
    policy: Option<PolicyWord>,
}

impl Calibration {
    /// What is recorded sees everything that is recorded, under the current policy.
    fn check(&self) -> Outcome<()> {
        check_horizon(self.horizon)?;
        let others = [("/known_at", self.known_at.is_some()), ("/policy", self.policy.is_some())];
        match others.iter().find(|(_, given)| self.record && *given) {
            Some((pointer, _)) => Err(body::invalid(pointer, "it cannot be given together with `record`")),
            None => Ok(()),
        }
    }
}

/// Fit the outlook to the ledger's own past
///
/// The fit with what it rests on, and how good the same fit would have been one horizon earlier. With `record` it is
/// recorded and in force from `as_of` on; without, nothing is. It is a job: `Location` says where to fetch what came of it.
/// It is for managers and admins, and for no token with a scope.
#[utoipa::path(post, path = "/v1/calibrations", tag = "jobs",
    request_body(description = "What to fit; an empty object for the defaults of the command line", content((wire::Calibration = "application/json"))),
    responses((status = 202, description = "The job has begun", body = wire::Job,
        headers(("location" = String, description = "The job")))))]
pub(in super::super) async fn calibrate(
    State(api): State<Api>,
    caller: Caller,
    Extension(request): Extension<RequestId>,
    Json(calibration): Json<Calibration>,
) -> Outcome<Posted> {
    calibration.check()?;
    let Calibration { horizon, record, as_of, known_at, policy } = calibration;
    let asked = asked(as_of, known_at, policy);
    api.start((caller, request), "calibration", asked, move |ledger, caller, asked, hear| {
        if record {
            json(&ledger.record_calibration(&caller.actor, horizon, as_of, hear)?)
        } else {
            json(&ledger.calibrate(horizon, asked, hear)?)
        }
    })
    .await
}
