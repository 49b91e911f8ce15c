//! Trends: at which instants a figure is read to see how it moves.

use chrono::{Datelike as _, Days, Months};

use crate::time::{Day, Timestamp, Zone};

/// How far the points of a trend lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Each calendar day.
    Day,
    /// Each seventh day.
    Week,
    /// Each month: the day of the month that the trend began with, or the last day of a shorter month.
    Month,
}

impl Every {
    /// Every step, from the shortest.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The word in questions, such as `week`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The day `steps` steps after `first`, computed from `first` each time, so that a short month does not
    /// shorten the ones after it. `None` beyond the nameable years.
    fn after(self, first: Day, steps: u32) -> Option<Day> {
        let date = first.date();
        let moved = match self {
            Self::Day => date.checked_add_days(Days::new(u64::from(steps))),
            Self::Week => date.checked_add_days(Days::new(u64::from(steps) * 7)),
            Self::Month => date.checked_add_months(Months::new(steps)),
        };
        moved.filter(|date| date.year() <= 9999).map(Day::new)
    }
}

/// The ends of the days from `first` to `last`, both included, at every step; the last point is always the end of
/// `last`, even where no step falls on it. Empty when `last` comes before `first`.
///
/// ```
/// use guanxi_projections::time::Zone;
/// use guanxi_projections::trend::{Every, points};
/// let zone = Zone::named("UTC").unwrap();
/// let days = |first: &str, last: &str| -> Vec<String> {
///     let points = points(first.parse().unwrap(), last.parse().unwrap(), Every::Month, zone);
///     points.map(|at| zone.day_of(at).to_string()).collect()
/// };
/// assert_eq!(days("2026-01-31", "2026-04-15"), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-15"]);
/// assert!(days("2026-01-31", "2026-01-30").is_empty());
/// ```
pub fn points(first: Day, last: Day, every: Every, zone: Zone) -> impl Iterator<Item = Timestamp> {
    let steps = (0..).map_while(move |step| every.after(first, step)).take_while(move |day| *day < last);
    steps.chain((first <= last).then_some(last)).map(move |day| zone.end_of(day))
}
