//! The days on which the customer ordered: own rhythm, silence dates, and what a silence is compared with.

use std::cell::OnceCell;

use chrono::Months;

use crate::kernel::Rhythm;
use crate::policy::rhythm::RhythmPolicy;
use crate::policy::stage::{SilencePolicies, SilencePolicy, StagePolicy};
use crate::time::{Day, Timestamp};

use super::cause::Cause;
use super::date_after;

/// The order days of the whole history, closings and new beginnings notwithstanding.
#[derive(Debug, Clone)]
pub(super) struct OrderDays {
    rhythm: Option<Rhythm>,
    /// The shortest silence, in days, that any policy of silences can ask for.
    shortest_days: f64,
    /// Before it no silence that ends a stage is reached; `None`: never.
    earliest: Option<Timestamp>,
    /// Found when somebody asks: nobody does of a regular customer, whose next order comes before the earliest.
    dates: OnceCell<SilenceDates>,
    gaps: Gaps,
    silences: Silences,
}

/// When each silence is reached unless an order comes before; `None`: not within the nameable years.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct SilenceDates {
    pub(super) watch: Option<Timestamp>,
    pub(super) decline: Option<Timestamp>,
    pub(super) churn: Option<Timestamp>,
    pub(super) one_order_churn: Option<Timestamp>,
}

impl OrderDays {
    pub(super) fn new(policy: &StagePolicy) -> Self {
        let SilencePolicies { decline, churn, .. } = &policy.silence;
        let least = |silence: &SilencePolicy| silence.floor_days.min(silence.cap_days);
        Self {
            rhythm: None,
            shortest_days: least(decline).min(least(churn)).min(policy.churn.one_order_silent_days),
            earliest: None,
            dates: OnceCell::new(),
            gaps: Gaps::default(),
            silences: Silences::default(),
        }
    }

    /// Takes an order; several on one day make one order day, standing at the first.
    pub(super) fn order(&mut self, day: Day, at: Timestamp, law: &RhythmPolicy, policy: &StagePolicy) {
        let previous = self.rhythm.map(|rhythm| rhythm.last_day());
        if !Rhythm::occur(&mut self.rhythm, day, at, law) {
            return;
        }
        self.earliest = self.rhythm.and_then(|rhythm| date_after(rhythm.last(), self.shortest_days));
        self.dates = OnceCell::new();
        if let Some(previous) = previous {
            self.gaps.add(days_between(previous, day));
            self.silences.add(previous, day, policy);
        }
    }

    pub(super) fn has_any(&self) -> bool {
        self.rhythm.is_some()
    }

    pub(super) fn dates(&self, law: &RhythmPolicy, policy: &StagePolicy) -> &SilenceDates {
        let of = |rhythm: &Rhythm| SilenceDates::of(rhythm, law, policy);
        self.dates.get_or_init(|| self.rhythm.as_ref().map(of).unwrap_or_default())
    }

    /// Whether a silence that ends a stage may be reached at an instant.
    pub(super) fn may_be_silent(&self, at: Timestamp) -> bool {
        self.earliest.is_some_and(|earliest| earliest <= at)
    }

    /// The cause of a transition that silence brought about at `at`.
    pub(super) fn silence(&self, at: Timestamp, on: Day, law: &RhythmPolicy, policy: &StagePolicy) -> Cause {
        let silent_days = self.rhythm.map_or(0.0, |rhythm| at.days_since(rhythm.last()));
        Cause::Silence {
            p: self.rhythm.map_or(1.0, |rhythm| rhythm.survival(silent_days, law)),
            median_gap_days: self.gaps.median(),
            silent_days,
            seasonal: self
                .rhythm
                .is_some_and(|rhythm| self.silences.recur(rhythm.last_day(), on, policy.seasonal.years)),
        }
    }
}

impl SilenceDates {
    fn of(rhythm: &Rhythm, law: &RhythmPolicy, policy: &StagePolicy) -> Self {
        let SilencePolicies { watch, decline, churn } = &policy.silence;
        let date = |date: &SilencePolicy| date_after(rhythm.last(), silence_days(rhythm, law, date));
        Self {
            watch: date(watch),
            decline: date(decline),
            churn: date(churn),
            one_order_churn: date_after(rhythm.last(), policy.churn.one_order_silent_days),
        }
    }
}

/// The silence, in days, that a silence date is away from the last order.
///
/// `Formula:` clamp(`s_theta`, floor, max(cap, k G/N)), k own mean gaps. `Source:` model specification,
/// section 4.
fn silence_days(rhythm: &Rhythm, law: &RhythmPolicy, date: &SilencePolicy) -> f64 {
    let own_cap = date.cap_gaps * rhythm.mean_gap_days().unwrap_or(0.0);
    rhythm.silence_days(date.survival, law).max(date.floor_days).min(date.cap_days.max(own_cap))
}

