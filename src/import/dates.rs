//! Dates and times as files write them, turned into instants.

use std::fmt;

use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime};
use guanxi_projections::time::{Day, Precision, Timestamp, Zone};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::filter::shown;

/// A format in the notation of `strftime`, and how exact a time in it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Format {
    pattern: String,
    items: Vec<Item<'static>>,
    precision: Precision,
}

/// A date with or without a time of day, in a zone or with its own offset.
enum Moment {
    Instant(Timestamp),
    Local(NaiveDateTime),
    Day(NaiveDate),
    Month(NaiveDate),
}

impl TryFrom<String> for Format {
    type Error = String;

    /// Takes a pattern; it is as exact as what it names.
    fn try_from(pattern: String) -> Result<Self, String> {
        let unknown = || format!("`{pattern}` has a part that strftime does not know");
        let items = StrftimeItems::new(&pattern).parse_to_owned().map_err(|_| unknown())?;
        let sample = NaiveDate::from_ymd_opt(2001, 2, 3).and_then(|day| day.and_hms_opt(4, 5, 6));
        let mut written = String::new();
        if let Some(sample) = sample {
            let formatted = sample.and_utc().format_with_items(items.iter());
            fmt::Write::write_fmt(&mut written, format_args!("{formatted}")).map_err(|_| unknown())?;
        }
        let precision = match moment(&written, &items) {
            Some(Moment::Instant(_) | Moment::Local(_)) => Precision::Instant,
            Some(Moment::Day(_)) => Precision::Day,
            Some(Moment::Month(_)) => Precision::Month,
            None => return Err(format!("`{pattern}` does not name at least a year and a month")),
        };
        Ok(Self { pattern, items, precision })
    }
}

impl Format {
    /// The pattern as it was written.
    pub(crate) fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The calendar day that a text names; of a month, the last one.
    ///
    /// # Errors
    /// A sentence that shows the beginning of the text.
    pub(crate) fn day(&self, text: &str) -> Result<Day, String> {
        let day = match moment(text, &self.items) {
            Some(Moment::Instant(instant)) => Some(instant.to_utc().date_naive()),
            Some(Moment::Local(local)) => Some(local.date()),
            Some(Moment::Day(day)) => Some(day),
            Some(Moment::Month(first)) => Some(last_of_month(first)),
            None => None,
        };
        day.map(Day::new).ok_or_else(|| no_such_date(text, &[self]))
    }

    /// The instant that a text names, or `None` when it is not of this format.
    ///
    /// With a precision of a day or a month it is the end of that day, or of the month's last day, in the zone.
    /// A local time that a clock change skips is the first one after the gap; one that comes twice is the
    /// earlier.
    fn instant(
        &self,
        text: &str,
        zone: Zone,
        precision: Option<Precision>,
    ) -> Option<(Timestamp, Precision)> {
        let moment = moment(text, &self.items)?;
        let precision = precision.unwrap_or(self.precision);
        let exact = match moment {
            Moment::Instant(instant) => instant,
            Moment::Local(local) => zone.at_local(local),
            Moment::Day(day) => zone.end_of(Day::new(day)),
            Moment::Month(first) => zone.end_of(Day::new(last_of_month(first))),
        };
        let instant = match precision {
            Precision::Instant => exact,
            Precision::Day => zone.end_of(zone.day_of(exact)),
            Precision::Month => zone.end_of(Day::new(last_of_month(zone.day_of(exact).date()))),
        };
        Some((instant, precision))
    }
}

/// The first of several formats that a text is of.
///
/// # Errors
/// A sentence that names the formats.
pub(crate) fn instant(
    text: &str,
    formats: &[Format],
    zone: Zone,
    precision: Option<Precision>,
) -> Result<(Timestamp, Precision), String> {
    formats
        .iter()
        .find_map(|format| format.instant(text, zone, precision))
        .ok_or_else(|| no_such_date(text, &formats.iter().collect::<Vec<_>>()))
}

fn no_such_date(text: &str, formats: &[&Format]) -> String {
    let patterns: Vec<&str> = formats.iter().map(|format| format.pattern()).collect();
    format!("`{}` is not a date of the form {}", shown(text), patterns.join(" or "))
}

