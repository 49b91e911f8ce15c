//! Random histories, realistic and nasty ones, each made from its seed alone.

use super::happening::{DAY, HOUR, Happened, Happening};

/// 2015-01-01T00:00:00Z.
const BEGINNING: i64 = 1_420_070_400_000_000;

/// `SplitMix64`: `Source:` Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number in `[low, high)`, `low < high`.
    pub(super) fn among(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low);
        low + i64::try_from(self.bits() % span).unwrap()
    }

    /// True once in `times`.
    pub(super) fn once_in(&mut self, times: i64) -> bool {
        self.among(0, times) == 0
    }

    /// A number in `[low, high)`.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.bits() >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// A history under construction.
struct Draft {
    chance: Chance,
    events: Vec<Happened>,
    orders: u32,
    from: i64,
    until: i64,
    /// Whether times are known to the day only, and so are the last second of a day in Asia/Shanghai.
    coarse: bool,
}

/// The history of a seed, in the order in which it was recorded: not always that in which it happened, but the
/// opening is always recorded first. Empty for one seed in forty.
pub(super) fn history(seed: u64) -> Vec<Happened> {
    let mut chance = Chance::seeded(seed);
    let from = BEGINNING + chance.among(0, 365 * DAY);
    let until = from + chance.among(365 * DAY, 8 * 365 * DAY);
    let coarse = chance.once_in(4);
    let mut draft = Draft { chance, events: Vec::new(), orders: 0, from, until, coarse };
    if seed % 40 == 39 {
        return Vec::new();
    }
    draft.shape(seed % 10);
    draft.trouble();
    draft.recorded()
}

impl Draft {
    fn add(&mut self, at: i64, what: Happening) {
        let at = if self.coarse { (at + 8 * HOUR).div_euclid(DAY) * DAY + 16 * HOUR - 1_000_000 } else { at };
        self.events.push(Happened { at, what });
    }

    fn order(&mut self, at: i64, amount: f64) {
        self.orders += 1;
        let amount = (amount * 100.0).round() / 100.0;
        self.add(at, Happening::Order { id: self.orders, amount });
    }

    fn give_back(&mut self, at: i64, order: Option<u32>, amount: f64) {
        let amount = (amount * 100.0).round() / 100.0;
        self.add(at, Happening::Return { order, amount });
    }

    fn moment(&mut self) -> i64 {
        self.chance.among(self.from, self.until)
    }

    fn shape(&mut self, shape: u64) {
        match shape {
            0 => {}
            1 => self.few(),
            2 => self.series(1.0, 0.1),
            3 => self.series(1.03, 0.3),
            4 => self.series(0.96, 0.3),
            5 => self.bursts(),
            6 => self.two_lives(),
            7 => self.season(),
            8 => self.steep(),
            _ => self.scatter(),
        }
    }

    /// One order, or up to four within two months, of which a part may come back.
    fn few(&mut self) {
        let start = self.moment();
        let mut worth = 0.0;
        for _ in 0..if self.chance.once_in(2) { 1 } else { self.chance.among(2, 5) } {
            let (at, amount) = (start + self.chance.among(0, 60 * DAY), self.chance.between(100.0, 900.0));
            worth += amount;
            self.order(at, amount);
        }
        if self.chance.once_in(2) {
            let at = start + self.chance.among(0, 60 * DAY);
            let share = self.chance.between(0.3, 0.9);
            self.give_back(at, None, worth * share);
        }
    }

    /// Orders at a pace of their own, each amount `factor` of the one before, with noise.
    fn series(&mut self, factor: f64, spread: f64) {
        let pace = self.chance.among(7, 120);
        let (mut at, mut amount) = (self.from + self.chance.among(0, 90 * DAY), 1_000.0);
        for _ in 0..self.chance.among(2, 90) {
            let varied = amount * self.chance.between(1.0 - spread, 1.0 + spread);
            self.order(at, varied);
            amount *= factor;
            at += self.chance.among(pace * DAY / 2, pace * DAY * 3 / 2);
            if at > self.until {
                break;
            }
        }
    }

    /// Many orders within weeks, then long silence, some of the days with several orders.
    fn bursts(&mut self) {
        for _ in 0..self.chance.among(1, 6) {
            let start = self.moment();
            let width = self.chance.among(DAY, 60 * DAY);
            for _ in 0..self.chance.among(1, 15) {
                let (at, amount) = (start + self.chance.among(0, width), self.chance.between(0.0, 9_000.0));
                self.order(at, amount);
            }
        }
    }

    /// A customer that goes away for years and comes back.
    fn two_lives(&mut self) {
        let (from, until) = (self.from, self.until);
        self.until = from + (until - from) / 4;
        self.series(1.0, 0.5);
        (self.from, self.until) = (from + (until - from) * 2 / 3, until);
        self.series(1.02, 0.2);
        self.from = from;
    }

