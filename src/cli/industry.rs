use clap::{Args, Subcommand};
use guanxi_projections::event::own::IndustryRated;
use guanxi_projections::text::Label;
use serde_json::json;

use super::failure::Failure;
use super::output::{self, Output};
use super::policy::reason;
use super::{Global, local_actor};

/// State what you know of an industry beyond this ledger's own history.
#[derive(Debug, Args)]
pub(super) struct Industry {
    #[command(subcommand)]
    command: IndustrySubcommand,
}

#[derive(Debug, Subcommand)]
enum IndustrySubcommand {
    /// Add accounts to an industry's counts: so many that turned out well, so many that did not.
    ///
    /// Statements add up. They count inside the industry's own term of what experience says (`guanxi experience`), each
    /// with its author and date.
    Rate(Rated),
}

#[derive(Debug, Args)]
struct Rated {
    /// Which industry, as accounts name it.
    #[arg(value_parser = industry)]
    industry: Label,
    /// Accounts that turned out well.
    #[arg(long, value_name = "COUNT")]
    positives: u32,
    /// Accounts that did not.
    #[arg(long, value_name = "COUNT")]
    negatives: u32,
    /// How you know.
    #[arg(long, value_parser = reason)]
    reason: Label,
}

fn industry(text: &str) -> Result<Label, String> {
    Label::new(text).map_err(|error| format!("the industry {error}"))
}

impl Industry {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let IndustrySubcommand::Rate(Rated { industry, positives, negatives, reason }) = &self.command;
        let (positives, negatives) = (*positives, *negatives);
        let rated =
            IndustryRated { industry: industry.clone(), positives, negatives, reason: reason.clone() };
        let ledger = global.open_for_writing("guanxi industry rate")?;
        let position = ledger.rate_industry(&local_actor()?, rated)?;
        match global.output() {
            Output::Json => output::json(&json!({
                "position": position, "industry": industry, "positives": positives, "negatives": negatives,
                "reason": reason,
            })),
            Output::People => {
                let says = [
                    ("industry", industry.as_str().into()),
                    ("good", positives.to_string().into()),
                    ("other", negatives.to_string().into()),
                    ("position", position.to_string().into()),
                ];
                output::line(&global.words().say("industry-rated", &says))
            }
        }
    }
}
