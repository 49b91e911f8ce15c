//! Time: instants in microseconds, calendar days in the ledger's zone, and the two axes of every question.
//!
//! Everything is stored and compared in UTC. The zone matters only where a *day* is meant: a date without a
//! time is the end of its day, and days, months and quarters are those of the ledger's zone.

mod midnights;

use std::fmt;

use chrono::{
    DateTime, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta,
    TimeZone as _, Timelike as _, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Microseconds in a second.
pub const SECOND_US: i64 = 1_000_000;
/// Microseconds in a day of 24 hours.
pub const DAY_US: i64 = 86_400 * SECOND_US;

/// Why a text is not a time. Reads on from "the time ...".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTime {
    /// Not an RFC 3339 timestamp.
    #[error("`{0}` is not an RFC 3339 timestamp such as 2026-03-02T09:00:00+08:00")]
    NotTimestamp(String),
    /// Neither a date nor an RFC 3339 timestamp.
    #[error("`{0}` is neither a date such as 2026-03-02 nor a timestamp such as 2026-03-02T09:00:00+08:00")]
    NotDateOrTimestamp(String),
    /// Outside the years 0 to 9999.
    #[error("`{0}` lies outside the years 0000 to 9999")]
    OutOfRange(String),
    /// No such zone in the IANA database.
    #[error("`{0}` is not a time zone of the IANA database such as Asia/Shanghai")]
    NoSuchZone(String),
}

/// An instant: microseconds since 1970-01-01T00:00:00Z, in the years 0000 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant that can be named: 0000-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_167_219_200 * SECOND_US);
    /// The last instant that can be named: 9999-12-31T23:59:59.999999Z.
    pub const MAX: Self = Self(253_402_300_800 * SECOND_US - 1);

    /// The instant so many microseconds after 1970, or the nearest that can be named.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The same instant as `chrono` has it.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// This instant without its fraction of a second (towards the past).
    #[must_use]
    pub fn truncated_to_second(self) -> Self {
        Self(self.0.div_euclid(SECOND_US) * SECOND_US)
    }

    /// The instant so many microseconds later (earlier when negative), or the nearest that can be named.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// Days of 24 hours from `earlier` to this instant; negative when `earlier` is later.
    pub fn days_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / DAY_US as f64
    }

    /// The first whole microsecond at or after `days` days of 24 hours from here, or the nearest that can be
    /// named. Infinite or absurd spans end at [`Timestamp::MAX`].
    #[must_use]
    pub fn plus_days(self, days: f64) -> Self {
        let micros = (days * DAY_US as f64).ceil();
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and from_micros clamps")]
        Self::from_micros(self.0.saturating_add(micros as i64))
    }
}

impl std::str::FromStr for Timestamp {
    type Err = InvalidTime;

    /// Reads an RFC 3339 timestamp; a fraction finer than a microsecond is cut off.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let shown = || text.chars().take(60).collect::<String>();
        let instant = DateTime::parse_from_rfc3339(text).map_err(|_| InvalidTime::NotTimestamp(shown()))?;
        let micros = instant.timestamp_micros();
        if (Self::MIN.0..=Self::MAX.0).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(InvalidTime::OutOfRange(shown()))
        }
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with as many digits of a second as are needed (0, 3 or 6).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidTime;
    fn try_from(text: String) -> Result<Self, InvalidTime> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> String {
        timestamp.to_string()
    }
}

/// A calendar day, in whatever zone it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// The day of a calendar date.
    pub fn new(date: NaiveDate) -> Self {
        Self(date)
    }

    /// The date.
    pub fn date(self) -> NaiveDate {
        self.0
    }
}

impl std::str::FromStr for Day {
    type Err = InvalidTime;

    /// Reads `YYYY-MM-DD`, years 0000 to 9999.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let invalid = || InvalidTime::NotDateOrTimestamp(text.chars().take(60).collect());
        let shape = text.len() == 10 && text.bytes().all(|b| b == b'-' || b.is_ascii_digit());
        if !shape {
            return Err(invalid());
        }
        let day = plain_day(text.as_bytes());
        day.or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).map(Self).ok_or_else(invalid)
    }
}

