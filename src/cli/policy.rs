use std::path::Path;

use clap::{Args, Subcommand};
use guanxi_projections::policy::Policy;

use super::failure::Failure;
use super::output::{self, Output};
use super::{AskedArgs, Global, PolicyFile};

/// Look at the policy: every weight, half-life and threshold.
#[derive(Debug, Args)]
pub(super) struct PolicyCommand {
    #[command(subcommand)]
    command: PolicySubcommand,
}

#[derive(Debug, Subcommand)]
enum PolicySubcommand {
    /// Print the policy that holds at the coordinates, as TOML (or JSON).
    Show {
        #[command(flatten)]
        asked: AskedArgs,
    },
}

impl PolicyCommand {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let PolicySubcommand::Show { asked } = &self.command;
        let policy = global.open_for_reading()?.policy(&asked.asked()?)?;
        match global.output() {
            Output::Json => output::json(&policy),
            Output::People => {
                let text = toml::to_string(&policy).map_err(|error| Failure::user(error.to_string()))?;
                output::text(&text)
            }
        }
    }
}

/// Reads a policy from a file.
pub(super) fn read_file(path: &Path) -> Result<PolicyFile, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::user(format!("could not read the policy {}: {error}", path.display())))?;
    let policy =
        Policy::from_toml(&text).map_err(|error| Failure::user(format!("{}: {error}", path.display())))?;
    Ok((text, policy))
}
