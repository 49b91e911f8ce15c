//! Calibration and anchors: shown on request, recorded in the ledger's own stream by command.

use std::ops::ControlFlow;

use guanxi_projections::calibrate::{
    Fitted, Observed, Proposal, Terms, TooFew, Trial, Windows, fit, propose, trial,
};
use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::epoch::{Fit, Quarter};
use guanxi_projections::event::Event;
use guanxi_projections::event::own::{AnchorsFrozen, CalibrationFitted};
use guanxi_projections::form::Sealed;
use guanxi_projections::history;
use guanxi_projections::id::{AccountId, Actor};
use guanxi_projections::image::Image;
use guanxi_projections::occasion::Occasion;
use guanxi_projections::past::{Clock, Past};
use guanxi_projections::position::Position;
use guanxi_projections::time::{Timestamp, When};
use serde::Serialize;

use super::ask::Ground;
use super::epochs::EpochQuestion;
use super::image::Facts;
use super::{Asked, Ledger, LedgerError, SubmitError, shared};

/// What a calibration found.
#[derive(Debug, Clone, Serialize)]
pub struct CalibrationAnswer {
    /// The coordinates, as resolved.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// Which axis of time says what was known at a cut-off.
    pub clock: Clock,
    /// H.
    pub horizon_days: u32,
    /// The fit; `None` when there are too few accounts.
    pub fit: Option<Fitted>,
    /// Why there is none.
    pub unfitted: Option<TooFew>,
    /// The same fit one horizon earlier, tested on what came since; `None` when there was none.
    pub trial: Option<Trial>,
    /// The fit in force at the coordinates before this one.
    pub in_force: Option<Fit>,
    /// Parameters of the own rhythm that these accounts suggest.
    pub proposal: Option<Proposal>,
    /// Where the fit was recorded, if it was to be.
    pub recorded: Option<Position>,
}

/// What is measured over the portfolio at a quarter's start.
#[derive(Debug, Clone, Serialize)]
pub struct AnchorsAnswer {
    /// The coordinates: as of the quarter's start.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The values.
    pub anchors: AnchorsFrozen,
    /// Whether they were frozen before this question.
    pub frozen: bool,
    /// Where they were recorded, if they were to be.
    pub recorded: Option<Position>,
}

impl Ledger {
    /// Fits the outlook for a horizon (`None`: the policy's) to the history up to T, as known at K. `progress` hears
    /// how many accounts are looked at, and of how many, and says whether to go on.
    ///
    /// # Errors
    /// [`LedgerError::Stopped`]; what the log reports.
    pub fn calibrate(
        &self,
        horizon_days: Option<u32>,
        asked: &Asked,
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<CalibrationAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let Coordinates { as_of, known_at, .. } = ground.coordinates;
        let horizon_days = horizon_days.unwrap_or(ground.policy.outlook.horizon_days);
        let rates = self.rates_at(&facts, as_of, known_at);
        let terms = Terms {
            policy: &ground.policy,
            zone: self.zone(),
            rates: &rates,
            horizon_days,
            occasion: Occasion::Order,
        };
        let total = 2 * facts.accounts().len();
        let observed = observe(&facts, &ground, as_of, &terms, |done| progress(done, total));
        let observed = observed.ok_or(LedgerError::Stopped)?;
        let before = as_of.plus_days(-f64::from(horizon_days));
        let rates = self.rates_at(&facts, before, known_at);
        let terms_then = Terms { rates: &rates, ..terms };
        let earlier = observe(&facts, &ground, before, &terms_then, |done| progress(total / 2 + done, total));
        let earlier = earlier.ok_or(LedgerError::Stopped)?;
        let (observed, earlier): (Vec<_>, Vec<_>) = (observed.iter().collect(), earlier.iter().collect());
        let fitted = fit(&observed, as_of, &terms);
        Ok(CalibrationAnswer {
            coordinates: ground.coordinates,
            clock: Clock::Occurred,
            horizon_days,
            unfitted: fitted.as_ref().err().copied(),
            fit: fitted.ok(),
            trial: trial(&observed, &earlier, as_of, &terms).ok(),
            in_force: ground.directives.fit(horizon_days).copied(),
            proposal: propose(&observed),
            recorded: None,
        })
    }

