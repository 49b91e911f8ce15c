use clap::Args;
use guanxi_projections::money::{Amount, Currency};
use guanxi_projections::time::Day;
use serde_json::json;

use super::failure::Failure;
use super::output::{self, Output};
use super::{Global, local_actor};

/// Set a rate of exchange, from the beginning of a date on.
///
/// Amounts in other currencies than the policy's reporting currency enter figures by the newest rate whose date
/// began at or before the event; without one they are left out and listed as anomalies.
#[derive(Debug, Args)]
pub(super) struct Rate {
    /// The currency converted, such as USD.
    #[arg(value_parser = Currency::new)]
    from: Currency,
    /// The currency it is converted into, such as CNY.
    #[arg(value_parser = Currency::new)]
    to: Currency,
    /// How much of the second currency one unit of the first is.
    #[arg(value_parser = Amount::new)]
    rate: Amount,
    /// From which date on.
    #[arg(long, value_name = "DATE")]
    date: Day,
}

impl Rate {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_writing("guanxi rate")?;
        let position = ledger.set_rate(&local_actor()?, (self.from, self.to), self.rate, self.date)?;
        let Self { from, to, rate, date } = self;
        match global.output() {
            Output::Json => output::json(&json!({
                "position": position, "from": from, "to": to, "rate": rate, "date": date.to_string(),
            })),
            Output::People => {
                let says = [
                    ("from", from.to_string().into()),
                    ("to", to.to_string().into()),
                    ("rate", rate.to_string().into()),
                    ("date", date.to_string().into()),
                    ("position", position.to_string().into()),
                ];
                output::line(&global.words().say("rate-set", &says))
            }
        }
    }
}
