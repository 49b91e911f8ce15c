//! The accounts without a story, each by the habit of its kind, and the ledger's own events.

use serde_json::json;

use super::habits::{DISTANT, GOOD, HARD, Habit, Phase};
use super::life::{Life, Quality};
use super::tale::{LAST_DAY, Own, Recording, Tale, day};

const END: i64 = LAST_DAY + 1;

/// How an account's orders go over the years.
#[derive(Debug, Clone, Copy)]
enum Course {
    Steady,
    Growing,
    Shrinking,
    /// Orders stop on a day.
    Stopping(&'static str),
    /// No order yet.
    Prospect,
    Once(&'static str),
}

use Course::{Growing, Once, Prospect, Shrinking, Steady, Stopping};

/// Account, opened on, people known, habit, course, days between orders, usual amount.
const OTHERS: &[(&str, &str, usize, &Habit, Course, i64, i64)] = &[
    ("baoling-stainless", "2024-04-08", 3, &GOOD, Steady, 42, 180_000),
    ("zhuoyuan", "2023-10-30", 3, &GOOD, Growing, 38, 130_000),
    ("hanyuan", "2025-02-17", 4, &GOOD, Growing, 36, 240_000),
    ("minyuan", "2023-11-20", 3, &DISTANT, Steady, 60, 120_000),
    ("tianling", "2023-12-06", 2, &HARD, Shrinking, 46, 210_000),
    ("changling", "2024-03-11", 3, &GOOD, Steady, 44, 95_000),
    ("dongling", "2023-11-08", 2, &HARD, Stopping("2026-04-10"), 41, 90_000),
    ("jiangyuan", "2024-01-22", 3, &DISTANT, Steady, 52, 260_000),
    ("xinhe", "2024-05-20", 2, &HARD, Stopping("2025-06-20"), 45, 70_000),
    ("yunluan", "2023-12-20", 3, &GOOD, Steady, 40, 230_000),
    ("shuyuan", "2024-02-26", 2, &DISTANT, Stopping("2026-05-05"), 43, 65_000),
    ("boyu", "2023-10-26", 3, &HARD, Steady, 39, 280_000),
    ("pengcheng", "2024-09-09", 3, &GOOD, Growing, 33, 110_000),
    ("ruifeng", "2024-06-03", 1, &DISTANT, Once("2024-08-14"), 0, 38_000),
    ("hailan", "2026-04-13", 2, &GOOD, Once("2026-08-19"), 0, 85_000),
    ("alpine", "2024-07-15", 2, &DISTANT, Shrinking, 58, 24_000),
    ("talglas", "2023-12-13", 3, &GOOD, Steady, 43, 32_000),
    ("sundby", "2025-09-22", 2, &DISTANT, Prospect, 0, 0),
    ("redwood", "2024-01-09", 3, &GOOD, Steady, 37, 41_000),
    ("delta", "2024-10-21", 2, &HARD, Shrinking, 47, 35_000),
    ("lakeside", "2026-05-11", 3, &GOOD, Prospect, 0, 0),
];

pub(super) fn tell(tale: &mut Tale) {
    for (id, opened, known, habit, course, every, amount) in OTHERS {
        let parent = (*id == "baoling-stainless").then_some("baoling-group");
        let mut life = Life::begin(tale, id, day(opened), *known, parent);
        run(&mut life, day(opened) + 20, habit, *course, *every, *amount);
    }
    odd(tale);
    rates(tale);
    decisions(tale);
}

fn run(life: &mut Life<'_>, from: i64, habit: &Habit, course: Course, every: i64, amount: i64) {
    let phase = |until, percent| Phase { until, every, amount: amount * percent / 100 };
    let third = (END - from) / 3;
    match course {
        Steady => life.live(from, END, habit, &[phase(END, 100)]),
        Growing => {
            let phases = [
                phase(from + third, 60),
                phase(from + 2 * third, 100),
                phase(END - 120, 160),
                phase(END, 260),
            ];
            life.live(from, END, habit, &phases);
        }
        Shrinking => {
            let phases = [phase(from + third, 150), phase(from + 2 * third, 100), phase(END, 45)];
            life.live(from, END, habit, &phases);
        }
        Stopping(date) => {
            let stop = day(date);
            life.live(from, stop, habit, &[phase(stop, 100)]);
            for later in [40, 95] {
                life.meet(stop + later, "call", 1, "");
            }
        }
        Prospect if habit.meet == DISTANT.meet => {
            life.meet(from, "visit", 1, "first visit");
            life.meet(from + 25, "message", 1, "");
        }
        Prospect => {
            let habit = Habit { issue: 0, bid: 0, give: 0, gain: 0, ..*habit };
            life.live(from, END, &habit, &[]);
            life.bid(from + 70, 260_000, "Moulding line", None);
        }
        Once(date) => {
            let habit = Habit { issue: 0, bid: 0, give: 0, gain: 0, promise: 0, ..*habit };
            life.live(from, day(date) + 60, &habit, &[]);
            life.order(day(date), amount, Quality::Good, 0);
        }
    }
}

/// What a ledger has to bear: a payment for an invoice that nobody knows, and a currency without a rate.
fn odd(tale: &mut Tale) {
    let minute = tale.working_minute(day("2026-03-10"));
    let paid = json!({ "invoice": "2026-0099", "amount": { "amount": "38500.00", "currency": "CNY" } });
    tale.tell("minyuan", "payment.received", minute, Recording::Usual, &paid);
    let minute = tale.working_minute(day("2026-08-11"));
    let order = json!({ "order": "hanyuan-osaka-1", "amount": { "amount": "4200000", "currency": "JPY" } });
    tale.tell("hanyuan", "order.placed", minute, Recording::Usual, &order);
}

/// Rates at the beginning of each quarter.
fn rates(tale: &mut Tale) {
    const QUARTERS: [(&str, &str, &str); 12] = [
        ("2023-10-01", "7.18", "7.62"),
        ("2024-01-01", "7.08", "7.82"),
        ("2024-04-01", "7.10", "7.68"),
        ("2024-07-01", "7.13", "7.66"),
        ("2024-10-01", "7.01", "7.81"),
        ("2025-01-01", "7.19", "7.52"),
        ("2025-04-01", "7.18", "7.76"),
        ("2025-07-01", "7.15", "8.40"),
        ("2025-10-01", "7.11", "8.33"),
        ("2026-01-01", "7.03", "8.24"),
        ("2026-04-01", "6.98", "8.19"),
        ("2026-07-01", "6.95", "8.15"),
    ];
    for (date, dollar, euro) in QUARTERS {
        for (from, rate) in [("USD", dollar), ("EUR", euro)] {
            tale.own(day(date), Own::Rate { from, rate, day: day(date) });
        }
    }
}

/// What the house decided over the years.
fn decisions(tale: &mut Tale) {
    let industries =
        [("wind power", 9, 2, "our counts of 2018 to 2023"), ("paper", 4, 6, "ours and the association's")];
    for (industry, well, badly, reason) in industries {
        tale.own(day("2023-10-09"), Own::Industry { industry, well, badly, reason });
    }
    for date in ["2024-07-02", "2025-01-03", "2025-07-02", "2026-01-05", "2026-07-02"] {
        tale.own(day(date), Own::Review);
    }
    let reason = "we can look after a quarter of our accounts now";
    tale.own(
        day("2025-06-16"),
        Own::Policy { line: "percent = \"20\"", becomes: "percent = \"25\"", reason },
    );
    let reason = "the board wants them won back before the frame contract ends";
    tale.own(day("2025-10-13"), Own::Pin { account: "nordwind", until: "2027-03-31", reason });
    tale.own(
        day("2026-06-15"),
        Own::Unpin { account: "nordwind", reason: "they are back, and rank by themselves" },
    );
    tale.own(day("2026-07-01"), Own::Anchors);
    // Over a quarter too few accounts stay away for a fit.
    tale.own(day("2026-07-01") + 1, Own::Calibration { horizon_days: 30 });
}
