//! The portfolio over time: counts and means at many instants.
//!
//! Each account is folded once for every run of instants with one setting (a quarter, as a rule) and read at every
//! instant on the way; accounts are shared among the cores. Where each point is read as it was known then, each is a
//! fold of its own: what was known differs.

use std::ops::ControlFlow;

use guanxi_projections::coordinates::Coordinates;
use guanxi_projections::health::Colour;
use guanxi_projections::id::AccountId;
use guanxi_projections::image::Image;
use guanxi_projections::measure::Measure;
use guanxi_projections::portfolio::{Point, Pulse, read_points};
use guanxi_projections::quadrant::Quadrant;
use guanxi_projections::stage::Stage;
use guanxi_projections::time::{Timestamp, When};
use guanxi_projections::trend::points;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::image::Facts;
use super::trend::{POINTS_MAX, Seen, TrendAsked};
use super::vantage::{Instants, Measuring, Stretch, settings_of};
use super::{Asked, Ledger, LedgerError, Sight, shared};

/// A point of the portfolio's trend.
#[derive(Debug, Clone, Serialize)]
pub struct PortfolioPoint {
    /// The coordinates of this point.
    #[serde(flatten)]
    pub coordinates: Coordinates,
    /// The counts and means, by name.
    #[serde(flatten)]
    pub figures: Map<String, Value>,
    /// The same as numbers.
    #[serde(skip)]
    pub point: Point,
}

/// The portfolio's trend.
#[derive(Debug, Clone, Serialize)]
pub struct PortfolioTrendAnswer {
    /// Its points, in the order of time.
    pub points: Vec<PortfolioPoint>,
}

impl Ledger {
    /// How the portfolio of the accounts `within` moved. Points after now are read now. `progress` hears how many accounts are done, and of
    /// how many, and says whether to go on.
    ///
    /// # Errors
    /// [`LedgerError::TooManyPoints`], [`LedgerError::Stopped`]; what the log reports.
    pub fn portfolio_trend(
        &self,
        trend: &TrendAsked,
        within: &Sight,
        asked: &Asked,
        progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<PortfolioTrendAnswer, LedgerError> {
        let now = self.clock.now().truncated_to_second();
        let days = points(trend.from, trend.to, trend.every, self.zone());
        let mut instants: Vec<Timestamp> = days.map(|at| at.min(now)).take(POINTS_MAX + 1).collect();
        instants.dedup();
        if instants.len() > POINTS_MAX {
            return Err(LedgerError::TooManyPoints(POINTS_MAX));
        }
        let facts = self.image.current(&self.log)?;
        let stretches = match trend.seen {
            Seen::Now => {
                let known_at = self.ground(asked, &facts)?.coordinates.known_at;
                let instants = Instants { at: &instants, known_at, policy: &asked.policy };
                self.stretches(&facts, &instants, Measuring::FiguresAlone)?
            }
            Seen::Then => self.stretches_then(&facts, &instants, asked)?,
        };
        let pulses =
            self.pulses(&within.of(facts.accounts()), (&instants, &stretches), &trend.measures, progress);
        let pulses = pulses.ok_or(LedgerError::Stopped)?;
        let made = instants.iter().enumerate().map(|(place, at)| {
            let here = pulses.iter().filter_map(|account| account.get(place)?.as_ref());
            let point = Point::of(here, trend.measures.len());
            let after = stretches.partition_point(|stretch| stretch.first <= place);
            let stretch = after.checked_sub(1).and_then(|place| stretches.get(place));
            stretch.map(|stretch| {
                let coordinates = Coordinates { as_of: *at, ..stretch.vantage.ground.coordinates };
                PortfolioPoint { coordinates, figures: named(&point, &trend.measures), point }
            })
        });
        Ok(PortfolioTrendAnswer { points: made.flatten().collect() })
    }

    /// Each point as it was known then.
    fn stretches_then(
        &self,
        facts: &Facts,
        instants: &[Timestamp],
        asked: &Asked,
    ) -> Result<Vec<Stretch>, LedgerError> {
        let stretch = |(first, at): (usize, &Timestamp)| {
            let asked = self.asked_at(When::At(*at), Seen::Then, asked);
            Ok(Stretch::alone(first, self.vantage(facts, &asked, Measuring::FiguresAlone)?))
        };
        instants.iter().enumerate().map(stretch).collect()
    }

    /// Every account at every instant; `None` when `progress` says to stop.
    fn pulses(
        &self,
        accounts: &[(&AccountId, &Image)],
        (instants, stretches): (&[Timestamp], &[Stretch]),
        measures: &[Measure],
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Option<Vec<Vec<Option<Pulse>>>> {
        let read = |(account, image): &(&AccountId, &Image)| {
            let runs = settings_of(self, stretches, account, image);
            let mut pulses = Vec::with_capacity(instants.len());
            for (place, run) in runs.iter().enumerate() {
                let until = runs.get(place + 1).map_or(instants.len(), |next| next.first);
                let here = instants.get(run.first..until).unwrap_or_default();
                pulses.extend(read_points(image, run.setting, (here, run.known_at), measures));
            }
            pulses
        };
        shared::map_while(accounts, read, |done| progress(done, accounts.len()))
    }
}

/// The figures of a point by name.
fn named(point: &Point, measures: &[Measure]) -> Map<String, Value> {
    let Point { accounts, eligible, key_accounts, stages, colours, quadrants, means, measures: values } =
        point;
    let counts = |names: Vec<&str>, counts: &[usize]| -> Map<String, Value> {
        names.iter().zip(counts).map(|(name, count)| ((*name).to_owned(), json!(count))).collect()
    };
    let mut figures = Map::new();
    let mut put = |name: &str, value: Value| figures.insert(name.to_owned(), value);
    put("accounts", json!(accounts));
    put("eligible", json!(eligible));
    put("key_accounts", json!(key_accounts));
    put("stages", counts(Stage::ALL.map(Stage::as_str).into(), stages).into());
    put("colours", counts(Colour::ALL.map(Colour::as_str).into(), colours).into());
    put("quadrants", counts(Quadrant::ALL.map(Quadrant::as_str).into(), quadrants).into());
    put("means", json!(means));
    let values = measures.iter().zip(values);
    put("measures", values.map(|(measure, value)| (measure.as_str().to_owned(), json!(value))).collect());
    figures
}
