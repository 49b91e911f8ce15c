//! A tale: what happens, when, and when it is recorded. Days count from 2023-10-01, minutes from its beginning in
//! Shanghai.

use guanxi_projections::time::Timestamp;
use serde_json::{Value, json};

use crate::harness::Dice;

/// 2023-10-01T00:00+08:00.
const BEGIN_US: i64 = 1_696_089_600_000_000;
const MINUTE_US: i64 = 60_000_000;
const DAY_MINUTES: i64 = 1_440;
/// 2026-09-30: nothing happens after it.
pub(super) const LAST_DAY: i64 = 1_095;
/// When the last of it is recorded: two days later, at nine.
const LAST_MINUTE: i64 = (LAST_DAY + 2) * DAY_MINUTES + 540;

/// What is told, in the order of the telling.
#[derive(Debug)]
pub(super) struct Tale {
    pub(super) told: Vec<Told>,
    pub(super) dice: Dice,
    named: [u32; 3],
}

/// One event and the minute in which it is recorded.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) minute: i64,
    pub(super) what: What,
}

/// What is to be recorded.
#[derive(Debug)]
pub(super) enum What {
    /// An event of an account, as its source submits it.
    Event { source: &'static str, event: Value },
    /// An event of the ledger's own.
    Own(Own),
}

/// What the people who keep the ledger do, by its own commands.
#[derive(Debug, Clone)]
pub(super) enum Own {
    /// Set a rate into the reporting currency.
    Rate { from: &'static str, rate: &'static str, day: i64 },
    /// Adopt the policy that the program comes with, one line of it changed.
    Policy { line: &'static str, becomes: &'static str, reason: &'static str },
    /// Say how accounts of an industry turned out.
    Industry { industry: &'static str, well: u32, badly: u32, reason: &'static str },
    /// Hold a review.
    Review,
    /// Keep an account on the list of key accounts whatever its rank.
    Pin { account: &'static str, until: &'static str, reason: &'static str },
    /// Let its rank decide again.
    Unpin { account: &'static str, reason: &'static str },
    /// Freeze the anchors of the quarter.
    Anchors,
    /// Fit the outlook over so many days to what happened.
    Calibration { horizon_days: u32 },
}

/// How soon something is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recording {
    /// As its source is used to.
    Usual,
    /// So many days later.
    After(i64),
}

/// An event that was told, as a revision names it.
#[derive(Debug, Clone)]
pub(super) struct Name {
    source: &'static str,
    id: String,
    minute: i64,
}

impl Tale {
    pub(super) fn new(seed: u64) -> Self {
        Self { told: Vec::new(), dice: Dice(seed), named: [0; 3] }
    }

    /// Whether a chance of so many in a hundred comes true.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.dice.below(100) < percent
    }

    /// A number in `[from, until)`.
    pub(super) fn between(&mut self, from: i64, until: i64) -> i64 {
        from + i64::try_from(self.dice.below((until - from).max(1).unsigned_abs())).expect("a small number")
    }

    /// A minute within the hours of work of a day; of the next working day if it is none.
    pub(super) fn working_minute(&mut self, day: i64) -> i64 {
        working_day(day) * DAY_MINUTES + 540 + 10 * self.between(0, 50)
    }

    /// Tells an event; `None` when it would happen after the end.
    pub(super) fn tell(
        &mut self,
        account: &str,
        kind: &str,
        minute: i64,
        recording: Recording,
        data: &Value,
    ) -> Option<Name> {
        if minute >= (LAST_DAY + 1) * DAY_MINUTES && kind != "meeting.planned" {
            return None;
        }
        let (source, place) = source_of(kind);
        let recorded = self.recorded(source, minute, recording);
        self.named[place] += 1;
        let id = format!("{source}-{}", self.named[place]);
        let mut event = json!({
            "specversion": "1.0", "id": id, "source": source, "type": kind, "subject": account,
            "time": instant(minute).to_string(), "data": data,
        });
        if kind == "payment.received" {
            // The bank says the day alone.
            let end = (minute / DAY_MINUTES + 1) * DAY_MINUTES;
            event["time"] = Timestamp::from_micros(instant(end).micros() - 1_000_000).to_string().into();
            event["timeprecision"] = "day".into();
        }
        self.told.push(Told { minute: recorded, what: What::Event { source, event } });
        Some(Name { source, id, minute: recorded })
    }

    /// Corrects what was told, some days after it was recorded.
    pub(super) fn correct(
        &mut self,
        account: &str,
        name: &Name,
        days: i64,
        reason: &str,
        right: &Value,
    ) -> Option<Name> {
        let mut data = right.clone();
        data["target"] = json!({ "source": name.source, "id": name.id });
        data["reason"] = reason.into();
        self.revise(account, "event.corrected", name, days, &data)
    }

    /// Takes back what was told, some days after it was recorded.
    pub(super) fn retract(&mut self, account: &str, name: &Name, days: i64, reason: &str) -> Option<Name> {
        let data = json!({ "target": { "source": name.source, "id": name.id }, "reason": reason });
        self.revise(account, "event.retracted", name, days, &data)
    }

    fn revise(&mut self, account: &str, kind: &str, name: &Name, days: i64, data: &Value) -> Option<Name> {
        let minute = self.working_minute(name.minute / DAY_MINUTES + days);
        self.tell(account, kind, minute, Recording::After(0), data)
    }

    pub(super) fn own(&mut self, day: i64, own: Own) {
        self.told.push(Told { minute: day * DAY_MINUTES + 500, what: What::Own(own) });
    }

    /// Sources write in batches: the customer database in the evening, accounting in the morning, the help desk
    /// at noon and in the evening.
    fn recorded(&mut self, source: &str, minute: i64, recording: Recording) -> i64 {
        let day = minute / DAY_MINUTES;
        let later = match recording {
            Recording::After(days) => days,
            Recording::Usual if source == "erp" => 1,
            Recording::Usual if source == "desk" => 0,
            Recording::Usual => match self.dice.below(100) {
                0..78 => 0,
                78..93 => 1,
                93..98 => self.between(2, 9),
                _ => self.between(12, 50),
            },
        };
        let of_day = if source == "erp" { 390 } else { 1_110 };
        let minute = (day + later) * DAY_MINUTES + of_day;
        if minute > LAST_MINUTE { LAST_MINUTE } else { minute }
    }
}

/// The next working day: neither at a weekend nor in the national holiday.
fn working_day(day: i64) -> i64 {
    let holidays = [0, 366, 731];
    let past =
        holidays.iter().find(|first| (**first..**first + 7).contains(&day)).map_or(day, |first| first + 7);
    match past.rem_euclid(7) {
        0 => past + 1,
        6 => past + 2,
        _ => past,
    }
}

fn source_of(kind: &str) -> (&'static str, usize) {
    match kind.split_once('.').map_or(kind, |(family, _)| family) {
        "order" | "invoice" | "payment" | "delivery" => ("erp", 0),
        "issue" => ("desk", 1),
        _ => ("crm", 2),
    }
}

/// The instant of a minute.
pub(super) fn instant(minute: i64) -> Timestamp {
    Timestamp::from_micros(BEGIN_US + minute * MINUTE_US)
}

/// The day of a date such as `2025-09-30`.
pub(super) fn day(date: &str) -> i64 {
    let end: Timestamp = format!("{date}T12:00:00+08:00").parse().expect("a date");
    (end.micros() - BEGIN_US) / (DAY_MINUTES * MINUTE_US)
}

/// The date of a day.
pub(super) fn date(day: i64) -> String {
    instant(day * DAY_MINUTES + 720).to_string()[..10].to_owned()
}