    /// Fits, and records the fit: it is in force from T on. A fit that is recorded already is not recorded again.
    ///
    /// # Errors
    /// [`SubmitError`]; nothing is recorded without a fit, or when T lies ahead.
    pub fn record_calibration(
        &self,
        actor: &Actor,
        horizon_days: Option<u32>,
        as_of: Option<When>,
        progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<CalibrationAnswer, SubmitError> {
        let asked = Asked { as_of, ..Asked::default() };
        let mut answer = self.calibrate(horizon_days, &asked, progress)?;
        let refused = |what: String| SubmitError::Ledger(LedgerError::OwnEvent(what));
        if let Some(too_few) = answer.unfitted {
            return Err(refused(too_few.to_string()));
        }
        let Some(fitted) = &answer.fit else { return Ok(answer) };
        let at = answer.coordinates.as_of;
        if at > self.clock.now() {
            return Err(refused(format!("{at} lies ahead")));
        }
        answer.recorded = Some(self.record_fit(actor, at, fitted.event())?);
        Ok(answer)
    }

    fn record_fit(
        &self,
        actor: &Actor,
        at: Timestamp,
        fitted: CalibrationFitted,
    ) -> Result<Position, SubmitError> {
        let count = self.log.stream_len(&AccountId::ledger());
        let id = format!("calibration:{}:{at}:{count}", fitted.horizon);
        let event = Event::CalibrationFitted(fitted);
        if let Some(position) = self.recorded_before(at, &event)? {
            return Ok(position);
        }
        self.record_own(actor, &id, at, &event)
    }

    /// Where the same event of the same time stands already.
    fn recorded_before(&self, at: Timestamp, event: &Event<Sealed>) -> Result<Option<Position>, LedgerError> {
        let own = self.log.stream(&AccountId::ledger())?;
        let known = history::effective(&own, at, Timestamp::MAX);
        let same = known.iter().find(|known| known.occurred_at == at && known.event == event);
        Ok(same.map(|known| known.position))
    }

    /// What is measured over the portfolio at a quarter's start (`None`: that of now), or what was frozen.
    ///
    /// # Errors
    /// [`LedgerError::OwnEvent`] when nothing had happened by then that could be measured.
    pub fn anchors(&self, quarter: Option<Quarter>) -> Result<AnchorsAnswer, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let zone = self.zone();
        let quarter = quarter.unwrap_or_else(|| Quarter::of(self.clock.now(), zone));
        let start = quarter.start(zone);
        let asked = Asked { as_of: Some(When::At(start)), ..Asked::default() };
        let ground = self.ground(&asked, &facts)?;
        let Ground { coordinates, policy, directives, .. } = &ground;
        let Coordinates { as_of, known_at, .. } = *coordinates;
        let frozen = directives.anchors(quarter).cloned();
        let question = EpochQuestion { policy, zone, as_of, known_at, directives };
        let measured = || self.epochs.at_start(&facts, question).freeze(quarter);
        let nothing = || {
            LedgerError::OwnEvent(format!(
                "nothing had happened before {quarter} that anchors are taken from"
            ))
        };
        Ok(AnchorsAnswer {
            coordinates: *coordinates,
            frozen: frozen.is_some(),
            anchors: frozen.or_else(measured).ok_or_else(nothing)?,
            recorded: None,
        })
    }

    /// Freezes the anchors of a quarter (`None`: that of now): they are in force from its start on, whatever is
    /// recorded later of the time before. Once per quarter: what is frozen stays.
    ///
    /// # Errors
    /// [`SubmitError`]; nothing is recorded of a quarter that has not begun.
    pub fn freeze_anchors(
        &self,
        actor: &Actor,
        quarter: Option<Quarter>,
    ) -> Result<AnchorsAnswer, SubmitError> {
        let mut answer = self.anchors(quarter)?;
        let start = answer.coordinates.as_of;
        if start > self.clock.now() {
            let says = format!("{} has not begun", answer.anchors.quarter);
            return Err(SubmitError::Ledger(LedgerError::OwnEvent(says)));
        }
        if !answer.frozen {
            let id = format!("anchors:{}", answer.anchors.quarter);
            let event = Event::AnchorsFrozen(answer.anchors.clone());
            answer.recorded = Some(self.record_own(actor, &id, start, &event)?);
        }
        Ok(answer)
    }
}

/// Every account as of `until`, in the order of ids; `None` when `progress` says to stop.
fn observe(
    facts: &Facts,
    ground: &Ground,
    until: Timestamp,
    terms: &Terms<'_>,
    progress: impl FnMut(usize) -> ControlFlow<()>,
) -> Option<Vec<Observed>> {
    let images: Vec<&Image> = facts.accounts().values().collect();
    let windows = Windows::before(until, terms);
    let observe = |image: &&Image| {
        let past = Past::new(image, until, ground.coordinates.known_at, Clock::Occurred);
        Observed::of(&past, &windows, terms)
    };
    shared::map_while(&images, observe, progress)
}
