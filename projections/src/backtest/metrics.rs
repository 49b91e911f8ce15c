//! How good a score was, and how much better one was than another.

use serde::Serialize;

use crate::calibrate::Outcome;

use super::{CutoffView, Score};

/// How good a score was. A figure is `None` where it does not exist, such as an AUC when all returned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScoreView {
    /// Its name.
    pub name: &'static str,
    /// The probability that an account that returned was placed above one that did not; ties count half.
    pub auc: Option<f64>,
    /// Its standard error.
    pub auc_se: Option<f64>,
    /// Mean squared error of the probabilities.
    pub brier: Option<f64>,
    /// Its standard error.
    pub brier_se: Option<f64>,
    /// Rank correlation with later revenue.
    pub spearman: Option<f64>,
    /// The share of later revenue that came from the highest tenth; of tied accounts, their mean.
    pub lift10: Option<f64>,
    /// How much the outlook is better; `None` for the outlook itself.
    #[serde(flatten)]
    pub leads: Option<Leads>,
}

/// How much better the outlook is than another score, on the same accounts; negative: worse.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Leads {
    /// By AUC.
    #[serde(rename = "outlook_auc_lead")]
    pub auc: Option<f64>,
    /// Standard error of that difference.
    #[serde(rename = "outlook_auc_lead_se")]
    pub auc_se: Option<f64>,
    /// By Brier, counted so that more is better.
    #[serde(rename = "outlook_brier_lead")]
    pub brier: Option<f64>,
    /// Standard error of that difference.
    #[serde(rename = "outlook_brier_lead_se")]
    pub brier_se: Option<f64>,
}

/// A score with the parts that its figures are means of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    placements: Option<Placements>,
    squared_errors: Option<Vec<f64>>,
    spearman: Option<f64>,
    lift10: Option<f64>,
}

/// For each account that returned, the share of the others placed below it; for each other, the share of those
/// placed above it. Ties count half.
#[derive(Debug, Clone, PartialEq)]
struct Placements {
    returned: Vec<f64>,
    others: Vec<f64>,
}

impl Judged {
    pub(super) fn of(score: &Score, outcomes: &[Outcome]) -> Self {
        let revenue: Vec<f64> = outcomes.iter().map(|outcome| outcome.revenue).collect();
        let squared_error = |(p, outcome): (&f64, &Outcome)| {
            let error = p - if outcome.returned { 1.0 } else { 0.0 };
            error * error
        };
        let probabilities = score.probabilities.as_ref();
        Self {
            placements: Placements::of(&score.values, outcomes),
            squared_errors: probabilities.map(|all| all.iter().zip(outcomes).map(squared_error).collect()),
            spearman: correlation(&mid_ranks(&score.values), &mid_ranks(&revenue)),
            lift10: lift(&score.values, &revenue),
        }
    }

    pub(super) fn view(&self, name: &'static str, leads: Option<Leads>) -> ScoreView {
        let placements = self.placements.as_ref();
        let errors = self.squared_errors.as_deref();
        ScoreView {
            name,
            auc: placements.and_then(|placements| mean_of(&placements.returned)),
            auc_se: placements.and_then(Placements::standard_error),
            brier: errors.and_then(mean_of),
            brier_se: errors.and_then(standard_error),
            spearman: self.spearman,
            lift10: self.lift10,
            leads,
        }
    }
}

impl Leads {
    /// `Source:` E. `DeLong`, D. `DeLong` and D. Clarke-Pearson, Comparing the areas under two or more correlated receiver
    /// operating characteristic curves, Biometrics 44(3), 1988.
    pub(super) fn of(outlook: &Judged, other: &Judged) -> Self {
        let placements = outlook.placements.as_ref().zip(other.placements.as_ref());
        let placements = placements.map(|(outlook, other)| Placements {
            returned: less(&outlook.returned, &other.returned),
            others: less(&outlook.others, &other.others),
        });
        let errors = outlook.squared_errors.as_ref().zip(other.squared_errors.as_ref());
        let errors = errors.map(|(outlook, other)| less(other, outlook));
        Self {
            auc: placements.as_ref().and_then(|placements| mean_of(&placements.returned)),
            auc_se: placements.as_ref().and_then(Placements::standard_error),
            brier: errors.as_deref().and_then(mean_of),
            brier_se: errors.as_deref().and_then(standard_error),
        }
    }
}

