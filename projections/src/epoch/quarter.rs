//! Quarters of the calendar, in the ledger's zone.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, Months, NaiveDate};

use crate::time::{Day, Timestamp, Zone};

/// A quarter of a year, such as `2026Q3`; `anchors.frozen` names quarters so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    /// Its first day.
    first: NaiveDate,
}

impl Quarter {
    /// The quarter that an instant falls into.
    pub fn of(at: Timestamp, zone: Zone) -> Self {
        let date = zone.day_of(at).date();
        let month = date.month0() / 3 * 3 + 1;
        Self { first: NaiveDate::from_ymd_opt(date.year(), month, 1).unwrap_or(date) }
    }

    /// Its first instant.
    pub fn start(self, zone: Zone) -> Timestamp {
        zone.start_of(Day::new(self.first))
    }

    /// The quarter so many quarters earlier; `None` before the first year that dates can name.
    pub fn earlier(self, quarters: u32) -> Option<Self> {
        let first = self.first.checked_sub_months(Months::new(quarters.checked_mul(3)?))?;
        (first.year() >= 0).then_some(Self { first })
    }
}

impl FromStr for Quarter {
    type Err = InvalidQuarter;

    /// Reads the form that [`Display`](fmt::Display) writes: `2026Q3`.
    fn from_str(text: &str) -> Result<Self, InvalidQuarter> {
        let invalid = || InvalidQuarter(text.chars().take(20).collect());
        let (year, quarter) = text.split_once('Q').ok_or_else(invalid)?;
        let quarter = ["1", "2", "3", "4"].iter().position(|known| *known == quarter).ok_or_else(invalid)?;
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let year = year.parse().ok().filter(|_| is_year).ok_or_else(invalid)?;
        let month = u32::try_from(quarter * 3 + 1).map_err(|_| invalid())?;
        NaiveDate::from_ymd_opt(year, month, 1).map(|first| Self { first }).ok_or_else(invalid)
    }
}

/// Not the name of a quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a quarter such as 2026Q3")]
pub struct InvalidQuarter(String);

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}Q{}", self.first.year(), self.first.month0() / 3 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::at;

    #[test]
    fn a_quarter_begins_at_midnight_of_the_zone() {
        let zone = Zone::default();
        let quarter = Quarter::of(at("2026-03-31T16:00"), zone);
        assert_eq!(quarter.to_string(), "2026Q2", "midnight of 1 April in Shanghai");
        assert_eq!(quarter.start(zone), at("2026-03-31T16:00"));
        assert_eq!(Quarter::of(at("2026-03-31T15:59"), zone), quarter.earlier(1).unwrap());
        assert_eq!(quarter.earlier(5).unwrap().to_string(), "2025Q1");
        assert_eq!(Quarter::of(Timestamp::MIN, zone).earlier(1), None);
    }

    #[test]
    fn a_quarter_is_read_as_it_is_written() {
        let quarter: Quarter = "2026Q2".parse().unwrap();
        assert_eq!(
            (quarter.to_string().as_str(), quarter.start(Zone::default())),
            ("2026Q2", at("2026-03-31T16:00"))
        );
        for text in ["2026-Q2", "2026Q5", "2026Q0", "26Q1", "+026Q1", "2026Q"] {
            assert!(text.parse::<Quarter>().is_err(), "{text}");
        }
    }
}