    /// Orders in the same quarter of each year.
    fn season(&mut self) {
        let mut start = self.from;
        while start < self.until {
            for _ in 0..self.chance.among(1, 6) {
                let (at, amount) = (start + self.chance.among(0, 90 * DAY), self.chance.between(10.0, 500.0));
                self.order(at, amount);
            }
            start += 365 * DAY;
        }
    }

    /// Amounts that multiply within weeks, with pauses long enough for a decline, and orders that come back whole.
    fn steep(&mut self) {
        let (mut at, mut amount) = (self.from, 10.0);
        for _ in 0..self.chance.among(4, 30) {
            self.order(at, amount);
            if self.chance.once_in(6) {
                self.give_back(at + DAY, Some(self.orders), amount);
                amount /= 20.0;
            }
            amount = f64::min(amount * self.chance.between(0.9, 2.6), 1e9);
            let pause = if self.chance.once_in(7) { 130 } else { 0 };
            at += (pause + self.chance.among(2, 25)) * DAY;
        }
    }

    /// Orders at any time of any size.
    fn scatter(&mut self) {
        for _ in 0..self.chance.among(0, 40) {
            let at = self.moment();
            let amount = libm::exp(self.chance.between(0.0, 12.0));
            self.order(at, amount);
        }
    }

    /// Everything that makes a history nasty.
    fn trouble(&mut self) {
        self.same_days();
        self.midnights();
        self.returns();
        for _ in 0..self.chance.among(0, 12) {
            let (at, two_way) = (self.moment(), !self.chance.once_in(3));
            self.add(at, Happening::Meeting { two_way });
        }
        if self.chance.once_in(3) {
            self.closings();
        }
        if self.chance.once_in(6) {
            let at = self.from - self.chance.among(0, 200 * DAY);
            self.add(at, Happening::Noted);
        }
    }

    /// Further orders on the days of others, at the same instant or hours apart, some worth nothing.
    fn same_days(&mut self) {
        for event in self.events.clone() {
            if self.chance.once_in(12) {
                let apart = if self.chance.once_in(2) { 0 } else { self.chance.among(0, 12 * HOUR) };
                let amount = if self.chance.once_in(2) { 0.0 } else { self.chance.between(0.0, 20_000.0) };
                self.order(event.at + apart, amount);
            }
        }
        if self.chance.once_in(25) {
            for event in &mut self.events {
                if let Happening::Order { amount, .. } = &mut event.what {
                    *amount = 0.0;
                }
            }
        }
    }

    /// Some orders at the last microsecond of a day in Asia/Shanghai, some at the first.
    fn midnights(&mut self) {
        for event in &mut self.events {
            if self.chance.once_in(15) && !self.coarse {
                event.at = event.at.div_euclid(DAY) * DAY + 16 * HOUR - self.chance.among(0, 2);
            }
        }
    }

    /// Returns: named, unnamed, of unknown orders, before their order, larger than it.
    fn returns(&mut self) {
        if self.chance.once_in(2) {
            return;
        }
        let rare = if self.chance.once_in(3) { 2 } else { 8 };
        for event in self.events.clone() {
            let Happening::Order { id, amount } = event.what else { continue };
            if !self.chance.once_in(rare) {
                continue;
            }
            let order = match self.chance.among(0, 8) {
                0..5 => Some(id),
                5 => Some(1_000_000 + id),
                _ => None,
            };
            let most = if self.chance.once_in(6) { 12.0 } else { 1.0 };
            let share = self.chance.between(0.0, most);
            let later = match self.chance.among(0, 6) {
                0 => 0,
                1 => -self.chance.among(0, 60 * DAY),
                _ => self.chance.among(0, 200 * DAY),
            };
            self.give_back(event.at + later, order, amount * share);
        }
    }

    /// Closings and reopenings, some at the instant of another event.
    fn closings(&mut self) {
        for _ in 0..self.chance.among(1, 7) {
            let at = if self.events.is_empty() || self.chance.once_in(2) {
                self.moment()
            } else {
                let place = self.chance.among(0, i64::try_from(self.events.len()).unwrap());
                self.events[usize::try_from(place).unwrap()].at
            };
            if self.chance.once_in(3) {
                self.add(at, Happening::Reopened);
            } else {
                self.add(at, Happening::Closed);
                if self.chance.once_in(2) {
                    let later = if self.chance.once_in(3) { 0 } else { self.chance.among(0, 400 * DAY) };
                    self.add(at + later, Happening::Reopened);
                }
            }
        }
    }

    /// Puts the events into the order of recording: by time, with some late entries, the opening first.
    fn recorded(mut self) -> Vec<Happened> {
        let opened = self.from + if self.chance.once_in(5) { self.chance.among(0, 300 * DAY) } else { 0 };
        let mut late = Vec::new();
        let mut events = std::mem::take(&mut self.events);
        if self.chance.once_in(2) {
            events.sort_by_key(|event| event.at);
        }
        self.add(opened, Happening::Opened);
        for event in events {
            if self.chance.once_in(10) { late.push(event) } else { self.events.push(event) }
        }
        self.events.append(&mut late);
        self.events
    }
}
