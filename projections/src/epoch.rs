//! The epoch: what is measured over the whole portfolio, and frozen at the quarter's start.
//!
//! Other accounts cannot move a figure inside an epoch: what they contribute enters here alone.

mod quarter;
mod sample;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::event::own::AnchorsFrozen;
use crate::event::payload::Ratio;

use crate::id::{AccountId, TraitName};
use crate::policy::EpochPolicy;
use crate::text::Label;

pub use quarter::{InvalidQuarter, Quarter};
pub use sample::{Case, Sample, Survey};

/// The values of T's quarter.
///
/// Each of the optional values is `None` only when no account has a value even at T itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Epoch {
    /// Median of the accounts' M365 above 0: the scale of money in the outlook.
    pub m0: Option<f64>,
    /// Median annual sales rate, smoothed over quarters: the scale of money in the score.
    pub v0: Option<f64>,
    /// 95th percentile of the annual sales rate, smoothed over quarters: a full score for money.
    pub v1: Option<f64>,
    /// Median over accounts of the mean gap between order days, in days.
    pub gap_days: Option<f64>,
    /// Share of won bids among all decided ones.
    pub win_rate: Option<f64>,
    /// Accounts that were good and accounts that were not, by trait and value.
    pub traits: BTreeMap<TraitName, BTreeMap<String, Counts>>,
    /// All accounts that were good, and all that were not.
    pub totals: Counts,
    /// Accounts that had ordered: a referral to one of them counts. Shared, since they are many and every question has
    /// its epoch.
    pub ordered: Arc<BTreeSet<AccountId>>,
    /// Expert statements: (good, not good) accounts to add to an industry's counts.
    pub industries: BTreeMap<Label, Counts>,
}

/// The counts of accounts by how they turned out: good ones, others.
pub type Counts = [u32; 2];

impl Epoch {
    /// The epoch that samples of all accounts make, in the order of their ids. Each value is `None`, or empty, where
    /// no sample has one.
    ///
    /// `Source:` model specification, section 1: v0 and v1 are percentiles of the sales rates above 0, each the
    /// geometric mean of its values at the quarter starts that have one; m0 and the gap are medians of values above
    /// 0, interpolated linearly.
    pub fn measure(samples: &BTreeMap<AccountId, Sample>, policy: &EpochPolicy) -> Self {
        let mut epoch = Self::default();
        let (mut won, mut decided) = (0_u64, 0_u64);
        for sample in samples.values() {
            won += u64::from(sample.won);
            decided += u64::from(sample.won) + u64::from(sample.lost);
            epoch.count(sample);
        }
        let had_ordered = samples.iter().filter(|(_, sample)| sample.ordered);
        epoch.ordered = Arc::new(had_ordered.map(|(account, _)| account.clone()).collect());
        epoch.win_rate = (decided > 0).then(|| won as f64 / decided as f64);
        epoch.m0 = median(samples.values().map(|sample| sample.amounts));
        epoch.gap_days = median(samples.values().filter_map(|sample| sample.gap_days));
        let starts = samples.values().map(|sample| sample.rates.len()).max().unwrap_or(0);
        let at = |start: usize, share: f64| {
            percentile(samples.values().filter_map(|sample| sample.rates.get(start).copied()), share)
        };
        epoch.v0 = geometric_mean((0..starts).filter_map(|start| at(start, policy.v0_percentile)));
        epoch.v1 = geometric_mean((0..starts).filter_map(|start| at(start, policy.v1_percentile)));
        epoch
    }

    fn count(&mut self, sample: &Sample) {
        let Some(case) = sample.case else { return };
        add(&mut self.totals, case);
        for (name, value) in sample.profile.all_traits() {
            add(self.traits.entry(name).or_default().entry(value.to_string()).or_default(), case);
        }
    }

