//! Which accounts a question is about, where it is about many.

use guanxi_projections::health::Colour;
use guanxi_projections::quadrant::Quadrant;
use guanxi_projections::stage::Stage;
use serde::Deserialize;
use utoipa::IntoParams;

use super::problem::{Outcome, Problem};
use super::query::{self, AliasName, Word};
use crate::ledger::{AccountFilter, Sight};

/// The accounts that are wanted: those that meet all of it.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FilterQuery {
    /// Only accounts in these stages.
    #[serde(default, deserialize_with = "query::many")]
    #[param(value_type = Vec<query::StageName>, inline, example = json!(["growth"]))]
    stage: Vec<Word<Stage>>,
    /// Only accounts whose health has these colours.
    #[serde(default, deserialize_with = "query::many")]
    #[param(value_type = Vec<query::ColourName>, inline, example = json!(["red"]))]
    colour: Vec<Word<Colour>>,
    /// Only accounts in these quadrants.
    #[serde(default, deserialize_with = "query::many")]
    #[param(value_type = Vec<query::QuadrantName>, inline, example = json!(["win_over"]))]
    quadrant: Vec<Word<Quadrant>>,
    /// Only accounts that this person answers for.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(inline, example = "anna")]
    owner: Option<AliasName>,
    /// Only accounts that nobody answers for.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    no_owner: bool,
    /// Only key accounts.
    #[serde(default, deserialize_with = "query::flag")]
    #[param(value_type = Option<bool>)]
    key: bool,
    /// Only accounts with at least this score.
    #[serde(default, deserialize_with = "query::optional")]
    #[param(value_type = Option<f64>, minimum = 0, maximum = 100, example = 60)]
    min_score: Option<f64>,
}

impl FilterQuery {
    /// The same as the ledger takes it, of all accounts.
    pub(super) fn filter(self) -> Outcome<AccountFilter> {
        if self.owner.is_some() && self.no_owner {
            return Err(Problem::parameter("no_owner", "it cannot be given together with `owner`"));
        }
        if self.min_score.is_some_and(|score| !(0.0..=100.0).contains(&score)) {
            return Err(Problem::parameter("min_score", "expected 0 to 100"));
        }
        Ok(AccountFilter {
            within: Sight::All,
            stages: self.stage.iter().map(|word| word.0).collect(),
            colours: self.colour.iter().map(|word| word.0).collect(),
            quadrants: self.quadrant.iter().map(|word| word.0).collect(),
            owner: self.owner.map(|name| name.0),
            unowned: self.no_owner,
            key: self.key,
            score_min: self.min_score,
        })
    }
}
