use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use guanxi_projections::money::Currency;
use guanxi_projections::policy::{DEFAULT_TOML, Policy};
use guanxi_projections::time::Zone;
use serde_json::json;

use super::failure::Failure;
use super::output::{self, Output};
use super::{Global, policy};
use crate::clock::SystemClock;
use crate::ledger::{Genesis, Ledger};

/// Create an empty ledger.
///
/// The zone is fixed for good: it decides which instants make up a day, a month and a quarter. The keys of persons
/// are kept in a directory of their own beside the ledger; whoever copies both can read every name, so keep their
/// backups apart.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// Time zone, by its IANA name.
    #[arg(long, default_value = "Asia/Shanghai", value_parser = zone)]
    zone: Zone,
    /// Currency of the figures [default: that of the policy, CNY].
    #[arg(long, conflicts_with = "policy", value_parser = Currency::new)]
    currency: Option<Currency>,
    /// Policy to begin with: a TOML file [default: the program's own].
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

fn zone(name: &str) -> Result<Zone, String> {
    Zone::named(name).map_err(|error| error.to_string())
}

impl Init {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let directory = global.directory()?;
        let genesis = Genesis { zone: self.zone, policy: self.first_policy()? };
        Ledger::create(&directory, Arc::new(SystemClock), &genesis)?;
        let (ledger, keys) = (directory.path().display(), directory.keys().display());
        if global.output() == Output::Json {
            return output::json(&json!({
                "ledger": ledger.to_string(), "keys": keys.to_string(), "zone": self.zone.name(),
            }));
        }
        output::line(&format!("Created a ledger in {ledger}, in the zone {}.", self.zone.name()))?;
        output::line(&format!("The keys of its persons are in {keys}: back them up, apart from the ledger."))
    }

    fn first_policy(&self) -> Result<Option<super::PolicyFile>, Failure> {
        if let Some(path) = &self.policy {
            return policy::read_file(path).map(Some);
        }
        self.currency.map(with_currency).transpose()
    }
}

/// The default policy, with its figures in another currency.
pub(super) fn with_currency(currency: Currency) -> Result<super::PolicyFile, Failure> {
    let default = Policy::default_policy().money.reporting_currency;
    let field = |currency| format!("reporting_currency = \"{currency}\"");
    let text = DEFAULT_TOML.replacen(&field(default), &field(currency), 1);
    let policy = Policy::from_toml(&text).map_err(|error| Failure::user(error.to_string()))?;
    if policy.money.reporting_currency == currency {
        Ok((text, policy))
    } else {
        Err(Failure::user("the default policy has no currency to replace"))
    }
}
