//! The downhill simplex method of Nelder and Mead, started again from its result until that stands.

/// A minimum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Simplex<const N: usize> {
    pub(super) at: [f64; N],
    pub(super) value: f64,
}

/// How far the first corners lie from the start.
const SPREAD: f64 = 0.5;
/// A simplex whose values differ by less than this share is flat.
const FLAT: f64 = 1e-13;
/// Moves of one run at most.
const MOVES_MAX: usize = 2000;
/// Runs at most.
const RUNS_MAX: usize = 6;
/// A run that gains less than this share of the value ends the search.
const GAIN_MIN: f64 = 1e-11;

impl<const N: usize> Simplex<N> {
    /// Minimises a function; a value that is no number counts as infinite. Deterministic.
    pub(super) fn minimise(start: [f64; N], function: impl Fn(&[f64; N]) -> f64) -> Self {
        let at = |at: [f64; N]| {
            let value = function(&at);
            Self { at, value: if value.is_nan() { f64::INFINITY } else { value } }
        };
        let mut best = at(start);
        for _ in 0..RUNS_MAX {
            let found = Self::run(best, &at);
            let gain = best.value - found.value;
            best = found;
            if gain <= GAIN_MIN * best.value.abs() {
                break;
            }
        }
        best
    }

    fn run(start: Self, at: &impl Fn([f64; N]) -> Self) -> Self {
        let mut corners = vec![start];
        for k in 0..N {
            let mut corner = start.at;
            if let Some(coordinate) = corner.get_mut(k) {
                *coordinate += SPREAD;
            }
            corners.push(at(corner));
        }
        for _ in 0..MOVES_MAX {
            corners.sort_by(|a, b| a.value.total_cmp(&b.value));
            let (Some(best), Some(worst)) = (corners.first().copied(), corners.pop()) else { return start };
            if worst.value - best.value <= FLAT * best.value.abs() {
                return best;
            }
            let second_worst = corners.last().map_or(best.value, |corner| corner.value);
            if let Some(better) = Self::moved(&corners, worst, (best.value, second_worst), at) {
                corners.push(better);
            } else {
                corners.push(worst);
                for corner in corners.iter_mut().skip(1) {
                    *corner = at(between(&best.at, &corner.at, 0.5));
                }
            }
        }
        corners.into_iter().min_by(|a, b| a.value.total_cmp(&b.value)).unwrap_or(start)
    }

    /// The worst corner reflected, stretched or drawn in; `None` when that is not better.
    fn moved(
        others: &[Self],
        worst: Self,
        (best, second_worst): (f64, f64),
        at: &impl Fn([f64; N]) -> Self,
    ) -> Option<Self> {
        let centre = centre(others);
        let reflected = at(between(&centre, &worst.at, -1.0));
        if reflected.value < best {
            let stretched = at(between(&centre, &worst.at, -2.0));
            return Some(if stretched.value < reflected.value { stretched } else { reflected });
        }
        if reflected.value < second_worst {
            return Some(reflected);
        }
        let outside = reflected.value < worst.value;
        let drawn = at(between(&centre, &worst.at, if outside { -0.5 } else { 0.5 }));
        (drawn.value < worst.value.min(reflected.value)).then_some(drawn)
    }
}

fn centre<const N: usize>(corners: &[Simplex<N>]) -> [f64; N] {
    let mut centre = [0.0; N];
    for corner in corners {
        for (sum, coordinate) in centre.iter_mut().zip(&corner.at) {
            *sum += coordinate / corners.len() as f64;
        }
    }
    centre
}

/// The point that lies the given share of the way from one to the other.
fn between<const N: usize>(from: &[f64; N], to: &[f64; N], share: f64) -> [f64; N] {
    let mut point = *from;
    for (coordinate, to) in point.iter_mut().zip(to) {
        *coordinate += share * (to - *coordinate);
    }
    point
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The minimum of Rosenbrock's valley lies at (1, 1).
    #[test]
    fn a_bent_valley_is_followed_to_its_end() {
        let valley = |[x, y]: &[f64; 2]| 100.0 * (y - x * x) * (y - x * x) + (1.0 - x) * (1.0 - x);
        let found = Simplex::minimise([-1.2, 1.0], |at| 1.0 + valley(at));
        assert!((found.value - 1.0).abs() < 1e-12, "{found:?}");
        assert!(found.at.iter().all(|coordinate| (coordinate - 1.0).abs() < 1e-5), "{found:?}");
    }

    #[test]
    fn what_is_no_number_is_avoided() {
        let found = Simplex::minimise([3.0], |[x]| if *x < 1.0 { f64::NAN } else { x + 1.0 });
        assert!((found.at[0] - 1.0).abs() < 1e-6, "{found:?}");
    }
}