impl Placements {
    /// `None` unless some returned and some did not.
    fn of(values: &[f64], outcomes: &[Outcome]) -> Option<Self> {
        let of_class = |returned: bool| -> Vec<f64> {
            let class = values.iter().zip(outcomes).filter(|(_, outcome)| outcome.returned == returned);
            class.map(|(value, _)| *value).collect()
        };
        let (came, stayed_away) = (of_class(true), of_class(false));
        if came.is_empty() || stayed_away.is_empty() {
            return None;
        }
        let among_all = mid_ranks(values);
        let places = |returned: bool, own: &[f64], others: usize| -> Vec<f64> {
            let all = among_all.iter().zip(outcomes).filter(|(_, outcome)| outcome.returned == returned);
            let below = all.zip(mid_ranks(own)).map(|((rank, _), own)| (rank - own) / others as f64);
            below.map(|below| if returned { below } else { 1.0 - below }).collect()
        };
        Some(Self {
            returned: places(true, &came, stayed_away.len()),
            others: places(false, &stayed_away, came.len()),
        })
    }

    fn standard_error(&self) -> Option<f64> {
        let (returned, others) = (standard_error(&self.returned)?, standard_error(&self.others)?);
        Some((returned * returned + others * others).sqrt())
    }
}

/// Ranks from 1; equal values share the mean of their ranks.
pub(super) fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let value = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
    order.sort_by(|a, b| value(*a).total_cmp(&value(*b)).then(a.cmp(b)));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|a, b| value(*a).total_cmp(&value(*b)).is_eq()) {
        let rank = below as f64 + f64::midpoint(1.0, tied.len() as f64);
        for place in tied {
            if let Some(slot) = ranks.get_mut(*place) {
                *slot = rank;
            }
        }
        below += tied.len();
    }
    ranks
}

/// The share of `revenue` that the highest tenth by `values` has; within a tie, each has the tie's mean.
fn lift(values: &[f64], revenue: &[f64]) -> Option<f64> {
    let total: f64 = revenue.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let mut order: Vec<(f64, f64)> = values.iter().copied().zip(revenue.iter().copied()).collect();
    order.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut seats = order.len() as f64 / 10.0;
    let mut taken = 0.0;
    for tied in order.chunk_by(|(a, _), (b, _)| a.total_cmp(b).is_eq()) {
        let size = tied.len() as f64;
        taken += (seats / size).min(1.0) * tied.iter().map(|(_, revenue)| revenue).sum::<f64>();
        seats -= size;
        if seats <= 0.0 {
            break;
        }
    }
    Some(taken / total)
}

/// `None` when one of them never varies.
fn correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    let (left_mean, right_mean) = (mean_of(left)?, mean_of(right)?);
    let (mut both, mut left_sum, mut right_sum) = (0.0, 0.0, 0.0);
    for (left, right) in left.iter().zip(right) {
        let (left, right) = (left - left_mean, right - right_mean);
        both += left * right;
        left_sum += left * left;
        right_sum += right * right;
    }
    (left_sum > 0.0 && right_sum > 0.0).then(|| both / (left_sum * right_sum).sqrt())
}

