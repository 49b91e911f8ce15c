//! Reliability: of accounts that were given a probability, did that share come?

use serde::Serialize;

/// A tenth of the accounts, by what was foretold of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Decile {
    /// Accounts in it.
    pub accounts: usize,
    /// The least probability.
    pub from: f64,
    /// The greatest.
    pub to: f64,
    /// The mean probability.
    pub foretold: f64,
    /// The share that came.
    pub observed: f64,
    /// The standard error of that share, if the probabilities are right.
    pub standard_error: f64,
}

/// How many groups.
const GROUPS: usize = 10;

/// Groups of equal size, from the least probability to the greatest; fewer than ten for fewer accounts.
pub(super) fn deciles(mut foretold: Vec<(f64, bool)>) -> Vec<Decile> {
    foretold.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let count = foretold.len();
    let bounds = |group: usize| group * count / GROUPS..(group + 1) * count / GROUPS;
    (0..GROUPS).filter_map(|group| Decile::of(foretold.get(bounds(group))?)).collect()
}

impl Decile {
    fn of(group: &[(f64, bool)]) -> Option<Self> {
        let ((from, _), (to, _)) = (group.first()?, group.last()?);
        let count = group.len() as f64;
        let variance: f64 = group.iter().map(|(p, _)| p * (1.0 - p)).sum();
        Some(Self {
            accounts: group.len(),
            from: *from,
            to: *to,
            foretold: group.iter().map(|(p, _)| p).sum::<f64>() / count,
            observed: group.iter().filter(|(_, came)| *came).count() as f64 / count,
            standard_error: variance.sqrt() / count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_equal_and_in_order() {
        let foretold = (0..25_i32).map(|n| (f64::from((n * 7) % 25) / 25.0, n % 2 == 0)).collect();
        let deciles = deciles(foretold);
        let sizes: Vec<_> = deciles.iter().map(|decile| decile.accounts).collect();
        assert_eq!(sizes, [2, 3, 2, 3, 2, 3, 2, 3, 2, 3]);
        assert!(deciles.windows(2).all(|pair| pair[0].to <= pair[1].from));
        // .00 and .04: mean .02, error sqrt(.04 * .96)/2.
        assert!((deciles[0].foretold - 0.02).abs() < 1e-12);
        assert!((deciles[0].standard_error - 0.097_979_6).abs() < 1e-6);
        assert_eq!(super::deciles(vec![(0.5, true)]).len(), 1);
    }
}
