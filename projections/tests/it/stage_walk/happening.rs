//! What the walk reads: the few kinds of event that the lifecycle stage depends on, in plain numbers.

/// Microseconds in an hour.
pub(super) const HOUR: i64 = 3_600_000_000;
/// Microseconds in a day of 24 hours.
pub(super) const DAY: i64 = 24 * HOUR;

/// One event of an account, at `at` microseconds since 1970. Its place in a list is its place in the stream.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Happened {
    pub(super) at: i64,
    pub(super) what: Happening,
}

/// What happened. Orders are named by number; amounts are in the reporting currency.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Happening {
    Opened,
    Order { id: u32, amount: f64 },
    Return { order: Option<u32>, amount: f64 },
    Meeting { two_way: bool },
    Noted,
    Closed,
    Reopened,
}

/// Time and place of an event: the order of the effective history.
pub(super) type Key = (i64, usize);

/// An event in the order of the effective history.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) key: Key,
    pub(super) what: Happening,
}

impl Placed {
    pub(super) fn at(&self) -> i64 {
        self.key.0
    }

    pub(super) fn is_order(&self) -> bool {
        matches!(self.what, Happening::Order { .. })
    }
}

/// The events at or before `until`, by time, those of one instant in the order of the list.
pub(super) fn placed(events: &[Happened], until: i64) -> Vec<Placed> {
    let mut placed: Vec<_> = events
        .iter()
        .enumerate()
        .filter(|(_, event)| event.at <= until)
        .map(|(place, event)| Placed { key: (event.at, place), what: event.what.clone() })
        .collect();
    placed.sort_by_key(|event| event.key);
    placed
}

/// The number of the calendar day in Asia/Shanghai, eight hours ahead of UTC the whole year since 1992.
pub(super) fn local_day(at: i64) -> i64 {
    (at + 8 * HOUR).div_euclid(DAY)
}

/// Days of 24 hours between two instants.
pub(super) fn days(from: i64, to: i64) -> f64 {
    (to - from) as f64 / DAY as f64
}
