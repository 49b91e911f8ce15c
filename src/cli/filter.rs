//! Which accounts a command is about.

use clap::Args;
use guanxi_projections::health::Colour;
use guanxi_projections::id::Alias;
use guanxi_projections::quadrant::Quadrant;
use guanxi_projections::stage::Stage;

use crate::ledger::{AccountFilter, Sight};

/// The accounts wanted.
#[derive(Debug, Args)]
pub(super) struct FilterArgs {
    /// Only accounts in this stage; may be given several times.
    #[arg(long, value_parser = stage)]
    stage: Vec<Stage>,
    /// Only accounts that this person answers for.
    #[arg(long, value_name = "ALIAS", value_parser = alias)]
    owner: Option<Alias>,
    /// Only accounts that nobody answers for.
    #[arg(long, conflicts_with = "owner")]
    no_owner: bool,
    /// Only accounts whose health has this colour; may be given several times.
    #[arg(long, value_parser = colour)]
    colour: Vec<Colour>,
    /// Only accounts in this quadrant; may be given several times.
    #[arg(long, value_parser = quadrant)]
    quadrant: Vec<Quadrant>,
    /// Only key accounts.
    #[arg(long)]
    key: bool,
    /// Only accounts with at least this score.
    #[arg(long, value_name = "SCORE")]
    min_score: Option<f64>,
}

fn stage(name: &str) -> Result<Stage, String> {
    let names = || Stage::ALL.map(Stage::as_str).join(", ");
    Stage::ALL.into_iter().find(|stage| stage.as_str() == name).ok_or_else(|| format!("one of {}", names()))
}

fn colour(name: &str) -> Result<Colour, String> {
    let names = || Colour::ALL.map(Colour::as_str).join(", ");
    Colour::ALL
        .into_iter()
        .find(|colour| colour.as_str() == name)
        .ok_or_else(|| format!("one of {}", names()))
}

fn quadrant(name: &str) -> Result<Quadrant, String> {
    let names = || Quadrant::ALL.map(Quadrant::as_str).join(", ");
    let wanted = |quadrant: &Quadrant| quadrant.as_str() == name;
    Quadrant::ALL.into_iter().find(wanted).ok_or_else(|| format!("one of {}", names()))
}

pub(super) fn alias(text: &str) -> Result<Alias, String> {
    Alias::new(text).map_err(|error| format!("the alias {error}"))
}

impl FilterArgs {
    pub(super) fn filter(&self) -> AccountFilter {
        AccountFilter {
            within: Sight::All,
            stages: self.stage.clone(),
            colours: self.colour.clone(),
            quadrants: self.quadrant.clone(),
            owner: self.owner.clone(),
            unowned: self.no_owner,
            key: self.key,
            score_min: self.min_score,
        }
    }
}
