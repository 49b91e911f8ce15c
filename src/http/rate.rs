//! How many requests each token may send: the generic cell rate algorithm. Each request moves the token's own clock
//! on by its share of a second; a token whose clock is further ahead than its burst has to wait.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use guanxi_projections::time::{SECOND_US, Timestamp};

/// How many requests a token may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// In a second, in the long run.
    pub per_second: u32,
    /// At once, after a pause.
    pub burst: u32,
}

/// The clocks of the tokens.
#[derive(Debug)]
pub(super) struct Rates {
    share_us: i64,
    burst_us: i64,
    /// When each token has used up what it sent, by name. Names are those of valid tokens: there are few.
    clocks: Mutex<BTreeMap<String, i64>>,
}

impl Rates {
    pub(super) fn new(rate: Rate) -> Self {
        let share_us = SECOND_US / i64::from(rate.per_second.max(1));
        let burst_us = share_us * i64::from(rate.burst.max(1));
        Self { share_us, burst_us, clocks: Mutex::default() }
    }

    /// Counts a request; the seconds to wait when it is one too many.
    pub(super) fn count(&self, token: &str, now: Timestamp) -> Result<(), u32> {
        let now = now.micros();
        let mut clocks = self.clocks.lock().unwrap_or_else(PoisonError::into_inner);
        let clock = clocks.get(token).copied().unwrap_or(now).max(now);
        let ahead = clock + self.share_us - now;
        if ahead > self.burst_us {
            let wait = (ahead - self.burst_us + SECOND_US - 1) / SECOND_US;
            return Err(u32::try_from(wait).unwrap_or(u32::MAX));
        }
        clocks.insert(token.to_owned(), clock + self.share_us);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate() {
        let rates = Rates::new(Rate { per_second: 10, burst: 3 });
        let at = |ms: i64| Timestamp::from_micros(1_000_000_000 + ms * 1_000);
        for _ in 0..3 {
            assert_eq!(rates.count("a", at(0)), Ok(()));
        }
        assert_eq!(rates.count("a", at(0)), Err(1));
        assert_eq!(rates.count("b", at(0)), Ok(()));
        assert_eq!(rates.count("a", at(100)), Ok(()));
        assert_eq!(rates.count("a", at(100)), Err(1));
        assert_eq!(rates.count("a", at(10_000)), Ok(()));
    }
}
