//! Backtests: the figures judged by what happened after them.

use std::ops::ControlFlow;

use guanxi_projections::backtest::{BacktestView, CutoffView, InvalidCutoffs, Protocol, Scores, Seen, Span};
use guanxi_projections::calibrate::{Outcome, Terms};
use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::history;
use guanxi_projections::image::Image;
use guanxi_projections::occasion::Occasion;
use guanxi_projections::past::{Clock, Past};
use guanxi_projections::rates::Rates;
use guanxi_projections::time::Timestamp;

use super::ask::Ground;
use super::image::Facts;
use super::{Asked, Ledger, LedgerError, shared};

/// What is to be tested.
#[derive(Debug, Clone)]
pub struct BacktestAsked {
    /// H; `None`: the policy's.
    pub horizon_days: Option<u32>,
    /// The cut-offs, as shares of the span from the first occasion to the last.
    pub shares: Vec<f64>,
    /// What is foretold.
    pub occasion: Occasion,
    /// Which axis of time says what was known at a cut-off.
    pub clock: Clock,
}

impl BacktestAsked {
    /// The cut-offs unless told.
    pub const SHARES: [f64; 3] = [0.4, 0.55, 0.7];
}

impl Ledger {
    /// Tests the outlook and the stages on the history up to T, as known at K. `progress` hears how much of the work
    /// is done, and of how much, and says whether to go on.
    ///
    /// # Errors
    /// [`LedgerError::Backtest`] when the history has no such cut-offs; [`LedgerError::Stopped`].
    pub fn backtest(
        &self,
        backtest: &BacktestAsked,
        asked: &Asked,
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<BacktestView, LedgerError> {
        let facts = self.image.current(&self.log)?;
        let ground = self.ground(asked, &facts)?;
        let coordinates = ground.coordinates;
        let BacktestAsked { shares, occasion, clock, .. } = backtest;
        let (occasion, clock) = (*occasion, *clock);
        let horizon_days = backtest.horizon_days.unwrap_or(ground.policy.outlook.horizon_days);
        let images: Vec<&Image> = facts.accounts().values().collect();
        let Coordinates { as_of, known_at, .. } = coordinates;
        let span = |image: &&Image| Span::of(&Past::new(image, as_of, known_at, clock), occasion);
        let spans = shared::map(&images, span, |_| ());
        let span = Span::of_all(spans.into_iter().flatten());
        let span = span.ok_or(InvalidCutoffs::NoOccasion(occasion.as_str()))?;
        let instants = span.cutoffs(shares, horizon_days, self.zone())?;
        let total = instants.len() * images.len();
        let mut cutoffs = Vec::new();
        for (place, at) in instants.iter().enumerate() {
            let protocol = Protocol { coordinates, clock, occasion, horizon_days, span };
            let hear = |done| progress(place * images.len() + done, total);
            let cutoff = self.cutoff(&facts, &ground, &protocol, *at, hear);
            cutoffs.push(cutoff.ok_or(LedgerError::Stopped)?);
        }
        let protocol = Protocol { coordinates, clock, occasion, horizon_days, span };
        Ok(BacktestView::of(protocol, cutoffs))
    }

    /// One cut-off; `None` when `progress` says to stop. What scores is made before the outcomes are looked up, and from a past that ends at `at`.
    fn cutoff(
        &self,
        facts: &Facts,
        ground: &Ground,
        protocol: &Protocol,
        at: Timestamp,
        progress: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Option<CutoffView> {
        let Protocol { coordinates, clock, occasion, horizon_days, .. } = *protocol;
        let known_at = coordinates.known_at;
        let images: Vec<&Image> = facts.accounts().values().collect();
        let known_then = match clock {
            Clock::Occurred => known_at,
            Clock::AsKnown => known_at.min(at),
        };
        let rates = self.rates_at(facts, at, known_then);
        let terms =
            Terms { policy: &ground.policy, zone: self.zone(), rates: &rates, horizon_days, occasion };
        let see = |image: &&Image| Seen::of(&Past::new(image, at, known_at, clock), &terms);
        let seen = shared::map_while(&images, see, progress)?;
        let scores = Scores::of(&seen, at, &terms);

        let end = at.plus_days(f64::from(horizon_days));
        let rates = self.rates_at(facts, end, known_at);
        let terms = Terms { rates: &rates, ..terms };
        let outcome =
            |image: &&Image| Outcome::after(at, &Past::new(image, end, known_at, Clock::Occurred), &terms);
        Some(CutoffView::of(scores, &shared::map(&images, outcome, |_| ())))
    }

    pub(super) fn rates_at(&self, facts: &Facts, at: Timestamp, known_at: Timestamp) -> Rates {
        let own = history::effective(facts.own(), at, known_at);
        Rates::from_history(&own, self.zone())
    }
}
