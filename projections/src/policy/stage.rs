//! Policy of the lifecycle stage. `Source:` model specification, section 4.

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, InvalidPolicy, Table};

/// The shortest silence that may mean anything: longer than any calendar day, so that a second order of a day
/// can never meet a silence counted from the first.
const SILENCE_DAYS_MIN: f64 = 2.0;

/// Everything that the lifecycle stage is decided by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StagePolicy {
    /// The three silence dates.
    pub silence: SilencePolicies,
    /// Into churn.
    pub churn: ChurnPolicy,
    /// Out of acquisition.
    pub acquisition: AcquisitionPolicy,
    /// The trend of amounts.
    pub trend: TrendPolicy,
    /// Between maturity and growth.
    pub growth: GrowthPolicy,
    /// Into decline by the trend, and out of it.
    pub decline: DeclinePolicy,
    /// The flag `stalled`.
    pub stalled: StalledPolicy,
    /// The remark that a silence is seasonal.
    pub seasonal: SeasonalPolicy,
}

/// The three silence dates, each later than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SilencePolicies {
    /// The flag `watch`.
    pub watch: SilencePolicy,
    /// Into decline.
    pub decline: SilencePolicy,
    /// Into churn.
    pub churn: SilencePolicy,
}

/// A silence date: `t_last + clamp(s_theta, floor, max(cap, cap_gaps * own mean gap))`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SilencePolicy {
    /// theta: the probability that the own rhythm outlasts the silence.
    pub survival: f64,
    /// The shortest silence, in days.
    pub floor_days: f64,
    /// The longest silence, in days ...
    pub cap_days: f64,
    /// ... unless so many own mean gaps are longer.
    pub cap_gaps: f64,
}

/// Into churn by silence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChurnPolicy {
    /// Order days since the entry into acquisition from which on the silence date decides.
    pub orders_min: u32,
    /// With fewer order days, but at least one: the silence that means churn, in days.
    pub one_order_silent_days: f64,
}

/// Out of acquisition.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcquisitionPolicy {
    /// Order days needed.
    pub orders_min: u32,
    /// Days since the first of them.
    pub age_days_min: f64,
}

/// The trend of amounts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrendPolicy {
    /// Candidates for the fast half-life, ascending, in days.
    pub half_lives_days: [f64; 3],
    /// The decayed number of order days at which a candidate is taken.
    pub order_days_min: f64,
    /// Slow half-life over fast half-life.
    pub slow_factor: f64,
    /// Share of its amount with which the newest occasion counts.
    pub newest_weight: f64,
    /// The shortest past that rates assume, in days.
    pub age_days_min: f64,
    /// Share of the slow rate added to both rates.
    pub epsilon: f64,
}

/// Between maturity and growth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrowthPolicy {
    /// *Growing*: at least this ratio of the fast to the slow rate ...
    pub ratio: f64,
    /// ... at each of the last so many occasions.
    pub occasions: u32,
    /// Order days needed to turn from maturity to growth.
    pub orders_min: u32,
    /// Below this ratio growth ends.
    pub ratio_ended: f64,
    /// Days in the stage before either may happen.
    pub dwell_days: f64,
}

/// Into decline by the trend, and out of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclinePolicy {
    /// At or below this ratio decline begins ...
    pub ratio: f64,
    /// ... from so many order days on.
    pub orders_min: u32,
    /// Above this ratio an order ends it.
    pub ratio_recovered: f64,
}

/// The flag `stalled`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StalledPolicy {
    /// Probability that the contacts' own rhythm outlasts the silence, at or below which the account is stalled.
    pub survival: f64,
    /// The silence that means stalled whatever the rhythm, in days.
    pub silent_days: f64,
}

/// The remark that a silence is seasonal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeasonalPolicy {
    /// In how many years before the same window must have been silent.
    pub years: u32,
}

impl StagePolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        self.silence.validate()?;
        self.churn.validate()?;
        self.acquisition.validate()?;
        self.trend.validate()?;
        self.growth.validate()?;
        self.decline.validate(&self.growth)?;
        self.stalled.validate()?;
        Table("stage.seasonal").within("years", f64::from(self.seasonal.years), 1.0, 10.0)
    }
}

