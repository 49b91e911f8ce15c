//! What to make of a backtest, in words, losses included.

use serde::Serialize;

use crate::calibrate::Outcome;
use crate::stage::Stage;

use super::metrics::ScoreView;

/// How many accounts of a stage returned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StageShare {
    /// The stage at the cut-off.
    pub stage: Stage,
    /// Accounts in it.
    pub accounts: usize,
    /// Those that returned.
    pub returned: usize,
    /// Their share; `None` of no accounts.
    pub share: Option<f64>,
}

/// What to make of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The outlook against each competitor.
    pub against: Vec<Comparison>,
    /// Whether accounts return the more often, the better their stage: maturity, decline, churn. `None` when one of
    /// them has no accounts.
    pub stages_in_order: Option<bool>,
    /// All of it as sentences.
    pub sentences: Vec<String>,
}

/// The outlook against one competitor, on the mean over cut-offs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Comparison {
    /// The competitor.
    pub name: &'static str,
    /// Who ranks accounts better.
    pub auc: Place,
    /// Whose probabilities are better.
    pub brier: Place,
}

/// Where the outlook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Better by more than the standard error of the difference.
    Ahead,
    /// Within it.
    Level,
    /// Worse by more than that.
    Behind,
    /// Cannot be compared.
    Unknown,
}

impl StageShare {
    pub(super) fn of(stages: &[Option<Stage>], outcomes: &[Outcome]) -> Vec<Self> {
        let share = |stage: Stage| {
            let of_stage = stages.iter().zip(outcomes).filter(|(known, _)| **known == Some(stage));
            let (accounts, returned) = of_stage.fold((0, 0), |(accounts, returned), (_, outcome)| {
                (accounts + 1, returned + usize::from(outcome.returned))
            });
            Self::new(stage, accounts, returned)
        };
        Stage::ALL.into_iter().map(share).collect()
    }

    pub(super) fn sum<'a>(cutoffs: &(impl Iterator<Item = &'a [Self]> + Clone)) -> Vec<Self> {
        let share = |stage: Stage| {
            let of_stage = cutoffs.clone().flatten().filter(|share| share.stage == stage);
            let (accounts, returned) = of_stage.fold((0, 0), |(accounts, returned), share| {
                (accounts + share.accounts, returned + share.returned)
            });
            Self::new(stage, accounts, returned)
        };
        Stage::ALL.into_iter().map(share).collect()
    }

    fn new(stage: Stage, accounts: usize, returned: usize) -> Self {
        let share = (accounts > 0).then(|| returned as f64 / accounts as f64);
        Self { stage, accounts, returned, share }
    }
}

impl Place {
    fn of(lead: Option<f64>, error: Option<f64>) -> Self {
        match lead.zip(error) {
            None => Self::Unknown,
            Some((lead, error)) if lead > error => Self::Ahead,
            Some((lead, error)) if lead < -error => Self::Behind,
            Some(_) => Self::Level,
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Ahead => "is better than",
            Self::Level => "equals",
            Self::Behind => "is worse than",
            Self::Unknown => "cannot be compared with",
        }
    }
}

impl Verdict {
    pub(super) fn of(mean: &[ScoreView], stages: &[StageShare]) -> Self {
        let competitors = || mean.iter().filter_map(|score| Some((score, score.leads?)));
        let against = competitors().map(|(score, leads)| Comparison {
            name: score.name,
            auc: Place::of(leads.auc, leads.auc_se),
            brier: Place::of(leads.brier, leads.brier_se),
        });
        let against: Vec<Comparison> = against.collect();
        let mut sentences: Vec<String> =
            competitors().zip(&against).map(|((score, _), comparison)| sentence(score, comparison)).collect();
        let share =
            |stage: Stage| stages.iter().find(|share| share.stage == stage).and_then(|share| share.share);
        let (maturity, decline, churn) = (share(Stage::Maturity), share(Stage::Decline), share(Stage::Churn));
        let in_order = maturity.zip(decline).zip(churn);
        let stages_in_order =
            in_order.map(|((maturity, decline), churn)| maturity > decline && decline > churn);
        sentences.push(stage_sentence(stages_in_order, [maturity, decline, churn]));
        Self { against, stages_in_order, sentences }
    }
}

fn sentence(score: &ScoreView, comparison: &Comparison) -> String {
    let lead = |lead: Option<f64>, error: Option<f64>| match lead.zip(error) {
        Some((lead, error)) => format!("{lead:+.4}, standard error {error:.4}"),
        None => "not known".to_owned(),
    };
    let ranking = score.leads.map_or_else(String::new, |leads| lead(leads.auc, leads.auc_se));
    let probability = score.leads.map_or_else(String::new, |leads| lead(leads.brier, leads.brier_se));
    format!(
        "In ranking, the outlook {} {} (AUC {ranking}); in probability it {} it (Brier {probability}).",
        comparison.auc.verb(),
        score.name,
        comparison.brier.verb(),
    )
}

fn stage_sentence(in_order: Option<bool>, shares: [Option<f64>; 3]) -> String {
    let [maturity, decline, churn] =
        shares.map(|share| share.map_or("none there".to_owned(), |share| format!("{:.1} %", 100.0 * share)));
    let shares = format!("maturity {maturity}, decline {decline}, churn {churn}");
    match in_order {
        Some(true) => format!("Accounts returned in the order of their stages: {shares}."),
        Some(false) => format!("Accounts did not return in the order of their stages: {shares}."),
        None => format!("Not every stage had accounts: {shares}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_within_its_error_is_none() {
        assert_eq!(Place::of(Some(0.02), Some(0.01)), Place::Ahead);
        assert_eq!(Place::of(Some(-0.01), Some(0.01)), Place::Level);
        assert_eq!(Place::of(Some(-0.02), Some(0.01)), Place::Behind);
        assert_eq!(Place::of(None, Some(0.01)), Place::Unknown);
    }

    #[test]
    fn stages_out_of_order_are_said_to_be_so() {
        let share = |stage, returned| StageShare::new(stage, 10, returned);
        let stages = [share(Stage::Maturity, 3), share(Stage::Decline, 5), share(Stage::Churn, 1)];
        let verdict = Verdict::of(&[], &stages);
        assert_eq!(verdict.stages_in_order, Some(false));
        assert!(verdict.sentences[0].contains("did not return in the order"), "{verdict:?}");
        let sum = StageShare::sum(&[&stages[..], &stages[..]].into_iter());
        assert_eq!((sum[2].accounts, sum[2].share), (20, Some(0.3)));
    }
}
