pub(super) mod words;

use clap::Args;
use guanxi_projections::alerts::{AlertKind, Severity};
use guanxi_projections::id::{AccountId, Alias};
use guanxi_projections::time::Zone;

use super::failure::Failure;
use super::filter::alias;
use super::output::{self, Output, or_dash};
use super::show::account;
use super::{AskedArgs, Global, progress};
use crate::ledger::{AlertFilter, AlertRow};

/// Say what needs attention, since when and why: the most pressing first, then the oldest.
///
/// Dated alerts (promises, contracts, receivables, changes of stage and of the key list) stand from their date.
/// Alerts on figures that change from day to day are tested at midnight in the ledger's zone: what happens during a
/// day shows in them from the next midnight on.
#[derive(Debug, Args)]
pub(super) struct Alerts {
    #[command(flatten)]
    asked: AskedArgs,
    /// Only about this account; may be given several times.
    #[arg(long, value_parser = account)]
    account: Vec<AccountId>,
    /// Only about accounts that this person answers for.
    #[arg(long, value_name = "ALIAS", value_parser = alias)]
    owner: Option<Alias>,
    /// Only about key accounts.
    #[arg(long)]
    key: bool,
    /// Only those at least this pressing: low, medium or high.
    #[arg(long, value_parser = severity)]
    severity: Option<Severity>,
    /// Only of this kind, such as `promise_overdue`; may be given several times.
    #[arg(long, value_parser = kind)]
    kind: Vec<AlertKind>,
    /// At most so many.
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
}

fn severity(name: &str) -> Result<Severity, String> {
    let names = || Severity::ALL.map(Severity::as_str).join(", ");
    let wanted = |severity: &Severity| severity.as_str() == name;
    Severity::ALL.into_iter().find(wanted).ok_or_else(|| format!("one of {}", names()))
}

fn kind(name: &str) -> Result<AlertKind, String> {
    let names = || AlertKind::ALL.map(AlertKind::as_str).join(", ");
    AlertKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| format!("one of {}", names()))
}

impl Alerts {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let ledger = global.open_for_reading()?;
        let filter = AlertFilter {
            accounts: self.account.clone(),
            owner: self.owner.clone(),
            severity: self.severity,
            kinds: self.kind.clone(),
            key: self.key,
            limit: self.limit,
        };
        let bar = progress::of_things(0);
        let answer = ledger.alerts(&self.asked.asked()?, &filter, |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        })?;
        bar.finish_and_clear();
        if global.output() == Output::Json {
            return output::json(&answer.json);
        }
        let zone = ledger.zone();
        if !answer.alerts.is_empty() {
            table(&answer.alerts, zone)?;
        }
        let as_of = zone.local(answer.coordinates.as_of);
        output::line(&match answer.alerts.len() {
            0 => format!("Nothing needs attention as of {as_of}."),
            1 => format!("\n1 alert as of {as_of}"),
            count => format!("\n{count} alerts as of {as_of}"),
        })
    }
}

fn table(rows: &[AlertRow], zone: Zone) -> Result<(), Failure> {
    output::table(
        &["severity", "since", "owner", "what", "events"],
        rows.iter().map(|row| {
            let alert = &row.alert;
            let earlier = if alert.since_or_earlier { " or earlier" } else { "" };
            vec![
                alert.severity.as_str().to_owned(),
                format!("{}{earlier}", zone.day_of(alert.since)),
                or_dash(row.owner.as_ref()),
                words::sentence(row, zone),
                words::positions(&alert.events),
            ]
        }),
    )
}