/// A day at sight, as nearly all are written: every due date of a ledger is read when its log is replayed.
fn plain_day(text: &[u8]) -> Option<NaiveDate> {
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| 10 * sum + u32::from(digit - b'0')))
    };
    let [year @ .., b'-', m1, m2, b'-', d1, d2] = text else { return None };
    NaiveDate::from_ymd_opt(number(year)?.try_into().ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

/// A date or an instant, kept as it was said: plans, due dates, starts and expiries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// A date without a time: the end of that day in the ledger's zone.
    Day(Day),
    /// An instant.
    At(Timestamp),
}

impl When {
    /// The instant meant, in the ledger's zone.
    pub fn instant(self, zone: Zone) -> Timestamp {
        match self {
            Self::Day(day) => zone.end_of(day),
            Self::At(instant) => instant,
        }
    }
}

impl std::str::FromStr for When {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        match text.parse::<Day>() {
            Ok(day) => Ok(Self::Day(day)),
            Err(not_a_day) => match text.parse() {
                Ok(instant) => Ok(Self::At(instant)),
                Err(InvalidTime::OutOfRange(shown)) => Err(InvalidTime::OutOfRange(shown)),
                Err(_) => Err(not_a_day),
            },
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::At(instant) => instant.fmt(f),
        }
    }
}

impl TryFrom<String> for When {
    type Error = InvalidTime;
    fn try_from(text: String) -> Result<Self, InvalidTime> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> String {
        when.to_string()
    }
}

/// How exactly an event's time is known (`CloudEvents` extension `timeprecision`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// To the instant given.
    #[default]
    Instant,
    /// To the day: the time given is the end of that day.
    Day,
    /// To the month: the time given is the end of that month's last day.
    Month,
}

impl Precision {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

/// The ledger's time zone, fixed when the ledger is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::Asia__Shanghai)
    }
}

impl Zone {
    /// The zone of an IANA name such as `Asia/Shanghai`.
    ///
    /// # Errors
    /// [`InvalidTime::NoSuchZone`] when the database has no such name.
    pub fn named(name: &str) -> Result<Self, InvalidTime> {
        name.parse().map(Self).map_err(|_| InvalidTime::NoSuchZone(name.to_owned()))
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The calendar day on which an instant falls here.
    pub fn day_of(self, instant: Timestamp) -> Day {
        midnights::day_of(self, instant)
            .unwrap_or_else(|| Day(instant.to_utc().with_timezone(&self.0).date_naive()))
    }

    /// The last whole second of a day: what a date without a time means.
    pub fn end_of(self, day: Day) -> Timestamp {
        let last = day.0.succ_opt().map(|next| self.midnight_us(Day(next)) - SECOND_US);
        Timestamp::from_micros(last.unwrap_or(i64::MAX)).truncated_to_second()
    }

    /// The first instant of a day: local midnight, or the first instant after it where a clock change skips
    /// midnight.
    pub fn start_of(self, day: Day) -> Timestamp {
        Timestamp::from_micros(self.midnight_us(day))
    }

    /// The instant that clocks here showed as this date and time: the earlier one where clocks showed it
    /// twice, the first one after the gap where a clock change skipped it.
    pub fn at_local(self, local: NaiveDateTime) -> Timestamp {
        Timestamp::from_micros(self.at_local_us(local))
    }

    /// What clocks here showed so many calendar months earlier, on the month's last day where it has no such day;
    /// the first instant that can be named when there is none so early.
    pub fn months_before(self, at: Timestamp, months: u32) -> Timestamp {
        let local = at.to_utc().with_timezone(&self.0).naive_local();
        local.checked_sub_months(Months::new(months)).map_or(Timestamp::MIN, |local| self.at_local(local))
    }

    fn midnight_us(self, day: Day) -> i64 {
        midnights::start_us(self, day).unwrap_or_else(|| self.at_local_us(day.0.and_time(NaiveTime::MIN)))
    }

    /// As [`Zone::at_local`], beyond the range that a timestamp can name too.
    fn at_local_us(self, local: NaiveDateTime) -> i64 {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(one) => one.timestamp_micros(),
            LocalResult::Ambiguous(earlier, _) => earlier.timestamp_micros(),
            LocalResult::None => self.after_gap(local),
        }
    }

    /// A clock change skipped this local time: the first whole minute after it that exists. No gap was ever
    /// longer than a day.
    fn after_gap(self, local: NaiveDateTime) -> i64 {
        let minute = local.with_second(0).and_then(|local| local.with_nanosecond(0)).unwrap_or(local);
        (1..=24 * 60)
            .filter_map(|minutes| minute.checked_add_signed(TimeDelta::minutes(minutes)))
            .find_map(|later| self.0.from_local_datetime(&later).earliest())
            .map_or_else(|| local.and_utc().timestamp_micros(), |found| found.timestamp_micros())
    }

