//! Where the days of a zone begin, looked up once: folds ask for the day of an instant and for the end of a day again
//! and again, and a tenth of their time would go into it.
//!
//! Each thread keeps those of the zone that it asked last, up to the last day of 2099; other days are looked up anew.

use std::cell::RefCell;

use chrono::{LocalResult, NaiveDate, NaiveTime, TimeZone as _};

use super::{DAY_US, Day, Timestamp, Zone};

/// The days from 1970-01-01 to 2099-12-31.
const DAYS: usize = 47_482;
/// So many have their memory together.
const BLOCK: usize = 512;

thread_local! {
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { zone: None, blocks: Vec::new() }) };
}

/// The beginnings of one zone's days.
struct Kept {
    zone: Option<Zone>,
    /// By number of the day since 1970-01-01; a block that nobody asked for is empty.
    blocks: Vec<Vec<Midnight>>,
}

/// How a day begins.
#[derive(Debug, Clone, Copy)]
enum Midnight {
    /// Nobody asked.
    Unknown,
    /// Once, so many microseconds after 1970: every instant before it belongs to an earlier day, and none after it does.
    At(i64),
    /// Clocks showed it twice, so that instants around it do not stand in the order of their days.
    Twice,
}

/// The first instant of a day; `None` when it is not kept.
pub(super) fn start_us(zone: Zone, day: Day) -> Option<i64> {
    KEPT.with_borrow_mut(|kept| kept.at(zone, i64::from(day.0.to_epoch_days())))
}

/// The day on which an instant falls; `None` when a beginning around it is not kept.
pub(super) fn day_of(zone: Zone, instant: Timestamp) -> Option<Day> {
    let utc = instant.micros().div_euclid(DAY_US);
    let number = KEPT.with_borrow_mut(|kept| {
        let mut has_begun = |number| Some(kept.at(zone, number)? <= instant.micros());
        // No clock was ever a day away from UTC.
        Some(match (has_begun(utc + 1)?, has_begun(utc)?) {
            (true, _) => utc + 1,
            (false, true) => utc,
            (false, false) => utc - 1,
        })
    })?;
    NaiveDate::from_epoch_days(i32::try_from(number).ok()?).map(Day)
}

impl Kept {
    fn at(&mut self, zone: Zone, number: i64) -> Option<i64> {
        let number = usize::try_from(number).ok().filter(|number| *number < DAYS)?;
        if self.zone != Some(zone) {
            *self = Self { zone: Some(zone), blocks: vec![Vec::new(); DAYS.div_ceil(BLOCK)] };
        }
        let block = self.blocks.get_mut(number / BLOCK)?;
        if block.is_empty() {
            block.resize(BLOCK, Midnight::Unknown);
        }
        let midnight = block.get_mut(number % BLOCK)?;
        if let Midnight::Unknown = midnight {
            *midnight = Midnight::of(zone, number)?;
        }
        if let Midnight::At(us) = midnight { Some(*us) } else { None }
    }
}

impl Midnight {
    fn of(zone: Zone, number: usize) -> Option<Self> {
        let midnight = NaiveDate::from_epoch_days(i32::try_from(number).ok()?)?.and_time(NaiveTime::MIN);
        Some(match zone.0.from_local_datetime(&midnight) {
            LocalResult::Single(once) => Self::At(once.timestamp_micros()),
            LocalResult::None => Self::At(zone.after_gap(midnight)),
            LocalResult::Ambiguous(..) => Self::Twice,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the zone itself says.
    fn day_looked_up(zone: Zone, instant: Timestamp) -> Day {
        Day(instant.to_utc().with_timezone(&zone.0).date_naive())
    }

    /// Checks the day of instants around each of some days' beginnings.
    fn check(zone: Zone, numbers: impl Iterator<Item = i32>) {
        for number in numbers {
            let day = Day(NaiveDate::from_epoch_days(number).unwrap());
            let start = zone.at_local(day.0.and_time(NaiveTime::MIN));
            assert_eq!(zone.start_of(day), start, "{} {day}", zone.name());
            for minutes in [-24 * 60, -61, -30, 0, 30, 61, 12 * 60] {
                for second_us in [-1, 0] {
                    let instant = start.plus_micros(minutes * 60 * 1_000_000 + second_us);
                    let expected = day_looked_up(zone, instant);
                    assert_eq!(zone.day_of(instant), expected, "{} {instant}", zone.name());
                }
            }
        }
    }

    #[test]
    fn a_day_that_is_kept_is_the_one_that_the_zone_gives() {
        // Clocks at midnight were put forward, put back, or passed over a whole day.
        let at_midnight =
            ["America/Sao_Paulo", "America/Santiago", "America/Havana", "Asia/Beirut", "Pacific/Apia"];
        for name in at_midnight {
            check(Zone::named(name).unwrap(), 10_000..16_000);
        }
        for (place, zone) in chrono_tz::TZ_VARIANTS.iter().enumerate() {
            let first = i32::try_from(place % 197).unwrap();
            check(Zone(*zone), (first..47_500).step_by(197).chain([-1, 0, 1, 47_481, 47_482, 47_483]));
        }
    }

    #[test]
    fn the_ends_of_time_have_days() {
        for zone in ["Pacific/Kiritimati", "Pacific/Niue"].map(|name| Zone::named(name).unwrap()) {
            for instant in [Timestamp::MIN, Timestamp::MAX] {
                assert_eq!(zone.day_of(instant), day_looked_up(zone, instant));
            }
        }
    }
}
