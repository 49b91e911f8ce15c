//! Trends: an account's measures at many instants.

use std::ops::ControlFlow;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::id::AccountId;
use guanxi_projections::measure::Measure;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::{Day, Timestamp, When};
use guanxi_projections::trend::{Every, points};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Asked, Ledger, LedgerError, shared};

/// More points than this are refused: nobody can look at them.
pub(super) const POINTS_MAX: usize = 10_000;

/// What a trend is asked over.
#[derive(Debug, Clone)]
pub struct TrendAsked {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// How far the points lie apart.
    pub every: Every,
    /// What is read; the stage is read always.
    pub measures: Vec<Measure>,
    /// As known when.
    pub seen: Seen,
}

/// As known when a point of a trend is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Every point as known at K.
    Now,
    /// Each point as known at its own instant: what one would have seen then.
    Then,
}

/// A point of a trend.
#[derive(Debug, Clone, Serialize)]
pub struct TrendPoint {
    /// The coordinates of this point.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The stage; `None` before the account's first event.
    pub stage: Option<Stage>,
    /// The measures, by name; null where there is no such figure.
    #[serde(flatten)]
    pub measures: Map<String, Value>,
}

/// A trend.
#[derive(Debug, Clone, Serialize)]
pub struct TrendAnswer {
    /// The account.
    pub account: AccountId,
    /// Its points, in the order of time.
    pub points: Vec<TrendPoint>,
}

impl Ledger {
    /// How an account's measures moved. Points after now are read now. `progress` hears how many points are read, and of
    /// how many, and says whether to go on.
    ///
    /// # Errors
    /// [`LedgerError::AccountUnknown`] when it has no event at any point, [`LedgerError::TooManyPoints`],
    /// [`LedgerError::Stopped`].
    pub fn trend(
        &self,
        account: &AccountId,
        trend: &TrendAsked,
        asked: &Asked,
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<TrendAnswer, LedgerError> {
        let now = self.clock.now();
        let mut instants: Vec<Timestamp> = points(trend.from, trend.to, trend.every, self.zone())
            .map(|at| at.min(now))
            .take(POINTS_MAX + 1)
            .collect();
        instants.dedup();
        if instants.len() > POINTS_MAX {
            return Err(LedgerError::TooManyPoints(POINTS_MAX));
        }
        let point = |at: &Timestamp| self.point(account, *at, trend, asked);
        let points = shared::map_while(&instants, point, |done| progress(done, instants.len()));
        let points = points.ok_or(LedgerError::Stopped)?.into_iter().collect::<Result<Vec<_>, _>>()?;
        if points.iter().all(|point| point.stage.is_none()) {
            return Err(LedgerError::AccountUnknown(account.clone()));
        }
        Ok(TrendAnswer { account: account.clone(), points })
    }

    fn point(
        &self,
        account: &AccountId,
        at: Timestamp,
        trend: &TrendAsked,
        asked: &Asked,
    ) -> Result<TrendPoint, LedgerError> {
        let asked = self.asked_at(When::At(at), trend.seen, asked);
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(&asked, &facts)?;
        let view = match self.view_of(&facts, &ground, account) {
            Ok(view) => Some(view),
            Err(LedgerError::AccountUnknown(_)) => None,
            Err(error) => return Err(error),
        };
        let read = |measure: &Measure| {
            let value = view.as_ref().and_then(|view| measure.read(view));
            (measure.as_str().to_owned(), value.map_or(Value::Null, Value::from))
        };
        let stage = view.as_ref().and_then(|view| view.figures.stage.as_ref()).map(|stage| stage.name);
        let measures = trend.measures.iter().map(read).collect();
        Ok(TrendPoint { coordinates: ground.coordinates, stage, measures })
    }
}
