//! The likelihoods of the two models, and what they foretell.

use std::collections::BTreeMap;

use super::{Counted, Life, Population};

/// When an account may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// BG/NBD: after each repeat. `Source:` Fader, Hardie and Lee, "Counting your customers" the easy way,
    /// Marketing Science 24(2), 2005.
    Bg,
    /// MBG/NBD: after the first occasion too. `Source:` Batislam, Denizel and Filiztekin, Empirical validation and
    /// comparison of models for customer base analysis, International Journal of Research in Marketing 24(3), 2007.
    Mbg,
}

impl Model {
    /// The logarithm of the likelihood.
    ///
    /// `Formula:` for each life, with B the beta function,
    /// BG/NBD: Γ(r+x) alpha^r / Γ(r) [B(a, b+x)/B(a, b) (alpha+T)^-(r+x) + (x > 0) B(a+1, b+x-1)/B(a, b)
    /// (alpha+`t_x`)^-(r+x)]; MBG/NBD: the same with b+x+1 and b+x in place of b+x and b+x-1, for x = 0 too.
    pub(super) fn log_likelihood(self, population: &Population, lives: &[Counted]) -> f64 {
        let mut by_repeats: BTreeMap<u32, Repeats> = BTreeMap::new();
        let mut sum = 0.0;
        for Counted { life, count } in lives {
            let known =
                by_repeats.entry(life.repeats).or_insert_with(|| self.repeats(population, life.repeats));
            sum += count * known.log_likelihood(population, life);
        }
        sum
    }

    fn repeats(self, population: &Population, repeats: u32) -> Repeats {
        let Population { r, alpha, a, b } = *population;
        let x = f64::from(repeats);
        let stayed = match self {
            Self::Bg => b + x,
            Self::Mbg => b + x + 1.0,
        };
        let beta = log_beta(a, b);
        let may_have_left = self == Self::Mbg || repeats > 0;
        Repeats {
            shape: r + x,
            rate: libm::lgamma(r + x) - libm::lgamma(r) + r * libm::log(alpha),
            alive: log_beta(a, stayed) - beta,
            left: may_have_left.then(|| log_beta(a + 1.0, stayed - 1.0) - beta),
        }
    }

    /// The probability of an occasion within the next `horizon`.
    ///
    /// `Formula:` P(alive) (1 - ((alpha+T)/(alpha+T+H))^(r+x)); P(alive) = 1/(1 + a/(b+x-1) ((alpha+T)/(alpha+`t_x`))^(r+x)),
    /// and 1 for x = 0, by BG/NBD; b+x in place of b+x-1, for x = 0 too, by MBG/NBD.
    pub fn active_within(self, population: &Population, life: &Life, horizon: f64) -> f64 {
        let Population { r, alpha, a, b } = *population;
        let x = f64::from(life.repeats);
        let shape = r + x;
        let odds_of_leaving = match self {
            Self::Bg if life.repeats == 0 => 0.0,
            Self::Bg => a / (b + x - 1.0),
            Self::Mbg => a / (b + x),
        };
        let silence = libm::pow((alpha + life.age) / (alpha + life.recency), shape);
        // Absurd parameters may make one factor 0 and the other infinite.
        let left = if odds_of_leaving == 0.0 { 0.0 } else { odds_of_leaving * silence };
        let known = alpha + life.age;
        (1.0 - libm::pow(known / (known + horizon), shape)) / (1.0 + left)
    }
}

/// What is equal for all lives with the same number of repeats, as logarithms.
#[derive(Debug, Clone, Copy)]
struct Repeats {
    shape: f64,
    rate: f64,
    alive: f64,
    /// `None` where nobody can have left.
    left: Option<f64>,
}

impl Repeats {
    fn log_likelihood(&self, population: &Population, life: &Life) -> f64 {
        let alive = self.alive - self.shape * libm::log(population.alpha + life.age);
        let either = match self.left {
            None => alive,
            Some(left) => {
                let left = left - self.shape * libm::log(population.alpha + life.recency);
                let (more, less) = if left > alive { (left, alive) } else { (alive, left) };
                more + libm::log1p(libm::exp(less - more))
            }
        };
        self.rate + either
    }
}

fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CDNOW: Population = Population { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    /// The worked example of the source's note on its computation: an account with x = 2, t = 30.43, T = 38.86 weeks
    /// is expected to make 1.226 purchases in 39 weeks; its probability of being alive is .7266.
    #[test]
    fn the_probability_to_be_alive_of_the_source() {
        let life = Life { repeats: 2, recency: 30.43, age: 38.86 };
        let forever = Model::Bg.active_within(&CDNOW, &life, 1e300);
        assert!((forever - 0.7266).abs() < 5e-4, "{forever}");
    }

    /// By hand: x = 0 cannot have left in BG/NBD: 1 - ((4.414 + 38.86)/(4.414 + 38.86 + 13))^.243 = .061837; in
    /// MBG/NBD it has with odds .793/2.426 ((4.414 + 38.86)/4.414)^.243 = .569235.
    #[test]
    fn an_account_without_a_repeat() {
        let life = Life { repeats: 0, recency: 0.0, age: 38.86 };
        let bg = Model::Bg.active_within(&CDNOW, &life, 13.0);
        assert!((bg - 0.061_837).abs() < 1e-5, "{bg}");
        let mbg = Model::Mbg.active_within(&CDNOW, &life, 13.0);
        assert!((bg / mbg - 1.569_235).abs() < 1e-4, "{}", bg / mbg);
    }

    /// The likelihoods of T for x = 0 and of all later histories make 1 together. Here as a sum over x and an integral
    /// over `t_x` by Simpson's rule, T = 1: density of (x, `t_x`) is the likelihood times `t_x`^(x-1)/(x-1)!, for both
    /// terms apart: alive ones have any `t_x`, those who left have theirs.
    #[test]
    fn likelihoods_make_one_together() {
        let population = Population { r: 0.8, alpha: 1.5, a: 0.7, b: 2.0 };
        let steps = 200_u32;
        for model in [Model::Bg, Model::Mbg] {
            let none = Counted { life: Life { repeats: 0, recency: 0.0, age: 1.0 }, count: 1.0 };
            let mut total = libm::exp(model.log_likelihood(&population, &[none]));
            for repeats in 1..80_u32 {
                let density = |t: f64| {
                    let life = Counted { life: Life { repeats, recency: t, age: 1.0 }, count: 1.0 };
                    let x = f64::from(repeats);
                    let paths = (x - 1.0) * libm::log(t) - libm::lgamma(x);
                    let paths = if repeats == 1 { 1.0 } else { libm::exp(paths) };
                    libm::exp(model.log_likelihood(&population, &[life])) * paths
                };
                let width = 1.0 / f64::from(steps);
                let weight =
                    |step: u32| if step == 0 || step == steps { 1.0 } else { f64::from(2 + 2 * (step % 2)) };
                total +=
                    (0..=steps).map(|k| weight(k) * density(f64::from(k) * width)).sum::<f64>() * width / 3.0;
            }
            assert!((total - 1.0).abs() < 1e-6, "{model:?}: {total}");
        }
    }
}