    /// The epoch with each value that it lacks taken from another one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let counted = self.totals != [0, 0];
        let (traits, totals) =
            if counted { (self.traits, self.totals) } else { (other.traits, other.totals) };
        Self {
            m0: self.m0.or(other.m0),
            v0: self.v0.or(other.v0),
            v1: self.v1.or(other.v1),
            gap_days: self.gap_days.or(other.gap_days),
            win_rate: self.win_rate.or(other.win_rate),
            traits,
            totals,
            ordered: if self.ordered.is_empty() { other.ordered } else { self.ordered },
            industries: self.industries,
        }
    }

    /// Whether nothing needs to be taken from T itself.
    pub fn is_complete(&self) -> bool {
        let values = [self.m0, self.v0, self.v1, self.gap_days, self.win_rate];
        values.iter().all(Option::is_some) && self.totals != [0, 0] && !self.ordered.is_empty()
    }

    /// The epoch as it was frozen, where a recorded event says so. A value that the event lacks is one that no account
    /// had by the quarter's start.
    #[must_use]
    pub fn frozen(self, anchors: &AnchorsFrozen) -> Self {
        let AnchorsFrozen { quarter: _, m0, v0, v1, gap, win_rate, traits, totals } = anchors;
        let some = |value: Option<f64>| value.filter(|value| *value > NOTHING);
        Self {
            m0: some(*m0),
            v0: some(*v0),
            v1: some(*v1),
            gap_days: some(*gap),
            win_rate: win_rate.map(Ratio::get),
            traits: traits.clone(),
            totals: *totals,
            ..self
        }
    }

    /// The event that freezes these values for a quarter; `None` when there is nothing to freeze.
    pub fn freeze(&self, quarter: Quarter) -> Option<AnchorsFrozen> {
        let values = [self.m0, self.v0, self.v1, self.gap_days, self.win_rate];
        if values.iter().all(Option::is_none) && self.totals == [0, 0] {
            return None;
        }
        Some(AnchorsFrozen {
            quarter: Label::new(quarter.to_string()).ok()?,
            m0: self.m0,
            v0: self.v0,
            v1: self.v1,
            gap: self.gap_days,
            win_rate: self.win_rate.and_then(|rate| Ratio::try_from(rate).ok()),
            traits: self.traits.clone(),
            totals: self.totals,
        })
    }

    /// u: what a concession of weight 1 costs; `None` without a scale of money.
    pub fn concession_unit(&self, policy: &EpochPolicy) -> Option<f64> {
        self.v0.map(|v0| policy.concession_unit * v0).filter(|unit| *unit > 0.0)
    }

    /// L(v): money on a scale from 0 to 1; `None` without a scale.
    ///
    /// `Formula:` L(v) = min(1, ln(1 + v/v0)/ln(1 + v1/v0)). `Source:` model specification, section 6.
    ///
    /// ```
    /// use guanxi_projections::epoch::Epoch;
    /// let epoch = Epoch { v0: Some(100.0), v1: Some(300.0), ..Epoch::default() };
    /// assert_eq!(epoch.scale(100.0), Some(0.5)); // ln 2 / ln 4
    /// assert_eq!(epoch.scale(1e6), Some(1.0));
    /// assert_eq!(Epoch::default().scale(100.0), None);
    /// ```
    pub fn scale(&self, money: f64) -> Option<f64> {
        let (v0, v1) = self.v0.zip(self.v1).filter(|(v0, v1)| *v0 > 0.0 && *v1 > 0.0)?;
        Some((libm::log1p(money.max(0.0) / v0) / libm::log1p(v1 / v0)).min(1.0))
    }
}

/// The fit of the outlook in force at T.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fit {
    /// Days ahead that it was fitted for.
    pub horizon_days: u32,
    /// Intercept.
    pub b0: f64,
    /// Slope of the order days.
    #[serde(rename = "bS")]
    pub b_s: f64,
    /// Slope of the order amounts.
    #[serde(rename = "bM")]
    pub b_m: f64,
    /// Slope of the own rhythm.
    #[serde(rename = "bL")]
    pub b_l: f64,
    /// The scale of money that it was fitted with.
    pub m0: f64,
}

/// What has faded to this is nothing: a ten-thousandth of the smallest amount. Quotients by anything greater stay
/// finite, whatever centuries lie between.
const NOTHING: f64 = 1e-12;

/// The share of values below a median.
const MIDDLE: f64 = 0.5;

fn add(counts: &mut Counts, case: Case) {
    let [good, other] = counts;
    match case {
        Case::Good => *good = good.saturating_add(1),
        Case::Other => *other = other.saturating_add(1),
    }
}

/// The value below which a share of the values above 0 lies (a value faded to nothing is 0), interpolated linearly between ranks; `None` when no
/// value is above 0.
pub(crate) fn percentile(values: impl Iterator<Item = f64>, share: f64) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| *value > NOTHING).collect();
    values.sort_by(f64::total_cmp);
    let rank = values.len().checked_sub(1)? as f64 * share;
    let below = rank.floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank of a list")]
    let place = below as usize;
    let low = *values.get(place)?;
    let high = values.get(place + 1).copied().unwrap_or(low);
    Some(low + (rank - below) * (high - low))
}

/// The median of the values above 0, interpolated linearly between ranks; `None` when no value is above 0.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    percentile(values, MIDDLE)
}

/// `None` of no values.
fn geometric_mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u32);
    for value in values {
        sum += libm::log(value);
        count += 1;
    }
    (count > 0).then(|| libm::exp(sum / f64::from(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_interpolate_between_ranks_of_the_values_above_0() {
        let values = || [0.0, 40.0, 10.0, 20.0, -5.0].into_iter();
        assert_eq!(percentile(values(), 0.5), Some(20.0));
        // Rank 1.9 of 10, 20, 40: 20 + .9 * 20.
        assert!((percentile(values(), 0.95).unwrap() - 38.0).abs() < 1e-12);
        assert_eq!(percentile([0.0].into_iter(), 0.5), None);
        assert_eq!(percentile([3.0].into_iter(), 0.95), Some(3.0));
    }

    /// A rate faded over a thousand years used to be a scale: money over it is infinite.
    #[test]
    fn what_has_faded_to_nothing_is_no_scale() {
        assert_eq!(percentile([1e-300, 0.0].into_iter(), 0.5), None);
        let frozen = serde_json::json!({ "quarter": "2026Q1", "m0": 1e-300, "v0": 1e-300, "v1": 5.0, "traits": {},
            "totals": [0, 0] });
        let epoch = Epoch::default().frozen(&serde_json::from_value(frozen).unwrap());
        assert_eq!((epoch.m0, epoch.v0, epoch.v1), (None, None, Some(5.0)));
    }

    #[test]
    fn quarters_are_averaged_as_factors() {
        assert!((geometric_mean([100.0, 400.0].into_iter()).unwrap() - 200.0).abs() < 1e-12);
        assert_eq!(geometric_mean(std::iter::empty()), None);
    }
}