impl SilencePolicies {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        self.watch.validate(&Table("stage.silence.watch"))?;
        self.decline.validate(&Table("stage.silence.decline"))?;
        self.churn.validate(&Table("stage.silence.churn"))?;
        self.decline.validate_after(&Table("stage.silence.decline"), "stage.silence.watch", &self.watch)?;
        self.churn.validate_after(&Table("stage.silence.churn"), "stage.silence.decline", &self.decline)
    }
}

impl SilencePolicy {
    fn validate(&self, table: &Table<'_>) -> Result<(), InvalidPolicy> {
        table.share("survival", self.survival)?;
        table.within("floor_days", self.floor_days, SILENCE_DAYS_MIN, DAYS_MAX)?;
        table.within("cap_days", self.cap_days, SILENCE_DAYS_MIN, DAYS_MAX)?;
        table.within("cap_gaps", self.cap_gaps, 0.0, 100.0)?;
        table.not_below("cap_days", self.cap_days, "floor_days", self.floor_days)
    }

    /// Refuses a date that could come before the one it must follow.
    fn validate_after(&self, table: &Table<'_>, other: &str, before: &Self) -> Result<(), InvalidPolicy> {
        let name = |field: &str| format!("{other}.{field}");
        if self.survival > before.survival {
            let reason = format!("must not be above `{}`, which is {}", name("survival"), before.survival);
            return Err(table.refuse("survival", format!("is {}, but {reason}", self.survival)));
        }
        table.not_below("floor_days", self.floor_days, &name("floor_days"), before.floor_days)?;
        table.not_below("cap_days", self.cap_days, &name("cap_days"), before.cap_days)?;
        table.not_below("cap_gaps", self.cap_gaps, &name("cap_gaps"), before.cap_gaps)
    }
}

impl ChurnPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("stage.churn");
        table.count("orders_min", self.orders_min, 2)?;
        table.within("one_order_silent_days", self.one_order_silent_days, SILENCE_DAYS_MIN, DAYS_MAX)
    }
}

impl AcquisitionPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("stage.acquisition");
        table.count("orders_min", self.orders_min, 1)?;
        table.within("age_days_min", self.age_days_min, 0.0, DAYS_MAX)
    }
}

impl TrendPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("stage.trend");
        let [first, second, third] = self.half_lives_days;
        table.within("half_lives_days[0]", first, 1.0, DAYS_MAX)?;
        table.within("half_lives_days[1]", second, 1.0, DAYS_MAX)?;
        table.within("half_lives_days[2]", third, 1.0, DAYS_MAX)?;
        table.not_below("half_lives_days[1]", second, "stage.trend.half_lives_days[0]", first)?;
        table.not_below("half_lives_days[2]", third, "stage.trend.half_lives_days[1]", second)?;
        table.within("order_days_min", self.order_days_min, 1.0, 1000.0)?;
        table.within("slow_factor", self.slow_factor, 1.0, 100.0)?;
        table.within("newest_weight", self.newest_weight, 0.0, 1.0)?;
        table.within("age_days_min", self.age_days_min, 0.01, DAYS_MAX)?;
        table.within("epsilon", self.epsilon, 1e-6, 1.0)
    }
}

impl GrowthPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("stage.growth");
        table.within("ratio", self.ratio, 0.01, 100.0)?;
        table.within("ratio_ended", self.ratio_ended, 0.01, 100.0)?;
        table.not_below("ratio", self.ratio, "stage.growth.ratio_ended", self.ratio_ended)?;
        table.count("occasions", self.occasions, 1)?;
        table.count("orders_min", self.orders_min, 1)?;
        table.within("dwell_days", self.dwell_days, 0.0, DAYS_MAX)
    }
}

impl DeclinePolicy {
    fn validate(&self, growth: &GrowthPolicy) -> Result<(), InvalidPolicy> {
        let table = Table("stage.decline");
        table.within("ratio", self.ratio, 0.01, 100.0)?;
        table.within("ratio_recovered", self.ratio_recovered, 0.01, 100.0)?;
        table.not_below("ratio_recovered", self.ratio_recovered, "stage.decline.ratio", self.ratio)?;
        table.count("orders_min", self.orders_min, 1)?;
        Table("stage.growth").not_below(
            "ratio_ended",
            growth.ratio_ended,
            "stage.decline.ratio_recovered",
            self.ratio_recovered,
        )
    }
}

impl StalledPolicy {
    fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("stage.stalled");
        table.share("survival", self.survival)?;
        table.within("silent_days", self.silent_days, SILENCE_DAYS_MIN, DAYS_MAX)
    }
}