    /// The instant as people here would write it: `2026-03-02 17:00:00`.
    pub fn local(self, instant: Timestamp) -> String {
        instant.to_utc().with_timezone(&self.0).format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_nameable_range_is_the_years_0_to_9999() {
        assert_eq!(at("0000-01-01T00:00:00Z"), Timestamp::MIN);
        assert_eq!(at("9999-12-31T23:59:59.999999Z"), Timestamp::MAX);
        assert_eq!(Timestamp::MIN.to_string(), "0000-01-01T00:00:00Z");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999999Z");
        assert!(matches!("9999-12-31T23:59:59-08:00".parse::<Timestamp>(), Err(InvalidTime::OutOfRange(_))));
        assert_eq!(Timestamp::MAX.plus_days(f64::INFINITY), Timestamp::MAX);
        assert_eq!(Timestamp::MIN.plus_micros(i64::MIN), Timestamp::MIN);
    }

    #[test]
    fn a_day_is_read_as_it_is_written() {
        for text in ["0000-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in ["2023-02-29", "2026-13-01", "2026-00-10", "2026-1-010", "20260-1-01", "2026-01-1 "] {
            assert!(text.parse::<Day>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_date_without_a_time_is_the_last_second_of_its_day() {
        let day: Day = "2026-03-02".parse().unwrap();
        assert_eq!(Zone::default().end_of(day), at("2026-03-02T23:59:59+08:00"));
        assert_eq!(Zone::default().day_of(at("2026-03-02T15:59:59.9Z")), day);
        assert_ne!(Zone::default().day_of(at("2026-03-02T16:00:00Z")), day);
        let last: Day = "9999-12-31".parse().unwrap();
        assert_eq!(Zone::named("UTC").unwrap().end_of(last), at("9999-12-31T23:59:59Z"));
        // The same question again, and of another zone.
        let (utc, evening) = (Zone::named("UTC").unwrap(), at("2026-03-02T16:00:00Z"));
        for _ in 0..2 {
            assert_eq!(utc.end_of(day), at("2026-03-02T23:59:59Z"));
            assert_eq!(Zone::default().end_of(day), at("2026-03-02T15:59:59Z"));
            assert_eq!(
                (utc.day_of(evening), Zone::default().day_of(evening)),
                (day, "2026-03-03".parse().unwrap())
            );
        }
    }

    #[test]
    fn days_around_a_clock_change_begin_at_the_first_instant_that_exists() {
        let santiago = Zone::named("America/Santiago").unwrap();
        let skipped: Day = "2022-09-11".parse().unwrap(); // midnight jumped to 01:00
        assert_eq!(santiago.start_of(skipped), at("2022-09-11T01:00:00-03:00"));
        let local = |text: &str| santiago.at_local(text.parse().unwrap());
        assert_eq!(local("2022-09-11T00:30:15"), at("2022-09-11T01:00:00-03:00"));
        assert_eq!(local("2022-09-11T12:00:00"), at("2022-09-11T12:00:00-03:00"));
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let long: Day = "2025-10-26".parse().unwrap();
        let elapsed_us = berlin.end_of(long).micros() - berlin.start_of(long).micros();
        assert_eq!(elapsed_us, (25 * 3600 - 1) * SECOND_US);
    }

    #[test]
    fn months_are_counted_by_the_calendar() {
        let zone = Zone::default();
        let before = |text: &str, months| zone.months_before(at(text), months);
        assert_eq!(before("2026-03-31T23:59:59+08:00", 1), at("2026-02-28T23:59:59+08:00"));
        assert_eq!(before("2024-02-29T10:00:00+08:00", 12), at("2023-02-28T10:00:00+08:00"));
        assert_eq!(zone.months_before(Timestamp::MIN, 13), Timestamp::MIN);
    }

    #[test]
    fn when_keeps_what_was_said() {
        for text in ["2026-03-02", "2026-03-02T09:00:00Z"] {
            assert_eq!(text.parse::<When>().unwrap().to_string(), text);
        }
        for text in ["2026-3-2", "20260302", "2026-02-30", "tomorrow", "+026-03-02"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
