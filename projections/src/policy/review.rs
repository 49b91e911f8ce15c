//! Policy of reviews: who becomes and who stays a key account.

use serde::{Deserialize, Serialize};

use super::{InvalidPolicy, Table};
use crate::money::Amount;

/// Who becomes and who stays a key account. Shares are decimal numbers in quotes, so that seats are exact.
/// `Source:` model specification, section 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewPolicy {
    /// Percent of the eligible accounts that are key accounts.
    pub percent: Amount,
    /// A review is due so many months after the last.
    pub every_months: u32,
    /// Incumbents stay while their rank is within so many times the seats, rounded up.
    pub stay_factor: Amount,
    /// Challengers enter within so many times the seats, rounded down, even when no seat is free.
    pub enter_factor: Amount,
    /// In so many reviews after its entry an incumbent stays whatever its rank.
    pub settling_reviews: u32,
}

impl ReviewPolicy {
    pub(super) fn validate(&self) -> Result<(), InvalidPolicy> {
        let table = Table("review");
        table.decimal("percent", self.percent, "100")?;
        table.decimal("stay_factor", self.stay_factor, "100")?;
        table.decimal("enter_factor", self.enter_factor, "1")?;
        table.count("every_months", self.every_months, 1)?;
        table.count("settling_reviews", self.settling_reviews, 0)?;
        if self.stay_factor < self.enter_factor {
            let reason = format!(
                "is {}, but must not be below `review.enter_factor`, which is {}",
                self.stay_factor, self.enter_factor
            );
            return Err(table.refuse("stay_factor", reason));
        }
        Ok(())
    }
}

impl Table<'_> {
    /// Refuses a decimal that is 0, or more than `most`.
    fn decimal(&self, field: &str, value: Amount, most: &str) -> Result<(), InvalidPolicy> {
        let within = Amount::new(most).is_ok_and(|most| value <= most) && !value.decimal().is_zero();
        if within {
            Ok(())
        } else {
            Err(self.refuse(field, format!("is {value}, but must be above 0 and at most {most}")))
        }
    }
}