/// The gaps between order days, in calendar days, as counts: a regular buyer has few different ones.
#[derive(Debug, Clone, Default)]
struct Gaps {
    /// (days, how often), ascending.
    counts: Vec<(u32, u32)>,
    total: u32,
}

impl Gaps {
    fn add(&mut self, days: u32) {
        self.total = self.total.saturating_add(1);
        match self.counts.binary_search_by_key(&days, |(days, _)| *days) {
            Ok(found) => {
                if let Some((_, count)) = self.counts.get_mut(found) {
                    *count = count.saturating_add(1);
                }
            }
            Err(place) => self.counts.insert(place, (days, 1)),
        }
    }

    /// The median gap; the mean of the two in the middle where their number is even. `None` without a gap.
    fn median(&self) -> Option<f64> {
        let last = self.total.checked_sub(1)?;
        let lower = self.ranked(last / 2)?;
        let upper = self.ranked(last - last / 2)?;
        Some(f64::midpoint(f64::from(lower), f64::from(upper)))
    }

    /// The gap at a rank, 0 the shortest.
    fn ranked(&self, rank: u32) -> Option<u32> {
        let mut passed = 0_u32;
        self.counts.iter().find_map(|(days, count)| {
            passed = passed.saturating_add(*count);
            (rank < passed).then_some(*days)
        })
    }
}

/// The long gaps of the recent years, to tell a seasonal silence. A window that was silent lies within one gap,
/// and no window is shorter than the policy's shortest silence, so that few gaps need to be kept.
#[derive(Debug, Clone, Default)]
struct Silences {
    /// (order day before, order day after), ascending.
    gaps: Vec<(Day, Day)>,
}

impl Silences {
    fn add(&mut self, from: Day, to: Day, policy: &StagePolicy) {
        let shortest = policy.silence.decline.floor_days.min(policy.churn.one_order_silent_days);
        // A day less: a window may have one calendar day less than whole days.
        if f64::from(days_between(from, to)) >= shortest - 1.0 {
            self.gaps
                .retain(|(_, end)| years_before(to, policy.seasonal.years).is_none_or(|past| *end > past));
            self.gaps.push((from, to));
        }
    }

    /// Whether the window after `from` up to `to` was silent in each of so many years before.
    fn recur(&self, from: Day, to: Day, years: u32) -> bool {
        (1..=years).all(|years| match (years_before(from, years), years_before(to, years)) {
            (Some(from), Some(to)) => self.gaps.iter().any(|(before, after)| *before <= from && to < *after),
            _ => false,
        })
    }
}

fn years_before(day: Day, years: u32) -> Option<Day> {
    day.date().checked_sub_months(Months::new(years.saturating_mul(12))).map(Day::new)
}

fn days_between(from: Day, to: Day) -> u32 {
    u32::try_from((to.date() - from.date()).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_median_gap_is_the_middle_one() {
        let mut gaps = Gaps::default();
        assert_eq!(gaps.median(), None);
        for (gap, median) in [(40, 40.0), (30, 35.0), (30, 30.0), (31, 30.5), (2, 30.0)] {
            gaps.add(gap);
            assert_eq!(gaps.median(), Some(median));
        }
    }

    #[test]
    fn a_silence_is_seasonal_when_the_window_was_silent_in_both_years_before() {
        let policy = Policy::default_policy().stage;
        let mut silences = Silences::default();
        for (from, to) in
            [("2023-09-20", "2024-03-01"), ("2024-03-01", "2024-04-10"), ("2024-09-28", "2025-03-05")]
        {
            silences.add(day(from), day(to), &policy);
        }
        assert_eq!(silences.gaps.len(), 2, "40 days are no silence that a decline could come from");
        assert!(silences.recur(day("2025-09-30"), day("2025-12-20"), 2));
        assert!(
            silences.recur(day("2025-09-28"), day("2025-12-20"), 2),
            "the window opens after its first day"
        );
        assert!(!silences.recur(day("2025-09-27"), day("2025-12-20"), 2), "2024-09-28 was an order day");
        assert!(silences.recur(day("2025-09-30"), day("2026-02-28"), 2));
        assert!(!silences.recur(day("2025-09-30"), day("2026-03-01"), 2), "2024-03-01 was an order day");
        assert!(!silences.recur(day("2025-09-30"), day("2025-12-20"), 3), "nothing is known of 2022");
    }
}
