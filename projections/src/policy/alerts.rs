//! Policy of alerts.

use serde::{Deserialize, Serialize};

use super::{DAYS_MAX, InvalidPolicy, MASS_MAX, POSITIVE_MIN, Table};

/// What a manager hears of, and when. `Source:` model specification, section 9.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertsPolicy {
    /// How long a change of stage, or of the key list, is news.
    pub news_days: f64,
    /// At how many local midnights back the beginning of an alert is looked for.
    pub lookback_days: u32,
    /// A decline of a key account is predicted so many days ahead.
    pub decline_days: f64,
    /// A key account is silent when its own rhythm would outlast the silence with at most this probability.
    pub silence_survival: f64,
    /// A promise is due so many days ahead.
    pub promise_due_days: f64,
    /// The coverage of a key account is low below this, of 100.
    pub coverage_min: f64,
    /// Those who decide in a key account are silent after so many days.
    pub decision_silent_days: f64,
    /// An account hangs by a thread below so many living contacts ...
    pub threads_min: f64,
    /// ... from this score on.
    pub threads_score_min: f64,
    /// One colleague carries an account above this share of the contacts ...
    pub colleague_share_max: f64,
    /// ... while the faded contacts are at least so many.
    pub colleague_contacts_min: f64,
    /// Health has fallen by so many points ...
    pub health_drop: f64,
    /// ... within so many days.
    pub health_drop_days: u32,
    /// Exposure above this means that we only give.
    pub exposure_max: f64,
    /// Effort is too little below this ratio of its share to the share of importance (key accounts) ...
    pub effort_ratio_min: f64,
    /// ... and too much above that one.
    pub effort_ratio_max: f64,
    /// Too little is known of a key account below this confidence in its health.
    pub confidence_min: f64,
}

impl AlertsPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("alerts");
        table.within("news_days", self.news_days, 0.0, DAYS_MAX)?;
        table.within("lookback_days", f64::from(self.lookback_days), 1.0, LOOKBACK_MAX)?;
        table.within("decline_days", self.decline_days, 0.0, DAYS_MAX)?;
        table.share("silence_survival", self.silence_survival)?;
        table.within("promise_due_days", self.promise_due_days, 0.0, DAYS_MAX)?;
        table.within("coverage_min", self.coverage_min, 0.0, 100.0)?;
        table.within("decision_silent_days", self.decision_silent_days, 0.0, DAYS_MAX)?;
        table.within("threads_min", self.threads_min, 0.0, MASS_MAX)?;
        table.within("threads_score_min", self.threads_score_min, 0.0, 100.0)?;
        table.within("colleague_share_max", self.colleague_share_max, 0.0, 1.0)?;
        table.within("colleague_contacts_min", self.colleague_contacts_min, POSITIVE_MIN, MASS_MAX)?;
        table.within("health_drop", self.health_drop, POSITIVE_MIN, 100.0)?;
        table.within("health_drop_days", f64::from(self.health_drop_days), 1.0, LOOKBACK_MAX)?;
        table.within("exposure_max", self.exposure_max, 0.0, MASS_MAX)?;
        table.within("effort_ratio_min", self.effort_ratio_min, 0.0, MASS_MAX)?;
        table.within("confidence_min", self.confidence_min, 0.0, 1.0)?;
        let (least, most) = (self.effort_ratio_min, self.effort_ratio_max);
        table.within("effort_ratio_max", most, 0.0, MASS_MAX)?;
        table.not_below("effort_ratio_max", most, "alerts.effort_ratio_min", least)
    }
}

/// Ten years of midnights.
const LOOKBACK_MAX: f64 = 3_660.0;