fn moment(text: &str, items: &[Item<'_>]) -> Option<Moment> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, items.iter()).ok()?;
    let moment = if let Some(seconds) = parsed.timestamp() {
        Moment::Instant(named(DateTime::from_timestamp(seconds, 0)?.timestamp_micros())?)
    } else if parsed.hour_div_12().is_some() && parsed.offset().is_some() {
        Moment::Instant(named(parsed.to_datetime().ok()?.timestamp_micros())?)
    } else if parsed.hour_div_12().is_some() {
        Moment::Local(parsed.to_naive_datetime_with_offset(0).ok()?)
    } else if let Ok(day) = parsed.to_naive_date() {
        Moment::Day(day)
    } else {
        parsed.set_day(1).ok()?;
        Moment::Month(parsed.to_naive_date().ok()?)
    };
    let year = match &moment {
        Moment::Instant(_) => return Some(moment),
        Moment::Local(local) => local.year(),
        Moment::Day(day) | Moment::Month(day) => day.year(),
    };
    (0..=9999).contains(&year).then_some(moment)
}

/// The instant, if the ledger can name it.
fn named(micros: i64) -> Option<Timestamp> {
    (Timestamp::MIN.micros()..=Timestamp::MAX.micros())
        .contains(&micros)
        .then(|| Timestamp::from_micros(micros))
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    let days = u32::from(day.num_days_in_month());
    day.with_day(days).unwrap_or(day)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormatTable {
    format: String,
    precision: Option<Precision>,
}

/// A format is written as text, or as a table with `format` and `precision`.
impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrTable;
        impl<'de> Visitor<'de> for TextOrTable {
            type Value = Format;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a format such as \"%Y-%m-%d\", or a table with `format` and `precision`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Format, E> {
                Format::try_from(text.to_owned()).map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Format, A::Error> {
                let table = FormatTable::deserialize(MapAccessDeserializer::new(map))?;
                let format = Format::try_from(table.format).map_err(A::Error::custom)?;
                Ok(Format { precision: table.precision.unwrap_or(format.precision), ..format })
            }
        }
        deserializer.deserialize_any(TextOrTable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, format: &str, zone: &str, expected: Option<(&str, Precision)>) {
        let formats = [Format::try_from(format.to_owned()).unwrap()];
        let found = instant(text, &formats, Zone::named(zone).unwrap(), None).ok();
        let expected = expected.map(|(at, precision)| (at.parse::<Timestamp>().unwrap(), precision));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_format_is_as_exact_as_what_it_names() {
        let cases = [
            ("2007-05-09", "%Y-%m-%d", "2007-05-09T23:59:59+09:00", Precision::Day),
            ("20070509", "%Y%m%d", "2007-05-09T23:59:59+09:00", Precision::Day),
            ("1/3/2016", "%m/%d/%Y", "2016-01-03T23:59:59+09:00", Precision::Day),
            ("02-2012", "%m-%Y", "2012-02-29T23:59:59+09:00", Precision::Month),
            ("Dec 2013", "%b %Y", "2013-12-31T23:59:59+09:00", Precision::Month),
            ("2016年3月5日", "%Y年%m月%d日", "2016-03-05T23:59:59+09:00", Precision::Day),
            ("2016-01-03 4:05 PM", "%Y-%m-%d %I:%M %p", "2016-01-03T16:05:00+09:00", Precision::Instant),
            (
                "2016-01-03T04:05:06.25-0800",
                "%Y-%m-%dT%H:%M:%S%.f%z",
                "2016-01-03T12:05:06.250Z",
                Precision::Instant,
            ),
            ("1451793906", "%s", "2016-01-03T04:05:06Z", Precision::Instant),
        ];
        for (text, format, at, precision) in cases {
            check(text, format, "Asia/Tokyo", Some((at, precision)));
        }
    }

    #[test]
    fn what_is_no_date_of_the_format_is_refused() {
        for text in
            ["", "2007-02-30", "2007-13-01", "2007-05-09 ", "x", "2007-05", "+12007-05-09", "99999-01-01"]
        {
            check(text, "%Y-%m-%d", "UTC", None);
        }
        check("99999999999999", "%s", "UTC", None);
        let reason = Format::try_from("%d.%m.%Y".to_owned()).unwrap().day("31.02.2016").unwrap_err();
        assert_eq!(reason, "`31.02.2016` is not a date of the form %d.%m.%Y");
    }

    #[test]
    fn clock_changes_have_a_rule() {
        let format = "%Y-%m-%d %H:%M:%S";
        let instant = Precision::Instant;
        // 02:30 does not exist in Berlin on that day: the first instant after the gap is 03:00 summer time.
        check("2026-03-29 02:30:17", format, "Europe/Berlin", Some(("2026-03-29T01:00:00Z", instant)));
        // 02:30 comes twice: the earlier is summer time.
        check("2026-10-25 02:30:17", format, "Europe/Berlin", Some(("2026-10-25T00:30:17Z", instant)));
        // A day without midnight, and the end of the day before it.
        check("2022-09-11 00:15:00", format, "America/Santiago", Some(("2022-09-11T04:00:00Z", instant)));
        check("2022-09-10", "%Y-%m-%d", "America/Santiago", Some(("2022-09-11T03:59:59Z", Precision::Day)));
    }

    #[test]
    fn a_coarser_precision_can_be_asked_for() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let format = Format::try_from("%Y-%m-%dT%H:%M:%S%z".to_owned()).unwrap();
        let at = |precision| format.instant("2026-03-31T20:00:00+0000", zone, Some(precision)).unwrap().0;
        // In Shanghai it is already the first of April.
        assert_eq!(at(Precision::Day), "2026-04-01T23:59:59+08:00".parse().unwrap());
        assert_eq!(at(Precision::Month), "2026-04-30T23:59:59+08:00".parse().unwrap());
    }

    #[test]
    fn formats_that_give_no_date_are_refused_at_once() {
        for pattern in ["", "%H:%M", "%Y", "%d", "%m-%d", "%Q", "%Y-%m-%"] {
            assert!(Format::try_from(pattern.to_owned()).is_err(), "{pattern}");
        }
    }
}
