//! The figures behind the stage, each a direct sum over the whole list of events.

use super::happening::{Happening, Key, Placed, days, local_day};
use super::policy::{NUMBERS, Prior, Silence};

/// `2^(-days/half_life)`.
fn decay(days: f64, half_life: f64) -> f64 {
    libm::exp2(-days / half_life)
}

/// The first instant of each calendar day among instants that are in order.
fn occasions(instants: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut occasions: Vec<i64> = Vec::new();
    for at in instants {
        if occasions.last().is_none_or(|last| local_day(*last) != local_day(at)) {
            occasions.push(at);
        }
    }
    occasions
}

/// The order days of the events from `since` on, that event included.
pub(super) fn order_days(known: &[Placed], since: Key) -> Vec<i64> {
    occasions(known.iter().filter(|event| event.key >= since && event.is_order()).map(Placed::at))
}

/// The days of two-way contact.
pub(super) fn contact_days(known: &[Placed]) -> Vec<i64> {
    let two_way = |event: &&Placed| event.what == Happening::Meeting { two_way: true };
    occasions(known.iter().filter(two_way).map(Placed::at))
}

/// Own rhythm of a stream of occasions, after the last of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rhythm {
    pub(super) last: Option<i64>,
    /// N: faded number of gaps.
    pub(super) number: f64,
    /// G: faded sum of gaps in days.
    pub(super) gaps: f64,
}

impl Rhythm {
    pub(super) fn of(occasions: &[i64]) -> Self {
        let mut rhythm = Self { last: None, number: 0.0, gaps: 0.0 };
        for at in occasions {
            if let Some(last) = rhythm.last {
                let gap = days(last, *at).max(NUMBERS.shortest_gap);
                let faded = decay(gap, NUMBERS.rhythm_half_life);
                rhythm.number = rhythm.number * faded + 1.0;
                rhythm.gaps = rhythm.gaps * faded + gap;
            }
            rhythm.last = Some(*at);
        }
        rhythm
    }

    /// S: the chance that a silence of so many days means nothing.
    pub(super) fn survival(&self, prior: Prior, silent: f64) -> f64 {
        let scale = prior.alpha + self.gaps;
        libm::pow(scale / (scale + silent), prior.r + self.number)
    }

    /// Whether the silence after the last order has lasted long enough at `now`.
    pub(super) fn silent_for(&self, silence: Silence, now: i64) -> bool {
        let Some(last) = self.last else { return false };
        let silent = days(last, now);
        let cap = silence.cap.max(silence.gaps * self.gaps / self.number);
        silent >= silence.floor && (self.survival(NUMBERS.orders, silent) <= silence.theta || silent >= cap)
    }
}

/// The trend g as it stands at the order occasion at `at`, over what happened from `since` on.
pub(super) fn trend(known: &[Placed], since: Key, at: i64) -> f64 {
    let known: Vec<_> = known.iter().filter(|event| event.at() <= at).collect();
    let order_days: Vec<_> = {
        let orders = known.iter().filter(|event| event.key >= since && event.is_order());
        occasions(orders.map(|event| event.at()))
    };
    let Some(first) = order_days.first() else { return 0.0 };
    let enough = |half_life: &f64| {
        let sum: f64 = order_days.iter().map(|day| decay(days(*day, at), *half_life)).sum();
        sum >= NUMBERS.days_wanted
    };
    let Some(fast) = NUMBERS.fast_half_lives.into_iter().find(enough) else { return 0.0 };
    let age = days(*first, at).max(1.0);
    let rate = |half_life: f64| {
        let window = half_life / std::f64::consts::LN_2 * (1.0 - decay(age, half_life));
        amounts(&known, since, at, half_life) / window
    };
    let (fast, slow) = (rate(fast), rate(NUMBERS.slow_factor * fast));
    if fast == 0.0 && slow == 0.0 {
        return 0.0;
    }
    let damping = NUMBERS.damping * slow;
    libm::log((fast + damping) / (slow + damping))
}

/// M: the faded sum of amounts at `at`, the newest occasion at half its amount; at least 0.
fn amounts(known: &[&Placed], since: Key, at: i64, half_life: f64) -> f64 {
    let weight = |time: i64, is_order: bool| {
        let newest = is_order && local_day(time) == local_day(at);
        decay(days(time, at), half_life) * if newest { NUMBERS.newest_share } else { 1.0 }
    };
    let named = |id: u32| {
        known.iter().find(|event| matches!(event.what, Happening::Order { id: other, .. } if other == id))
    };
    let mut sum = 0.0;
    for event in known {
        match event.what {
            Happening::Order { amount, .. } if event.key >= since => sum += amount * weight(event.at(), true),
            Happening::Return { order, amount } => match order.and_then(named) {
                Some(order) if order.key >= since => sum -= amount * weight(order.at(), true),
                None if event.key >= since => sum -= amount * weight(event.at(), false),
                Some(_) | None => {}
            },
            Happening::Order { .. }
            | Happening::Opened
            | Happening::Meeting { .. }
            | Happening::Noted
            | Happening::Closed
            | Happening::Reopened => {}
        }
    }
    f64::max(sum, 0.0)
}
