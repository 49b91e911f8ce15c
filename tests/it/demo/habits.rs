//! Habits: how an ordinary account orders, meets, complains and pays, over the whole time.

use super::life::{Fate, Life, Quality};
use super::tale::LAST_DAY;

/// Until which day orders come how often (never: 0), and how large they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phase {
    pub(super) until: i64,
    pub(super) every: i64,
    pub(super) amount: i64,
}

/// How often things happen, in days; 0: never.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habit {
    pub(super) meet: i64,
    /// Deliveries with defects, in a hundred.
    pub(super) defects: u64,
    /// Days after the due date that the customer pays.
    pub(super) pays_late: i64,
    pub(super) promise: i64,
    /// Promises that are broken or late, in a hundred.
    pub(super) unkept: u64,
    pub(super) issue: i64,
    pub(super) bid: i64,
    /// Bids won, in a hundred.
    pub(super) wins: u64,
    pub(super) give: i64,
    pub(super) gain: i64,
}

/// A good customer that we treat well.
pub(super) const GOOD: Habit = Habit {
    meet: 24,
    defects: 6,
    pays_late: -2,
    promise: 75,
    unkept: 10,
    issue: 110,
    bid: 230,
    wins: 65,
    give: 300,
    gain: 260,
};

/// A customer with whom nothing is easy.
pub(super) const HARD: Habit = Habit {
    meet: 34,
    defects: 22,
    pays_late: 14,
    promise: 85,
    unkept: 38,
    issue: 70,
    bid: 260,
    wins: 35,
    give: 150,
    gain: 600,
};

/// Somebody whom we hardly know.
pub(super) const DISTANT: Habit = Habit {
    meet: 75,
    defects: 10,
    pays_late: 3,
    promise: 200,
    unkept: 25,
    issue: 200,
    bid: 400,
    wins: 40,
    give: 500,
    gain: 0,
};

const TOPICS: [&str; 6] =
    ["季度回顾", "交付计划", "备件与服务", "新产线方案", "price review", "next year's demand"];
const PROMISES: [&str; 4] = ["送交技术方案", "备件到货", "training of the operators", "report on the cause"];

impl Life<'_> {
    /// Lives by a habit from one day until another.
    pub(super) fn live(&mut self, from: i64, until: i64, habit: &Habit, phases: &[Phase]) {
        self.buy(from, until, habit, phases);
        self.talk(from, until, habit);
        self.work(from, until, habit);
    }

    /// The days on which something that comes every so many days comes.
    fn days(&mut self, from: i64, until: i64, every: i64) -> Vec<i64> {
        let mut days = Vec::new();
        if every == 0 {
            return days;
        }
        let mut day = from + self.tale.between(every / 3, every + 1);
        while day < until.min(LAST_DAY + 1) {
            days.push(day);
            day += self.tale.between(every * 4 / 5, every * 6 / 5 + 1).max(1);
        }
        days
    }

    fn buy(&mut self, from: i64, until: i64, habit: &Habit, phases: &[Phase]) {
        let mut begun = from;
        for phase in phases {
            for day in self.days(begun, phase.until.min(until), phase.every) {
                let amount = phase.amount * self.tale.between(85, 116) / 100 / 100 * 100;
                let quality = match self.tale.dice.below(100) {
                    chance if chance < habit.defects => Quality::Defects,
                    chance if chance < habit.defects + habit.defects / 2 => Quality::Late,
                    _ => Quality::Good,
                };
                let late = habit.pays_late + self.tale.between(-3, 6);
                self.order(day, amount, quality, late);
            }
            begun = phase.until;
        }
    }

    fn talk(&mut self, from: i64, until: i64, habit: &Habit) {
        for day in self.days(from, until, habit.meet) {
            let channel = match self.tale.dice.below(100) {
                0..26 => "visit",
                26..48 => "meeting",
                48..76 => "call",
                76..93 => "message",
                93..97 => "broadcast",
                _ => "executive",
            };
            let with = usize::try_from(self.tale.between(1, 3)).expect("one or two");
            let topic = usize::try_from(self.tale.dice.below(30)).expect("small");
            let topic = TOPICS.get(topic).copied().unwrap_or_default();
            let told = self.meet(day, channel, with, topic);
            if let Some(told) = told.filter(|_| self.tale.chance(2)) {
                self.tale.retract(self.account.id, &told, 6, "entered twice");
            }
        }
    }

    fn work(&mut self, from: i64, until: i64, habit: &Habit) {
        for day in self.days(from, until, habit.promise) {
            let text = PROMISES[usize::try_from(self.tale.dice.below(4)).expect("small")];
            let fate = match self.tale.dice.below(100) {
                chance if chance < habit.unkept / 3 => Fate::Broken(6),
                chance if chance < habit.unkept => Fate::Kept(3 + self.tale.between(0, 12)),
                _ => Fate::Kept(-self.tale.between(0, 8)),
            };
            let due = day + 20 + self.tale.between(0, 20);
            self.promise(day, due, text, fate);
        }
        for day in self.days(from, until, habit.issue) {
            let (severity, takes) = match self.tale.dice.below(10) {
                0..7 => ("minor", 4 + self.tale.between(0, 5)),
                7..9 => ("major", 3 + self.tale.between(0, 5)),
                _ => ("critical", 2 + self.tale.between(0, 4)),
            };
            let takes = if habit.unkept > 30 { takes * 2 } else { takes };
            self.issue(day, severity, takes);
        }
        for day in self.days(from + 60, until, habit.bid) {
            let won = self.tale.chance(habit.wins);
            let amount = 300_000 + 50_000 * self.tale.between(0, 20);
            self.bid(day, amount, "Modernisation of a line", Some(won).filter(|_| day < LAST_DAY - 50));
        }
        self.exchange(from, until, habit);
    }

    /// What either side does for the other.
    fn exchange(&mut self, from: i64, until: i64, habit: &Habit) {
        for day in self.days(from, until, habit.give) {
            let form = ["price", "terms", "scope", "service", "payment"];
            let form = form[usize::try_from(self.tale.dice.below(5)).expect("small")];
            let cost = 5_000 + 1_000 * self.tale.between(0, 20);
            self.concede(day, form, cost, "asked for at the renewal");
        }
        for day in self.days(from, until, habit.gain) {
            match self.tale.dice.below(6) {
                0 => self.favour(day, "upsell"),
                1 => self.favour(day, "renewal"),
                2 => self.favour(day, "market_information"),
                3 => self.reference(day, "call", None),
                4 => self.customer_concedes(day, "terms", "prepayment"),
                _ => {
                    let letters = i64::try_from(self.account.id.len()).expect("a short id");
                    self.benefit(day, 40_000 + 10_000 * letters);
                }
            }
            let csat = u8::try_from(self.tale.between(4, 6)).expect("small");
            self.feedback(day + 12, csat, csat + 4);
        }
        for day in self.days(from, until, habit.meet * 8) {
            let hours = f64::from(u32::try_from(self.tale.between(4, 40)).expect("small"));
            self.effort(day, hours);
        }
    }
}
