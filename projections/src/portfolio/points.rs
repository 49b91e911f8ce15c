//! The portfolio over time: each account is folded once for each setting and read at every point on the way; the
//! readings of all accounts make the points.

use serde::Serialize;

use super::shape::Means;
use crate::fact::Matter;
use crate::figures::Figures;
use crate::health::Colour;
use crate::image::Image;
use crate::measure::Measure;
use crate::projection::Projection as _;
use crate::quadrant::Quadrant;
use crate::setting::Setting;
use crate::stage::Stage;
use crate::time::Timestamp;

/// What a point of the portfolio reads of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Pulse {
    /// Whether it may be a key account: neither closed nor merged away.
    pub eligible: bool,
    /// Whether it is on the key list.
    pub member: bool,
    /// Its stage.
    pub stage: Stage,
    /// The colour of its health.
    pub colour: Colour,
    /// Its quadrant.
    pub quadrant: Quadrant,
    /// Its health.
    pub health: f64,
    /// Its score.
    pub score: f64,
    /// The measures asked for, in their order.
    pub measures: Vec<Option<f64>>,
}

/// The portfolio at an instant, in few numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// How many accounts there are.
    pub accounts: usize,
    /// How many of them may be key accounts.
    pub eligible: usize,
    /// How many are on the key list.
    pub key_accounts: usize,
    /// Accounts by stage, in the order of the lifecycle.
    pub stages: [usize; 5],
    /// Accounts by colour, grey first.
    pub colours: [usize; 4],
    /// Accounts by quadrant, in the order of [`Quadrant::ALL`].
    pub quadrants: [usize; 4],
    /// Mean and median of health and score over eligible accounts; `None` of none.
    pub means: Option<Means>,
    /// The mean of each measure asked for, over the eligible accounts that have it.
    pub measures: Vec<Option<f64>>,
}

/// Reads an account at ascending instants, all with one setting and K: one pass over its facts. `None` where nothing
/// of it is in the effective history. Cost: O(events + instants).
pub fn read_points(
    image: &Image,
    setting: Setting<'_>,
    (instants, known_at): (&[Timestamp], Timestamp),
    measures: &[Measure],
) -> Vec<Option<Pulse>> {
    let Some(last) = instants.last() else { return Vec::new() };
    let mut reading = Reading { setting, figures: Figures::new(setting), began: false, merged: false };
    let mut pulses = Vec::with_capacity(instants.len());
    let mut read = 0;
    image.visit(*last, known_at, |fact| {
        while let Some(at) = instants.get(read).filter(|at| **at < fact.occurred_at) {
            pulses.push(reading.pulse(*at, measures));
            read += 1;
        }
        reading.began = true;
        reading.merged |= matches!(fact.matter, Matter::AccountMerged { .. });
        reading.figures.apply(fact);
    });
    let rest = instants.get(read..).unwrap_or_default();
    pulses.extend(rest.iter().map(|at| reading.pulse(*at, measures)));
    pulses
}

struct Reading<'p> {
    setting: Setting<'p>,
    figures: Figures<'p, f64>,
    began: bool,
    merged: bool,
}

impl Reading<'_> {
    fn pulse(&self, at: Timestamp, measures: &[Measure]) -> Option<Pulse> {
        if !self.began {
            return None;
        }
        let figures = self.figures.evaluate(at);
        let member = self.setting.key_account.member;
        let coverage = figures.health.dimensions.coverage.value;
        let exposure = || self.figures.exposure(at);
        Some(Pulse {
            eligible: self.figures.closed_at().is_none() && !self.merged,
            member,
            stage: figures.stage.as_ref()?.name,
            colour: figures.health.colour,
            quadrant: Quadrant::of(member.into(), coverage, &self.setting.policy.portfolio),
            health: figures.health.value,
            score: figures.score.value,
            measures: measures.iter().map(|measure| measure.read_figures(&figures, exposure)).collect(),
        })
    }
}

impl Point {
    /// The point that accounts make, given in the order of their ids.
    pub fn of<'a>(pulses: impl Iterator<Item = &'a Pulse>, measures: usize) -> Self {
        let pulses: Vec<&Pulse> = pulses.collect();
        let eligible = || pulses.iter().filter(|pulse| pulse.eligible);
        let count = |is: &dyn Fn(&Pulse) -> bool| pulses.iter().filter(|pulse| is(pulse)).count();
        let mean = |place: usize| {
            let values = eligible().filter_map(|pulse| pulse.measures.get(place).copied().flatten());
            let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
            (count > 0).then(|| sum / f64::from(count))
        };
        Self {
            accounts: pulses.len(),
            eligible: eligible().count(),
            key_accounts: count(&|pulse| pulse.member),
            stages: Stage::ALL.map(|stage| count(&|pulse| pulse.stage == stage)),
            colours: Colour::ALL.map(|colour| count(&|pulse| pulse.colour == colour)),
            quadrants: Quadrant::ALL.map(|quadrant| count(&|pulse| pulse.quadrant == quadrant)),
            means: Means::of_figures(eligible().map(|pulse| (pulse.health, pulse.score)).collect()),
            measures: (0..measures).map(mean).collect(),
        }
    }
}