fn mean_of(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The standard error of a mean; `None` below two values.
fn standard_error(values: &[f64]) -> Option<f64> {
    let mean = mean_of(values).filter(|_| values.len() >= 2)?;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let count = values.len() as f64;
    Some((squares / (count - 1.0) / count).sqrt())
}

fn less(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter().zip(right).map(|(left, right)| left - right).collect()
}

/// The means over cut-offs; a figure that one cut-off lacks has none.
pub(super) fn mean(cutoffs: &[CutoffView]) -> Vec<ScoreView> {
    let Some(first) = cutoffs.first() else { return Vec::new() };
    let of = |k: usize, name| {
        let all = |figure: fn(&ScoreView) -> Option<f64>| -> Option<Vec<f64>> {
            cutoffs.iter().map(|cutoff| cutoff.scores.get(k).and_then(figure)).collect()
        };
        let mean = |figure| all(figure).as_deref().and_then(mean_of);
        let error = |figure| {
            all(figure).map(|errors| {
                errors.iter().map(|error| error * error).sum::<f64>().sqrt() / errors.len() as f64
            })
        };
        let leads = Leads {
            auc: mean(|score| score.leads?.auc),
            auc_se: error(|score| score.leads?.auc_se),
            brier: mean(|score| score.leads?.brier),
            brier_se: error(|score| score.leads?.brier_se),
        };
        ScoreView {
            name,
            auc: mean(|score| score.auc),
            auc_se: error(|score| score.auc_se),
            brier: mean(|score| score.brier),
            brier_se: error(|score| score.brier_se),
            spearman: mean(|score| score.spearman),
            lift10: mean(|score| score.lift10),
            leads: (k > 0).then_some(leads),
        }
    };
    first.scores.iter().enumerate().map(|(k, score)| of(k, score.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(returned: &[bool]) -> Vec<Outcome> {
        returned.iter().map(|returned| Outcome { returned: *returned, revenue: 0.0 }).collect()
    }

    fn judged(values: &[f64], returned: &[bool]) -> Judged {
        let score = Score { name: "s", values: values.to_vec(), probabilities: Some(values.to_vec()) };
        Judged::of(&score, &outcomes(returned))
    }

    /// Returned: .9 .6 .5; others: .6 .2. Of six pairs .9 wins both, .6 wins one and ties one, .5 wins one: 4.5/6.
    #[test]
    fn an_auc_counts_pairs_and_half_of_ties() {
        let view = judged(&[0.9, 0.6, 0.2, 0.5, 0.6], &[true, true, false, true, false]).view("s", None);
        assert!((view.auc.unwrap() - 0.75).abs() < 1e-15);
        // Placements 1, .75, .5 (variance .0625) and 1 - 1.5/3 = .5, 1 (variance .125): se^2 = .0625/3 + .125/2.
        assert!((view.auc_se.unwrap() - (0.0625_f64 / 3.0 + 0.125 / 2.0).sqrt()).abs() < 1e-12);
        // (.01 + .16 + .04 + .25 + .36)/5.
        assert!((view.brier.unwrap() - 0.164).abs() < 1e-12);
        assert_eq!(judged(&[0.5, 0.6], &[true, true]).view("s", None).auc, None);
    }

    #[test]
    fn a_score_has_no_lead_over_itself_and_a_better_one_has() {
        let returned = [true, false, true, false, true];
        let good = judged(&[0.9, 0.1, 0.8, 0.3, 0.7], &returned);
        let poor = judged(&[0.5, 0.5, 0.5, 0.5, 0.4], &returned);
        let none = Leads::of(&good, &good);
        assert_eq!((none.auc, none.auc_se, none.brier), (Some(0.0), Some(0.0), Some(0.0)));
        let lead = Leads::of(&good, &poor);
        assert!(lead.auc.unwrap() > 0.5 && lead.brier.unwrap() > 0.0);
    }

    #[test]
    fn ranks_of_ties_are_their_mean() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(correlation(&[1.0, 2.0, 3.0], &[9.0, 6.0, 3.0]), Some(-1.0));
        assert_eq!(correlation(&[1.0, 1.0], &[9.0, 6.0]), None);
    }

    /// Twenty accounts, two seats: the best takes one, three tied accounts share the other.
    #[test]
    fn a_tie_shares_its_seats() {
        let values: Vec<f64> =
            (0..20).map(|k| if k == 0 { 3.0 } else { f64::from(u8::from(k < 4)) }).collect();
        let revenue: Vec<f64> = (0..20).map(|k| if k < 4 { 10.0 } else { 1.0 }).collect();
        // 10 + (30)/3 of 56.
        assert!((lift(&values, &revenue).unwrap() - 20.0 / 56.0).abs() < 1e-12);
        assert_eq!(lift(&values, &[0.0; 20]), None);
    }
}
